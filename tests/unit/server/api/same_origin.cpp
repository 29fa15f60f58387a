#include "api/same_origin.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

/// The page that seems to have sent a request with these fields, when https://desk.example is
/// listed.
[[nodiscard]] sending_page page_of(std::vector<header_field> fields)
{
    request r;
    r.fields = std::move(fields);
    std::vector<std::string> const listed{"https://desk.example"};
    return page_that_sent(r, listed);
}

TEST(pages_that_send, are_none_where_no_browser_tells_of_one)
{
    EXPECT_EQ(page_of({{"Host", "a.example"}}), sending_page::none);
    EXPECT_EQ(page_of({{"Host", "a.example"}, {"Sec-Fetch-Site", "none"}}), sending_page::none);
}

TEST(pages_that_send, are_ours_when_their_origin_is_the_host)
{
    EXPECT_EQ(page_of({{"Host", "127.0.0.1:8080"}, {"Origin", "http://127.0.0.1:8080"}}),
              sending_page::own);
    EXPECT_EQ(page_of({{"host", "A.example"}, {"origin", "https://a.example"}}), sending_page::own);
    EXPECT_EQ(page_of({{"Host", "a.example:443"}, {"Origin", "https://a.example"}}),
              sending_page::own);
    EXPECT_EQ(page_of({{"Host", "a.example:80"}, {"Origin", "http://a.example"}}),
              sending_page::own);
    EXPECT_EQ(page_of({{"Host", "[::1]:8080"}, {"Origin", "http://[::1]:8080"}}),
              sending_page::own);
}

TEST(pages_that_send, are_foreign_when_their_origin_is_another)
{
    for (auto const* origin :
         {"http://evil.example", "http://a.example:8080", "https://a.example.evil.example", "null",
          "", "a.example", "http://", "ftp://a.example", "http://a.example/"}) {
        EXPECT_EQ(page_of({{"Host", "a.example"}, {"Origin", origin}}), sending_page::foreign)
            << origin;
    }
    EXPECT_EQ(page_of({{"Origin", "http://a.example"}}), sending_page::foreign) << "no Host";
    EXPECT_EQ(page_of({{"Host", "a.example:80"}, {"Origin", "https://a.example"}}),
              sending_page::foreign);
}

TEST(pages_that_send, are_what_the_browser_calls_them)
{
    EXPECT_EQ(page_of({{"Host", "inner:80"},
                       {"Origin", "https://a.example"},
                       {"Sec-Fetch-Site", "same-origin"}}),
              sending_page::own)
        << "a proxy calls us by another name";
    for (auto const* site : {"cross-site", "same-site", "SAME-ORIGIN", ""}) {
        EXPECT_EQ(page_of({{"Host", "a.example"}, {"Sec-Fetch-Site", site}}), sending_page::foreign)
            << site;
        EXPECT_EQ(
            page_of(
                {{"Host", "a.example"}, {"Origin", "http://a.example"}, {"Sec-Fetch-Site", site}}),
            sending_page::foreign)
            << site;
    }
}

TEST(pages_that_send, may_be_listed)
{
    EXPECT_EQ(page_of({{"Host", "a.example"},
                       {"Origin", "https://desk.example"},
                       {"Sec-Fetch-Site", "cross-site"}}),
              sending_page::listed);
    EXPECT_EQ(page_of({{"Host", "a.example"}, {"Origin", "https://desk.example"}}),
              sending_page::listed);
    EXPECT_EQ(page_of({{"Host", "a.example"}, {"Origin", "http://desk.example"}}),
              sending_page::foreign);
}

TEST(pages_that_send, are_not_believed_when_they_are_two)
{
    EXPECT_EQ(page_of({{"Host", "a.example"},
                       {"Origin", "https://desk.example"},
                       {"Origin", "https://desk.example"}}),
              sending_page::foreign);
    EXPECT_EQ(page_of({{"Host", "a.example"},
                       {"Sec-Fetch-Site", "same-origin"},
                       {"Sec-Fetch-Site", "cross-site"}}),
              sending_page::foreign);
}

TEST(safe_methods, are_those_that_read)
{
    for (auto const* method : {"GET", "HEAD", "OPTIONS"}) EXPECT_TRUE(is_safe_method(method));
    for (auto const* method : {"POST", "PUT", "PATCH", "DELETE", "QUERY", "get", ""})
        EXPECT_FALSE(is_safe_method(method)) << method;
}

}  // namespace
}  // namespace aircargo::server
