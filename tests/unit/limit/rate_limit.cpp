#include "support/printers.hpp"
#include <aircargo/limit/rate_limit.hpp>
#include <gtest/gtest.h>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

TEST(rate_limit, is_kept_in_lowest_terms)
{
    auto const limit = rate_limit::make(60, 1min, 10).value();
    EXPECT_EQ(limit.count(), 1);
    EXPECT_EQ(limit.period(), 1s);
    EXPECT_EQ(limit.burst(), 10);
    EXPECT_EQ(limit, rate_limit::make(1, 1s, 10).value());
}

TEST(rate_limit, may_be_no_whole_number_of_microseconds)
{
    auto const limit = rate_limit::make(7, 1s, 1).value();
    EXPECT_EQ(limit.count(), 7);
    EXPECT_EQ(limit.period(), 1s);
}

TEST(rate_limit, refuses_what_it_could_not_keep)
{
    constexpr auto bad = errc::invalid_request;
    auto const most = rate_limit::most;
    EXPECT_EQ(code_of(rate_limit::make(0, 1s, 1)), bad);
    EXPECT_EQ(code_of(rate_limit::make(-1, 1s, 1)), bad);
    EXPECT_EQ(code_of(rate_limit::make(most + 1, 1s, 1)), bad);
    EXPECT_EQ(code_of(rate_limit::make(1, 0s, 1)), bad);
    EXPECT_EQ(code_of(rate_limit::make(1, -1s, 1)), bad);
    EXPECT_EQ(code_of(rate_limit::make(1, rate_limit::longest_period + 1us, 1)), bad);
    EXPECT_EQ(code_of(rate_limit::make(1, 1s, 0)), bad);
    EXPECT_EQ(code_of(rate_limit::make(1, 1s, most + 1)), bad);
    EXPECT_EQ(code_of(rate_limit::make(1, 24h, 367)), bad) << "it would take more than a year";
}

TEST(rate_limit, takes_what_lies_at_its_bounds)
{
    auto const most = rate_limit::most;
    EXPECT_EQ(code_of(rate_limit::make(most, rate_limit::longest_period, most)), accepted);
    EXPECT_EQ(code_of(rate_limit::make(most, 1us, most)), accepted);
    EXPECT_EQ(code_of(rate_limit::make(1, 1us, most)), accepted);
    EXPECT_EQ(code_of(rate_limit::make(1, 24h, 366)), accepted);
}

}  // namespace
}  // namespace aircargo::test
