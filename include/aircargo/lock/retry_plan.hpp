#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace aircargo {

/// How often and how far apart to try again for a busy lock. Data only: whoever waits does it with
/// a timer of its own, so that no thread sleeps and tests read the delays instead of living through
/// them.
struct retry_plan {
    int attempts = 50;                    ///< in all, the first one included
    std::chrono::milliseconds base{100};  ///< mean time between two attempts
    /// The request's deadline, counted from when it came in: no attempt but the first begins later.
    std::chrono::milliseconds within{10'000};

    /// The delay before attempt `next` (2, 3, ...); nothing when the attempts are used up or it
    /// would begin after the deadline. Spread evenly over half to one and a half times the base, so
    /// that those who wait do not wake together. \param random any random number \param passed
    /// since the request came in
    [[nodiscard]] constexpr std::optional<std::chrono::milliseconds> delay_before(
        int next, std::uint64_t random, std::chrono::nanoseconds passed = {}) const
    {
        if (next > attempts) return std::nullopt;
        auto const width = static_cast<std::uint64_t>(base.count());
        auto const jitter = static_cast<std::int64_t>(width == 0 ? 0 : random % (width + 1));
        auto const delay = base / 2 + std::chrono::milliseconds(jitter);
        if (passed + delay > within) return std::nullopt;
        return delay;
    }
};

}  // namespace aircargo
