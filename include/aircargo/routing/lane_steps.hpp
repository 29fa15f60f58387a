#pragma once

#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/lane.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

/// What searches ask of one lane, and how the airports of a journey become flights.
namespace aircargo::detail {

/// The earliest landing of flights that depart at `ready` or later and before `before`; `never`
/// where there is none.
template <lane_form Lane>
[[nodiscard]] seconds32 earliest_landing(Lane const& l, seconds32 ready, seconds32 before)
{
    auto p = l.first_departing(ready);
    if (p == l.end()) return never;
    // What lands by then has departed before.
    if (auto const least = l.least_arrival(p); least <= before) return least;
    auto least = never;
    for (; p != l.end() && l.departure(p) < before; p = l.next(p)) {
        least = std::min(least, l.arrival(p));
    }
    return least;
}

/// The last flight that departs within [ready, before) and lands at `landing` or earlier.
/// \pre there is one; in a schedule from damaged bytes there may be none, and then it is just some
/// flight
template <lane_form Lane>
[[nodiscard]] typename Lane::position last_landing_by(Lane const& l, seconds32 ready,
                                                      seconds32 before, seconds32 landing)
{
    auto last = l.end();
    auto const end = std::min(before, landing - l.least_block() + 1);
    for (auto p = l.first_departing(ready); p != l.end() && l.departure(p) < end; p = l.next(p)) {
        if (l.arrival(p) <= landing) last = p;
    }
    return last != l.end() ? last : l.begin();
}

/// When a journey's flights may depart.
struct departure_limits {
    seconds32 ready;         ///< the first one then or later
    seconds32 first_before;  ///< and before this
    seconds32 before;        ///< all others before this
};

/// The flights over `airports`, from the origin on, that land at `landing` and depart as late as
/// this allows, each one. \pre the journey is possible, and airlines do not matter to connections
template <lane_form Lane>
[[nodiscard]] basic_itinerary<basic_schedule<Lane>> latest_flights(
    basic_flight_network<Lane> const& network, std::span<airport_index const> airports,
    departure_limits const& limits, seconds32 landing)
{
    auto const& s = network.schedule();
    auto const legs = airports.size() - 1;
    auto const lane_of = [&](std::size_t leg) -> Lane const& {
        return *s.lane_between(airports[leg], airports[leg + 1]);
    };
    auto const before = [&](std::size_t leg) {
        return leg == 0 ? limits.first_before : limits.before;
    };
    std::array<seconds32, basic_itinerary<basic_schedule<Lane>>::max_legs> ready{limits.ready};
    std::array<flight_place, ready.size()> flights;
    for (std::size_t leg = 0; leg + 1 < legs; ++leg) {
        ready[leg + 1] = earliest_landing(lane_of(leg), ready[leg], before(leg)) +
                         network.connection_at(airports[leg + 1]);
    }
    for (auto leg = legs; leg-- > 0;) {
        auto const& l = lane_of(leg);
        auto const p = last_landing_by(l, ready[leg], before(leg), landing);
        flights[leg] = {airports[leg], airports[leg + 1], p};
        landing = l.departure(p) - network.connection_at(airports[leg]);  // of the leg before
    }
    return {s, std::span(flights).first(legs)};
}

}  // namespace aircargo::detail
