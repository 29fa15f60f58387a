#pragma once

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

/// An itinerary and the sum of what its flights cost.
template <class Itinerary>
struct priced {
    Itinerary itinerary;
    std::int64_t cost;
};

/// Finds the itineraries between which only taste decides: none of them is beaten by another one
/// that lands no later, stops no more often and costs no more. Of equal ones there is one in the
/// answer. No itinerary visits an airport twice.
///
/// The cost is the query's: a price, grams of CO2, risk; as a whole number, 0 or more a flight, and
/// 0 where the query has none. Order, limit, cursors and through flights play no part.
///
/// Keeps its memory from search to search; for one thread at a time.
template <lane_form Lane>
class basic_pareto_search {
public:
    using network_type = basic_flight_network<Lane>;
    using priced_itinerary = priced<basic_itinerary<basic_schedule<Lane>>>;

    /// In order of arrival, then of stops, then of cost. Lives until the next search and points
    /// into the network's schedule.
    [[nodiscard]] std::span<priced_itinerary const> operator()(network_type const& network,
                                                               route_query const& query);

private:
    detail::fitting_network<Lane> network_;
    detail::bag_rounds<Lane> rounds_;
    std::vector<std::uint32_t> order_;
    std::vector<priced_itinerary> found_;
};

using pareto_search = basic_pareto_search<lane>;

template <lane_form Lane>
auto basic_pareto_search<Lane>::operator()(network_type const& given, route_query const& query)
    -> std::span<priced_itinerary const>
{
    found_.clear();
    auto const q = detail::placed_query<basic_schedule<Lane>>::place(given.schedule(), query);
    if (!q) return {};
    rounds_.run(network_.of(given, query.connection), *q,
                detail::bag_rounds<Lane>::criteria::arrival_and_cost);
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
