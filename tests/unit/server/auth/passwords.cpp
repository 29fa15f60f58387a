#include "auth/passwords.hpp"
#include <gtest/gtest.h>
#include <chrono>
#include <string>

namespace aircargo::server {
namespace {

TEST(passwords, are_kept_as_argon2id_with_what_owasp_asks_for)
{
    auto const hash = hash_password("correct horse");
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
    EXPECT_NE(hash, hash_password("correct horse")) << "each has a salt of its own";
}

TEST(passwords, are_known_again)
{
    std::string const password = "p\xC3\xA4ssw\xC3\xB6rd \xF0\x9F\x98\x80";
    auto const hash = hash_password(password);
    EXPECT_TRUE(verify_password(hash, password));
    for (std::string const& other :
         {password + ' ', password.substr(1), std::string(), std::string("P") + password.substr(1)})
        EXPECT_FALSE(verify_password(hash, other));
}

TEST(passwords, do_not_fit_what_is_no_hash)
{
    for (std::string const hash : {"", "correct horse", "$argon2id$", "$argon2id$v=19$m=19456,t=2"})
        EXPECT_FALSE(verify_password(hash, "correct horse")) << hash;
    EXPECT_FALSE(verify_password(nobodys_password_hash(), ""));
}

TEST(passwords, that_are_new_have_8_to_256_bytes_of_utf_8)
{
    for (std::string const& good : {std::string("12345678"), std::string(256, 'x'),
                                    std::string("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F")})
        EXPECT_TRUE(check_new_password(good).has_value()) << good;
    for (std::string const& bad : {std::string("1234567"), std::string(257, 'x'),
                                   std::string("1234567\xFF"), std::string("1234567\0", 8),
                                   std::string("1234\xED\xA0\x80"
                                               "5"),
                                   std::string()})
        EXPECT_EQ(check_new_password(bad).error().code, errc::invalid_request) << bad;
}

/// Who measures how long a refusal takes must not learn which names there are.
TEST(passwords, of_nobody_cost_the_same_work)
{
    auto const hash = hash_password("correct horse");
    EXPECT_EQ(hash.substr(0, hash.rfind('$', hash.rfind('$') - 1)),
              nobodys_password_hash().substr(0, hash.rfind('$', hash.rfind('$') - 1)))
        << "the cost is in the hash";
}

}  // namespace
}  // namespace aircargo::server
