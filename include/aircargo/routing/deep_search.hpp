#pragma once

#include <aircargo/routing/candidates.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/leg_bounds.hpp>
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
/// ahead it knows the least time (see `leg_bounds`). Keeps its memory from query to query.
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
        bool via;  ///< one of the airports to pass was among the stops, or there are none
    };

    void prepare(Schedule const& s, placed const& q, route_query const& query);
    /// The last landing at the destination of a flight that departs while the query lasts.
    [[nodiscard]] seconds32 last_landing() const;
    /// Finds those that land by `latest`.
    void find_until(seconds32 latest, time_rank worst);
    void extend(stand const& at);
    void extend_over(lane_type const& lane, stand const& at);
    void take(lane_type const& lane, stand const& at, position p, seconds32 rest);
    void offer(seconds32 arrival, std::int64_t cost);

    /// Remembers the first arrivals, each with its departure: everything that flies on with the
    /// same last flight arrives at the same time, which can be most of what there is.
    void note_arrival(candidate_type const& c);
    [[nodiscard]] static std::uint64_t place_of(seconds32 arrival, seconds32 departure) noexcept
    {
        return (std::uint64_t{arrival} << 32) | ~departure;
    }
    [[nodiscard]] bool orders_by_arrival() const noexcept
    {
        return query_->order == route_order::arrival;
    }

    [[nodiscard]] bool may_stop_at(airport_index at) const;
    [[nodiscard]] stand home() const
    {
        return {placed_->origin, placed_->start, placed_->end, 0, !placed_->has_via()};
    }
    /// What lies ahead of a stand, at least; `never` where nothing does.
    [[nodiscard]] seconds32 rest_from(airport_index at, bool via, std::size_t legs) const
    {
        return bounds_.at(at, max_legs_ - legs, via);
    }
    [[nodiscard]] bool connects(lane_type const& lane, stand const& at, position p) const;
    [[nodiscard]] bool could_be_kept(seconds32 departure, seconds32 landing) const;
    /// Of the first leg, which is `p` of `lane` where there is none yet.
    [[nodiscard]] seconds32 first_departure(lane_type const& lane, position p) const
    {
        return legs_.empty() ? lane.departure(p)
                             : lanes_.front()->departure(legs_.front().position);
    }

    Schedule const* schedule_ = nullptr;
    placed const* placed_ = nullptr;
    route_query const* query_ = nullptr;
    std::size_t max_legs_ = 0;
    seconds32 latest_ = never;
    leg_bounds<Schedule> bounds_;
    std::vector<flight_place> legs_;
    std::vector<lane_type const*> lanes_;  // of the legs
    best_candidates<Schedule, candidate_type> best_;
    std::vector<std::uint64_t> arrivals_;  // a heap, as many as are kept; by `place_of`
    std::uint64_t after_ = 0;              // the place that the query continues behind
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
    auto const shortest = rest_from(q.origin, home().via, 0);
    if (shortest == never) return {};
    auto const last = last_landing();
    if (in_steps) {
        for (std::uint64_t const hours : {2, 8, 32}) {
            auto const latest = std::uint64_t{q.start} + shortest + hours * 3600;
            if (latest >= last) break;
            find_until(static_cast<seconds32>(latest), worst);
            if (best_.is_full()) return best_.sorted();
        }
    }
    find_until(last, worst);
    return best_.sorted();
}

template <class Schedule>
void deep_search<Schedule>::prepare(Schedule const& s, placed const& q, route_query const& query)
{
    schedule_ = &s;
    placed_ = &q;
    query_ = &query;
    max_legs_ = q.max_legs();
    bounds_.compute(s, q, max_legs_);
    best_.start(s, query, query.transit_after);  // for those who ask before anything is found
    after_ = !query.transit_after ? 0
                                  : place_of(s.to_seconds(query.transit_after->arrival),
                                             s.to_seconds(query.transit_after->departure));
}

template <class Schedule>
seconds32 deep_search<Schedule>::last_landing() const
{
    if (placed_->has_onward_limit()) return never;
    seconds32 last = 0;
    for (auto const& l : schedule_->arrivals(placed_->destination).lanes()) {
        auto const end = l.first_departing(placed_->next_end);
        for (auto p = l.first_departing(placed_->start); p < end; p = l.next(p)) {
            last = std::max(last, l.arrival(p));
        }
    }
    return last;
}

template <class Schedule>
void deep_search<Schedule>::find_until(seconds32 latest, time_rank worst)
{
    latest_ = latest;
    best_.start(*schedule_, *query_, query_->transit_after);
    best_.expect(worst);
    arrivals_.clear();
    legs_.clear();
    lanes_.clear();
    extend(home());
}

template <class Schedule>
void deep_search<Schedule>::extend(stand const& at)
{
    if (at.ready >= at.until) return;
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
    if (is_last ? !at.via : !may_stop_at(to)) return;
    auto const rest = is_last ? 0 : rest_from(to, at.via || placed_->is_via(to), legs_.size() + 1);
    if (rest == never) return;
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
        extend({to, landed + placed_->connection_at(to), placed_->onward_end(to, landed), cost,
                at.via || placed_->is_via(to)});
    } else {
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
    note_arrival(c);
}

template <class Schedule>
void deep_search<Schedule>::note_arrival(candidate_type const& c)
{
    auto const place = place_of(c.arrival, c.departure);
    if (!orders_by_arrival() || place <= after_) return;
    arrivals_.push_back(place);
    std::push_heap(arrivals_.begin(), arrivals_.end());
    if (arrivals_.size() <= best_.capacity()) return;
    std::pop_heap(arrivals_.begin(), arrivals_.end());
    arrivals_.pop_back();
}

template <class Schedule>
bool deep_search<Schedule>::may_stop_at(airport_index at) const
{
    if (at == placed_->origin || placed_->avoids(at)) return false;
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
    if (orders_by_arrival() && arrivals_.size() == best_.capacity() &&
        place_of(landing, departure) > arrivals_.front()) {
        return false;
    }
    return best_.could_keep(rank_of(query_->order, departure, landing));
}

}  // namespace aircargo::detail
