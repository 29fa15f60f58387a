"""PostgreSQL and Redis, each a private one: the package as services use it."""

import asyncio
import itertools
import sys
import threading
from pathlib import Path

import pytest

import aircargo
import aircargo.aio
from aircargo import BookingRequest, ConflictError, Status, UnavailableError, _core, testing

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))
from private_postgres import PrivatePostgres  # noqa: E402
from private_redis import PrivateRedis  # noqa: E402


@pytest.fixture(scope="module")
def postgres():
    with PrivatePostgres() as running:
        yield running


@pytest.fixture(scope="module")
def redis():
    with PrivateRedis() as running:
        yield running


number = itertools.count(1)


@pytest.fixture
def database(postgres):
    """The URL of an empty database."""
    name = f"cargo{next(number)}"
    postgres.sql(f"CREATE DATABASE {name}")
    return postgres.url(database=name)


@pytest.fixture(autouse=True)
def backends(request):
    """For the tests of a class: where what they make is kept."""
    if request.instance is not None:
        request.instance.backend = request.getfixturevalue(request.cls.backend_fixture)


class TestBookingsInPostgres(testing.BookingStoreContract):
    backend_fixture = "database"

    def make_store(self):
        return _core.open_postgres(self.backend)[0]


class TestFlightsInPostgres(testing.FlightStoreContract):
    backend_fixture = "database"

    def make_store(self):
        return _core.open_postgres(self.backend)[1]


class TestLocksInPostgres(testing.LockManagerContract):
    backend_fixture = "database"

    def make_locks(self):
        return _core.postgres_locks(self.backend)


class TestLocksInRedis(testing.LockManagerContract):
    backend_fixture = "redis"

    def make_locks(self):
        self.backend.flush()
        return _core.redis_locks([self.backend.url()])


class TestCacheInRedis(testing.CacheContract):
    backend_fixture = "redis"

    def make_cache(self):
        self.backend.flush()
        cache = _core.redis_cache(self.backend.url())
        self.get(cache, "first")  # begins the generation, which keeps nothing for as long as a hold may last
        self.backend.ask("DEL", "aircargo:cache:quarantine")
        return cache


def test_a_shipments_life_that_another_process_sees(database, redis):
    backends = {"cache": redis.url(1), "lock": redis.url(2)}
    with aircargo.open(database, **backends) as here, aircargo.open(database, **backends) as there:
        booking = here.book("DEL", "BLR", pieces=3, weight_kg=120)
        assert there.track(booking.ref).booking == booking
        there.depart(booking.ref)
        assert here.track(booking.ref).booking.status is Status.DEPARTED
        here.arrive(booking.ref, location="BLR")
        there.deliver(booking.ref)
        assert [str(event.type) for event in here.track(booking.ref).history] == [
            "BOOKED", "DEPARTED", "ARRIVED", "DELIVERED",
        ]
        with pytest.raises(ConflictError):
            here.cancel(booking.ref)


def test_many_in_one_go(database):
    with aircargo.open(database) as cargo:
        booked = cargo.book_many([BookingRequest("DEL", "BLR", 1, kg) for kg in range(1, 2_001)])
        assert len({booking.ref for booking in booked}) == 2_000
        departed = cargo.depart_many([booking.ref for booking in booked])
        assert {booking.status for booking in departed} == {Status.DEPARTED}
    with aircargo.open(database) as again:
        assert again.track(booked[-1].ref).booking.weight_kg == 2_000


def test_one_of_many_who_cancel_at_two_desks_is_first(database, redis):
    with aircargo.open(database, lock=redis.url(2)) as a, aircargo.open(database, lock=redis.url(2)) as b:
        ref = a.book("DEL", "BLR", pieces=1, weight_kg=1).ref
        outcomes = []

        def cancel(desk):
            try:
                outcomes.append(str(desk.cancel(ref).status))
            except ConflictError:
                outcomes.append("refused")

        threads = [threading.Thread(target=cancel, args=(desk,)) for desk in (a, b) * 8]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["CANCELLED"] + ["refused"] * 15


def test_awaited_acts_share_batches(database):
    async def book_all():
        async with aircargo.aio.open(database) as cargo:
            return await asyncio.gather(*(cargo.book("DEL", "BLR", pieces=1, weight_kg=1) for _ in range(500)))

    assert len({booking.ref for booking in asyncio.run(book_all())}) == 500


def test_what_a_stopped_server_means():
    with PrivatePostgres() as postgres, aircargo.open(postgres.url()) as cargo:
        booking = cargo.book("DEL", "BLR", pieces=1, weight_kg=1)
        postgres.kill()
        with pytest.raises(UnavailableError):
            cargo.depart(booking.ref)
        postgres.start()
        assert cargo.track(booking.ref).booking == booking
