"""Small values: codes, references, states. Each is a `str` that is known to be right."""

from __future__ import annotations

from enum import StrEnum

from aircargo import _core, errors

__all__ = ["Act", "AirportCode", "BookingRef", "EventType", "Status"]


class AirportCode(str):
    """IATA location identifier: three letters, a `str` such as ``"DEL"``.

    Every place that takes one takes a plain `str` as well.

    Parameters
    ----------
    text : str
        Lower case is folded to upper.

    Raises
    ------
    InvalidInputError
        If it is not three letters A to Z.

    Examples
    --------
    >>> AirportCode("del") == "DEL"
    True
    """

    __slots__ = ()

    def __new__(cls, text: str) -> AirportCode:
        return super().__new__(cls, _core.parse_airport_code(text))


class BookingRef(str):
    """A booking's reference, a `str` such as ``"ACB12345"``: ``ACB`` and 5 to 17 digits.

    Leading zeros count: ``ACB00042`` and ``ACB000042`` are different bookings. Every place that takes one takes a plain
    `str` as well.

    Parameters
    ----------
    text : str
        The prefix may be in lower case.

    Raises
    ------
    InvalidInputError
        If it is not a reference.

    Examples
    --------
    >>> BookingRef("acb12345") == "ACB12345"
    True
    """

    __slots__ = ()

    def __new__(cls, text: str) -> BookingRef:
        return super().__new__(cls, _core.parse_booking_ref(text))


class Status(StrEnum):
    """Where a booking stands in its life."""

    BOOKED = "BOOKED"
    DEPARTED = "DEPARTED"
    ARRIVED = "ARRIVED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


class Act(StrEnum):
    """What can be done to a booking once it exists."""

    DEPART = "depart"
    ARRIVE = "arrive"
    DELIVER = "deliver"
    CANCEL = "cancel"


class EventType(StrEnum):
    """What kind of fact an event is."""

    BOOKED = "BOOKED"
    DEPARTED = "DEPARTED"
    ARRIVED = "ARRIVED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


_core._adopt(
    AirportCode,
    BookingRef,
    list(Status),
    list(Act),
    list(EventType),
    # In the order of the library's groups: invalid, unprocessable, not found, conflict, precondition, unavailable.
    [
        errors.InvalidInputError,
        errors.InvalidInputError,
        errors.NotFoundError,
        errors.ConflictError,
        errors.ConflictError,
        errors.UnavailableError,
    ],
)
