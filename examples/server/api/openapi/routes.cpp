#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {

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

}  // namespace aircargo::server::docs
