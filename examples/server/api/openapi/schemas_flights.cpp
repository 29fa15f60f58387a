#include "api/openapi/schemas.hpp"
#include <aircargo/service/flight_import.hpp>

namespace aircargo::server::docs {
namespace {

[[nodiscard]] schema make_flight_page()
{
    return answer_object({
        {"items", list(refer(schemas::flight), limits::flights_page_size.max)},
        {"page_size", integer(limits::flights_page_size)},
        {"next_cursor",
         described({{"type", {"string", "null"}}}, "For the page after this; null on the last.")},
    });
}

[[nodiscard]] schema make_import_report()
{
    auto const bad_line = answer_object({
        {"line", described(integer(limits::id), "Counts from 1, the header included.")},
        {"reason", text()},
    });
    return answer_object({
        {"lines", described(count(), "Read, without the header.")},
        {"imported", described(count(), "Flights stored, new and known ones.")},
        {"bad", count()},
        {"bad_lines",
         described(list(bad_line, import_options{}.max_reported), "The first of them.")},
    });
}

}  // namespace

namespace schemas {

named_schema const flight_page{"FlightPage", make_flight_page};
named_schema const import_report{"ImportReport", make_import_report};

}  // namespace schemas
}  // namespace aircargo::server::docs
