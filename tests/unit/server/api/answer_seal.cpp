#include "api/answer_seal.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::server {
namespace {

constexpr char const* first = "a secret of the tests: 0123456789abcdef";
constexpr char const* second = "another secret of the tests: 0123456789";
constexpr char const* answer = "201 0\n{\"key\":\"ack_4711\"}";

answer_seal seal_with(std::string const& secret, std::string const& old = "")
{
    auth_settings given;
    given.jwt_secret = secret;
    given.jwt_old_secret = old;
    return answer_seal(read_auth(given).value());
}

TEST(answer_seal, is_opened_by_who_has_both_keys)
{
    auto const sealed = seal_with(first).close(answer, "order-4711");
    EXPECT_EQ(sealed.find("ack_"), std::string::npos);
    EXPECT_EQ(seal_with(first).open(sealed, "order-4711"), answer);
    EXPECT_EQ(seal_with(first).open(sealed, "order-4712"), std::nullopt);
    EXPECT_EQ(seal_with(second).open(sealed, "order-4711"), std::nullopt);
}

TEST(answer_seal, is_opened_while_the_old_signing_key_is_known)
{
    auto const sealed = seal_with(first).close(answer, "order-4711");
    EXPECT_EQ(seal_with(second, first).open(sealed, "order-4711"), answer);
}

TEST(answer_seal, needs_the_clients_key_alone_where_the_server_has_none)
{
    auto const sealed = seal_with("").close(answer, "order-4711");
    EXPECT_EQ(sealed.find("ack_"), std::string::npos);
    EXPECT_EQ(seal_with("").open(sealed, "order-4711"), answer);
    EXPECT_EQ(seal_with("").open(sealed, "order-4712"), std::nullopt);
    EXPECT_EQ(seal_with(first).open(sealed, "order-4711"), answer);
}

TEST(answer_seal, looks_different_each_time)
{
    auto const seal = seal_with(first);
    EXPECT_NE(seal.close(answer, "order-4711"), seal.close(answer, "order-4711"));
}

TEST(answer_seal, is_not_opened_when_it_is_damaged)
{
    auto const seal = seal_with(first);
    auto const sealed = seal.close(answer, "order-4711");
    for (auto const& damaged :
         {std::string(), sealed.substr(1), sealed.substr(0, sealed.size() - 4),
          sealed.substr(0, sealed.find('.') + 9), sealed + "AAAA", std::string("none.!"),
          std::string("none.")}) {
        EXPECT_EQ(seal.open(damaged, "order-4711"), std::nullopt) << damaged;
    }
    EXPECT_EQ(seal.open(seal.close("", "k"), "k"), "");
}

}  // namespace
}  // namespace aircargo::server
