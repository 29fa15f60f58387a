#pragma once

#include <aircargo/routing/candidates.hpp>
#include <aircargo/routing/connections.hpp>
#include <aircargo/routing/deep_search.hpp>
#include <aircargo/routing/no_route.hpp>
#include <aircargo/routing/query.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace aircargo {

/// What a search found, each list in the order of the query and cut at its limit.
template <class Schedule>
struct basic_route_answer {
    std::vector<basic_itinerary<Schedule>> direct;
    std::vector<basic_itinerary<Schedule>> transit;  ///< with one stop, or more if allowed
    std::size_t direct_total = 0;                    ///< without limit and cursor
    /// With one stop, without limit and cursor; those with more are too many to be counted.
    std::size_t transit_total = 0;
    bool more = false;  ///< a list was cut
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
///  - no itinerary passes through its origin or destination, or any airport twice.
/// With a limit the rest is not built; without one, a query with more than one stop gets all there
/// are, which can be millions. One that is used again allocates nothing once its memory has grown
/// to its largest answer, but for the cost of bounds where more than one stop is allowed. One a
/// thread; `search` below is for callers who do not mind a few allocations.
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
    using deep_type = detail::deep_candidate<Schedule>;
    using placed = detail::placed_query<Schedule>;
    using rank = detail::time_rank;

    void find_direct(answer_type& answer);
    void find_transit(answer_type& answer);
    void offer_direct(std::size_t& total);
    void offer_through_flights(lanes_type const& lanes, std::size_t& total);
    void offer_transit();
    void offer_runs();
    void offer_run(lanes_type const& lanes, connection_run const& run);
    void offer(lanes_type const& lanes, std::uint32_t first, std::uint32_t second);
    void rank_runs();

    [[nodiscard]] bool orders_by_cost() const noexcept
    {
        return query_->order == route_order::cost;
    }
    void build(candidate_type const& c, std::vector<basic_itinerary<Schedule>>& to) const;
    void build(deep_type const& c, std::vector<basic_itinerary<Schedule>>& to) const;

    Schedule const* schedule_ = nullptr;
    route_query const* query_ = nullptr;
    placed const* placed_ = nullptr;
    detail::best_candidates<Schedule, candidate_type> best_;
    basic_connections<Schedule> found_;
    std::vector<rank> ranks_;  // of the best of each run
    detail::deep_search<Schedule> deep_;
    basic_no_route_finder<Schedule> why_;
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
        find_direct(answer);
        if (query.max_stops > 0) find_transit(answer);
    }
    bool const any = answer.direct_total + answer.transit_total > 0 || !answer.transit.empty() ||
                     answer.more || query.transit_after;
    if (!any && query.explain) answer.reason = why_(s, query);
}

template <class Schedule>
void basic_route_search<Schedule>::find_direct(answer_type& answer)
{
    best_.start(*schedule_, *query_, query_->direct_after);
    offer_direct(answer.direct_total);
    for (auto const& c : best_.sorted()) build(c, answer.direct);
    answer.more = best_.more();
}

template <class Schedule>
void basic_route_search<Schedule>::find_transit(answer_type& answer)
{
    found_.find(*schedule_, *placed_);
    answer.transit_total = found_.size();
    best_.start(*schedule_, *query_, query_->transit_after);
    offer_transit();
    auto const with_one_stop = best_.sorted();
    answer.more = answer.more || best_.more();
    if (query_->max_stops == 1) {
        for (auto const& c : with_one_stop) build(c, answer.transit);
        return;
    }
    auto const with_more = deep_.find(*schedule_, *placed_, *query_, best_.worst());
    answer.more = answer.more || deep_.more();
    auto one = with_one_stop.begin();
    auto other = with_more.begin();
    while (one != with_one_stop.end() || other != with_more.end()) {
        if (answer.transit.size() == query_->limit) {
            answer.more = true;
            return;
        }
        bool const take_one = other == with_more.end() ||
                              (one != with_one_stop.end() && detail::comes_before(*one, *other));
        take_one ? build(*one++, answer.transit) : build(*other++, answer.transit);
    }
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
            auto const value = detail::value_of_times(query_->order, departure, arrival) +
                               detail::cost_of(*schedule_, *query_, {q.origin, q.destination, p});
            best_.offer({value, arrival, departure, lane, nullptr, p, 0});
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
    auto const wanted = best_.capacity();
    if (!best_.continues() && wanted <= ranks_.size() && !orders_by_cost()) {
        best_.expect(detail::reached_by(ranks_, wanted));
        offer_runs();
        if (best_.is_full()) return;
        // Rare: what is best in a lane departs after the window, so runs promised too much.
        best_.start(*schedule_, *query_, query_->transit_after);
    }
    offer_runs();
}

template <class Schedule>
void basic_route_search<Schedule>::offer_runs()
{
    auto best = ranks_.begin();
    found_.for_each_run([&](lanes_type const& lanes, connection_run const& run) {
        if (best_.could_keep(*best++) || orders_by_cost()) offer_run(lanes, run);
    });
}

template <class Schedule>
void basic_route_search<Schedule>::rank_runs()
{
    ranks_.resize(found_.most_runs());
    auto next = ranks_.begin();
    // A choosy query's runs hold one pair each: the later flights of its lane are not in it.
    bool const one_each = placed_->is_choosy();
    found_.for_each_run([&](lanes_type const& lanes, connection_run const& run) {
        auto const arrival =
            one_each ? lanes.out->arrival(run.second) : lanes.out->least_arrival(run.second);
        *next++ = detail::rank_of(query_->order, lanes.in->departure(run.first), arrival);
    });
    ranks_.erase(next, ranks_.end());
}

template <class Schedule>
void basic_route_search<Schedule>::offer_run(lanes_type const& lanes, connection_run const& run)
{
    auto const departure = lanes.in->departure(run.first);
    for (auto second = run.second; second < run.last; second = lanes.out->next(second)) {
        auto const best =
            detail::rank_of(query_->order, departure, lanes.out->least_arrival(second));
        // Nor does any later one of the run add anything.
        if (!orders_by_cost() && !best_.could_keep(best)) return;
        auto const its = detail::rank_of(query_->order, departure, lanes.out->arrival(second));
        if (orders_by_cost() || best_.could_keep(its)) offer(lanes, run.first, second);
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
                       detail::cost_of(*schedule_, *query_, {placed_->origin, via, first}) +
                       detail::cost_of(*schedule_, *query_, {via, placed_->destination, second});
    best_.offer({value, arrival, departure, in, out, first, second});
}

template <class Schedule>
void basic_route_search<Schedule>::build(candidate_type const& c,
                                         std::vector<basic_itinerary<Schedule>>& to) const
{
    auto const via = c.in->other_end();
    std::array const legs{flight_place{placed_->origin, via, c.first},
                          flight_place{via, placed_->destination, c.second}};
    to.emplace_back(*schedule_, std::span(legs).first(c.legs()));
}

template <class Schedule>
void basic_route_search<Schedule>::build(deep_type const& c,
                                         std::vector<basic_itinerary<Schedule>>& to) const
{
    to.emplace_back(*schedule_, std::span(c.places).first(c.legs()));
}

}  // namespace aircargo
