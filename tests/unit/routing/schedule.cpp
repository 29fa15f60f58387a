#include "support/schedule_text.hpp"
#include <aircargo/routing/schedule.hpp>
#include <gtest/gtest.h>
#include <malloc.h>
#include <algorithm>
#include <set>
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

std::string numbers(lane const& l, lane::position first, lane::position last)
{
    std::string out;
    for (auto p = first; p < last; p = l.next(p)) out += std::string(l.at(p).number.str()) + ' ';
    return out;
}

lane const* lane_of(schedule const& s, std::string_view from, std::string_view to)
{
    auto const origin = s.find(airport(from));
    auto const destination = s.find(airport(to));
    return origin && destination ? s.lane_between(*origin, *destination) : nullptr;
}

std::string flights_between(schedule const& s, std::string_view from, std::string_view to)
{
    auto const* const found = lane_of(s, from, to);
    return found ? numbers(*found, found->begin(), found->end()) : "no lane";
}

/// Of the lane from DEL to BLR.
std::string departing(schedule const& s, std::string_view from, std::string_view until)
{
    auto const& l = *lane_of(s, "DEL", "BLR");
    return numbers(l, l.first_departing(s.to_seconds(at(from))),
                   l.first_departing(s.to_seconds(at(until))));
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

TEST(schedule, lists_the_lanes_of_an_airport_on_its_boards)
{
    auto const s = four_flights();
    auto const number_of = [&](std::string_view code) { return *s->find(airport(code)); };
    auto const from_delhi = s->departures(number_of("DEL")).lanes();
    ASSERT_EQ(from_delhi.size(), 2U);
    std::set<airport_code> const ends{s->airports()[from_delhi[0].other_end()],
                                      s->airports()[from_delhi[1].other_end()]};
    EXPECT_EQ(ends, (std::set{airport("BLR"), airport("BOM")}));

    auto const into = s->arrivals(number_of("BOM")).lanes();
    ASSERT_EQ(into.size(), 1U);
    EXPECT_EQ(s->airports()[into[0].other_end()], airport("DEL"));
    EXPECT_TRUE(s->arrivals(number_of("DEL")).lanes().empty());
}

TEST(schedule, numbers_the_airports_with_the_most_lanes_first)
{
    EXPECT_EQ(four_flights()->airports()[0], airport("DEL"));
}

TEST(schedule, shows_a_flight_as_it_came)
{
    auto const given = flights_from_text("AI101 DEL 2025-12-01T06:00 BOM 08:10\n")[0];
    schedule const s(std::span(&given, 1));
    auto const shown = s.at({*s.find(given.origin), *s.find(given.destination), 0});
    EXPECT_EQ(shown.id, given.id);
    EXPECT_EQ(shown.number, given.number);
    EXPECT_EQ(shown.airline_name, given.airline_name);
    EXPECT_EQ(shown.origin, given.origin);
    EXPECT_EQ(shown.destination, given.destination);
    EXPECT_EQ(shown.departure, given.departure);
    EXPECT_EQ(shown.arrival, given.arrival);
    EXPECT_EQ(s.flights(), std::vector{given});
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
                       [&](airport_index hub, lane const& in, lane const& out) {
                           EXPECT_EQ(in.other_end(), hub);
                           EXPECT_EQ(&in, s.lane_between(*s.find(airport("AAA")), hub));
                           EXPECT_EQ(out.other_end(), hub);
                           EXPECT_EQ(out.size(), 1U);
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
    // Memory comes filled with one thing, then with another: every byte must have been written.
    mallopt(M_PERTURB, 0x55);
    auto const first = all(flights);
    std::reverse(flights.begin(), flights.end());
    mallopt(M_PERTURB, 0x33);
    auto const second = all(flights);
    mallopt(M_PERTURB, 0);
    EXPECT_EQ(second, first);
}

TEST(departing, is_half_open)
{
    auto const s = four_flights();
    EXPECT_EQ(departing(*s, "2025-12-01T06:00", "2025-12-01T09:00"), "AI1 ");
    EXPECT_EQ(departing(*s, "2025-12-01T06:00:01", "2025-12-01T09:00:01"), "AI9 ");
    EXPECT_EQ(departing(*s, "2025-12-01T09:00:01", "2025-12-02T09:00"), "");
    EXPECT_EQ(departing(*s, "2025-11-01T00:00", "2025-12-01T06:00"), "");
    EXPECT_EQ(departing(*s, "2025-11-01T00:00", "2026-12-01T06:00"), "AI1 AI9 ");
}

TEST(departing, in_a_span_that_ends_before_it_starts_is_nothing)
{
    EXPECT_EQ(departing(*four_flights(), "2025-12-02T00:00", "2025-12-01T00:00"), "");
}

TEST(departing, starts_on_the_right_day_of_a_lane_that_rests)
{
    auto const s = schedule_from_text(
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI2 DEL 2025-12-04T00:00 BLR 03:00\n"
        "AI3 DEL 2025-12-04T23:59 BLR 23:59:30\n"
        "AI4 BOM 2025-12-20T06:00 BLR 09:00\n");
    EXPECT_EQ(departing(*s, "2025-12-02T00:00", "2026-01-01T00:00"), "AI2 AI3 ");
    EXPECT_EQ(departing(*s, "2025-12-04T00:00", "2026-01-01T00:00"), "AI2 AI3 ");
    EXPECT_EQ(departing(*s, "2025-12-04T00:00:01", "2026-01-01T00:00"), "AI3 ");
    EXPECT_EQ(departing(*s, "2025-12-05T00:00", "2026-01-01T00:00"), "");
}

TEST(departing, finds_its_place_among_many_flights_of_a_day)
{
    std::vector<flight> flights;
    auto const first = flights_from_text("AI1 DEL 2025-12-01T00:00 BLR 03:00\n")[0];
    for (int i = 0; i < 100; ++i) {
        flights.push_back(first);
        flights.back().departure += std::chrono::minutes(i * 13);
        flights.back().arrival += std::chrono::minutes(i * 13);
    }
    schedule const s(flights);
    auto const& l = *lane_of(s, "DEL", "BLR");
    for (seconds32 t = 0; t < day_length + 10; t += 30) {
        lane::position expected = 0;
        while (expected < 100 && l.departure(expected) < t) ++expected;
        ASSERT_EQ(l.first_departing(t), expected) << t;
    }
}

}  // namespace
}  // namespace aircargo::test
