"""What a server writes, as values of the library; what a caller gives, as a server reads it."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import httpx

from aircargo import Booking, Event, EventType, Flight, ImportReport, InvalidInputError, Itinerary, Leg, Routes, Status
from aircargo.client._types import ForbiddenError, LoggedEvent, UnauthenticatedError
from aircargo.errors import AirCargoError, ConflictError, NotFoundError, UnavailableError

Json = dict[str, Any]

# ------------------------------------------------------------------------------------------------ to the server


def written_time(time: datetime | None) -> str | None:
    """An aware instant in UTC; fractions of a second are cut off, as the library does."""
    if time is None:
        return None
    if time.tzinfo is None or time.utcoffset() is None:
        raise InvalidInputError(
            "a datetime needs a time zone, such as datetime.timezone.utc; this one is naive", "invalid_time"
        )
    return time.astimezone(timezone.utc).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def written_day(day: date | str) -> str:
    """A calendar day."""
    if isinstance(day, str):
        return day
    if isinstance(day, datetime):
        raise TypeError("a day is a datetime.date or a str such as '2026-12-01'")
    return day.isoformat()


def written_weight(kg: float) -> int:
    """Whole kilograms, which is what a server takes."""
    if kg != int(kg):
        raise InvalidInputError(f"a server takes whole kilograms, not {kg}", "invalid_weight")
    return int(kg)


# ---------------------------------------------------------------------------------------------- from the server


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def booking(body: Json) -> Booking:
    legs = [leg(each) for each in body.get("legs", ())]
    return Booking(
        ref=body["ref_id"],
        origin=body["origin"],
        destination=body["destination"],
        pieces=body["pieces"],
        weight_grams=body["weight_kg"] * 1000,
        created_at=instant(body["created_at"]),
        updated_at=instant(body["updated_at"]),
        status=body["status"],
        location=body.get("location"),
        legs=legs,
        next_leg=_next_leg(body, legs),
        misrouted=body.get("misrouted", False),
        revision=body["revision"],
    )


def leg(body: Json) -> Leg:
    return Leg(
        body["flight_id"],
        body["flight_number"],
        body["origin"],
        body["destination"],
        instant(body["departure_datetime"]),
        instant(body["arrival_datetime"]),
    )


def _next_leg(body: Json, legs: list[Leg]) -> int:
    """The first leg that has not departed, as far as what should happen next tells it."""
    activity = body.get("next_activity", {})
    if "flight_id" in activity:
        at = next(i for i, leg in enumerate(legs) if leg.flight_id == activity["flight_id"])
        return at if activity["act"] == "depart" else at + 1
    return 0 if body["status"] == Status.BOOKED else len(legs)


def event(body: Json) -> Event:
    return Event(
        seq=body["seq"],
        type=body["event_type"],
        previous=_status_before(body["seq"], body["event_type"]),
        status=body["status"],
        created_at=instant(body["created_at"]),
        location=body.get("location"),
        flight_id=body.get("flight_id"),
        flight_number=body.get("flight_number"),
        off_plan=body.get("off_plan", False),
        notes=body.get("notes", ""),
        actor=body.get("actor", ""),
    )


def _status_before(seq: int, type: str) -> Status:
    """Follows from the lifecycle: whatever is neither the first act nor the last one happens to cargo on its way."""
    if seq <= 2:
        return Status.BOOKED
    return Status.ARRIVED if type == EventType.DELIVERED else Status.DEPARTED


def logged_event(id: str, body: Json) -> LoggedEvent:
    return LoggedEvent(id, body["ref_id"], body["origin"], body["destination"], event(body))


def flight(body: Json) -> Flight:
    return Flight(
        body["flight_number"],
        body["origin"],
        body["destination"],
        instant(body["departure_datetime"]),
        instant(body["arrival_datetime"]),
        body["airline_name"],
        body["id"],
    )


def routes(body: Json, order: str) -> Routes:
    def itineraries(name: str) -> list[Itinerary]:
        return [Itinerary([flight(each) for each in one["flights"]]) for one in body[name]]

    return Routes(
        itineraries("direct"),
        itineraries("transit"),
        direct_total=body["direct_total"],
        transit_total=body.get("transit_total", 0),
        more=body["next_cursor"] is not None,
        reason=body.get("reason"),
        next_cursor=body["next_cursor"],
        order=order,
    )


def import_report(body: Json) -> ImportReport:
    bad = [(each["line"], each["reason"]) for each in body["bad_lines"]]
    return ImportReport(body["lines"], body["imported"], body["bad"], bad)


# ---------------------------------------------------------------------------------------------------- refusals


def problem_of(answer: httpx.Response) -> AirCargoError:
    """The refusal that an answer is."""
    body = _problem_in(answer)
    made = refusal(answer.status_code, body)
    made.add_note(f"HTTP {answer.status_code} from {answer.request.method} {answer.request.url}")
    if "request_id" in body:
        made.add_note(f"request id {body['request_id']}")
    for wrong in body.get("errors", ()):
        made.add_note(f"{wrong.get('field')}: {wrong.get('detail')}")
    return made


def refusal(status: int, body: Json) -> AirCargoError:
    """The refusal of a status, with the code and detail of a problem (RFC 9457)."""
    detail = body.get("detail") or f"the server answered with the status {status}"
    return _class_of(status)(detail, body.get("code") or f"http_{status}")


def unreachable(error: httpx.TransportError) -> AirCargoError:
    """What stands for a server that did not answer."""
    where = f"{error.request.url.scheme}://{error.request.url.netloc.decode()}"
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return UnavailableError(f"{where} did not answer in time", "timed_out")
    return UnavailableError(f"{where} can not be reached: {error}", "backend_down")


def _problem_in(answer: httpx.Response) -> Json:
    """What a server says of a refusal; nothing where a proxy or something else answered."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _class_of(status: int) -> type[AirCargoError]:
    if status == 401:
        return UnauthenticatedError
    if status == 403:
        return ForbiddenError
    if status == 404:
        return NotFoundError
    if status in (409, 412):
        return ConflictError
    if status == 429 or status >= 500:
        return UnavailableError
    return InvalidInputError
