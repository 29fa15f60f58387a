#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {

namespace {

/// What a search takes, as parameters.
[[nodiscard]] std::vector<parameter> search_parameters()
{
    std::vector<parameter> all;
    for (auto const& m : route_search_members())
        all.push_back({m.name, m.shape, "As in a search.", m.there == member::required});
    return all;
}

}  // namespace

operation search_routes()
{
    return {.id = "searchRoutes",
            .tag = "Routes",
            .summary = "Find routes",
            .says =
                "Direct flights in `direct`, itineraries with stops in `transit`. When nothing "
                "is found, `reason` and `detail` say why.",
            .body = request_body{refer(schemas::route_search)},
            .answers = {{200, "A page of itineraries.", refer(schemas::route_page)}}};
}

operation get_routes()
{
    return {.id = "getRoutes",
            .tag = "Routes",
            .summary = "Find routes by address",
            .says =
                "The same search with the same answer. Lists have commas between their items. The "
                "ETag moves with the schedule.",
            .query = search_parameters(),
            .fields = {"If-None-Match"},
            .answers = {{200, "A page of itineraries.", refer(schemas::route_page), {"ETag"}},
                        {304, "The client has it already.", nullptr, {"ETag"}}}};
}

}  // namespace aircargo::server::docs
