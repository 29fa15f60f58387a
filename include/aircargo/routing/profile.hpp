#pragma once

#include <aircargo/routing/bag_rounds.hpp>
#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/label_rounds.hpp>
#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/lane_steps.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace aircargo {

/// Finds the itineraries of a day, or any other window of departures, that are worth a look: those
/// that no other one of the window beats, by departing no earlier, landing no later and stopping no
/// more often. Of equal ones there is one in the answer. What departs after the window beats
/// nothing, so the last ones of the window may be slow.
///
/// What plays no part of a query, and what makes the search look at flights one by one, is the same
/// as with the earliest arrival.
///
/// Keeps its memory from search to search, so that one allocates nothing; for one thread at a time.
template <lane_form Lane>
class basic_profile_search {
public:
    using network_type = basic_flight_network<Lane>;
    using itinerary_type = basic_itinerary<basic_schedule<Lane>>;

    /// In order of departure, then of stops. Lives until the next search and points into the
    /// network's schedule.
    [[nodiscard]] std::span<itinerary_type const> operator()(network_type const& network,
                                                             route_query const& query);

private:
    /// A journey with one stop or none.
    struct short_journey {
        seconds32 departure;
        seconds32 landing;
        bool stops;
        airport_index via;

        friend bool operator<(short_journey const& a, short_journey const& b) noexcept
        {
            return std::tie(b.departure, a.landing, a.stops, a.via) <
                   std::tie(a.departure, b.landing, b.stops, b.via);
        }
    };
    struct departing_flight {
        seconds32 departure;
        seconds32 landing;
        airport_index to;
    };
    struct landing_step {
        seconds32 departure;
        seconds32 landing;  // of all that departs then or later
    };

    void find_direct();
    void find_with_stop(airport_index via, Lane const& in, Lane const& out);
    void keep_the_best_short_ones();
    void find_departing_flights();
    void collect(Lane const& l, bounds_row bounds);
    void run_rounds();
    void find_by_flights(detail::placed_query<basic_schedule<Lane>> const& query);
    /// Writes down the short journeys that depart at `t` or later.
    void emit_short(seconds32 t);
    void emit(std::span<airport_index const> airports, seconds32 departure, seconds32 landing);

    detail::fitting_network<Lane> fitting_;
    network_type const* network_ = nullptr;
    detail::journey_task task_{};
    seconds32 from_ = 0;
    seconds32 until_ = 0;
    std::vector<short_journey> short_;
    std::vector<landing_step>
        steps_;  // landings of the short ones, by departure, the last one first
    std::vector<departing_flight> departing_;
    detail::label_rounds<Lane> rounds_;
    std::size_t emitted_ = 0;        // of the short ones
    detail::bag_rounds<Lane> bags_;  // where flights are looked at one by one
    std::vector<std::uint32_t> order_;
    std::vector<itinerary_type> found_;
};

using profile_search = basic_profile_search<lane>;

template <lane_form Lane>
auto basic_profile_search<Lane>::operator()(network_type const& given, route_query const& query)
    -> std::span<itinerary_type const>
{
    found_.clear();
    auto const& s = given.schedule();
    auto const q = detail::placed_query<basic_schedule<Lane>>::place(s, query);
    if (!q) return {};
    network_ = &fitting_.of(given, query.connection);
    task_ = {q->origin, q->destination, q->next_end, q->max_legs()};
    from_ = q->start;
    until_ = q->end;
    if (q->is_choosy()) {
        find_by_flights(*q);
        return found_;
    }
    short_.clear();
    emitted_ = 0;
    find_direct();
    if (task_.max_legs > 1) {
        detail::with_wide_vectors([&](auto) {
            s.for_each_between(task_.origin, task_.destination,
                               [&](airport_index via, Lane const& in, Lane const& out) {
                                   find_with_stop(via, in, out);
                               });
        });
    }
    keep_the_best_short_ones();
    if (task_.max_legs > 2) run_rounds();
    emit_short(0);
    std::reverse(found_.begin(), found_.end());
    return found_;
}

template <lane_form Lane>
void basic_profile_search<Lane>::find_direct()
{
    auto const* const l = network_->schedule().lane_between(task_.origin, task_.destination);
    if (!l) return;
    auto const end = l->end();
    for (auto p = l->first_departing(from_); p != end && l->departure(p) < until_; p = l->next(p)) {
        short_.push_back({l->departure(p), l->arrival(p), false, task_.destination});
    }
}

template <lane_form Lane>
void basic_profile_search<Lane>::find_with_stop(airport_index via, Lane const& in, Lane const& out)
{
    auto const connection = network_->connection_at(via);
    short_journey last{0, never, true, via};
    auto const end = in.end();
    for (auto p = in.first_departing(from_); p != end && in.departure(p) < until_; p = in.next(p)) {
        auto const landing =
            detail::earliest_landing(out, in.arrival(p) + connection, task_.before);
        // Most often several first legs reach the same second one; the last of them is enough.
        if (landing == never) continue;
        if (last.landing < landing) short_.push_back(last);
        last.departure = in.departure(p);
        last.landing = landing;
    }
    if (last.landing != never) short_.push_back(last);
}

template <lane_form Lane>
void basic_profile_search<Lane>::keep_the_best_short_ones()
{
    std::sort(short_.begin(), short_.end());
    steps_.clear();
    auto direct = never;
    auto any = never;
    auto const is_beaten = [&](short_journey const& j) {
        if (j.landing >= (j.stops ? any : direct)) return true;
        if (!j.stops) direct = j.landing;
        if (j.landing < any) steps_.push_back({j.departure, j.landing});
        any = std::min(any, j.landing);
        return false;
    };
    short_.erase(std::remove_if(short_.begin(), short_.end(), is_beaten), short_.end());
}

template <lane_form Lane>
void basic_profile_search<Lane>::find_departing_flights()
{
    departing_.clear();
    auto const bounds = network_->least_time_to(task_.destination);
    for (auto const& l : network_->schedule().departures(task_.origin).lanes()) {
        if (l.other_end() != task_.destination && bounds.leads_from(l.other_end())) {
            collect(l, bounds);
        }
    }
    std::sort(departing_.begin(), departing_.end(), [](auto const& a, auto const& b) {
        return std::tie(b.departure, a.landing, a.to) < std::tie(a.departure, b.landing, b.to);
    });
}

template <lane_form Lane>
void basic_profile_search<Lane>::collect(Lane const& l, bounds_row bounds)
{
    auto const to = l.other_end();
    auto step = steps_.end();
    for (auto p = l.first_departing(from_); p != l.end(); p = l.next(p)) {
        auto const departure = l.departure(p);
        if (departure >= until_) return;
        while (step != steps_.begin() && (step - 1)->departure < departure) --step;
        auto const limit = step == steps_.begin() ? never : (step - 1)->landing;
        if (departure + l.least_block() + bounds[to] >= limit) continue;
        auto const landing = l.arrival(p);
        if (landing + bounds[to] < limit) departing_.push_back({departure, landing, to});
    }
}

template <lane_form Lane>
void basic_profile_search<Lane>::run_rounds()
{
    find_departing_flights();
    if (departing_.empty()) return;
    rounds_.begin(*network_, task_, detail::label_rounds<Lane>::keeping::rounds_kept);
    auto known = short_.begin();
    for (auto first = departing_.begin(); first != departing_.end();) {
        auto const departure = first->departure;
        for (; known != short_.end() && known->departure >= departure; ++known) {
            rounds_.know(known->stops ? 2 : 1, known->landing);
        }
        for (; first != departing_.end() && first->departure == departure; ++first) {
            rounds_.start_with(first->to, first->landing);
        }
        rounds_.run();
        emit_short(departure + 1);
        for (auto legs = task_.max_legs; legs > 2; --legs) {
            if (rounds_.found(legs) && rounds_.best(legs) < rounds_.best(legs - 1)) {
                emit(rounds_.airports(legs), departure, rounds_.best(legs));
            }
            rounds_.take(legs);
        }
    }
}

template <lane_form Lane>
void basic_profile_search<Lane>::emit_short(seconds32 t)
{
    for (; emitted_ < short_.size(); ++emitted_) {
        auto const& j = short_[emitted_];
        if (j.departure < t) return;
        std::array const airports{task_.origin, j.via, task_.destination};
        std::array const direct{task_.origin, task_.destination};
        emit(j.stops ? std::span<airport_index const>(airports) : std::span(direct), j.departure,
             j.landing);
    }
}

template <lane_form Lane>
void basic_profile_search<Lane>::emit(std::span<airport_index const> airports, seconds32 departure,
                                      seconds32 landing)
{
    found_.push_back(
        detail::latest_flights(*network_, airports, {departure, until_, task_.before}, landing));
}

template <lane_form Lane>
void basic_profile_search<Lane>::find_by_flights(
    detail::placed_query<basic_schedule<Lane>> const& query)
{
    bags_.run(*network_, query, detail::bag_rounds<Lane>::criteria::arrival_and_departure);
    order_ = bags_.found();
    std::sort(order_.begin(), order_.end(), [&](auto a, auto b) {
        auto const& x = bags_.at(a);
        auto const& y = bags_.at(b);
        return std::tie(x.departure, x.legs) < std::tie(y.departure, y.legs);
    });
    for (auto const nth : order_) found_.push_back(bags_.itinerary_at(nth));
}

}  // namespace aircargo
