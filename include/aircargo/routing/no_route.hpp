#pragma once

#include <aircargo/routing/lane_steps.hpp>
#include <aircargo/routing/placed_query.hpp>
#include <aircargo/routing/query.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace aircargo {

/// Finds out why a query has no answer, by asking for less and less until something gets there.
/// Keeps its memory from query to query.
template <class Schedule>
class basic_no_route_finder {
public:
    /// \pre the query has no answer
    [[nodiscard]] no_route operator()(Schedule const& s, route_query const& query);

private:
    using lane_type = typename Schedule::lane_type;
    using placed = detail::placed_query<Schedule>;
    static constexpr std::size_t most_legs = basic_itinerary<Schedule>::max_legs;

    /// An airport where cargo can be, ready for its next flight.
    struct stand {
        airport_index airport;
        seconds32 ready;
        seconds32 until;  ///< the next flight departs before this
    };

    [[nodiscard]] bool leaves(Schedule const& s, placed const& q) const;
    /// Whether cargo that leaves on the asked day gets there with so many legs or fewer, as far as
    /// one can tell from the first landing at each airport.
    [[nodiscard]] bool gets_there(Schedule const& s, placed const& q, std::size_t max_legs);
    [[nodiscard]] std::optional<stand> fly(placed const& q, lane_type const& l,
                                           stand const& from) const;
    [[nodiscard]] bool leads_on(Schedule const& s, placed const& q, stand const& from,
                                std::size_t legs) const;
    void expand(Schedule const& s, placed const& q, stand from);  // a copy: stands move

    std::vector<seconds32> ready_;  // by airport, the first time that cargo is
    std::vector<stand> stands_;
};

/// Why a query has no answer. \pre it has none
template <class Schedule>
[[nodiscard]] no_route why_no_route(Schedule const& s, route_query const& query)
{
    return basic_no_route_finder<Schedule>()(s, query);
}

template <class Schedule>
no_route basic_no_route_finder<Schedule>::operator()(Schedule const& s, route_query const& query)
{
    using detail::leniency;
    if (query.origin == query.destination) return no_route::same_airport;
    auto const asked = placed::place(s, query);
    if (!asked) return no_route::unknown_airport;
    auto const horizon = s.horizon();
    if (!horizon || query.day.end <= horizon->first || query.day.start > horizon->second) {
        return no_route::outside_schedule;
    }
    auto const plain = *placed::place(s, query, leniency::no_filter);
    auto const quick = *placed::place(s, query, leniency::no_filter_and_no_connection);
    auto const legs = asked->max_legs();
    if (!leaves(s, plain)) return no_route::no_flight_that_day;
    if (asked->filters() && gets_there(s, plain, legs)) return no_route::filtered_out;
    if (gets_there(s, quick, legs)) return no_route::connections_too_short;
    if (gets_there(s, plain, most_legs)) return no_route::needs_more_stops;
    return no_route::no_connection;
}

template <class Schedule>
bool basic_no_route_finder<Schedule>::leaves(Schedule const& s, placed const& q) const
{
    auto const lanes = s.departures(q.origin).lanes();
    return std::any_of(lanes.begin(), lanes.end(), [&](auto const& lane) {
        return lane.first_departing(q.start) < lane.first_departing(q.end);
    });
}

template <class Schedule>
bool basic_no_route_finder<Schedule>::gets_there(Schedule const& s, placed const& q,
                                                 std::size_t max_legs)
{
    ready_.assign(s.airports().size(), never);
    ready_[q.origin] = 0;  // never again
    stands_.assign(1, {q.origin, q.start, q.end});
    std::size_t begin = 0;
    for (auto legs = max_legs; legs > 0 && begin < stands_.size(); --legs) {
        auto const end = stands_.size();
        // What lies close is looked at before the whole network is.
        for (auto i = begin; i < end; ++i) {
            if (leads_on(s, q, stands_[i], legs)) return true;
        }
        for (; legs > 1 && begin < end; ++begin) expand(s, q, stands_[begin]);
        begin = end;
    }
    return false;
}

template <class Schedule>
auto basic_no_route_finder<Schedule>::fly(placed const& q, lane_type const& l,
                                          stand const& from) const -> std::optional<stand>
{
    auto const landed = detail::earliest_landing(l, from.ready, from.until);
    if (landed == never) return std::nullopt;
    // On a board of arrivals the other end is where the lane comes from; then nobody flies on.
    auto const to = l.other_end();
    return stand{to, landed + q.connection_at(to), q.onward_end(to, landed)};
}

/// Whether one more leg leads to the destination, or two if so many are left.
template <class Schedule>
bool basic_no_route_finder<Schedule>::leads_on(Schedule const& s, placed const& q,
                                               stand const& from, std::size_t legs) const
{
    auto const* const last = s.lane_between(from.airport, q.destination);
    if (last && fly(q, *last, from)) return true;
    if (legs < 2) return false;
    bool found = false;
    s.for_each_between(from.airport, q.destination,
                       [&](airport_index, lane_type const& in, lane_type const& out) {
                           if (found) return;
                           auto const via = fly(q, in, from);
                           if (!via || via->airport == q.origin) return;
                           found = fly(q, out, *via).has_value();
                       });
    return found;
}

template <class Schedule>
void basic_no_route_finder<Schedule>::expand(Schedule const& s, placed const& q, stand from)
{
    for (auto const& lane : s.departures(from.airport).lanes()) {
        auto const to = fly(q, lane, from);
        if (!to || to->airport == q.destination || to->ready >= ready_[to->airport]) continue;
        ready_[to->airport] = to->ready;
        stands_.push_back(*to);
    }
}

}  // namespace aircargo
