"""The services for asyncio: `aircargo.open` and `aircargo.Cargo` with the same names, to be awaited.

Calls that are in flight at the same time share batches: a thousand tasks that each book one shipment cost a few
transactions. A task that is cancelled stops waiting; what it had asked for happens all the same, whole.
"""

from __future__ import annotations

import asyncio
import builtins
import itertools
import os
import weakref
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

from aircargo import _cargo, _core
from aircargo._core import ActRequest, Booking, BookingRequest, Flight, ImportReport, Page, Tracked
from aircargo._requests import FlightLike, FlightsLike, act_requests, booking_request, flight_ids
from aircargo._values import Act
from aircargo.routing import Routes, Schedule

__all__ = ["Cargo", "Flights", "RouteService", "open"]

# The library takes 16,384 waiting calls and refuses more; half of them leaves room for those of cancelled tasks.
_IN_FLIGHT = 8_192


class _Answers:
    """The answers on their way to the tasks of one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._futures: dict[int, asyncio.Future[Any]] = {}
        self._tickets = itertools.count()
        self._room = asyncio.Semaphore(_IN_FLIGHT)
        deliver = weakref.WeakMethod(self._deliver)

        # Holds no answers and no mailbox, so that dropping both frees them.
        def wake() -> None:
            method = deliver()
            if method is not None:
                loop.call_soon_threadsafe(method)

        self._box = _core.Mailbox(wake)

    async def ask(self, submit: Callable[[Any, _core.Mailbox, int], None], question: Any) -> Any:
        await self._room.acquire()
        ticket = next(self._tickets)
        future = self._loop.create_future()
        self._futures[ticket] = future
        try:
            submit(question, self._box, ticket)
        except BaseException:
            del self._futures[ticket]
            self._room.release()
            raise
        return await future

    def _deliver(self) -> None:
        for ticket, answer in self._box.take():
            self._room.release()
            future = self._futures.pop(ticket)
            if future.done():  # its task was cancelled
                continue
            if isinstance(answer, BaseException):
                _set_exception(future, answer)
            else:
                future.set_result(answer)


def _set_exception(future: asyncio.Future[Any], exception: BaseException) -> None:
    try:
        future.set_exception(exception)
    except TypeError as refused:  # a future takes no StopIteration
        refused.__cause__ = exception
        future.set_exception(refused)


class _Opening:
    """A `Cargo` that is being opened: to be awaited, or used in an ``async with`` statement."""

    def __init__(self, open_it: Callable[[], _cargo.Cargo]) -> None:
        self._open_it = open_it
        self._cargo: Cargo | None = None

    async def _open(self) -> Cargo:
        return Cargo(await asyncio.to_thread(self._open_it))

    def __await__(self) -> Generator[Any, None, Cargo]:
        return self._open().__await__()

    async def __aenter__(self) -> Cargo:
        self._cargo = await self._open()
        return self._cargo

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._cargo is not None:
            await self._cargo.close()


def open(  # noqa: A001
    store: Any = "memory:", *, flights: Any = None, cache: Any = None, lock: Any = None
) -> _Opening:
    """Open the services over a store, as `aircargo.open` does.

    Parameters
    ----------
    store, flights, cache, lock : object
        As `aircargo.open` takes them.

    Returns
    -------
    awaitable
        Gives a `Cargo` when it is awaited, or in an ``async with`` statement, which also closes it.

    Raises
    ------
    InvalidInputError, MissingBackendError, UnavailableError
        As `aircargo.open` does.

    Examples
    --------
    >>> async def book_two():
    ...     async with open("memory:") as cargo:
    ...         two = [cargo.book("DEL", "BLR", pieces=n, weight_kg=40) for n in (1, 2)]
    ...         return sum(booking.pieces for booking in await asyncio.gather(*two))
    >>> asyncio.run(book_two())
    3
    """
    return _Opening(lambda: _cargo.open(store, flights=flights, cache=cache, lock=lock))


class Flights:
    """The stored flights of a `Cargo`; as `aircargo.Flights`, to be awaited.

    Parameters
    ----------
    flights : aircargo.Flights
        That does the work, on a thread of the loop's executor.
    """

    def __init__(self, flights: _cargo.Flights) -> None:
        self._flights = flights

    async def upsert(self, flights: Iterable[Flight]) -> builtins.list[Flight]:
        """Store flights, as `aircargo.Flights.upsert` does.

        Parameters
        ----------
        flights : iterable of Flight

        Returns
        -------
        list of Flight
        """
        return await asyncio.to_thread(self._flights.upsert, [*flights])

    async def get(self, id: int) -> Flight:  # noqa: A002
        """Look up one flight, as `aircargo.Flights.get` does.

        Parameters
        ----------
        id : int

        Returns
        -------
        Flight
        """
        return await asyncio.to_thread(self._flights.get, id)

    async def list(
        self, departure_from: datetime | None = None, departure_until: datetime | None = None
    ) -> builtins.list[Flight]:
        """List flights, as `aircargo.Flights.list` does.

        Parameters
        ----------
        departure_from, departure_until : datetime.datetime, optional

        Returns
        -------
        list of Flight
        """
        return await asyncio.to_thread(self._flights.list, departure_from, departure_until)

    async def import_csv(
        self, path: str | os.PathLike[str], *, strict: bool = False, progress: Callable[[int], object] | None = None
    ) -> ImportReport:
        """Store the flights of a CSV file, as `aircargo.Flights.import_csv` does.

        Parameters
        ----------
        path : str or os.PathLike
        strict : bool, default False
        progress : callable, optional
            Called on another thread than the loop's.

        Returns
        -------
        ImportReport
        """
        return await asyncio.to_thread(self._flights.import_csv, path, strict=strict, progress=progress)


class RouteService:
    """Route searches over the stored flights of a `Cargo`; as `aircargo.RouteService`, to be awaited.

    Parameters
    ----------
    routes : aircargo.RouteService
        That does the work, on a thread of the loop's executor.
    """

    def __init__(self, routes: _cargo.RouteService) -> None:
        self._routes = routes

    async def schedule(self) -> Schedule:
        """Arrange the stored flights for search, as `aircargo.RouteService.schedule` does.

        Returns
        -------
        Schedule
        """
        return await asyncio.to_thread(self._routes.schedule)

    async def search(self, origin: str, destination: str, day: date | str, **options: Any) -> Routes:
        """Find routes through the stored flights, as `aircargo.RouteService.search` does.

        Parameters
        ----------
        origin, destination : str
        day : datetime.date or str
        **options
            As `Schedule.search` takes them.

        Returns
        -------
        Routes
        """
        return await asyncio.to_thread(self._routes.search, origin, destination, day, **options)


class Cargo:
    """Books, moves and tracks shipments over a store: `aircargo.Cargo`, to be awaited. Made by `open`.

    To be used from one event loop, or from several.

    Parameters
    ----------
    cargo : aircargo.Cargo
        That does the work.

    Attributes
    ----------
    flights : Flights
    routes : RouteService
    """

    flights: Flights
    routes: RouteService

    def __init__(self, cargo: _cargo.Cargo) -> None:
        self._cargo = cargo
        self._core = cargo._core
        self._answers: dict[asyncio.AbstractEventLoop, _Answers] = {}
        self.flights = Flights(cargo.flights)
        self.routes = RouteService(cargo.routes)

    async def __aenter__(self) -> Self:
        """Nothing more than the object itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()

    def __repr__(self) -> str:
        return f"<aircargo.aio.Cargo {'closed' if self.closed else 'open'}>"

    async def close(self) -> None:
        """Answer all that was asked for, then join all threads. Closing twice does no harm."""
        await asyncio.to_thread(self._cargo.close)

    @property
    def closed(self) -> bool:
        """Whether it was closed; then all calls raise UnavailableError."""
        return self._cargo.closed

    async def _ask(self, submit: Callable[[Any, _core.Mailbox, int], None], question: Any) -> Any:
        loop = asyncio.get_running_loop()
        answers = self._answers.get(loop)
        if answers is None:
            open_ones = {other: its for other, its in self._answers.items() if not other.is_closed()}
            answers = _Answers(loop)
            self._answers = {**open_ones, loop: answers}
        return await answers.ask(submit, question)

    async def book(
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
        """Book a shipment, as `aircargo.Cargo.book` does.

        Parameters
        ----------
        origin, destination : str
        pieces : int
        weight_kg : int or float
        flights : Itinerary or iterable of Flight or int, default ()
        notes, actor, request_id : str, default ""
        idempotency_key : str, optional

        Returns
        -------
        Booking
        """
        request = BookingRequest(
            origin, destination, pieces, weight_kg, flight_ids(flights), notes, actor, request_id, idempotency_key
        )
        booking: Booking = await self._ask(self._core.submit_write, request)
        return booking

    async def depart(self, ref: str, **options: Any) -> Booking:
        """Record that a shipment departed, as `aircargo.Cargo.depart` does.

        Parameters
        ----------
        ref : str
        **options
            As `act` takes them.

        Returns
        -------
        Booking
        """
        return await self.act(ref, Act.DEPART, **options)

    async def arrive(self, ref: str, **options: Any) -> Booking:
        """Record that a shipment arrived, as `aircargo.Cargo.arrive` does.

        Parameters
        ----------
        ref : str
        **options
            As `act` takes them.

        Returns
        -------
        Booking
        """
        return await self.act(ref, Act.ARRIVE, **options)

    async def deliver(self, ref: str, **options: Any) -> Booking:
        """Record that a shipment was delivered, as `aircargo.Cargo.deliver` does.

        Parameters
        ----------
        ref : str
        **options
            As `act` takes them, but for a flight.

        Returns
        -------
        Booking
        """
        return await self.act(ref, Act.DELIVER, **options)

    async def cancel(self, ref: str, **options: Any) -> Booking:
        """Cancel a shipment that has not arrived yet, as `aircargo.Cargo.cancel` does.

        Parameters
        ----------
        ref : str
        **options
            As `act` takes them, but for a flight.

        Returns
        -------
        Booking
        """
        return await self.act(ref, Act.CANCEL, **options)

    async def act(
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
        """Do something to a booking, as `aircargo.Cargo.act` does.

        Parameters
        ----------
        ref : str
        act : Act
        location : str, optional
        flight : Flight or int, optional
        off_plan : bool, default False
        if_revision : int, optional
        notes, actor, request_id : str, default ""
        idempotency_key : str, optional

        Returns
        -------
        Booking
        """
        number = None if flight is None else flight_ids([flight])[0]
        request = ActRequest(
            ref, act, location, number, off_plan, if_revision, notes, actor, request_id, idempotency_key
        )
        booking: Booking = await self._ask(self._core.submit_write, request)
        return booking

    async def get(self, ref: str) -> Booking:
        """Look up one booking, as `aircargo.Cargo.get` does.

        Parameters
        ----------
        ref : str

        Returns
        -------
        Booking
        """
        booking: Booking = await self._ask(self._core.submit_find, ref)
        return booking

    async def track(self, ref: str) -> Tracked:
        """Look up one booking and all that happened to it, as `aircargo.Cargo.track` does.

        Parameters
        ----------
        ref : str

        Returns
        -------
        Tracked
        """
        found: Tracked = await self._ask(self._core.submit_track, ref)
        return found

    async def list(self, **query: Any) -> Page:
        """List bookings, a page at a time, as `aircargo.Cargo.list` does.

        Parameters
        ----------
        **query
            As `aircargo.Cargo.list` takes them.

        Returns
        -------
        Page
        """
        return await asyncio.to_thread(self._cargo.list, **query)

    async def book_many(
        self, requests: Iterable[BookingRequest | Mapping[str, Any]], *, return_exceptions: bool = False
    ) -> builtins.list[Any]:
        """Book many shipments as one batch, as `aircargo.Cargo.book_many` does.

        Parameters
        ----------
        requests : iterable of BookingRequest or mapping
        return_exceptions : bool, default False

        Returns
        -------
        list of Booking
        """
        return await self.write_many(map(booking_request, requests), return_exceptions=return_exceptions)

    async def depart_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Record that many shipments departed, as `aircargo.Cargo.depart_many` does.

        Parameters
        ----------
        refs : iterable of str
        return_exceptions : bool, default False
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
        """
        return await self.write_many(act_requests(Act.DEPART, refs, options), return_exceptions=return_exceptions)

    async def arrive_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Record that many shipments arrived, as `aircargo.Cargo.arrive_many` does.

        Parameters
        ----------
        refs : iterable of str
        return_exceptions : bool, default False
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
        """
        return await self.write_many(act_requests(Act.ARRIVE, refs, options), return_exceptions=return_exceptions)

    async def deliver_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Record that many shipments were delivered, as `aircargo.Cargo.deliver_many` does.

        Parameters
        ----------
        refs : iterable of str
        return_exceptions : bool, default False
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
        """
        return await self.write_many(act_requests(Act.DELIVER, refs, options), return_exceptions=return_exceptions)

    async def cancel_many(
        self, refs: Iterable[str], *, return_exceptions: bool = False, **options: Any
    ) -> builtins.list[Any]:
        """Cancel many shipments, as `aircargo.Cargo.cancel_many` does.

        Parameters
        ----------
        refs : iterable of str
        return_exceptions : bool, default False
        **options
            As `act` takes them, the same for all.

        Returns
        -------
        list of Booking
        """
        return await self.write_many(act_requests(Act.CANCEL, refs, options), return_exceptions=return_exceptions)

    async def write_many(
        self, requests: Iterable[BookingRequest | ActRequest], *, return_exceptions: bool = False
    ) -> builtins.list[Any]:
        """Do many changes of all kinds as one batch, as `aircargo.Cargo.write_many` does.

        Parameters
        ----------
        requests : iterable of BookingRequest or ActRequest
        return_exceptions : bool, default False

        Returns
        -------
        list of Booking
        """
        return await asyncio.to_thread(self._cargo.write_many, [*requests], return_exceptions=return_exceptions)

    async def get_many(self, refs: Sequence[str], *, return_exceptions: bool = False) -> builtins.list[Any]:
        """Look up many bookings, as `aircargo.Cargo.get_many` does.

        Parameters
        ----------
        refs : sequence of str
        return_exceptions : bool, default False

        Returns
        -------
        list of Booking
        """
        return await asyncio.to_thread(self._cargo.get_many, refs, return_exceptions=return_exceptions)

    async def track_many(self, refs: Sequence[str], *, return_exceptions: bool = False) -> builtins.list[Any]:
        """Look up many bookings with their histories, as `aircargo.Cargo.track_many` does.

        Parameters
        ----------
        refs : sequence of str
        return_exceptions : bool, default False

        Returns
        -------
        list of Tracked
        """
        return await asyncio.to_thread(self._cargo.track_many, refs, return_exceptions=return_exceptions)

    def counts(self) -> dict[str, int]:
        """Tell how single changes were gathered into batches, as `aircargo.Cargo.counts` does.

        Returns
        -------
        dict
        """
        return self._cargo.counts()
