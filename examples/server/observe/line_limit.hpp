#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace aircargo::server {

/// Lets one line of the log through a second, and counts those that it holds back: while something
/// is wrong, tens of thousands a second may say the same. For one thread at a time.
class line_limit {
public:
    using clock = std::chrono::steady_clock;

    /// \return how many were held back since the last line; nothing when this one is, too
    [[nodiscard]] std::optional<std::uint64_t> pass(clock::time_point now = clock::now())
    {
        if (last_ && now - *last_ < std::chrono::seconds(1)) {
            ++held_back_;
            return std::nullopt;
        }
        last_ = now;
        return std::exchange(held_back_, 0);
    }

private:
    std::optional<clock::time_point> last_;
    std::uint64_t held_back_ = 0;
};

}  // namespace aircargo::server
