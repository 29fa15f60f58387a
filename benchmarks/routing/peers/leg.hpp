#pragma once

#include "../solver.hpp"
#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

namespace aircargo::bench {

/// Seconds since 1970.
using seconds32 = std::uint32_t;

[[nodiscard]] inline seconds32 seconds_of(utc_time t)
{
    return static_cast<seconds32>(to_epoch(t));
}

inline constexpr auto connection =
    static_cast<seconds32>(std::chrono::seconds(default_connection).count());

/// What a search needs of a flight.
struct leg {
    seconds32 departure;
    seconds32 arrival;
    std::uint32_t place;  ///< among the flights

    [[nodiscard]] static leg of(std::span<flight const> flights, std::size_t place)
    {
        auto const& f = flights[place];
        return {seconds_of(f.departure), seconds_of(f.arrival), static_cast<std::uint32_t>(place)};
    }
};

/// The places of all flights by departure.
[[nodiscard]] inline std::vector<std::uint32_t> by_departure(std::span<flight const> flights)
{
    std::vector<std::uint32_t> places(flights.size());
    std::iota(places.begin(), places.end(), 0U);
    std::stable_sort(places.begin(), places.end(),
                     [&](auto a, auto b) { return flights[a].departure < flights[b].departure; });
    return places;
}

/// The flights of each ordered airport pair by departure; the pairs by origin, then destination.
[[nodiscard]] inline std::map<std::pair<airport_code, airport_code>, std::vector<leg>> lanes_of(
    std::span<flight const> flights)
{
    std::map<std::pair<airport_code, airport_code>, std::vector<leg>> lanes;
    for (auto const place : by_departure(flights)) {
        auto const& f = flights[place];
        lanes[{f.origin, f.destination}].push_back(leg::of(flights, place));
    }
    return lanes;
}

/// The first of `legs` (by departure) that departs at `t` or later.
[[nodiscard]] inline auto first_departing(std::vector<leg> const& legs, seconds32 t)
{
    return std::lower_bound(legs.begin(), legs.end(), t,
                            [](leg const& l, seconds32 at) { return l.departure < at; });
}

/// Row of a pair of places.
[[nodiscard]] inline row ids_of(std::uint32_t first, std::uint32_t last)
{
    return {std::int64_t{first} + 1, std::int64_t{last} + 1, 0};
}

}  // namespace aircargo::bench
