#include "support/account_words.hpp"
#include "support/backends.hpp"
#include <gtest/gtest.h>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using known = std::optional<std::string>;

template <class Backend>
class answer_store_contract : public ::testing::Test {
protected:
    idempotency_key const key{"ada POST /webhooks", "k-1", "hash of the body"};
    idempotency_key const other_body{"ada POST /webhooks", "k-1", "another hash"};
    idempotency_key const other_scope{"grace POST /webhooks", "k-1", "another hash"};

    result<known> once(idempotency_key const& k, known const& answer, utc_time now = noon)
    {
        return backend.answers->once(k, now, [&] {
            ++calls;
            return answer;
        });
    }
    result<known> once(idempotency_key const& k, char const* answer, utc_time now = noon)
    {
        return once(k, known(answer), now);
    }
    result<known> find(idempotency_key const& k, utc_time now = noon)
    {
        return backend.answers->find(k, now);
    }
    /// Adds an account on behalf of a request, which then answers that or is refused.
    result<known> add(account const& a, idempotency_key const& k, known const& answer)
    {
        return backend.answers->once(k, noon, [&] {
            added = backend.accounts->add(a);
            return answer;
        });
    }
    bool is_there(account const& a) { return backend.accounts->find_name(a.name).has_value(); }

    Backend backend;
    std::atomic<int> calls = 0;
    result<void> added;
};
TYPED_TEST_SUITE(answer_store_contract, store_backends, backend_names);

TYPED_TEST(answer_store_contract, does_a_request_once_and_knows_its_answer)
{
    EXPECT_EQ(this->find(this->key).value(), std::nullopt);
    EXPECT_EQ(this->once(this->key, "first").value(), std::nullopt);
    EXPECT_EQ(this->once(this->key, "second").value(), "first");
    EXPECT_EQ(this->find(this->key).value(), "first");
    EXPECT_EQ(this->calls, 1);
}

TYPED_TEST(answer_store_contract, refuses_a_key_that_was_used_for_something_else)
{
    (void)this->once(this->key, "first").value();
    EXPECT_EQ(this->once(this->other_body, "second").error(), idempotency_clash(this->other_body));
    EXPECT_EQ(this->find(this->other_body).error(), idempotency_clash(this->other_body));
    EXPECT_EQ(this->find(this->key).value(), "first");
    EXPECT_EQ(this->calls, 1);
}

TYPED_TEST(answer_store_contract, keeps_the_keys_of_different_scopes_apart)
{
    (void)this->once(this->key, "ada's").value();
    EXPECT_EQ(this->find(this->other_scope).value(), std::nullopt);
    EXPECT_EQ(this->once(this->other_scope, "grace's").value(), std::nullopt);
    EXPECT_EQ(this->find(this->key).value(), "ada's");
    (void)this->once({"ab", "c", "h"}, "one").value();
    EXPECT_EQ(this->find({"a", "bc", "h"}).value(), std::nullopt);
}

TYPED_TEST(answer_store_contract, knows_a_key_for_48_hours)
{
    (void)this->once(this->key, "first", noon).value();
    EXPECT_EQ(this->find(this->key, noon + 48h - 1s).value(), "first");
    EXPECT_EQ(this->once(this->key, "second", noon + 48h - 1s).value(), "first");
    EXPECT_EQ(this->find(this->key, noon + 48h).value(), std::nullopt);
    EXPECT_EQ(this->find(this->other_body, noon + 48h).value(), std::nullopt);
}

TYPED_TEST(answer_store_contract, gives_an_old_key_a_new_life)
{
    (void)this->once(this->key, "first", noon).value();
    EXPECT_EQ(this->once(this->other_body, "second", noon + 48h).value(), std::nullopt);
    EXPECT_EQ(this->find(this->other_body, noon + 95h).value(), "second");
    EXPECT_EQ(code_of(this->find(this->key, noon + 95h)), errc::idempotency_mismatch);
    (void)this->once(this->other_scope, "third", noon + 50h).value();
    EXPECT_EQ(this->find(this->other_body, noon + 95h).value(), "second");
}

TYPED_TEST(answer_store_contract, does_not_keep_the_key_of_a_refused_request)
{
    EXPECT_EQ(this->once(this->key, std::nullopt).value(), std::nullopt);
    EXPECT_EQ(this->find(this->key).value(), std::nullopt);
    EXPECT_EQ(this->once(this->other_body, "mended").value(), std::nullopt);
    EXPECT_EQ(this->find(this->other_body).value(), "mended");
    EXPECT_EQ(this->calls, 2);
}

TYPED_TEST(answer_store_contract, takes_any_text)
{
    std::string const odd = "'; --\r\n\"ключ 🗝\"\\";
    (void)this->once({odd, odd, odd}, odd + std::string(20'000, 'a')).value();
    EXPECT_EQ(this->find({odd, odd, odd}).value(), odd + std::string(20'000, 'a'));
    (void)this->once({"", "", ""}, "").value();
    EXPECT_EQ(this->find({"", "", ""}).value(), "");
}

TYPED_TEST(answer_store_contract, makes_the_changes_of_other_stores_its_own)
{
    auto const ada = an_account("ada");
    EXPECT_EQ(this->add(ada, this->key, "added").value(), std::nullopt);
    EXPECT_TRUE(this->added.has_value());
    EXPECT_TRUE(this->is_there(ada));
    EXPECT_EQ(this->find(this->key).value(), "added");
}

TYPED_TEST(answer_store_contract, undoes_the_changes_of_a_refused_request)
{
    auto const ada = an_account("ada");
    EXPECT_EQ(this->add(ada, this->key, std::nullopt).value(), std::nullopt);
    EXPECT_EQ(this->is_there(ada), !TypeParam::undoes);
    EXPECT_EQ(this->find(this->key).value(), std::nullopt);
}

TYPED_TEST(answer_store_contract, goes_on_after_a_change_that_was_refused)
{
    auto const ada = an_account("ada");
    this->backend.accounts->add(ada).value();
    auto namesake = ada;
    namesake.id = "another id";
    EXPECT_EQ(this->add(namesake, this->key, std::nullopt).value(), std::nullopt);
    EXPECT_EQ(code_of(this->added), errc::already_exists);
    EXPECT_EQ(this->add(an_account("grace"), this->key, "added").value(), std::nullopt);
    EXPECT_TRUE(this->is_there(an_account("grace")));
}

TYPED_TEST(answer_store_contract, makes_changes_of_webhooks_its_own_too)
{
    webhook const hook{.id = "hook", .url = "https://example.org", .created_at = noon};
    (void)this->backend.answers
        ->once(this->key, noon,
               [&] {
                   this->backend.webhooks->add(hook).value();
                   return known("added");
               })
        .value();
    auto const change = [&](idempotency_key const& k, known const& answer) {
        return this->backend.answers->once(k, noon, [&] {
            auto const changed = this->backend.webhooks->change("hook", {.enabled = false});
            EXPECT_EQ(code_of(changed), accepted);
            EXPECT_EQ(code_of(this->backend.webhooks->redeliver("hook", std::nullopt, noon)),
                      accepted);
            EXPECT_EQ(code_of(this->backend.webhooks->remove("hook")), accepted);
            return answer;
        });
    };
    if (TypeParam::undoes) {
        (void)change(this->other_scope, std::nullopt).value();
        EXPECT_EQ(this->backend.webhooks->find("hook").value(), hook);
    }
    (void)change(this->other_scope, "gone").value();
    EXPECT_EQ(code_of(this->backend.webhooks->find("hook")), errc::not_found);
}

TYPED_TEST(answer_store_contract, lets_one_of_many_twins_do_it)
{
    constexpr int twins = 6;
    std::vector<result<known>> told(twins, known());
    std::vector<std::thread> threads;
    for (int i = 0; i < twins; ++i) {
        threads.emplace_back([&, i] {
            auto const mine = "of " + std::to_string(i);
            auto const done = this->once(this->key, known(mine));
            told[static_cast<std::size_t>(i)] =
                done.has_value() && !*done ? result<known>(mine) : done;
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(this->calls, 1);
    auto const kept = this->find(this->key).value();
    for (auto const& t : told) EXPECT_EQ(t.value(), kept);
}

TEST(sqlite_answers, that_are_past_their_lifetime_are_removed)
{
    sqlite_stores stores;
    auto const keep = [&](std::string const& name, utc_time now) {
        (void)stores.answers->once({"scope", name, "hash"}, now, [] { return known("answer"); })
            .value();
    };
    keep("old", noon);
    keep("young", noon + 1s);
    keep("new", noon + 48h);
    // Asked by a clock that stands still, what is there is there.
    EXPECT_EQ(stores.answers->find({"scope", "old", "hash"}, noon).value(), std::nullopt);
    EXPECT_EQ(stores.answers->find({"scope", "young", "hash"}, noon).value(), "answer");
}

}  // namespace
}  // namespace aircargo::test
