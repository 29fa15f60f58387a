#pragma once

#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/great_circle.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace aircargo {

/// What makes a flight unfit for a schedule. One that lands a minute after it left, thousands of
/// kilometres away, would win every search.
enum class flight_fault : std::uint8_t {
    outside_of_the_calendar,  ///< departs before 1970 or after 2100: a year typed wrong
    same_airport,
    arrival_not_after_departure,
    longer_than_two_days,
    unknown_airport,
    faster_than_sound,  ///< more than 1,200 km/h along the great circle
};

[[nodiscard]] constexpr std::string_view name_of(flight_fault fault) noexcept
{
    switch (fault) {
        case flight_fault::outside_of_the_calendar: return "outside_of_the_calendar";
        case flight_fault::same_airport: return "same_airport";
        case flight_fault::arrival_not_after_departure: return "arrival_not_after_departure";
        case flight_fault::longer_than_two_days: return "longer_than_two_days";
        case flight_fault::unknown_airport: return "unknown_airport";
        case flight_fault::faster_than_sound: return "faster_than_sound";
    }
    return "?";
}

/// Tells an airport by its code; null for one that it does not know.
using airport_lookup = std::function<airport const*(airport_code)>;

/// What is wrong with a flight; nothing when it is sound. Without a lookup, places and speeds are
/// not checked.
[[nodiscard]] inline std::optional<flight_fault> fault_of(flight const& f,
                                                          airport_lookup const& airports = {})
{
    constexpr std::chrono::hours longest(48);
    constexpr double fastest_kmh = 1200;

    constexpr utc_time calendar_end = std::chrono::sys_days(std::chrono::year(2101) / 1 / 1);

    auto const block = f.arrival - f.departure;
    if (f.departure < from_epoch(0) || f.departure >= calendar_end) {
        return flight_fault::outside_of_the_calendar;
    }
    if (f.origin == f.destination) return flight_fault::same_airport;
    if (block <= block.zero()) return flight_fault::arrival_not_after_departure;
    if (block > longest) return flight_fault::longer_than_two_days;
    if (!airports) return std::nullopt;
    auto const* const from = airports(f.origin);
    auto const* const to = airports(f.destination);
    if (!from || !to) return flight_fault::unknown_airport;
    auto const hours = std::chrono::duration<double, std::ratio<3600>>(block).count();
    if (great_circle_km(*from, *to) > fastest_kmh * hours) return flight_fault::faster_than_sound;
    return std::nullopt;
}

}  // namespace aircargo
