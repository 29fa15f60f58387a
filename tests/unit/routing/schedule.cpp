#include "support/schedule_text.hpp"
#include <aircargo/routing/schedule.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

std::string numbers(schedule const& s, schedule::flight_range flights)
{
    std::string out;
    for (auto f = flights.first; f != flights.last; ++f) {
        out += std::string(s.at(f).number.str()) + ' ';
    }
    return out;
}

std::optional<schedule::lane_index> lane(schedule const& s, std::string_view from,
                                         std::string_view to)
{
    auto const origin = s.find(airport(from));
    auto const destination = s.find(airport(to));
    if (!origin || !destination) return std::nullopt;
    return s.lane_between(*origin, *destination);
}

std::string flights_between(schedule const& s, std::string_view from, std::string_view to)
{
    auto const found = lane(s, from, to);
    return found ? numbers(s, s.flights_of(*found)) : "no lane";
}

TEST(schedule, arranges_flights_in_lanes_by_departure)
{
    EXPECT_EQ(flights_between(*four_flights(), "DEL", "BLR"), "AI1 AI9 ");
    EXPECT_EQ(flights_between(*four_flights(), "DEL", "BOM"), "AI2 ");
}

TEST(schedule, has_no_other_lanes)
{
    EXPECT_EQ(flights_between(*four_flights(), "BLR", "DEL"), "no lane");
    EXPECT_EQ(flights_between(*four_flights(), "DEL", "ZZZ"), "no lane");
    EXPECT_EQ(flights_between(*four_flights(), "AAA", "DEL"), "no lane");
}

TEST(schedule, lists_the_lanes_of_an_airport_by_the_other_end)
{
    auto const s = four_flights();
    auto const [first, last] = s->lanes_from(*s->find(airport("DEL")));
    ASSERT_EQ(last - first, 2U);
    EXPECT_EQ(s->airports()[s->destination_of(first)], airport("BLR"));
    EXPECT_EQ(s->airports()[s->destination_of(first + 1)], airport("BOM"));

    auto const into = s->lanes_to(*s->find(airport("BOM")));
    ASSERT_EQ(into.size(), 1U);
    EXPECT_EQ(s->airports()[s->origin_of(into[0])], airport("DEL"));
    EXPECT_TRUE(s->lanes_to(*s->find(airport("DEL"))).empty());
}

TEST(schedule, shows_a_flight_as_it_came)
{
    auto const given = flights_from_text("AI101 DEL 2025-12-01T06:00 BOM 08:10\n")[0];
    schedule const s(std::span(&given, 1));
    auto const shown = s.at(0);
    EXPECT_EQ(shown.id, given.id);
    EXPECT_EQ(shown.number, given.number);
    EXPECT_EQ(shown.airline_name, given.airline_name);
    EXPECT_EQ(shown.origin, given.origin);
    EXPECT_EQ(shown.destination, given.destination);
    EXPECT_EQ(shown.departure, given.departure);
    EXPECT_EQ(shown.arrival, given.arrival);
}

TEST(schedule, knows_the_places_between_two_airports_whatever_their_number)
{
    // 26 * 26 airports fill several words of bits; each is reached from AAA and leads on to ZZZ.
    std::vector<flight> flights;
    auto const first = flights_from_text("AI1 AAA 2025-12-01T06:00 ZZZ 08:10\n")[0];
    for (char a = 'A'; a <= 'Z'; ++a) {
        for (char b = 'A'; b <= 'Z'; ++b) {
            auto const hub = airport(std::string{'M', a, b});
            flights.push_back(first);
            flights.back().destination = hub;
            flights.push_back(first);
            flights.back().origin = hub;
        }
    }
    schedule const s(flights);
    std::size_t found = 0;
    s.for_each_between(*s.find(airport("AAA")), *s.find(airport("ZZZ")),
                       [&](auto hub, auto in, auto out) {
                           EXPECT_EQ(s.destination_of(in), hub);
                           EXPECT_EQ(s.origin_of(in), *s.find(airport("AAA")));
                           EXPECT_EQ(s.origin_of(out), hub);
                           EXPECT_EQ(s.destination_of(out), *s.find(airport("ZZZ")));
                           ++found;
                       });
    EXPECT_EQ(found, 26U * 26U);
}

TEST(schedule, reaches_to_the_ends_of_the_alphabet)
{
    auto const s = schedule_from_text(
        "AI1 AAA 2025-12-01T06:00 ZZZ 09:00\n"
        "AI2 ZZZ 2025-12-01T06:00 AAA 09:00\n");
    EXPECT_EQ(flights_between(*s, "AAA", "ZZZ"), "AI1 ");
    EXPECT_EQ(flights_between(*s, "ZZZ", "AAA"), "AI2 ");
}

TEST(schedule, serves_both_ends_of_a_flight)
{
    auto const s = four_flights();
    EXPECT_TRUE(s->find(airport("DEL")));
    EXPECT_TRUE(s->find(airport("AAA")));
    EXPECT_FALSE(s->find(airport("MAA")));
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
        return std::vector(s.bytes().begin(), s.bytes().end());
    };
    auto const first = all(flights);
    std::reverse(flights.begin(), flights.end());
    EXPECT_EQ(all(flights), first);
}

TEST(departing, is_half_open)
{
    auto const s = four_flights();
    auto const found = [&](std::string_view from, std::string_view until) {
        return numbers(*s, s->departing(*lane(*s, "DEL", "BLR"), s->to_seconds(at(from)),
                                        s->to_seconds(at(until))));
    };
    EXPECT_EQ(found("2025-12-01T06:00", "2025-12-01T09:00"), "AI1 ");
    EXPECT_EQ(found("2025-12-01T06:00:01", "2025-12-01T09:00:01"), "AI9 ");
    EXPECT_EQ(found("2025-12-01T09:00:01", "2025-12-02T09:00"), "");
    EXPECT_EQ(found("2025-11-01T00:00", "2025-12-01T06:00"), "");
    EXPECT_EQ(found("2025-11-01T00:00", "2026-12-01T06:00"), "AI1 AI9 ");
}

TEST(departing, in_a_span_that_ends_before_it_starts_is_nothing)
{
    auto const s = four_flights();
    EXPECT_TRUE(s->departing(*lane(*s, "DEL", "BLR"), s->to_seconds(at("2025-12-02T00:00")),
                             s->to_seconds(at("2025-12-01T00:00")))
                    .empty());
}

TEST(departing, starts_on_the_right_day_of_a_lane_that_rests)
{
    auto const s = schedule_from_text(
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI2 DEL 2025-12-04T00:00 BLR 03:00\n"
        "AI3 DEL 2025-12-04T23:59 BLR 23:59:30\n"
        "AI4 BOM 2025-12-20T06:00 BLR 09:00\n");
    auto const found = [&](std::string_view from) {
        return numbers(*s, s->departing(*lane(*s, "DEL", "BLR"), s->to_seconds(at(from)),
                                        s->to_seconds(at("2026-01-01T00:00"))));
    };
    EXPECT_EQ(found("2025-12-02T00:00"), "AI2 AI3 ");
    EXPECT_EQ(found("2025-12-04T00:00"), "AI2 AI3 ");
    EXPECT_EQ(found("2025-12-04T00:00:01"), "AI3 ");
    EXPECT_EQ(found("2025-12-05T00:00"), "");
}

}  // namespace
}  // namespace aircargo::test
