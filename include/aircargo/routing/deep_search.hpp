#pragma once

#include <aircargo/routing/candidates.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/lower_bounds.hpp>
#include <aircargo/routing/placed_query.hpp>
#include <aircargo/routing/query.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace aircargo::detail {

/// An itinerary with two stops or more that may get into an answer.
template <class Schedule>
struct deep_candidate {
    std::int64_t value;  ///< what the query orders by, where it is not the arrival
    seconds32 arrival;
    seconds32 departure;
    Schedule const* schedule;
    std::size_t count;
    std::array<flight_place, basic_itinerary<Schedule>::max_legs> places;

    [[nodiscard]] std::size_t legs() const noexcept { return count; }
    [[nodiscard]] lane_flight leg(std::size_t nth) const
    {
        auto const& p = places[nth];
        return schedule->lane_between(p.origin, p.destination)->at(p.position);
    }
};

/// Finds the first itineraries with two stops or more, in the order of a query. Goes from flight to
/// flight, and no further than the last itinerary that counts could still be beaten: of what lies
/// ahead it knows the least time (see `bounds_row`). Keeps its memory from query to query.
///
/// The order of cost knows no such bound; there, all itineraries of the day are looked at.
template <class Schedule>
class deep_search {
public:
    using candidate_type = deep_candidate<Schedule>;
    using placed = placed_query<Schedule>;

    /// \param worst rank of the worst itinerary that counts, as far as it is known
    /// \return the itineraries in order; they live until the next search
    [[nodiscard]] std::span<candidate_type const> find(Schedule const& s, placed const& q,
                                                       route_query const& query, time_rank worst);
    /// Whether others were left out.
    [[nodiscard]] bool more() const noexcept { return best_.more(); }

private:
    using lane_type = typename Schedule::lane_type;
    using position = typename Schedule::position;
    static constexpr std::size_t fewest_legs = 3;

    /// Where the search stands: what it has flown so far, and when it may fly on.
    struct stand {
        airport_index airport;
        seconds32 ready;
        seconds32 until;
        std::int64_t cost;
        bool via;  ///< one of the airports to pass was among the stops
    };

    void prepare(Schedule const& s, placed const& q, route_query const& query);
    /// Finds those that land by `latest`.
    void find_until(seconds32 latest, time_rank worst);
    void extend(stand const& at);
    void extend_over(lane_type const& lane, stand const& at);
    void take(lane_type const& lane, stand const& at, position p, seconds32 rest);
    void offer(seconds32 arrival, std::int64_t cost);

    [[nodiscard]] bool may_stop_at(airport_index at) const;
    [[nodiscard]] bool connects(lane_type const& lane, stand const& at, position p) const;
    [[nodiscard]] bool could_be_kept(seconds32 departure, seconds32 landing) const;
    /// Of the first leg, which is `p` of `lane` where there is none yet.
    [[nodiscard]] seconds32 first_departure(lane_type const& lane, position p) const
    {
        return legs_.empty() ? lane.departure(p)
                             : lanes_.front()->departure(legs_.front().position);
    }
    [[nodiscard]] bounds_row bounds() const noexcept { return bounds_row(bounds_.data()); }

    Schedule const* schedule_ = nullptr;
    placed const* placed_ = nullptr;
    route_query const* query_ = nullptr;
    std::size_t max_legs_ = 0;
    seconds32 latest_ = never;
    std::vector<seconds32> connections_;  // by airport
    std::vector<bounds_row::minutes16> bounds_;
    std::vector<flight_place> legs_;
    std::vector<lane_type const*> lanes_;  // of the legs
    best_candidates<Schedule, candidate_type> best_;
};

template <class Schedule>
auto deep_search<Schedule>::find(Schedule const& s, placed const& q, route_query const& query,
                                 time_rank worst) -> std::span<candidate_type const>
{
    prepare(s, q, query);
    // Few itineraries land early, and there are ever so many in a day: first look at those that
    // land soon, and at later ones only if these were not enough.
    bool const in_steps =
        query.order == route_order::arrival && worst == std::numeric_limits<time_rank>::max();
    if (in_steps && bounds().leads_from(q.origin)) {
        for (std::uint64_t const hours : {2, 8, 32}) {
            auto const latest = std::uint64_t{q.start} + bounds()[q.origin] + hours * 3600;
            if (latest >= never) break;
            find_until(static_cast<seconds32>(latest), worst);
            if (best_.is_full()) return best_.sorted();
        }
    }
    find_until(never, worst);
    return best_.sorted();
}

template <class Schedule>
void deep_search<Schedule>::prepare(Schedule const& s, placed const& q, route_query const& query)
{
    schedule_ = &s;
    placed_ = &q;
    query_ = &query;
    max_legs_ = q.max_legs();
    connections_.resize(s.airports().size());
    for (std::size_t a = 0; a < connections_.size(); ++a) {
        connections_[a] = q.connection_at(static_cast<airport_index>(a));
    }
    bounds_ = least_minutes(s, std::span<seconds32 const>(connections_), q.destination);
}

template <class Schedule>
void deep_search<Schedule>::find_until(seconds32 latest, time_rank worst)
{
    latest_ = latest;
    best_.start(*schedule_, *query_, query_->transit_after);
    best_.expect(worst);
    legs_.clear();
    lanes_.clear();
    if (bounds().leads_from(placed_->origin)) {
        extend({placed_->origin, placed_->start, placed_->end, 0, false});
    }
}

template <class Schedule>
void deep_search<Schedule>::extend(stand const& at)
{
    auto const left = max_legs_ - legs_.size();
    if (legs_.size() + 1 >= fewest_legs) {
        auto const* const last = schedule_->lane_between(at.airport, placed_->destination);
        if (last) extend_over(*last, at);
    }
    if (left == 2) {
        schedule_->for_each_between(
            at.airport, placed_->destination,
            [&](airport_index, lane_type const& in, lane_type const&) { extend_over(in, at); });
    } else if (left > 2) {
        for (auto const& lane : schedule_->departures(at.airport).lanes()) {
            if (lane.other_end() != placed_->destination) extend_over(lane, at);
        }
    }
}

template <class Schedule>
void deep_search<Schedule>::extend_over(lane_type const& lane, stand const& at)
{
    auto const to = lane.other_end();
    bool const is_last = to == placed_->destination;
    if (!is_last && !may_stop_at(to)) return;
    auto const rest = is_last ? 0 : bounds()[to];
    for (auto p = lane.first_departing(at.ready); p != lane.end(); p = lane.next(p)) {
        auto const departure = lane.departure(p);
        if (departure >= at.until) return;
        // Later flights of the lane are no better.
        if (!could_be_kept(first_departure(lane, p), departure + lane.least_block() + rest)) return;
        take(lane, at, p, rest);
    }
}

template <class Schedule>
void deep_search<Schedule>::take(lane_type const& lane, stand const& at, position p, seconds32 rest)
{
    auto const landed = lane.arrival(p);
    if (!could_be_kept(first_departure(lane, p), landed + rest)) return;
    if (!placed_->takes(lane, p) || !connects(lane, at, p)) return;
    auto const to = lane.other_end();
    flight_place const leg{at.airport, to, p};
    auto const cost = at.cost + cost_of(*schedule_, *query_, leg);
    legs_.push_back(leg);
    lanes_.push_back(&lane);
    if (to != placed_->destination) {
        extend({to, landed + connections_[to], placed_->onward_end(to, landed), cost,
                at.via || placed_->is_via(to)});
    } else if (placed_->takes_direct() || at.via) {
        offer(landed, cost);
    }
    legs_.pop_back();
    lanes_.pop_back();
}

template <class Schedule>
void deep_search<Schedule>::offer(seconds32 arrival, std::int64_t cost)
{
    auto const departure = lanes_.front()->departure(legs_.front().position);
    candidate_type c{value_of_times(query_->order, departure, arrival) + cost,
                     arrival,
                     departure,
                     schedule_,
                     legs_.size(),
                     {}};
    std::copy(legs_.begin(), legs_.end(), c.places.begin());
    best_.offer(c);
}

template <class Schedule>
bool deep_search<Schedule>::may_stop_at(airport_index at) const
{
    if (at == placed_->origin || placed_->avoids(at) || !bounds().leads_from(at)) return false;
    return std::none_of(legs_.begin(), legs_.end(),
                        [&](flight_place const& leg) { return leg.destination == at; });
}

template <class Schedule>
bool deep_search<Schedule>::connects(lane_type const& lane, stand const& at, position p) const
{
    if (legs_.empty()) return true;
    transit_lanes<lane_type> const lanes{at.airport, lanes_.back(), &lane};
    return placed_->connects(lanes, legs_.back().position, p);
}

template <class Schedule>
bool deep_search<Schedule>::could_be_kept(seconds32 departure, seconds32 landing) const
{
    if (landing > latest_ || !placed_->takes_times(departure, landing)) return false;
    if (query_->order == route_order::cost) return true;
    return best_.could_keep(rank_of(query_->order, departure, landing));
}

}  // namespace aircargo::detail
