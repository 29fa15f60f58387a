#include "api/schedule_view.hpp"

namespace aircargo::server {

/// The version alone would do, did not a store in memory begin with 1 again whenever it starts.
schedule_view schedule_view::now(route_service const& routes)
{
    auto const version = routes.version();  // before the snapshot, see there
    auto flights = routes.snapshot();
    auto const horizon = flights->horizon();
    auto tag = "W/\"" + std::to_string(version) + '-' + std::to_string(flights->size()) + '-' +
               std::to_string(horizon ? to_epoch(horizon->second) : 0) + '"';
    return {std::move(tag), std::move(flights)};
}

}  // namespace aircargo::server
