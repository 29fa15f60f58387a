#include "support/postgres_faults.hpp"
#include "support/seed.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

/// Several programs on one database, who all want the same at the same time and in another order.
class postgres_instances : public postgres_test {
protected:
    static constexpr int threads_of_each = 3;

    void SetUp() override
    {
        postgres_test::SetUp();
        if (!prepared) return;
        seed = printed_seed();
        for (auto& database : databases) {
            database = open({.connections = threads_of_each});
            stores.push_back(make_booking_store<postgres_booking_store>(database));
        }
        for (int i = 0; i < 12; ++i)
            bookings.push_back(a_booking("ACB" + std::to_string(10'000 + i)));
    }
    /// Runs `work(store, random numbers of its own, number of the thread)` in threads of all
    /// programs, which start together.
    template <class Work>
    void in_all(Work work)
    {
        int const count = threads_of_each * static_cast<int>(stores.size());
        std::latch start(count);
        std::vector<std::thread> threads;
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([&, i] {
                random_source random(seed + static_cast<std::uint64_t>(i));
                auto& store = *stores[static_cast<std::size_t>(i) % stores.size()];
                start.arrive_and_wait();
                work(store, random, i);
            });
        }
        for (auto& t : threads) t.join();
    }
    void store_all()
    {
        for (auto const& b : bookings) (void)apply_one(*stores[0], creation_of(b)).value();
    }
    /// Each history is a legal path, and the row is what it adds up to.
    void expect_sound()
    {
        for (auto const& b : bookings) {
            auto const history = history_of(*stores[0], b.terms.ref).value();
            EXPECT_EQ(fold(b.terms, history).value(), find_one(*stores[0], b.terms.ref).value());
        }
    }
    /// As the server counted them, which its processes tell when they end.
    std::string deadlocks()
    {
        stores.clear();
        databases = {};
        EXPECT_TRUE(eventually([this] { return sessions() == 0; }));
        return owner->run(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    }
    static bool is_a_decision(result<booking> const& answer)
    {
        return answer.has_value() || group_of(answer.error().code) != errc_group::unavailable;
    }

    std::uint64_t seed = 0;
    std::array<std::shared_ptr<postgres_database>, 3> databases;
    std::vector<std::unique_ptr<any_booking_store>> stores;
    std::vector<booking> bookings;
};

TEST_F(postgres_instances, that_change_the_same_bookings_in_any_order_never_block_each_other)
{
    store_all();
    std::atomic<int> undecided = 0;
    std::atomic<int> moved = 0;
    in_all([&](any_booking_store& store, random_source& random, int) {
        for (int round = 0; round < 20; ++round) {
            std::vector<booking_ref> refs;
            for (auto const& b : bookings) refs.push_back(b.terms.ref);
            std::shuffle(refs.begin(), refs.end(), random);
            std::vector<change> batch;
            for (auto const& seen : store.find(refs)) {
                auto const wanted = chance(random, 0.9) ? booking_act::depart : booking_act::arrive;
                for (auto const act : {wanted, booking_act::arrive, booking_act::deliver}) {
                    auto const fact = step(*seen, command_of(act), noon);
                    if (!fact) continue;
                    batch.push_back({evolve(*seen, *fact), *fact});
                    break;
                }
            }
            for (auto const& answer : store.apply(batch)) {
                if (!is_a_decision(answer)) ++undecided;
                if (answer.has_value()) ++moved;
            }
        }
    });
    EXPECT_EQ(undecided, 0);
    EXPECT_EQ(moved, 3 * static_cast<int>(bookings.size())) << "each act of each life once";
    expect_sound();
    EXPECT_EQ(deadlocks(), "0");
}

TEST_F(postgres_instances, that_make_the_same_bookings_agree_who_did)
{
    std::atomic<int> undecided = 0;
    std::atomic<int> made = 0;
    in_all([&](any_booking_store& store, random_source& random, int) {
        auto shuffled = bookings;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        std::vector<change> batch;
        for (auto const& b : shuffled) batch.push_back(creation_of(b));
        for (auto const& answer : store.apply(batch)) {
            if (!is_a_decision(answer)) ++undecided;
            if (answer.has_value()) ++made;
        }
    });
    EXPECT_EQ(undecided, 0);
    EXPECT_EQ(made, static_cast<int>(bookings.size()));
    expect_sound();
    EXPECT_EQ(deadlocks(), "0");
}

TEST_F(postgres_instances, that_do_the_same_requests_in_any_order_do_each_once)
{
    constexpr int requests = 12;
    std::atomic<int> undecided = 0;
    std::array<std::set<std::string>, requests> answers;  // of each request
    std::mutex mutex;
    in_all([&](any_booking_store& store, random_source& random, int thread) {
        std::vector<int> order;
        for (int i = 0; i < requests; ++i) order.push_back(i);
        std::shuffle(order.begin(), order.end(), random);
        std::vector<change> batch;
        for (int i : order) {
            // Each draws a reference of its own, as a service does.
            auto const b = a_booking("ACB" + std::to_string(20'000 + 100 * thread + i));
            batch.push_back(with_key(creation_of(b), {"scope", std::to_string(i), "hash"}));
        }
        auto const told = store.apply(batch);
        std::scoped_lock const lock(mutex);
        for (std::size_t k = 0; k < told.size(); ++k) {
            if (!is_a_decision(told[k])) ++undecided;
            if (told[k].has_value())
                answers.at(static_cast<std::size_t>(order[k])).insert(told[k]->terms.ref.str());
        }
    });
    EXPECT_EQ(undecided, 0);
    for (auto const& refs : answers) EXPECT_EQ(refs.size(), 1U);
    EXPECT_EQ(stores[0]->list({}).value().total, static_cast<std::size_t>(requests));
    EXPECT_EQ(deadlocks(), "0");
}

TEST_F(postgres_instances, that_mix_keys_and_acts_in_any_order_do_each_once)
{
    store_all();
    std::atomic<int> undecided = 0;
    std::atomic<int> wrong = 0;
    in_all([&](any_booking_store& store, random_source& random, int) {
        auto shuffled = bookings;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        std::vector<change> batch;
        for (auto const& b : shuffled)
            batch.push_back(with_key(depart(b), {"scope", "of " + b.terms.ref.str(), "hash"}));
        auto const told = store.apply(batch);
        for (std::size_t k = 0; k < told.size(); ++k) {
            if (!is_a_decision(told[k])) ++undecided;
            if (told[k].has_error() || *told[k] != batch[k].after) ++wrong;
        }
    });
    EXPECT_EQ(undecided, 0);
    EXPECT_EQ(wrong, 0) << "twins get the answer of the first";
    for (auto const& b : bookings) EXPECT_EQ(history_of(*stores[0], b.terms.ref)->size(), 2U);
    expect_sound();
    EXPECT_EQ(deadlocks(), "0");
}

/// Where keys and bookings of one batch depend on each other, no order suits all. The server may
/// then have to break a deadlock, and the store tries again; a caller never hears of it.
TEST_F(postgres_instances, that_tangle_keys_and_bookings_hear_of_no_deadlock)
{
    store_all();
    std::atomic<int> undecided = 0;
    in_all([&](any_booking_store& store, random_source& random, int) {
        for (int round = 0; round < 5; ++round) {
            std::vector<change> batch;
            for (int i = 0; i < 8; ++i) {
                auto const& b = one_of(random, bookings);
                auto const left = depart(b);
                auto const what = chance(random, 0.5) ? left : arrive(left.after);
                idempotency_key key{"scope", std::to_string(between(random, 1, 4)),
                                    b.terms.ref.str() + std::to_string(what.fact.seq)};
                batch.push_back(with_key(what, key));
            }
            for (auto const& answer : store.apply(batch)) {
                if (!is_a_decision(answer)) ++undecided;
            }
        }
    });
    EXPECT_EQ(undecided, 0);
    expect_sound();
    RecordProperty("deadlocks", deadlocks());
}

}  // namespace
}  // namespace aircargo::test
