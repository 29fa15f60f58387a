#include "support/brute_force.hpp"
#include "support/random_schedule.hpp"
#include "support/schedule_text.hpp"
#include <aircargo/service/route_service.hpp>
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>

namespace aircargo::test {
namespace {

/// A flight store that can be told to fail.
class fallible_flights final : public any_flight_store {
public:
    bool down = false;

    result<std::vector<flight>> upsert(std::span<flight const> f) override
    {
        return inner_.upsert(f);
    }
    result<std::vector<flight>> load(flight_window window) override
    {
        if (down) return refuse(errc::backend_down, "told to");
        return inner_.load(window);
    }
    std::vector<result<flight>> find(std::span<flight_id const> ids) override
    {
        return inner_.find(ids);
    }
    result<std::uint64_t> version() override { return inner_.version(); }

private:
    memory_flight_store inner_;
};

class route_services : public ::testing::Test {
protected:
    fallible_flights flights;
    route_service routes{flights};

    void given(std::string const& text) { (void)flights.upsert(flights_from_text(text)).value(); }
    std::string found() { return to_text(routes.search(query("DEL", "BLR", "2025-12-01")).answer); }
};

TEST_F(route_services, find_nothing_before_the_first_load)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    EXPECT_EQ(found(), "");
    EXPECT_EQ(routes.search(query("DEL", "BLR", "2025-12-01")).answer.reason,
              no_route::unknown_airport);
}

TEST_F(route_services, take_flights_in_when_they_have_moved)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
    EXPECT_FALSE(routes.refresh().value()) << "nothing moved";

    given("AI505 DEL 2025-12-01T06:00 BLR 09:00\n");
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 3h00m\n");
}

TEST_F(route_services, take_an_empty_schedule_for_a_schedule)
{
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_FALSE(routes.refresh().value());
}

TEST_F(route_services, keep_the_old_flights_while_the_store_is_down)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    (void)routes.refresh();
    given("AI507 DEL 2025-12-01T07:00 BLR 09:50\n");
    flights.down = true;
    EXPECT_EQ(code_of(routes.refresh()), errc::backend_down);
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
    flights.down = false;
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\nAI507 DEL-BLR: 2h50m\n");
}

TEST_F(route_services, are_not_misled_by_years_that_are_typing_errors)
{
    given(
        "AI501 DEL 1008-12-01T06:00 BLR 08:50\n"
        "AI505 DEL 2025-12-01T06:00 BLR 08:50\n"
        "AI507 DEL 9025-12-01T06:00 BLR 08:50\n");
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
}

TEST_F(route_services, set_flights_aside_that_can_not_be_true)
{
    given(
        "AI505 DEL 2025-12-01T06:00 BLR 08:50\n"
        "AI507 DEL 2025-12-01T06:00 BLR 2025-12-04T08:50\n");
    (void)routes.refresh();
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
    ASSERT_EQ(routes.set_aside().size(), 1U);
    EXPECT_EQ(routes.set_aside().front().what.number, number("AI507"));
    EXPECT_EQ(routes.set_aside().front().fault, flight_fault::longer_than_two_days);
}

TEST_F(route_services, let_an_answer_outlive_its_schedule)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    (void)routes.refresh();
    auto const answer = routes.search(query("DEL", "BLR", "2025-12-01"));
    given("AI507 DEL 2025-12-01T07:00 BLR 09:50\n");
    (void)routes.refresh();
    EXPECT_EQ(to_text(answer.answer), "AI505 DEL-BLR: 2h50m\n");
}

TEST_F(route_services, answer_while_the_schedule_is_swapped)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    (void)routes.refresh();
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            std::size_t seen = 1;
            do {
                auto const now =
                    routes.search(query("DEL", "BLR", "2025-12-01")).answer.direct_total;
                if (now < seen) ++wrong;
                seen = now;
            } while (!done);
        });
    }
    for (int i = 0; i < 50; ++i) {
        given("AI" + std::to_string(1000 + i) + " DEL 2025-12-01T07:00 BLR 09:50\n");
        EXPECT_TRUE(routes.refresh().value());
    }
    done = true;
    for (auto& r : readers) r.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(routes.snapshot()->size(), 51U);
}

TEST_F(route_services, search_what_is_pushed_until_the_store_moves)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    (void)routes.refresh();
    auto const pushed = flights_from_text("AI507 DEL 2025-12-01T07:00 BLR 09:50\n").front();
    flight other = pushed;
    other.id = flight_id(99);
    ASSERT_TRUE(routes.live().apply(std::vector{add_flight(other)}));
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\nAI507 DEL-BLR: 2h50m\n");
    EXPECT_FALSE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\nAI507 DEL-BLR: 2h50m\n");

    given("AI509 DEL 2025-12-01T08:00 BLR 10:50\n");
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\nAI509 DEL-BLR: 2h50m\n");
}

// ------------------------------------------------------------------------- following a store

/// A flight store whose flights a test changes as it likes.
class open_flights final : public any_flight_store {
public:
    std::vector<flight> all{};
    std::uint64_t moved = 1;

    result<std::vector<flight>> upsert(std::span<flight const>) override
    {
        return refuse(errc::backend_down, "is not for storing");
    }
    result<std::vector<flight>> load(flight_window) override { return all; }
    std::vector<result<flight>> find(std::span<flight_id const> ids) override
    {
        return {ids.size(), flight_not_found({})};
    }
    result<std::uint64_t> version() override { return moved; }
};

/// Cancels, adds, retimes, renames and reroutes flights.
class random_changes {
public:
    random_changes(random_source& random, std::vector<flight>& flights)
        : random_(random), flights_(flights), next_id_(std::ssize(flights) + 1)
    {}

    void make(int count)
    {
        for (int i = 0; i < count; ++i) change(between<std::size_t>(random_, 0, 6));
    }

private:
    void change(std::size_t kind)
    {
        auto& f = flights_[between<std::size_t>(random_, 0, flights_.size() - 1)];
        switch (kind) {
            case 0: return cancel(f);
            case 1: return add(f);
            case 2: return delay(f, between(random_, 1, 600));
            case 3: return delay(f, chance(random_, 0.1) ? -5000 : 0);
            case 4: f.number = number("ZZ" + std::to_string(between(random_, 1, 9))); return;
            case 5: f.airline_name = "Another " + std::to_string(between(random_, 1, 9)); return;
            case 6: return std::swap(f.origin, f.destination);
        }
    }
    void cancel(flight& f)
    {
        std::swap(f, flights_.back());
        flights_.pop_back();
    }
    void add(flight f)
    {
        f.id = flight_id(next_id_++);
        delay(f, between(random_, 1, 300));
        flights_.push_back(f);
    }
    static void delay(flight& f, int minutes)
    {
        f.departure += std::chrono::minutes(minutes);
        f.arrival += std::chrono::minutes(minutes);
    }

    random_source& random_;
    std::vector<flight>& flights_;
    std::int64_t next_id_;
};

std::vector<flight> by_id(std::vector<flight> flights)
{
    std::sort(flights.begin(), flights.end(),
              [](auto const& a, auto const& b) { return a.id < b.id; });
    return flights;
}

void expect_same_answer(route_answer const& a, route_answer const& b)
{
    EXPECT_EQ(ids_of(a.direct), ids_of(b.direct));
    EXPECT_EQ(ids_of(a.transit), ids_of(b.transit));
    EXPECT_EQ(a.direct_total, b.direct_total);
    EXPECT_EQ(a.transit_total, b.transit_total);
    EXPECT_EQ(a.more, b.more);
    EXPECT_EQ(a.reason.has_value(), b.reason.has_value());
}

TEST(route_services_that_follow, find_the_same_as_when_built_anew)
{
    random_source random(printed_seed());
    open_flights store;
    store.all = wide_flights(random, "2025-12-01");
    random_changes changes(random, store.all);
    route_service routes(store);
    int shared = 0;
    int anew = 0;
    for (int round = 0; round < 60; ++round) {
        ++store.moved;
        ASSERT_TRUE(routes.refresh().value());
        schedule const fresh(store.all);
        auto const now = routes.snapshot();
        ++(now->changed() ? shared : anew);
        EXPECT_EQ(by_id(now->flights()), by_id(store.all));
        EXPECT_EQ(now->size(), store.all.size());
        for (int i = 0; i < 20 && !::testing::Test::HasFailure(); ++i) {
            auto q = choosy_query(random, "2025-12-01");
            q.max_stops = between<std::size_t>(random, 0, 2);
            q.limit = 20;
            expect_same_answer(routes.search(q).answer, search(fresh, q));
        }
        ASSERT_FALSE(::testing::Test::HasFailure()) << "in round " << round;
        changes.make(chance(random, 0.7) ? between(random, 0, 15) : between(random, 30, 400));
    }
    EXPECT_GT(shared, 0);
    EXPECT_GT(anew, 0);
}

TEST(route_services_that_follow, take_ids_that_lie_far_apart)
{
    open_flights store;
    store.all = flights_from_text("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    store.all.front().id = flight_id(std::numeric_limits<std::int64_t>::max());
    route_service routes(store);
    ASSERT_TRUE(routes.refresh().value());
    EXPECT_EQ(routes.snapshot()->flights(), store.all);
}

}  // namespace
}  // namespace aircargo::test
