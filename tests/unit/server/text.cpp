#include "text.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::server {
namespace {

TEST(urls_without_passwords, hides_what_is_between_user_and_place)
{
    EXPECT_EQ(urls_without_passwords("redis://u:secret@h:1/2"), "redis://u:***@h:1/2");
    EXPECT_EQ(urls_without_passwords("redis://:se:c@r/e?t@h"), "redis://:***@h");
    EXPECT_EQ(urls_without_passwords("unix://u:secret@/run/redis"), "unix://u:***@/run/redis");
    EXPECT_EQ(urls_without_passwords("postgresql://u:se cr'et@h/d"), "postgresql://u:***@h/d");
}

TEST(urls_without_passwords, hides_it_among_the_parameters_too)
{
    EXPECT_EQ(urls_without_passwords("postgresql://u@h/d?password=secret&sslpassword=secret&a=b"),
              "postgresql://u@h/d?password=***&sslpassword=***&a=b");
    EXPECT_EQ(urls_without_passwords("postgresql://u@h/d?password="),
              "postgresql://u@h/d?password=***");
}

TEST(urls_without_passwords, knows_several)
{
    EXPECT_EQ(urls_without_passwords("redis://:a,b@h,redis://:c@i,unix://u:d@/s"),
              "redis://:***@h,redis://:***@i,unix://u:***@/s");
}

TEST(urls_without_passwords, leaves_the_rest_alone)
{
    for (auto const* same : {"", "off", "memory:", "sqlite:a.db", "redis://h:1", "postgresql://h/d",
                             "http://localhost:3000,https://desk.example"})
        EXPECT_EQ(urls_without_passwords(same), same);
}

TEST(without_passwords, hides_those_of_urls_in_prose)
{
    EXPECT_EQ(without_passwords("no 'redis://u:secret@h' and redis://:x@i"),
              "no 'redis://u:***@h' and redis://:***@i");
    EXPECT_EQ(without_passwords("at http://h:80/ and nothing@else"),
              "at http://h:80/ and nothing@else");
}

TEST(gzip, comes_back_as_it_was)
{
    std::string const long_one(1'000'000, 'x');
    for (auto const& text : {std::string(), std::string("a\0b", 3), long_one})
        EXPECT_EQ(gunzip(gzip(text)), text);
    EXPECT_LT(gzip(long_one).size(), 2000U);
}

TEST(sha256, is_told_in_two_alphabets)
{
    // printf abc | sha256sum; printf abc | openssl dgst -sha256 -binary | base64
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

}  // namespace
}  // namespace aircargo::server
