#include "observe/line_limit.hpp"
#include <gtest/gtest.h>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;

TEST(line_limit, lets_one_through_a_second_and_tells_how_many_it_held_back)
{
    line_limit limit;
    line_limit::clock::time_point const start{};
    EXPECT_EQ(limit.pass(start), 0U);
    EXPECT_EQ(limit.pass(start), std::nullopt);
    EXPECT_EQ(limit.pass(start + 999ms), std::nullopt);
    EXPECT_EQ(limit.pass(start + 1s), 2U);
    EXPECT_EQ(limit.pass(start + 1s), std::nullopt);
    EXPECT_EQ(limit.pass(start + 9s), 1U);
    EXPECT_EQ(limit.pass(start + 19s), 0U);
}

}  // namespace
}  // namespace aircargo::server
