#include "cargo_flights.hpp"
#include "value_class.hpp"
#include <aircargo/service/flight_import.hpp>
#include <aircargo/world/airport_table.hpp>

namespace aircargo::python {
namespace {

[[nodiscard]] std::vector<flight> upsert(cargo& c, std::vector<flight> const& flights)
{
    return value_or_raise(c.waiting([&](desk& d) { return d.flights().upsert(flights); }));
}

[[nodiscard]] py::list find(cargo& c, std::vector<flight_id> const& ids)
{
    return list_of(c.waiting([&](desk& d) { return d.flights().find(ids); }));
}

[[nodiscard]] std::vector<flight> load(cargo& c, std::optional<utc_time> from,
                                       std::optional<utc_time> until)
{
    flight_window const window{from.value_or(utc_time::min()), until.value_or(utc_time::max())};
    return value_or_raise(c.waiting([&](desk& d) { return d.flights().load(window); }));
}

[[nodiscard]] std::uint64_t version(cargo& c)
{
    return value_or_raise(c.waiting([&](desk& d) { return d.flights().version(); }));
}

/// Tells Python how far it is; what that raises ends the import.
[[nodiscard]] std::function<void(std::size_t)> progress_in(py::object const& callable)
{
    if (callable.is_none()) return [](std::size_t) {};
    return [told = shared_object(callable)](std::size_t lines) {
        in_python([&] {
            told.get()(lines);
            return 0;
        });
    };
}

[[nodiscard]] import_report import_csv(cargo& c, std::string const& path, bool strict,
                                       py::object const& progress)
{
    import_options options;
    options.strict = strict;
    options.airports = find_airport;
    options.progress = progress_in(progress);
    return value_or_raise(
        c.waiting([&](desk& d) { return import_flights(path, d.flights(), options); }));
}

[[nodiscard]] py::tuple bad_lines(import_report const& r)
{
    py::tuple out(r.bad_lines.size());
    for (std::size_t i = 0; i < r.bad_lines.size(); ++i)
        out[i] = py::make_tuple(r.bad_lines[i].line, r.bad_lines[i].reason);
    return out;
}

[[nodiscard]] import_report make_report(std::size_t lines, std::size_t imported, std::size_t bad,
                                        std::vector<std::pair<std::size_t, std::string>> named)
{
    import_report r{lines, imported, bad, {}};
    for (auto& [line, reason] : named) r.bad_lines.push_back({line, std::move(reason)});
    return r;
}

}  // namespace

void bind_import_report(py::module_& m)
{
    value_class<import_report>(m, "ImportReport", R"(What became of the lines of a file.

Parameters
----------
lines : int
    Lines of data that were read.
imported : int
    Flights that are stored now, new and known ones.
bad : int
    Lines that were set aside.
bad_lines : sequence of (int, str)
    Number and reason of the first thousand of them; the header is line 1.
)")
        .made_by(&make_report, py::arg("lines"), py::arg("imported"), py::arg("bad"),
                 py::arg("bad_lines"))
        .field(
            "lines", [](import_report const& r) { return r.lines; }, "Lines that were read.")
        .field(
            "imported", [](import_report const& r) { return r.imported; }, "Flights stored.")
        .field(
            "bad", [](import_report const& r) { return r.bad; }, "Lines that were set aside.")
        .field("bad_lines", &bad_lines, "Number and reason of the first of them.");
}

void bind_cargo_flights(py::class_<cargo>& shown)
{
    shown
        .def("upsert_flights", &upsert, py::arg("flights"),
             "Stores flights, and answers them with ids.")
        .def("find_flights", &find, py::arg("ids"), "One flight or exception an entry.")
        .def("load_flights", &load, py::arg("departure_from"), py::arg("departure_until"),
             "Flights of a span of time, by departure.")
        .def("flights_version", &version, "Moves whenever the stored flights change.")
        .def("import_flights", &import_csv, py::arg("path"), py::arg("strict"), py::arg("progress"),
             "Stores the flights of a CSV file.");
}

}  // namespace aircargo::python
