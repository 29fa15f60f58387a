#include "auth/page_sessions.hpp"
#include "support/account_words.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;
using namespace aircargo::test;

constexpr char const* password = "correct horse";

class page_sessions_test : public ::testing::Test {
protected:
    virtual_clock clock;
    std::unique_ptr<any_account_store> store = make_account_store<memory_account_store>();
    token_issuer const issuer{{make_hmac_key("0123456789abcdef0123456789abcdef").value()}};
    account_service accounts{
        *store, issuer, {.token_time = 15min, .refresh_time = 24h, .now = clock.wall()}};
    page_sessions sessions{accounts, {.clock = clock.monotonic()}};
    account const ada = accounts.add(a_name("ada"), password, account_role::agent).value();

    [[nodiscard]] std::string begun()
    {
        return sessions.begin(ada.name, password).value()->grant.refresh_token;
    }
    /// The next refresh token; empty when the session is over.
    [[nodiscard]] std::string refreshed(std::string const& token)
    {
        auto const answer = sessions.refresh(token).value();
        return answer ? answer->grant.refresh_token : "";
    }
};

TEST_F(page_sessions_test, say_whose_they_are)
{
    auto const session = sessions.begin(ada.name, password).value().value();
    EXPECT_EQ(session.who, ada);
    store->change(ada.name, {.role = account_role::admin}).value();
    auto const renewed = sessions.refresh(session.grant.refresh_token).value().value();
    EXPECT_EQ(renewed.who.role, account_role::admin);
    EXPECT_FALSE(sessions.begin(ada.name, "battery staple").value().has_value());
}

TEST_F(page_sessions_test, answer_a_repeat_within_ten_seconds_as_the_first_time)
{
    auto const first = begun();
    auto const second = refreshed(first);
    clock.pass(9s);
    EXPECT_EQ(refreshed(first), second);
    EXPECT_NE(refreshed(second), "");
}

TEST_F(page_sessions_test, end_when_a_token_comes_again_later)
{
    auto const first = begun();
    auto const second = refreshed(first);
    clock.pass(10s);
    EXPECT_EQ(refreshed(first), "");
    EXPECT_EQ(refreshed(second), "");
}

TEST_F(page_sessions_test, give_all_that_ask_at_once_the_same)
{
    auto const first = begun();
    std::vector<std::string> answers(8);
    std::vector<std::thread> tabs;
    for (auto& answer : answers) tabs.emplace_back([&] { answer = refreshed(first); });
    for (auto& tab : tabs) tab.join();
    EXPECT_EQ(std::set(answers.begin(), answers.end()).size(), 1U);
    EXPECT_NE(refreshed(answers.front()), "");
}

TEST_F(page_sessions_test, answer_no_repeat_once_they_are_over)
{
    auto const first = begun();
    auto const second = refreshed(first);
    ASSERT_TRUE(sessions.end(second).has_value());
    EXPECT_EQ(refreshed(first), "");

    auto const other = begun();
    EXPECT_NE(refreshed(other), "");
    store->change(ada.name, {.enabled = false}).value();
    EXPECT_EQ(refreshed(other), "");
}

TEST_F(page_sessions_test, ask_again_after_a_refusal)
{
    auto const expired = begun();
    clock.pass(25h);
    EXPECT_EQ(refreshed(expired), "");
    EXPECT_EQ(refreshed(expired), "");
    EXPECT_EQ(refreshed("no such.session"), "");
    EXPECT_EQ(refreshed(""), "");
}

TEST_F(page_sessions_test, remember_no_more_than_they_may)
{
    page_sessions few(accounts, {.most = 2, .clock = clock.monotonic()});
    std::vector<std::string> const tokens{begun(), begun(), begun()};
    for (auto const& token : tokens) EXPECT_TRUE(few.refresh(token).value().has_value());
    EXPECT_TRUE(few.refresh(tokens[2]).value().has_value());
    EXPECT_FALSE(few.refresh(tokens[0]).value().has_value());
}

}  // namespace
}  // namespace aircargo::server
