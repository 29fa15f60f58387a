#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

template <class Backend>
class idempotency_contract : public store_test<Backend> {
protected:
    idempotency_key const key{"mira POST /bookings", "k-1", "hash of the body"};
    idempotency_key const other_body{"mira POST /bookings", "k-1", "another hash"};
    idempotency_key const other_scope{"noor POST /bookings", "k-1", "another hash"};

    result<booking> create(std::string_view ref, idempotency_key const& k, utc_time now = noon)
    {
        return apply_one(this->store, with_key(creation_of(a_booking(ref, {}, now)), k));
    }
};
TYPED_TEST_SUITE(idempotency_contract, store_backends, backend_names);

TYPED_TEST(idempotency_contract, answers_a_repeated_booking_with_the_first)
{
    auto const first = this->create("ACB10001", this->key).value();
    auto const again = this->create("ACB10002", this->key);  // a retry draws a reference of its own

    EXPECT_EQ(again.value(), first);
    EXPECT_EQ(code_of(find_one(this->store, a_ref("ACB10002"))), errc::not_found);
}

TYPED_TEST(idempotency_contract,
           answers_a_repeated_act_with_the_first_answer_even_after_more_has_happened)
{
    auto const seen = this->stored(a_booking("ACB10001"));
    auto const left = with_key(depart(seen), this->key);
    auto const first = apply_one(this->store, left).value();
    (void)apply_one(this->store, arrive(first, noon + 1h));

    EXPECT_EQ(apply_one(this->store, left).value(), first);
    EXPECT_EQ(this->now(seen).status, booking_status::arrived);
    EXPECT_EQ(this->events_of(seen), 3U);
}

TYPED_TEST(idempotency_contract, refuses_a_key_that_was_used_for_something_else)
{
    (void)this->create("ACB10001", this->key);

    EXPECT_EQ(this->create("ACB10002", this->other_body).error(),
              idempotency_clash(this->other_body));
    EXPECT_EQ(code_of(find_one(this->store, a_ref("ACB10002"))), errc::not_found);
}

TYPED_TEST(idempotency_contract, keeps_the_keys_of_different_scopes_apart)
{
    (void)this->create("ACB10001", this->key);
    EXPECT_EQ(code_of(this->create("ACB10002", this->other_scope)), accepted);
    EXPECT_EQ(this->create("ACB10003", this->key).value().terms.ref, a_ref("ACB10001"));
}

TYPED_TEST(idempotency_contract, does_not_take_the_border_between_scope_and_key_for_a_letter)
{
    (void)this->create("ACB10001", {"ab", "c", "h"});
    EXPECT_EQ(code_of(this->create("ACB10002", {"a", "bc", "h"})), accepted);
    EXPECT_EQ(this->now(a_booking("ACB10002")).terms.ref, a_ref("ACB10002"));
}

TYPED_TEST(idempotency_contract, knows_a_key_for_48_hours)
{
    auto const first = this->create("ACB10001", this->key, noon).value();

    EXPECT_EQ(this->create("ACB10002", this->key, noon + 48h - 1s).value(), first);
    EXPECT_EQ(this->create("ACB10003", this->key, noon + 48h).value().terms.ref, a_ref("ACB10003"));
}

TYPED_TEST(idempotency_contract, gives_an_old_key_a_new_life)
{
    (void)this->create("ACB10001", this->key, noon);
    auto const second = this->create("ACB10002", this->other_body, noon + 48h).value();

    EXPECT_EQ(this->create("ACB10003", this->other_body, noon + 95h).value(), second);
    EXPECT_EQ(code_of(this->create("ACB10004", this->key, noon + 95h)), errc::idempotency_mismatch);
}

TYPED_TEST(idempotency_contract, does_a_request_once_that_comes_twice_in_a_batch)
{
    auto const answers = this->store.apply(
        std::vector{with_key(creation_of(a_booking("ACB10001")), this->key),
                    with_key(creation_of(a_booking("ACB10002")), this->key),
                    with_key(creation_of(a_booking("ACB10003")), this->other_body)});

    EXPECT_EQ(answers[0].value().terms.ref, a_ref("ACB10001"));
    EXPECT_EQ(answers[1].value(), answers[0].value());
    EXPECT_EQ(code_of(answers[2]), errc::idempotency_mismatch);
    EXPECT_EQ(code_of(find_one(this->store, a_ref("ACB10002"))), errc::not_found);
}

TYPED_TEST(idempotency_contract, does_not_keep_the_key_of_a_refused_change)
{
    auto const seen = this->stored(a_booking("ACB10001"));
    auto const now = apply_one(this->store, depart(seen)).value();
    EXPECT_EQ(code_of(apply_one(this->store, with_key(cancel(seen), this->key))),
              errc::stale_revision);

    EXPECT_EQ(answer_to(this->store, this->key).value(), std::nullopt);
    EXPECT_EQ(code_of(apply_one(this->store, with_key(cancel(now), this->key))), accepted);
}

TYPED_TEST(idempotency_contract, does_not_touch_the_neighbours_of_a_repeated_request)
{
    (void)this->create("ACB10001", this->key);
    auto const answers = this->store.apply(
        std::vector{creation_of(a_booking("ACB10005")),
                    with_key(creation_of(a_booking("ACB10006")), this->other_body),
                    with_key(creation_of(a_booking("ACB10007")), this->key),
                    creation_of(a_booking("ACB10008"))});
    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::idempotency_mismatch);
    EXPECT_EQ(answers[2].value().terms.ref, a_ref("ACB10001"));
    EXPECT_EQ(code_of(answers[3]), accepted);
}

TYPED_TEST(idempotency_contract, tells_beforehand_what_it_would_answer)
{
    EXPECT_EQ(answer_to(this->store, this->key).value(), std::nullopt);

    auto const first = this->create("ACB10001", this->key).value();
    (void)apply_one(this->store, depart(first));

    EXPECT_EQ(answer_to(this->store, this->key).value(), first);
    EXPECT_EQ(code_of(answer_to(this->store, this->other_body)), errc::idempotency_mismatch);
    EXPECT_EQ(answer_to(this->store, this->other_scope).value(), std::nullopt);
}

TYPED_TEST(idempotency_contract, tells_beforehand_by_the_clock_of_the_asker)
{
    auto const first = this->create("ACB10001", this->key, noon).value();
    EXPECT_EQ(answer_to(this->store, this->key, noon + 48h - 1s).value(), first);
    EXPECT_EQ(answer_to(this->store, this->key, noon + 48h).value(), std::nullopt);
    EXPECT_EQ(answer_to(this->store, this->other_body, noon + 48h).value(), std::nullopt);
}

TYPED_TEST(idempotency_contract, tells_beforehand_in_the_order_of_the_keys)
{
    auto const first = this->create("ACB10001", this->key).value();
    auto const answers = this->store.answers(
        std::vector{this->other_scope, this->key, this->other_body, this->key}, noon);
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0].value(), std::nullopt);
    EXPECT_EQ(answers[1].value(), first);
    EXPECT_EQ(code_of(answers[2]), errc::idempotency_mismatch);
    EXPECT_EQ(answers[3].value(), first);
}

TYPED_TEST(idempotency_contract, takes_keys_of_any_text)
{
    int next = 20'000;
    for (auto const& text : {std::string(), std::string("ключ 🗝"), std::string("'; --"),
                             std::string(255, 'k')}) {
        idempotency_key const odd{"scope", text, "hash"};
        EXPECT_EQ(answer_to(this->store, odd).value(), std::nullopt);
        auto const first = this->create("ACB" + std::to_string(++next), odd).value();
        EXPECT_EQ(answer_to(this->store, odd).value(), first);
    }
}

}  // namespace
}  // namespace aircargo::test
