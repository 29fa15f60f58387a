"""What each command does."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from aircargo import NotFoundError
from aircargo._values import Act
from aircargo.cli._desk import Desk, desk_for
from aircargo.cli._output import Progress, count_lines, show

__all__ = ["run"]

_SEARCH_OPTIONS = (
    "zone",
    "max_stops",
    "limit",
    "order",
    "via",
    "avoid",
    "airlines",
    "earliest_departure",
    "latest_arrival",
    "longest_minutes",
    "min_connection_minutes",
)
_ACT_OPTIONS = ("location", "flight", "off_plan", "notes", "if_revision")


def run(arguments: Namespace) -> int:
    """Carry out a command that was parsed. Returns the exit status."""
    with desk_for(arguments) as desk:
        return _COMMANDS[arguments.command](desk, arguments)


def _search(desk: Desk, given: Namespace) -> int:
    options = {name: getattr(given, name) for name in _SEARCH_OPTIONS}
    routes = desk.search(given.origin, given.destination, given.day, **options)
    if not given.json and not len(routes):
        print(f"aircargo: {routes}", file=sys.stderr)
    else:
        show(routes, given.json)
    return 0 if len(routes) else 3


def _book(desk: Desk, given: Namespace) -> int:
    booking = desk.at.book(
        given.origin,
        given.destination,
        pieces=given.pieces,
        weight_kg=given.weight_kg,
        flights=given.flights,
        notes=given.notes,
        idempotency_key=given.idempotency_key,
    )
    show(booking, given.json)
    return 0


def _track(desk: Desk, given: Namespace) -> int:
    show(desk.at.track(given.ref), given.json)
    return 0


def _act(desk: Desk, given: Namespace) -> int:
    options: dict[str, Any] = {name: getattr(given, name) for name in _ACT_OPTIONS if hasattr(given, name)}
    show(desk.at.act(given.ref, given.command, **options), given.json)
    return 0


def _list(desk: Desk, given: Namespace) -> int:
    filters = {name: getattr(given, name) for name in ("status", "origin", "destination", "page_size")}
    show(desk.at.list(**filters).items, given.json)
    return 0


def _import(desk: Desk, given: Namespace) -> int:
    if not os.path.isfile(given.file):
        raise NotFoundError(f"there is no file {given.file}", "not_found")
    progress = Progress(count_lines(given.file))
    try:
        report = desk.import_csv(given.file, given.strict, progress)
    finally:
        progress.end()
    show(report, given.json)
    return 2 if given.strict and report.bad else 0


_COMMANDS: dict[str, Callable[[Desk, Namespace], int]] = {
    "search": _search,
    "book": _book,
    "track": _track,
    "list": _list,
    "import": _import,
    **{act.value: _act for act in Act},
}
