#include "support/schedule_text.hpp"
#include <aircargo/routing/search.hpp>
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

TEST(route_search, finds_direct_flights_of_the_day)
{
    auto const s = schedule_from_text(
        "AI501 DEL 2025-11-30T23:59 BLR 2025-12-01T02:45\n"
        "AI503 DEL 2025-12-01T00:00 BLR 02:50\n"
        "AI505 DEL 2025-12-01T23:59 BLR 2025-12-02T02:49\n"
        "AI507 DEL 2025-12-02T00:00 BLR 02:50\n"
        "AI509 BLR 2025-12-01T12:00 DEL 14:50\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-01"))),
              "AI503 DEL-BLR: 2h50m\nAI505 DEL-BLR: 2h50m\n");
}

TEST(route_search, keeps_only_transits_of_two_hours_or_more)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
        "AI202 BOM 2025-12-01T10:00 BLR 11:45\n"     // 1h50 after landing
        "AI203 BOM 2025-12-01T10:09:59 BLR 11:54\n"  // a second short
        "AI204 BOM 2025-12-01T10:10 BLR 11:55\n");   // exactly 2h00
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-01"))),
              "AI101 DEL-BOM, AI204 BOM-BLR: 5h55m\n");
}

TEST(route_search, starts_transits_on_the_asked_day)
{
    auto const s = schedule_from_text(
        "AI100 DEL 2025-11-30T23:59:59 BOM 2025-12-01T02:10\n"
        "AI101 DEL 2025-12-01T00:00 BOM 02:10\n"
        "AI103 DEL 2025-12-01T23:59:59 BOM 2025-12-02T02:10\n"
        "AI105 DEL 2025-12-02T00:00 BOM 02:10\n"
        "AI204 BOM 2025-12-02T10:10 BLR 11:55\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-01"))),
              "AI103 DEL-BOM, AI204 BOM-BLR: 11h55m\nAI101 DEL-BOM, AI204 BOM-BLR: 35h55m\n");
}

TEST(route_search, lets_the_second_leg_leave_until_the_end_of_the_day_after)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
        "AI204 BOM 2025-12-02T23:59:59 BLR 2025-12-03T01:44:59\n"
        "AI206 BOM 2025-12-03T00:00 BLR 01:45\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-01"))),
              "AI101 DEL-BOM, AI204 BOM-BLR: 43h44m\n");
}

TEST(route_search, counts_the_day_after_from_the_asked_day_also_when_the_first_leg_lands_later)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T22:00 DXB 2025-12-02T02:00\n"
        "AI204 DXB 2025-12-03T08:00 JFK 20:00\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "JFK", "2025-12-01"))), "");
}

TEST(route_search, changes_the_year_between_the_legs)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-31T21:00 BOM 23:10\n"
        "AI204 BOM 2026-01-01T01:10 BLR 02:55\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-31"))),
              "AI101 DEL-BOM, AI204 BOM-BLR: 5h55m\n");
}

TEST(route_search, knows_the_29th_of_february)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2024-02-28T21:00 BOM 23:10\n"
        "AI204 BOM 2024-02-29T23:00 BLR 2024-03-01T00:45\n"
        "AI206 BOM 2024-03-01T00:00 BLR 01:45\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2024-02-28"))),
              "AI101 DEL-BOM, AI204 BOM-BLR: 27h45m\n");
}

TEST(route_search, passes_through_neither_end)
{
    auto const s = schedule_from_text(
        "AI1 DEL 2025-12-01T00:00 BLR 02:00\n"
        "AI2 BLR 2025-12-01T04:00 DEL 06:00\n"
        "AI3 DEL 2025-12-01T08:00 BLR 10:00\n"
        "AI4 BLR 2025-12-01T12:00 DEL 14:00\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-01"))),
              "AI1 DEL-BLR: 2h00m\nAI3 DEL-BLR: 2h00m\n");
}

TEST(route_search, sorts_by_arrival_then_the_later_departure_then_the_number)
{
    auto const s = schedule_from_text(
        "AI9 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI8 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI7 DEL 2025-12-01T05:00 BLR 09:00\n"
        "AI6 DEL 2025-12-01T05:30 BLR 08:59\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-01"))),
              "AI6 DEL-BLR: 3h29m\nAI8 DEL-BLR: 3h00m\nAI9 DEL-BLR: 3h00m\nAI7 DEL-BLR: 4h00m\n");
}

TEST(route_search, keeps_a_flight_that_another_overtakes)
{
    auto const s = schedule_from_text(
        "AI1 DEL 2025-12-01T06:00 BOM 12:00\n"
        "AI2 DEL 2025-12-01T07:00 BOM 09:00\n"
        "AI3 BOM 2025-12-01T14:00 BLR 15:45\n");
    EXPECT_EQ(to_text(search(*s, query("DEL", "BLR", "2025-12-01"))),
              "AI2 DEL-BOM, AI3 BOM-BLR: 8h45m\nAI1 DEL-BOM, AI3 BOM-BLR: 9h45m\n");
}

TEST(route_search, keeps_both_numbers_of_a_codeshare)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
        "LH8370 DEL 2025-12-01T06:00 BOM 08:10\n"
        "AI204 BOM 2025-12-01T10:10 BLR 11:55\n");
    EXPECT_EQ(search(*s, query("DEL", "BLR", "2025-12-01")).transit_total, 2U);
}

TEST(route_search, flies_over_the_date_line)
{
    auto const s = schedule_from_text(
        "NZ5 AKL 2025-12-01T10:00 LAX 22:00\n"  // on the clocks it lands before it left
        "UA8 LAX 2025-12-02T00:00 SFO 01:20\n");
    EXPECT_EQ(to_text(search(*s, query("AKL", "SFO", "2025-12-01"))),
              "NZ5 AKL-LAX, UA8 LAX-SFO: 15h20m\n");
}

TEST(route_search, takes_other_connection_times)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
        "AI202 BOM 2025-12-01T09:10 BLR 10:55\n");
    auto asked = query("DEL", "BLR", "2025-12-01");
    asked.connection = connection_rule(std::chrono::minutes(60));
    EXPECT_EQ(search(*s, asked).transit_total, 1U);
    asked.connection = connection_rule(std::chrono::minutes(61));
    EXPECT_EQ(search(*s, asked).transit_total, 0U);
}

TEST(route_search, leaves_transits_out_when_no_stop_is_allowed)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
        "AI204 BOM 2025-12-01T10:10 BLR 11:55\n"
        "AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    auto asked = query("DEL", "BLR", "2025-12-01");
    asked.max_stops = 0;
    EXPECT_EQ(to_text(search(*s, asked)), "AI505 DEL-BLR: 2h50m\n");
}

class a_day_of : public ::testing::TestWithParam<int> {};

TEST_P(a_day_of, so_many_hours_ends_when_the_next_begins)
{
    auto const hours = std::chrono::hours(GetParam());
    auto asked = query("DEL", "BLR", "2025-12-01");
    asked.day.end = asked.day.start + hours;
    asked.day.next_end = asked.day.end + std::chrono::hours(24);
    auto last = a_flight("AI1 DEL 2025-12-01T00:00 BLR 03:00");
    last.departure = asked.day.end - std::chrono::seconds(1);
    last.arrival = last.departure + std::chrono::hours(3);
    auto next = last;
    next.departure = asked.day.end;

    schedule const s(std::vector{last, next});

    EXPECT_EQ(search(s, asked).direct_total, 1U);
    EXPECT_EQ(search(s, asked).direct.front().departure(), last.departure);
}

INSTANTIATE_TEST_SUITE_P(route_search, a_day_of, ::testing::Values(23, 24, 25));

TEST(route_search, is_not_misled_by_a_flight_that_overtakes_after_the_window)
{
    // The lane's best arrival belongs to a flight that departs too late to count.
    auto const s = schedule_from_text(
        "AI1 DEL 2025-12-01T06:00 BOM 08:00\n"
        "AI2 BOM 2025-12-02T20:00 BLR 2025-12-03T09:00\n"
        "AI3 BOM 2025-12-03T00:00 BLR 2025-12-03T01:00\n"
        "AI4 DEL 2025-12-01T06:00 HYD 08:00\n"
        "AI5 HYD 2025-12-02T20:00 BLR 2025-12-03T08:00\n");
    auto q = query("DEL", "BLR", "2025-12-01");
    q.limit = 0;
    EXPECT_TRUE(search(*s, q).more);
    q.limit = 1;
    EXPECT_EQ(to_text(search(*s, q)), "AI4 DEL-HYD, AI5 HYD-BLR: 50h00m\n");
}

}  // namespace
}  // namespace aircargo::test
