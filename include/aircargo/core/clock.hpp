#pragma once

#include <aircargo/core/utc_time.hpp>
#include <chrono>
#include <functional>

namespace aircargo {

/// What time it is, as data handed in: programs pass the system's clock, tests a virtual one.
using wall_clock = std::function<utc_time()>;
/// For durations and leases; never jumps.
using monotonic_clock = std::function<std::chrono::steady_clock::time_point()>;

}  // namespace aircargo
