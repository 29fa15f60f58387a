#include "support/schedule_text.hpp"
#include <aircargo/routing/schedule.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <string>

namespace aircargo::test {
namespace {

std::unique_ptr<schedule> four_flights()
{
    return schedule_from_text(
        "AI9 DEL 2025-12-01T09:00 BLR 12:00\n"
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI2 DEL 2025-12-01T07:00 BOM 09:00\n"
        "AI3 ZZZ 2025-12-02T07:00 AAA 09:00\n");
}

std::string numbers(std::span<flight const> flights)
{
    std::string out;
    for (auto const& f : flights) out += std::string(f.number.str()) + ' ';
    return out;
}

TEST(schedule, arranges_flights_in_lanes_by_departure)
{
    EXPECT_EQ(numbers(four_flights()->between(airport("DEL"), airport("BLR"))), "AI1 AI9 ");
    EXPECT_EQ(numbers(four_flights()->between(airport("DEL"), airport("BOM"))), "AI2 ");
}

TEST(schedule, has_no_flights_in_other_lanes)
{
    auto const s = four_flights();
    EXPECT_TRUE(s->between(airport("BLR"), airport("DEL")).empty());
    EXPECT_TRUE(s->between(airport("DEL"), airport("ZZZ")).empty());
    EXPECT_TRUE(s->between(airport("AAA"), airport("DEL")).empty());
}

TEST(schedule, lists_the_lanes_of_an_airport_by_destination)
{
    auto const s = four_flights();
    auto const lanes = s->lanes_from(airport("DEL"));
    ASSERT_EQ(lanes.size(), 2U);
    EXPECT_EQ(lanes[0].destination, airport("BLR"));
    EXPECT_EQ(lanes[1].destination, airport("BOM"));
    EXPECT_TRUE(s->lanes_from(airport("BLR")).empty());
}

TEST(schedule, reaches_to_the_ends_of_the_alphabet)
{
    auto const s = schedule_from_text(
        "AI1 AAA 2025-12-01T06:00 ZZZ 09:00\n"
        "AI2 ZZZ 2025-12-01T06:00 AAA 09:00\n");
    EXPECT_EQ(numbers(s->between(airport("AAA"), airport("ZZZ"))), "AI1 ");
    EXPECT_EQ(numbers(s->between(airport("ZZZ"), airport("AAA"))), "AI2 ");
}

TEST(schedule, serves_both_ends_of_a_flight)
{
    auto const s = four_flights();
    EXPECT_TRUE(s->serves(airport("DEL")));
    EXPECT_TRUE(s->serves(airport("AAA")));
    EXPECT_FALSE(s->serves(airport("MAA")));
}

TEST(schedule, spans_from_the_first_to_the_last_departure)
{
    EXPECT_EQ(four_flights()->horizon(), std::pair(at("2025-12-01T06:00"), at("2025-12-02T07:00")));
    EXPECT_EQ(schedule().horizon(), std::nullopt);
}

TEST(schedule, is_the_same_whatever_order_its_flights_come_in)
{
    auto flights = flights_from_text(
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "LH1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI1A DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI2 BLR 2025-12-01T06:00 DEL 09:00\n");
    auto const all = [](std::vector<flight> const& f) {
        schedule const s(f);
        return std::vector(s.flights().begin(), s.flights().end());
    };
    auto const first = all(flights);
    std::reverse(flights.begin(), flights.end());
    EXPECT_EQ(all(flights), first);
}

TEST(departing, is_half_open)
{
    auto const s = four_flights();
    auto const lane = s->between(airport("DEL"), airport("BLR"));
    EXPECT_EQ(numbers(departing(lane, at("2025-12-01T06:00"), at("2025-12-01T09:00"))), "AI1 ");
    EXPECT_EQ(numbers(departing(lane, at("2025-12-01T06:00:01"), at("2025-12-01T09:00:01"))),
              "AI9 ");
}

TEST(departing, in_a_span_that_ends_before_it_starts_is_nothing)
{
    auto const s = four_flights();
    EXPECT_TRUE(departing(s->flights(), at("2025-12-02T00:00"), at("2025-12-01T00:00")).empty());
}

}  // namespace
}  // namespace aircargo::test
