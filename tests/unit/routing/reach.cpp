#include "support/all_journeys.hpp"
#include "support/schedule_text.hpp"
#include <aircargo/routing/reach.hpp>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

std::vector<flight> const line = flights_from_text(
    "AI1 AAA 2025-12-01T06:00 BBB 07:00\n"
    "AI2 BBB 2025-12-01T05:00 CCC 06:00\n"  // leaves before AI1 lands: lanes do not tell
    "AI3 CCC 2025-12-01T09:00 DDD 10:00\n"
    "AI4 BBB 2025-12-01T09:00 EEE 10:00\n"
    "AI5 EEE 2025-12-01T09:00 DDD 10:00\n"
    "AI6 DDD 2025-12-01T20:00 BBB 21:00\n"
    "AI7 FFF 2025-12-01T20:00 AAA 21:00\n");

std::string reached_from(std::string_view origin, schedule const& s)
{
    std::string text;
    for (auto const& r : reachable_airports(s, airport(origin))) {
        text += (text.empty() ? "" : " ") + std::string(r.airport.str()) + ':' +
                std::to_string(r.stops);
    }
    return text;
}

TEST(reach, lists_airports_by_stops_and_code)
{
    schedule const s(line);
    EXPECT_EQ(reached_from("AAA", s), "BBB:0 CCC:1 EEE:1 DDD:2");
    EXPECT_EQ(reached_from("FFF", s), "AAA:0 BBB:1 CCC:2 EEE:2 DDD:3");
    EXPECT_EQ(reached_from("DDD", s), "BBB:0 CCC:1 EEE:1");
    EXPECT_EQ(reached_from("XXX", s), "");
}

TEST(reach, counts_the_fewest_stops)
{
    schedule const s(line);
    auto const stops = [&](std::string_view origin, std::string_view destination) {
        return least_stops(s, airport(origin), airport(destination));
    };
    EXPECT_EQ(stops("AAA", "BBB"), 0U);
    EXPECT_EQ(stops("FFF", "DDD"), 3U);
    EXPECT_EQ(stops("DDD", "AAA"), std::nullopt);
    EXPECT_EQ(stops("AAA", "AAA"), std::nullopt);
    EXPECT_EQ(stops("AAA", "XXX"), std::nullopt);
    EXPECT_EQ(stops("XXX", "AAA"), std::nullopt);
}

TEST(reach, ends_where_all_flights_were_cancelled)
{
    auto const s = schedule(line).with(std::vector{cancel_flight(line[1])}).value();
    EXPECT_EQ(reached_from("AAA", s), "BBB:0 EEE:1 DDD:2");
}

/// Where cargo gets to when it may wait for ever, flight after flight until nothing changes.
std::map<airport_code, std::size_t> legs_by_flights(std::vector<flight> const& flights,
                                                    airport_code origin)
{
    std::map<airport_code, std::size_t> legs{{origin, 0}};
    for (std::size_t round = 1; round <= flights.size() + 1; ++round) {
        auto const before = legs;
        for (auto const& f : flights) {
            if (before.count(f.origin)) legs.emplace(f.destination, round);
        }
    }
    return legs;
}

TEST(reach, answers_as_flights_do_on_random_schedules)
{
    random_source random(printed_seed());
    for (int i = 0; i < 300; ++i) {
        auto const flights = few_flights(random);
        schedule const s(flights);
        for (auto const origin : s.airports()) {
            auto expected = legs_by_flights(flights, origin);
            expected.erase(origin);
            auto const reached = reachable_airports(s, origin);
            ASSERT_EQ(reached.size(), expected.size());
            for (auto const& r : reached) {
                ASSERT_EQ(r.stops + 1, expected.at(r.airport));
                ASSERT_EQ(least_stops(s, origin, r.airport), r.stops);
            }
        }
    }
}

}  // namespace
}  // namespace aircargo::test
