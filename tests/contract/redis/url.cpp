#include "redis/url.hpp"
#include "support/printers.hpp"
#include <aircargo/redis/node.hpp>
#include <gtest/gtest.h>
#include <array>
#include <string>

namespace aircargo::test {
namespace {

using detail::parse_redis_url;
using detail::redis_url;

[[nodiscard]] std::string told(redis_url const& url)
{
    auto const where =
        url.socket.empty() ? url.host + " " + std::to_string(url.port) : "socket " + url.socket;
    return url.user + "," + url.password + " at " + where + " db " + std::to_string(url.database);
}

TEST(redis_url, names_where_and_as_whom)
{
    struct row {
        char const* text;
        char const* parts;
    };
    // clang-format off
    constexpr std::array<row, 20> table{{
        {"redis://h",                             ", at h 6379 db 0"},
        {"redis://h/",                            ", at h 6379 db 0"},
        {"redis://h:1",                           ", at h 1 db 0"},
        {"redis://h:65535/15",                    ", at h 65535 db 15"},
        {"redis://127.0.0.1:6380/2",              ", at 127.0.0.1 6380 db 2"},
        {"redis://cache.example.com",             ", at cache.example.com 6379 db 0"},
        {"redis://[::1]",                         ", at ::1 6379 db 0"},
        {"redis://[2001:db8::7]:6380/3",          ", at 2001:db8::7 6380 db 3"},
        {"redis://[fe80::1%eth0]:6380",           ", at fe80::1%eth0 6380 db 0"},
        {"redis://:pw@h",                         ",pw at h 6379 db 0"},
        {"redis://u:pw@h:7",                      "u,pw at h 7 db 0"},
        {"redis://u:p%40ss%2Fw%3Ard%25@h/1",      "u,p@ss/w:rd% at h 6379 db 1"},
        {"redis://u:p@ss/w:rd@h/1",               "u,p@ss/w:rd at h 6379 db 1"},
        {"redis://%75%3a:%00x@h",                 nullptr},
        {"redis://u%3a:pw@[::1]:7/0",             "u:,pw at ::1 7 db 0"},
        {"redis://:@h",                           ", at h 6379 db 0"},
        {"unix:///run/redis.sock",                ", at socket /run/redis.sock db 0"},
        {"unix:///run/redis.sock?db=4",           ", at socket /run/redis.sock db 4"},
        {"unix://u:p%40w@/run/a%20b.sock",        "u,p@w at socket /run/a b.sock db 0"},
        {"unix://:p:w@/run/r?db=0",               ",p:w at socket /run/r db 0"},
    }};
    // clang-format on
    for (auto const& [text, parts] : table) {
        auto const url = parse_redis_url(text);
        if (parts == nullptr) {
            EXPECT_EQ(code_of(url), errc::invalid_request) << text;
            continue;
        }
        ASSERT_TRUE(url.has_value()) << text << ": " << detail_of(url);
        EXPECT_EQ(told(*url), parts) << text;
    }
}

TEST(redis_url, is_refused_without_a_word_of_the_password)
{
    for (std::string const text : {"",
                                   "redis",
                                   "redis:/u:s3cret@h",
                                   "http://u:s3cret@h",
                                   "REDIS://u:s3cret@h",
                                   "rediss://u:s3cret@h",
                                   "redis://",
                                   "redis://u:s3cret@",
                                   "redis://u:s3cret@:6379",
                                   "redis://u:s3cret@h:",
                                   "redis://u:s3cret@h:0",
                                   "redis://u:s3cret@h:65536",
                                   "redis://u:s3cret@h:-1",
                                   "redis://u:s3cret@h:+1",
                                   "redis://u:s3cret@h:6379x",
                                   "redis://u:s3cret@h:1:2",
                                   "redis://u:s3cret@h/x",
                                   "redis://u:s3cret@h/-1",
                                   "redis://u:s3cret@h/1/2",
                                   "redis://u:s3cret@h/1000001",
                                   "redis://u:s3cret@h/99999999999999999999",
                                   "redis://u:s3cret@h?db=1",
                                   "redis://u:s3cret@h#1",
                                   "redis://u:s3cret@h h",
                                   "redis://u:s3cret@h\n",
                                   "redis://u:s3cret@[::1",
                                   "redis://u:s3cret@[]",
                                   "redis://u:s3cret@[::1]6379",
                                   "redis://u:s3cret@::1",
                                   "redis://s3cret@h",
                                   "redis://u:@h",
                                   "redis://u:s3cret%@h",
                                   "redis://u:s3cret%4@h",
                                   "redis://u:s3cret%zz@h",
                                   "redis://u:s3cret%00@h",
                                   "redis://@h",
                                   "unix://",
                                   "unix://run/redis.sock",
                                   "unix://u:s3cret@run/redis.sock",
                                   "unix://u:s3cret@/run/r?db=x",
                                   "unix://u:s3cret@/run/r?database=1",
                                   "unix://u:s3cret@/run/r?db=1&x=2",
                                   "unix://u:s3cret@/run/%zz"}) {
        auto const refused = open_redis(text);
        EXPECT_EQ(code_of(refused), errc::invalid_request) << text;
        EXPECT_EQ(detail_of(refused).find("s3cret"), std::string::npos) << detail_of(refused);
    }
}

TEST(redis_url, says_what_to_do_about_tls)
{
    EXPECT_NE(detail_of(open_redis("rediss://h")).find("TLS"), std::string::npos);
}

}  // namespace
}  // namespace aircargo::test
