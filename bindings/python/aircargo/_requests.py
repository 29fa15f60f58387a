"""What callers say, as the requests that the library takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aircargo._core import ActRequest, BookingRequest, Flight, Itinerary
from aircargo._values import Act
from aircargo.errors import BatchError, InvalidInputError

__all__ = ["FlightLike", "FlightsLike", "act_requests", "booking_request", "flight_id", "flight_ids", "only", "settled"]

FlightLike = int | Flight
FlightsLike = Itinerary | Iterable[FlightLike]


def flight_id(flight: FlightLike) -> int:
    """The store's number of a flight."""
    if not isinstance(flight, Flight):
        return flight
    if flight.id is None:
        raise InvalidInputError(f"flight {flight.number} is not stored, so it has no id", "invalid_request")
    return flight.id


def flight_ids(flights: FlightsLike) -> list[int]:
    """The store's numbers of an itinerary's flights."""
    return [flight_id(flight) for flight in (flights.flights if isinstance(flights, Itinerary) else flights)]


def booking_request(entry: BookingRequest | Mapping[str, Any]) -> BookingRequest:
    """An entry of a batch of new bookings: the request itself, or its fields by name."""
    if isinstance(entry, BookingRequest):
        return entry
    fields = dict(entry)
    if "flights" in fields:
        fields["flights"] = flight_ids(fields["flights"])
    return BookingRequest(**fields)


def act_requests(act: Act, refs: Iterable[str], options: Mapping[str, Any]) -> list[ActRequest]:
    """The same act on many bookings."""
    fields = dict(options)
    if fields.get("flight") is not None:
        fields["flight"] = flight_id(fields["flight"])
    return [ActRequest(ref, act, **fields) for ref in refs]


def settled(results: list[Any], return_exceptions: bool) -> list[Any]:
    """The results of a batch, or a BatchError if an entry was refused and the caller does not look for that."""
    if not return_exceptions and any(isinstance(entry, BaseException) for entry in results):
        raise BatchError(results)
    return results


def only(results: list[Any]) -> Any:
    """The result of a batch of one."""
    (result,) = results
    if isinstance(result, BaseException):
        raise result
    return result
