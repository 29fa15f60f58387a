"""Schedules and routes: what goes in, what is found, and whose memory it is."""

import copy
import gc
import pickle
import re
import threading
import time
from array import array
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest

import aircargo
from aircargo import Flight, Schedule


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def flights_of(text):
    """Flights from lines such as "AI101 DEL 06:00 BOM 08:10", all on 1 December 2026."""
    made = []
    for line in text.strip().splitlines():
        number, origin, departure, destination, arrival = line.split()
        made.append(Flight(number, origin, destination, at(f"2026-12-01 {departure}"), at(f"2026-12-01 {arrival}")))
    return made


SMALL = """
AI101 DEL 06:00 BLR 09:00
AI102 DEL 05:00 BOM 07:00
6E103 BOM 09:00 BLR 10:40
AI104 BOM 08:00 BLR 09:40
AI105 DEL 05:30 HYD 07:30
AI106 HYD 12:00 BLR 13:00
"""


@pytest.fixture(scope="module")
def small():
    return Schedule(flights_of(SMALL))


@pytest.fixture(scope="module")
def demo():
    return Schedule.demo("2026-12-01", days=5)


def ways(routes):
    return [" ".join(flight.number for flight in itinerary.flights) for itinerary in routes]


# ------------------------------------------------------------------------------------------------------ search


def test_direct_flights_and_connections_come_in_one_order(small):
    routes = small.search("DEL", "BLR", "2026-12-01")
    assert ways(routes) == ["AI101", "AI102 6E103", "AI105 AI106"]
    assert ways(routes.direct) == ["AI101"]
    assert ways(routes.transit) == ["AI102 6E103", "AI105 AI106"]
    assert (routes.direct_total, routes.transit_total, routes.more, routes.reason) == (1, 2, False, None)
    assert ways(small.search("DEL", "BLR", "2026-12-01", order="departure")) == ["AI102 6E103", "AI105 AI106", "AI101"]
    assert ways(small.search("DEL", "BLR", "2026-12-01", order="duration")) == ["AI101", "AI102 6E103", "AI105 AI106"]


def test_the_parts_of_an_answer_are_a_sequence(small):
    routes = small.search("DEL", "BLR", date(2026, 12, 1))
    assert len(routes) == 3
    assert ways([routes[-1]]) == ["AI105 AI106"]
    assert ways(routes[1:]) == ["AI102 6E103", "AI105 AI106"]
    assert ways(reversed(routes)) == ["AI105 AI106", "AI102 6E103", "AI101"]
    assert routes[0] in routes
    with pytest.raises(IndexError):
        routes[3]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"max_stops": 0}, ["AI101"]),
        ({"limit": 1}, ["AI101", "AI102 6E103"]),
        ({"limit": None}, ["AI101", "AI102 6E103", "AI105 AI106"]),
        ({"via": ["HYD"]}, ["AI105 AI106"]),
        ({"avoid": ["HYD", "DXB"]}, ["AI101", "AI102 6E103"]),
        ({"airlines": ["AI"]}, ["AI101", "AI105 AI106"]),
        ({"earliest_departure": at("2026-12-01 05:15")}, ["AI101", "AI105 AI106"]),
        ({"latest_arrival": at("2026-12-01 10:40")}, ["AI101", "AI102 6E103"]),
        ({"longest_minutes": 340}, ["AI101", "AI102 6E103"]),
        ({"min_connection_minutes": 60}, ["AI101", "AI102 AI104", "AI102 6E103", "AI105 AI106"]),
        ({"connections": {"BOM": 30}}, ["AI101", "AI102 AI104", "AI102 6E103", "AI105 AI106"]),
        ({"connections": {("AI", "6E"): 121}}, ["AI101", "AI105 AI106"]),
        ({"min_connection_minutes": 600, "connections": {("AI", "AI"): 60}}, ["AI101", "AI102 AI104", "AI105 AI106"]),
        ({"zone": "utc"}, ["AI101", "AI102 6E103", "AI105 AI106"]),
        (
            {"order": "cost", "cost": lambda flight: 5 if flight.number == "AI101" else 2},
            ["AI102 6E103", "AI105 AI106", "AI101"],
        ),
        ({"via": None, "limit": 50}, ["AI101", "AI102 6E103", "AI105 AI106"]),
    ],
)
def test_what_is_asked_for_is_heeded(small, options, found):
    assert ways(small.search("DEL", "BLR", "2026-12-01", **options)) == found


@pytest.mark.parametrize(
    ("ends", "options", "reason"),
    [
        (("DEL", "XXX"), {}, "unknown_airport"),
        (("DEL", "DEL"), {}, "same_airport"),
        (("BLR", "DEL"), {}, "no_flight_that_day"),
        (("DEL", "BLR"), {"max_stops": 0, "airlines": ["6E"]}, "filtered_out"),
    ],
)
def test_where_there_is_no_route_it_says_why(small, ends, options, reason):
    routes = small.search(*ends, "2026-12-01", **options)
    assert (len(routes), routes.reason) == (0, reason)
    assert small.search(*ends, "2026-12-01", explain=False, **options).reason is None


@pytest.mark.parametrize(
    "options",
    [
        {"max_stops": -1},
        {"max_stops": 16},
        {"max_stops": 2**80},
        {"limit": 0},
        {"order": "price"},
        {"zone": "local"},
        {"via": ["BOMBAY"]},
        {"airlines": ["AIR"]},
        {"airlines": ["12"]},
        {"longest_minutes": 0},
        {"min_connection_minutes": -1},
        {"connections": {"BOM": -1}},
        {"connections": {("AI", "A"): 5}},
        {"earliest_departure": datetime(2026, 12, 1)},
        {"order": "cost"},
        {"order": "cost", "cost": lambda flight: -1},
    ],
)
def test_what_can_not_be_is_refused(small, options):
    with pytest.raises(aircargo.InvalidInputError):
        small.search("DEL", "BLR", "2026-12-01", **options)


@pytest.mark.parametrize(
    "options",
    [
        {"max_stops": 1.5},
        {"max_stops": "1"},
        {"via": "BOM"},
        {"via": [7]},
        {"through_flights": 1},
        {"no_such": 1},
        {"earliest_departure": "2026-12-01"},
        {"connections": {("AI",): 5}},
        {"cost": 5, "order": "cost"},
    ],
)
def test_what_has_the_wrong_type_is_a_type_error(small, options):
    with pytest.raises(TypeError):
        small.search("DEL", "BLR", "2026-12-01", **options)


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "", "2026-12-01T00:00:00Z", "\ud800"])
def test_a_text_that_is_no_day_is_refused(small, day):
    with pytest.raises(aircargo.InvalidInputError):
        small.search("DEL", "BLR", day)


@pytest.mark.parametrize("day", [datetime(2026, 12, 1), 20261201, None, float("nan")])
def test_what_is_no_day_at_all_is_a_type_error(small, day):
    with pytest.raises(TypeError):
        small.search("DEL", "BLR", day)


def test_what_a_cost_raises_arrives_as_it_was_raised(small):
    def cost(flight):
        raise KeyError(flight.number)

    with pytest.raises(KeyError, match="AI101"):
        small.search("DEL", "BLR", "2026-12-01", cost=cost, order="cost")


def test_a_cost_may_search_in_turn(small):
    def cost(flight):
        return len(small.search("DEL", "BLR", "2026-12-01"))

    assert len(small.search("DEL", "BLR", "2026-12-01", cost=cost, order="cost")) == 3


def test_itineraries_outlive_what_they_came_from():
    routes = Schedule(flights_of(SMALL)).search("DEL", "BLR", "2026-12-01")
    gc.collect()
    itinerary = routes[1]
    del routes
    gc.collect()
    assert itinerary.transit_airports == ("BOM",)
    assert pickle.loads(pickle.dumps(itinerary)) == itinerary


def test_pareto_profile_and_earliest(small):
    def cost(flight):
        return 900 if flight.number == "AI101" else 100

    assert [
        (ways([itinerary])[0], paid) for itinerary, paid in small.pareto("DEL", "BLR", "2026-12-01", cost=cost)
    ] == [
        ("AI101", 900),
        ("AI102 6E103", 200),
    ]
    assert ways(small.profile("DEL", "BLR", "2026-12-01")) == ["AI101"]
    assert ways([small.earliest("DEL", "BLR", "2026-12-01")]) == ["AI101"]
    assert ways([small.earliest("BOM", "BLR", at("2026-12-01 08:30"))]) == ["6E103"]
    assert small.earliest("BLR", "DEL", "2026-12-01") is None
    for search in (small.pareto, small.profile, small.earliest):
        with pytest.raises(TypeError, match="limit"):
            search("DEL", "BLR", "2026-12-01", limit=3)


# ------------------------------------------------------------------------------------------------ how it is shown


def test_answers_show_themselves_as_tables(small):
    routes = small.search("DEL", "BLR", "2026-12-01")
    assert repr(routes) == "<Routes: 1 direct and 2 with stops, DEL to BLR>"
    assert str(routes).splitlines()[2].split() == [
        "AI102",
        "6E103",
        "DEL-BOM-BLR",
        "2026-12-01",
        "05:00",
        "2026-12-01",
        "10:40",
        "5h40m",
        "2h00m",
    ]
    html = routes._repr_html_()
    assert html.count("<tr>") == 4
    assert "<td>AI102 6E103</td>" in html
    assert small.search("BLR", "DEL", "2026-12-01")._repr_html_() == (
        "<p>No route: no flight leaves the origin on that day.</p>"
    )


def test_a_long_table_is_cut(demo):
    flights = [Flight(f"AI{n}", "DEL", "BLR", at("2026-12-01 06:00"), at("2026-12-01 09:00")) for n in range(1, 61)]
    html = Schedule(flights).search("DEL", "BLR", "2026-12-01", limit=None)._repr_html_()
    assert html.count("<tr>") == 51
    assert "and 10 more" in html


# ------------------------------------------------------------------------------------------------- what goes in


def columns_of(flights):
    return {
        "numbers": [flight.number for flight in flights],
        "origins": [flight.origin for flight in flights],
        "destinations": [flight.destination for flight in flights],
        "departures": [int(flight.departure.timestamp()) for flight in flights],
        "arrivals": [int(flight.arrival.timestamp()) for flight in flights],
    }


def everything(schedule):
    return [schedule.flight(id) for id in range(1, len(schedule) + 1)]


def with_ids(flights):
    return [
        Flight(f.number, f.origin, f.destination, f.departure, f.arrival, f.airline_name, id)
        for id, f in enumerate(flights, 1)
    ]


def test_flights_without_ids_are_numbered_from_one(small):
    assert everything(small) == with_ids(flights_of(SMALL))
    for id in (0, -1, 7, 2**70):
        with pytest.raises(aircargo.NotFoundError):
            small.flight(id)


def test_ids_are_of_all_flights_or_of_none_and_different():
    first, *_ = flights_of(SMALL)
    numbered = Flight("AI9", "DEL", "BOM", at("2026-12-01 06:00"), at("2026-12-01 08:00"), id=9)
    with pytest.raises(aircargo.InvalidInputError, match="some have none"):
        Schedule([first, numbered])
    with pytest.raises(aircargo.InvalidInputError, match="id 9"):
        Schedule([numbered, numbered])


@pytest.mark.parametrize("kind", ["U", "S", "O", "padded", "strided", "reversed", "unaligned"])
def test_columns_of_text_may_lie_in_any_way(kind):
    flights = flights_of(SMALL)
    texts = {name: np.array(values) for name, values in columns_of(flights).items() if isinstance(values[0], str)}

    def laid(column):
        if kind == "padded":
            return column.astype("U30")
        if kind == "strided":
            return np.repeat(column, 3)[::3]
        if kind == "reversed":
            return column[::-1].copy()[::-1]
        if kind == "unaligned":
            raw = np.empty(len(column) * column.itemsize + 1, np.uint8)
            moved = raw[1:].view(column.dtype)
            moved[:] = column
            return moved
        return column.astype(kind)

    times = {name: np.array(values) for name, values in columns_of(flights).items() if name not in texts}
    made = Schedule.from_arrays(**{name: laid(column) for name, column in texts.items()}, **times)
    assert everything(made) == with_ids(flights)


@pytest.mark.parametrize(
    "laid",
    [
        lambda seconds: seconds,
        lambda seconds: array("q", seconds),
        lambda seconds: memoryview(array("q", seconds)),
        lambda seconds: np.array(seconds, "u4"),
        lambda seconds: np.array(seconds, ">i8"),
        lambda seconds: np.array(seconds, "M8[s]"),
        lambda seconds: np.array(seconds, "M8[s]").astype("M8[ns]"),
        lambda seconds: np.array(seconds, "M8[s]").astype("M8[m]"),
        lambda seconds: np.repeat(np.array(seconds), 2)[::2],
        lambda seconds: np.array(seconds)[::-1].copy()[::-1],
    ],
)
def test_times_may_be_whole_numbers_and_datetimes_of_any_unit(laid):
    flights = flights_of(SMALL)
    columns = columns_of(flights)
    columns |= {name: laid(columns[name]) for name in ("departures", "arrivals")}
    assert everything(Schedule.from_arrays(**columns)) == with_ids(flights)


@pytest.mark.parametrize(
    ("name", "column", "error", "words"),
    [
        ("departures", [1.5] * 6, TypeError, "departures is not a column of whole numbers"),
        ("departures", [float("nan")] * 6, TypeError, "departures is not a column of whole numbers"),
        ("departures", np.array(["NaT"] * 6, "M8[s]"), aircargo.InvalidInputError, "departures[0] is not a time"),
        ("arrivals", [2**62] * 6, aircargo.InvalidInputError, "arrivals[0]"),
        ("arrivals", np.array([2**63] * 6, np.uint64), aircargo.InvalidInputError, "arrivals has a number"),
        ("arrivals", [True] * 6, TypeError, "arrivals is not a column of whole numbers"),
        ("origins", ["DEL"] * 5, aircargo.InvalidInputError, "not equally long"),
        ("origins", ["DEL", "DELHI"] * 3, aircargo.InvalidInputError, "origins[1]"),
        ("origins", ["DEL", None] * 3, TypeError, "origins[1] is not a str"),
        ("origins", ["DEL", float("nan")] * 3, TypeError, "origins[1] is not a str"),
        ("origins", [1, 2, 3, 4, 5, 6], TypeError, "origins[0] is not a str"),
        ("origins", [["DEL"]] * 6, TypeError, "2 dimensions"),
        ("numbers", ["AI101"] * 5 + ["\u20acI1"], aircargo.InvalidInputError, "numbers[5]"),
        ("numbers", np.array([b"AI101"] * 5 + [b"\xff\xfe1"]), aircargo.InvalidInputError, "numbers[5]"),
        ("airline_names", np.array([b"Air"] * 5 + [b"\xff"]), aircargo.InvalidInputError, "airline_names[5]"),
        ("ids", [1, 2, 3, 4, 5, 5], aircargo.InvalidInputError, "two flights have the id 5"),
        ("ids", ["a"] * 6, TypeError, "ids is not a column of whole numbers"),
    ],
)
def test_a_column_that_is_none_is_named(name, column, error, words):
    with pytest.raises(error, match=re.escape(words)):
        Schedule.from_arrays(**{**columns_of(flights_of(SMALL)), name: column})


def test_flights_that_can_not_be_true_are_left_out_or_refused():
    columns = columns_of(flights_of(SMALL))
    columns["arrivals"][1] = columns["departures"][1] + 60
    columns["arrivals"][2] = columns["departures"][2] - 1
    schedule = Schedule.from_arrays(**columns)
    assert len(schedule) == 4
    assert schedule.left_out == ((1, "faster_than_sound"), (2, "arrival_not_after_departure"))
    with pytest.raises(aircargo.InvalidInputError, match="flight 1 can not be true"):
        Schedule.from_arrays(**columns, strict=True)


CSV = """flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime
AI101,Air India,DEL,BLR,2026-12-01T06:00:00Z,2026-12-01T09:00:00Z
AI102,Air India,DEL,BOM,2026-12-01T05:00:00Z,yesterday
"""


def test_a_file_is_read_and_bad_lines_are_told(tmp_path):
    file = tmp_path / "flights.csv"
    file.write_text(CSV)
    schedule = Schedule.from_csv(file)
    assert schedule.flight(1) == Flight(
        "AI101", "DEL", "BLR", at("2026-12-01 06:00"), at("2026-12-01 09:00"), "Air India", 1
    )
    assert [line for line, _ in schedule.left_out] == [3]
    with pytest.raises(aircargo.InvalidInputError, match="line 3"):
        Schedule.from_csv(file, strict=True)
    with pytest.raises(aircargo.NotFoundError):
        Schedule.from_csv(tmp_path / "none.csv")


def test_tables_of_pandas(tmp_path):
    pd = pytest.importorskip("pandas")
    file = tmp_path / "flights.csv"
    file.write_text(CSV.replace("yesterday", "2026-12-01T12:30:00+05:30"))
    as_texts = pd.read_csv(file)
    assert everything(Schedule.from_pandas(as_texts)) == everything(Schedule.from_csv(file))

    aware = as_texts.assign(
        **{
            name: pd.to_datetime(as_texts[name], format="ISO8601", utc=True).dt.tz_convert("Asia/Kolkata")
            for name in ("departure_datetime", "arrival_datetime")
        }
    )
    assert everything(Schedule.from_pandas(aware)) == everything(Schedule.from_csv(file))
    naive = aware.assign(departure_datetime=aware["departure_datetime"].dt.tz_localize(None))
    with pytest.raises(aircargo.InvalidInputError, match=re.escape("tz_localize('UTC')")):
        Schedule.from_pandas(naive)
    with pytest.raises(aircargo.InvalidInputError, match="no column origin"):
        Schedule.from_pandas(as_texts.drop(columns="origin"))
    with pytest.raises(TypeError, match=re.escape("origins[1] is not a str")):
        Schedule.from_pandas(as_texts.assign(origin=["DEL", None]))


# ----------------------------------------------------------------------------------------------- kept and shared


def test_a_saved_schedule_is_opened_as_it_was(demo, tmp_path):
    file = tmp_path / "demo.schedule"
    demo.save(file)
    opened = Schedule.open(file)
    assert (len(opened), opened.airports, opened.horizon) == (len(demo), demo.airports, demo.horizon)
    assert ways(opened.search("DEL", "BLR", "2026-12-02")) == ways(demo.search("DEL", "BLR", "2026-12-02"))
    demo.save(file)  # over the one that is open
    assert ways(opened.search("FRA", "JFK", "2026-12-02")) == ways(demo.search("FRA", "JFK", "2026-12-02"))
    with pytest.raises(aircargo.NotFoundError):
        Schedule.open(tmp_path / "none")
    file.with_name("other").write_bytes(b"not a schedule")
    with pytest.raises(aircargo.InvalidInputError):
        Schedule.open(file.with_name("other"))
    with pytest.raises(aircargo.UnavailableError):
        demo.save(tmp_path / "no" / "folder")


def test_a_schedule_is_pickled_and_copied(small):
    for made in (pickle.loads(pickle.dumps(small)), copy.copy(small), copy.deepcopy(small)):
        assert type(made) is Schedule
        assert everything(made) == everything(small)
    with pytest.raises(aircargo.InvalidInputError):
        Schedule(Schedule._from_bytes(b"nonsense"))


def test_an_empty_schedule_finds_nothing():
    empty = Schedule([])
    assert (len(empty), empty.horizon, empty.airports) == (0, None, ())
    assert empty.search("DEL", "BLR", "2026-12-01").reason == "unknown_airport"
    assert len(empty.search_many(["DEL"], ["BLR"], "2026-12-01").itineraries) == 0


# --------------------------------------------------------------------------------------------------- many queries


def some_queries(schedule, count, seed=7):
    random = np.random.default_rng(seed)
    airports = np.array(schedule.airports)
    days = np.datetime64("2026-12-01") + random.integers(0, 5, count)
    return random.choice(airports, count), random.choice(airports, count), days


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"limit": 3, "order": "departure"},
        {"max_stops": 2, "limit": 5},
        {"max_stops": 0},
        {"zone": "utc", "limit": 4},
        {"airlines": ["LH", "CV"], "limit": 4},
        {"min_connection_minutes": 30, "limit": 7},
    ],
)
def test_many_queries_find_what_single_ones_do(demo, options):
    origins, destinations, days = some_queries(demo, 300)
    found = demo.search_many(origins, destinations, days, **options)
    assert len(found) == 300
    itineraries = 0
    for nth, (origin, destination, day) in enumerate(zip(origins, destinations, days)):
        one = demo.search(str(origin), str(destination), str(day), **options)
        limit = options.get("limit", 50)
        expected = [
            [*(flight.id for flight in itinerary.flights), itinerary.departure, itinerary.arrival]
            for itinerary in one[:limit]
        ]
        mine = [
            [
                *(int(row[name]) for name in found.itineraries.dtype.names[:-2] if row[name] >= 0),
                row["departure"].item().replace(tzinfo=timezone.utc),
                row["arrival"].item().replace(tzinfo=timezone.utc),
            ]
            for row in found[nth]
        ]
        assert mine == expected
        assert found.reason(nth) == one.reason
        itineraries += len(mine)
    assert itineraries > 10


def test_any_number_of_threads_gives_the_same(demo):
    asked = some_queries(demo, 500)
    one = demo.search_many(*asked, threads=1)
    for threads in (2, 5):
        many = demo.search_many(*asked, threads=threads)
        assert np.array_equal(one.itineraries, many.itineraries)
        assert np.array_equal(one.offsets, many.offsets)


def test_answers_are_views_of_one_memory_that_outlives_all_else(demo):
    found = Schedule(demo).search_many(*some_queries(demo, 50))
    names = found.itineraries.dtype.names
    assert names == ("leg_1", "leg_2", "departure", "arrival")
    assert found.itineraries.dtype["arrival"] == np.dtype("M8[s]")
    arrivals, first = found.itineraries["arrival"], found[0]
    assert np.shares_memory(arrivals, found.itineraries)
    kept = arrivals.copy()
    assert not found.itineraries.flags.owndata
    del found, first
    gc.collect()
    assert np.array_equal(arrivals, kept)
    with pytest.raises(ValueError, match="read-only"):
        arrivals[0] = np.datetime64(0, "s")


def test_memory_goes_when_the_last_array_does(demo):
    asked = some_queries(demo, 50)
    before = None
    for round in range(60):
        found = demo.search_many(*asked, limit=None)
        del found
        if round == 10:
            before = resident()
    assert resident() - before < 2_000_000


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_single_values_are_for_all_queries(small):
    found = small.search_many("DEL", ["BLR", "BOM", "HYD"], date(2026, 12, 1))
    assert found.counts.tolist() == [3, 1, 1]
    assert found.queries.tolist() == [0, 0, 0, 1, 2]
    assert [len(each) for each in found[1:]] == [1, 1]
    assert ways([found.itinerary(1)]) == ["AI102 6E103"]
    assert [len(each) for each in small.search_many("DEL", "BLR", "2026-12-01")] == [3]
    assert len(small.search_many([], [], np.array([], "M8[D]"))) == 0
    assert small.count_many("DEL", ["BLR", "BOM"], "2026-12-01", limit=1).tolist() == [3, 1]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ((["DEL", "DELHI"], "BLR", "2026-12-01"), "origins[1]: 'DELHI'"),
        (("DEL", ["BLR", "b"], "2026-12-01"), "destinations[1]"),
        ((["DEL"] * 2, ["BLR"] * 3, "2026-12-01"), "not equally long"),
        (("DEL", "BLR", np.array(["NaT"], "M8[D]")), "days[0] is not a day"),
        (("DEL", "BLR", np.array(["1950-01-01"], "M8[D]")), "days[0]"),
        (("DEL", "BLR", np.array([2**62]).view("M8[D]")), "days[0]"),
    ],
)
def test_a_query_that_is_none_is_named(small, asked, words):
    with pytest.raises(aircargo.InvalidInputError, match=re.escape(words)):
        small.search_many(*asked)


def test_a_batch_has_no_cost(small):
    with pytest.raises(TypeError, match="cost"):
        small.search_many("DEL", "BLR", "2026-12-01", cost=lambda flight: 1)


def test_other_threads_run_during_a_batch(demo):
    asked = some_queries(demo, 100_000)
    took = []

    def ask():
        began = time.perf_counter()
        demo.search_many(*asked, limit=20)
        took.append(time.perf_counter() - began)

    thread = threading.Thread(target=ask)
    thread.start()
    longest, last = 0.0, time.perf_counter()
    while thread.is_alive():
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert longest < took[0] / 2  # as long as all of it, if the lock were held meanwhile


def test_threads_share_a_schedule(demo):
    expected = ways(demo.search("DEL", "BLR", "2026-12-02", max_stops=2))
    found = []

    def ask():
        for _ in range(50):
            found.append(ways(demo.search("DEL", "BLR", "2026-12-02", max_stops=2)))
            demo.earliest("DEL", "JFK", "2026-12-02", max_stops=3)
            demo.flight(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 400


# ------------------------------------------------------------------------------------------------- airports, graphs


def test_airports_are_known_by_their_codes():
    delhi = aircargo.airport("del")
    assert (delhi.code, delhi.country, delhi.zone) == ("DEL", "IN", "Asia/Kolkata")
    assert (round(delhi.latitude, 1), round(delhi.longitude, 1)) == (28.6, 77.1)
    assert pickle.loads(pickle.dumps(delhi)) == delhi
    assert {delhi: 1}[aircargo.airport("DEL")] == 1
    with pytest.raises(aircargo.NotFoundError):
        aircargo.airport("QQQ")
    with pytest.raises(aircargo.InvalidInputError):
        aircargo.airport("Delhi")
    assert 1700 < aircargo.great_circle_km("DEL", "BLR") < 1720


def test_lanes_are_a_graph_of_networkx(small):
    nx = pytest.importorskip("networkx")
    graph = small.to_networkx()
    assert isinstance(graph, nx.DiGraph)
    assert {*graph.nodes} == {"DEL", "BOM", "BLR", "HYD"}
    assert graph.edges["BOM", "BLR"]["flights"] == 2
    assert graph.edges["BOM", "BLR"]["minutes"] == 100
    assert graph.nodes["BLR"]["country"] == "IN"
    assert nx.shortest_path(graph, "HYD", "BLR", weight="minutes") == ["HYD", "BLR"]


def test_demo_and_made_up_worlds_are_the_same_each_time():
    assert everything(Schedule.demo("2026-12-01", days=2)) == everything(Schedule.demo(date(2026, 12, 1), 2))
    one, other = Schedule.made_up(2000, days=2), Schedule.made_up(2000, days=2)
    assert len(one) == 2000
    assert everything(one) == everything(other)
    with pytest.raises(aircargo.InvalidInputError):
        Schedule.demo("2026-12-01", days=0)


def test_a_schedule_tells_what_it_is(small):
    assert repr(small) == ("Schedule(6 flights between 4 airports, 2026-12-01T05:00:00Z to 2026-12-01T12:00:00Z)")
    assert small.horizon == (at("2026-12-01 05:00"), at("2026-12-01 12:00"))
    assert small.nbytes > 0
    assert timedelta(hours=3) == small.flight(1).duration
