#pragma once

#include <aircargo/routing/connections.hpp>
#include <aircargo/routing/query.hpp>
#include <algorithm>
#include <cstddef>
#include <vector>

namespace aircargo {
namespace detail {

/// Whether a query finds anything with at most one stop.
template <class Schedule>
[[nodiscard]] bool has_route(Schedule const& s, route_query const& query)
{
    auto const q = placed_query<Schedule>::place(s, query);
    if (!q) return false;
    if (auto const* const lane = s.lane_between(q->origin, q->destination);
        lane && q->takes_direct() &&
        lane->first_departing(q->start) < lane->first_departing(q->end)) {
        return true;
    }
    return query.max_stops > 0 && count_connections(s, query) > 0;
}

/// Whether cargo that leaves on the asked day gets there at all, changing as often as it takes;
/// every flight after the first leaves before the end of the day after.
template <class Schedule>
[[nodiscard]] bool gets_there(Schedule const& s, placed_query<Schedule> const& q)
{
    std::vector<seconds32> ready(s.airports().size(), never);  // for the next flight
    std::vector<airport_index> next;
    for (auto const& lane : s.departures(q.origin).lanes()) {
        auto const first = lane.first_departing(q.start);
        if (first >= lane.first_departing(q.end)) continue;
        auto const via = lane.other_end();
        ready[via] = lane.least_arrival(first) + q.connection_at(via);
        next.push_back(via);
    }
    ready[q.origin] = 0;  // never again
    while (!next.empty()) {
        auto const from = next.back();
        next.pop_back();
        if (from == q.destination) return true;
        for (auto const& lane : s.departures(from).lanes()) {
            auto const p = lane.first_departing(ready[from]);
            if (p >= lane.first_departing(q.next_end)) continue;
            auto const to = lane.other_end();
            auto const then = lane.least_arrival(p) + q.connection_at(to);
            if (then >= ready[to]) continue;
            ready[to] = then;
            next.push_back(to);
        }
    }
    return false;
}

}  // namespace detail

/// Why a query has no answer. \pre it has none
template <class Schedule>
[[nodiscard]] no_route why_no_route(Schedule const& s, route_query const& query)
{
    if (query.origin == query.destination) return no_route::same_airport;
    auto const q = detail::placed_query<Schedule>::place(s, query);
    if (!q) return no_route::unknown_airport;
    auto const horizon = s.horizon();
    if (!horizon || query.day.end <= horizon->first || query.day.start > horizon->second) {
        return no_route::outside_schedule;
    }
    route_query plain = query;
    plain.filter = {};
    auto const day = *detail::placed_query<Schedule>::place(s, plain);
    auto const lanes = s.departures(q->origin).lanes();
    bool const any = std::any_of(lanes.begin(), lanes.end(), [&](auto const& lane) {
        return lane.first_departing(day.start) < lane.first_departing(day.end);
    });
    if (!any) return no_route::no_flight_that_day;
    if (detail::has_route(s, plain)) return no_route::filtered_out;
    auto quick = plain;
    quick.connection = connection_rule(std::chrono::minutes(0));
    if (detail::has_route(s, quick)) return no_route::connections_too_short;
    if (detail::gets_there(s, day)) return no_route::needs_more_stops;
    return no_route::no_connection;
}

}  // namespace aircargo
