#pragma once

#include "world/made_up/draw.hpp"
#include "world/made_up/network.hpp"
#include <aircargo/core/flight_number.hpp>
#include <aircargo/core/utc_time.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace aircargo::detail {

/// One flight number with its weekdays.
struct made_up_rotation {
    flight_number number;
    std::uint32_t airline;
    std::uint32_t origin;  ///< place
    std::uint32_t destination;
    std::chrono::minutes departure;  ///< local clock at the origin
    std::chrono::minutes block;
    unsigned weekdays;  ///< bit 0 is Sunday

    [[nodiscard]] bool flies_on(std::chrono::weekday day) const noexcept
    {
        return (weekdays >> day.c_encoding() & 1U) != 0;
    }
};

/// A week of flights that repeats.
struct made_up_timetable {
    std::vector<std::string> airlines;
    std::vector<made_up_rotation> rotations;  ///< by departure
    std::size_t flights = 0;                  ///< on the days that it was made for
};

/// At least `flights` flights on `days` days from `first` on, and few more.
[[nodiscard]] made_up_timetable make_timetable(made_up_network const& network, std::size_t flights,
                                               date first, int days, draw& random);

}  // namespace aircargo::detail
