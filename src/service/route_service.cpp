#include <aircargo/service/route_service.hpp>

namespace aircargo {

route_service::route_service(any_flight_store& flights)
    : flights_(flights), snapshot_(std::make_shared<schedule const>())
{}

result<bool> route_service::refresh()
{
    std::scoped_lock const one_at_a_time(refreshing_);
    auto const version = flights_.version();
    if (version.has_error()) return version.error();
    if (loaded_ && *version == version_) return false;

    // Read after the version: flights that come in between are in the snapshot already and load
    // once more later.
    auto flights = flights_.load({});
    if (flights.has_error()) return flights.error();
    auto fresh = std::make_shared<schedule const>(*flights);
    version_ = *version;
    loaded_ = true;

    std::scoped_lock const lock(mutex_);
    snapshot_ = std::move(fresh);
    return true;
}

std::shared_ptr<schedule const> route_service::snapshot() const
{
    std::scoped_lock const lock(mutex_);
    return snapshot_;
}

found_routes route_service::search(route_query const& query) const
{
    auto s = snapshot();
    auto answer = aircargo::search(*s, query);
    return {std::move(s), std::move(answer)};
}

}  // namespace aircargo
