"""Values are frozen, compare, hash, show themselves, and can be pickled and copied."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import aircargo
import pytest
from aircargo import (
    ActRequest,
    Booking,
    BookingRequest,
    Event,
    Flight,
    InvalidInputError,
    Itinerary,
    Leg,
    ListQuery,
    NextActivity,
    Page,
    Tracked,
    ports,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


def a_flight(number="AI101", **terms):
    fields = {"origin": "DEL", "destination": "BOM", "departure": NOON, "arrival": LATER} | terms
    return Flight(number, **fields)


def a_booking(**terms):
    return Booking("ACB12345", "DEL", "BLR", 3, 120_500, NOON, LATER, **terms)


def an_event(**terms):
    return Event(1, "BOOKED", "BOOKED", "BOOKED", NOON, "DEL", **terms)


def a_leg():
    return Leg(7, "AI101", "DEL", "BLR", NOON, LATER)


# Each kind of value, and another one of it.
PAIRS = {
    "AirportCode": (aircargo.AirportCode("DEL"), aircargo.AirportCode("BLR")),
    "BookingRef": (aircargo.BookingRef("ACB12345"), aircargo.BookingRef("ACB12346")),
    "Status": (aircargo.Status.BOOKED, aircargo.Status.DEPARTED),
    "Flight": (a_flight(id=7, airline_name="Æther"), a_flight("AI102")),
    "Itinerary": (
        Itinerary([a_flight(), Flight("AI7", "BOM", "BLR", LATER, LATER + timedelta(hours=1))]),
        Itinerary([a_flight()]),
    ),
    "Leg": (a_leg(), Leg(8, "AI101", "DEL", "BLR", NOON, LATER)),
    "Booking": (a_booking(legs=[a_leg()], location="DEL"), a_booking(status="DEPARTED", revision=2)),
    "Event": (an_event(notes="dry 空港", flight_id=7, flight_number="AI101"), an_event(actor="ada")),
    "NextActivity": (NextActivity("depart", "DEL", a_leg(), NOON), NextActivity("arrive", "DEL")),
    "BookingRequest": (
        BookingRequest("DEL", "BLR", 3, 120.5, [1, 2], "n", "ada", "r", "key"),
        BookingRequest("DEL", "BLR", 3, 120),
    ),
    "ActRequest": (
        ActRequest("ACB12345", "arrive", "BLR", 7, True, 2, "n", "ada", "r", "key"),
        ActRequest("ACB12345", "cancel"),
    ),
    "ListQuery": (ListQuery("BOOKED", "DEL", "BLR", NOON, LATER, page_size=7), ListQuery()),
    "Page": (Page([a_booking()], 1, True, "next"), Page([])),
    "Tracked": (Tracked(a_booking(), [an_event()]), Tracked(a_booking(), [])),
    "Change": (
        ports.Change(a_booking(), an_event(), ports.IdempotencyKey("s", "k", "f")),
        ports.Change(a_booking(), an_event()),
    ),
    "Lease": (ports.Lease("a", 2**64 - 1, 12.5), ports.Lease("a", 1, 12.5)),
    "CacheEntry": (
        ports.CacheEntry(ports.CacheKey("k", "g"), b"\0\xff", 2),
        ports.CacheEntry(ports.CacheKey("k", "g"), b"", 2),
    ),
    "CacheHold": (ports.CacheHold("g", ["a", "b"]), ports.CacheHold("g", [])),
    "CacheAnswer": (ports.CacheAnswer(b"\0"), ports.CacheAnswer(None, 7)),
    "ImportReport": (aircargo.ImportReport(3, 2, 1, [(4, "why")]), aircargo.ImportReport(0, 0, 0, [])),
}


@pytest.fixture(params=PAIRS.values(), ids=PAIRS.keys())
def pair(request):
    return request.param


def test_compare_and_hash_by_what_they_hold(pair):
    value, other = pair
    again = pickle.loads(pickle.dumps(value))
    assert value == again
    assert hash(value) == hash(again)
    assert not value != again
    assert value != other
    assert value != "something else"
    assert value is not None and value != 7
    assert len({value, again, other}) == 2


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_can_be_pickled(pair, protocol):
    for value in pair:
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value
        assert type(again) is type(value)


def test_can_be_copied(pair):
    for value in pair:
        assert copy.copy(value) == value
        assert copy.deepcopy([value]) == [value]


def test_show_what_they_hold(pair):
    for value in pair:
        shown = repr(value)
        for name in getattr(type(value), "__match_args__", ()):
            assert f"{name}={getattr(value, name)!r}" in shown
    assert repr(a_leg()).startswith("Leg(flight_id=7, number='AI101', origin='DEL', ")


def test_are_frozen(pair):
    value, _ = pair
    if isinstance(value, aircargo.Status):
        return  # as frozen as enums are
    for name in (*getattr(type(value), "__match_args__", ()), "another"):
        with pytest.raises(AttributeError):
            setattr(value, name, None)


def test_match_by_position():
    match a_flight():
        case Flight(number, "DEL", destination):
            assert (number, destination) == ("AI101", "BOM")
        case _:
            pytest.fail("a flight did not match itself")


def test_can_be_replaced_in_part():
    assert a_flight().__replace__(number="AI0202") == a_flight("AI202")
    with pytest.raises(TypeError):
        a_flight().__replace__(colour="red")
    with pytest.raises(InvalidInputError):
        a_flight().__replace__(origin="nowhere")


def test_nothing_is_made_without_its_checks():
    made = pickle.dumps(a_flight())
    with pytest.raises(InvalidInputError):
        pickle.loads(made.replace(b"\x03DEL", b"\x03D3L"))


# ------------------------------------------------------------------------------------------------------------ codes


def test_codes_are_text():
    code = aircargo.AirportCode("del")
    assert code == "DEL" and f"{code}" == "DEL" and {"DEL": 1}[code] == 1
    flight = a_flight(origin=code)
    assert isinstance(flight.origin, aircargo.AirportCode)
    assert flight.origin is a_flight().origin
    assert isinstance(a_booking().ref, aircargo.BookingRef)
    assert aircargo.BookingRef("acb00042") == "ACB00042"


@pytest.mark.parametrize("text", ["", "DE", "DELH", "D3L", "DÉL", "DEL\0", "空港空", "\ud800AB", "DEL "])
def test_what_is_no_airport_is_refused(text):
    with pytest.raises(InvalidInputError):
        aircargo.AirportCode(text)
    with pytest.raises(InvalidInputError):
        a_flight(origin=text)


@pytest.mark.parametrize("text", ["", "ACB1234", "ACB123456789012345678", "XYZ12345", "ACB1234５", "ACB12345\0"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(InvalidInputError) as refused:
        aircargo.BookingRef(text)
    assert refused.value.code == "invalid_booking_ref"


@pytest.mark.parametrize("wrong", [None, 7, b"DEL", ["DEL"]])
def test_another_type_is_a_type_error(wrong):
    with pytest.raises(TypeError):
        a_flight(origin=wrong)
    with pytest.raises(TypeError):
        aircargo.AirportCode(wrong)


# ------------------------------------------------------------------------------------------------------------ times


def test_times_are_aware_and_utc():
    india = timezone(timedelta(hours=5, minutes=30))
    flight = a_flight(departure=datetime(2026, 12, 1, 17, 30, tzinfo=india))
    assert flight.departure == NOON
    assert flight.departure.tzinfo is UTC
    assert flight.departure.hour == 12
    assert flight.duration == timedelta(hours=2)


@pytest.mark.parametrize("naive", [datetime(2026, 12, 1), datetime.max])
def test_naive_times_are_refused(naive):
    with pytest.raises(InvalidInputError) as refused:
        a_flight(departure=naive)
    assert refused.value.code == "invalid_time"
    assert "naive" in str(refused.value)
    with pytest.raises(InvalidInputError):
        ListQuery(created_from=naive)


def test_fractions_of_a_second_are_cut_off():
    assert a_flight(departure=NOON + timedelta(microseconds=999_999)).departure == NOON
    before = datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)
    assert a_flight(departure=before).departure == before.replace(microsecond=0)


def test_times_at_both_ends_of_the_calendar():
    first = datetime(1, 1, 1, tzinfo=UTC)
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    flight = a_flight(departure=first, arrival=last)
    assert (flight.departure, flight.arrival) == (first, last)
    beyond = datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))  # in the year 10000 of UTC
    with pytest.raises(InvalidInputError):
        a_flight(arrival=beyond)


@pytest.mark.parametrize("wrong", [0, "2026-12-01", NOON.date()])
def test_what_is_no_datetime_is_a_type_error(wrong):
    with pytest.raises(TypeError):
        a_flight(departure=wrong)


# ---------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize("kg", [0.001, 120, 120.5, Decimal("0.5"), 1_000_000, True])
def test_weights_are_kilograms_to_the_gram(kg):
    assert BookingRequest("DEL", "BLR", 1, kg).weight_kg == float(kg)


@pytest.mark.parametrize(
    "kg", [0, -1, 0.0004, 1_000_001, 1e30, 10**30, -(10**30), float("nan"), float("inf"), -float("inf"), Decimal("NaN")]
)
def test_what_weighs_nothing_or_too_much_is_refused(kg):
    with pytest.raises(InvalidInputError) as refused:
        BookingRequest("DEL", "BLR", 1, kg)
    assert refused.value.code == "invalid_weight"


@pytest.mark.parametrize("pieces", [0, -1, 100_001, 2**31, 2**32 + 1, 2**63, 2**64 + 1, -(10**30), 10**30])
def test_pieces_of_any_size_are_refused(cargo, pieces):
    with pytest.raises(InvalidInputError):
        cargo.book("DEL", "BLR", pieces=pieces, weight_kg=1)


@pytest.mark.parametrize("wrong", [1.5, 1.0, "3", None, float("nan")])
def test_pieces_are_whole(wrong):
    with pytest.raises(TypeError):
        BookingRequest("DEL", "BLR", wrong, 1)


def test_numbers_that_nobody_has_find_nothing(cargo):
    ref = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
    with pytest.raises(InvalidInputError):
        cargo.book("DEL", "BLR", pieces=1, weight_kg=1, flights=[10**30])
    with pytest.raises(aircargo.ConflictError):
        cargo.depart(ref, if_revision=10**30)
    with pytest.raises(InvalidInputError):
        cargo.list(page_size=10**30)
    with pytest.raises(InvalidInputError):
        cargo.list(page_size=-1)
    with pytest.raises(aircargo.NotFoundError):
        cargo.flights.get(-(10**30))


def test_weights_are_shown_as_waybills_do():
    assert (a_booking().weight_grams, a_booking().weight_kg) == (120_500, 121)


# ------------------------------------------------------------------------------------------------------ itineraries


def test_an_itinerary_tells_of_its_flights():
    first, second = PAIRS["Itinerary"][0].flights
    found = PAIRS["Itinerary"][0]
    assert (found.origin, found.destination, found.stops) == ("DEL", "BLR", 1)
    assert (found.departure, found.arrival) == (first.departure, second.arrival)
    assert found.duration == timedelta(hours=3)
    assert found.transit_airports == ("BOM",)
    assert found.flight_ids == (None, None)


def test_an_itinerary_that_leads_nowhere_is_refused():
    with pytest.raises(InvalidInputError):
        Itinerary([])
    with pytest.raises(InvalidInputError):
        Itinerary([a_flight(), a_flight("AI102")])
    with pytest.raises(InvalidInputError):
        a_flight(arrival=NOON)


def test_texts_of_all_languages_and_none_that_can_not_be_written():
    words = "ünïcödé 空港 ✈ " + chr(0x10FFFF)
    assert an_event(notes=words).notes == words
    assert a_flight(airline_name=words).airline_name == words
    for wrong in ("\ud800", "a\0b"):
        with pytest.raises(InvalidInputError):
            an_event(notes=wrong)
