#include "limits/client_address.hpp"
#include <gtest/gtest.h>
#include <initializer_list>

namespace aircargo::server {
namespace {

/// Where a request seems to come from that a peer sent with these X-Forwarded-For fields, when
/// 10.0.0.0/8 and ::1 are trusted.
[[nodiscard]] std::string seen(std::string peer, std::initializer_list<std::string_view> forwarded)
{
    request r;
    r.peer = std::move(peer);
    for (auto value : forwarded) r.fields.push_back({"x-forwarded-for", value});
    return client_address(r, {*ip_network::parse("10.0.0.0/8"), *ip_network::parse("::1")});
}

TEST(client_addresses, are_the_peers_when_nobody_is_trusted)
{
    request r;
    r.peer = "10.0.0.1";
    r.fields.push_back({"X-Forwarded-For", "192.0.2.7"});
    EXPECT_EQ(client_address(r, {}), "10.0.0.1");
}

TEST(client_addresses, are_taken_from_trusted_proxies_only)
{
    EXPECT_EQ(seen("10.0.0.1", {"192.0.2.7"}), "192.0.2.7");
    EXPECT_EQ(seen("::1", {"192.0.2.7"}), "192.0.2.7");
    EXPECT_EQ(seen("::ffff:10.0.0.1", {"192.0.2.7"}), "192.0.2.7");
    EXPECT_EQ(seen("192.0.2.1", {"192.0.2.7"}), "192.0.2.1");
}

TEST(client_addresses, are_read_from_the_right_as_far_as_proxies_are_trusted)
{
    EXPECT_EQ(seen("10.0.0.1", {"198.51.100.9, 192.0.2.7, 10.0.0.2"}), "192.0.2.7")
        << "what the client itself wrote stands before its address";
    EXPECT_EQ(seen("10.0.0.1", {"198.51.100.9", "192.0.2.7", "10.0.0.2"}), "192.0.2.7");
    EXPECT_EQ(seen("10.0.0.1", {"10.0.0.3,\t10.0.0.2 "}), "10.0.0.3") << "all are trusted";
}

TEST(client_addresses, end_at_what_is_no_address)
{
    EXPECT_EQ(seen("10.0.0.1", {"192.0.2.7, unknown"}), "10.0.0.1");
    EXPECT_EQ(seen("10.0.0.1", {"192.0.2.7, , 10.0.0.2"}), "10.0.0.2");
    EXPECT_EQ(seen("10.0.0.1", {""}), "10.0.0.1");
    EXPECT_EQ(seen("10.0.0.1", {"192.0.2.7:4711"}), "10.0.0.1");
}

TEST(client_addresses, are_counted_by_the_network_that_one_client_has)
{
    EXPECT_EQ(counted_address("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(counted_address("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(counted_address("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    EXPECT_EQ(counted_address("2001:db8:1:2::9"), "2001:db8:1:2::/64");
}

}  // namespace
}  // namespace aircargo::server
