#include "http/connection_limits.hpp"
#include <gtest/gtest.h>

namespace aircargo::server {
namespace {

TEST(connection_limits, count_by_address)
{
    connection_limits limits(100, 2);
    EXPECT_TRUE(limits.enter("192.0.2.1") && limits.enter("192.0.2.1"));
    EXPECT_FALSE(limits.enter("192.0.2.1"));
    EXPECT_FALSE(limits.enter("::ffff:192.0.2.1"))
        << "the same, as a socket for both families says";
    EXPECT_TRUE(limits.enter("192.0.2.2"));
    limits.leave("192.0.2.1");
    EXPECT_TRUE(limits.enter("192.0.2.1"));
    EXPECT_EQ(limits.counts().open, 3U);
    EXPECT_EQ(limits.counts().refused, 2U);
}

TEST(connection_limits, count_a_network_of_64_bits_as_one)
{
    connection_limits limits(100, 2);
    EXPECT_TRUE(limits.enter("2001:db8::1") && limits.enter("2001:db8::2"));
    EXPECT_FALSE(limits.enter("2001:db8::3:4"));
    EXPECT_TRUE(limits.enter("2001:db8:0:1::1"));
    limits.leave("2001:db8::2");
    EXPECT_TRUE(limits.enter("2001:db8::3:4"));
}

TEST(connection_limits, count_all)
{
    connection_limits limits(2, 2);
    EXPECT_TRUE(limits.enter("192.0.2.1") && limits.enter("2001:db8::1"));
    EXPECT_FALSE(limits.enter("192.0.2.2"));
    limits.leave("2001:db8::1");
    EXPECT_TRUE(limits.enter("192.0.2.2"));
}

}  // namespace
}  // namespace aircargo::server
