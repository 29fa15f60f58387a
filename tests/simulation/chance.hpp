#pragma once

#include <chrono>
#include <cstdint>

namespace aircargo::simulation {

/// Small, quick and the same everywhere, which std's distributions are not.
class chance {
public:
    explicit chance(std::uint64_t seed) : state_(seed) {}

    std::uint64_t operator()() noexcept
    {
        auto z = (state_ += 0x9e3779b97f4a7c15);  // splitmix64
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
        return z ^ (z >> 31U);
    }
    /// 0 to `size` - 1.
    [[nodiscard]] std::uint64_t below(std::uint64_t size) noexcept { return (*this)() % size; }
    [[nodiscard]] bool one_in(std::uint64_t size) noexcept { return below(size) == 0; }
    template <class Duration>
    [[nodiscard]] std::chrono::microseconds between(Duration least, Duration most) noexcept
    {
        auto const us = [](auto d) {
            return std::chrono::duration_cast<std::chrono::microseconds>(d).count();
        };
        auto const width = static_cast<std::uint64_t>(us(most) - us(least));
        return std::chrono::microseconds(us(least) + static_cast<std::int64_t>(below(width + 1)));
    }

private:
    std::uint64_t state_;
};

}  // namespace aircargo::simulation
