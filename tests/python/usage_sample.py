"""What users write, for mypy --strict: nothing here may come out as Any or need a cast."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import numpy as np

import aircargo
from aircargo import Booking, Flight, Itinerary, Routes, Schedule
from aircargo.client import AsyncClient, Client, LoggedEvent, Retry


def in_memory() -> aircargo.Status:
    with aircargo.open("memory:") as cargo:
        booking: Booking = cargo.book("DEL", "BLR", pieces=3, weight_kg=120.5)
        moved: Booking = cargo.depart(booking.ref)
        history: tuple[aircargo.Event, ...] = cargo.track(booking.ref).history
        when: datetime = history[0].created_at
        assert when <= moved.updated_at
        try:
            cargo.deliver(booking.ref)
        except aircargo.ConflictError as refused:
            code: str = refused.code
            print(code, refused.detail)
        return moved.status


def routes(schedule: Schedule) -> list[str]:
    found: Routes = schedule.search(
        "DEL", "BLR", "2026-12-01", max_stops=2, via=["BOM"], earliest_departure=datetime.now(timezone.utc)
    )
    best: Itinerary = found[0]
    some: tuple[Itinerary, ...] = found[1:3]
    duration: timedelta = best.duration
    print(duration, [flight.number for itinerary in some for flight in itinerary.flights])
    for itinerary, cost in schedule.pareto("DEL", "BLR", "2026-12-01", cost=lambda flight: len(flight.number)):
        print(itinerary.stops + cost)
    earliest = schedule.earliest("DEL", "BLR", datetime.now(timezone.utc))
    return [flight.number for flight in earliest.flights] if earliest else []


def many(schedule: Schedule) -> int:
    found = schedule.search_many(["DEL", "BOM"], ["BLR", "BLR"], np.datetime64("2026-12-01"), limit=5)
    counts = found.counts
    reason: str | None = found.reason(0)
    return int(counts.sum()) + len(reason or "")


def over_http() -> None:
    with Client("http://127.0.0.1:8080", name="ada", password="a good long one", retry=Retry(attempts=2)) as client:
        booking: Booking = client.book("DEL", "BLR", pieces=3, weight_kg=120)
        page: aircargo.Page = client.list(status="BOOKED")
        for each in client.bookings(origin="DEL"):
            ref: str = each.ref
            print(ref, page.total)
        flight: Flight = client.flights.get(1)
        for event in client.events_of(booking.ref):
            logged: LoggedEvent = event
            print(logged.event.type, flight.number)
            break


async def awaited() -> list[Booking]:
    async with AsyncClient("http://127.0.0.1:8080", api_key="key") as client:
        booking: Booking = await client.book("DEL", "BLR", pieces=3, weight_kg=120)
        found: Routes = await client.routes.search("DEL", "BLR", "2026-12-01")
        print(booking.ref, len(found))
        return [each async for each in client.bookings()]


if __name__ == "__main__":
    schedule = Schedule.demo("2026-12-01")
    print(in_memory(), routes(schedule), many(schedule))
    asyncio.run(awaited())
