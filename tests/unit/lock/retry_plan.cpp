#include <aircargo/lock/retry_plan.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <limits>
#include <set>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

TEST(retry_plan, tries_fifty_times_in_all_unless_told_otherwise)
{
    retry_plan const plan;
    EXPECT_TRUE(plan.delay_before(2, 0));
    EXPECT_TRUE(plan.delay_before(50, 0));
    EXPECT_FALSE(plan.delay_before(51, 0));
}

TEST(retry_plan, does_not_wait_before_an_attempt_that_it_does_not_have)
{
    EXPECT_FALSE((retry_plan{.attempts = 1}).delay_before(2, 0));
    EXPECT_FALSE((retry_plan{.attempts = 0}).delay_before(2, 0));
}

TEST(retry_plan, waits_not_at_all_with_a_base_of_nothing)
{
    EXPECT_EQ((retry_plan{.attempts = 3, .base = 0ms}).delay_before(2, 12345), 0ms);
}

TEST(retry_plan, spreads_over_half_to_one_and_a_half_of_the_base)
{
    retry_plan const plan{.attempts = 2, .base = 100ms};
    std::set<std::chrono::milliseconds> delays;
    for (std::uint64_t random = 0; random < 1000; ++random)
        delays.insert(*plan.delay_before(2, random));

    EXPECT_EQ(*delays.begin(), 50ms);
    EXPECT_EQ(*delays.rbegin(), 150ms);
    EXPECT_EQ(delays.size(), 101U);
}

TEST(retry_plan, begins_no_attempt_after_the_deadline)
{
    retry_plan const plan{.attempts = 50, .base = 100ms, .within = 1s};  // delays of 50 to 150 ms
    EXPECT_EQ(plan.delay_before(2, 0, 950ms), 50ms) << "on the deadline";
    EXPECT_FALSE(plan.delay_before(2, 0, 950ms + 1ns));
    EXPECT_EQ(plan.delay_before(2, 100, 850ms), 150ms);
    EXPECT_FALSE(plan.delay_before(2, 100, 850ms + 1ns));
    EXPECT_FALSE(plan.delay_before(2, 0, 1h));
}

TEST(retry_plan, tries_for_ten_seconds_unless_told_otherwise)
{
    EXPECT_TRUE(retry_plan().delay_before(2, 0, 9'950ms));
    EXPECT_FALSE(retry_plan().delay_before(2, 0, 9'951ms));
}

TEST(retry_plan, tries_once_where_there_is_no_time)
{
    retry_plan const plan{.within = 0ms};
    EXPECT_FALSE(plan.delay_before(2, 0));
}

RC_GTEST_PROP(retry_plan, keeps_within_its_bounds, (std::uint64_t random))
{
    retry_plan const plan{.attempts = 10,
                          .base = std::chrono::milliseconds(*rc::gen::inRange(0, 100'000)),
                          .within = 24h};
    auto const delay = plan.delay_before(*rc::gen::inRange(2, 11), random);
    RC_ASSERT(delay.has_value());
    RC_ASSERT(*delay >= plan.base / 2);
    RC_ASSERT(*delay <= plan.base / 2 + plan.base);
}

}  // namespace
}  // namespace aircargo::test
