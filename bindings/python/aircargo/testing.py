"""The tests that every store, cache and lock manager must pass, those of the library as well as yours.

Derive a class for pytest from one of them and say how to make what is tested::

    class TestMyStore(aircargo.testing.BookingStoreContract):
        def make_store(self):
            return MyStore()

Each test makes one of its own. What the library may rely on is described in `aircargo.ports`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aircargo._core import (
    Booking,
    CacheEntry,
    CacheHold,
    CacheKey,
    CacheSettlement,
    Change,
    Event,
    Flight,
    IdempotencyKey,
    Lease,
    ListQuery,
    Page,
)
from aircargo._values import EventType, Status
from aircargo.errors import AirCargoError, InvalidInputError

__all__ = ["BookingStoreContract", "CacheContract", "FlightStoreContract", "LockManagerContract"]

_NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _booking(ref: str, at: datetime = _NOON, **terms: Any) -> Booking:
    fields: dict[str, Any] = {"origin": "DEL", "destination": "BLR", "pieces": 3, "weight_grams": 120_000}
    fields = fields | {"location": "DEL"} | terms
    return Booking(ref, created_at=at, updated_at=at, **fields)


def _creation(booking: Booking, key: IdempotencyKey | None = None) -> Change:
    fact = Event(1, EventType.BOOKED, Status.BOOKED, Status.BOOKED, booking.created_at, booking.origin)
    return Change(booking, fact, key)


def _departure(booking: Booking, key: IdempotencyKey | None = None, **words: Any) -> Change:
    at = booking.updated_at + timedelta(minutes=1)
    fact = Event(
        booking.revision + 1, EventType.DEPARTED, booking.status, Status.DEPARTED, at, booking.location, **words
    )
    after = booking.__replace__(status=Status.DEPARTED, location=None, updated_at=at, revision=booking.revision + 1)
    return Change(after, fact, key)


def _cancellation(booking: Booking) -> Change:
    at = booking.updated_at + timedelta(minutes=1)
    fact = Event(booking.revision + 1, EventType.CANCELLED, booking.status, Status.CANCELLED, at, booking.location)
    return Change(booking.__replace__(status=Status.CANCELLED, updated_at=at, revision=booking.revision + 1), fact)


def _key(name: str, fingerprint: str = "the request", scope: str = "ada book") -> IdempotencyKey:
    return IdempotencyKey(scope, name, fingerprint)


def _code(answer: Any) -> str:
    return answer.code if isinstance(answer, AirCargoError) else "accepted"


def _at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of them returned, each on a thread of its own."""
    results: list[Any] = [None] * len(work)
    start = threading.Barrier(len(work))

    def run(place: int) -> None:
        start.wait()
        results[place] = work[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class BookingStoreContract:
    """What every booking store must do."""

    def make_store(self) -> Any:
        """Make an empty store.

        Returns
        -------
        BookingStore
        """
        raise NotImplementedError("say how a store is made")

    def stored(self, store: Any, booking: Booking) -> Booking:
        """Bring a booking into a store.

        Parameters
        ----------
        store : BookingStore
        booking : Booking

        Returns
        -------
        Booking
            As the store has it.
        """
        (answer,) = store.apply([_creation(booking)])
        assert answer == booking
        return booking

    def test_keeps_a_new_booking(self) -> None:
        store = self.make_store()
        booking = self.stored(store, _booking("ACB10001"))
        assert list(store.find(["ACB10001"])) == [booking]
        (history,) = store.history(["ACB10001"])
        assert list(history) == [_creation(booking).fact]

    def test_keeps_what_happens_to_a_booking(self) -> None:
        store = self.make_store()
        change = _departure(self.stored(store, _booking("ACB10001")), notes="dry, whole: ünïcödé 空港")
        assert list(store.apply([change])) == [change.after]
        assert list(store.find(["ACB10001"])) == [change.after]
        (history,) = store.history(["ACB10001"])
        assert [event.seq for event in history] == [1, 2]
        assert history[1] == change.fact

    def test_keeps_the_largest_terms(self) -> None:
        store = self.make_store()
        booking = _booking("ACB99999999999999999", pieces=100_000, weight_grams=1_000_000_000)
        assert self.stored(store, booking) == list(store.find([booking.ref]))[0]

    def test_refuses_a_second_writer_with_an_old_revision(self) -> None:
        store = self.make_store()
        seen = self.stored(store, _booking("ACB10001"))
        (first,) = store.apply([_departure(seen)])
        (late,) = store.apply([_cancellation(seen)])
        assert (_code(first), _code(late)) == ("accepted", "stale_revision")
        assert list(store.find(["ACB10001"])) == [first]
        assert len(list(store.history(["ACB10001"]))[0]) == 2

    def test_refuses_a_change_that_is_ahead_of_its_time(self) -> None:
        store = self.make_store()
        departed = _departure(self.stored(store, _booking("ACB10001"))).after
        (answer,) = store.apply([_cancellation(departed)])
        assert _code(answer) == "stale_revision"

    def test_refuses_a_reference_that_is_taken(self) -> None:
        store = self.make_store()
        first = self.stored(store, _booking("ACB10001"))
        (answer,) = store.apply([_creation(_booking("ACB10001", pieces=99))])
        assert _code(answer) == "already_exists"
        assert list(store.find(["ACB10001"])) == [first]

    def test_tells_references_apart_by_their_zeros(self) -> None:
        store = self.make_store()
        for ref in ("ACB00042", "ACB000042"):
            self.stored(store, _booking(ref))
        assert [found.ref for found in store.find(["ACB000042", "ACB00042"])] == ["ACB000042", "ACB00042"]

    def test_refuses_to_change_what_does_not_exist(self) -> None:
        store = self.make_store()
        (answer,) = store.apply([_departure(_booking("ACB10001"))])
        assert _code(answer) == "not_found"

    def test_says_what_is_not_there(self) -> None:
        store = self.make_store()
        self.stored(store, _booking("ACB10002"))
        refs = ["ACB10001", "ACB10002", "ACB10003"]
        assert [_code(answer) for answer in store.find(refs)] == ["not_found", "accepted", "not_found"]
        assert [_code(answer) for answer in store.history(refs)] == ["not_found", "accepted", "not_found"]

    def test_lets_each_entry_of_a_batch_stand_or_fall_alone(self) -> None:
        store = self.make_store()
        taken = self.stored(store, _booking("ACB10001"))
        changes = [
            _creation(_booking("ACB10002")),
            _creation(taken),
            _departure(_booking("ACB10009")),
            _departure(taken),
            _creation(_booking("ACB10003")),
        ]
        codes = [_code(answer) for answer in store.apply(changes)]
        assert codes == ["accepted", "already_exists", "not_found", "accepted", "accepted"]
        assert [_code(found) for found in store.find(["ACB10002", "ACB10003", "ACB10009"])] == [
            "accepted",
            "accepted",
            "not_found",
        ]

    def test_takes_a_life_in_one_batch(self) -> None:
        store = self.make_store()
        booking = _booking("ACB10001")
        departed = _departure(booking)
        cancelled = _cancellation(departed.after)
        answers = store.apply([_creation(booking), departed, cancelled])
        assert [answer.revision for answer in answers] == [1, 2, 3]
        assert list(store.find(["ACB10001"])) == [cancelled.after]

    def test_takes_the_first_of_two_rivals_in_a_batch(self) -> None:
        store = self.make_store()
        seen = self.stored(store, _booking("ACB10001"))
        answers = store.apply([_cancellation(seen), _departure(seen)])
        assert [_code(answer) for answer in answers] == ["accepted", "stale_revision"]

    def test_takes_empty_batches(self) -> None:
        store = self.make_store()
        assert list(store.apply([])) == []
        assert list(store.answers([], _NOON)) == []
        assert list(store.find([])) == []
        assert list(store.history([])) == []

    def test_lets_one_of_many_rivals_win(self) -> None:
        store = self.make_store()
        seen = self.stored(store, _booking("ACB10001"))
        answers = _at_once([lambda: store.apply([_departure(seen)])[0] for _ in range(8)])
        assert sorted(map(_code, answers)) == ["accepted"] + ["stale_revision"] * 7
        assert len(list(store.history(["ACB10001"]))[0]) == 2

    # ------------------------------------------------------------------------------------------------------ keys

    def test_answers_a_repeated_request_with_the_first(self) -> None:
        store = self.make_store()
        first = _creation(_booking("ACB10001"), _key("k"))
        assert list(store.apply([first])) == [first.after]
        store.apply([_departure(first.after)])
        repeated = _creation(_booking("ACB10002", at=_NOON + timedelta(hours=1)), _key("k"))
        assert list(store.apply([repeated])) == [first.after]
        assert _code(list(store.find(["ACB10002"]))[0]) == "not_found"
        assert len(list(store.history(["ACB10001"]))[0]) == 2

    def test_refuses_a_key_that_was_used_for_something_else(self) -> None:
        store = self.make_store()
        store.apply([_creation(_booking("ACB10001"), _key("k"))])
        (answer,) = store.apply([_creation(_booking("ACB10002"), _key("k", "another request"))])
        assert _code(answer) == "idempotency_mismatch"
        assert _code(list(store.find(["ACB10002"]))[0]) == "not_found"

    def test_keeps_the_keys_of_different_scopes_apart(self) -> None:
        store = self.make_store()
        store.apply([_creation(_booking("ACB10001"), _key("k", scope="ada book"))])
        (answer,) = store.apply([_creation(_booking("ACB10002"), _key("k", scope="grace book"))])
        assert answer.ref == "ACB10002"

    def test_knows_a_key_for_48_hours(self) -> None:
        store = self.make_store()
        first = _creation(_booking("ACB10001"), _key("k"))
        store.apply([first])
        last = _NOON + timedelta(hours=48) - timedelta(seconds=1)
        assert list(store.answers([_key("k")], last)) == [first.after]
        assert list(store.answers([_key("k")], last + timedelta(seconds=1))) == [None]
        later = _creation(_booking("ACB10002", at=_NOON + timedelta(hours=48)), _key("k"))
        assert list(store.apply([later])) == [later.after]

    def test_does_a_request_once_that_comes_twice_in_a_batch(self) -> None:
        store = self.make_store()
        twice = [_creation(_booking(ref), _key("k")) for ref in ("ACB10001", "ACB10002")]
        assert [answer.ref for answer in store.apply(twice)] == ["ACB10001", "ACB10001"]

    def test_does_not_keep_the_key_of_a_refused_change(self) -> None:
        store = self.make_store()
        store.apply([_departure(_booking("ACB10009"), _key("k"))])
        assert list(store.answers([_key("k")], _NOON)) == [None]

    def test_tells_beforehand_what_it_would_answer(self) -> None:
        store = self.make_store()
        first = _creation(_booking("ACB10001"), _key("k"))
        store.apply([first])
        answers = list(store.answers([_key("new"), _key("k"), _key("k", "another request")], _NOON))
        assert answers[:2] == [None, first.after]
        assert _code(answers[2]) == "idempotency_mismatch"

    # ----------------------------------------------------------------------------------------------------- lists

    def listed(self, store: Any, **query: Any) -> tuple[list[str], Page]:
        """Ask for a page.

        Parameters
        ----------
        store : BookingStore
        **query
            Of a `ListQuery`.

        Returns
        -------
        list of str, Page
            The references on the page, and the page.
        """
        page = store.list(ListQuery(**query))
        return [str(booking.ref) for booking in page.items], page

    def _with_five(self) -> Any:
        store = self.make_store()
        # The third came in last but one, though it is the oldest; two are of the same second.
        times = {"ACB10005": 1, "ACB10001": 2, "ACB10004": 2, "ACB10003": 0, "ACB10002": 3}
        for ref, minutes in times.items():
            self.stored(store, _booking(ref, at=_NOON + timedelta(minutes=minutes)))
        return store

    def test_lists_nothing_at_first(self) -> None:
        refs, page = self.listed(self.make_store())
        assert (refs, page.total, page.total_is_exact, page.next_cursor) == ([], 0, True, "")

    def test_lists_in_three_orders(self) -> None:
        store = self._with_five()
        newest = ["ACB10002", "ACB10004", "ACB10001", "ACB10005", "ACB10003"]
        assert self.listed(store)[0] == newest
        assert self.listed(store, order="oldest_first")[0] == newest[::-1]
        assert self.listed(store, order="by_reference")[0] == sorted(newest)

    def test_turns_pages_by_cursor(self) -> None:
        store = self._with_five()
        for order in ("newest_first", "oldest_first", "by_reference"):
            whole, _ = self.listed(store, order=order)
            refs, cursor = [], ""
            for _ in range(3):
                part, page = self.listed(store, order=order, page_size=2, cursor=cursor)
                refs += part
                cursor = page.next_cursor
                assert page.total == 5
            assert (refs, cursor) == (whole, "")

    def test_shows_each_booking_once_while_others_come_in(self) -> None:
        store = self._with_five()
        first, page = self.listed(store, page_size=3)
        self.stored(store, _booking("ACB20000", at=_NOON + timedelta(hours=1)))
        rest, _ = self.listed(store, page_size=3, cursor=page.next_cursor)
        assert len(first + rest) == 5 == len(set(first + rest))

    def test_filters(self) -> None:
        store = self.make_store()
        del_blr = self.stored(store, _booking("ACB10001"))
        self.stored(store, _booking("ACB10002", at=_NOON + timedelta(hours=1), destination="BOM"))
        self.stored(store, _booking("ACB20003", at=_NOON + timedelta(hours=2), origin="FRA", location="FRA"))
        store.apply([_departure(del_blr)])
        assert self.listed(store, status=Status.DEPARTED)[0] == ["ACB10001"]
        assert self.listed(store, origin="DEL")[0] == ["ACB10002", "ACB10001"]
        assert self.listed(store, destination="BLR", status="BOOKED")[0] == ["ACB20003"]
        assert self.listed(store, created_from=_NOON + timedelta(hours=1))[0] == ["ACB20003", "ACB10002"]
        assert self.listed(store, created_to=_NOON + timedelta(hours=1))[0] == ["ACB10001"]
        assert self.listed(store, ref_prefix="ACB1", order="by_reference")[0] == ["ACB10001", "ACB10002"]

    def test_refuses_cursors_that_no_list_in_this_order_gave(self) -> None:
        store = self._with_five()
        _, page = self.listed(store, page_size=2, order="oldest_first")
        for cursor in ("nonsense", "12", page.next_cursor):
            try:
                store.list(ListQuery(cursor=cursor))
            except InvalidInputError:
                continue
            raise AssertionError(f"a list took {cursor!r} for one of its cursors")

    def test_counts_as_far_as_asked(self) -> None:
        store = self._with_five()
        _, page = self.listed(store, count_up_to=3)
        assert (page.total, page.total_is_exact) == (3, False)
        _, page = self.listed(store, count_up_to=5)
        assert (page.total, page.total_is_exact) == (5, True)
        _, page = self.listed(store, count_up_to=0)
        assert (page.total, page.total_is_exact) == (0, False)

    # ------------------------------------------------------------------------------------------------ references

    def test_hands_out_as_many_references_as_asked_for(self) -> None:
        store = self.make_store()
        refs = store.reserve_refs(100)
        taken = {refs.take() for _ in range(100)}
        assert len(taken) == 100
        assert len(refs) == 0

    def test_hands_no_reference_out_twice(self) -> None:
        store = self.make_store()
        blocks = _at_once([lambda: [store.reserve_refs(10) for _ in range(5)] for _ in range(4)])
        refs = [block.take() for some in blocks for block in some for _ in range(10)]
        assert len(set(refs)) == 200


class FlightStoreContract:
    """What every flight store must do."""

    def make_store(self) -> Any:
        """Make an empty store.

        Returns
        -------
        FlightStore
        """
        raise NotImplementedError("say how a store is made")

    def flight(self, number: str, hour: int = 6, **terms: Any) -> Flight:
        """Make a flight of two hours.

        Parameters
        ----------
        number : str
        hour : int
            Of the departure.
        **terms
            Of a `Flight`.

        Returns
        -------
        Flight
        """
        departure = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=hour)
        fields: dict[str, Any] = {
            "origin": "DEL",
            "destination": "BOM",
            "departure": departure,
            "arrival": departure + timedelta(hours=2),
            "airline_name": "Air India",
        } | terms
        return Flight(number, **fields)

    def test_is_empty_at_first(self) -> None:
        assert list(self.make_store().load(None, None)) == []

    def test_gives_new_flights_ids_and_keeps_the_rest(self) -> None:
        store = self.make_store()
        wanted = [self.flight("AI101"), self.flight("AI102", 7, airline_name="Æther Línes")]
        stored = list(store.upsert(wanted))
        assert len({flight.id for flight in stored}) == 2
        assert [flight.__replace__(id=None) for flight in stored] == wanted
        assert list(store.load(None, None)) == stored

    def test_knows_a_flight_by_number_ends_and_departure(self) -> None:
        store = self.make_store()
        (first,) = store.upsert([self.flight("AI101")])
        later = first.arrival + timedelta(minutes=30)
        (again,) = store.upsert([self.flight("AI101", arrival=later, airline_name="AI")])
        assert (again.id, again.arrival, again.airline_name) == (first.id, later, "AI")
        (other,) = store.upsert([self.flight("AI101", 7)])
        assert other.id != first.id
        assert len(list(store.load(None, None))) == 2

    def test_lets_the_last_word_of_a_batch_stand(self) -> None:
        store = self.make_store()
        twice = [self.flight("AI101", airline_name=name) for name in ("first", "last")]
        assert len({flight.id for flight in store.upsert(twice)}) == 1
        assert [flight.airline_name for flight in store.load(None, None)] == ["last"]

    def test_loads_by_departure_and_then_by_id(self) -> None:
        store = self.make_store()
        store.upsert([self.flight("AI3", 9), self.flight("AI1", 7), self.flight("AI2", 9)])
        assert [flight.number for flight in store.load(None, None)] == ["AI1", "AI3", "AI2"]

    def test_loads_a_half_open_window(self) -> None:
        store = self.make_store()
        flights = list(store.upsert([self.flight(f"AI{hour}", hour) for hour in (6, 7, 8)]))
        shown = store.load(flights[0].departure, flights[2].departure)
        assert [flight.number for flight in shown] == ["AI6", "AI7"]

    def test_finds_each_or_says_that_it_is_not_there(self) -> None:
        store = self.make_store()
        (stored,) = store.upsert([self.flight("AI101")])
        found = list(store.find([stored.id, stored.id + 1, 2**62]))
        assert found[0] == stored
        assert [_code(answer) for answer in found[1:]] == ["not_found", "not_found"]

    def test_moves_its_version_with_every_change(self) -> None:
        store = self.make_store()
        seen = {store.version()}
        store.upsert([self.flight("AI101")])
        seen.add(store.version())
        store.upsert([self.flight("AI101", airline_name="AI")])
        seen.add(store.version())
        assert len(seen) == 3
        store.upsert([self.flight("AI101", airline_name="AI")])
        assert store.version() in seen, "nothing changed"

    def test_takes_empty_batches(self) -> None:
        store = self.make_store()
        assert list(store.upsert([])) == []
        assert list(store.find([])) == []

    def test_gives_one_flight_one_id_whoever_brings_it(self) -> None:
        store = self.make_store()
        stored = _at_once([lambda: list(store.upsert([self.flight("AI101")]))[0] for _ in range(8)])
        assert len({flight.id for flight in stored}) == 1
        assert len(list(store.load(None, None))) == 1


class LockManagerContract:
    """What every lock manager must do."""

    def make_locks(self) -> Any:
        """Make a lock manager of which nothing is leased.

        Returns
        -------
        LockManager
        """
        raise NotImplementedError("say how locks are made")

    def test_gives_a_name_to_one_at_a_time(self) -> None:
        locks = self.make_locks()
        (given,) = locks.acquire(["a"], 10)
        assert given.name == "a"
        assert [_code(answer) for answer in locks.acquire(["a", "b"], 10)] == ["lock_busy", "accepted"]

    def test_says_which_name_is_busy(self) -> None:
        locks = self.make_locks()
        locks.acquire(["lock:ACB10001"], 10)
        (busy,) = locks.acquire(["lock:ACB10001"], 10)
        assert "ACB10001" in busy.detail

    def test_gives_a_name_again_once_it_is_released(self) -> None:
        locks = self.make_locks()
        leases = list(locks.acquire(["a", "b", "c"], 10))
        locks.release(leases)
        again = list(locks.acquire(["a", "b", "c"], 10))
        assert [_code(answer) for answer in again] == ["accepted"] * 3
        assert again[0].owner != leases[0].owner

    def test_gives_a_name_once_within_a_batch(self) -> None:
        assert [_code(answer) for answer in self.make_locks().acquire(["a", "a"], 10)] == ["accepted", "lock_busy"]

    def test_releases_for_the_owner_only(self) -> None:
        locks = self.make_locks()
        (given,) = locks.acquire(["a"], 10)
        locks.release([Lease(given.name, given.owner ^ 2, given.until)])
        assert [_code(answer) for answer in locks.acquire(["a"], 10)] == ["lock_busy"]

    def test_forgives_a_second_release(self) -> None:
        locks = self.make_locks()
        (given,) = locks.acquire(["a"], 10)
        locks.release([given])
        (again,) = locks.acquire(["a"], 10)
        locks.release([given])
        assert [_code(answer) for answer in locks.acquire(["a"], 10)] == ["lock_busy"]
        locks.release([again])

    def test_gives_a_name_again_once_its_lease_has_run_out(self) -> None:
        locks = self.make_locks()
        locks.acquire(["a"], 0.02)
        deadline = time.monotonic() + 10
        while _code(*locks.acquire(["a"], 10)) == "lock_busy":
            assert time.monotonic() < deadline

    def test_says_until_when_a_lease_holds(self) -> None:
        before = time.monotonic()
        (given,) = self.make_locks().acquire(["a"], 10)
        assert before < given.until <= time.monotonic() + 10

    def test_takes_empty_batches(self) -> None:
        locks = self.make_locks()
        assert list(locks.acquire([], 10)) == []
        locks.release([])

    def test_keeps_threads_apart(self) -> None:
        locks = self.make_locks()
        answers = _at_once([lambda: list(locks.acquire(["a"], 10))[0] for _ in range(8)])
        assert sorted(map(_code, answers)) == ["accepted"] + ["lock_busy"] * 7


class CacheContract:
    """What every cache must do."""

    def make_cache(self) -> Any:
        """Make an empty cache.

        Returns
        -------
        Cache
        """
        raise NotImplementedError("say how a cache is made")

    def get(self, cache: Any, name: str) -> Any:
        """Ask for one key.

        Parameters
        ----------
        cache : Cache
        name : str
            Of the key ``k:name``, which is under the guard ``g:name``.

        Returns
        -------
        CacheAnswer
        """
        (answer,) = cache.get([CacheKey(f"k:{name}", f"g:{name}")])
        return answer

    def entry(self, name: str, value: bytes, revision: int = 1, token: int = 0) -> CacheEntry:
        """Make an entry.

        Parameters
        ----------
        name : str
        value : bytes
        revision, token : int

        Returns
        -------
        CacheEntry
        """
        return CacheEntry(CacheKey(f"k:{name}", f"g:{name}"), value, revision, 300, token)

    def filled(self, cache: Any, name: str, value: bytes, revision: int = 1) -> None:
        """Bring an entry into a cache, as a reader does.

        Parameters
        ----------
        cache : Cache
        name : str
        value : bytes
        revision : int
        """
        cache.fill([self.entry(name, value, revision, self.get(cache, name).token)])

    def held(self, cache: Any, name: str, ttl: float = 10) -> Any:
        """Hold a guard.

        Parameters
        ----------
        cache : Cache
        name : str
        ttl : float

        Returns
        -------
        Lease or AirCargoError
        """
        (answer,) = cache.hold([CacheHold(f"g:{name}", [f"k:{name}"])], ttl)
        return answer

    def settle(self, cache: Any, hold: Lease, *fresh: CacheEntry) -> str:
        """End a hold.

        Parameters
        ----------
        cache : Cache
        hold : Lease
        *fresh
            To be cached.

        Returns
        -------
        str
        """
        (end,) = cache.settle([CacheSettlement(hold, fresh)])
        return str(end)

    def test_has_nothing_at_first(self) -> None:
        answer = self.get(self.make_cache(), "a")
        assert answer.value is None
        assert answer.token != 0

    def test_takes_a_fill_from_the_holder_of_the_token(self) -> None:
        cache = self.make_cache()
        value = bytes(range(256))
        assert cache.fill([self.entry("a", value, 1, self.get(cache, "a").token)]) is True
        answer = self.get(cache, "a")
        assert (answer.value, answer.token) == (value, 0)

    def test_lets_one_reader_fill_at_a_time(self) -> None:
        cache = self.make_cache()
        assert self.get(cache, "a").token != 0
        assert self.get(cache, "a").token == 0

    def test_refuses_a_fill_with_a_token_that_it_never_gave(self) -> None:
        cache = self.make_cache()
        token = self.get(cache, "a").token
        cache.fill([self.entry("a", b"wrong", 9, token ^ 2), self.entry("c", b"never asked for", 9, token)])
        assert self.get(cache, "a").value is None
        assert self.get(cache, "c").value is None

    def test_drops_an_entry_when_a_reader_tells_of_a_newer_revision(self) -> None:
        cache = self.make_cache()
        self.filled(cache, "a", b"old", 1)
        cache.fill([self.entry("a", b"", 2)])
        assert self.get(cache, "a").value is None

    def test_keeps_an_entry_when_a_reader_tells_of_the_same_or_an_older_one(self) -> None:
        cache = self.make_cache()
        self.filled(cache, "a", b"present", 2)
        cache.fill([self.entry("a", b"", 2), self.entry("a", b"", 1)])
        assert self.get(cache, "a").value == b"present"

    def test_takes_no_fill_that_is_older_than_what_others_told_meanwhile(self) -> None:
        cache = self.make_cache()
        token = self.get(cache, "a").token
        cache.fill([self.entry("a", b"", 2)])
        cache.fill([self.entry("a", b"old", 1, token)])
        assert self.get(cache, "a").value is None

    def test_serves_nothing_of_what_is_held(self) -> None:
        cache = self.make_cache()
        self.filled(cache, "a", b"1")
        assert self.held(cache, "a").name == "g:a"
        answer = self.get(cache, "a")
        assert (answer.value, answer.token) == (None, 0)

    def test_ends_the_fills_that_are_under_way_with_a_hold(self) -> None:
        cache = self.make_cache()
        token = self.get(cache, "a").token
        hold = self.held(cache, "a")
        cache.fill([self.entry("a", b"old", 1, token)])
        assert self.get(cache, "a").value is None
        self.settle(cache, hold)
        cache.fill([self.entry("a", b"old", 1, token)])
        assert self.get(cache, "a").value is None

    def test_gives_a_hold_to_one_at_a_time(self) -> None:
        cache = self.make_cache()
        first = self.held(cache, "a")
        assert _code(self.held(cache, "a")) == "lock_busy"
        assert _code(self.held(cache, "b")) == "accepted"
        self.settle(cache, first)
        again = self.held(cache, "a")
        assert _code(again) == "accepted"
        assert again.owner != first.owner

    def test_gives_a_hold_once_within_a_batch(self) -> None:
        holds = self.make_cache().hold([CacheHold("g:a", ["a"]), CacheHold("g:a", ["a"])], 10)
        assert [_code(answer) for answer in holds] == ["accepted", "lock_busy"]

    def test_serves_what_the_holder_settles(self) -> None:
        cache = self.make_cache()
        self.filled(cache, "a", b"old", 1)
        assert self.settle(cache, self.held(cache, "a"), self.entry("a", b"new", 2)) == "in_time"
        assert self.get(cache, "a").value == b"new"

    def test_lets_readers_fill_what_the_holder_leaves_open(self) -> None:
        cache = self.make_cache()
        assert self.settle(cache, self.held(cache, "a")) == "in_time"
        self.filled(cache, "a", b"1")
        assert self.get(cache, "a").value == b"1"

    def test_keeps_nothing_of_a_settlement_of_somebody_elses_hold(self) -> None:
        cache = self.make_cache()
        hold = self.held(cache, "a")
        forged = Lease(hold.name, hold.owner ^ 2, hold.until)
        assert self.settle(cache, forged, self.entry("a", b"forged", 9)) == "late"
        assert self.get(cache, "a").value is None
        assert _code(self.held(cache, "a")) == "lock_busy", "the hold stands"

    def test_lets_others_hold_once_the_lease_has_run_out(self) -> None:
        cache = self.make_cache()
        overslept = self.held(cache, "a", 0.02)
        deadline = time.monotonic() + 10
        while _code(present := self.held(cache, "a")) == "lock_busy":
            assert time.monotonic() < deadline
        assert self.settle(cache, overslept, self.entry("a", b"late", 2)) == "late"
        assert self.settle(cache, present, self.entry("a", b"present", 3)) == "in_time"
        assert self.get(cache, "a").value == b"present"

    def test_takes_empty_batches(self) -> None:
        cache = self.make_cache()
        assert list(cache.get([])) == []
        assert cache.fill([]) is True
        assert list(cache.hold([], 10)) == []
        assert list(cache.settle([])) == []
