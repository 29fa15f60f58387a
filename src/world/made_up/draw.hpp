#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

namespace aircargo::detail {

/// Random numbers that are the same with every standard library: the standard leaves open how its
/// distributions draw. (Take one a statement: the order within one is open too.)
class draw {
public:
    explicit draw(std::uint64_t seed) : bits_(seed) {}

    /// In [0, 1).
    [[nodiscard]] double share() { return static_cast<double>(bits_() >> 11U) * 0x1p-53; }
    /// In [0, count). \pre count > 0
    [[nodiscard]] std::size_t below(std::size_t count) { return bits_() % count; }
    /// Around 0, in (-1, 1), rather near 0 than far from it.
    [[nodiscard]] double about_zero() { return share() + share() - 1; }
    /// Waits until something happens that happens once in a unit of time on average.
    [[nodiscard]] double wait() { return -std::log1p(-share()); }
    /// `value` rounded up or down, so that the mean stays.
    [[nodiscard]] int rounded(double value)
    {
        auto const whole = std::floor(value);
        return static_cast<int>(whole) + (share() < value - whole ? 1 : 0);
    }

private:
    std::mt19937_64 bits_;
};

}  // namespace aircargo::detail
