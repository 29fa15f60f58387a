#pragma once

#include <aircargo/routing/graph.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/visitors.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace aircargo {

/// An airport that lanes lead to.
struct reached_airport {
    std::size_t stops;  ///< at least
    airport_code airport;

    friend auto operator<=>(reached_airport const&, reached_airport const&) = default;
};

namespace detail {

inline constexpr std::uint32_t out_of_reach = std::numeric_limits<std::uint32_t>::max();

/// The fewest legs from an airport, by airport; 0 at the airport itself.
template <lane_form Lane>
[[nodiscard]] std::vector<std::uint32_t> least_legs(basic_lane_graph<Lane> const& g,
                                                    airport_index origin)
{
    std::vector<std::uint32_t> legs(num_vertices(g), out_of_reach);
    legs[origin] = 0;
    auto const map = boost::make_iterator_property_map(legs.begin(), get(boost::vertex_index, g));
    auto const counts =
        boost::make_bfs_visitor(boost::record_distances(map, boost::on_tree_edge()));
    boost::breadth_first_search(g, origin, boost::visitor(counts));
    return legs;
}

}  // namespace detail

/// Every airport that lanes lead to from `origin`, with the fewest stops on the way; by stops, then
/// by code, without the origin. Of flights it only asks whether a lane has any, not when: cargo may
/// still wait in vain for the last one of the week, or need more stops on an asked day.
template <lane_form Lane>
[[nodiscard]] std::vector<reached_airport> reachable_airports(basic_schedule<Lane> const& s,
                                                              airport_code origin)
{
    auto const from = s.find(origin);
    if (!from) return {};
    auto const legs = detail::least_legs(basic_lane_graph<Lane>(s), *from);
    std::vector<reached_airport> reached;
    for (std::size_t v = 0; v < legs.size(); ++v) {
        if (legs[v] == 0 || legs[v] == detail::out_of_reach) continue;
        reached.push_back({legs[v] - 1, s.airports()[v]});
    }
    std::sort(reached.begin(), reached.end());
    return reached;
}

/// The fewest stops between two airports, as `reachable_airports` counts them; nothing where no
/// lanes lead, or from an airport to itself.
template <lane_form Lane>
[[nodiscard]] std::optional<std::size_t> least_stops(basic_schedule<Lane> const& s,
                                                     airport_code origin, airport_code destination)
{
    auto const from = s.find(origin);
    auto const to = s.find(destination);
    if (!from || !to || from == to) return std::nullopt;
    auto const legs = detail::least_legs(basic_lane_graph<Lane>(s), *from)[*to];
    return legs == detail::out_of_reach ? std::nullopt : std::optional<std::size_t>(legs - 1);
}

}  // namespace aircargo
