#include "support/schedule_text.hpp"
#include <aircargo/service/live_schedule.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

std::vector<flight> const flights = flights_from_text(
    "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
    "AI2 DEL 2025-12-01T07:00 BOM 09:00\n");

TEST(live_schedule, shows_a_change_to_whoever_asks_next)
{
    live_schedule live{schedule(flights)};
    schedule_reader reader(live);
    EXPECT_EQ(reader.current().size(), 2U);
    auto const before = live.snapshot();

    ASSERT_TRUE(live.apply(std::vector{cancel_flight(flights[0])}));

    EXPECT_EQ(reader.current().size(), 1U);
    EXPECT_EQ(live.snapshot()->size(), 1U);
    EXPECT_EQ(before->size(), 2U) << "whoever holds a snapshot keeps it";
}

TEST(live_schedule, does_not_move_for_a_change_that_it_refuses)
{
    live_schedule live{schedule(flights)};
    auto const version = live.version();
    EXPECT_TRUE(live.apply(std::vector{add_flight(flights[0])}).has_error());
    EXPECT_EQ(live.version(), version);
    EXPECT_EQ(live.snapshot()->size(), 2U);
}

TEST(live_schedule, never_shows_half_a_change)
{
    // Both flights always depart at the same minute of their hour; each change moves both.
    live_schedule live{schedule(flights)};
    constexpr int changes = 3000;
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0;
    std::atomic<int> looks = 0;
    auto const look = [&] {
        schedule_reader reader(live);
        while (!done) {
            auto const now = reader.current().flights();
            auto const apart = now[0].departure - now[1].departure;
            if (std::chrono::abs(apart) != std::chrono::hours(1)) ++torn;
            ++looks;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back(look);
    for (int i = 0; i < changes || looks < 100; ++i) {
        auto const later = std::chrono::minutes(i % 59);
        std::vector<flight_change> both;
        for (auto const& f : flights) {
            both.push_back(retime_flight(f, f.departure + later, f.arrival + later));
        }
        ASSERT_TRUE(live.apply(both));
    }
    done = true;
    for (auto& t : threads) t.join();
    EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace aircargo::test
