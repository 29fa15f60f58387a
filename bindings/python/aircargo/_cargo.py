"""The services: book, move and track shipments, store flights."""

from __future__ import annotations

import atexit
import builtins
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

from aircargo import _core
from aircargo._core import ActRequest, Booking, BookingRequest, Flight, ImportReport, ListQuery, Page, Tracked
from aircargo._ports_of_urls import cache_of, locks_of, stores_of
from aircargo._requests import FlightLike, FlightsLike, act_requests, booking_request, flight_ids, only, settled
from aircargo._values import Act, Status
from aircargo.routing import Routes, Schedule

__all__ = ["Cargo", "Flights", "RouteService", "open"]

_open_ones: weakref.WeakSet[Cargo] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    # The library's threads must be gone before the interpreter is: they may be about to ask for its lock.
    for cargo in list(_open_ones):
        cargo.close()


def open(  # noqa: A001 - aircargo.open, as gzip.open and others
    store: Any = "memory:", *, flights: Any = None, cache: Any = None, lock: Any = None
) -> Cargo:
    """Open the services over a store.

    Parameters
    ----------
    store : str, os.PathLike or BookingStore, default "memory:"
        ``"sqlite:///cargo.db"`` (four slashes for a path from the root), ``"memory:"``,
        ``"postgresql://USER@HOST/DATABASE"``, the path of an SQLite file, or an object with the methods of
        `aircargo.ports.BookingStore`.
    flights : FlightStore, optional
        Where flights are, if not in the same store; an object with the methods of `aircargo.ports.FlightStore`.
        Beside a store of your own they are in memory unless you say where.
    cache : str or Cache, optional
        ``"memory:"`` (only when this process alone uses the store), ``"redis://HOST"``, or an object with the methods
        of `aircargo.ports.Cache`. None keeps nothing.
    lock : str, list of str or LockManager, optional
        ``"memory:"`` (the default: among the threads of this process), ``"redis://HOST"`` or a list of those,
        ``"postgresql://USER@HOST/DATABASE"``, ``"off"``, or an object with the methods of `aircargo.ports.LockManager`.
        Locks save work; what keeps bookings right is the revision that each change names.

    Returns
    -------
    Cargo
        To be closed, or used in a ``with`` statement.

    Raises
    ------
    InvalidInputError
        If a URL is not one of these.
    MissingBackendError
        If this build of aircargo is without PostgreSQL or Redis.
    UnavailableError
        If the store can not be opened.

    Examples
    --------
    >>> with open("memory:") as cargo:
    ...     booking = cargo.book("DEL", "BLR", pieces=3, weight_kg=120)
    ...     cargo.depart(booking.ref).status
    <Status.DEPARTED: 'DEPARTED'>
    """
    bookings, of_flights = stores_of(store, flights)
    return Cargo(bookings, of_flights, cache_of(cache), locks_of(lock))


class Flights:
    """The stored flights of a `Cargo`; reached as ``cargo.flights``.

    Parameters
    ----------
    core : object
        What carries them; made by `open`.
    """

    def __init__(self, core: _core.Cargo) -> None:
        self._core = core

    def upsert(self, flights: Iterable[Flight]) -> list[Flight]:
        """Store flights, in one transaction.

        A flight that is new by number, ends and departure gets an id; a known one keeps its own and takes the new
        arrival and airline.

        Parameters
        ----------
        flights : iterable of Flight

        Returns
        -------
        list of Flight
            As stored, with ids, in the same order.

        Raises
        ------
        UnavailableError
            If the store can not be reached.
        """
        return self._core.upsert_flights(list(flights))

    def get(self, id: int) -> Flight:  # noqa: A002
        """Look up one flight.

        Parameters
        ----------
        id : int

        Returns
        -------
        Flight

        Raises
        ------
        NotFoundError
            If there is no such flight.
        """
        flight: Flight = only(self._core.find_flights([id]))
        return flight

    def list(
        self, departure_from: datetime | None = None, departure_until: datetime | None = None
    ) -> builtins.list[Flight]:
        """List flights by departure.

        Parameters
        ----------
        departure_from : datetime.datetime, optional
            Aware; departures at this instant or later.
        departure_until : datetime.datetime, optional
            Aware; departures before this instant.

        Returns
        -------
        list of Flight

        Raises
        ------
        InvalidInputError
            If a time is naive.
        """
        return self._core.load_flights(departure_from, departure_until)

    @property
    def version(self) -> int:
        """Moves whenever the stored flights change, and never comes back to an old value."""
        return self._core.flights_version()

    def import_csv(
        self, path: str | os.PathLike[str], *, strict: bool = False, progress: Callable[[int], object] | None = None
    ) -> ImportReport:
        """Store the flights of a CSV file.

        Parameters
        ----------
        path : str or os.PathLike
            Plain or gzip, UTF-8. Its header names, in any order: ``flight_number``, ``airline_name``, ``origin``,
            ``destination``, ``departure_datetime``, ``arrival_datetime``; times as RFC 3339.
        strict : bool, default False
            Store nothing when any line is bad.
        progress : callable, optional
            Called now and then with the number of lines that were read so far. What it raises ends the import; what
            was stored by then stays, and importing the file again does no harm.

        Returns
        -------
        ImportReport

        Raises
        ------
        NotFoundError
            If there is no such file.
        InvalidInputError
            If it is no such file: unreadable, damaged, or a column is missing.
        """
        return self._core.import_flights(os.fspath(path), strict, progress)


class RouteService:
    """Route searches over the stored flights of a `Cargo`; reached as ``cargo.routes``.

    Parameters
    ----------
    core : object
        What carries them; made by `open`.
    """

    def __init__(self, core: _core.Cargo) -> None:
        self._core = core
        self._mutex = threading.Lock()
        self._kept: tuple[int, Schedule] | None = None  # with the version that it is of

    def schedule(self) -> Schedule:
        """Arrange the stored flights for search.

        Returns
        -------
        Schedule
            The same one until the stored flights change; then they are read and arranged again.

        Raises
        ------
        UnavailableError
            If the store can not be reached.
        """
        version = self._core.flights_version()
        with self._mutex:
            if self._kept is None or self._kept[0] != version:
                # Flights that come in from here on are of a later version, so they are not missed.
                self._kept = version, Schedule(self._core.load_flights(None, None))
            return self._kept[1]

    def search(self, origin: str, destination: str, day: date | str, **options: Any) -> Routes:
        """Find routes through the stored flights.

        Parameters
        ----------
        origin, destination : str
            IATA airport codes.
        day : datetime.date or str
            Of the first departure, at the origin airport unless an option says otherwise.
        **options
            As `Schedule.search` takes them.

        Returns
        -------
        Routes
            A sequence of `Itinerary`, the best first, each of which `Cargo.book` takes as flights.

        Raises
        ------
        InvalidInputError
            If something is not what it must be.

        Examples
        --------
        >>> len(cargo.routes.search("DEL", "BLR", "2026-12-01"))
        0
        """
        return self.schedule().search(origin, destination, day, **options)


class Cargo:
    """Books, moves and tracks shipments over a store. Made by `open`.

    Safe from any number of threads, which share batches: while one batch is on its way to the store, what other
    threads ask for gathers for the next.

    Parameters
    ----------
    bookings, flights, cache, locks : object
        One backend for each port, of the library or with the methods of the classes in `aircargo.ports`.

    Attributes
    ----------
    flights : Flights
    routes : RouteService
    """

    flights: Flights
    routes: RouteService

    def __init__(self, bookings: Any, flights: Any, cache: Any, locks: Any) -> None:
        self._core = _core.Cargo(bookings, flights, cache, locks)
        self.flights = Flights(self._core)
        self.routes = RouteService(self._core)
        _open_ones.add(self)

    def __enter__(self) -> Self:
        """Nothing more than the object itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        return f"<aircargo.Cargo {'closed' if self.closed else 'open'}>"

    def close(self) -> None:
        """Wait for calls that are under way, then join all threads. Closing twice does no harm."""
        self._core.close()

    @property
    def closed(self) -> bool:
        """Whether it was closed; then all calls raise UnavailableError."""
        return self._core.closed

    # ------------------------------------------------------------------------------------------------------- one

    def book(
        self,
        origin: str,
        destination: str,
        *,
        pieces: int,
        weight_kg: float,
        flights: FlightsLike = (),
        notes: str = "",
        actor: str = "",
        request_id: str = "",
        idempotency_key: str | None = None,
    ) -> Booking:
        """Book a shipment.

        Parameters
        ----------
        origin, destination : str
            IATA airport codes, different ones.
        pieces : int
            Physical units, 1 to 100,000.
        weight_kg : int or float
            Gross weight in kilograms, to the gram; more than 0 and at most 1,000,000.
        flights : Itinerary or iterable of Flight or int, default ()
            Stored flights that lead from origin to destination, or their ids; none when no route is chosen yet.
        notes, actor, request_id : str, default ""
            For the record; notes have at most 2,000 bytes as UTF-8.
        idempotency_key : str, optional
            The same key with the same request books once within 48 hours, and answers the same each time.

        Returns
        -------
        Booking
            With the reference that it was given.

        Raises
        ------
        InvalidInputError
            If the terms are not sound, or a flight does not exist or does not fit.
        UnavailableError
            If the store can not be reached.

        Examples
        --------
        >>> booking = cargo.book("DEL", "BLR", pieces=3, weight_kg=120)
        >>> booking.status, booking.weight_kg
        (<Status.BOOKED: 'BOOKED'>, 120)
        """
        request = BookingRequest(
            origin, destination, pieces, weight_kg, flight_ids(flights), notes, actor, request_id, idempotency_key
        )
        return self._core.write(request)

    def depart(self, ref: str, **options: Any) -> Booking:
        """Record that a shipment departed.

        Parameters
        ----------
        ref : str
            The booking.
        **options
            As `act` takes them.

        Returns
        -------
        Booking
            After the act.

        Raises
        ------
        NotFoundError, ConflictError, InvalidInputError, UnavailableError
            As `act` does.
        """
        return self.act(ref, Act.DEPART, **options)

    def arrive(self, ref: str, **options: Any) -> Booking:
        """Record that a shipment arrived: at its destination unless a location or a flight says otherwise.

        Parameters
        ----------
        ref : str
            The booking.
        **options
            As `act` takes them.

        Returns
        -------
        Booking
            After the act.

        Raises
        ------
        NotFoundError, ConflictError, InvalidInputError, UnavailableError
            As `act` does.
        """
        return self.act(ref, Act.ARRIVE, **options)

    def deliver(self, ref: str, **options: Any) -> Booking:
        """Record that a shipment was delivered.

        Parameters
        ----------
        ref : str
            The booking.
        **options
            As `act` takes them, but for a flight.

        Returns
        -------
        Booking
            After the act.

        Raises
        ------
        NotFoundError, ConflictError, InvalidInputError, UnavailableError
            As `act` does.
        """
        return self.act(ref, Act.DELIVER, **options)

    def cancel(self, ref: str, **options: Any) -> Booking:
        """Cancel a shipment that has not arrived yet.

        Parameters
        ----------
        ref : str
            The booking.
        **options
            As `act` takes them, but for a flight.

        Returns
        -------
        Booking
            After the act.

        Raises
        ------
        NotFoundError, ConflictError, InvalidInputError, UnavailableError
            As `act` does.
        """
        return self.act(ref, Act.CANCEL, **options)

    def act(
        self,
        ref: str,
        act: Act | str,
        *,
        location: str | None = None,
        flight: FlightLike | None = None,
        off_plan: bool = False,
        if_revision: int | None = None,
        notes: str = "",
        actor: str = "",
        request_id: str = "",
        idempotency_key: str | None = None,
    ) -> Booking:
        """Do something to a booking; what is left out is taken from its itinerary.

        Parameters
        ----------
        ref : str
            The booking.
        act : Act
            ``"depart"``, ``"arrive"``, ``"deliver"`` or ``"cancel"``.
        location : str, optional
            IATA code of the airport where it happens.
        flight : Flight or int, optional
            A stored flight, or its id; only of depart and arrive.
        off_plan : bool, default False
            Record the fact although it is not on the itinerary.
        if_revision : int, optional
            Act only while the booking has this revision.
        notes, actor, request_id : str, default ""
            For the record; notes have at most 2,000 bytes as UTF-8.
        idempotency_key : str, optional
            The same key with the same request acts once within 48 hours, and answers the same each time.

        Returns
        -------
        Booking
            After the act.

        Raises
        ------
        NotFoundError
            If there is no such booking.
        ConflictError
            If the booking's state does not allow it (``illegal_transition``), the fact is not on its itinerary
            (``off_plan``), it has another revision (``precondition_failed``), or someone else is at work on it.
        InvalidInputError
            If something is not what it must be.
        UnavailableError
            If the store can not be reached.
        """
        number = None if flight is None else flight_ids([flight])[0]
        request = ActRequest(
            ref, act, location, number, off_plan, if_revision, notes, actor, request_id, idempotency_key
        )
        return self._core.write(request)

    def get(self, ref: str) -> Booking:
        """Look up one booking.

        Parameters
        ----------
        ref : str

        Returns
        -------
        Booking

        Raises
        ------
        NotFoundError
            If there is no such booking.
        """
        booking: Booking = only(self._core.find([ref]))
        return booking

    def track(self, ref: str) -> Tracked:
        """Look up one booking and all that happened to it.

        Parameters
        ----------
        ref : str

        Returns
        -------
        Tracked
            The booking and its history, which belong together: the last event made the booking's revision.

        Raises
        ------
        NotFoundError
            If there is no such booking.

        Examples
        --------
        >>> found = cargo.track(cargo.book("FRA", "JFK", pieces=1, weight_kg=40).ref)
        >>> [str(event.type) for event in found.history]
        ['BOOKED']
        """
        found: Tracked = only(self._core.track([ref]))
        return found

    def list(
        self,
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
        count_up_to: int = 10_000,
    ) -> Page:
        """List bookings, a page at a time.

        Parameters
        ----------
        status : Status, optional
            Only those with this status.
        origin, destination : str, optional
            Only those from and to these airports.
        created_from, created_to : datetime.datetime, optional
            Aware; only those created at this instant or later, and before this instant.
        ref_prefix : str, optional
            Only those whose reference begins with it, such as ``"ACB12"``; needs the order of references.
        order : {"newest_first", "oldest_first", "by_reference"}
        page_size : int, default 50
            1 to 1000.
        cursor : str, default ""
            `next_cursor` of the page before.
        count_up_to : int, default 10000
            So many matches are counted at most; 0 where nobody looks.

        Returns
        -------
        Page
            Iterates over its bookings; its `next_cursor` is empty on the last page.

        Raises
        ------
        InvalidInputError
            If something is not what it must be, or the cursor is of another order.
        """
        return self._core.list(
            ListQuery(
                status,
                origin,
                destination,
                created_from,
                created_to,
                ref_prefix,
                order,
                page_size,
                cursor,
                count_up_to,
            )
        )

    # ------------------------------------------------------------------------------------------------------ many

    def book_many(
        self, requests: Iterable[BookingRequest | Mapping[str, Any]], *, return_exceptions: bool = False
    ) -> builtins.list[Any]:
        """Book many shipments as one batch: in one transaction, or in several of 8,192 when they are more.

        Parameters
        ----------
        requests : iterable of BookingRequest or mapping
            Mappings hold what `BookingRequest` takes.
        return_exceptions : bool, default False
            Put the exceptions of refused entries into the list. Entries stand or fall alone.

        Returns
        -------
        list of Booking
            One entry each, in order; with `return_exceptions` an `AirCargoError` where it was refused.

        Raises
        ------
        BatchError
            If an entry was refused; `results` of it has what became of each.

        Examples
        --------
        >>> wanted = [{"origin": "DEL", "destination": "BLR", "pieces": n, "weight_kg": 10 * n} for n in (1, 2)]
        >>> [booking.weight_kg for booking in cargo.book_many(wanted)]
        [10, 20]
        """
        return self.write_many(map(booking_request, requests), return_exceptions=return_exceptions)

    def depart_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Record that many shipments departed, as one batch.

        Parameters
        ----------
        refs : iterable of str
            The bookings.
        return_exceptions : bool, default False
            Put the exceptions of refused entries into the list.
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
            One entry each, in order.

        Raises
        ------
        BatchError
            If an entry was refused; `results` of it has what became of each.
        """
        return self._act_many(Act.DEPART, refs, return_exceptions, options)

    def arrive_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Record that many shipments arrived, as one batch.

        Parameters
        ----------
        refs : iterable of str
            The bookings.
        return_exceptions : bool, default False
            Put the exceptions of refused entries into the list.
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
            One entry each, in order.

        Raises
        ------
        BatchError
            If an entry was refused; `results` of it has what became of each.
        """
        return self._act_many(Act.ARRIVE, refs, return_exceptions, options)

    def deliver_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Record that many shipments were delivered, as one batch.

        Parameters
        ----------
        refs : iterable of str
            The bookings.
        return_exceptions : bool, default False
            Put the exceptions of refused entries into the list.
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
            One entry each, in order.

        Raises
        ------
        BatchError
            If an entry was refused; `results` of it has what became of each.
        """
        return self._act_many(Act.DELIVER, refs, return_exceptions, options)

    def cancel_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Cancel many shipments, as one batch.

        Parameters
        ----------
        refs : iterable of str
            The bookings.
        return_exceptions : bool, default False
            Put the exceptions of refused entries into the list.
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
            One entry each, in order.

        Raises
        ------
        BatchError
            If an entry was refused; `results` of it has what became of each.
        """
        return self._act_many(Act.CANCEL, refs, return_exceptions, options)

    def _act_many(
        self, act: Act, refs: Iterable[str], return_exceptions: bool, options: Mapping[str, Any]
    ) -> builtins.list[Any]:
        return self.write_many(act_requests(act, refs, options), return_exceptions=return_exceptions)

    def write_many(
        self, requests: Iterable[BookingRequest | ActRequest], *, return_exceptions: bool = False
    ) -> builtins.list[Any]:
        """Do many changes of all kinds as one batch.

        Parameters
        ----------
        requests : iterable of BookingRequest or ActRequest
            Those of one booking happen in the order in which they stand, in as many transactions.
        return_exceptions : bool, default False
            Put the exceptions of refused entries into the list.

        Returns
        -------
        list of Booking
            One entry each, in order.

        Raises
        ------
        BatchError
            If an entry was refused; `results` of it has what became of each.
        """
        return settled(self._core.write_many([*requests]), return_exceptions)

    def get_many(self, refs: Sequence[str], *, return_exceptions: bool = False) -> builtins.list[Any]:
        """Look up many bookings in one round trip.

        Parameters
        ----------
        refs : sequence of str
        return_exceptions : bool, default False
            Put a NotFoundError into the list where there is no such booking.

        Returns
        -------
        list of Booking
            One entry each, in order.

        Raises
        ------
        BatchError
            If one was not found.
        """
        return settled(self._core.find([*refs]), return_exceptions)

    def track_many(self, refs: Sequence[str], *, return_exceptions: bool = False) -> builtins.list[Any]:
        """Look up many bookings with their histories, in two round trips.

        Parameters
        ----------
        refs : sequence of str
        return_exceptions : bool, default False
            Put a NotFoundError into the list where there is no such booking.

        Returns
        -------
        list of Tracked
            One entry each, in order.

        Raises
        ------
        BatchError
            If one was not found.
        """
        return settled(self._core.track([*refs]), return_exceptions)

    def counts(self) -> dict[str, int]:
        """Tell how single changes were gathered into batches since the start.

        Returns
        -------
        dict
            ``requests``, ``batches`` and ``batched`` (the mean batch has ``batched / batches`` changes), ``waiting``
            now, ``refused`` because too many waited, ``retries`` because of busy locks.
        """
        return self._core.counts()
