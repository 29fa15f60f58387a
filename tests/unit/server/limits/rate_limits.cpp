#include "config/limits.hpp"
#include "limits/request_limits.hpp"
#include <gtest/gtest.h>
#include <chrono>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;

TEST(rate_limit_settings, say_how_many_in_which_time_and_at_once)
{
    EXPECT_EQ(**parse_rate_limit("60/min"), *rate_limit::make(60, 1min, 60));
    EXPECT_EQ(**parse_rate_limit("5/s,burst=20"), *rate_limit::make(5, 1s, 20));
    EXPECT_EQ(**parse_rate_limit("1000/h,burst=1"), *rate_limit::make(1000, 1h, 1));
    EXPECT_EQ(*parse_rate_limit("off"), std::nullopt);
}

TEST(rate_limit_settings, are_refused_when_they_say_something_else)
{
    for (auto const* text : {"", "60", "60/", "60/day", "/min", "0/min", "-1/min", "60/min,",
                             "60/min,burst=", "60/min,burst=0", "60/minute", "60/min ", " 60/min",
                             "1.5/s", "99999999999999999999/s", "1/h,burst=1000000", "OFF"}) {
        EXPECT_TRUE(parse_rate_limit(text).has_error()) << text;
    }
}

TEST(request_limits, count_by_account_or_else_by_address)
{
    limits_config c;
    c.by_address = *rate_limit::make(60, 1min, 60);
    c.by_user = *rate_limit::make(100, 1min, 5);
    request_limits const limits(c, nullptr);
    caller const mira{.account_id = "17", .name = "mira", .has = role::agent};

    auto const known = limits.limit_of(counting::by_caller, mira, "192.0.2.7");
    EXPECT_EQ(known->what.key, "user:17");
    EXPECT_EQ(known->what.limit, *c.by_user);
    auto const unknown = limits.limit_of(counting::by_caller, std::nullopt, "2001:db8::7");
    EXPECT_EQ(unknown->what.key, "address:2001:db8::/64");
    EXPECT_EQ(unknown->what.limit, *c.by_address);
    EXPECT_FALSE(limits.limit_of(counting::never, mira, "192.0.2.7"));
    EXPECT_FALSE(limits.limit_of(counting::as_login, mira, "192.0.2.7")) << "it is off";
}

TEST(request_limits, let_ten_addresses_try_the_password_of_an_account)
{
    limits_config c;
    EXPECT_FALSE(request_limits(c, nullptr).limit_of_account("ada")) << "it is off";
    c.of_logins = *rate_limit::make(10, 1min, 5);
    EXPECT_EQ(request_limits(c, nullptr).limit_of_account("ada")->what.limit,
              *rate_limit::make(100, 1min, 50));
    c.of_logins = *rate_limit::make(rate_limit::most, 1s, rate_limit::most);
    EXPECT_EQ(request_limits(c, nullptr).limit_of_account("ada")->what.limit.burst(),
              rate_limit::most);
}

TEST(rate_limit_fields, tell_what_is_left_and_when_all_is_back)
{
    counted_request const counted{"address",
                                  {"address:192.0.2.7", *rate_limit::make(60, 1min, 20)}};
    std::string fields;
    add_rate_limit_fields(fields, counted,
                          {.allowed = true, .remaining = 7, .reset_after = 1500ms});
    EXPECT_EQ(fields,
              "RateLimit-Policy: \"address\";q=20;w=20\r\nRateLimit: \"address\";r=7;t=2\r\n");
}

}  // namespace
}  // namespace aircargo::server
