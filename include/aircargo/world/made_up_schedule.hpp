#pragma once

#include <aircargo/core/utc_time.hpp>
#include <aircargo/routing/flight.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace aircargo {

/// How large a made-up world is.
struct made_up_world {
    std::size_t flights = 1'000'000;
    int days = 10;
    date first = std::chrono::year(2025) / 3 / 24;  ///< Europe's clocks change in this week
    std::uint64_t seed = 1;
};

/// Exactly `flights` flights over `days` days from `first` on, to measure and to test with:
/// airports and distances are real, everything else is made up so that it looks like the world
/// does.
///  - About 3,150 airports of very different size and 36,000 lanes, more of them between large and
///    near airports; a small world flies only some of them.
///  - A lane's flights a week follow the size of its ends and fall with the distance.
///  - A flight number keeps its local clock, daily or on some weekdays; the 60 largest airports
///    run banks, in which flights land together and then depart together.
///  - A flight takes as long as the great circle at 830 km/h and 30 minutes more, rounded up to 5.
///  - Airlines have home airports; no number flies twice a day.
/// Day by day, by the local clock; without ids. Each is sound, see `fault_of`. Same arguments, same
/// flights, as long as the airport table and the system's time zone data stay the same.
/// Thread-safe.
[[nodiscard]] std::vector<flight> made_up_schedule(made_up_world const& asked);

}  // namespace aircargo
