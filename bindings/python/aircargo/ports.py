"""What a store, a cache and locks have to do, to be written in Python.

Any object with these methods can be given to `aircargo.open`; it need not be derived from anything. Methods are called
from several threads. Each takes a batch and answers one entry each, in order: the value, or an `AirCargoError` *in
place of* the value where that entry alone is refused. What a method raises instead is raised at all callers of the batch, the
same object, and the library takes for granted that nobody knows how far the batch came.

`aircargo.testing` has the tests that every store, cache and lock manager must pass.

A method must not use the `Cargo` that it serves: it would wait for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from aircargo._core import (
    Booking,
    CacheAnswer,
    CacheEntry,
    CacheHold,
    CacheKey,
    CacheSettlement,
    Change,
    Event,
    Flight,
    IdempotencyKey,
    Lease,
    ListQuery,
    Page,
    RefBlock,
)
from aircargo.errors import AirCargoError, ConflictError, InvalidInputError, NotFoundError

__all__ = [
    "BookingStore",
    "Cache",
    "CacheAnswer",
    "CacheEntry",
    "CacheHold",
    "CacheKey",
    "CacheSettlement",
    "Change",
    "FlightStore",
    "IdempotencyKey",
    "Lease",
    "LockManager",
    "RefBlock",
    "already_exists",
    "booking_not_found",
    "flight_not_found",
    "idempotency_clash",
    "lock_is_busy",
    "page_of",
    "stale_revision",
]


class BookingStore(Protocol):
    """Keeps bookings and their events."""

    def apply(self, changes: Sequence[Change]) -> Sequence[Booking | AirCargoError]:
        """Make changes durable, in one transaction.

        Entries stand or fall alone: a refused one changes nothing and does not touch its neighbours.

        Parameters
        ----------
        changes : sequence of Change
            ``fact.seq`` of 1 makes a new booking; n + 1 is accepted only while revision n stands. A key is stored
            together with its change, and only if that is accepted.

        Returns
        -------
        sequence of Booking or AirCargoError
            The booking as stored; for a key that was used before, the booking as it was after that first time, or
            `idempotency_clash`; else `already_exists`, `stale_revision` or `booking_not_found`.
        """
        ...

    def answers(
        self, keys: Sequence[IdempotencyKey], now: datetime
    ) -> Sequence[Booking | None | AirCargoError]:
        """Look keys up before anything is done.

        Parameters
        ----------
        keys : sequence of IdempotencyKey
        now : datetime.datetime
            Keys that are 48 hours old, counted from the event of their change, are forgotten.

        Returns
        -------
        sequence of Booking, None or AirCargoError
            None where the key is new; else what `apply` would answer.
        """
        ...

    def find(self, refs: Sequence[str]) -> Sequence[Booking | AirCargoError]:
        """Look bookings up.

        Parameters
        ----------
        refs : sequence of str

        Returns
        -------
        sequence of Booking or AirCargoError
            `booking_not_found` where there is none.
        """
        ...

    def history(self, refs: Sequence[str]) -> Sequence[Sequence[Event] | AirCargoError]:
        """Look histories up.

        Parameters
        ----------
        refs : sequence of str

        Returns
        -------
        sequence of (sequence of Event) or AirCargoError
            Oldest first; `booking_not_found` where there is no such booking.
        """
        ...

    def list(self, query: ListQuery) -> Page:
        """List bookings; `page_of` does it for stores without indexes.

        Parameters
        ----------
        query : ListQuery

        Returns
        -------
        Page

        Raises
        ------
        InvalidInputError
            If the cursor is not one that a list in this order gave.
        """
        ...

    def reserve_refs(self, count: int) -> RefBlock:
        """Hand out references that nobody else ever gets, also after a restart.

        Parameters
        ----------
        count : int

        Returns
        -------
        RefBlock
        """
        ...


class FlightStore(Protocol):
    """Keeps the flights of a schedule."""

    def upsert(self, flights: Sequence[Flight]) -> Sequence[Flight]:
        """Store flights, in one transaction.

        Parameters
        ----------
        flights : sequence of Flight
            Number, ends and departure name one: if it is new it gets an id from 1 on, else it keeps its id and takes
            the new arrival and airline.

        Returns
        -------
        sequence of Flight
            As stored, in the same order.
        """
        ...

    def load(self, departure_from: datetime | None, departure_until: datetime | None) -> Sequence[Flight]:
        """List flights by departure, then by id.

        Parameters
        ----------
        departure_from, departure_until : datetime.datetime, optional
            At the first instant or later, and before the second.

        Returns
        -------
        sequence of Flight
        """
        ...

    def find(self, ids: Sequence[int]) -> Sequence[Flight | AirCargoError]:
        """Look flights up.

        Parameters
        ----------
        ids : sequence of int

        Returns
        -------
        sequence of Flight or AirCargoError
            `flight_not_found` where there is none.
        """
        ...

    def version(self) -> int:
        """Tell whether flights changed.

        Returns
        -------
        int
            Another number whenever the stored flights have changed, never one of before.
        """
        ...


class Cache(Protocol):
    """Keeps answers for a while; never gives one that is older than what a writer has settled, or a reader told.

    A writer holds a guard before it reads what it will change, and settles after its commit. While a guard is held
    nothing is cached under it, so whoever finds nothing reads the store.
    """

    def get(self, keys: Sequence[CacheKey]) -> Sequence[CacheAnswer]:
        """Look answers up.

        Parameters
        ----------
        keys : sequence of CacheKey

        Returns
        -------
        sequence of CacheAnswer
            A value, or a miss: with a random token for one reader at a time, which may then fill; with 0 for others,
            and while a writer holds the guard.
        """
        ...

    def fill(self, entries: Sequence[CacheEntry]) -> bool:
        """Take what readers found in the store.

        Parameters
        ----------
        entries : sequence of CacheEntry
            Kept only while its token stands, no writer holds the guard, and nobody has told of a newer revision; else
            it only tells: an older entry goes, and an older fill that is under way will be refused.

        Returns
        -------
        bool
            Whether the cache has heard it all.
        """
        ...

    def hold(self, holds: Sequence[CacheHold], ttl: float) -> Sequence[Lease | AirCargoError]:
        """Let a writer hold guards; what is cached under them goes, and so do the tokens.

        Parameters
        ----------
        holds : sequence of CacheHold
        ttl : float
            Seconds after which a hold ends by itself.

        Returns
        -------
        sequence of Lease or AirCargoError
            `lock_is_busy` for a guard that is held, or stands twice.
        """
        ...

    def settle(self, settlements: Sequence[CacheSettlement]) -> Sequence[str]:
        """End holds, and cache what their writers committed, in one step.

        Parameters
        ----------
        settlements : sequence of CacheSettlement

        Returns
        -------
        sequence of str
            ``"in_time"``; ``"late"`` where the hold does not stand any more, and then nothing is cached;
            ``"unheard"`` where the cache could not be reached.
        """
        ...


class LockManager(Protocol):
    """Hands out leases, which save others useless work; nobody waits here."""

    def acquire(self, names: Sequence[str], ttl: float) -> Sequence[Lease | AirCargoError]:
        """Lease names.

        Parameters
        ----------
        names : sequence of str
        ttl : float
            Seconds after which a lease ends by itself.

        Returns
        -------
        sequence of Lease or AirCargoError
            `lock_is_busy` for a name that is leased, or stands twice.
        """
        ...

    def release(self, leases: Sequence[Lease]) -> Any:
        """Give leases back; one that has run out or passed on is left alone.

        What this raises is shown by `sys.unraisablehook` and stops nobody, since the work is done by then.

        Parameters
        ----------
        leases : sequence of Lease

        Returns
        -------
        None
        """
        ...


def booking_not_found(ref: str) -> NotFoundError:
    """Refuse a booking that is not there.

    Parameters
    ----------
    ref : str

    Returns
    -------
    NotFoundError
    """
    return NotFoundError(f"there is no booking {ref}", "not_found")


def flight_not_found(id: int) -> NotFoundError:  # noqa: A002
    """Refuse a flight that is not there.

    Parameters
    ----------
    id : int

    Returns
    -------
    NotFoundError
    """
    return NotFoundError(f"there is no flight {id}", "not_found")


def already_exists(ref: str) -> ConflictError:
    """Refuse a new booking whose reference is taken.

    Parameters
    ----------
    ref : str

    Returns
    -------
    ConflictError
    """
    return ConflictError(f"booking {ref} exists already", "already_exists")


def stale_revision(ref: str) -> ConflictError:
    """Refuse a change that was decided on another revision than the one that stands.

    Parameters
    ----------
    ref : str

    Returns
    -------
    ConflictError
    """
    return ConflictError(f"booking {ref} was changed by someone else meanwhile", "stale_revision")


def idempotency_clash(key: IdempotencyKey) -> InvalidInputError:
    """Refuse a key that was used for another request.

    Parameters
    ----------
    key : IdempotencyKey

    Returns
    -------
    InvalidInputError
    """
    return InvalidInputError(
        f"the idempotency key '{key.key}' was used before with another request", "idempotency_mismatch"
    )


def lock_is_busy(name: str) -> ConflictError:
    """Refuse a name that is leased or held.

    Parameters
    ----------
    name : str

    Returns
    -------
    ConflictError
    """
    return ConflictError(f"someone else is at work on {name}", "lock_busy")


def page_of(query: ListQuery, bookings: Iterable[Booking]) -> Page:
    """Answer a query by looking at all bookings, for stores without indexes.

    Parameters
    ----------
    query : ListQuery
    bookings : iterable of Booking
        All that there are, in the order in which they came in.

    Returns
    -------
    Page

    Raises
    ------
    InvalidInputError
        If the cursor is not one that a list in this order gave.
    """
    placed = [(_place(query.order, number, booking), booking) for number, booking in enumerate(bookings, 1)]
    placed.sort(key=lambda entry: entry[0])
    if query.order == "newest_first":
        placed.reverse()
    matching = [(place, booking) for place, booking in placed if query.matches(booking)]
    rest = matching
    if query.cursor:
        after = _read(query.order, query.cursor)
        rest = [
            entry for entry in matching if (entry[0] < after if query.order == "newest_first" else entry[0] > after)
        ]
    shown = rest[: query.page_size]
    more = len(rest) > len(shown)
    return Page(
        [booking for _, booking in shown],
        min(len(matching), query.count_up_to),
        0 < query.count_up_to >= len(matching),
        _written(query.order, shown[-1][0]) if more else "",
    )


def _place(order: str, number: int, booking: Booking) -> tuple[int | str, int]:
    if order == "by_reference":
        return str(booking.ref), 0
    return int(booking.created_at.timestamp()), number


_MARKS = {"newest_first": "-", "oldest_first": ".", "by_reference": "!"}


def _written(order: str, place: tuple[int | str, int]) -> str:
    return f"{place[0]}{_MARKS[order]}{place[1]}"


def _read(order: str, cursor: str) -> tuple[int | str, int]:
    first, mark, number = cursor.rpartition(_MARKS[order])
    try:
        place = (first if order == "by_reference" else int(first), int(number))
    except ValueError:
        place = ("", 0)
    if mark and _written(order, place) == cursor:
        return place
    raise InvalidInputError("no list in this order gave this cursor", "invalid_request")
