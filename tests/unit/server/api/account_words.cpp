#include "api/account_words.hpp"
#include <gtest/gtest.h>

namespace aircargo::server {
namespace {

/// With logins required, or switched off.
[[nodiscard]] auth_config logins(char const* auth) { return read_auth({.auth = auth}).value(); }

TEST(acting, is_who_logged_in)
{
    request r;
    r.who = caller{"17", "ada", role::agent};
    for (auto const* auth : {"required", "off"}) EXPECT_EQ(acting(logins(auth), r), *r.who);
    EXPECT_EQ(name_of_actor(r), "ada");
}

TEST(acting, as_nobody_is_no_administrator_where_people_log_in)
{
    request const r;
    EXPECT_EQ(acting(logins("required"), r).has, role::anyone);
    EXPECT_EQ(acting(logins("off"), r).has, role::admin);
    EXPECT_EQ(name_of_actor(r), "");
}

}  // namespace
}  // namespace aircargo::server
