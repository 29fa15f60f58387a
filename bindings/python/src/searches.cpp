#include "searches.hpp"
#include "columns.hpp"
#include "route_options.hpp"
#include "routes.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/pareto.hpp>
#include <aircargo/routing/profile.hpp>
#include <aircargo/service/batch_search.hpp>
#include <aircargo/world/time_zones.hpp>
#include <array>
#include <thread>
#include <unordered_map>

namespace aircargo::python {
namespace {

using names = std::span<std::string_view const>;

// What plays no part where all that counts is arriving early, stopping seldom and cost.
constexpr std::array<std::string_view, 4> not_of_pareto{"limit", "order", "through_flights",
                                                        "explain"};
constexpr std::array<std::string_view, 5> not_of_earliest{"limit", "order", "through_flights",
                                                          "explain", "cost"};
constexpr std::array<std::string_view, 1> not_of_many{"cost"};

/// What a callable says that a flight costs. \pre the GIL is held whenever it is asked
[[nodiscard]] flight_cost cost_by(py::object const& callable)
{
    return [callable](flight_view const& f) {
        auto const cost = whole_number_from(callable(flight_of(f))).value;
        if (cost >= 0) return cost;
        raise(
            refuse(errc::invalid_request, "a flight costs 0 or more, not " + std::to_string(cost)));
    };
}

[[nodiscard]] route_options asked_for(airport_code origin, airport_code destination,
                                      py::kwargs const& given, names without = {})
{
    auto options = options_from(given, without);
    options.query.origin = origin;
    options.query.destination = destination;
    if (options.cost) options.query.cost = cost_by(options.cost);
    if (options.query.order == route_order::cost && !options.cost)
        raise(refuse(errc::invalid_request, "the order of cost needs cost="));
    return options;
}

[[nodiscard]] route_options asked_of_day(airport_code origin, airport_code destination,
                                         py::handle day, py::kwargs const& given,
                                         names without = {})
{
    auto options = asked_for(origin, destination, given, without);
    options.query.day = window_of(origin, day_from(day), options.utc_day);
    return options;
}

/// Lets other threads run meanwhile, unless the search calls Python.
template <class Search>
auto unlocked(route_query const& query, Search search)
{
    if (query.cost) return search();
    py::gil_scoped_release const others_run;
    return search();
}

[[nodiscard]] routes find_routes(shared_schedule const& self, airport_code origin,
                                 airport_code destination, py::handle day, py::kwargs const& given)
{
    auto const query = asked_of_day(origin, destination, day, given).query;
    if (query.cost) {  // which may search in turn
        auto const answer = search(self.get(), query);
        return {self.keep(), answer, query};
    }
    static thread_local route_search finder;
    static thread_local route_answer answer;
    unlocked(query, [&] { finder.run(self.get(), query, answer); });
    return {self.keep(), answer, query};
}

[[nodiscard]] py::list find_pareto(shared_schedule const& self, airport_code origin,
                                   airport_code destination, py::handle day,
                                   py::kwargs const& given)
{
    auto const query = asked_of_day(origin, destination, day, given, not_of_pareto).query;
    pareto_search search;
    auto const found = unlocked(query, [&] { return search(self.network(), query); });
    py::list out;
    for (auto const& [i, cost] : found) out.append(py::make_tuple(journey_of(i), cost));
    return out;
}

[[nodiscard]] py::list find_profile(shared_schedule const& self, airport_code origin,
                                    airport_code destination, py::handle day,
                                    py::kwargs const& given)
{
    auto const query = asked_of_day(origin, destination, day, given, not_of_earliest).query;
    profile_search search;
    auto const found = unlocked(query, [&] { return search(self.network(), query); });
    py::list out;
    for (auto const& i : found) out.append(journey_of(i));
    return out;
}

[[nodiscard]] std::optional<journey> find_earliest(shared_schedule const& self, airport_code origin,
                                                   airport_code destination, py::handle when,
                                                   py::kwargs const& given)
{
    auto options = asked_for(origin, destination, given, not_of_earliest);
    auto& query = options.query;
    query.day = is_instant(when) ? any_time_from(time_from(when))
                                 : window_of(origin, day_from(when), options.utc_day);
    earliest_search search;
    auto const found = unlocked(query, [&] { return search(self.network(), query); });
    return found ? std::optional(journey_of(*found)) : std::nullopt;
}

// ------------------------------------------------------------------------------------------ many
// queries

[[nodiscard]] std::vector<airport_code> codes_of(text_column column)
{
    std::vector<airport_code> codes;
    codes.reserve(column.size());
    for (std::size_t i = 0; i < column.size(); ++i) {
        auto const code = airport_code::parse(column.at(i));
        if (!code) raise_at(column.name(), i, code.error());
        codes.push_back(*code);
    }
    return codes;
}

/// The windows of days at airports: a batch asks for few of them many times.
class known_windows {
public:
    explicit known_windows(bool in_utc) : in_utc_(in_utc) {}

    [[nodiscard]] result<day_window> of(airport_code origin, std::int64_t day)
    {
        auto const key = static_cast<std::uint64_t>(day) << 16 | origin.index();
        if (auto const known = known_.find(key); known != known_.end()) return known->second;
        date const asked{std::chrono::sys_days{std::chrono::days{day}}};
        auto const window = in_utc_ ? result<day_window>(utc_day(asked)) : day_at(origin, asked);
        if (window) known_.emplace(key, *window);
        return window;
    }

private:
    bool in_utc_;
    std::unordered_map<std::uint64_t, day_window> known_;
};

// 1970-01-01 to 2200-01-01, in days.
constexpr std::int64_t last_day = 84'006;

/// Three columns and the options of all queries.
[[nodiscard]] std::vector<route_query> queries_of(py::buffer const& origins,
                                                  py::buffer const& destinations,
                                                  py::buffer const& days, py::kwargs const& given)
{
    auto const options = options_from(given, not_of_many);
    auto const from = codes_of({origins, "origins"});
    auto const to = codes_of({destinations, "destinations"});
    number_view const on(days, "days");
    if (from.size() != to.size() || from.size() != on.size())
        raise(refuse(errc::invalid_request, "origins, destinations and days are not as long"));
    known_windows windows(options.utc_day);
    std::vector<route_query> queries(from.size(), options.query);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        bool const sound = on[i] >= 0 && on[i] <= last_day;
        auto const window = sound
                                ? windows.of(from[i], on[i])
                                : refuse(errc::invalid_time, "is not a day between 1970 and 2200");
        if (!window) raise_at("days", i, window.error());
        queries[i].origin = from[i];
        queries[i].destination = to[i];
        queries[i].day = *window;
    }
    return queries;
}

/// Rows, legs a row, offsets and reasons of an answer, which lives as long as one of them does.
[[nodiscard]] py::tuple find_many(shared_schedule const& self, py::buffer const& origins,
                                  py::buffer const& destinations, py::buffer const& days,
                                  std::size_t threads, py::kwargs const& given)
{
    auto const queries = queries_of(origins, destinations, days, given);
    auto const found = std::make_shared<batch_table>();
    {
        py::gil_scoped_release const others_run;
        batch_search(threads).run(self.get(), queries, *found);
    }
    return py::make_tuple(memory_of(found, found->cells.data(), found->cells.size()), found->legs,
                          memory_of(found, found->offsets.data(), found->offsets.size()),
                          memory_of(found, found->reasons.data(), found->reasons.size()));
}

[[nodiscard]] shared_memory count_many(shared_schedule const& self, py::buffer const& origins,
                                       py::buffer const& destinations, py::buffer const& days,
                                       std::size_t threads, py::kwargs const& given)
{
    auto const queries = queries_of(origins, destinations, days, given);
    auto const counts = std::make_shared<std::vector<std::int64_t>>();
    {
        py::gil_scoped_release const others_run;
        batch_search(threads).count(self.get(), queries, *counts);
    }
    return memory_of(counts, counts->data(), counts->size());
}

}  // namespace

void add_searches(py::class_<shared_schedule>& to)
{
    to.def("search", &find_routes, py::arg("origin"), py::arg("destination"), py::arg("day"),
           R"(Find the itineraries of a day.

The first flight departs on that day, later ones before the end of the day after; no airport is visited twice.

Parameters
----------
origin, destination : str
    IATA airport codes.
day : datetime.date or str
    The calendar day, such as ``"2026-12-01"``.
**options
    Keyword arguments, each with a default:

    - ``zone``, ``"origin"`` (default) or ``"utc"``: whose day it is;
    - ``max_stops``, 0 to 15, default 1;
    - ``limit``, default 50: itineraries of each list; None for all, which may be millions where more than one stop
      is allowed;
    - ``order``, ``"arrival"`` (default), ``"departure"``, ``"duration"`` or ``"cost"``;
    - ``cost``, a callable that takes a `Flight` and gives a whole number, 0 or more;
    - ``via`` and ``avoid``, lists of airport codes: one of the stops is among them, none is;
    - ``airlines``, a list of designators such as ``"AI"`` that every flight is of;
    - ``earliest_departure`` and ``latest_arrival``, aware datetimes;
    - ``longest_minutes``, from first departure to last arrival;
    - ``min_connection_minutes``, default 120, and ``connections``, a dict of exceptions: minutes by airport, or by a
      pair of airlines;
    - ``through_flights``: a flight number that flies on keeps its cargo aboard and counts as direct;
    - ``collapse_codeshares``: of flights that leave and land together only the first by number;
    - ``explain``, default True: say why where there is no route.

Returns
-------
Routes
    A sequence of `Itinerary`, the best first.

Raises
------
InvalidInputError
    If a code, a day, a number or a name is not what it must be, or a time is naive.

Examples
--------
>>> import aircargo
>>> schedule = aircargo.Schedule.demo("2026-12-01", days=3)
>>> routes = schedule.search("DEL", "BLR", "2026-12-01", limit=1)
>>> routes[0].destination
'BLR'
)")
        .def("pareto", &find_pareto, py::arg("origin"), py::arg("destination"), py::arg("day"),
             R"(Find the itineraries between which only taste decides.

None of them is beaten by another one that lands no later, stops no more often and costs no more.

Parameters
----------
origin, destination : str
    IATA airport codes.
day : datetime.date or str
    The calendar day.
**options
    As for `search`, but for ``limit``, ``order``, ``through_flights`` and ``explain``. Without ``cost`` all flights
    cost 0.

Returns
-------
list of tuple
    Pairs of an `Itinerary` and what its flights cost together; by arrival, then stops, then cost.

Raises
------
InvalidInputError
    As `search` does.
)")
        .def("profile", &find_profile, py::arg("origin"), py::arg("destination"), py::arg("day"),
             R"(Find the itineraries of a day that are worth a look.

None of them is beaten by another one that departs no earlier, lands no later and stops no more often.

Parameters
----------
origin, destination : str
    IATA airport codes.
day : datetime.date or str
    The calendar day.
**options
    As for `pareto`, but for ``cost``.

Returns
-------
list of Itinerary
    By departure, then stops.

Raises
------
InvalidInputError
    As `search` does.
)")
        .def("earliest", &find_earliest, py::arg("origin"), py::arg("destination"), py::arg("when"),
             R"(Find the itinerary that lands first.

Parameters
----------
origin, destination : str
    IATA airport codes.
when : datetime.date, str or datetime.datetime
    The day on which the first flight departs, or the instant from which on it may.
**options
    As for `pareto`, but for ``cost``. ``max_stops`` is 1 unless more are allowed.

Returns
-------
Itinerary or None
    None where there is no way.

Raises
------
InvalidInputError
    As `search` does.
)")
        .def("_search_many", &find_many, py::arg("origins"), py::arg("destinations"),
             py::arg("days"), py::arg("threads"))
        .def("_count_many", &count_many, py::arg("origins"), py::arg("destinations"),
             py::arg("days"), py::arg("threads"));
}

}  // namespace aircargo::python
