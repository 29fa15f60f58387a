"""Routes through the flights that a store holds, and booking one of them."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import aircargo
import pytest
from aircargo import Flight, aio
from dict_ports import DictBookingStore, DictFlightStore

DAY = datetime(2026, 12, 1, tzinfo=UTC)


def flights():
    return [
        Flight("AI101", "DEL", "BOM", DAY + timedelta(hours=6), DAY + timedelta(hours=8)),
        Flight("AI202", "BOM", "BLR", DAY + timedelta(hours=11), DAY + timedelta(hours=13)),
    ]


@pytest.fixture(params=["memory", "sqlite", "python"])
def cargo(request, sqlite_url):
    stores = {"memory": "memory:", "sqlite": sqlite_url, "python": DictBookingStore()}
    of_flights = DictFlightStore() if request.param == "python" else None
    with aircargo.open(stores[request.param], flights=of_flights) as opened:
        yield opened


def test_a_route_is_found_and_booked(cargo):
    assert list(cargo.routes.search("DEL", "BLR", "2026-12-01")) == []
    stored = cargo.flights.upsert(flights())
    (route,) = cargo.routes.search("DEL", "BLR", DAY.date())
    assert list(route.flights) == stored
    booking = cargo.book("DEL", "BLR", pieces=3, weight_kg=120, flights=route)
    assert booking.flight_ids == route.flight_ids
    assert cargo.routes.search("DEL", "BLR", "2026-12-01", max_stops=0).reason == "needs_more_stops"


def test_a_schedule_is_arranged_once_until_flights_change(cargo):
    cargo.flights.upsert(flights())
    first = cargo.routes.schedule()
    assert cargo.routes.schedule() is first
    cargo.flights.upsert(flights())  # nothing new
    assert cargo.routes.schedule() is first
    cargo.flights.upsert([flights()[0].__replace__(number="AI103")])
    assert len(cargo.routes.schedule()) == 3
    assert len(first) == 2


def test_threads_search_while_flights_come_in(cargo):
    numbers = range(1, 41)

    def bring():
        for number in numbers:
            cargo.flights.upsert([flights()[0].__replace__(number=f"AI{number}")])

    bringing = threading.Thread(target=bring)
    bringing.start()
    seen = [0]
    while bringing.is_alive():
        seen.append(cargo.routes.search("DEL", "BOM", "2026-12-01").direct_total)
    bringing.join()
    assert seen == sorted(seen)
    assert cargo.routes.search("DEL", "BOM", "2026-12-01").direct_total == len(numbers)


def test_a_closed_one_searches_nothing(cargo):
    cargo.close()
    with pytest.raises(aircargo.UnavailableError, match="closed"):
        cargo.routes.search("DEL", "BLR", "2026-12-01")


def test_asyncio_searches_too():
    async def work():
        async with aio.open("memory:") as cargo:
            await cargo.flights.upsert(flights())
            (route,) = await cargo.routes.search("DEL", "BLR", "2026-12-01")
            assert (await cargo.book("DEL", "BLR", pieces=1, weight_kg=1, flights=route)).flight_ids == route.flight_ids
            assert len(await cargo.routes.schedule()) == 2

    asyncio.run(work())
