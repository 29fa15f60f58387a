#include "support/builders.hpp"
#include <aircargo/core/weight.hpp>
#include <gtest/gtest.h>
#include <limits>

namespace aircargo::test {
namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

TEST(weight, counts_grams)
{
    EXPECT_EQ(weight::from_kg(340).value().grams(), 340'000);
    EXPECT_EQ(weight::from_grams(1).value().grams(), 1);
}

TEST(weight, is_more_than_nothing)
{
    for (std::int64_t grams : {std::int64_t{0}, std::int64_t{-1}, least}) {
        EXPECT_EQ(code_of(weight::from_grams(grams)), errc::invalid_weight) << grams;
        EXPECT_EQ(code_of(weight::from_kg(grams)), errc::invalid_weight) << grams;
    }
}

TEST(weight, is_at_most_what_no_aircraft_lifts)
{
    EXPECT_EQ(weight::from_kg(weight::max_kg).value().kg(), weight::max_kg);
    EXPECT_EQ(weight::from_grams(weight::max_kg * 1000).value().kg(), weight::max_kg);
    EXPECT_EQ(code_of(weight::from_kg(weight::max_kg + 1)), errc::invalid_weight);
    EXPECT_EQ(code_of(weight::from_grams(weight::max_kg * 1000 + 1)), errc::invalid_weight);
}

TEST(weight, does_not_overflow)
{
    // 1000 times the first of these is 1384 in 64 bits.
    for (std::int64_t kilograms :
         {std::int64_t{18'446'744'073'709'553}, most, most / 1000, most / 1000 + 1}) {
        EXPECT_EQ(code_of(weight::from_kg(kilograms)), errc::invalid_weight) << kilograms;
    }
}

TEST(weight, rounds_kilograms_up)
{
    EXPECT_EQ(weight::from_grams(1).value().kg(), 1);
    EXPECT_EQ(weight::from_grams(1000).value().kg(), 1);
    EXPECT_EQ(weight::from_grams(1001).value().kg(), 2);
}

TEST(weight, sorts_by_mass) { EXPECT_LT(weight::from_grams(999).value(), kg(1)); }

TEST(weight, says_what_it_takes)
{
    EXPECT_EQ(detail_of(weight::from_kg(0)),
              "the weight must be more than 0 and at most 1000000 kg");
}

}  // namespace
}  // namespace aircargo::test
