"""asyncio: right answers, shared batches, and nothing half done when tasks are cancelled."""

import asyncio
import gc
import threading
import weakref
from datetime import UTC, datetime, timedelta

import aircargo
import pytest
from aircargo import BookingRequest, Flight, NotFoundError, UnavailableError, aio
from dict_ports import DictBookingStore

TERMS = {"pieces": 1, "weight_kg": 1}


def test_has_the_same_names():
    def names(of):
        return {name for name in vars(of) if not name.startswith("_")}

    assert names(aio.Cargo) == names(aircargo.Cargo)
    assert names(aio.Flights) == names(aircargo.Flights) - {"version"}
    assert set(aio.__all__) <= set(aircargo.__all__)


def test_a_life_from_booking_to_delivery():
    async def live():
        async with aio.open("memory:") as cargo:
            booking = await cargo.book("DEL", "BLR", pieces=3, weight_kg=120, notes="fragile")
            await cargo.depart(booking.ref)
            await cargo.arrive(booking.ref, notes="dry")
            delivered = await cargo.deliver(booking.ref)
            found = await cargo.track(booking.ref)
            assert found.booking == delivered == await cargo.get(booking.ref)
            assert [str(event.type) for event in found.history] == ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED"]
            with pytest.raises(NotFoundError):
                await cargo.cancel("ACB99999")
            other = await cargo.book("FRA", "JFK", pieces=1, weight_kg=1)
            assert (await cargo.cancel(other.ref)).status == "CANCELLED"
            assert len(await cargo.list(origin="FRA")) == 1

    asyncio.run(live())


def test_many_and_flights():
    departure = datetime(2026, 12, 1, 6, tzinfo=UTC)

    async def work():
        async with aio.open("memory:") as cargo:
            (flight,) = await cargo.flights.upsert(
                [Flight("AI101", "DEL", "BLR", departure, departure + timedelta(hours=2))]
            )
            assert await cargo.flights.get(flight.id) == flight
            assert await cargo.flights.list() == [flight]
            bookings = await cargo.book_many([BookingRequest("DEL", "BLR", 1, 1, [flight.id])] * 3)
            refs = [booking.ref for booking in bookings]
            assert await cargo.get_many(refs) == bookings
            await cargo.depart_many(refs)
            await cargo.arrive_many(refs)
            await cargo.deliver_many(refs)
            assert {len(found.history) for found in await cargo.track_many(refs)} == {4}
            (other,) = await cargo.book_many([BookingRequest("DEL", "BLR", 1, 1)])
            assert (await cargo.cancel_many([other.ref]))[0].status == "CANCELLED"
            with pytest.raises(aircargo.BatchError):
                await cargo.depart_many(refs)

    asyncio.run(work())


def test_a_thousand_acts_at_once_share_batches(sqlite_url):
    async def work():
        async with aio.open(sqlite_url) as cargo:
            bookings = await asyncio.gather(
                *(cargo.book("DEL", "BLR", pieces=n, weight_kg=n) for n in range(1, 1001))
            )
            assert [booking.pieces for booking in bookings] == list(range(1, 1001))
            assert len({booking.ref for booking in bookings}) == 1000
            booked = cargo.counts()

            departed = await asyncio.gather(*(cargo.depart(booking.ref) for booking in bookings))
            assert [booking.ref for booking in departed] == [booking.ref for booking in bookings]
            assert {(booking.status, booking.revision) for booking in departed} == {("DEPARTED", 2)}
            acted = cargo.counts()
            assert acted["requests"] == 2000
            assert booked["batched"] / booked["batches"] > 20
            assert (acted["batched"] - booked["batched"]) / (acted["batches"] - booked["batches"]) > 20

            found = await asyncio.gather(*(cargo.track(booking.ref) for booking in bookings))
            assert [tracked.booking for tracked in found] == departed

    asyncio.run(work())


def test_acts_on_one_booking_wait_for_each_other(sqlite_url):
    async def work():
        async with aio.open(sqlite_url) as cargo:
            ref = (await cargo.book("DEL", "BLR", **TERMS)).ref
            done = await asyncio.gather(cargo.depart(ref), cargo.arrive(ref), cargo.deliver(ref))
            assert [booking.revision for booking in done] == [2, 3, 4]

    asyncio.run(work())


def test_cancelled_tasks_leave_nothing_half_done(sqlite_url):
    async def work():
        async with aio.open(sqlite_url) as cargo:
            refs = [booking.ref for booking in await cargo.book_many([BookingRequest("DEL", "BLR", 1, 1)] * 1000)]
            tasks = [asyncio.create_task(cargo.depart(ref)) for ref in refs]
            await asyncio.sleep(0)  # all are handed in, the first batch is on its way
            for task in tasks[::2]:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
            assert all(result.status == "DEPARTED" for result in results[1::2])
            return refs

    refs = asyncio.run(work())
    with aircargo.open(sqlite_url) as cargo:
        for found in cargo.track_many(refs):
            assert found.booking.replay(found.history) == found.booking
            assert [event.type for event in found.history] in (["BOOKED"], ["BOOKED", "DEPARTED"])
        # What was handed in happens, whether or not anybody waits for it.
        assert {booking.status for booking in cargo.get_many(refs)} == {aircargo.Status.DEPARTED}


def test_a_timeout_stops_the_waiting(sqlite_url):
    entered, go_on = threading.Event(), threading.Event()

    class Slow(DictBookingStore):
        def apply(self, changes):
            entered.set()
            assert go_on.wait(60)
            return super().apply(changes)

    async def work():
        async with aio.open(Slow()) as cargo:
            task = asyncio.create_task(cargo.book("DEL", "BLR", **TERMS))
            await asyncio.to_thread(entered.wait, 60)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(task, 0.001)
            go_on.set()
            await cargo.book("DEL", "BLR", **TERMS)
            assert (await cargo.list()).total == 2

    asyncio.run(work())


def test_what_a_store_raises_arrives_at_all_who_wait():
    class MadeUp(Exception):
        pass

    for exception in (MadeUp("no disk"), aircargo.ConflictError("mine", "my_own_code")):

        class Broken(DictBookingStore):
            def apply(self, changes):
                raise exception

        async def work():
            async with aio.open(Broken()) as cargo:
                results = await asyncio.gather(
                    *(cargo.book("DEL", "BLR", **TERMS) for _ in range(20)), return_exceptions=True
                )
                assert all(result is exception for result in results)

        asyncio.run(work())


def test_an_exception_that_no_future_takes_arrives_as_its_cause():
    class Broken(DictBookingStore):
        def find(self, refs):
            raise StopIteration

    async def work():
        async with aio.open(Broken()) as cargo:
            with pytest.raises((TypeError, RuntimeError)) as raised:  # the latter from Python 3.13 on
                await cargo.get("ACB10001")
            assert isinstance(raised.value.__cause__, StopIteration)

    asyncio.run(work())


def test_more_than_the_library_lets_wait_take_turns():
    async def work():
        async with aio.open("memory:") as cargo:
            bookings = await asyncio.gather(*(cargo.book("DEL", "BLR", **TERMS) for _ in range(20_000)))
            assert len({booking.ref for booking in bookings}) == 20_000
            assert cargo.counts()["refused"] == 0

    asyncio.run(work())


def test_closing_answers_all_that_was_asked_for(sqlite_url):
    async def work():
        cargo = await aio.open(sqlite_url)
        tasks = [asyncio.create_task(cargo.book("DEL", "BLR", **TERMS)) for _ in range(100)]
        await asyncio.sleep(0)
        await cargo.close()
        bookings = await asyncio.gather(*tasks)
        assert len({booking.ref for booking in bookings}) == 100
        assert cargo.closed and "closed" in repr(cargo)
        with pytest.raises(UnavailableError, match="closed"):
            await cargo.book("DEL", "BLR", **TERMS)

    asyncio.run(work())


def test_a_loop_that_is_gone_harms_nobody():
    go_on = threading.Event()

    class Slow(DictBookingStore):
        def apply(self, changes):
            assert go_on.wait(60)
            return super().apply(changes)

    cargo = aio.Cargo(aircargo.open(Slow()))

    async def leave():
        asyncio.create_task(cargo.book("DEL", "BLR", **TERMS))
        await asyncio.sleep(0)

    asyncio.run(leave())
    go_on.set()

    async def come_back():
        await cargo.book("DEL", "BLR", **TERMS)
        assert (await cargo.list()).total == 2
        await cargo.close()

    asyncio.run(come_back())


def test_loops_of_several_threads_share_one():
    async def work(cargo):
        return await asyncio.gather(*(cargo.book("DEL", "BLR", **TERMS) for _ in range(200)))

    with aircargo.open("memory:") as under:
        cargo = aio.Cargo(under)
        refs = []
        threads = [
            threading.Thread(target=lambda: refs.extend(booking.ref for booking in asyncio.run(work(cargo))))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(refs)) == 800


def test_nothing_is_left_of_a_closed_one():
    gone = []

    async def work():
        async with aio.open("memory:") as cargo:
            await cargo.book("DEL", "BLR", **TERMS)
            gone.extend(weakref.ref(what) for what in (cargo, *cargo._answers.values()))

    asyncio.run(work())
    gc.collect()
    assert [ref() for ref in gone] == [None, None]
