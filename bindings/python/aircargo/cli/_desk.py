"""Where commands are carried out: a store or a server, alike."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from aircargo import Cargo, ImportReport, InvalidInputError, Routes, Schedule
from aircargo import open as open_cargo

if TYPE_CHECKING:
    from aircargo.client import Client

__all__ = ["Desk", "desk_for"]


class Desk:
    """A store or a server. Use it in a `with`."""

    def __init__(self, at: Cargo | Client) -> None:
        self.at = at

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.at.close()

    def search(self, origin: str, destination: str, day: str, **options: Any) -> Routes:
        """Routes of a day. A store's flights are arranged for it first: those of the days that it may take."""
        if not isinstance(self.at, Cargo):
            return self.at.routes.search(origin, destination, day, **options)
        flights = self.at.flights.list(*_days_around(day, options["max_stops"]))
        return Schedule(flights).search(origin, destination, day, **options)

    def import_csv(self, path: str, strict: bool, progress: Callable[[int], None]) -> ImportReport:
        return self.at.flights.import_csv(path, strict=strict, progress=progress)


def desk_for(arguments: Namespace) -> Desk:
    """What the arguments name, or else the environment."""
    store, server = arguments.store, arguments.server
    if store is None and server is None:
        store, server = os.environ.get("AIRCARGO_STORE"), os.environ.get("AIRCARGO_URL")
        if store and server:
            raise InvalidInputError(
                "AIRCARGO_STORE and AIRCARGO_URL are both set: say --store or --server", "invalid_request"
            )
    if store:
        return Desk(open_cargo(store))
    if server:
        return Desk(_client(server))
    raise InvalidInputError(
        "where? Say --store URL or --server URL, or set AIRCARGO_STORE or AIRCARGO_URL", "invalid_request"
    )


def _client(url: str) -> Client:
    from aircargo.client import Client  # only here is httpx needed

    if not url.startswith(("http://", "https://")):
        raise InvalidInputError(f"{url} is not the URL of a server, such as http://127.0.0.1:8080", "invalid_request")
    if key := os.environ.get("AIRCARGO_API_KEY"):
        return Client(url, api_key=key)
    if token := os.environ.get("AIRCARGO_TOKEN"):
        return Client(url, token=token)
    if name := os.environ.get("AIRCARGO_NAME"):
        return Client(url, name=name, password=os.environ.get("AIRCARGO_PASSWORD", ""))
    return Client(url)


def _days_around(day: str, max_stops: int) -> tuple[datetime, datetime]:
    """From before the day began anywhere until after the last flight of a journey departs: the end of the day after."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        raise InvalidInputError(f"'{day}' is not a date such as 2026-12-01", "invalid_time") from None
    midnight = datetime(asked.year, asked.month, asked.day, tzinfo=timezone.utc)
    return midnight - timedelta(days=1), midnight + timedelta(days=3)
