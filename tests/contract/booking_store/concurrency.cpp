#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

constexpr int writers = 8;

/// Runs `work(number)` in eight threads that start together.
template <class Work>
void in_threads(Work work)
{
    std::latch start(writers);
    std::vector<std::thread> threads;
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            work(i);
        });
    }
    for (auto& t : threads) t.join();
}

template <class Backend>
class concurrency_contract : public store_test<Backend> {
protected:
    /// Every event follows from the ones before, and the row is what they add up to.
    void expect_sound(booking const& b)
    {
        auto const history = history_of(this->store, b.terms.ref).value();
        EXPECT_EQ(fold(b.terms, history).value(), this->now(b));
    }
};
TYPED_TEST_SUITE(concurrency_contract, store_backends, backend_names);

TYPED_TEST(concurrency_contract, keeps_what_each_writer_adds)
{
    constexpr int each = 25;
    std::atomic<int> refused = 0;
    in_threads([&](int writer) {
        for (int n = 0; n < each; ++n) {
            auto const b = a_booking("ACB" + std::to_string(10'000 + 100 * writer + n));
            for (auto const& answer : this->store.apply(std::vector{creation_of(b), depart(b)})) {
                if (!answer) ++refused;
            }
        }
    });
    EXPECT_EQ(refused, 0);
    EXPECT_EQ(this->store.list({}).value().total, static_cast<std::size_t>(writers * each));
}

TYPED_TEST(concurrency_contract, lets_one_of_many_rivals_win)
{
    std::vector<booking> seen;
    for (int i = 0; i < 10; ++i)
        seen.push_back(this->stored(a_booking("ACB1000" + std::to_string(i))));
    std::atomic<int> won = 0;
    std::atomic<int> lost = 0;
    in_threads([&](int writer) {
        std::vector<change> changes;
        for (auto const& b : seen) changes.push_back(writer % 2 == 0 ? depart(b) : cancel(b));
        for (auto const& answer : this->store.apply(changes)) {
            if (answer) ++won;
            if (code_of(answer) == errc::stale_revision) ++lost;
        }
    });
    EXPECT_EQ(won, 10);
    EXPECT_EQ(lost, 10 * (writers - 1));
    for (auto const& b : seen) {
        EXPECT_EQ(this->events_of(b), 2U);
        this->expect_sound(b);
    }
}

TYPED_TEST(concurrency_contract, makes_a_booking_once_of_a_request_that_many_send)
{
    idempotency_key const key{"scope", "k-1", "hash"};
    std::vector<result<booking>> answers(writers, refuse(errc::not_found, "not asked"));
    in_threads([&](int writer) {
        auto const b = a_booking("ACB1000" + std::to_string(writer));
        answers[static_cast<std::size_t>(writer)] =
            apply_one(this->store, with_key(creation_of(b), key));
    });
    for (auto const& answer : answers) EXPECT_EQ(answer.value(), answers.front().value());
    EXPECT_EQ(this->store.list({}).value().total, 1U);
}

TYPED_TEST(concurrency_contract, shows_readers_no_half_of_a_change)
{
    auto const b = this->stored(a_booking("ACB10001"));
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0;
    in_threads([&](int number) {
        if (number == 0) {
            auto const left = depart(b);
            auto const landed = arrive(left.after);
            for (auto const& c : {left, landed, deliver(landed.after)})
                EXPECT_EQ(code_of(apply_one(this->store, c)), accepted);
            done = true;
            return;
        }
        std::int64_t seen = 0;
        do {
            // The row is read first: it is never ahead of the history that is read after it.
            auto const row = this->now(b);
            auto const history = history_of(this->store, b.terms.ref).value();
            bool const whole =
                static_cast<std::int64_t>(history.size()) >= row.revision &&
                fold(b.terms, std::span(history).first(static_cast<std::size_t>(row.revision)))
                        .value() == row;
            if (!whole || row.revision < seen) ++torn;
            seen = row.revision;
        } while (!done);
    });
    EXPECT_EQ(torn, 0);
    this->expect_sound(b);
}

}  // namespace
}  // namespace aircargo::test
