#include "route_options.hpp"
#include <aircargo/world/time_zones.hpp>
#include <datetime.h>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace aircargo::python {
namespace {

constexpr std::int64_t most_minutes = 31 * 24 * 60;

void need_datetime()
{
    if (!PyDateTimeAPI) PyDateTime_IMPORT;  // each source has its own
    if (!PyDateTimeAPI) throw py::error_already_set();
}

[[nodiscard]] std::int64_t number_between(py::handle from, std::int64_t least, std::int64_t most,
                                          char const* name)
{
    auto const value = whole_number_from(from).value;
    if (value >= least && value <= most) return value;
    raise(refuse(errc::invalid_request, std::string(name) + " is a number from " +
                                            std::to_string(least) + " to " + std::to_string(most)));
}

[[nodiscard]] bool truth_of(py::handle from, char const* name)
{
    if (PyBool_Check(from.ptr())) return from.ptr() == Py_True;
    throw py::type_error(std::string(name) + " is True or False");
}

/// Every member of something that can be iterated over; a text would fall into its letters.
template <class Use>
void for_each_in(py::handle from, char const* name, Use use)
{
    if (PyUnicode_Check(from.ptr()))
        throw py::type_error(std::string(name) + " is a list, such as [" +
                             py::cast<std::string>(py::repr(from)) + "]");
    for (auto member : py::iter(from)) use(member);
}

[[nodiscard]] std::vector<airport_code> airports_from(py::handle from, char const* name)
{
    std::vector<airport_code> all;
    for_each_in(from, name, [&](py::handle member) { all.push_back(airport_from(member)); });
    return all;
}

/// The airline that flight numbers of this designator have.
[[nodiscard]] airline_designator airline_from(py::handle from)
{
    auto const text = text_from(from).value;
    auto const number = flight_number::parse(text + "1");
    if (text.size() == 2 && number) return std::string(number->airline());
    raise(
        refuse(errc::invalid_request, quoted(text) + " is not an airline's designator such as AI"));
}

void set_connections(connection_rule& rule, py::handle from)
{
    for (auto const [key, least] : py::cast<py::dict>(from)) {
        std::chrono::minutes const time(number_between(least, 0, most_minutes, "a connection"));
        if (!py::isinstance<py::tuple>(key)) {
            rule.set(airport_from(key), time);
            continue;
        }
        auto const airlines = py::cast<py::tuple>(key);
        if (airlines.size() != 2)
            throw py::type_error("a key of connections is an airport or a pair of airlines");
        rule.set(airline_from(airlines[0]), airline_from(airlines[1]), time);
    }
}

[[nodiscard]] route_order order_from(py::handle from)
{
    auto const text = text_from(from).value;
    if (text == "arrival") return route_order::arrival;
    if (text == "departure") return route_order::departure;
    if (text == "duration") return route_order::duration;
    if (text == "cost") return route_order::cost;
    raise(refuse(errc::invalid_request,
                 quoted(text) + " is not an order: arrival, departure, duration or cost"));
}

[[nodiscard]] bool is_utc(py::handle from)
{
    auto const text = text_from(from).value;
    if (text != "origin" && text != "utc")
        raise(refuse(errc::invalid_request, quoted(text) + " is not a zone: origin or utc"));
    return text == "utc";
}

using setter = void (*)(route_options&, py::handle);

/// The keyword arguments. What is None is as if it had not been given.
constexpr std::array<std::pair<std::string_view, setter>, 15> setters{{
    {"max_stops",
     [](route_options& o, py::handle v) {
         o.query.max_stops = static_cast<std::size_t>(number_between(v, 0, 15, "max_stops"));
     }},
    {"limit",
     [](route_options& o, py::handle v) {
         constexpr auto most = std::numeric_limits<std::int64_t>::max();
         o.query.limit = static_cast<std::size_t>(number_between(v, 1, most, "limit"));
     }},
    {"order", [](route_options& o, py::handle v) { o.query.order = order_from(v); }},
    {"zone", [](route_options& o, py::handle v) { o.utc_day = is_utc(v); }},
    {"via", [](route_options& o, py::handle v) { o.query.filter.via = airports_from(v, "via"); }},
    {"avoid",
     [](route_options& o, py::handle v) { o.query.filter.avoid = airports_from(v, "avoid"); }},
    {"airlines",
     [](route_options& o, py::handle v) {
         for_each_in(v, "airlines", [&](py::handle airline) {
             o.query.filter.airlines.push_back(airline_from(airline));
         });
     }},
    {"earliest_departure",
     [](route_options& o, py::handle v) { o.query.filter.earliest_departure = time_from(v); }},
    {"latest_arrival",
     [](route_options& o, py::handle v) { o.query.filter.latest_arrival = time_from(v); }},
    {"longest_minutes",
     [](route_options& o, py::handle v) {
         o.query.filter.longest =
             std::chrono::minutes(number_between(v, 1, most_minutes, "longest_minutes"));
     }},
    {"min_connection_minutes",
     [](route_options& o, py::handle v) {
         o.query.connection = connection_rule(
             std::chrono::minutes(number_between(v, 0, 2880, "min_connection_minutes")));
     }},
    {"through_flights",
     [](route_options& o, py::handle v) {
         o.query.through_flights = truth_of(v, "through_flights");
     }},
    {"collapse_codeshares",
     [](route_options& o, py::handle v) {
         o.query.collapse_codeshares = truth_of(v, "collapse_codeshares");
     }},
    {"explain", [](route_options& o, py::handle v) { o.query.explain = truth_of(v, "explain"); }},
    {"cost",
     [](route_options& o, py::handle v) { o.cost = py::reinterpret_borrow<py::object>(v); }},
}};

[[nodiscard]] std::string_view name_from(py::handle key)
{
    py::ssize_t size = 0;
    char const* const text = PyUnicode_AsUTF8AndSize(key.ptr(), &size);
    if (!text) throw py::error_already_set();
    return {text, static_cast<std::size_t>(size)};
}

/// Before anything is read: `airport_code` can only be made from a text.
[[nodiscard]] route_options plain_options()
{
    static auto const nowhere = airport_code::parse("AAA").value();
    route_options options{{nowhere, nowhere, {}}, false, {}};
    options.query.limit = usual_limit;
    return options;
}

}  // namespace

date day_from(py::handle from)
{
    if (PyUnicode_Check(from.ptr())) return value_or_raise(parse_date(text_from(from).value));
    auto* const d = from.ptr();
    need_datetime();
    if (!PyDate_Check(d) || PyDateTime_Check(d))
        throw py::type_error("a day is a datetime.date or a str such as '2026-12-01'");
    return std::chrono::year(PyDateTime_GET_YEAR(d)) /
           std::chrono::month(static_cast<unsigned>(PyDateTime_GET_MONTH(d))) /
           std::chrono::day(static_cast<unsigned>(PyDateTime_GET_DAY(d)));
}

bool is_instant(py::handle from)
{
    need_datetime();
    return PyDateTime_Check(from.ptr());
}

route_options options_from(py::kwargs const& given, std::span<std::string_view const> without)
{
    auto options = plain_options();
    py::handle connections;
    for (auto const [key, value] : given) {
        auto const name = name_from(key);
        bool const has = std::find(without.begin(), without.end(), name) == without.end();
        if (has && name == "limit" && value.is_none()) {
            options.query.limit = std::numeric_limits<std::size_t>::max();
            continue;
        }
        if (has && name == "connections") {
            connections = value;
            continue;
        }
        auto const known = std::find_if(setters.begin(), setters.end(),
                                        [&](auto const& s) { return s.first == name; });
        if (!has || known == setters.end())
            throw py::type_error("this search has no argument '" + std::string(name) + "'");
        if (!value.is_none()) known->second(options, value);
    }
    // After min_connection_minutes, wherever that stood.
    if (connections && !connections.is_none())
        set_connections(options.query.connection, connections);
    return options;
}

day_window window_of(airport_code origin, date day, bool in_utc)
{
    return in_utc ? utc_day(day) : value_or_raise(day_at(origin, day));
}

}  // namespace aircargo::python
