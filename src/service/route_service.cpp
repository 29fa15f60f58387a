#include "service/flight_difference.hpp"
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
    auto faulty = take_faulty(*flights);
    publish(*flights);
    version_ = *version;
    loaded_ = true;

    std::scoped_lock const lock(mutex_);
    set_aside_ = std::move(faulty);
    return true;
}

std::vector<route_service::faulty_flight> route_service::take_faulty(
    std::vector<flight>& from) const
{
    std::vector<faulty_flight> faulty;
    std::erase_if(from, [&](flight const& f) {
        auto const fault = fault_of(f, airports_);
        if (fault) faulty.push_back({f, *fault});
        return fault.has_value();
    });
    return faulty;
}

void route_service::publish(std::vector<flight> const& flights)
{
    // Of a million flights, building anew costs 200 ms, and comparing half of that; the changes use
    // up the other half once one flight in 16 moved. Long before that, lanes that lay together are
    // scattered.
    constexpr std::size_t one_in = 64;
    auto const changes =
        detail::difference(*schedule_.snapshot(), flights, flights.size() / one_in);
    if (changes && changes->empty()) return;
    // Refused: a flight departs before the time that the snapshot counts from, or somebody changed
    // the same flights meanwhile.
    if (!changes || schedule_.apply(*changes).has_error()) schedule_.replace(schedule(flights));
}

std::vector<route_service::faulty_flight> route_service::set_aside() const
{
    std::scoped_lock const lock(mutex_);
    return set_aside_;
}

found_routes route_service::search(route_query const& query) const
{
    auto s = snapshot();
    thread_local route_search searching;
    route_answer answer;
    searching.run(*s, query, answer);
    return {std::move(s), std::move(answer)};
}

}  // namespace aircargo
