#pragma once

#include <aircargo/core/clock.hpp>
#include <chrono>
#include <memory>

namespace aircargo::test {

/// Time that passes only when a test says so; both clocks share it.
class virtual_clock {
public:
    void pass(std::chrono::nanoseconds span) { *passed_ += span; }

    [[nodiscard]] utc_time wall_time() const
    {
        return from_epoch(1'764'590'400) +
               std::chrono::floor<std::chrono::seconds>(*passed_);  // 2025-12-01T12:00
    }
    [[nodiscard]] wall_clock wall() const
    {
        return [clock = *this] { return clock.wall_time(); };
    }
    [[nodiscard]] monotonic_clock monotonic() const
    {
        return [passed = passed_] {
            return std::chrono::steady_clock::time_point(*passed + std::chrono::hours(1));
        };
    }

private:
    std::shared_ptr<std::chrono::nanoseconds> passed_ =
        std::make_shared<std::chrono::nanoseconds>(0);
};

}  // namespace aircargo::test
