#include "auth/account_service.hpp"
#include "auth/secrets.hpp"
#include "support/account_words.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <set>
#include <string>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;
using namespace aircargo::test;

constexpr char const* password = "correct horse";

class account_service_test : public ::testing::Test {
protected:
    virtual_clock clock;
    std::unique_ptr<any_account_store> store = make_account_store<memory_account_store>();
    token_issuer const issuer{{make_hmac_key("0123456789abcdef0123456789abcdef").value()}};
    account_service accounts{
        *store, issuer, {.token_time = 15min, .refresh_time = 24h, .now = clock.wall()}};
    account const ada = accounts.add(a_name("ada"), password, account_role::agent).value();

    [[nodiscard]] std::optional<token_grant> logged_in(std::string_view with = password)
    {
        return accounts.log_in(ada.name, with).value();
    }
    [[nodiscard]] std::optional<token_grant> refreshed(std::string_view token)
    {
        return accounts.refresh(token).value();
    }
    [[nodiscard]] new_api_key added_key(std::string name)
    {
        auto made = accounts.draft_key(ada.id, std::move(name)).value();
        store->add_key(made.kept).value();
        return made;
    }
};

TEST_F(account_service_test, keeps_nothing_of_a_password_but_its_hash)
{
    EXPECT_EQ(store->find_name(ada.name).value(), ada);
    EXPECT_TRUE(ada.password_hash.starts_with("$argon2id$"));
    EXPECT_EQ(ada.password_hash.find(password), std::string::npos);
    EXPECT_EQ(ada.created_at, noon);
    EXPECT_TRUE(ada.enabled);
}

TEST_F(account_service_test, refuses_names_that_are_taken_and_weak_passwords)
{
    EXPECT_EQ(code_of(accounts.add(ada.name, password, account_role::admin)), errc::already_exists);
    EXPECT_EQ(code_of(accounts.add(a_name("grace"), "1234567", account_role::agent)),
              errc::invalid_request);
    EXPECT_EQ(code_of(store->find_name(a_name("grace"))), errc::not_found);
}

TEST_F(account_service_test, grants_a_token_for_name_and_password)
{
    auto const grant = logged_in().value();
    EXPECT_EQ(issuer.read(grant.access_token, noon).value(),
              (token_claims{ada.id, noon, noon + 15min}));
    EXPECT_EQ(grant.expires_in, 15min);
    EXPECT_NE(grant.refresh_token, logged_in()->refresh_token);
}

TEST_F(account_service_test, grants_nothing_for_another_password_name_or_a_disabled_account)
{
    EXPECT_FALSE(logged_in("correct horse ").has_value());
    EXPECT_FALSE(logged_in("").has_value());
    EXPECT_FALSE(accounts.log_in(a_name("grace"), password).value().has_value());
    store->change(ada.name, {.enabled = false}).value();
    EXPECT_FALSE(logged_in().has_value());
}

TEST_F(account_service_test, rotates_refresh_tokens_and_ends_a_session_whose_token_comes_twice)
{
    auto const first = logged_in()->refresh_token;
    auto const second = refreshed(first).value();
    EXPECT_TRUE(issuer.read(second.access_token, noon).has_value());
    auto const third = refreshed(second.refresh_token).value();
    std::set<std::string> const all{first, second.refresh_token, third.refresh_token};
    EXPECT_EQ(all.size(), 3U);

    EXPECT_FALSE(refreshed(first).has_value());
    EXPECT_FALSE(refreshed(third.refresh_token).has_value());
}

TEST_F(account_service_test, lets_a_session_that_is_used_go_on_and_another_one_expire)
{
    auto token = logged_in()->refresh_token;
    auto const unused = logged_in()->refresh_token;
    for (int day = 0; day < 3; ++day) {
        clock.pass(23h);
        token = refreshed(token).value().refresh_token;
    }
    EXPECT_FALSE(refreshed(unused).has_value());
    clock.pass(24h);
    EXPECT_FALSE(refreshed(token).has_value());
}

TEST_F(account_service_test, ends_a_session_on_log_out_with_any_of_its_tokens)
{
    auto const first = logged_in()->refresh_token;
    auto const second = refreshed(first).value().refresh_token;
    auto const other = logged_in()->refresh_token;
    EXPECT_EQ(code_of(accounts.log_out(first)), accepted);
    EXPECT_FALSE(refreshed(second).has_value());
    EXPECT_TRUE(refreshed(other).has_value());
    for (auto const* nothing : {"", ".", "x", "x.y", "no such.session"})
        EXPECT_EQ(code_of(accounts.log_out(nothing)), accepted);
}

TEST_F(account_service_test, takes_no_refresh_token_that_it_did_not_grant)
{
    auto const token = logged_in()->refresh_token;
    auto const session = token.substr(0, token.find('.'));
    for (auto const& other :
         {std::string(), std::string("."), session, '.' + token, token.substr(1),
          random_secret(16) + '.' + random_secret(32), std::string(10'000, 'a'), token + 'a'})
        EXPECT_FALSE(refreshed(other).has_value()) << other;
}

TEST_F(account_service_test, ends_sessions_with_a_new_password)
{
    auto const token = logged_in()->refresh_token;
    accounts.set_password(ada.name, "battery staple").value();
    EXPECT_FALSE(refreshed(token).has_value());
    EXPECT_FALSE(logged_in().has_value());
    EXPECT_TRUE(logged_in("battery staple").has_value());
    EXPECT_EQ(code_of(accounts.set_password(a_name("grace"), password)), errc::not_found);
    EXPECT_EQ(code_of(accounts.set_password(ada.name, "short")), errc::invalid_request);
}

TEST_F(account_service_test, lets_api_keys_go_on_with_a_new_password_or_revokes_all)
{
    auto const change = [&](char const* old, char const* next, keys_of_before keys) {
        auto const drafted = accounts.draft_password(ada.name, old, next).value().value();
        return accounts.store_password(ada.name, drafted, keys).value();
    };
    std::vector<std::string> hashes;
    for (auto const* name : {"dock", "desk"}) {
        auto const made = accounts.draft_key(ada.id, name).value();
        store->add_key(made.kept).value();
        hashes.push_back(hash_of_secret(made.text));
    }
    EXPECT_EQ(change(password, "battery staple", keys_of_before::stay), 2U);
    EXPECT_EQ(store->find_keys(hashes)[0].value().id, ada.id);
    EXPECT_EQ(change("battery staple", password, keys_of_before::are_revoked), 0U);
    for (auto const& found : store->find_keys(hashes)) EXPECT_EQ(code_of(found), errc::not_found);
}

TEST_F(account_service_test, drafts_and_keeps_nothing)
{
    auto const grace = accounts.draft(a_name("grace"), password, account_role::viewer).value();
    EXPECT_EQ(code_of(store->find_name(grace.name)), errc::not_found);
    EXPECT_EQ(code_of(accounts.draft(a_name("grace"), "short", account_role::viewer)),
              errc::invalid_request);
    (void)accounts.draft_key(ada.id, "loading dock").value();
    EXPECT_TRUE(store->list_keys(ada.id)->empty());
    (void)accounts.draft_password(ada.name, password, "battery staple").value().value();
    EXPECT_TRUE(logged_in().has_value());
}

TEST_F(account_service_test, drafts_a_new_password_for_who_knows_the_old_one)
{
    EXPECT_FALSE(accounts.draft_password(ada.name, "another one", "battery staple")->has_value());
    EXPECT_EQ(code_of(accounts.draft_password(ada.name, password, "short")), errc::invalid_request);
    EXPECT_EQ(code_of(accounts.draft_password(a_name("grace"), password, "battery staple")),
              errc::not_found);
    auto const first = accounts.draft_password(ada.name, password, "battery staple")->value();
    auto const second = accounts.draft_password(ada.name, password, "another staple")->value();
    store->change(ada.name, first).value();
    EXPECT_EQ(code_of(store->change(ada.name, second)), errc::not_found);
    EXPECT_TRUE(logged_in("battery staple").has_value());
}

TEST_F(account_service_test, shows_an_api_key_once_and_keeps_its_hash)
{
    auto const made = added_key("loading dock");
    EXPECT_TRUE(made.text.starts_with("ack_"));
    EXPECT_EQ(made.text.size(), 47U);
    EXPECT_TRUE(made.text.starts_with(made.kept.prefix));
    EXPECT_EQ(made.kept.prefix.size(), 10U);
    EXPECT_EQ(made.kept.hash, hash_of_secret(made.text));
    EXPECT_EQ(store->list_keys(ada.id).value(), std::vector{made.kept});
}

TEST_F(account_service_test, gives_an_account_a_hundred_keys_and_no_more)
{
    for (int i = 0; i < 100; ++i) (void)added_key(std::to_string(i));
    EXPECT_EQ(code_of(accounts.draft_key(ada.id, "one more")), errc::already_exists);
    auto const one = store->list_keys(ada.id).value().front();
    store->revoke_key(one.id, ada.id, noon).value();
    EXPECT_EQ(code_of(accounts.draft_key(ada.id, "one more")), accepted);
}

}  // namespace
}  // namespace aircargo::server
