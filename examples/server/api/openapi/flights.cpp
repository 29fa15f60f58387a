#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"
#include <aircargo/routing/flight_list.hpp>

namespace aircargo::server::docs {

operation list_flights()
{
    auto const code = refer(schemas::airport_code_in);
    auto const instant = refer(schemas::instant_in);
    return {
        .id = "listFlights",
        .tag = "Flights",
        .summary = "List flights",
        .says =
            "By departure, then by number, of the schedule that searches go by: a change by "
            "another "
            "server is seen two seconds later. A page may be short, or empty, though there is a "
            "next one.",
        .query = {{"page_size",
                   with_default(integer(limits::flights_page_size), flight_list_query{}.limit),
                   "Flights a page."},
                  {"cursor", cursor(limits::flight_cursor_bytes),
                   "`next_cursor` of the page before."},
                  {"origin", code, "From this airport."},
                  {"destination", code, "To this airport."},
                  {"flight_number", refer(schemas::flight_number_in), "Of this number."},
                  {"departure_date", refer(schemas::day), "Departing on this day."},
                  {"zone", one_of({"origin", "utc"}),
                   "Whose day it is: the origin's, where there is one, unless `utc` is said."},
                  {"departure_from", instant, "Departing at this instant or later."},
                  {"departure_to", instant, "Departing before this instant."}},
        .fields = {"If-None-Match"},
        .answers = {{200, "A page of flights.", refer(schemas::flight_page), {"ETag", "Link"}},
                    {304, "The client has it already.", nullptr, {"ETag"}}}};
}

operation get_flight()
{
    return {.id = "getFlight",
            .tag = "Flights",
            .summary = "Find a flight",
            .says = "As it is stored, whether searches may use it or not.",
            .fields = {"If-None-Match"},
            .answers = {{200, "The flight.", refer(schemas::flight), {"ETag"}},
                        {304, "The client has it already.", nullptr, {"ETag"}}},
            .refusals = {404}};
}

operation import_flights()
{
    return {
        .id = "importFlights",
        .tag = "Flights",
        .summary = "Import flights",
        .says =
            "CSV in UTF-8, at most 1 MiB, with a header that names `flight_number`, "
            "`airline_name`, `origin`, `destination`, `departure_datetime` and `arrival_datetime` "
            "in "
            "any order; times as RFC 3339. A flight that is known (number, airports, departure) "
            "takes the new arrival and airline, so sending the same again changes nothing. Larger "
            "files go by the command `import-flights`.",
        .query = {{"strict", with_default(truth(), false),
                   "Import nothing when a line is bad: then 400 with the first bad lines in "
                   "`errors`."}},
        .fields = {"Idempotency-Key"},
        .body = request_body{text(), true, "text/csv"},
        .answers = {{200, "What became of the lines.", refer(schemas::import_report)}}};
}

}  // namespace aircargo::server::docs
