#include "webhooks/target_check.hpp"
#include <gtest/gtest.h>

namespace aircargo::test {
namespace {

using namespace server;

ip_address address(std::string_view text) { return ip_address::parse(text).value(); }
ip_networks networks(std::string_view text) { return {ip_network::parse(text).value()}; }

TEST(webhook_target, is_public_or_not)
{
    for (auto const* text : {"8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "1.1.1.1",
                             "223.255.255.255", "2606:4700::1111", "2a00:1450::1"})
        EXPECT_TRUE(is_public(address(text))) << text;
    for (auto const* text : {"0.0.0.0",
                             "10.1.2.3",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.8.0.1",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.8",
                             "192.168.1.1",
                             "198.18.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd12:3456::1",
                             "ff02::1",
                             "2001:db8::1",
                             "2002:7f00:1::",
                             "2001::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::7f00:1",
                             "::127.0.0.1",
                             "3fff::1"})
        EXPECT_FALSE(is_public(address(text))) << text;
}

TEST(webhook_target, needs_to_be_named_when_it_is_not_public_or_has_no_tls)
{
    using enum target_scheme;
    auto const inside = networks("10.0.0.0/8");
    EXPECT_FALSE(refuse_address(address("8.8.8.8"), https, {}));
    EXPECT_TRUE(refuse_address(address("8.8.8.8"), http, {}));
    EXPECT_TRUE(refuse_address(address("10.0.0.1"), https, {}));
    EXPECT_FALSE(refuse_address(address("10.0.0.1"), https, inside));
    EXPECT_FALSE(refuse_address(address("10.0.0.1"), http, inside));
    EXPECT_FALSE(refuse_address(address("::ffff:10.0.0.1"), http, inside));
    EXPECT_TRUE(refuse_address(address("127.0.0.1"), http, inside));
}

TEST(webhook_target, is_a_url)
{
    auto const inside = networks("127.0.0.1");
    for (auto const* url : {"https://example.com", "https://example.com:8443/a/b?c=d",
                            "https://[2606:4700::1111]/", "https://8.8.8.8/"})
        EXPECT_EQ(refuse_url(url, {}), std::nullopt) << url;
    for (auto const* url : {"",
                            "example.com",
                            "/a",
                            "ftp://example.com",
                            "file:///etc/passwd",
                            "https://",
                            "https://user@example.com",
                            "https://:secret@example.com",
                            "https://example.com/#here",
                            "https://exa mple.com",
                            "https://example.com/\n",
                            "https://example.com/\xc3\xa4",
                            "https://127.0.0.1/",
                            "https://[::1]/",
                            "https://127.1/",
                            "https://2130706433/",
                            "https://0x7f.0.0.1/",
                            "https://10.0.0.1:80/",
                            "http://example.com",
                            "HTTPS://example.com",
                            "https://example.com:99999/",
                            "gopher://example.com"})
        EXPECT_NE(refuse_url(url, {}), std::nullopt) << url;
    EXPECT_EQ(refuse_url("http://127.0.0.1:80/", inside), std::nullopt);
    EXPECT_NE(refuse_url("http://127.0.0.2:80/", inside), std::nullopt);
    EXPECT_EQ(refuse_url("http://example.com/", inside), std::nullopt) << "its address may be";
}

}  // namespace
}  // namespace aircargo::test
