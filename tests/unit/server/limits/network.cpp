#include "limits/network.hpp"
#include <gtest/gtest.h>

namespace aircargo::server {
namespace {

[[nodiscard]] bool holds(std::string_view network, std::string_view address)
{
    return ip_network::parse(network)->holds(*ip_address::parse(address));
}

TEST(ip_addresses, are_the_same_however_they_are_written)
{
    EXPECT_EQ(ip_address::parse("192.0.2.7"), ip_address::parse("::ffff:192.0.2.7"));
    EXPECT_EQ(ip_address::parse("2001:db8::1"), ip_address::parse("[2001:DB8:0:0::1]"));
    EXPECT_EQ(ip_address::parse("::ffff:192.0.2.7")->str(), "192.0.2.7");
    EXPECT_EQ(ip_address::parse("2001:DB8:0::1")->str(), "2001:db8::1");
}

TEST(ip_addresses, are_nothing_else)
{
    for (auto const* text :
         {"", "192.0.2", "192.0.2.256", "192.0.2.7:80", "0300.0.0.1", "::1%eth0", "[::1]:80",
          "localhost", " 192.0.2.7", "192.0.2.7 ", "unknown", "1:2:3:4:5:6:7:8:9",
          "00000000000000000000000000000000000000000000000000000001"}) {
        EXPECT_FALSE(ip_address::parse(text)) << text;
    }
    EXPECT_FALSE(ip_address::parse(std::string_view("127.0.0.1\0x", 11)));
}

TEST(ip_networks, hold_the_addresses_with_their_bits)
{
    EXPECT_TRUE(holds("10.0.0.0/8", "10.255.0.1"));
    EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
    EXPECT_TRUE(holds("10.1.2.0/23", "10.1.3.255"));
    EXPECT_FALSE(holds("10.1.2.0/23", "10.1.4.0"));
    EXPECT_TRUE(holds("192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(holds("192.0.2.7", "192.0.2.6"));
    EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
    EXPECT_TRUE(holds("0.0.0.0/0", "192.0.2.7"));
    EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
    EXPECT_TRUE(holds("::/0", "192.0.2.7"));
}

TEST(ip_networks, are_written_without_bits_beyond_them)
{
    for (auto const* text : {"10.0.0.1/8", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.0/-1",
                             "10.0.0.0/8x", "/8", "2001:db8::1/64"})
        EXPECT_FALSE(ip_network::parse(text)) << text;
}

}  // namespace
}  // namespace aircargo::server
