#pragma once

#include "solver.hpp"

namespace aircargo::bench {

/// Asks all entrants of each task every question and compares their answers with those of the
/// first. Says each difference aloud. \return the number of questions with a difference
[[nodiscard]] std::size_t cross_check(entrants const& all, std::span<flight const> flights,
                                      std::span<question const> questions);

}  // namespace aircargo::bench
