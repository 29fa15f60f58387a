#include "http/cookies.hpp"
#include <gtest/gtest.h>
#include <initializer_list>
#include <optional>

namespace aircargo::server {
namespace {

/// What `a` is in a request with these Cookie fields.
[[nodiscard]] std::optional<std::string_view> read(std::initializer_list<std::string_view> sent)
{
    request r;
    for (auto value : sent) r.fields.push_back({"cookie", value});
    return cookie_in(r, "a");
}

TEST(cookies, are_found_by_name)
{
    EXPECT_EQ(read({"a=1"}), "1");
    EXPECT_EQ(read({"aa=2; a=1;b=3"}), "1");
    EXPECT_EQ(read({"b=3", " a=x=y\t"}), "x=y");
    EXPECT_EQ(read({"a="}), "");
    EXPECT_EQ(read({"a=\"1\""}), "\"1\"");
}

TEST(cookies, are_none_where_they_are_not_or_not_to_be_told_apart)
{
    EXPECT_EQ(read({}), std::nullopt);
    EXPECT_EQ(read({"", ";", "; ;", "a", "A=1", "b=a=1", " =a"}), std::nullopt);
    EXPECT_EQ(read({"a=1; a=1"}), std::nullopt);
    EXPECT_EQ(read({"a=1", "a=2"}), std::nullopt);
    EXPECT_EQ(read({"a=1; b=2; a=3; a=4"}), std::nullopt);
}

TEST(cookies, are_given_to_this_site_alone)
{
    EXPECT_EQ(set_cookie({"a", "/x", false}, "1", std::chrono::seconds(5)),
              "a=1; Path=/x; Max-Age=5; HttpOnly; SameSite=Strict");
    EXPECT_EQ(set_cookie({"a", "/", true}, "", std::chrono::seconds(0)),
              "a=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure");
}

}  // namespace
}  // namespace aircargo::server
