#include "auth/authenticator.hpp"
#include "auth/account_service.hpp"
#include "auth/secrets.hpp"
#include "support/account_words.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <future>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;
using namespace aircargo::test;

/// A memory store that counts what it is asked, and can be away.
class watched_accounts {
public:
    explicit watched_accounts(int& asked, bool const& away) : asked_(asked), away_(away) {}

    std::vector<result<account>> find(std::span<std::string const> ids)
    {
        ++asked_;
        if (away_) return {ids.size(), refuse(errc::backend_down, "away")};
        return store_.find(ids);
    }
    std::vector<result<account>> find_keys(std::span<std::string const> hashes)
    {
        ++asked_;
        if (away_) return {hashes.size(), refuse(errc::backend_down, "away")};
        return store_.find_keys(hashes);
    }
    auto add(account const& a) { return store_.add(a); }
    auto find_name(account_name const& name) { return store_.find_name(name); }
    auto list(account_query const& query) { return store_.list(query); }
    auto change(account_name const& n, account_change const& c) { return store_.change(n, c); }
    auto add_session(login_session const& login) { return store_.add_session(login); }
    auto rotate(rotation const& r) { return store_.rotate(r); }
    auto end_session(std::string const& id) { return store_.end_session(id); }
    auto add_key(api_key const& key) { return store_.add_key(key); }
    auto list_keys(std::string const& id) { return store_.list_keys(id); }
    auto revoke_key(std::string const& id, std::optional<std::string> const& of, utc_time now)
    {
        return store_.revoke_key(id, of, now);
    }

private:
    memory_account_store store_;
    int& asked_;
    bool const& away_;
};
static_assert(account_store<watched_accounts>);

class authenticator_test : public ::testing::Test {
protected:
    virtual_clock clock;
    int asked = 0;
    bool away = false;
    std::unique_ptr<any_account_store> store =
        make_account_store<watched_accounts>(asked, std::as_const(away));
    token_issuer const issuer{{make_hmac_key("0123456789abcdef0123456789abcdef").value()}};
    authenticator callers{*store, issuer, options()};
    account const ada = [this] {
        auto const a = an_account("ada");
        store->add(a).value();
        return a;
    }();
    caller const as_ada{ada.id, "ada", role::agent};

    [[nodiscard]] authenticator::options options() const
    {
        return {.remember = 1000, .now = clock.wall(), .clock = clock.monotonic()};
    }
    [[nodiscard]] std::string token(std::chrono::seconds life = 15min) const
    {
        auto const now = clock.wall_time();
        return "Bearer " + issuer.issue({ada.id, now, now + life});
    }
    [[nodiscard]] std::string api_key()
    {
        account_service service(*store, issuer, {.now = clock.wall()});
        auto const made = service.draft_key(ada.id, "test").value();
        store->add_key(made.kept).value();
        return "Bearer " + made.text;
    }
    [[nodiscard]] result<caller> lookup(std::string const& authorization)
    {
        std::promise<result<caller>> answered;
        auto future = answered.get_future();
        callers.lookup(authorization, [&](auto answer) { answered.set_value(std::move(answer)); });
        return future.get();
    }
    /// As a request is treated: remembered, or looked up.
    [[nodiscard]] result<caller> who_is(std::string const& authorization)
    {
        auto known = callers.known(authorization);
        return known ? *std::move(known) : lookup(authorization);
    }
};

TEST_F(authenticator_test, remembers_whose_a_token_is_for_five_seconds)
{
    auto const t = token();
    EXPECT_EQ(callers.known(t), std::nullopt);
    EXPECT_EQ(lookup(t).value(), as_ada);
    EXPECT_EQ(asked, 1);
    clock.pass(4999ms);
    EXPECT_EQ(callers.known(t).value().value(), as_ada);
    EXPECT_EQ(asked, 1);
    clock.pass(1ms);
    EXPECT_EQ(callers.known(t), std::nullopt);
    EXPECT_EQ(who_is(t).value(), as_ada);
    EXPECT_EQ(asked, 2);
}

TEST_F(authenticator_test, knows_what_was_good_before)
{
    auto const t = token();
    EXPECT_FALSE(callers.was_good(t));
    (void)lookup(t).value();
    clock.pass(10s);
    EXPECT_TRUE(callers.was_good(t)) << "though its account has to be looked up again";
    EXPECT_EQ(code_of(lookup("Bearer x.y.z")), errc::invalid_request);
    EXPECT_FALSE(callers.was_good("Bearer x.y.z"));
    EXPECT_FALSE(callers.was_good("Basic x"));
    store->change(ada.name, {.enabled = false}).value();
    EXPECT_EQ(code_of(lookup(t)), errc::invalid_request);
    EXPECT_FALSE(callers.was_good(t));
}

TEST_F(authenticator_test, tells_a_key_from_a_login)
{
    EXPECT_FALSE(who_is(token())->by_api_key);
    auto const key = api_key();
    EXPECT_TRUE(who_is(key)->by_api_key);
    EXPECT_TRUE(callers.known(key).value()->by_api_key) << "remembered, too";
}

TEST_F(authenticator_test, heeds_a_new_role_within_five_seconds)
{
    auto const t = token();
    auto const key = api_key();
    EXPECT_EQ(who_is(t)->has, role::agent);
    EXPECT_EQ(who_is(key)->has, role::agent);
    store->change(ada.name, {.role = account_role::admin}).value();
    EXPECT_EQ(who_is(t)->has, role::agent);
    clock.pass(5s);
    EXPECT_EQ(who_is(t)->has, role::admin);
    EXPECT_EQ(who_is(key)->has, role::admin);
}

TEST_F(authenticator_test, refuses_an_account_that_was_disabled_within_five_seconds)
{
    auto const t = token();
    auto const key = api_key();
    (void)who_is(t).value();
    (void)who_is(key).value();
    store->change(ada.name, {.enabled = false}).value();
    clock.pass(5s);
    EXPECT_EQ(code_of(who_is(t)), errc::invalid_request);
    EXPECT_EQ(code_of(who_is(key)), errc::invalid_request);
    store->change(ada.name, {.enabled = true}).value();
    EXPECT_EQ(who_is(t).value(), as_ada) << "a refusal is not remembered";
}

TEST_F(authenticator_test, refuses_a_revoked_key_within_five_seconds)
{
    auto const key = api_key();
    EXPECT_EQ(who_is(key)->name, "ada");
    auto const kept = store->list_keys(ada.id).value().front();
    store->revoke_key(kept.id, std::nullopt, noon).value();
    EXPECT_EQ(who_is(key)->name, "ada");
    clock.pass(5s);
    EXPECT_EQ(code_of(who_is(key)), errc::invalid_request);
}

TEST_F(authenticator_test, refuses_a_remembered_token_once_it_has_expired)
{
    auto const t = token(60s);
    (void)who_is(t).value();
    clock.pass(88s);  // half a minute is granted
    EXPECT_EQ(who_is(t).value(), as_ada);
    clock.pass(1s);
    EXPECT_EQ(callers.known(t).value().value(), as_ada);
    clock.pass(1s);
    EXPECT_EQ(code_of(who_is(t)), errc::invalid_request);
}

TEST_F(authenticator_test, refuses_at_once_what_can_not_be_a_credential)
{
    auto const t = token().substr(7);
    for (auto const& authorization :
         {std::string(), std::string("Bearer"), std::string("Bearer "), t, "Basic " + t,
          "Token " + t, "Bearer " + std::string(4097, 'x')}) {
        auto const answer = callers.known(authorization);
        ASSERT_TRUE(answer.has_value()) << authorization;
        EXPECT_EQ(code_of(*answer), errc::invalid_request) << authorization;
    }
    EXPECT_EQ(who_is("bearer " + t).value(), as_ada);
    EXPECT_EQ(who_is("BEARER " + t).value(), as_ada);
}

TEST_F(authenticator_test, refuses_what_is_none_of_ours)
{
    token_issuer const other({make_hmac_key("fedcba9876543210fedcba9876543210").value()});
    auto const now = clock.wall_time();
    for (auto const& credential :
         {other.issue({ada.id, now, now + 1min}), issuer.issue({"nobody", now, now + 1min}),
          issuer.issue({ada.id, now - 2min, now - 1min}), std::string("ack_"),
          "ack_" + random_secret(32), std::string(" "), std::string("x.y.z"),
          std::string(4096, '.')}) {
        EXPECT_EQ(code_of(who_is("Bearer " + credential)), errc::invalid_request) << credential;
        EXPECT_EQ(callers.known("Bearer " + credential), std::nullopt) << "not remembered";
    }
}

TEST_F(authenticator_test, tells_a_store_that_is_away_from_a_bad_token)
{
    auto const t = token();
    (void)who_is(t).value();
    away = true;
    EXPECT_EQ(who_is(t).value(), as_ada) << "for as long as it is remembered";
    clock.pass(5s);
    EXPECT_EQ(code_of(who_is(t)), errc::backend_down);
    EXPECT_EQ(code_of(who_is("Bearer ack_x")), errc::backend_down);
    EXPECT_EQ(code_of(who_is("Bearer x.y.z")), errc::invalid_request);
    away = false;
    EXPECT_EQ(who_is(t).value(), as_ada);
}

TEST_F(authenticator_test, forgets_what_was_not_asked_for_longest_when_there_is_too_much)
{
    auto const kept = token();
    (void)who_is(kept).value();
    for (int n = 1; n <= 5000; ++n) {
        (void)lookup(token(std::chrono::seconds(1000 + n))).value();
        ASSERT_TRUE(callers.known(kept).has_value()) << n;
    }
    int remembered = 0;
    for (int n = 1; n <= 5000; ++n)
        if (callers.known(token(std::chrono::seconds(1000 + n)))) ++remembered;
    EXPECT_LE(remembered, 1000);
    EXPECT_GT(remembered, 300);
}

}  // namespace
}  // namespace aircargo::server
