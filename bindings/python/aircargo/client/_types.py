"""What only a server tells."""

from __future__ import annotations

from dataclasses import dataclass

from aircargo import Event
from aircargo.errors import AirCargoError

__all__ = ["ForbiddenError", "LoggedEvent", "UnauthenticatedError"]


class UnauthenticatedError(AirCargoError):
    """The server does not know who asks: log in, or look at the token."""


class ForbiddenError(AirCargoError):
    """The account may not do this."""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event together with the booking that it happened to.

    Parameters
    ----------
    id : str
        Its place in the log of all events: whoever comes again with it goes on behind it.
    ref : str
        The booking's reference.
    origin, destination : str
        The booking's ends.
    event : Event
        What happened.
    """

    id: str
    ref: str
    origin: str
    destination: str
    event: Event
