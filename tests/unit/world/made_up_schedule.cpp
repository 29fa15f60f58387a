#include "support/builders.hpp"
#include <aircargo/routing/flight_check.hpp>
#include <aircargo/routing/schedule.hpp>
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/made_up_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace aircargo::test {
namespace {

// Two weeks; Europe goes to summer time on the seventh day.
constexpr made_up_world asked{.flights = 300'000, .days = 14};

std::vector<flight> const& the_world()
{
    static auto const flights = made_up_schedule(asked);
    return flights;
}

TEST(made_up_schedule, is_the_same_each_time_and_another_with_another_seed)
{
    made_up_world small{.flights = 10'000, .days = 2, .seed = 7};
    auto const once = made_up_schedule(small);
    EXPECT_EQ(made_up_schedule(small), once);
    small.seed = 8;
    EXPECT_NE(made_up_schedule(small), once);
}

TEST(made_up_schedule, has_exactly_as_many_flights_as_asked_for)
{
    EXPECT_EQ(the_world().size(), asked.flights);
    EXPECT_EQ(made_up_schedule({.flights = 1, .days = 1}).size(), 1U);
    EXPECT_EQ(made_up_schedule({.flights = 10, .days = 60}).size(), 10U);
    EXPECT_TRUE(made_up_schedule({.flights = 0, .days = 10}).empty());
    EXPECT_TRUE(made_up_schedule({.flights = 10, .days = 0}).empty());
}

TEST(made_up_schedule, holds_sound_flights_only)
{
    for (auto const& f : the_world()) {
        ASSERT_FALSE(fault_of(f, find_airport).has_value()) << ::testing::PrintToString(f);
    }
}

TEST(made_up_schedule, departs_on_the_asked_days)
{
    auto const last = std::chrono::sys_days(asked.first) + std::chrono::days(asked.days - 1);
    for (auto const& f : the_world()) {
        auto const& zone = find_airport(f.origin)->zone;
        ASSERT_GE(f.departure, local_day(asked.first, zone)->start) << ::testing::PrintToString(f);
        ASSERT_LT(f.departure, local_day(last, zone)->end) << ::testing::PrintToString(f);
    }
}

TEST(made_up_schedule, flies_a_number_once_a_day_at_most)
{
    std::map<flight_number, std::vector<utc_time>> departures;
    for (auto const& f : the_world()) departures[f.number].push_back(f.departure);
    for (auto& [number, times] : departures) {
        std::sort(times.begin(), times.end());
        for (std::size_t i = 1; i < times.size(); ++i) {
            ASSERT_GE(times[i] - times[i - 1], std::chrono::hours(23)) << number.str();
        }
    }
}

TEST(made_up_schedule, keeps_its_local_clocks_when_they_change)
{
    // Seen in UTC, who leaves Berlin's zone leaves an hour earlier from the last Sunday of March
    // on.
    constexpr utc_time change =
        std::chrono::sys_days(std::chrono::year(2025) / 3 / 30) + std::chrono::hours(1);
    std::map<flight_number, std::set<std::int64_t>> before;
    std::map<flight_number, std::set<std::int64_t>> after;
    for (auto const& f : the_world()) {
        if (find_airport(f.origin)->zone != "Europe/Berlin") continue;
        if (f.departure == change) continue;  // the clock that it keeps may not exist on that day
        auto const local = to_epoch(f.departure) + (f.departure < change ? 3600 : 7200);
        (f.departure < change ? before : after)[f.number].insert(local % 86'400);
    }
    int compared = 0;
    for (auto const& [number, clocks] : before) {
        EXPECT_EQ(clocks.size(), 1U) << number.str();
        if (!after.contains(number)) continue;
        EXPECT_EQ(after[number], clocks) << number.str();
        ++compared;
    }
    EXPECT_GT(compared, 100);
}

TEST(made_up_schedule, has_few_large_airports_and_many_small_ones)
{
    schedule const s(made_up_schedule({.flights = 700'000, .days = 7}));
    EXPECT_GT(s.airports().size(), 3'000U);
    EXPECT_LT(s.airports().size(), 3'300U);
    EXPECT_GT(s.lane_count(), 33'000U);
    EXPECT_LT(s.lane_count(), 38'000U);
    auto const lanes_of = [&](std::size_t nth) {
        return s.departures(static_cast<airport_index>(nth)).lanes().size();
    };
    EXPECT_GT(lanes_of(0), 150U);  // the busiest come first
    EXPECT_LT(lanes_of(1'500), 6U);
}

}  // namespace
}  // namespace aircargo::test
