#include <aircargo/service/route_service.hpp>

namespace aircargo {

route_service::route_service(any_flight_store& flights, airport_lookup airports)
    : flights_(flights), airports_(std::move(airports))
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
    std::vector<faulty_flight> faulty;
    std::erase_if(*flights, [&](flight const& f) {
        auto const fault = fault_of(f, airports_);
        if (fault) faulty.push_back({f, *fault});
        return fault.has_value();
    });
    schedule_.replace(schedule(*flights));
    version_ = *version;
    loaded_ = true;

    std::scoped_lock const lock(mutex_);
    set_aside_ = std::move(faulty);
    return true;
}

std::vector<route_service::faulty_flight> route_service::set_aside() const
{
    std::scoped_lock const lock(mutex_);
    return set_aside_;
}

found_routes route_service::search(route_query const& query) const
{
    auto s = snapshot();
    auto answer = aircargo::search(*s, query);
    return {std::move(s), std::move(answer)};
}

}  // namespace aircargo
