#pragma once

#include <aircargo/routing/connection_rule.hpp>
#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/graph.hpp>
#include <aircargo/routing/reach.hpp>
#include <boost/graph/betweenness_centrality.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <vector>

namespace aircargo {

/// An airport where journeys of others change.
struct hub {
    airport_code airport;
    double score;  ///< pairs of other airports whose shortest journey changes here
    double share;  ///< the score as a part of all pairs that lanes connect, 0 to 1
    std::size_t lanes_out;
    std::size_t lanes_in;
};

namespace detail {

/// By airport: from how many ordered pairs of other airports the shortest journey changes there.
template <lane_form Lane>
[[nodiscard]] std::vector<double> betweenness(basic_lane_graph<Lane> const& g,
                                              basic_flight_network<Lane> const& network)
{
    std::vector<double> scores(num_vertices(g));
    auto const index = get(boost::vertex_index, g);
    // The connection at the last airport counts for all journeys to there, and so for none.
    auto const time = boost::make_function_property_map<lane_edge<Lane>>(
        [&network](lane_edge<Lane> const& e) -> double {
            return e.lane->least_block() + network.connection_at(e.destination);
        });
    boost::brandes_betweenness_centrality(
        g, boost::centrality_map(boost::make_iterator_property_map(scores.begin(), index))
               .vertex_index_map(index)
               .weight_map(time));
    return scores;
}

template <lane_form Lane>
[[nodiscard]] std::size_t connected_pairs(basic_lane_graph<Lane> const& g)
{
    std::size_t pairs = 0;
    for (std::size_t v = 0; v < num_vertices(g); ++v) {
        auto const legs = least_legs(g, static_cast<airport_index>(v));
        pairs += legs.size() - 1 -
                 static_cast<std::size_t>(std::count(legs.begin(), legs.end(), out_of_reach));
    }
    return pairs;
}

}  // namespace detail

/// The `n` airports that lie most between others, the most central one first, equal ones by code;
/// fewer where journeys change at fewer.
///
/// The measure is betweenness: every ordered pair of airports that lanes connect counts one, and
/// goes to the airports where its shortest journey changes; several equally short ones share it.
/// The length of a journey is that of the shortest flight of each of its lanes and the least
/// connection between them, as if one left whenever needed. So a hub is where cargo of others
/// changes, and what a closure would send on a longer way. How many lanes an airport has says less:
/// they may all lead to places that nobody passes. What the measure does not see is how often
/// flights go, how much they carry, and how much cargo there is between two airports.
///
/// Pure; same flights, same answer. Costs one shortest path search over all lanes for each airport.
template <lane_form Lane>
[[nodiscard]] std::vector<hub> central_hubs(basic_schedule<Lane> const& s, std::size_t n,
                                            connection_rule const& rule = {})
{
    basic_lane_graph<Lane> const g(s);
    auto const scores = detail::betweenness(g, basic_flight_network<Lane>(s, rule));
    auto const pairs = static_cast<double>(detail::connected_pairs(g));
    std::vector<hub> hubs;
    for (std::size_t v = 0; v < scores.size(); ++v) {
        // Sums of thirds depend on their order, which is that of the airports' numbers.
        auto const score = std::round(scores[v] * 1e6) / 1e6;
        if (score == 0) continue;
        auto const at = static_cast<airport_index>(v);
        hubs.push_back({g[at], score, score / pairs, out_degree(at, g), in_degree(at, g)});
    }
    std::sort(hubs.begin(), hubs.end(), [](hub const& a, hub const& b) {
        return std::tie(b.score, a.airport) < std::tie(a.score, b.airport);
    });
    if (hubs.size() > n) hubs.erase(hubs.begin() + static_cast<std::ptrdiff_t>(n), hubs.end());
    return hubs;
}

}  // namespace aircargo
