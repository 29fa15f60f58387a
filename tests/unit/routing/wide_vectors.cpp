#include "support/seed.hpp"
#include <aircargo/routing/wide_vectors.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <cstdint>
#include <vector>

namespace aircargo::test {
namespace {

using detail::lane_slack;
using times = std::vector<std::uint32_t>;

struct pair_of_two {
    std::uint32_t first;
    std::uint32_t second;
};

/// Ascending times with equal ones among them, and behind them what may be there: anything.
times random_times(random_source& random, std::size_t count)
{
    times all(count);
    for (auto& t : all) t = between<std::uint32_t>(random, 0, 100) * 40'000'000U;
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < lane_slack; ++i)
        all.push_back(between<std::uint32_t>(random, 0, 9));
    return all;
}

std::uint32_t lower_bound(times const& all, std::uint32_t from, std::uint32_t to,
                          std::uint32_t bound)
{
    return static_cast<std::uint32_t>(
        std::lower_bound(all.begin() + from, all.begin() + to, bound) - all.begin());
}

template <class Vectors>
void expect_to_count_as_the_library_does(Vectors, random_source& random)
{
    for (std::uint32_t count = 0; count < 200; ++count) {
        auto const all = random_times(random, count);
        auto const from = between<std::uint32_t>(random, 0, count);
        for (int k = 0; k < 50; ++k) {
            auto const bound = chance(random, 0.1)
                                   ? ~0U
                                   : between<std::uint32_t>(random, 0, 101) * 40'000'000U +
                                         between<std::uint32_t>(random, 0, 1);
            auto const expected = lower_bound(all, from, count, bound);
            ASSERT_EQ(Vectors::first_not_below(all.data(), from, count, bound), expected);
            Vectors::with_window(all.data() + from, count - from, [&](auto const& below) {
                ASSERT_EQ(below(bound), expected - from) << count << ' ' << from;
            });
        }
    }
}

template <class Vectors>
void expect_to_store_steps(Vectors)
{
    std::vector<pair_of_two> to(detail::piece_of_run);
    Vectors::store_steps(to.data(), 7, 0xFFFF'FFF0U);
    for (std::uint32_t i = 0; i < to.size(); ++i) {
        EXPECT_EQ(to[i].first, 7U);
        EXPECT_EQ(to[i].second, 0xFFFF'FFF0U + i);
    }
}

TEST(wide_vectors, count_as_the_library_does_in_every_width)
{
    random_source random(printed_seed());
    expect_to_count_as_the_library_does(detail::narrow_vectors(), random);
    expect_to_count_as_the_library_does(detail::usual_vectors(), random);
    detail::with_wide_vectors(
        [&](auto vectors) { expect_to_count_as_the_library_does(vectors, random); });
}

TEST(wide_vectors, store_pairs_that_count_up)
{
    expect_to_store_steps(detail::narrow_vectors());
    expect_to_store_steps(detail::usual_vectors());
    detail::with_wide_vectors([](auto vectors) { expect_to_store_steps(vectors); });
}

}  // namespace
}  // namespace aircargo::test
