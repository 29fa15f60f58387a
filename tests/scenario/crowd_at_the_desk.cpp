#include "support/seed.hpp"
#include "support/service_words.hpp"
#include "support/systems.hpp"
#include <aircargo/service/verify.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

template <class Backend>
class a_crowd_at_the_desk : public ::testing::Test {
protected:
    Backend stores;
    virtual_clock time;
    cargo_system system{backends_of(stores), time.wall()};
};
TYPED_TEST_SUITE(a_crowd_at_the_desk, store_backends, backend_names);

TYPED_TEST(a_crowd_at_the_desk, wants_different_things_of_the_same_bookings)
{
    constexpr std::size_t people = 64;
    constexpr int wishes = 20;
    auto const seed = printed_seed();
    auto& desk = this->system.desk;
    std::vector<booking> bookings;
    for (int i = 0; i < 50; ++i) bookings.push_back(desk.writes.call(a_request()).value());

    std::atomic<std::size_t> acknowledged = 0;
    std::atomic<int> strange = 0;
    std::atomic<int> went_back = 0;
    std::latch start(people);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < people; ++i) {
        threads.emplace_back([&, i] {
            random_source random(seed + i);
            start.arrive_and_wait();
            for (int n = 0; n < wishes; ++n) {
                auto const& b = one_of(random, bookings);
                auto const answer = desk.writes.call(ask(one_of(random, all_booking_acts), b));
                if (answer) ++acknowledged;
                if (answer.has_error() && answer.error().code != errc::illegal_transition)
                    ++strange;
                // What was acknowledged to anyone is seen by everyone.
                if (answer && desk.finds.call(b.terms.ref)->revision < answer->revision)
                    ++went_back;
            }
        });
    }
    for (auto& t : threads) t.join();

    std::size_t events = 0;
    for (auto const& b : bookings) {
        auto const history = desk.histories.call(b.terms.ref).value();
        EXPECT_EQ(fold(b.terms, history).value(), desk.finds.call(b.terms.ref).value());
        events += history.size() - 1;
    }
    EXPECT_EQ(events, acknowledged);
    EXPECT_EQ(strange, 0) << "nobody is told of locks or races";
    EXPECT_EQ(went_back, 0);
    EXPECT_TRUE(verify(this->system.bookings()).value().differences.empty());
}

TYPED_TEST(a_crowd_at_the_desk, books_all_at_once)
{
    constexpr std::size_t people = 64;
    std::atomic<int> booked = 0;
    std::latch start(people);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < people; ++i) {
        threads.emplace_back([&] {
            start.arrive_and_wait();
            for (int n = 0; n < 10; ++n) {
                if (this->system.desk.writes.call(a_request())) ++booked;
            }
        });
    }
    for (auto& t : threads) t.join();

    EXPECT_EQ(booked, 640);
    auto const page = this->system.desk.lists.call({.page_size = 1000}).value();
    EXPECT_EQ(page.total, 640U);
    EXPECT_EQ(this->system.desk.writes.counts().requests, 640U);
    EXPECT_LE(this->system.desk.writes.counts().batches, 640U);
}

}  // namespace
}  // namespace aircargo::test
