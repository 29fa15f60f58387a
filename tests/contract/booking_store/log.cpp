#include "support/log_words.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

template <class Backend>
class log_contract : public store_test<Backend> {
protected:
    log_page page(log_query const& query) { return this->store.log_after(query).value(); }
    void apply(change const& c) { ASSERT_EQ(code_of(apply_one(this->store, c)), accepted); }
};
TYPED_TEST_SUITE(log_contract, store_backends, backend_names);

TYPED_TEST(log_contract, is_empty_at_first) { EXPECT_EQ(this->page({}), log_page{}); }

TYPED_TEST(log_contract, has_all_events_in_the_order_in_which_they_happened)
{
    auto const one = this->stored(a_booking("ACB10001"));
    auto const two = this->stored(a_booking("ACB10002"));
    this->apply(depart(one));
    this->apply(cancel(two));
    log_reader all(this->store);
    EXPECT_EQ(all.words(), "10001:1 BOOKED, 10002:1 BOOKED, 10001:2 DEPARTED, 10002:2 CANCELLED");
    EXPECT_EQ(all.words(), "") << "nothing is read twice";
    this->apply(arrive(this->now(one)));
    EXPECT_EQ(all.words(), "10001:3 ARRIVED");
}

TYPED_TEST(log_contract, tells_of_each_event_what_happened_to_which_booking)
{
    auto const flights = this->given(via_bombay());
    auto const b = this->stored(a_booking("ACB10001", flights));
    auto act = on(flights[0], noted("at dawn", command_of(booking_act::depart, "DEL")));
    act.note.actor = "kim";
    act.note.request_id = "r-1";
    this->apply(decided(b, act));

    auto const events = this->page({}).events;
    ASSERT_EQ(events.size(), 2U);
    auto const history = history_of(this->store, b.terms.ref).value();
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_EQ(events[i].ref, b.terms.ref);
        EXPECT_EQ(events[i].origin, airport("DEL"));
        EXPECT_EQ(events[i].destination, airport("BLR"));
        EXPECT_EQ(events[i].fact, history[i]);
    }
}

TYPED_TEST(log_contract, is_read_in_parts)
{
    for (int i = 0; i < 7; ++i) (void)this->stored(a_booking("ACB1000" + std::to_string(i)));
    auto const all = this->page({}).events;
    ASSERT_EQ(all.size(), 7U);
    EXPECT_LT(log_start, all.front().position);

    auto const part = this->page({.after = all[1].position, .limit = 3});
    EXPECT_EQ(part.events, std::vector(all.begin() + 2, all.begin() + 5));
    EXPECT_EQ(part.end, all.back().position);
    EXPECT_EQ(next_position(part, {.limit = 3}), all[4].position);

    auto const rest = this->page({.after = all[4].position, .limit = 3});
    EXPECT_EQ(rest.events, std::vector(all.begin() + 5, all.end()));
    EXPECT_EQ(next_position(rest, {.limit = 3}), all.back().position);
}

TYPED_TEST(log_contract, tells_where_it_ends)
{
    (void)this->stored(a_booking("ACB10001"));
    auto const end = this->page({.limit = 0});
    EXPECT_EQ(end.events, std::vector<logged_event>());
    EXPECT_EQ(end.end, this->page({}).events.back().position);

    log_position const beyond{static_cast<std::int64_t>(end.end) + 1000};
    EXPECT_EQ(this->page({.after = beyond}), (log_page{{}, beyond, end.end}));
}

TYPED_TEST(log_contract, of_one_booking_leaves_the_others_out)
{
    auto const one = this->stored(a_booking("ACB10001"));
    (void)this->stored(a_booking("ACB10002"));
    this->apply(depart(one));
    (void)this->stored(a_booking("ACB10003"));

    auto const mine = this->page({.of = one.terms.ref});
    ASSERT_EQ(mine.events.size(), 2U);
    EXPECT_EQ(words_of(mine.events[1]), "10001:2 DEPARTED");
    auto const all = this->page({}).events;
    EXPECT_EQ(mine.events[0], all[0]);
    EXPECT_EQ(mine.events[1], all[2]);
    EXPECT_EQ(mine.end, all.back().position) << "it is read up to there";
    EXPECT_EQ(this->page({.after = all[0].position, .of = one.terms.ref}).events,
              std::vector{all[2]});
    EXPECT_EQ(log_reader(this->store, 1, one.terms.ref).words(),
              "10001:1 BOOKED, 10001:2 DEPARTED");
    EXPECT_TRUE(this->page({.of = a_ref("ACB99999")}).events.empty());
}

TYPED_TEST(log_contract, holds_nothing_that_was_refused)
{
    auto const b = a_booking("ACB10001");
    auto const other = a_booking("ACB10002");
    idempotency_key const key{"scope", "k", "hash"};
    (void)this->store.apply(std::vector{with_key(creation_of(b), key), creation_of(b),
                                        with_key(creation_of(other), key), depart(other), cancel(b),
                                        depart(b)});
    EXPECT_EQ(log_reader(this->store).words(), "10001:1 BOOKED, 10001:2 CANCELLED");
}

TYPED_TEST(log_contract, keeps_the_order_of_a_booking_within_a_batch)
{
    auto const b = a_booking("ACB10002");
    auto const left = depart(b);
    auto const landed = arrive(left.after);
    (void)this->store.apply(std::vector{creation_of(b), left, creation_of(a_booking("ACB10001")),
                                        landed, deliver(landed.after)});
    EXPECT_EQ(log_reader(this->store, 10, b.terms.ref).words(),
              "10002:1 BOOKED, 10002:2 DEPARTED, 10002:3 ARRIVED, 10002:4 DELIVERED");
    EXPECT_EQ(log_reader(this->store).read().size(), 5U);
}

TYPED_TEST(log_contract, refuses_to_be_read_all_at_once)
{
    EXPECT_EQ(code_of(this->store.log_after({.limit = log_query::max_limit + 1})),
              errc::invalid_request);
    EXPECT_EQ(code_of(this->store.log_after({.after = log_position{-1}})), errc::invalid_request);
}

/// Follows the log while others write, and checks what it reads.
class follower {
public:
    explicit follower(any_booking_store& store) : log_(store, 50) {}

    void read()
    {
        for (auto const& e : log_.read()) {
            EXPECT_LT(last_, e.position);
            last_ = e.position;
            auto& seq = seen_[e.ref.str()];
            EXPECT_EQ(e.fact.seq, seq + 1) << e.ref.str();
            seq = e.fact.seq;
            ++count_;
        }
    }
    [[nodiscard]] int count() const noexcept { return count_; }

private:
    log_reader log_;
    log_position last_ = log_start;
    std::map<std::string, std::int64_t> seen_;
    int count_ = 0;
};

TYPED_TEST(log_contract, loses_nothing_to_who_reads_while_many_write)
{
    constexpr int writers = 6;
    constexpr int each = 40;
    constexpr int events_each = 4;
    std::atomic<int> at_work = writers;
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            for (int n = 0; n < each; ++n) {
                auto const b = a_booking("ACB" + std::to_string(10'000 + 100 * writer + n));
                (void)this->store.apply(std::vector{creation_of(b), depart(b)});
                auto const landed = arrive(depart(b).after);
                (void)apply_one(this->store, landed);
                (void)apply_one(this->store, deliver(landed.after));
            }
            --at_work;
        });
    }
    follower one(this->store);
    follower two(this->store);
    std::thread other([&] {
        while (at_work > 0) two.read();
    });
    while (at_work > 0) one.read();
    for (auto& t : threads) t.join();
    other.join();
    for (auto* reader : {&one, &two}) {
        reader->read();
        EXPECT_EQ(reader->count(), writers * each * events_each);
    }
}

}  // namespace
}  // namespace aircargo::test
