#pragma once

#include <aircargo/routing/candidates.hpp>
#include <aircargo/routing/connections.hpp>
#include <aircargo/routing/no_route.hpp>
#include <aircargo/routing/query.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace aircargo {

/// What a search found, each list in the order of the query and cut at its limit.
template <class Schedule>
struct basic_route_answer {
    std::vector<basic_itinerary<Schedule>> direct;
    std::vector<basic_itinerary<Schedule>> transit;
    std::size_t direct_total = 0;   ///< without limit and cursor
    std::size_t transit_total = 0;  ///< with one stop, without limit and cursor
    bool more = false;              ///< a list was cut
    std::optional<no_route> reason{};

    void clear() noexcept
    {
        direct.clear();
        transit.clear();
        direct_total = transit_total = 0;
        more = false;
        reason.reset();
    }
};

using route_answer = basic_route_answer<schedule>;

/// Answers route queries:
///  - the first leg departs on the asked day, later ones before the end of the day after;
///  - every connection is as long as the rule asks, or longer;
///  - no itinerary passes through its origin or destination.
/// With a limit the rest is counted but not built. One that is used again allocates nothing once
/// its memory has grown to its largest answer. One a thread; `search` below is for callers who do
/// not mind a few allocations.
template <class Schedule>
class basic_route_search {
public:
    using answer_type = basic_route_answer<Schedule>;

    /// \param answer is cleared first; points into `s`
    void run(Schedule const& s, route_query const& query, answer_type& answer);

private:
    using lane_type = typename Schedule::lane_type;
    using lanes_type = detail::transit_lanes<lane_type>;
    using candidate_type = detail::candidate<lane_type>;
    using placed = detail::placed_query<Schedule>;
    using rank = detail::time_rank;

    void offer_direct(std::size_t& total);
    void offer_through_flights(lanes_type const& lanes, std::size_t& total);
    void offer_transit();
    void offer_run(lanes_type const& lanes, connection_run const& run, rank worst);
    void offer(lanes_type const& lanes, std::uint32_t first, std::uint32_t second);

    void rank_runs();
    [[nodiscard]] rank worst_that_counts();
    [[nodiscard]] rank rank_of(seconds32 departure, seconds32 arrival) const noexcept
    {
        return detail::rank_of(query_->order, departure, arrival);
    }
    [[nodiscard]] std::int64_t cost(flight_place f) const;
    void build(std::vector<basic_itinerary<Schedule>>& to);

    Schedule const* schedule_ = nullptr;
    route_query const* query_ = nullptr;
    placed const* placed_ = nullptr;
    detail::best_candidates<Schedule> best_;
    basic_connections<Schedule> found_;
    std::vector<rank> bests_;  // of each run
    std::vector<rank> sorted_;
};

using route_search = basic_route_search<schedule>;

/// Answers one query. Thread-safe; the answer points into `s`.
template <class Schedule>
[[nodiscard]] basic_route_answer<Schedule> search(Schedule const& s, route_query const& query)
{
    basic_route_answer<Schedule> answer;
    basic_route_search<Schedule>().run(s, query, answer);
    return answer;
}

template <class Schedule>
void basic_route_search<Schedule>::run(Schedule const& s, route_query const& query,
                                       answer_type& answer)
{
    answer.clear();
    if (auto const q = placed::place(s, query)) {
        schedule_ = &s;
        query_ = &query;
        placed_ = &*q;
        best_.start(s, query, query.direct_after);
        offer_direct(answer.direct_total);
        answer.more = best_.more();
        build(answer.direct);
        if (query.max_stops > 0) {
            found_.find(s, *q);
            answer.transit_total = found_.size();
            best_.start(s, query, query.transit_after);
            offer_transit();
            answer.more = answer.more || best_.more();
            build(answer.transit);
        }
    }
    if (answer.direct_total + answer.transit_total == 0) answer.reason = why_no_route(s, query);
}

template <class Schedule>
void basic_route_search<Schedule>::offer_direct(std::size_t& total)
{
    auto const& q = *placed_;
    if (auto const* const lane = schedule_->lane_between(q.origin, q.destination);
        lane && q.takes_direct()) {
        auto const end = lane->first_departing(q.end);
        for (auto p = lane->first_departing(q.start); p < end; p = lane->next(p)) {
            auto const departure = lane->departure(p);
            auto const arrival = lane->arrival(p);
            if (q.is_choosy() && !(q.takes_times(departure, arrival) && q.takes(*lane, p))) {
                continue;
            }
            ++total;
            best_.offer({detail::value_of_times(query_->order, departure, arrival) +
                             cost({q.origin, q.destination, p}),
                         arrival, departure, lane, nullptr, p, 0});
        }
    }
    if (!query_->through_flights) return;
    schedule_->for_each_between(q.origin, q.destination,
                                [&](airport_index via, lane_type const& in, lane_type const& out) {
                                    offer_through_flights({via, &in, &out}, total);
                                });
}

/// A pair of one flight number whose stop is too short for a connection.
template <class Schedule>
void basic_route_search<Schedule>::offer_through_flights(lanes_type const& lanes,
                                                         std::size_t& total)
{
    auto const& q = *placed_;
    auto const& [via, in, out] = lanes;
    if (!q.takes_transit(via)) return;
    auto const end = in->first_departing(q.end);
    for (auto first = in->first_departing(q.start); first < end; first = in->next(first)) {
        auto const landed = in->arrival(first);
        for (auto second = out->first_departing(landed); second < out->end();
             second = out->next(second)) {
            auto const off = out->departure(second);
            if (off >= q.onward_end(via, landed) || off - landed > detail::longest_through_stop) {
                break;
            }
            if (in->at(first).number == out->at(second).number &&
                !q.connects(lanes, first, second) && q.takes(*in, first) && q.takes(*out, second) &&
                q.takes_times(in->departure(first), out->arrival(second))) {
                ++total;
                offer(lanes, first, second);
            }
        }
    }
}

/// A run whose best is worse than the best of enough others adds nothing: most are never opened.
template <class Schedule>
void basic_route_search<Schedule>::offer_transit()
{
    rank_runs();
    auto const worst = worst_that_counts();
    auto best = bests_.begin();
    found_.for_each_run([&](lanes_type const& lanes, connection_run const& run) {
        if (*best++ <= worst) offer_run(lanes, run, worst);
    });
}

template <class Schedule>
void basic_route_search<Schedule>::rank_runs()
{
    bests_.clear();
    // A choosy query's runs hold one pair each: the later flights of its lane are not in it.
    bool const one_each = placed_->is_choosy();
    found_.for_each_run([&](lanes_type const& lanes, connection_run const& run) {
        auto const arrival =
            one_each ? lanes.out->arrival(run.second) : lanes.out->least_arrival(run.second);
        bests_.push_back(rank_of(lanes.in->departure(run.first), arrival));
    });
}

/// The rank that enough runs reach; the last there is where the search can not know.
template <class Schedule>
auto basic_route_search<Schedule>::worst_that_counts() -> rank
{
    auto const wanted = best_.capacity();
    if (best_.continues() || wanted == 0 || wanted > bests_.size()) {
        return std::numeric_limits<rank>::max();
    }
    sorted_ = bests_;
    auto const nth = sorted_.begin() + static_cast<std::ptrdiff_t>(wanted - 1);
    std::nth_element(sorted_.begin(), nth, sorted_.end());
    return query_->order == route_order::cost ? std::numeric_limits<rank>::max() : *nth;
}

template <class Schedule>
void basic_route_search<Schedule>::offer_run(lanes_type const& lanes, connection_run const& run,
                                             rank worst)
{
    bool const by_cost = query_->order == route_order::cost;
    auto const departure = lanes.in->departure(run.first);
    for (auto second = run.second; second < run.last; second = lanes.out->next(second)) {
        auto const best = rank_of(departure, lanes.out->least_arrival(second));
        // Nor does any later one of the run add anything.
        if (!by_cost && (best > worst || !best_.could_keep(best))) return;
        offer(lanes, run.first, second);
    }
}

template <class Schedule>
void basic_route_search<Schedule>::offer(lanes_type const& lanes, std::uint32_t first,
                                         std::uint32_t second)
{
    auto const& [via, in, out] = lanes;
    auto const departure = in->departure(first);
    auto const arrival = out->arrival(second);
    auto const value = detail::value_of_times(query_->order, departure, arrival) +
                       cost({placed_->origin, via, first}) +
                       cost({via, placed_->destination, second});
    best_.offer({value, arrival, departure, in, out, first, second});
}

template <class Schedule>
std::int64_t basic_route_search<Schedule>::cost(flight_place f) const
{
    if (query_->order != route_order::cost || !query_->cost) return 0;
    return query_->cost(schedule_->at(f));
}

template <class Schedule>
void basic_route_search<Schedule>::build(std::vector<basic_itinerary<Schedule>>& to)
{
    for (auto const& c : best_.sorted()) {
        auto const via = c.in->other_end();
        std::array const legs{flight_place{placed_->origin, via, c.first},
                              flight_place{via, placed_->destination, c.second}};
        to.emplace_back(*schedule_, std::span(legs).first(c.legs()));
    }
}

}  // namespace aircargo
