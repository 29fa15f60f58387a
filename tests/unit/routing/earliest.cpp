#include "support/all_journeys.hpp"
#include <aircargo/routing/earliest.hpp>
#include <gtest/gtest.h>
#include <map>
#include <optional>

namespace aircargo::test {
namespace {

/// Landing, stops, and how late one departs over the airports of the answer.
using rank = std::tuple<utc_time, std::size_t>;

rank rank_of(journey const& j) { return {j.back().arrival, j.size() - 1}; }

bool is_one_of(journey const& j, std::vector<journey> const& all)
{
    return std::find(all.begin(), all.end(), j) != all.end();
}

bool same_airports(journey const& a, journey const& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](auto const& x, auto const& y) { return x.destination == y.destination; });
}

/// Then the departures of the answer may be any.
bool is_choosy(route_query const& q)
{
    return q.filter != route_filter{} || q.connection.has_airlines() || q.onward ||
           q.collapse_codeshares;
}

TEST(earliest_search, answers_as_brute_force_does_on_random_schedules)
{
    random_source random(printed_seed());
    earliest_search search;  // used again and again, for schedules of all sizes
    std::map<std::size_t, std::size_t> stops;
    for (int i = 0; i < 1000; ++i) {
        auto const flights = few_flights(random);
        schedule const s(flights);
        brute_force const reference(flights);
        flight_network const network(s, some_rule(random));
        for (int k = 0; k < 20; ++k) {
            auto q = some_query(random);
            if (chance(random, 0.5)) q.connection = network.rule();
            if (chance(random, 0.5)) q.day = any_time_from(q.day.start);
            auto const all = reference.journeys(q);
            auto const found = search(network, q);
            ASSERT_EQ(found.has_value(), !all.empty()) << to_text(flights, q);
            if (!found) continue;
            auto const answer = journey_of(*found, flights);
            auto const best = std::min_element(
                all.begin(), all.end(), [](auto& a, auto& b) { return rank_of(a) < rank_of(b); });
            ASSERT_EQ(rank_of(answer), rank_of(*best)) << to_text(answer) << to_text(flights, q);
            ASSERT_TRUE(is_one_of(answer, all)) << to_text(answer) << to_text(flights, q);
            for (auto const& other : is_choosy(q) ? std::vector<journey>() : all) {
                if (rank_of(other) != rank_of(answer) || !same_airports(other, answer)) continue;
                ASSERT_LE(other.front().departure, answer.front().departure) << to_text(flights, q);
            }
            ++stops[found->stops()];
        }
    }
    // The comparison means something only when there was something to find.
    for (std::size_t n : {0, 1, 2, 3}) EXPECT_GT(stops[n], 20U) << n;
}

/// Earliest landings by number of legs, flight after flight, round after round.
std::optional<utc_time> by_rounds(std::vector<flight> const& flights, connection_rule const& rule,
                                  route_query const& q)
{
    std::map<airport_code, utc_time> landed;
    for (std::size_t legs = 1; legs <= q.max_stops + 1; ++legs) {
        auto const before = landed;
        for (auto const& f : flights) {
            auto const from = before.find(f.origin);
            bool const starts = f.origin == q.origin && f.departure >= q.day.start;
            bool const goes_on =
                from != before.end() && f.departure - from->second >= rule.at(f.origin);
            if (!starts && !goes_on) continue;
            auto const to = landed.emplace(f.destination, f.arrival).first;
            to->second = std::min(to->second, f.arrival);
        }
    }
    auto const there = landed.find(q.destination);
    return there == landed.end() ? std::nullopt : std::optional(there->second);
}

TEST(earliest_search, lands_when_a_plain_search_does_through_hundreds_of_airports)
{
    random_source random(printed_seed());
    auto const place = [&] {
        return airport(std::string{'H', static_cast<char>('A' + between(random, 0, 7)),
                                   static_cast<char>('A' + between(random, 0, 25))});
    };
    earliest_search search;
    std::map<std::size_t, std::size_t> stops;
    for (int i = 0; i < 10; ++i) {
        std::vector<flight> flights;
        while (flights.size() < 1500) {
            auto const departure = first_day + std::chrono::minutes(between(random, 0, 4000));
            flight f{.id = static_cast<flight_id>(flights.size() + 1),
                     .number = number("AI" + std::to_string(flights.size() + 1)),
                     .airline_name = "Some",
                     .origin = place(),
                     .destination = place(),
                     .departure = departure,
                     .arrival = departure + std::chrono::minutes(between(random, 30, 300))};
            if (f.origin != f.destination) flights.push_back(f);
        }
        schedule const s(flights);
        connection_rule const rule(std::chrono::minutes(one_of(random, std::array{30, 120})));
        flight_network const network(s, rule);
        for (int k = 0; k < 20; ++k) {
            route_query const q{.origin = place(),
                                .destination = place(),
                                .day = any_time_from(first_day + std::chrono::minutes(k * 60)),
                                .max_stops = between<std::size_t>(random, 0, 15),
                                .connection = rule};
            auto const found = search(network, q);
            auto const expected =
                q.origin == q.destination ? std::nullopt : by_rounds(flights, rule, q);
            ASSERT_EQ(found.has_value(), expected.has_value());
            if (!found) continue;
            ASSERT_EQ(found->arrival(), *expected);
            ++stops[found->stops()];
        }
    }
    EXPECT_GT(stops.rbegin()->first, 3U);
}

std::string earliest(std::vector<flight> flights, route_query q, connection_rule const& rule = {})
{
    q.connection = rule;
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(i + 1);
    schedule const s(flights);
    earliest_search search;
    auto const found = search(flight_network(s, rule), q);
    return found ? to_text(journey_of(*found, flights)) : "nothing";
}

route_query aaa_to_ddd(std::string_view departure = "2025-12-01T00:00")
{
    return {.origin = airport("AAA"),
            .destination = airport("DDD"),
            .day = any_time_from(at(departure)),
            .max_stops = 15};
}

TEST(earliest_search, takes_three_legs_where_they_land_before_one)
{
    EXPECT_EQ(earliest({a_flight("AI1 AAA 2025-12-01T06:00 DDD 20:00"),
                        a_flight("AI2 AAA 2025-12-01T06:00 BBB 07:00"),
                        a_flight("AI3 BBB 2025-12-01T09:00 CCC 10:00"),
                        a_flight("AI4 CCC 2025-12-01T12:00 DDD 19:59")},
                       aaa_to_ddd()),
              "AI2 AAA-BBB, AI3 BBB-CCC, AI4 CCC-DDD");
}

TEST(earliest_search, prefers_fewer_stops_to_more_that_land_at_the_same_time)
{
    EXPECT_EQ(earliest({a_flight("AI1 AAA 2025-12-01T06:00 DDD 20:00"),
                        a_flight("AI2 AAA 2025-12-01T07:00 BBB 08:00"),
                        a_flight("AI3 BBB 2025-12-01T10:00 DDD 20:00")},
                       aaa_to_ddd()),
              "AI1 AAA-DDD");
}

TEST(earliest_search, leaves_home_as_late_as_the_connection_allows)
{
    EXPECT_EQ(earliest({a_flight("AI1 AAA 2025-12-01T06:00 BBB 07:00"),
                        a_flight("AI2 AAA 2025-12-01T08:00 BBB 09:00"),
                        a_flight("AI3 AAA 2025-12-01T08:01 BBB 09:01"),
                        a_flight("AI4 BBB 2025-12-01T11:00 DDD 13:00")},
                       aaa_to_ddd()),
              "AI2 AAA-BBB, AI4 BBB-DDD");
}

TEST(earliest_search, uses_a_flight_that_overtakes_an_earlier_one)
{
    EXPECT_EQ(earliest({a_flight("AI1 AAA 2025-12-01T06:00 DDD 20:00"),
                        a_flight("AI2 AAA 2025-12-01T07:00 DDD 12:00")},
                       aaa_to_ddd()),
              "AI2 AAA-DDD");
}

TEST(earliest_search, asks_each_airport_for_its_own_connection)
{
    using std::chrono::minutes;
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 BBB 07:00"),
                              a_flight("AI2 BBB 2025-12-01T07:45 CCC 08:00"),
                              a_flight("AI3 CCC 2025-12-01T10:00 DDD 13:00")};
    EXPECT_EQ(earliest(flights, aaa_to_ddd()), "nothing");
    auto const quick = connection_rule().set(airport("BBB"), minutes(45));
    EXPECT_EQ(earliest(flights, aaa_to_ddd(), quick), "AI1 AAA-BBB, AI2 BBB-CCC, AI3 CCC-DDD");
    auto const slow = connection_rule(minutes(30)).set(airport("CCC"), minutes(121));
    EXPECT_EQ(earliest(flights, aaa_to_ddd(), slow), "nothing");
}

TEST(earliest_search, lands_later_with_the_airline_that_connects_faster)
{
    using std::chrono::minutes;
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 BBB 07:00"),
                              a_flight("LH1 AAA 2025-12-01T06:00 BBB 07:30"),
                              a_flight("LH2 BBB 2025-12-01T08:00 DDD 09:00"),
                              a_flight("LH3 BBB 2025-12-01T09:00 DDD 10:00")};
    auto const rule = connection_rule().set("LH", "LH", minutes(30));
    EXPECT_EQ(earliest(flights, aaa_to_ddd(), rule), "LH1 AAA-BBB, LH2 BBB-DDD");
    auto const slow = connection_rule(minutes(30)).set("AI", "LH", minutes(120));
    EXPECT_EQ(earliest(flights, aaa_to_ddd(), slow), "LH1 AAA-BBB, LH2 BBB-DDD");
    auto const equal = connection_rule(minutes(60)).set("LH", "LH", minutes(90));
    EXPECT_EQ(earliest(flights, aaa_to_ddd(), equal), "AI1 AAA-BBB, LH2 BBB-DDD");
}

TEST(earliest_search, flies_in_no_loop_to_change_the_airline)
{
    using std::chrono::minutes;
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 BBB 07:00"),
                              a_flight("EK1 BBB 2025-12-01T07:00 CCC 07:10"),
                              a_flight("EK2 CCC 2025-12-01T07:10 BBB 07:20"),
                              a_flight("LH1 BBB 2025-12-01T07:20 DDD 08:00"),
                              a_flight("LH2 BBB 2025-12-01T20:00 DDD 21:00")};
    auto const rule = connection_rule(minutes(0)).set("AI", "LH", minutes(600));
    EXPECT_EQ(earliest(flights, aaa_to_ddd(), rule), "AI1 AAA-BBB, LH2 BBB-DDD");
}

TEST(earliest_search, takes_no_leg_that_departs_too_late)
{
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 BBB 07:00"),
                              a_flight("AI2 BBB 2025-12-01T23:30 DDD 2025-12-02T05:00"),
                              a_flight("AI3 BBB 2025-12-02T00:00 DDD 04:00")};
    auto q = aaa_to_ddd();
    EXPECT_EQ(earliest(flights, q), "AI1 AAA-BBB, AI3 BBB-DDD");
    q.day.next_end = at("2025-12-02T00:00");
    EXPECT_EQ(earliest(flights, q), "AI1 AAA-BBB, AI2 BBB-DDD");
    q.day.next_end = at("2025-12-01T23:30");
    EXPECT_EQ(earliest(flights, q), "nothing");
}

TEST(earliest_search, finds_nothing_outside_of_the_schedule)
{
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 DDD 07:00")};
    EXPECT_EQ(earliest(flights, aaa_to_ddd("1900-01-01T00:00")), "AI1 AAA-DDD");
    EXPECT_EQ(earliest(flights, aaa_to_ddd("2025-12-01T06:00")), "AI1 AAA-DDD");
    EXPECT_EQ(earliest(flights, aaa_to_ddd("2025-12-01T06:01")), "nothing");
    EXPECT_EQ(earliest(flights, aaa_to_ddd("2900-01-01T00:00")), "nothing");
    EXPECT_EQ(earliest({}, aaa_to_ddd()), "nothing");
}

}  // namespace
}  // namespace aircargo::test
