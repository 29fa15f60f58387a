#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {

operation get_analytics()
{
    return {.id = "getAnalytics",
            .tag = "Analytics",
            .summary = "Numbers about bookings",
            .says =
                "About the bookings that were created on these days, in UTC, both counted; at most "
                "92 days, the last 30 unless said otherwise. They are as they were at `as_of`, at "
                "most half a minute ago. More than 5,000,000 bookings are refused.",
            .query = {{"from", refer(schemas::day), "The first day."},
                      {"to", refer(schemas::day), "The last day; today unless said otherwise."}},
            .fields = {"If-None-Match"},
            .answers = {{200, "The numbers.", refer(schemas::analytics), {"ETag"}},
                        {304, "The client has them already.", nullptr, {"ETag"}}}};
}

}  // namespace aircargo::server::docs
