#pragma once

#include "solver.hpp"
#include <optional>

namespace aircargo::bench {

struct data_set {
    std::string name;
    std::vector<flight> flights;  ///< all sound; ids count from 1
};

/// The CSV file that AIRCARGO_FLIGHTS_CSV names, if it does. Flights that can not be true are left
/// out for everyone.
[[nodiscard]] std::optional<data_set> real_flights();

/// A world of `made_up_schedule`.
[[nodiscard]] data_set made_up(std::size_t flights, int days);

/// So many questions as shippers would ask: an airport comes up as often as flights leave it, and
/// the day and the next one lie within the schedule. Same arguments, same questions.
[[nodiscard]] std::vector<question> draw_questions(std::span<flight const> flights,
                                                   std::size_t count, std::uint64_t seed);

}  // namespace aircargo::bench
