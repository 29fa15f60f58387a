#include "bind.hpp"
#include "columns.hpp"
#include "journey.hpp"
#include "route_options.hpp"
#include "routes.hpp"
#include "searches.hpp"
#include "shared_schedule.hpp"
#include <aircargo/routing/flight_check.hpp>
#include <aircargo/service/flight_import.hpp>
#include <aircargo/service/schedule_file.hpp>
#include <aircargo/store/memory.hpp>
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <aircargo/world/made_up_schedule.hpp>
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <unordered_set>

namespace aircargo::python {

std::optional<flight_place> shared_schedule::place_of(flight_id id) const
{
    std::call_once(shared_->made_places, [&] { make_places(); });
    auto const& places = shared_->places;
    auto const found =
        std::lower_bound(places.begin(), places.end(), id,
                         [](auto const& p, flight_id wanted) { return p.id < wanted; });
    return found != places.end() && found->id == id ? std::optional(found->place) : std::nullopt;
}

void shared_schedule::make_places() const
{
    auto const& s = get();
    auto& places = shared_->places;
    places.reserve(s.size());
    for (airport_index a = 0; a < s.airports().size(); ++a) {
        for (auto const& l : s.departures(a).lanes()) {
            for (auto p = l.begin(); p != l.end(); p = l.next(p))
                places.push_back({l.at(p).id, {a, l.other_end(), p}});
        }
    }
    std::sort(places.begin(), places.end(),
              [](auto const& x, auto const& y) { return x.id < y.id; });
}

namespace {

/// Gives numbers to flights that have none. All have one, or none has.
void number(std::vector<flight>& flights)
{
    auto const has_none = [](flight const& f) { return f.id == flight_id(0); };
    auto const without = std::count_if(flights.begin(), flights.end(), has_none);
    if (without == 0) {
        std::unordered_set<std::int64_t> seen;
        for (auto const& f : flights) {
            if (seen.insert(static_cast<std::int64_t>(f.id)).second) continue;
            raise(refuse(
                errc::invalid_request,
                "two flights have the id " + std::to_string(static_cast<std::int64_t>(f.id))));
        }
        return;
    }
    if (without != std::ssize(flights))
        raise(refuse(errc::invalid_request, "some flights have an id and some have none"));
    std::int64_t id = 0;
    for (auto& f : flights) f.id = flight_id(++id);
}

/// A schedule of what can be true. In strict mode all of it must be.
[[nodiscard]] shared_schedule schedule_of(std::vector<flight> flights, bool strict)
{
    number(flights);
    std::vector<left_out> without;
    std::vector<flight> sound;
    sound.reserve(flights.size());
    for (std::size_t i = 0; i < flights.size(); ++i) {
        if (auto const fault = fault_of(flights[i], find_airport)) {
            without.push_back({i, std::string(name_of(*fault))});
        } else {
            sound.push_back(std::move(flights[i]));
        }
    }
    if (strict && !without.empty())
        raise(refuse(errc::invalid_request, "flight " + std::to_string(without.front().place) +
                                                " can not be true: " + without.front().reason));
    py::gil_scoped_release const others_run;
    return shared_schedule(schedule(sound), std::move(without));
}

[[nodiscard]] shared_schedule from_csv(std::string const& path, bool strict)
{
    auto const store = make_flight_store<memory_flight_store>();
    std::optional<result<import_report>> report;
    std::vector<flight> flights;
    {
        py::gil_scoped_release const others_run;
        import_options options;
        options.strict = strict;
        options.airports = find_airport;
        report = import_flights(path, *store, options);
        if (*report) flights = store->load({}).value();
    }
    auto const read = value_or_raise(*std::move(report));
    if (strict && read.bad > 0)
        raise(refuse(errc::invalid_request, "line " + std::to_string(read.bad_lines.front().line) +
                                                ": " + read.bad_lines.front().reason));
    std::vector<left_out> without;
    for (auto const& [line, reason] : read.bad_lines) without.push_back({line, reason});
    py::gil_scoped_release const others_run;
    return shared_schedule(schedule(flights), std::move(without));
}

/// What `from_columns` reads, column by column.
struct flight_columns {
    text_column numbers;
    text_column origins;
    text_column destinations;
    number_view departures;
    number_view arrivals;
    std::optional<text_column> airline_names;
    std::optional<number_view> ids;

    void need_one_size() const
    {
        auto const size = numbers.size();
        bool const same = origins.size() == size && destinations.size() == size &&
                          departures.size() == size && arrivals.size() == size &&
                          (!airline_names || airline_names->size() == size) &&
                          (!ids || ids->size() == size);
        if (!same) raise(refuse(errc::invalid_request, "the columns are not equally long"));
    }

    template <class Parse>
    [[nodiscard]] static auto parsed(text_column& column, std::size_t i, Parse parse)
    {
        auto const value = parse(column.at(i));
        if (!value) raise_at(column.name(), i, value.error());
        return *value;
    }
    [[nodiscard]] static std::string name(text_column& column, std::size_t i)
    {
        auto const text = column.at(i);
        if (!is_clean_utf8(text))
            raise_at(column.name(), i, refuse(errc::invalid_request, "is not UTF-8"));
        return std::string(text);
    }
    [[nodiscard]] static utc_time time(number_view const& column, char const* name, std::size_t i)
    {
        // Further away no search can hold it; `fault_of` then says that it is outside of the
        // calendar.
        constexpr std::int64_t far = 1'000'000'000'000;
        if (column[i] < -far || column[i] > far)
            raise_at(name, i, refuse(errc::invalid_time, "is not a time"));
        return from_epoch(column[i]);
    }

    [[nodiscard]] flight at(std::size_t i)
    {
        return {flight_id(ids ? (*ids)[i] : 0),
                parsed(numbers, i, flight_number::parse),
                airline_names ? name(*airline_names, i) : std::string(),
                parsed(origins, i, airport_code::parse),
                parsed(destinations, i, airport_code::parse),
                time(departures, "departures", i),
                time(arrivals, "arrivals", i)};
    }
};

[[nodiscard]] shared_schedule from_columns(py::buffer const& numbers, py::buffer const& origins,
                                           py::buffer const& destinations,
                                           py::buffer const& departures, py::buffer const& arrivals,
                                           std::optional<py::buffer> const& airline_names,
                                           std::optional<py::buffer> const& ids, bool strict)
{
    flight_columns columns{{numbers, "numbers"},
                           {origins, "origins"},
                           {destinations, "destinations"},
                           {departures, "departures"},
                           {arrivals, "arrivals"},
                           {},
                           {}};
    if (airline_names) columns.airline_names.emplace(*airline_names, "airline_names");
    if (ids) columns.ids.emplace(*ids, "ids");
    columns.need_one_size();
    std::vector<flight> flights;
    flights.reserve(columns.numbers.size());
    for (std::size_t i = 0; i < columns.numbers.size(); ++i) flights.push_back(columns.at(i));
    return schedule_of(std::move(flights), strict);
}

[[nodiscard]] shared_schedule demo(py::handle day, int days)
{
    auto const first = day_from(day);
    if (days < 1 || days > 366)
        raise(refuse(errc::invalid_request, "days is a number from 1 to 366"));
    return schedule_of(demo_schedule(first, days), true);
}

[[nodiscard]] shared_schedule made_up(std::size_t flights, int days, py::handle day,
                                      std::uint64_t seed)
{
    auto const first = day_from(day);
    if (days < 1 || days > 366 || flights > 50'000'000)
        raise(refuse(errc::invalid_request,
                     "a made-up world has 1 to 366 days and at most 50 million flights"));
    std::vector<flight> made;
    {
        py::gil_scoped_release const others_run;
        made = made_up_schedule({flights, days, first, seed});
    }
    return schedule_of(std::move(made), true);
}

/// A path as Python has them: str, bytes or anything with `__fspath__`.
[[nodiscard]] std::filesystem::path path_from(py::handle from)
{
    PyObject* bytes = nullptr;
    if (!PyUnicode_FSConverter(from.ptr(), &bytes)) throw py::error_already_set();
    return static_cast<std::string>(py::reinterpret_steal<py::bytes>(bytes));
}

void save(shared_schedule const& self, py::handle path)
{
    auto const to = path_from(path);
    auto const saved = [&] {
        py::gil_scoped_release const others_run;
        return save_schedule(to, self.get());
    }();
    if (!saved) raise(saved.error());
}

[[nodiscard]] shared_schedule open(py::handle path)
{
    auto const from = path_from(path);
    auto opened = [&] {
        py::gil_scoped_release const others_run;
        return open_schedule(from);
    }();
    return shared_schedule(value_or_raise(std::move(opened)));
}

[[nodiscard]] shared_schedule from_bytes(py::bytes const& data)
{
    auto const text = static_cast<std::string_view>(data);
    auto const memory = detail::aligned_memory(text.size());
    std::memcpy(memory.get(), text.data(), text.size());
    return shared_schedule(
        value_or_raise(schedule::from_bytes(memory, std::span(memory.get(), text.size()))));
}

[[nodiscard]] py::bytes to_bytes(shared_schedule const& self)
{
    auto const bytes = self.get().bytes();
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

[[nodiscard]] flight flight_with(shared_schedule const& self, flight_id id)
{
    auto const place = self.place_of(id);
    if (!place)
        raise(refuse(errc::not_found, "the schedule has no flight " +
                                          std::to_string(static_cast<std::int64_t>(id))));
    return flight_of(self.get().at(*place));
}

[[nodiscard]] py::list flights_of(shared_schedule const& self)
{
    auto all = [&] {
        py::gil_scoped_release const others_run;
        auto flights = self.get().flights();
        std::sort(flights.begin(), flights.end(),
                  [](flight const& a, flight const& b) { return a.id < b.id; });
        return flights;
    }();
    py::list out(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = py::cast(std::move(all[i]));
    return out;
}

[[nodiscard]] py::tuple airports_of(shared_schedule const& self)
{
    auto const codes = self.get().airports();
    py::tuple out(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) out[i] = py::cast(codes[i]);
    return out;
}

[[nodiscard]] py::object horizon_of(shared_schedule const& self)
{
    auto const horizon = self.get().horizon();
    if (!horizon) return py::none();
    return py::make_tuple(horizon->first, horizon->second);
}

[[nodiscard]] py::tuple left_out_of(shared_schedule const& self)
{
    py::tuple out(self.without().size());
    for (std::size_t i = 0; i < self.without().size(); ++i)
        out[i] = py::make_tuple(self.without()[i].place, self.without()[i].reason);
    return out;
}

/// Every lane: its ends, how many flights it has, and the minutes of the fastest.
[[nodiscard]] py::list lanes_of(shared_schedule const& self)
{
    auto const& s = self.get();
    py::list out;
    for (airport_index a = 0; a < s.airports().size(); ++a) {
        for (auto const& l : s.departures(a).lanes()) {
            if (l.size() == 0) continue;
            out.append(py::make_tuple(s.airports()[a], s.airports()[l.other_end()], l.size(),
                                      l.least_block() / 60));
        }
    }
    return out;
}

[[nodiscard]] std::string shown(shared_schedule const& self)
{
    auto const& s = self.get();
    auto text = "Schedule(" + std::to_string(s.size()) + " flights between " +
                std::to_string(s.airports().size()) + " airports";
    if (auto const horizon = s.horizon()) {
        text += ", " + to_string(horizon->first) + " to " + to_string(horizon->second);
    }
    return text + ")";
}

// ------------------------------------------------------------------------------------------
// airports

[[nodiscard]] airport known_airport(airport_code code)
{
    if (auto const* const found = find_airport(code)) return *found;
    raise(refuse(errc::not_found,
                 "there is no airport " + std::string(code.str()) + " in the airport table"));
}

void bind_airports(py::module_& m)
{
    py::class_<airport>(m, "Airport", R"(A place that flights serve.

Parameters
----------
code : str
    IATA code, such as ``"DEL"``.

Raises
------
InvalidInputError
    If it is not three letters.
NotFoundError
    If no airport has this code.
)")
        .def(py::init(&known_airport), py::arg("code"))
        .def_property_readonly(
            "code", [](airport const& a) { return a.code; }, "IATA code.")
        .def_property_readonly(
            "name", [](airport const& a) { return a.name; }, "In English.")
        .def_property_readonly(
            "city", [](airport const& a) { return a.city; }, "May be empty.")
        .def_property_readonly(
            "country", [](airport const& a) { return a.country; }, "ISO 3166-1, two letters.")
        .def_property_readonly(
            "latitude", [](airport const& a) { return a.latitude; }, "Degrees, north is positive.")
        .def_property_readonly(
            "longitude", [](airport const& a) { return a.longitude; }, "Degrees, east is positive.")
        .def_property_readonly(
            "zone", [](airport const& a) { return a.zone; },
            "IANA time zone, such as ``Asia/Kolkata``.")
        .def("__eq__",
             [](airport const& a, py::handle other) {
                 return py::isinstance<airport>(other) &&
                        py::cast<airport const&>(other).code == a.code;
             })
        .def("__hash__", [](airport const& a) { return py::hash(py::cast(a.code)); })
        .def("__repr__",
             [](airport const& a) {
                 return "<Airport " + std::string(a.code.str()) + " " + a.name + ">";
             })
        .def("__reduce__", [](airport const& a) {
            return py::make_tuple(py::type::of<airport>(), py::make_tuple(a.code));
        });
    m.def("airport", &known_airport, py::arg("code"), R"(Find an airport of the world by its code.

Parameters
----------
code : str
    IATA code, such as ``"DEL"``.

Returns
-------
Airport
    Its name, place and time zone.

Raises
------
InvalidInputError
    If it is not three letters.
NotFoundError
    If no airport has this code.

Examples
--------
>>> import aircargo
>>> aircargo.airport("DEL").zone
'Asia/Kolkata'
)");
    m.def(
        "great_circle_km",
        [](airport_code from, airport_code to) {
            return great_circle_km(known_airport(from), known_airport(to));
        },
        py::arg("origin"), py::arg("destination"),
        R"(Length of the great circle between two airports.

Parameters
----------
origin, destination : str
    IATA codes.

Returns
-------
float
    Kilometres, on a sphere; off by at most 0.6 %.

Raises
------
InvalidInputError
    If a code is not three letters.
NotFoundError
    If no airport has a code.

Examples
--------
>>> import aircargo
>>> round(aircargo.great_circle_km("DEL", "BLR"))
1710
)");
}

}  // namespace

void bind_schedule(py::module_& m)
{
    bind_airports(m);
    py::class_<shared_schedule> bound(m, "Schedule", "What aircargo.Schedule is made of.");
    bound.def(py::init<shared_schedule const&>(), py::arg("other"))
        .def(py::init([](std::vector<flight> flights, bool strict) {
                 return schedule_of(std::move(flights), strict);
             }),
             py::arg("flights"), py::kw_only(), py::arg("strict") = false)
        .def_static("_from_csv", &from_csv, py::arg("path"), py::arg("strict"))
        .def_static("_from_columns", &from_columns, py::arg("numbers"), py::arg("origins"),
                    py::arg("destinations"), py::arg("departures"), py::arg("arrivals"),
                    py::arg("airline_names"), py::arg("ids"), py::arg("strict"))
        .def_static("_demo", &demo, py::arg("day"), py::arg("days"))
        .def_static("_made_up", &made_up, py::arg("flights"), py::arg("days"), py::arg("day"),
                    py::arg("seed"))
        .def_static("_open", &open, py::arg("path"))
        .def_static("_from_bytes", &from_bytes, py::arg("data"))
        .def("_bytes", &to_bytes)
        .def("_lanes", &lanes_of)
        .def("save", &save, py::arg("path"), R"(Write the schedule to a file that `open` maps.

Parameters
----------
path : str or os.PathLike
    A file that is there is replaced, whole or not at all; whoever has it open keeps it.

Raises
------
UnavailableError
    If the file can not be written.
)")
        .def("flight", &flight_with, py::arg("id"), R"(Find a flight by its number in this schedule.

Parameters
----------
id : int
    As `search_many` gives them.

Returns
-------
Flight
    The flight.

Raises
------
NotFoundError
    If no flight has this number.
)")
        .def("flights", &flights_of, R"(List all flights.

Returns
-------
list of Flight
    By id.
)")
        .def("__len__", [](shared_schedule const& s) { return s.get().size(); })
        .def("__repr__", &shown)
        .def_property_readonly("airports", &airports_of,
                               "Codes of all airports, the busiest first; a tuple.")
        .def_property_readonly("horizon", &horizon_of,
                               "First and last departure, UTC; None where there is no flight.")
        .def_property_readonly(
            "left_out", &left_out_of,
            "Pairs of a line or position and a reason: flights that can not be true.")
        .def_property_readonly(
            "nbytes", [](shared_schedule const& s) { return s.get().hot_memory(); },
            "Bytes that searches read.");
    add_searches(bound);
}

}  // namespace aircargo::python
