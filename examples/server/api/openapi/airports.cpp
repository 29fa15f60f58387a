#include "api/airport_index.hpp"
#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {
namespace {

/// No address holds control characters.
[[nodiscard]] schema words_of_a_search()
{
    auto s = pattern(R"re(^[^\x00-\x1f\x7f]*$)re");
    s["maxLength"] = limits::airport_search_bytes;
    return s;
}

}  // namespace

operation list_airports()
{
    auto const most = static_cast<std::size_t>(limits::airports_limit.max);
    return {
        .id = "listAirports",
        .tag = "Airports",
        .summary = "Find airports",
        .says =
            "Those that match, best first: by code, then by city, then by any word of city and "
            "name; without a search by code. Counted as a file of the page, not as a request.",
        .query = {{"search", words_of_a_search(),
                   "What the code, or words of city and name, begin with; capitals and accents do "
                   "not matter."},
                  {"codes", list(refer(schemas::airport_code_in), most, 1),
                   "Only these; without a limit all of them. Those that there are not are left "
                   "out."},
                  {"limit",
                   with_default(integer(limits::airports_limit),
                                static_cast<std::int64_t>(airport_query{}.limit)),
                   "How many at most."}},
        .fields = {"If-None-Match"},
        .answers = {{200, "The airports.", refer(schemas::airports), {"ETag", "Cache-Control"}},
                    {304, "The client has it already.", nullptr, {"ETag"}}}};
}

}  // namespace aircargo::server::docs
