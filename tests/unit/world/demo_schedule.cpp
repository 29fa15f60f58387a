#include "support/schedule_text.hpp"
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <tuple>
#include <vector>

namespace aircargo::test {
namespace {

constexpr int four_weeks = 28;
date const monday = day("2026-03-09");  // the weeks in which clocks change in America and in Europe

std::vector<flight> const& the_weeks()
{
    static auto const flights = demo_schedule(monday, four_weeks);
    return flights;
}

double kilometres(airport_code from, airport_code to)
{
    auto const rad = [](double degrees) { return degrees * std::numbers::pi / 180; };
    auto const& a = *find_airport(from);
    auto const& b = *find_airport(to);
    auto const h = std::pow(std::sin(rad(b.latitude - a.latitude) / 2), 2) +
                   std::cos(rad(a.latitude)) * std::cos(rad(b.latitude)) *
                       std::pow(std::sin(rad(b.longitude - a.longitude) / 2), 2);
    return 2 * 6371 * std::asin(std::sqrt(h));
}

TEST(demo_schedule, is_the_same_each_time)
{
    EXPECT_EQ(demo_schedule(monday, four_weeks), the_weeks());
}

TEST(demo_schedule, serves_about_a_hundred_airports_with_thousands_of_flights)
{
    std::set<airport_code> served;
    for (auto const& f : the_weeks()) {
        served.insert(f.origin);
        served.insert(f.destination);
    }
    EXPECT_GE(served.size(), 80U);
    EXPECT_LE(served.size(), 150U);
    EXPECT_GT(the_weeks().size(), 2000U);
    for (auto code : served) EXPECT_NE(find_airport(code), nullptr) << code.str();
}

TEST(demo_schedule, holds_each_flight_once)
{
    std::set<std::tuple<flight_number, airport_code, airport_code, utc_time>> names;
    for (auto const& f : the_weeks()) {
        EXPECT_TRUE(names.emplace(f.number, f.origin, f.destination, f.departure).second)
            << ::testing::PrintToString(f);
    }
}

TEST(demo_schedule, leaves_the_ids_to_a_store)
{
    for (auto const& f : the_weeks()) ASSERT_EQ(f.id, flight_id(0));
}

TEST(demo_schedule, flies_as_aircraft_can)
{
    for (auto const& f : the_weeks()) {
        ASSERT_NE(f.origin, f.destination) << ::testing::PrintToString(f);
        ASSERT_GT(f.arrival, f.departure) << ::testing::PrintToString(f);
        double const hours =
            std::chrono::duration<double, std::ratio<3600>>(f.arrival - f.departure).count();
        EXPECT_LT(kilometres(f.origin, f.destination) / hours, 1200) << ::testing::PrintToString(f);
        EXPECT_LT(hours, 24) << ::testing::PrintToString(f);
        EXPECT_FALSE(f.airline_name.empty());
    }
}

TEST(demo_schedule, leads_from_delhi_to_bangalore_every_day_directly_and_with_a_stop)
{
    auto flights = the_weeks();
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(i + 1);
    schedule const s(flights);
    for (int i = 0; i < four_weeks; ++i) {
        date const asked = std::chrono::sys_days(monday) + std::chrono::days(i);
        auto const found = search(s, {.origin = airport("DEL"),
                                      .destination = airport("BLR"),
                                      .day = day_at(airport("DEL"), asked).value()});
        EXPECT_GT(found.direct_total, 0U) << to_string(asked);
        if (i + 1 < four_weeks) EXPECT_GT(found.transit_total, 0U) << to_string(asked);
    }
}

TEST(demo_schedule, keeps_its_local_clocks_when_they_change)
{
    // One number leaves at the same local time in the first week and in the last, though Europe
    // went to summer time.
    int compared = 0;
    for (auto const& f : the_weeks()) {
        auto const& zone = find_airport(f.origin)->zone;
        if (zone != "Europe/Berlin" || f.departure >= at("2026-03-16T00:00")) continue;
        for (auto const& g : the_weeks()) {
            if (g.number != f.number || g.origin != f.origin || g.destination != f.destination)
                continue;
            if (g.departure < at("2026-03-30T00:00")) continue;
            auto const clock = [&](utc_time t, int offset) {
                return (to_epoch(t) + offset * 3600) % 86'400;
            };
            EXPECT_EQ(clock(f.departure, 1), clock(g.departure, 2)) << ::testing::PrintToString(g);
            ++compared;
        }
    }
    EXPECT_GT(compared, 0);
}

TEST(demo_schedule, starts_where_it_is_told)
{
    auto const one_day = demo_schedule(monday, 1);
    EXPECT_FALSE(one_day.empty());
    EXPECT_LT(one_day.size(), the_weeks().size());
    for (auto const& f : one_day) {
        auto const window = day_at(f.origin, monday).value();
        EXPECT_GE(f.departure, window.start) << ::testing::PrintToString(f);
        EXPECT_LT(f.departure, window.end) << ::testing::PrintToString(f);
    }
    EXPECT_TRUE(demo_schedule(monday, 0).empty());
}

TEST(demo_schedule, repeats_from_week_to_week)
{
    auto const week = [](int n) {
        std::multiset<std::tuple<flight_number, airport_code, airport_code>> names;
        auto const first = std::chrono::sys_days(monday) + std::chrono::days(7 * n);
        for (auto const& f : demo_schedule(date(first), 7))
            names.emplace(f.number, f.origin, f.destination);
        return names;
    };
    EXPECT_EQ(week(0), week(3));
}

}  // namespace
}  // namespace aircargo::test
