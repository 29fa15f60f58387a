#pragma once

#include "simulation/bugs.hpp"
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aircargo::simulation {

/// How a run is to be, beside its seed. Smaller numbers are for finding out what a failure needs.
struct plan {
    bug planted = bug::none;
    unsigned clients = 6;
    unsigned operations = 24;                      ///< of each client
    std::uint32_t faults = ~0U;                    ///< a bit for each kind, see `fault_kinds`
    std::function<void(std::string const&)> show;  ///< is given the trace
};

inline constexpr std::array<std::string_view, 10> fault_kinds{
    "slow messages", "lost messages",  "store failures", "unknown commits", "pauses",
    "crashes",       "redis restarts", "redis flushes",  "partitions",      "jumps of clocks"};

struct outcome {
    std::optional<std::string> violation;
    std::uint64_t trace_hash = 0;
    std::uint64_t operations = 0;
    std::uint64_t changes = 0;  ///< that were made
    std::uint64_t hits = 0;     ///< reads that the cache answered
    std::string profile;
};

/// One life of the simulated world.
[[nodiscard]] outcome run_seed(std::uint64_t seed, plan const& p);

}  // namespace aircargo::simulation
