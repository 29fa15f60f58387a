"""Booking, moving and tracking over the stores of the library."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import aircargo
import pytest
from aircargo import ActRequest, BookingRequest, Flight, InvalidInputError, Itinerary, NotFoundError, UnavailableError

DAY = datetime(2026, 12, 1, tzinfo=UTC)


def two_flights():
    return [
        Flight("AI101", "DEL", "BOM", DAY + timedelta(hours=6), DAY + timedelta(hours=8), "Air India"),
        Flight("AI202", "BOM", "BLR", DAY + timedelta(hours=11), DAY + timedelta(hours=13), "Air India"),
    ]


@pytest.fixture(params=["memory", "sqlite"])
def cargo(request, sqlite_url):
    with aircargo.open("memory:" if request.param == "memory" else sqlite_url) as opened:
        yield opened


def test_a_life_from_booking_to_delivery(cargo):
    before = datetime.now(UTC).replace(microsecond=0)
    booking = cargo.book("del", "BLR", pieces=3, weight_kg=120.5, notes="fragile", actor="ada")
    assert (booking.origin, booking.destination, booking.pieces, booking.weight_grams) == ("DEL", "BLR", 3, 120_500)
    assert (booking.status, booking.location, booking.revision, booking.legs) == ("BOOKED", "DEL", 1, ())
    assert before <= booking.created_at <= datetime.now(UTC)
    assert cargo.depart(booking.ref).location is None
    assert cargo.arrive(booking.ref, notes="dry").location == "BLR"
    delivered = cargo.deliver(booking.ref)
    found = cargo.track(booking.ref)
    assert found.booking == delivered == cargo.get(booking.ref)
    assert [str(event.type) for event in found.history] == ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED"]
    assert [event.notes for event in found.history] == ["fragile", "", "dry", ""]
    assert found.history[0].actor == "ada"
    assert found.booking.replay(found.history) == found.booking


def test_an_itinerary_with_a_transfer(cargo):
    stored = cargo.flights.upsert(two_flights())
    itinerary = Itinerary(stored)
    by_itinerary, by_flights, by_ids = (
        cargo.book("DEL", "BLR", pieces=1, weight_kg=1, flights=flights)
        for flights in (itinerary, stored, itinerary.flight_ids)
    )
    assert by_itinerary.flight_ids == by_flights.flight_ids == by_ids.flight_ids == itinerary.flight_ids
    ref = by_itinerary.ref
    assert by_itinerary.next_activity.scheduled_at == stored[0].departure
    assert cargo.depart(ref).next_leg == 1
    at_bom = cargo.arrive(ref, location="BOM")
    assert (at_bom.status, at_bom.location) == ("DEPARTED", "BOM")
    assert at_bom.next_activity.leg == by_itinerary.legs[1]
    cargo.depart(ref, flight=stored[1])
    assert cargo.arrive(ref).location == "BLR"
    assert cargo.track(ref).history[-1].flight_number == "AI202"


def test_a_flight_that_is_not_stored_can_not_be_booked(cargo):
    with pytest.raises(InvalidInputError, match="not stored"):
        cargo.book("DEL", "BOM", pieces=1, weight_kg=1, flights=two_flights()[:1])


def test_an_off_plan_fact_is_recorded_when_asked_to(cargo):
    ref = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
    cargo.depart(ref)
    strayed = cargo.arrive(ref, location="BOM", off_plan=True)
    assert strayed.misrouted and strayed.next_activity is None
    assert cargo.track(ref).history[-1].off_plan


def test_a_key_books_once(cargo):
    terms = {"pieces": 1, "weight_kg": 1, "idempotency_key": "k-1"}
    first = cargo.book("DEL", "BLR", **terms)
    assert cargo.book("DEL", "BLR", **terms) == first
    assert cargo.book("DEL", "BLR", actor="grace", **terms) != first
    with pytest.raises(InvalidInputError) as refused:
        cargo.book("DEL", "BLR", **terms | {"pieces": 2})
    assert refused.value.code == "idempotency_mismatch"
    departed = cargo.depart(first.ref, idempotency_key="k-1")
    assert cargo.depart(first.ref, idempotency_key="k-1") == departed
    assert len(cargo.track(first.ref).history) == 2


def test_a_revision_can_be_asked_for(cargo):
    booking = cargo.book("DEL", "BLR", pieces=1, weight_kg=1)
    assert cargo.depart(booking.ref, if_revision=booking.revision).revision == 2
    with pytest.raises(aircargo.ConflictError):
        cargo.cancel(booking.ref, if_revision=booking.revision)


# ------------------------------------------------------------------------------------------------------------- many


def test_many_are_one_batch_and_in_order(cargo):
    wanted = [BookingRequest("DEL", "BLR", n, n) for n in range(1, 51)]
    bookings = cargo.book_many(wanted)
    assert [booking.pieces for booking in bookings] == list(range(1, 51))
    refs = [booking.ref for booking in bookings]
    assert cargo.get_many(refs) == bookings
    assert {booking.status for booking in cargo.depart_many(refs, notes="together")} == {aircargo.Status.DEPARTED}
    assert all(booking.location == "BLR" for booking in cargo.arrive_many(refs))
    assert {len(found.history) for found in cargo.track_many(refs)} == {3}
    assert {booking.status for booking in cargo.deliver_many(refs[:10])} == {aircargo.Status.DELIVERED}
    others = cargo.book_many({"origin": "FRA", "destination": "JFK", "pieces": 1, "weight_kg": 1} for _ in range(3))
    assert {booking.status for booking in cargo.cancel_many(b.ref for b in others)} == {aircargo.Status.CANCELLED}
    assert cargo.counts()["requests"] == 0, "batches go past the funnel"


def test_acts_on_one_booking_happen_in_their_order(cargo):
    refs = [booking.ref for booking in cargo.book_many([BookingRequest("DEL", "BLR", 1, 1)] * 3)]
    acts = [ActRequest(ref, act) for ref in refs for act in ("depart", "arrive", "deliver")]
    done = cargo.write_many(acts)
    assert [str(booking.status) for booking in done] == ["DEPARTED", "ARRIVED", "DELIVERED"] * 3
    assert [booking.revision for booking in done] == [2, 3, 4] * 3


def test_entries_of_a_batch_stand_or_fall_alone(cargo):
    known = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
    entries = [ActRequest("ACB99999", "depart"), ActRequest(known, "deliver"), ActRequest(known, "depart"),
               BookingRequest("DEL", "DEL", 1, 1)]
    results = cargo.write_many(entries, return_exceptions=True)
    assert [getattr(entry, "code", "done") for entry in results] == [
        "not_found", "illegal_transition", "done", "invalid_request",
    ]
    assert isinstance(cargo.get_many(["ACB99999"], return_exceptions=True)[0], NotFoundError)
    assert cargo.write_many([]) == []


def test_more_than_one_transaction_holds(cargo):
    bookings = cargo.book_many(BookingRequest("DEL", "BLR", 1, 1) for _ in range(10_000))
    assert len({booking.ref for booking in bookings}) == 10_000
    assert cargo.list(count_up_to=20_000).total == 10_000


def test_what_is_wrong_with_an_entry_is_said_before_anything_is_done(cargo):
    good = {"origin": "DEL", "destination": "BLR", "pieces": 1, "weight_kg": 1}
    with pytest.raises(InvalidInputError):
        cargo.book_many([good, good | {"origin": "nowhere"}])
    with pytest.raises(TypeError):
        cargo.book_many([good, good | {"colour": "red"}])
    with pytest.raises(TypeError):
        cargo.write_many([good])
    assert cargo.list().total == 0


# ------------------------------------------------------------------------------------------------------------ lists


def test_lists_are_read_page_by_page(cargo):
    refs = [booking.ref for booking in cargo.book_many([BookingRequest("DEL", "BLR", 1, 1)] * 5)]
    cargo.cancel(refs[0])
    seen, cursor = [], ""
    while True:
        page = cargo.list(page_size=2, cursor=cursor, order="oldest_first")
        seen += [booking.ref for booking in page]
        assert len(page) == len(page.items)
        if not (cursor := page.next_cursor):
            break
    assert seen == refs
    assert [booking.ref for booking in cargo.list(status="CANCELLED", origin="DEL")] == refs[:1]
    assert cargo.list(created_to=DAY - timedelta(days=10_000)).items == ()


# ---------------------------------------------------------------------------------------------------------- flights


def test_flights_are_kept(cargo):
    before = cargo.flights.version
    stored = cargo.flights.upsert(two_flights())
    assert [flight.__replace__(id=None) for flight in stored] == two_flights()
    assert cargo.flights.get(stored[0].id) == stored[0]
    assert cargo.flights.list() == stored
    assert cargo.flights.list(stored[1].departure) == stored[1:]
    assert cargo.flights.list(None, stored[1].departure) == stored[:1]
    assert cargo.flights.version != before
    assert cargo.flights.upsert(stored) == stored


def test_flights_are_imported_from_a_file(cargo, tmp_path):
    file = tmp_path / "flights.csv"
    file.write_text(
        "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n"
        "AI101,Air India,DEL,BOM,2026-12-01T06:00:00Z,2026-12-01T08:00:00Z\n"
        "AI102,Air India,DEL,nowhere,2026-12-01T06:00:00Z,2026-12-01T08:00:00Z\n"
    )
    report = cargo.flights.import_csv(file)
    assert (report.lines, report.imported, report.bad) == (2, 1, 1)
    (line, reason), = report.bad_lines
    assert line == 3 and "nowhere" in reason
    assert cargo.flights.import_csv(file, strict=True).imported == 0


def test_a_long_import_tells_how_far_it_is(cargo, tmp_path):
    file = tmp_path / "flights.csv"
    lines = ["flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime"]
    lines += ["AI101,,DEL,BOM,2026-12-01T06:00:00Z,2026-12-01T05:00:00Z"] * 50_000  # they land before they leave
    file.write_text("\n".join(lines) + "\n")
    told = []
    report = cargo.flights.import_csv(file, progress=told.append)
    assert (report.lines, report.bad, len(report.bad_lines)) == (50_000, 50_000, 1000)
    assert told[0] == 50_000

    def refuse(lines):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        cargo.flights.import_csv(file, progress=refuse)


# ---------------------------------------------------------------------------------------------------- open and close


def test_what_was_written_is_there_when_it_is_opened_again(tmp_path):
    file = tmp_path / "cargo.db"
    with aircargo.open(file) as cargo:
        booking = cargo.book("DEL", "BLR", pieces=1, weight_kg=1)
    for url in (f"sqlite:///{file}", f"sqlite:{file}"):
        with aircargo.open(url) as cargo:
            assert cargo.get(booking.ref) == booking


def test_a_path_beside_us_has_three_slashes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with aircargo.open("sqlite:///cargo.db"):
        assert Path("cargo.db").exists()


def test_a_closed_one_says_so(cargo):
    ref = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
    assert not cargo.closed and "open" in repr(cargo)
    cargo.close()
    cargo.close()
    assert cargo.closed and "closed" in repr(cargo)
    for call in (
        lambda: cargo.book("DEL", "BLR", pieces=1, weight_kg=1),
        lambda: cargo.book_many([]),
        lambda: cargo.get(ref),
        lambda: cargo.track(ref),
        lambda: cargo.list(),
        lambda: cargo.counts(),
        lambda: cargo.flights.list(),
    ):
        with pytest.raises(UnavailableError, match="closed"):
            call()


def test_caches_and_locks_of_all_kinds(sqlite_url):
    for cache in (None, "off", "memory:"):
        for lock in (None, "off", "memory:"):
            with aircargo.open(sqlite_url, cache=cache, lock=lock) as cargo:
                ref = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
                assert cargo.get(ref) == cargo.get(ref)
                assert cargo.depart(ref) == cargo.get(ref) == cargo.track(ref).booking


def test_the_version_is_that_of_the_project():
    import os
    import re

    lists = Path(os.environ["AIRCARGO_SOURCE"], "CMakeLists.txt").read_text()
    assert aircargo.__version__ == re.search(r"VERSION ([0-9.]+)", lists.split("project(aircargo")[1])[1]
