#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace aircargo::server {

/// When a message that did not arrive is sent again, and until when it may be. Data only, so tests
/// read the delays.
struct webhook_retry {
    std::chrono::seconds first{5};
    std::chrono::seconds longest{std::chrono::hours(1)};
    std::chrono::seconds give_up{std::chrono::hours(72)};  ///< after the first; none begins later
    std::chrono::seconds keep_dead{std::chrono::hours(24 * 30)};  ///< after it was given up

    /// The delay after so many attempts: it doubles, and is spread over its upper half, so that
    /// what failed together does not come again together.
    [[nodiscard]] constexpr std::chrono::seconds delay_after(int attempts,
                                                             std::uint64_t random) const
    {
        auto const doubled = std::clamp(attempts - 1, 0, 20);
        auto const whole = std::min(first * (std::int64_t{1} << doubled), longest);
        auto const half = static_cast<std::uint64_t>(whole.count() / 2);
        auto const spread = std::chrono::seconds(random % (half + 1));
        return std::max(whole - spread, std::chrono::seconds(1));
    }
};

}  // namespace aircargo::server
