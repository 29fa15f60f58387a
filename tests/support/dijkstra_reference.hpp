#pragma once

#include "support/all_journeys.hpp"
#include <aircargo/routing/graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

namespace aircargo::test {

/// What counts of a journey, in the order of profiles.
struct journey_worth {
    utc_time departure;
    std::size_t stops;
    utc_time landing;

    friend auto operator<=>(journey_worth const&, journey_worth const&) = default;
};

inline std::ostream& operator<<(std::ostream& out, journey_worth const& w)
{
    return out << to_string(w.departure) << " to " << to_string(w.landing) << ", " << w.stops
               << " stops";
}

/// A slow search for the fast ones to be compared with: Dijkstra's algorithm of Boost.Graph over
/// the lanes, and plain rounds over all of them where stops are limited. It knows nothing of day
/// tables, bounds or what one answer tells about the next.
///
/// \pre the rule does not tell airlines apart: then an earlier landing is never worse
template <lane_form Lane>
class dijkstra_reference {
public:
    dijkstra_reference(basic_schedule<Lane> const& s, connection_rule const& rule);

    /// The earliest landing over any number of stops; `max_stops` does not count.
    [[nodiscard]] std::optional<utc_time> earliest(route_query const& q) const;
    /// The same by rounds with at most `max_stops`, and the fewest stops that land then.
    [[nodiscard]] std::optional<std::pair<utc_time, std::size_t>> earliest_within(
        route_query const& q) const;
    /// The latest departure within [from, until) over any number of stops that lands by `landing`.
    [[nodiscard]] std::optional<utc_time> latest(route_query const& q, utc_time landing) const;
    /// The same by rounds with at most `max_stops`.
    [[nodiscard]] std::optional<utc_time> latest_within(route_query const& q,
                                                        utc_time landing) const;
    /// What no journey of the window beats, by departure, then stops: rounds for each departure.
    [[nodiscard]] std::vector<journey_worth> profile(route_query const& q) const;

private:
    using graph = basic_lane_graph<Lane>;
    using edge = lane_edge<Lane>;
    struct ends {
        airport_index origin;
        airport_index destination;
    };
    struct times {
        utc_time departure;
        utc_time arrival;
    };
    static constexpr auto never = utc_time::max();
    static constexpr auto nowhere = utc_time::min();  // where the latest departure is asked for

    [[nodiscard]] std::optional<ends> ends_of(route_query const& q) const;
    [[nodiscard]] utc_time before(route_query const& q, edge const& e) const;
    /// The landing of who is at the edge's origin: when to land there is known, or when to start.
    [[nodiscard]] utc_time fly(route_query const& q, utc_time landed, edge const& e) const;
    /// The departure of who must be ready at the edge's destination by a time, or land by it.
    [[nodiscard]] utc_time fly_back(route_query const& q, utc_time ready, edge const& e) const;
    /// Earliest landings at the destination with one leg at most, with two, and so on.
    [[nodiscard]] std::vector<utc_time> landings(route_query const& q, ends const& at) const;
    [[nodiscard]] std::set<utc_time> departures(route_query const& q, ends const& at) const;

    graph graph_;
    std::vector<std::vector<times>> flights_;  // by edge, by departure
    std::vector<std::chrono::seconds> connections_;
};

template <lane_form Lane>
dijkstra_reference<Lane>::dijkstra_reference(basic_schedule<Lane> const& s,
                                             connection_rule const& rule)
    : graph_(s), flights_(num_edges(graph_))
{
    for (auto [e, last] = edges(graph_); e != last; ++e) {
        auto const& l = graph_[*e];
        for (auto p = l.begin(); p != l.end(); p = l.next(p)) {
            flights_[get(boost::edge_index, graph_, *e)].push_back(
                {s.to_time(l.departure(p)), s.to_time(l.arrival(p))});
        }
    }
    for (auto const code : s.airports()) connections_.push_back(rule.at(code));
}

template <lane_form Lane>
auto dijkstra_reference<Lane>::ends_of(route_query const& q) const -> std::optional<ends>
{
    auto const origin = graph_.schedule().find(q.origin);
    auto const destination = graph_.schedule().find(q.destination);
    if (!origin || !destination || origin == destination) return std::nullopt;
    return ends{*origin, *destination};
}

template <lane_form Lane>
utc_time dijkstra_reference<Lane>::before(route_query const& q, edge const& e) const
{
    return graph_[e.origin] == q.origin ? q.day.end : q.day.next_end;
}

template <lane_form Lane>
utc_time dijkstra_reference<Lane>::fly(route_query const& q, utc_time landed, edge const& e) const
{
    if (landed == never) return never;
    bool const starts = graph_[e.origin] == q.origin;
    auto const ready = starts ? q.day.start : landed + connections_[e.origin];
    auto const end = before(q, e);
    auto const& flights = flights_[e.number];
    auto f = std::lower_bound(flights.begin(), flights.end(), ready,
                              [](times const& t, utc_time r) { return t.departure < r; });
    auto landing = never;
    for (; f != flights.end() && f->departure < std::min(end, landing); ++f) {
        landing = std::min(landing, f->arrival);
    }
    return landing;
}

template <lane_form Lane>
utc_time dijkstra_reference<Lane>::fly_back(route_query const& q, utc_time ready,
                                            edge const& e) const
{
    if (ready == nowhere) return nowhere;
    bool const ends_here = graph_[e.destination] == q.destination;
    auto const by = ends_here ? ready : ready - connections_[e.destination];
    auto const end = before(q, e);
    auto const& flights = flights_[e.number];
    for (auto f = flights.rbegin(); f != flights.rend() && f->departure >= q.day.start; ++f) {
        if (f->departure < end && f->arrival <= by) return f->departure;
    }
    return nowhere;
}

template <lane_form Lane>
std::optional<utc_time> dijkstra_reference<Lane>::earliest(route_query const& q) const
{
    auto const at = ends_of(q);
    if (!at) return std::nullopt;
    std::vector<utc_time> landed(num_vertices(graph_));
    auto const index = get(boost::vertex_index, graph_);
    // The distance of an airport is its earliest landing, the weight of an edge is the edge, and to
    // combine both is to fly.
    boost::dijkstra_shortest_paths(
        graph_, at->origin, boost::dummy_property_map(),
        boost::make_iterator_property_map(landed.begin(), index),
        boost::typed_identity_property_map<edge>(), index, std::less<>(),
        [&](utc_time landing, edge const& e) { return fly(q, landing, e); }, never, q.day.start,
        boost::default_dijkstra_visitor());
    auto const landing = landed[at->destination];
    return landing == never ? std::nullopt : std::optional(landing);
}

template <lane_form Lane>
std::optional<utc_time> dijkstra_reference<Lane>::latest(route_query const& q,
                                                         utc_time landing) const
{
    auto const at = ends_of(q);
    if (!at) return std::nullopt;
    std::vector<utc_time> departs(num_vertices(graph_));
    auto const backwards = boost::make_reverse_graph(graph_);
    auto const index = get(boost::vertex_index, graph_);
    boost::dijkstra_shortest_paths(
        backwards, at->destination, boost::dummy_property_map(),
        boost::make_iterator_property_map(departs.begin(), index),
        get(boost::edge_underlying, backwards), index, std::greater<>(),
        [&](utc_time ready, edge const& e) { return fly_back(q, ready, e); }, nowhere, landing,
        boost::default_dijkstra_visitor());
    auto const departure = departs[at->origin];
    return departure == nowhere ? std::nullopt : std::optional(departure);
}

template <lane_form Lane>
std::vector<utc_time> dijkstra_reference<Lane>::landings(route_query const& q, ends const& at) const
{
    std::vector<utc_time> landed(num_vertices(graph_), never);
    landed[at.origin] = q.day.start;
    std::vector<utc_time> there;
    while (there.size() <= q.max_stops) {
        auto const round = landed;
        for (auto [e, last] = edges(graph_); e != last; ++e) {
            auto& to = landed[e->destination];
            to = std::min(to, fly(q, round[e->origin], *e));
        }
        there.push_back(landed[at.destination]);
        if (landed == round) there.resize(q.max_stops + 1, there.back());
    }
    return there;
}

template <lane_form Lane>
std::optional<std::pair<utc_time, std::size_t>> dijkstra_reference<Lane>::earliest_within(
    route_query const& q) const
{
    auto const at = ends_of(q);
    if (!at) return std::nullopt;
    auto const there = landings(q, *at);
    if (there.back() == never) return std::nullopt;
    auto const fewest = std::find(there.begin(), there.end(), there.back()) - there.begin();
    return std::pair(there.back(), static_cast<std::size_t>(fewest));
}

template <lane_form Lane>
std::optional<utc_time> dijkstra_reference<Lane>::latest_within(route_query const& q,
                                                                utc_time landing) const
{
    auto const at = ends_of(q);
    if (!at) return std::nullopt;
    std::vector<utc_time> departs(num_vertices(graph_), nowhere);
    departs[at->destination] = landing;
    for (std::size_t legs = 0; legs <= q.max_stops; ++legs) {
        auto const round = departs;
        for (auto [e, last] = edges(graph_); e != last; ++e) {
            auto& from = departs[e->origin];
            from = std::max(from, fly_back(q, round[e->destination], *e));
        }
        if (departs == round) break;
    }
    auto const departure = departs[at->origin];
    return departure == nowhere ? std::nullopt : std::optional(departure);
}

template <lane_form Lane>
std::set<utc_time> dijkstra_reference<Lane>::departures(route_query const& q, ends const& at) const
{
    std::set<utc_time> all;
    for (auto [e, last] = out_edges(at.origin, graph_); e != last; ++e) {
        for (auto const& f : flights_[e->number]) {
            if (f.departure >= q.day.start && f.departure < q.day.end) all.insert(f.departure);
        }
    }
    return all;
}

template <lane_form Lane>
std::vector<journey_worth> dijkstra_reference<Lane>::profile(route_query const& q) const
{
    std::vector<journey_worth> found;
    auto const at = ends_of(q);
    if (!at) return found;
    std::vector<utc_time> later(q.max_stops + 1, never);  // landings of what departs later
    auto const all = departures(q, *at);
    for (auto departure = all.rbegin(); departure != all.rend(); ++departure) {
        auto from_then = q;
        from_then.day.start = *departure;
        auto const there = landings(from_then, *at);
        for (std::size_t stops = 0; stops <= q.max_stops; ++stops) {
            bool const beaten = stops > 0 && there[stops] >= there[stops - 1];
            if (beaten || there[stops] >= later[stops]) continue;
            found.push_back({*departure, stops, there[stops]});
        }
        later = there;
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace aircargo::test
