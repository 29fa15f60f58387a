"""Books air cargo, finds its way through a flight schedule and tracks it until delivery.

`open` opens the services over a store; `aircargo.aio` is the same for asyncio.
"""

from __future__ import annotations

from aircargo import _core

_core._need_main_interpreter()

from aircargo._core import (  # noqa: E402
    ActRequest,
    Booking,
    BookingRequest,
    Event,
    Flight,
    ImportReport,
    Itinerary,
    Leg,
    ListQuery,
    NextActivity,
    Page,
    Tracked,
    __version__,
)
from aircargo._values import Act, AirportCode, BookingRef, EventType, Status
from aircargo.errors import (
    AirCargoError,
    BatchError,
    ConflictError,
    InvalidInputError,
    MissingBackendError,
    NotFoundError,
    UnavailableError,
)
from aircargo.lifecycle import BOOKING_LIFECYCLE, Lifecycle, Transition
from aircargo.routing import Airport, RouteBatch, Routes, Schedule, airport, great_circle_km
from aircargo._cargo import Cargo, Flights, RouteService, open  # noqa: A004, I001 - needs what is above

__all__ = [
    "BOOKING_LIFECYCLE",
    "Act",
    "ActRequest",
    "AirCargoError",
    "Airport",
    "AirportCode",
    "BatchError",
    "Booking",
    "BookingRef",
    "BookingRequest",
    "Cargo",
    "ConflictError",
    "Event",
    "EventType",
    "Flight",
    "Flights",
    "ImportReport",
    "InvalidInputError",
    "Itinerary",
    "Leg",
    "Lifecycle",
    "ListQuery",
    "MissingBackendError",
    "NextActivity",
    "NotFoundError",
    "Page",
    "RouteBatch",
    "RouteService",
    "Routes",
    "Schedule",
    "Status",
    "Tracked",
    "Transition",
    "UnavailableError",
    "__version__",
    "airport",
    "great_circle_km",
    "open",
]
