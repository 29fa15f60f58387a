#pragma once

#include <aircargo/core/assert.hpp>
#include <aircargo/routing/bag_rounds.hpp>
#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/lane.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

namespace aircargo {

struct pareto_query {
    airport_code origin;
    airport_code destination;
    utc_time from;              ///< the first leg departs then or later
    utc_time until;             ///< and before this
    utc_time before;            ///< later legs depart before this
    std::size_t max_stops = 1;  ///< 15 at most
};

/// An itinerary and the sum of what its flights cost.
template <class Itinerary>
struct priced {
    Itinerary itinerary;
    std::int64_t cost;
};

/// Finds the journeys between which only taste decides: none of them is beaten by another one that
/// lands no later, stops no more often and costs no more. Of equal ones there is one in the answer.
/// Nobody passes an airport twice. Any connection rule will do.
///
/// The cost is the caller's: a price, grams of CO2, risk; as a whole number, 0 or more a flight.
///
/// Keeps its memory from search to search; for one thread at a time.
template <lane_form Lane>
class basic_pareto_search {
public:
    using network_type = basic_flight_network<Lane>;
    using priced_itinerary = priced<basic_itinerary<basic_schedule<Lane>>>;

    /// In order of arrival, then of stops, then of cost, as `cost(flight_view const&)` says. Lives
    /// until the next search and points into the network's schedule.
    template <class Cost>
    [[nodiscard]] std::span<priced_itinerary const> operator()(network_type const& network,
                                                               pareto_query const& query,
                                                               Cost const& cost);

private:
    detail::bag_rounds<Lane> rounds_;
    std::vector<std::uint32_t> order_;
    std::vector<priced_itinerary> found_;
};

using pareto_search = basic_pareto_search<lane>;

template <lane_form Lane>
template <class Cost>
auto basic_pareto_search<Lane>::operator()(network_type const& network, pareto_query const& query,
                                           Cost const& cost) -> std::span<priced_itinerary const>
{
    AIRCARGO_ASSERT(query.max_stops < basic_itinerary<basic_schedule<Lane>>::max_legs);
    found_.clear();
    auto const& s = network.schedule();
    auto const origin = s.find(query.origin);
    auto const destination = s.find(query.destination);
    if (!origin || !destination || origin == destination) return {};
    rounds_.run(network,
                {*origin, *destination, s.to_seconds(query.from), s.to_seconds(query.until),
                 s.to_seconds(query.before), query.max_stops + 1, false},
                cost);
    order_ = rounds_.found();
    std::sort(order_.begin(), order_.end(), [&](auto a, auto b) {
        auto const& x = rounds_.at(a);
        auto const& y = rounds_.at(b);
        return std::tie(x.arrival, x.legs, x.cost) < std::tie(y.arrival, y.legs, y.cost);
    });
    for (auto const nth : order_) {
        found_.push_back({rounds_.itinerary_at(nth), rounds_.at(nth).cost});
    }
    return found_;
}

}  // namespace aircargo
