#pragma once

#include <gtest/gtest.h>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace aircargo::test {

/// The seed of this run: `AIRCARGO_SEED` where it is set, to repeat a run, else a new one. Always
/// printed.
inline std::uint64_t printed_seed()
{
    char const* const given = std::getenv("AIRCARGO_SEED");
    std::uint64_t const seed = given ? std::stoull(given) : std::random_device()();
    std::cout << "[   seed   ] AIRCARGO_SEED=" << seed << std::endl;
    return seed;
}

using random_source = std::mt19937_64;

/// A whole number in [low, high].
template <class Int>
Int between(random_source& random, Int low, Int high)
{
    return static_cast<Int>(std::uniform_int_distribution<std::int64_t>(
        static_cast<std::int64_t>(low), static_cast<std::int64_t>(high))(random));
}

template <class Range>
auto const& one_of(random_source& random, Range const& range)
{
    return range[between<std::size_t>(random, 0, std::size(range) - 1)];
}

inline bool chance(random_source& random, double probability)
{
    return std::bernoulli_distribution(probability)(random);
}

}  // namespace aircargo::test
