"""A store, a cache and locks written in Python serve the services as those of the library do."""

import gc
import sys
import threading
import weakref
from datetime import UTC, datetime

import aircargo
import pytest
from aircargo import ActRequest, BookingRequest, ConflictError, UnavailableError
from dict_ports import DictBookingStore, DictCache, DictFlightStore, DictLocks


def at(hour):
    return datetime(2026, 12, 1, hour, tzinfo=UTC)


@pytest.fixture
def in_python():
    store = DictBookingStore()
    with aircargo.open(store, flights=DictFlightStore(), cache=DictCache(), lock=DictLocks()) as cargo:
        cargo.store = store
        yield cargo


def test_a_life_in_python(in_python):
    flight = aircargo.Flight("AI101", "DEL", "BLR", at(6), at(8), "Air India")
    (stored,) = in_python.flights.upsert([flight])
    booking = in_python.book("DEL", "BLR", pieces=3, weight_kg=120, flights=[stored], idempotency_key="k")
    assert in_python.book("DEL", "BLR", pieces=3, weight_kg=120, flights=[stored], idempotency_key="k") == booking
    for act in ("depart", "arrive", "deliver"):
        in_python.act(booking.ref, act)
    found = in_python.track(booking.ref)
    assert [event.type for event in found.history] == ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED"]
    assert found.booking == in_python.store.find([booking.ref])[0]
    assert [listed.ref for listed in in_python.list(status="DELIVERED")] == [booking.ref]
    with pytest.raises(ConflictError):
        in_python.cancel(booking.ref)


def test_a_store_in_python_is_asked_for_whole_batches():
    calls = []

    class Counted(DictBookingStore):
        def apply(self, changes):
            calls.append(len(changes))
            return super().apply(changes)

    with aircargo.open(Counted()) as cargo:
        cargo.book_many([BookingRequest("DEL", "BLR", 1, 1)] * 500)
    assert calls == [500]


class MadeUp(Exception):
    """An exception that the library knows nothing of."""


def raising_in(method, exception, kind=DictBookingStore):
    def refuse(self, *_):
        raise exception

    return type(f"Raising{method}", (kind,), {method: refuse})()


@pytest.mark.parametrize("exception", [MadeUp("no disk"), KeyError("k"), UnavailableError("away", "my_own_code")])
@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("apply", lambda c: c.book("DEL", "BLR", pieces=1, weight_kg=1)),
        ("apply", lambda c: c.book_many([BookingRequest("DEL", "BLR", 1, 1)])),
        ("reserve_refs", lambda c: c.book("DEL", "BLR", pieces=1, weight_kg=1)),
        ("answers", lambda c: c.book("DEL", "BLR", pieces=1, weight_kg=1, idempotency_key="k")),
        ("find", lambda c: c.depart("ACB10001")),
        ("find", lambda c: c.get("ACB10001")),
        ("find", lambda c: c.track("ACB10001")),
        ("history", lambda c: (c.track(c.book("DEL", "BLR", pieces=1, weight_kg=1).ref))),
        ("list", lambda c: c.list()),
    ],
)
def test_what_a_store_raises_arrives_as_it_was_raised(method, call, exception):
    exception.__traceback__ = None
    with aircargo.open(raising_in(method, exception)) as cargo:
        with pytest.raises(type(exception)) as raised:
            call(cargo)
    assert raised.value is exception
    names = [entry.name for entry in raised.traceback]
    assert "refuse" in names, "the traceback leads into the store"


@pytest.mark.parametrize(
    ("what", "method", "kind"),
    [
        ("cache", "get", DictCache),
        ("cache", "hold", DictCache),
        ("cache", "settle", DictCache),
        ("lock", "acquire", DictLocks),
        ("flights", "find", DictFlightStore),
    ],
)
def test_what_other_ports_raise_arrives_as_it_was_raised(what, method, kind):
    exception = MadeUp("broken")
    with aircargo.open(DictBookingStore(), **{what: raising_in(method, exception, kind)}) as cargo:
        ref = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
        with pytest.raises(MadeUp) as raised:
            if what == "flights":
                cargo.book("DEL", "BLR", pieces=1, weight_kg=1, flights=[1])
            cargo.depart(ref)
            cargo.get(ref)
    assert raised.value is exception


def test_what_a_release_raises_is_shown_and_stops_nobody(monkeypatch):
    shown = []
    monkeypatch.setattr(sys, "unraisablehook", shown.append)
    locks = raising_in("release", MadeUp("broken"), DictLocks)
    with aircargo.open(DictBookingStore(), lock=locks) as cargo:
        ref = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
        assert cargo.depart(ref).status == "DEPARTED"
    assert [type(entry.exc_value) for entry in shown] == [MadeUp]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, TypeError),
        ([], ValueError),
        (["a booking"], TypeError),
        ([aircargo.NotFoundError("one", "not_found"), aircargo.NotFoundError("two", "not_found")], ValueError),
        ([MadeUp("of this entry")], MadeUp),
        ([aircargo.NotFoundError("of this entry", "not_found")], aircargo.NotFoundError),
        ([UnavailableError("of this entry", "my_own_code")], UnavailableError),
    ],
)
def test_what_a_store_answers_is_looked_at(answer, kind):
    store = DictBookingStore()
    store.apply = lambda changes: answer
    with aircargo.open(store) as cargo:
        with pytest.raises(kind):
            cargo.book("DEL", "BLR", pieces=1, weight_kg=1)


def test_the_neighbours_of_a_refused_entry_go_through():
    class Choosy(DictBookingStore):
        def _apply(self, change):
            if change.after.pieces == 13:
                return ConflictError("not with me", "already_exists")
            return super()._apply(change)

    with aircargo.open(Choosy()) as cargo:
        results = cargo.book_many([BookingRequest("DEL", "BLR", n, 1) for n in (12, 13, 14)], return_exceptions=True)
    assert [getattr(entry, "code", "booked") for entry in results] == ["booked", "already_exists", "booked"]


def test_a_port_is_kept_as_long_as_it_is_used():
    store = DictBookingStore()
    gone = weakref.ref(store)
    cargo = aircargo.open(store)
    del store
    gc.collect()
    cargo.book("DEL", "BLR", pieces=1, weight_kg=1)
    assert gone() is not None
    cargo.close()
    del cargo
    gc.collect()
    assert gone() is None


def test_a_port_can_not_close_the_cargo_that_calls_it():
    class Closing(DictBookingStore):
        def find(self, refs):
            cargo.close()

    cargo = aircargo.open(Closing())
    with pytest.raises(RuntimeError, match="can not close"):
        cargo.get("ACB10001")
    cargo.close()


def test_a_busy_lock_is_waited_for():
    locks = DictLocks()
    with aircargo.open(DictBookingStore(), lock=locks) as cargo:
        refs = [booking.ref for booking in cargo.book_many([BookingRequest("DEL", "BLR", 1, 1)] * 3)]
        names = []
        taken = locks.acquire
        locks.acquire = lambda wanted, ttl: names.extend(wanted) or taken(wanted, ttl)
        cargo.depart(refs[0])
        locks.acquire = taken
        held = locks.acquire([name.replace(refs[0], refs[1]) for name in names], 30)
        first_try = threading.Event()

        def acquire(wanted, ttl):
            answers = taken(wanted, ttl)
            if any(isinstance(answer, ConflictError) for answer in answers):
                first_try.set()
            return answers

        locks.acquire = acquire
        releasing = threading.Thread(target=lambda: (first_try.wait(), locks.release(held)))
        releasing.start()
        acts = [(refs[1], "depart"), (refs[2], "depart"), (refs[1], "arrive")]
        done = cargo.write_many([ActRequest(ref, act) for ref, act in acts])
        releasing.join()
        assert [str(booking.status) for booking in done] == ["DEPARTED", "DEPARTED", "ARRIVED"]


def test_ports_of_the_library_can_be_handed_in():
    bookings, flights = aircargo._core.open_memory()
    with aircargo.open(bookings, flights=flights, cache=aircargo._core.memory_cache()) as one:
        ref = one.book("DEL", "BLR", pieces=1, weight_kg=1).ref
        with aircargo.open(bookings, flights=flights) as other:
            assert other.get(ref) == one.get(ref)
