"""What can be asked of a server, each once: both clients are made of this."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import httpx

from aircargo import (
    Act,
    ActRequest,
    Booking,
    BookingRef,
    BookingRequest,
    Flight,
    ImportReport,
    InvalidInputError,
    Routes,
    Status,
    Tracked,
)
from aircargo import Page as BookingPage
from aircargo._requests import FlightLike, FlightsLike, act_requests, booking_request, flight_id, flight_ids, settled
from aircargo.client import _wire as wire
from aircargo.client._calls import Call, Page, Pages, Parts, Stream
from aircargo.client._files import parts_of
from aircargo.client._types import LoggedEvent

_BOOKINGS = "/api/v1/bookings"
_MOST_ENTRIES = 1000
# A server breaks the silence every 15 s unless it is told otherwise.
_SILENCE = 60.0
_SORTS = {"newest_first": "-created_at", "oldest_first": "created_at", "by_reference": "ref_id"}


# ---------------------------------------------------------------------------------------------------- anything


def request(
    method: str,
    path: str,
    *,
    query: Mapping[str, Any] | None = None,
    json: Mapping[str, Any] | None = None,
    repeatable: bool | None = None,
) -> Call[Any]:
    """Send any request, with the client's login, retries and errors: for what has no method here.

    Parameters
    ----------
    method : str
        Such as ``"GET"``.
    path : str
        Such as ``"/api/v1/webhooks"``.
    query : mapping, optional
        Parameters; those that are None are left out.
    json : mapping, optional
        The body; members that are None are left out.
    repeatable : bool, optional
        Whether it may be sent again when nobody knows what became of it; only a GET unless told.

    Returns
    -------
    object
        The JSON of the answer; None where it has no body.

    Raises
    ------
    AirCargoError
        What the server refuses for.
    """
    again = method.upper() == "GET" if repeatable is None else repeatable
    return Call(method, path, _json_of, query=query or {}, json=json, repeatable=again)


def health() -> Call[dict[str, Any]]:
    """Ask for the state of each part of the server.

    Returns
    -------
    dict
        As ``GET /health/detailed`` has it; ``status`` is healthy or degraded.

    Raises
    ------
    UnavailableError
        If it is not healthy.
    """
    return Call("GET", "/health/detailed", _json_of, signed=False)


# ---------------------------------------------------------------------------------------------------- accounts


def register(name: str, password: str) -> Call[dict[str, Any]]:
    """Make an account.

    Parameters
    ----------
    name : str
        What somebody logs in with.
    password : str
        8 bytes or more.

    Returns
    -------
    dict
        ``name``, ``role``, ``enabled`` and ``created_at``.

    Raises
    ------
    ConflictError
        If the name is taken.
    ForbiddenError
        If the server makes no accounts.
    """
    body = {"name": name, "password": password}
    return Call("POST", "/api/v1/auth/register", _json_of, json=body, signed=False, repeatable=False)


def me() -> Call[dict[str, Any]]:
    """Ask who the server takes the caller for.

    Returns
    -------
    dict
        ``name`` and ``role``.

    Raises
    ------
    UnauthenticatedError
        If it does not know.
    """
    return Call("GET", "/api/v1/auth/me", _json_of)


def log_out(refresh_token: str | None) -> Call[None]:
    """End the session of a refresh token."""
    return Call("POST", "/api/v1/auth/logout", _nothing_of, json={"refresh_token": refresh_token}, signed=False)


# ---------------------------------------------------------------------------------------------------- bookings


def book(
    origin: str,
    destination: str,
    *,
    pieces: int,
    weight_kg: float,
    flights: FlightsLike = (),
    notes: str = "",
    idempotency_key: str | None = None,
) -> Call[Booking]:
    """Book a shipment.

    Parameters
    ----------
    origin, destination : str
        IATA airport codes.
    pieces : int
        Physical units.
    weight_kg : float
        Gross weight in whole kilograms.
    flights : Itinerary or sequence of Flight or int, default ()
        The flights, or their ids, from origin to destination.
    notes : str, default ""
        For people.
    idempotency_key : str, optional
        Sent again with the same key it happens once; each call has one of its own unless given.

    Returns
    -------
    Booking
        The new booking.

    Raises
    ------
    InvalidInputError
        If something is not what it must be.
    NotFoundError
        If there is no such flight.
    """
    asked = BookingRequest(origin, destination, pieces, weight_kg, flight_ids(flights), notes=notes)
    headers = {"Idempotency-Key": idempotency_key or _new_key()}
    return Call("POST", _BOOKINGS, _booking_of, json=_new_booking(asked), headers=headers)


def act(
    ref: str,
    act: Act | str,
    *,
    location: str | None = None,
    flight: FlightLike | None = None,
    off_plan: bool = False,
    notes: str = "",
    if_revision: int | None = None,
    idempotency_key: str | None = None,
) -> Call[Booking]:
    """Do something to a booking; what is left out is taken from its itinerary.

    Parameters
    ----------
    ref : str
        The booking.
    act : Act
        ``"depart"``, ``"arrive"``, ``"deliver"`` or ``"cancel"``.
    location : str, optional
        Where; else where the itinerary says.
    flight : Flight or int, optional
        On which flight; only of depart and arrive.
    off_plan : bool, default False
        Record it although it is not on the itinerary.
    notes : str, default ""
        For people.
    if_revision : int, optional
        Only while the booking is at this revision.
    idempotency_key : str, optional
        Sent again with the same key it happens once; each call has one of its own unless given.

    Returns
    -------
    Booking
        As it is then.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    ConflictError
        If its state does not allow it, or it has another revision.
    """
    return _act(ref, _known_act(act), location, flight, off_plan, notes, if_revision, idempotency_key)


def depart(
    ref: str,
    *,
    location: str | None = None,
    flight: FlightLike | None = None,
    off_plan: bool = False,
    notes: str = "",
    if_revision: int | None = None,
    idempotency_key: str | None = None,
) -> Call[Booking]:
    """Record that a shipment departed.

    Parameters
    ----------
    ref : str
        The booking.
    location : str, optional
        Where; else where the itinerary says.
    flight : Flight or int, optional
        On which flight; else on the itinerary's.
    off_plan : bool, default False
        Record it although it is not on the itinerary.
    notes : str, default ""
        For people.
    if_revision : int, optional
        Only while the booking is at this revision.
    idempotency_key : str, optional
        Sent again with the same key it happens once; each call has one of its own unless given.

    Returns
    -------
    Booking
        As it is then.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    ConflictError
        If it can not depart now, or has another revision.
    """
    return _act(ref, Act.DEPART, location, flight, off_plan, notes, if_revision, idempotency_key)


def arrive(
    ref: str,
    *,
    location: str | None = None,
    flight: FlightLike | None = None,
    off_plan: bool = False,
    notes: str = "",
    if_revision: int | None = None,
    idempotency_key: str | None = None,
) -> Call[Booking]:
    """Record that a shipment arrived, at its destination unless told.

    Parameters
    ----------
    ref : str
        The booking.
    location : str, optional
        Where; else at the destination.
    flight : Flight or int, optional
        On which flight; else on the itinerary's.
    off_plan : bool, default False
        Record it although it is not on the itinerary.
    notes : str, default ""
        For people.
    if_revision : int, optional
        Only while the booking is at this revision.
    idempotency_key : str, optional
        Sent again with the same key it happens once; each call has one of its own unless given.

    Returns
    -------
    Booking
        As it is then.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    ConflictError
        If it can not arrive now, or has another revision.
    """
    return _act(ref, Act.ARRIVE, location, flight, off_plan, notes, if_revision, idempotency_key)


def deliver(
    ref: str,
    *,
    location: str | None = None,
    off_plan: bool = False,
    notes: str = "",
    if_revision: int | None = None,
    idempotency_key: str | None = None,
) -> Call[Booking]:
    """Record that a shipment was delivered.

    Parameters
    ----------
    ref : str
        The booking.
    location : str, optional
        Where; else at the destination.
    off_plan : bool, default False
        Record it although it is not on the itinerary.
    notes : str, default ""
        For people.
    if_revision : int, optional
        Only while the booking is at this revision.
    idempotency_key : str, optional
        Sent again with the same key it happens once; each call has one of its own unless given.

    Returns
    -------
    Booking
        As it is then.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    ConflictError
        If it has not arrived, or has another revision.
    """
    return _act(ref, Act.DELIVER, location, None, off_plan, notes, if_revision, idempotency_key)


def cancel(
    ref: str, *, notes: str = "", if_revision: int | None = None, idempotency_key: str | None = None
) -> Call[Booking]:
    """Cancel a booking.

    Parameters
    ----------
    ref : str
        The booking.
    notes : str, default ""
        For people.
    if_revision : int, optional
        Only while the booking is at this revision.
    idempotency_key : str, optional
        Sent again with the same key it happens once; each call has one of its own unless given.

    Returns
    -------
    Booking
        As it is then.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    ConflictError
        If it has arrived, or has another revision.
    """
    return _act(ref, Act.CANCEL, None, None, False, notes, if_revision, idempotency_key)


def book_many(
    entries: Iterable[BookingRequest | Mapping[str, Any]],
    *,
    return_exceptions: bool = False,
    idempotency_key: str | None = None,
) -> Parts[list[Any]]:
    """Book many shipments, a thousand a request.

    Parameters
    ----------
    entries : iterable of BookingRequest or mapping
        The bookings, or the arguments of `book` by name.
    return_exceptions : bool, default False
        Give the refusals in the places of their entries, instead of raising one for all.
    idempotency_key : str, optional
        For the whole batch; each call has one of its own unless given.

    Returns
    -------
    list of Booking
        One an entry, in the same order.

    Raises
    ------
    BatchError
        If an entry was refused; the others were done.
    """
    requests = [booking_request(entry) for entry in entries]
    return _batch(_BOOKINGS + "/batch", [_new_booking(each) for each in requests], return_exceptions, idempotency_key)


def depart_many(
    refs: Iterable[str], *, return_exceptions: bool = False, idempotency_key: str | None = None, **options: Any
) -> Parts[list[Any]]:
    """Record that many shipments departed.

    Parameters
    ----------
    refs : iterable of str
        The bookings.
    return_exceptions : bool, default False
        Give the refusals in the places of their entries, instead of raising one for all.
    idempotency_key : str, optional
        For the whole batch; each call has one of its own unless given.
    **options
        As for `depart`, the same for all.

    Returns
    -------
    list of Booking
        One an entry, in the same order.

    Raises
    ------
    BatchError
        If an entry was refused; the others were done.
    """
    return _acts(Act.DEPART, refs, options, return_exceptions, idempotency_key)


def arrive_many(
    refs: Iterable[str], *, return_exceptions: bool = False, idempotency_key: str | None = None, **options: Any
) -> Parts[list[Any]]:
    """Record that many shipments arrived.

    Parameters
    ----------
    refs : iterable of str
        The bookings.
    return_exceptions : bool, default False
        Give the refusals in the places of their entries, instead of raising one for all.
    idempotency_key : str, optional
        For the whole batch; each call has one of its own unless given.
    **options
        As for `arrive`, the same for all.

    Returns
    -------
    list of Booking
        One an entry, in the same order.

    Raises
    ------
    BatchError
        If an entry was refused; the others were done.
    """
    return _acts(Act.ARRIVE, refs, options, return_exceptions, idempotency_key)


def deliver_many(
    refs: Iterable[str], *, return_exceptions: bool = False, idempotency_key: str | None = None, **options: Any
) -> Parts[list[Any]]:
    """Record that many shipments were delivered.

    Parameters
    ----------
    refs : iterable of str
        The bookings.
    return_exceptions : bool, default False
        Give the refusals in the places of their entries, instead of raising one for all.
    idempotency_key : str, optional
        For the whole batch; each call has one of its own unless given.
    **options
        As for `deliver`, the same for all.

    Returns
    -------
    list of Booking
        One an entry, in the same order.

    Raises
    ------
    BatchError
        If an entry was refused; the others were done.
    """
    return _acts(Act.DELIVER, refs, options, return_exceptions, idempotency_key)


def cancel_many(
    refs: Iterable[str], *, return_exceptions: bool = False, idempotency_key: str | None = None, **options: Any
) -> Parts[list[Any]]:
    """Cancel many bookings.

    Parameters
    ----------
    refs : iterable of str
        The bookings.
    return_exceptions : bool, default False
        Give the refusals in the places of their entries, instead of raising one for all.
    idempotency_key : str, optional
        For the whole batch; each call has one of its own unless given.
    **options
        As for `cancel`, the same for all.

    Returns
    -------
    list of Booking
        One an entry, in the same order.

    Raises
    ------
    BatchError
        If an entry was refused; the others were done.
    """
    return _acts(Act.CANCEL, refs, options, return_exceptions, idempotency_key)


def get(ref: str) -> Call[Booking]:
    """Look up one booking.

    Parameters
    ----------
    ref : str
        Its reference.

    Returns
    -------
    Booking
        As it is now.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    """
    return Call("GET", f"{_BOOKINGS}/{BookingRef(ref)}", _booking_of)


def track(ref: str) -> Parts[Tracked]:
    """Look up one booking and all that happened to it.

    Parameters
    ----------
    ref : str
        Its reference.

    Returns
    -------
    Tracked
        The booking and its history, oldest first.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    """

    def join(answers: list[Any]) -> Tracked:
        booking, body = answers
        # What happened between the two requests is not part of the booking that was read first.
        return Tracked(booking, [wire.event(each) for each in body["events"][: booking.revision]])

    return Parts([get(ref), Call("GET", f"{_BOOKINGS}/{BookingRef(ref)}/history", _json_of)], join)


def list_page(
    *,
    status: Status | str | None = None,
    origin: str | None = None,
    destination: str | None = None,
    created_from: datetime | None = None,
    created_to: datetime | None = None,
    ref_prefix: str | None = None,
    order: str = "newest_first",
    page_size: int = 50,
    cursor: str = "",
) -> Call[BookingPage]:
    """List bookings, a page at a time.

    Parameters
    ----------
    status : Status, optional
        Only those with this status.
    origin, destination : str, optional
        Only those from there, to there.
    created_from, created_to : datetime.datetime, optional
        Aware: only those created at this instant or later, before this instant.
    ref_prefix : str, optional
        Only those whose reference begins like this; only in the order of references.
    order : {"newest_first", "oldest_first", "by_reference"}
        What comes first.
    page_size : int, default 50
        At most so many, 1 to 1000. A page may be short, though others follow.
    cursor : str, default ""
        `next_cursor` of the page before.

    Returns
    -------
    Page
        The bookings, and where the next page begins.

    Raises
    ------
    InvalidInputError
        If a filter is not what it must be.
    """
    query = _list_query(status, origin, destination, created_from, created_to, ref_prefix, order, page_size)
    return Call("GET", _BOOKINGS, _booking_page_of, query={**query, "cursor": cursor or None})


def bookings(
    *,
    status: Status | str | None = None,
    origin: str | None = None,
    destination: str | None = None,
    created_from: datetime | None = None,
    created_to: datetime | None = None,
    ref_prefix: str | None = None,
    order: str = "newest_first",
    page_size: int = 200,
) -> Pages[Booking]:
    """Go through bookings, which come page by page as they are asked for.

    Parameters
    ----------
    status : Status, optional
        Only those with this status.
    origin, destination : str, optional
        Only those from there, to there.
    created_from, created_to : datetime.datetime, optional
        Aware: only those created at this instant or later, before this instant.
    ref_prefix : str, optional
        Only those whose reference begins like this; only in the order of references.
    order : {"newest_first", "oldest_first", "by_reference"}
        What comes first.
    page_size : int, default 200
        Bookings a request, 1 to 1000.

    Yields
    ------
    Booking
        One after the other.

    Raises
    ------
    InvalidInputError
        If a filter is not what it must be.
    """
    query = _list_query(status, origin, destination, created_from, created_to, ref_prefix, order, page_size)
    return Pages(Call("GET", _BOOKINGS, _page_of(wire.booking), query=query))


# ------------------------------------------------------------------------------------------- routes and flights


def search(
    origin: str,
    destination: str,
    day: date | str,
    *,
    zone: str = "origin",
    max_stops: int = 1,
    limit: int = 50,
    order: str = "arrival",
    via: Sequence[str] = (),
    avoid: Sequence[str] = (),
    airlines: Sequence[str] = (),
    earliest_departure: datetime | None = None,
    latest_arrival: datetime | None = None,
    longest_minutes: int | None = None,
    min_connection_minutes: int = 120,
    through_flights: bool = False,
    collapse_codeshares: bool = False,
    cursor: str | None = None,
) -> Call[Routes]:
    """Find the itineraries of a day.

    Parameters
    ----------
    origin, destination : str
        IATA airport codes.
    day : datetime.date or str
        On which the first flight departs.
    zone : {"origin", "utc"}
        Whose day it is.
    max_stops : int, default 1
        0 to 3.
    limit : int, default 50
        Itineraries of each list, 1 to 1000.
    order : {"arrival", "departure", "duration"}
        What comes first.
    via, avoid : sequence of str, default ()
        One of the stops is among these; none is.
    airlines : sequence of str, default ()
        Designators such as ``"AI"`` that every flight is of.
    earliest_departure, latest_arrival : datetime.datetime, optional
        Aware.
    longest_minutes : int, optional
        From first departure to last arrival.
    min_connection_minutes : int, default 120
        On the ground at each stop.
    through_flights : bool, default False
        A flight number that flies on keeps its cargo aboard and counts as direct.
    collapse_codeshares : bool, default False
        Of flights that leave and land together only the first by number.
    cursor : str, optional
        `next_cursor` of an answer in the same order.

    Returns
    -------
    Routes
        A sequence of `Itinerary`, the best first.

    Raises
    ------
    InvalidInputError
        If something is not what it must be.
    """
    body = {
        "origin": origin,
        "destination": destination,
        "departure_date": wire.written_day(day),
        "zone": zone,
        "max_stops": max_stops,
        "limit": limit,
        "order": order,
        "via": [*via],
        "avoid": [*avoid],
        "airlines": [*airlines],
        "earliest_departure": wire.written_time(earliest_departure),
        "latest_arrival": wire.written_time(latest_arrival),
        "longest_minutes": longest_minutes,
        "min_connection_minutes": min_connection_minutes,
        "through_flights": through_flights,
        "collapse_codeshares": collapse_codeshares,
        "cursor": cursor,
    }
    return Call("POST", "/api/v1/routes/search", lambda answer: wire.routes(answer.json(), order), json=body)


def get_flight(id: int) -> Call[Flight]:
    """Look up one flight as it is stored.

    Parameters
    ----------
    id : int
        Its number.

    Returns
    -------
    Flight
        The flight.

    Raises
    ------
    NotFoundError
        If there is no such flight.
    """
    return Call("GET", f"/api/v1/flights/{int(id)}", lambda answer: wire.flight(answer.json()))


def list_flights(
    *,
    origin: str | None = None,
    destination: str | None = None,
    flight_number: str | None = None,
    day: date | str | None = None,
    zone: str | None = None,
    departure_from: datetime | None = None,
    departure_until: datetime | None = None,
    page_size: int = 200,
) -> Pages[Flight]:
    """Go through flights by departure, page by page as they are asked for.

    Parameters
    ----------
    origin, destination : str, optional
        Only those from there, to there.
    flight_number : str, optional
        Only those with this number.
    day : datetime.date or str, optional
        Only those that depart on this day.
    zone : {"origin", "utc"}, optional
        Whose day it is: the origin's unless told.
    departure_from, departure_until : datetime.datetime, optional
        Aware: only those that depart at this instant or later, before this instant.
    page_size : int, default 200
        Flights a request, 1 to 1000.

    Yields
    ------
    Flight
        One after the other.

    Raises
    ------
    InvalidInputError
        If a filter is not what it must be.
    """
    query = {
        "origin": origin,
        "destination": destination,
        "flight_number": flight_number,
        "departure_date": None if day is None else wire.written_day(day),
        "zone": zone,
        "departure_from": wire.written_time(departure_from),
        "departure_to": wire.written_time(departure_until),
        "page_size": page_size,
    }
    return Pages(Call("GET", "/api/v1/flights", _page_of(wire.flight), query=query))


def import_csv(
    path: str | os.PathLike[str], *, strict: bool = False, progress: Callable[[int], None] | None = None
) -> Parts[ImportReport]:
    """Import flights from a CSV file, plain or gzip; a large one goes in parts of 1 MB.

    Sent again it changes nothing, so an import that broke off is simply begun anew.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    strict : bool, default False
        Import nothing when a line is bad. Of the whole file, so only where it fits into one part.
    progress : callable, optional
        Is told how many lines were read so far.

    Returns
    -------
    ImportReport
        What became of the lines.

    Raises
    ------
    InvalidInputError
        If the file can not be read as flights, or, when `strict`, if a line is bad.
    ForbiddenError
        If the account is not an administrator's.
    """
    if strict and len([*_first_two(path)]) > 1:
        raise InvalidInputError(
            "a file of more than 1 MB can not be imported all or nothing over HTTP: use aircargo-server import-flights",
            "content_too_large",
        )
    return Parts(_import_calls(path, strict), _sum_of, _teller(progress))


# ----------------------------------------------------------------------------------------------------- events


def events(
    *,
    status: Status | str | None = None,
    origin: str | None = None,
    destination: str | None = None,
    after: str | None = None,
    silence: float = _SILENCE,
) -> Stream[LoggedEvent]:
    """Follow what happens to all bookings, from now on and without an end.

    A connection that breaks is made again behind the last event, so nothing is missed and nothing comes twice.

    Parameters
    ----------
    status : Status, optional
        Only events after which the booking has this status.
    origin, destination : str, optional
        Only of bookings from there, to there.
    after : str, optional
        The `id` of the last event that was seen: go on behind it, however long ago that was.
    silence : float, default 60
        Seconds without any sign of life after which the connection is made again.

    Yields
    ------
    LoggedEvent
        One after the other.

    Raises
    ------
    UnavailableError
        If the server can not be reached for longer than the client's retries go on.
    """
    query = {"status": status, "origin": origin, "destination": destination}
    return _stream("/api/v1/events", query, after, silence)


def events_of(ref: str, *, after: str | None = None, silence: float = _SILENCE) -> Stream[LoggedEvent]:
    """Follow what happens to one booking, from its beginning on and without an end.

    Parameters
    ----------
    ref : str
        The booking.
    after : str, optional
        The `id` of the last event that was seen: go on behind it.
    silence : float, default 60
        Seconds without any sign of life after which the connection is made again.

    Yields
    ------
    LoggedEvent
        One after the other.

    Raises
    ------
    NotFoundError
        If there is no such booking.
    UnavailableError
        If the server can not be reached for longer than the client's retries go on.
    """
    return _stream(f"{_BOOKINGS}/{BookingRef(ref)}/events", {}, after, silence)


# ------------------------------------------------------------------------------------------ what they are made of


def _new_key() -> str:
    return str(uuid.uuid4())


def _json_of(answer: httpx.Response) -> Any:
    return answer.json() if answer.content else None


def _nothing_of(answer: httpx.Response) -> None:
    return None


def _booking_of(answer: httpx.Response) -> Booking:
    return wire.booking(answer.json())


def _page_of(read: Callable[[dict[str, Any]], Any]) -> Callable[[httpx.Response], Page[Any]]:
    def page(answer: httpx.Response) -> Page[Any]:
        body = answer.json()
        return Page([read(each) for each in body["items"]], body["next_cursor"])

    return page


def _booking_page_of(answer: httpx.Response) -> BookingPage:
    body = answer.json()
    items = [wire.booking(each) for each in body["items"]]
    return BookingPage(items, body["total"], body["total_exact"], body["next_cursor"] or "")


def _list_query(
    status: Status | str | None,
    origin: str | None,
    destination: str | None,
    created_from: datetime | None,
    created_to: datetime | None,
    ref_prefix: str | None,
    order: str,
    page_size: int,
) -> dict[str, Any]:
    if order not in _SORTS:
        raise InvalidInputError(f"{order!r} is not an order: {', '.join(_SORTS)}", "invalid_request")
    return {
        "status": status,
        "origin": origin,
        "destination": destination,
        "created_from": wire.written_time(created_from),
        "created_to": wire.written_time(created_to),
        "ref_prefix": ref_prefix,
        "sort": _SORTS[order],
        "page_size": page_size,
    }


def _new_booking(asked: BookingRequest) -> dict[str, Any]:
    return {
        "origin": asked.origin,
        "destination": asked.destination,
        "pieces": asked.pieces,
        "weight_kg": wire.written_weight(asked.weight_kg),
        "flight_ids": [*asked.flights] or None,
        "notes": asked.notes or None,
    }


def _act(
    ref: str,
    act: Act,
    location: str | None,
    flight: FlightLike | None,
    off_plan: bool,
    notes: str,
    if_revision: int | None,
    idempotency_key: str | None,
) -> Call[Booking]:
    body: dict[str, Any] = {
        "location": location,
        "flight_id": None if flight is None else flight_id(flight),
        "off_plan": off_plan or None,
        "notes": notes or None,
    }
    headers = {"Idempotency-Key": idempotency_key or _new_key()}
    if if_revision is not None:
        headers["If-Match"] = f'"{if_revision}"'
    path = f"{_BOOKINGS}/{BookingRef(ref)}"
    if act is Act.CANCEL:
        return Call("DELETE", path, _booking_of, json=body, headers=headers)
    return Call("POST", f"{path}/{act}", _booking_of, json=body, headers=headers)


def _known_act(act: Act | str) -> Act:
    try:
        return Act(act)
    except ValueError:
        raise InvalidInputError(f"{act!r} is not an act: {', '.join(Act)}", "invalid_request") from None


def _acts(
    act: Act, refs: Iterable[str], options: Mapping[str, Any], return_exceptions: bool, key: str | None
) -> Parts[Any]:
    requests = act_requests(act, refs, options)
    return _batch(_BOOKINGS + "/batch/status", [_change(each) for each in requests], return_exceptions, key)


def _change(asked: ActRequest) -> dict[str, Any]:
    members = {
        "ref_id": asked.ref,
        "act": asked.act,
        "if_revision": asked.if_revision,
        "location": asked.location,
        "flight_id": asked.flight,
        "off_plan": asked.off_plan or None,
        "notes": asked.notes or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def _batch(path: str, entries: Sequence[dict[str, Any]], return_exceptions: bool, key: str | None) -> Parts[Any]:
    name = key or _new_key()

    def calls() -> Iterator[Call[Any]]:
        for nth, first in enumerate(range(0, len(entries), _MOST_ENTRIES)):
            part = [_without_none(each) for each in entries[first : first + _MOST_ENTRIES]]
            headers = {"Idempotency-Key": f"{name}.{nth}"}
            yield Call("POST", path, _results_of, json={"entries": part}, headers=headers, again=_can_go_on)

    def join(answers: Sequence[Sequence[Any]]) -> Any:
        return settled([result for answer in answers for result in answer], return_exceptions)

    return Parts(calls(), join)


def _without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _results_of(answer: httpx.Response) -> Any:
    return [
        wire.booking(each["booking"]) if "booking" in each else wire.refusal(each["status"], each["problem"])
        for each in answer.json()["results"]
    ]


def _can_go_on(answer: httpx.Response) -> bool:
    """Whether an entry was refused only for now. Sent again under the same key, the others are not done twice."""
    return any(each["status"] == 503 for each in answer.json()["results"])


def _first_two(path: str | os.PathLike[str]) -> Iterator[Any]:
    parts = parts_of(path)
    for _, part in zip(range(2), parts):
        yield part


def _import_calls(path: str | os.PathLike[str], strict: bool) -> Iterator[Call[ImportReport]]:
    query = {"strict": "true"} if strict else {}
    for part in parts_of(path):

        def read(answer: httpx.Response, before: int = part.lines_before) -> ImportReport:
            report = wire.import_report(answer.json())
            bad = [(line + before, reason) for line, reason in report.bad_lines]
            return ImportReport(report.lines, report.imported, report.bad, bad)

        headers = {"Content-Type": "text/csv"}
        yield Call("POST", "/api/v1/flights/import", read, query=query, content=part.text, headers=headers)


def _sum_of(reports: Sequence[ImportReport]) -> ImportReport:
    return ImportReport(
        sum(report.lines for report in reports),
        sum(report.imported for report in reports),
        sum(report.bad for report in reports),
        [bad for report in reports for bad in report.bad_lines],
    )


def _teller(progress: Callable[[int], None] | None) -> Callable[[ImportReport], None] | None:
    if progress is None:
        return None
    lines = 0

    def tell(report: ImportReport) -> None:
        nonlocal lines
        lines += report.lines
        progress(lines)

    return tell


def _stream(path: str, query: Mapping[str, Any], after: str | None, silence: float) -> Stream[LoggedEvent]:
    call: Call[httpx.Response] = Call(
        "GET",
        path,
        lambda answer: answer,
        query=query,
        headers={"Accept": "text/event-stream"},
        stream=True,
        read_timeout=silence,
    )
    return Stream(call, lambda id, text: wire.logged_event(id, json.loads(text)), after)
