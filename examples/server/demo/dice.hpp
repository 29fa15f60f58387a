#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace aircargo::server {

/// Chance that falls the same way with the same seed, on every machine: the library's distributions
/// do not promise that.
class dice {
public:
    explicit dice(std::uint64_t seed) : random_(seed) {}

    /// 0 to `count` - 1. \pre count > 0
    [[nodiscard]] std::size_t below(std::size_t count)
    {
        return static_cast<std::size_t>(random_() % count);
    }
    [[nodiscard]] bool happens(unsigned percent) { return below(100) < percent; }

    template <class T>
    [[nodiscard]] T const& one_of(std::span<T const> choices)
    {
        return choices[below(choices.size())];
    }

private:
    std::mt19937_64 random_;
};

}  // namespace aircargo::server
