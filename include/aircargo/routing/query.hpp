#pragma once

#include <aircargo/routing/connection_rule.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/schedule.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace aircargo {

/// The instants that an asked day stands for: departures of the first leg lie in [start, end),
/// those of later legs before `next_end`, the end of the day after. A day at an airport has 23 or
/// 25 hours when clocks change.
struct day_window {
    utc_time start;
    utc_time end;
    utc_time next_end;
};

/// Every departure from `t` on, for whoever asks for no day.
[[nodiscard]] inline day_window any_time_from(utc_time t)
{
    constexpr utc_time far = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);
    return {t, far, far};
}

/// What comes first in an answer. Ties go by arrival, then by the later departure, then by flight
/// numbers and ids.
enum class route_order : std::uint8_t { arrival, departure, duration, cost };

/// What an itinerary must be beyond leading there. An empty list asks for nothing.
struct route_filter {
    std::vector<airport_code> via;             ///< one of its transit airports is among these
    std::vector<airport_code> avoid;           ///< none of its transit airports is
    std::vector<airline_designator> airlines;  ///< every flight is of one of these
    std::optional<utc_time> earliest_departure{};
    std::optional<utc_time> latest_arrival{};
    std::optional<std::chrono::minutes> longest{};  ///< from first departure to last arrival

    friend bool operator==(route_filter const&, route_filter const&) = default;
};

/// Until when (exclusive) cargo that lands at an airport may fly on.
using onward_limit = std::function<utc_time(airport_code at, utc_time landed)>;
/// What a flight costs, in a unit of the caller's; an itinerary costs the sum.
using flight_cost = std::function<std::int64_t(flight_view const&)>;

/// The one question for all searches: `search`, `find_connections` (query's itineraries with one
/// stop), `basic_earliest_search`, `basic_profile_search` and `basic_pareto_search`. Only the first
/// three fields have no default.
struct route_query {
    airport_code origin;
    airport_code destination;
    day_window day;
    std::size_t max_stops = 1;  ///< 0: direct flights only; 15 at most
    std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< of each list
    route_order order = route_order::arrival;
    flight_cost cost{};  ///< for the order of cost
    connection_rule connection{};
    route_filter filter{};
    /// Replaces `day.next_end`, where the day after the landing is meant, not the day after the
    /// asked one.
    onward_limit onward{};
    /// A flight number that flies on from where it lands keeps its cargo aboard: such a pair with a
    /// shorter stop than the rule asks for counts as direct.
    bool through_flights = false;
    /// Of flights that leave and arrive together, between the same airports, only the first by
    /// number: they are one aircraft under several numbers.
    bool collapse_codeshares = false;
    /// Say why, where there is no route: finding out can take longer than finding none.
    bool explain = true;
    std::optional<itinerary_key> direct_after{};  ///< continue behind this one, in the same order
    std::optional<itinerary_key> transit_after{};
};

/// The place of an itinerary in the answer to a query: what the next page continues behind.
template <class Schedule>
[[nodiscard]] itinerary_key key_of(basic_itinerary<Schedule> const& i, route_query const& q)
{
    std::int64_t value = 0;
    if (q.order == route_order::departure) value = to_epoch(i.departure());
    if (q.order == route_order::duration) value = i.duration().count();
    if (q.order == route_order::cost && q.cost) {
        for (auto const& f : i.flights()) value += q.cost(f);
    }
    return itinerary_key(i, value);
}

/// Why there is no route; each is told apart by what would help.
enum class no_route : std::uint8_t {
    unknown_airport,        ///< no flight of the schedule serves origin or destination
    same_airport,           ///< origin is destination
    outside_schedule,       ///< the day is before the first or after the last departure
    no_flight_that_day,     ///< nothing leaves the origin on that day
    filtered_out,           ///< there are routes, but none that passes the filter
    connections_too_short,  ///< flights meet, but not with the time on the ground that is asked for
    needs_more_stops,       ///< with more stops than allowed cargo gets there
    no_connection,          ///< flights leave, but lead nowhere in time
};

[[nodiscard]] constexpr std::string_view name_of(no_route reason) noexcept
{
    switch (reason) {
        case no_route::unknown_airport: return "unknown_airport";
        case no_route::same_airport: return "same_airport";
        case no_route::outside_schedule: return "outside_schedule";
        case no_route::no_flight_that_day: return "no_flight_that_day";
        case no_route::filtered_out: return "filtered_out";
        case no_route::connections_too_short: return "connections_too_short";
        case no_route::needs_more_stops: return "needs_more_stops";
        case no_route::no_connection: return "no_connection";
    }
    return "?";
}

}  // namespace aircargo
