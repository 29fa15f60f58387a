#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

template <class Backend>
class booking_store_contract : public store_test<Backend> {};
TYPED_TEST_SUITE(booking_store_contract, store_backends, backend_names);

TYPED_TEST(booking_store_contract, keeps_a_new_booking)
{
    auto const b = a_booking("ACB10001");

    EXPECT_EQ(apply_one(this->store, creation_of(b)).value(), b);
    EXPECT_EQ(this->now(b), b);
    EXPECT_EQ(history_of(this->store, b.terms.ref).value(), std::vector{creation_of(b).fact});
}

TYPED_TEST(booking_store_contract, keeps_what_happens_to_a_booking)
{
    auto const seen = this->stored(a_booking("ACB10001"));
    auto const left = depart(seen, noon + std::chrono::hours(1));

    EXPECT_EQ(apply_one(this->store, left).value(), left.after);
    EXPECT_EQ(this->now(seen), left.after);
    EXPECT_EQ(history_of(this->store, seen.terms.ref).value(),
              (std::vector{creation_of(seen).fact, left.fact}));
}

TYPED_TEST(booking_store_contract, refuses_a_second_writer_with_an_old_revision)
{
    auto const seen = this->stored(a_booking("ACB10001"));

    auto const first = apply_one(this->store, depart(seen));
    auto const late =
        apply_one(this->store, cancel(seen));  // decided on what it read before the first wrote

    EXPECT_EQ(code_of(first), accepted);
    EXPECT_EQ(late.error(), stale_revision(seen.terms.ref));
    EXPECT_EQ(this->now(seen).status, booking_status::departed);
    EXPECT_EQ(this->events_of(seen), 2U);
}

TYPED_TEST(booking_store_contract, refuses_a_change_that_is_ahead_of_its_time)
{
    auto const seen = this->stored(a_booking("ACB10001"));
    auto const unseen = depart(seen).after;

    EXPECT_EQ(code_of(apply_one(this->store, arrive(unseen))), errc::stale_revision);
    EXPECT_EQ(this->now(seen), seen);
    EXPECT_EQ(this->events_of(seen), 1U);
}

TYPED_TEST(booking_store_contract, refuses_a_reference_that_is_taken)
{
    auto const first = this->stored(a_booking("ACB10001"));
    auto const other = a_booking("ACB10001", {}, noon + std::chrono::hours(1));

    EXPECT_EQ(apply_one(this->store, creation_of(other)).error(), already_exists(first.terms.ref));
    EXPECT_EQ(this->now(first), first);
    EXPECT_EQ(this->events_of(first), 1U);
}

TYPED_TEST(booking_store_contract, tells_references_apart_by_their_zeros)
{
    (void)this->stored(a_booking("ACB00042"));
    (void)this->stored(a_booking("ACB000042"));
    EXPECT_EQ(code_of(find_one(this->store, a_ref("ACB0000042"))), errc::not_found);
}

TYPED_TEST(booking_store_contract, refuses_to_change_what_does_not_exist)
{
    auto const nowhere = a_booking("ACB10001");
    EXPECT_EQ(apply_one(this->store, depart(nowhere)).error(),
              booking_not_found(nowhere.terms.ref));
    EXPECT_EQ(code_of(find_one(this->store, nowhere.terms.ref)), errc::not_found);
}

TYPED_TEST(booking_store_contract, lets_each_entry_of_a_batch_stand_or_fall_alone)
{
    auto const one = this->stored(a_booking("ACB10001"));
    auto const two = this->stored(a_booking("ACB10002"));
    auto const three = this->stored(a_booking("ACB10003"));
    (void)apply_one(this->store, depart(two));

    auto const answers = this->store.apply(std::vector{depart(one), cancel(two), creation_of(one),
                                                       depart(a_booking("ACB10009")), depart(three),
                                                       creation_of(a_booking("ACB10004"))});

    ASSERT_EQ(answers.size(), 6U);
    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::stale_revision);
    EXPECT_EQ(code_of(answers[2]), errc::already_exists);
    EXPECT_EQ(code_of(answers[3]), errc::not_found);
    EXPECT_EQ(code_of(answers[4]), accepted);
    EXPECT_EQ(code_of(answers[5]), accepted);
    EXPECT_EQ(this->now(one).status, booking_status::departed);
    EXPECT_EQ(this->now(two).status, booking_status::departed);
    EXPECT_EQ(this->events_of(two), 2U);
    EXPECT_EQ(this->now(three).status, booking_status::departed);
    EXPECT_EQ(this->now(a_booking("ACB10004")).status, booking_status::booked);
}

TYPED_TEST(booking_store_contract, takes_a_life_in_one_batch)
{
    auto const b = a_booking("ACB10001");
    auto const left = depart(b);
    auto const landed = arrive(left.after);
    auto const handed_over = deliver(landed.after);

    auto const answers = this->store.apply(std::vector{creation_of(b), left, landed, handed_over});

    EXPECT_EQ(answers[2].value(), landed.after);
    EXPECT_EQ(this->now(b), handed_over.after);
    EXPECT_EQ(fold(b.terms, history_of(this->store, b.terms.ref).value()).value(),
              handed_over.after);
}

TYPED_TEST(booking_store_contract, takes_the_first_of_two_rivals_in_a_batch)
{
    auto const seen = this->stored(a_booking("ACB10001"));

    auto const answers = this->store.apply(std::vector{depart(seen), cancel(seen)});

    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::stale_revision);
    EXPECT_EQ(this->events_of(seen), 2U);
}

TYPED_TEST(booking_store_contract, makes_a_reference_once_within_a_batch)
{
    auto const b = a_booking("ACB10001");
    auto const answers = this->store.apply(std::vector{creation_of(b), creation_of(b)});
    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::already_exists);
    EXPECT_EQ(this->events_of(b), 1U);
}

TYPED_TEST(booking_store_contract, takes_empty_batches)
{
    EXPECT_TRUE(this->store.apply({}).empty());
    EXPECT_TRUE(this->store.find({}).empty());
    EXPECT_TRUE(this->store.history({}).empty());
    EXPECT_TRUE(this->store.answers({}, noon).empty());
}

TYPED_TEST(booking_store_contract, takes_two_thousand_changes_in_a_batch)
{
    constexpr int size = 2000;
    std::vector<change> creations;
    std::vector<change> departures;
    std::vector<booking_ref> refs;
    for (int i = 0; i < size; ++i) {
        auto const b = a_booking("ACB" + std::to_string(100'000 + i));
        creations.push_back(creation_of(b));
        departures.push_back(depart(b));
        refs.push_back(b.terms.ref);
    }
    for (auto const& answer : this->store.apply(creations)) ASSERT_EQ(code_of(answer), accepted);
    for (auto const& answer : this->store.apply(departures)) ASSERT_EQ(code_of(answer), accepted);

    auto const found = this->store.find(refs);
    auto const histories = this->store.history(refs);
    for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(found[i].value(), departures[i].after);
        ASSERT_EQ(histories[i]->size(), 2U);
    }
}

TYPED_TEST(booking_store_contract, answers_in_the_order_of_the_question)
{
    auto const one = this->stored(a_booking("ACB10001"));
    auto const two = depart(this->stored(a_booking("ACB10002"))).after;
    (void)apply_one(this->store, depart(a_booking("ACB10002")));
    std::vector const asked{two.terms.ref, a_ref("ACB99999"), one.terms.ref, two.terms.ref};

    auto const found = this->store.find(asked);
    auto const histories = this->store.history(asked);

    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].value(), two);
    EXPECT_EQ(found[1].error(), booking_not_found(a_ref("ACB99999")));
    EXPECT_EQ(found[2].value(), one);
    EXPECT_EQ(found[3].value(), two);
    ASSERT_EQ(histories.size(), 4U);
    EXPECT_EQ(histories[0]->size(), 2U);
    EXPECT_EQ(histories[1].error(), booking_not_found(a_ref("ACB99999")));
    EXPECT_EQ(histories[2]->size(), 1U);
    EXPECT_EQ(histories[3].value(), histories[0].value());
}

TYPED_TEST(booking_store_contract, tells_histories_oldest_first)
{
    auto b = this->stored(a_booking("ACB10001", this->given(via_bombay())));
    for (auto const& act : {command_of(booking_act::depart), command_of(booking_act::arrive, "BOM"),
                            command_of(booking_act::depart), command_of(booking_act::arrive),
                            command_of(booking_act::deliver)}) {
        // Clocks are of no account: here each is an hour behind the one before.
        b = apply_one(this->store, decided(b, act, b.updated_at - std::chrono::hours(1))).value();
    }
    auto const history = history_of(this->store, b.terms.ref).value();
    for (std::size_t i = 0; i < history.size(); ++i)
        EXPECT_EQ(history[i].seq, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(history.size(), 6U);
}

}  // namespace
}  // namespace aircargo::test
