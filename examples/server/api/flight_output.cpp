#include "api/flight_output.hpp"

namespace aircargo::server {

void write_flight(json_writer& out, flight_view const& f)
{
    out.begin_object()
        .member("id", static_cast<std::int64_t>(f.id))
        .member("flight_number", f.number.str())
        .member("airline_name", f.airline_name)
        .member("origin", f.origin.str())
        .member("destination", f.destination.str())
        .member("departure_datetime", to_string(f.departure))
        .member("arrival_datetime", to_string(f.arrival))
        .end_object();
}

std::string flight_json(flight const& f)
{
    std::string text;
    json_writer out(text);
    write_flight(out,
                 {f.id, f.number, f.airline_name, f.origin, f.destination, f.departure, f.arrival});
    return text;
}

std::string flights_json(std::span<flight_view const> flights, std::size_t page_size,
                         std::string_view next_cursor)
{
    std::string text;
    text.reserve(128 + flights.size() * 200);
    json_writer out(text);
    out.begin_object().key("items").begin_array();
    for (auto const& f : flights) write_flight(out, f);
    out.end_array().member("page_size", page_size).optional_member("next_cursor", next_cursor);
    out.end_object();
    return text;
}

std::string import_report_json(import_report const& report)
{
    std::string text;
    json_writer out(text);
    out.begin_object()
        .member("lines", report.lines)
        .member("imported", report.imported)
        .member("bad", report.bad)
        .key("bad_lines")
        .begin_array();
    for (auto const& bad : report.bad_lines) {
        out.begin_object().member("line", bad.line).member("reason", bad.reason).end_object();
    }
    out.end_array().end_object();
    return text;
}

}  // namespace aircargo::server
