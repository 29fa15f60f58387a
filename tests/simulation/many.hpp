#pragma once

#include "simulation/run.hpp"
#include <cstdint>
#include <optional>
#include <vector>

namespace aircargo::simulation {

struct total {
    std::uint64_t seeds = 0;
    std::uint64_t operations = 0;
    std::uint64_t changes = 0;
    std::uint64_t hits = 0;
    std::uint64_t traces = 0;  ///< all hashes, in any order
    double cpu_ms = 0;
    std::vector<std::uint64_t> failed;  ///< ascending
};

/// Runs `count` seeds in `jobs` processes.
[[nodiscard]] total run_seeds(std::uint64_t first, std::uint64_t count, unsigned jobs,
                              plan const& p);

/// The lowest seed of those tried that fails; each process stops at its first.
[[nodiscard]] std::optional<std::uint64_t> first_failure(std::uint64_t first, std::uint64_t count,
                                                         unsigned jobs, plan const& p);

}  // namespace aircargo::simulation
