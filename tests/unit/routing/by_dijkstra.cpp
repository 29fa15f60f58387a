#include "support/all_journeys.hpp"
#include "support/dijkstra_reference.hpp"
#include "support/searches.hpp"
#include <gtest/gtest.h>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <vector>

/// The searches against Dijkstra's algorithm, forwards and backwards.
namespace aircargo::test {
namespace {

using reference = dijkstra_reference<lane>;

/// A schedule and questions about it.
struct network_case {
    std::vector<flight> flights;
    std::function<route_query(random_source&)> ask = plain_query;
};

airport_code one_of_many(std::size_t nth)
{
    return airport(
        std::string{'H', static_cast<char>('A' + nth / 26), static_cast<char>('A' + nth % 26)});
}

/// Flights of three days between hundreds of airports; or, most often, between some dozens on a
/// circle, to the next few only, so that journeys take many stops.
network_case many_airports(random_source& random)
{
    using std::chrono::minutes;
    bool const circle = chance(random, 0.7);
    auto const count =
        circle ? between<std::size_t>(random, 10, 60) : between<std::size_t>(random, 100, 300);
    auto const farthest = circle ? 3 : count - 1;
    network_case made;
    while (made.flights.size() < 1500) {
        auto const from = between<std::size_t>(random, 0, count - 1);
        auto const to = (from + between<std::size_t>(random, 1, farthest)) % count;
        auto const departure = first_day + minutes(between(random, 0, 4000));
        made.flights.push_back({.id = static_cast<flight_id>(made.flights.size() + 1),
                                .number = number("AI" + std::to_string(made.flights.size() + 1)),
                                .airline_name = "Some",
                                .origin = one_of_many(from),
                                .destination = one_of_many(to),
                                .departure = departure,
                                .arrival = departure + minutes(between(random, 30, 300))});
    }
    made.ask = [count](random_source& r) {
        auto q = plain_query(r);
        q.origin = one_of_many(between<std::size_t>(r, 0, count - 1));
        q.destination = one_of_many(between<std::size_t>(r, 0, count - 1));
        if (chance(r, 0.2)) return q;
        // Most of the questions leave time enough to get there.
        q.day.start = first_day + minutes(between(r, 0, 600));
        q.day.end = q.day.start + std::chrono::hours(6);
        q.day.next_end = q.day.end + std::chrono::days(3);
        return q;
    };
    return made;
}

/// Any number of stops, each as often; limits of the first leg and of later ones in half of all
/// questions.
route_query any_stops_and_limits(random_source& random, route_query q)
{
    q.max_stops = between<std::size_t>(random, 0, 15);
    if (chance(random, 0.5)) q.day.next_end = q.day.end = first_day + std::chrono::hours(1000);
    return q;
}

/// Asks many questions about each of many random schedules, of a few airports and of many.
template <class Use>
void for_many_questions(int schedules, int questions, Use use)
{
    random_source random(printed_seed());
    for (int i = 0; i < schedules; ++i) {
        auto const made = i % 3 == 0 ? many_airports(random) : network_case{few_flights(random)};
        schedule const s(made.flights);
        auto const rule = some_rule(random);
        flight_network const network(s, rule);
        reference const slow(s, rule);
        for (int k = 0; k < questions && !::testing::Test::HasFatalFailure(); ++k) {
            auto const q = made.ask(random);
            SCOPED_TRACE(to_text(i % 3 == 0 ? std::vector<flight>() : made.flights, q));
            use(random, network, slow, q);
        }
    }
}

/// How often journeys with so many stops were compared, and that it was often enough to say
/// something.
void expect_all_kinds(std::map<std::size_t, std::size_t> const& count_by_stops)
{
    for (auto const& [stops, count] : count_by_stops) {
        std::cout << count << " with " << stops << " stops\n";
    }
    for (std::size_t stops = 0; stops <= 6; ++stops) {
        ASSERT_TRUE(count_by_stops.count(stops)) << stops;
        EXPECT_GT(count_by_stops.at(stops), 20U) << stops;
    }
}

TEST(earliest_search, lands_when_dijkstra_does)
{
    earliest_search search;
    std::size_t asked = 0;
    std::map<std::size_t, std::size_t> stops;
    for_many_questions(1000, 20, [&](auto& random, auto& network, auto& slow, auto q) {
        q = any_stops_and_limits(random, q);
        auto const found = earliest_by(search, network, q);
        auto const expected = slow.earliest_within(q);
        ++asked;
        ASSERT_EQ(found.has_value(), expected.has_value());
        if (!found) return;
        ASSERT_EQ(found->arrival(), expected->first);
        ASSERT_EQ(found->stops(), expected->second);
        ASSERT_TRUE(can_be_flown(*found, q, network.rule()));
        ++stops[found->stops()];
    });
    std::cout << asked << " questions\n";
    expect_all_kinds(stops);
}

TEST(earliest_search, lands_when_dijkstra_does_with_any_number_of_stops)
{
    earliest_search search;
    std::size_t journeys = 0;
    std::size_t too_long = 0;
    for_many_questions(500, 12, [&](auto& random, auto& network, auto& slow, auto q) {
        q = any_stops_and_limits(random, q);
        q.max_stops = network.schedule().airports().size();
        auto const expected = slow.earliest(q);
        auto const by_rounds = slow.earliest_within(q);
        ASSERT_EQ(by_rounds ? std::optional(by_rounds->first) : std::nullopt, expected);
        if (by_rounds && by_rounds->second > 15) {
            ++too_long;  // for the search, around the circle
            return;
        }
        q.max_stops = 15;
        auto const found = earliest_by(search, network, q);
        ASSERT_EQ(found ? std::optional(found->arrival()) : std::nullopt, expected);
        if (found) ++journeys;
    });
    std::cout << journeys << " journeys, " << too_long << " others with more than 15 stops\n";
    EXPECT_GT(journeys, 1000U);
    EXPECT_LT(too_long, 100U);
}

TEST(profile_search, finds_what_dijkstra_does_departure_by_departure)
{
    profile_search search;
    std::size_t asked = 0;
    std::map<std::size_t, std::size_t> stops;
    for_many_questions(500, 12, [&](auto& random, auto& network, auto& slow, auto q) {
        q.max_stops = between<std::size_t>(random, 0, 15);
        auto const found = profile_by(search, network, q);
        auto const expected = slow.profile(q);
        ++asked;
        ASSERT_EQ(worths_of(found), expected);
        for (auto const& i : found) {
            ASSERT_TRUE(can_be_flown(i, q, network.rule()));
            ++stops[i.stops()];
        }
    });
    std::cout << asked << " profiles\n";
    expect_all_kinds(stops);
}

TEST(profile_search, names_the_latest_departures_that_land_by_then)
{
    profile_search search;
    std::size_t journeys = 0;
    for_many_questions(500, 12, [&](auto& random, auto& network, auto& slow, auto q) {
        q.max_stops = between<std::size_t>(random, 0, 15);
        for (auto const& [departure, stops, landing] : worths_of(profile_by(search, network, q))) {
            auto of_journey = q;
            of_journey.max_stops = stops;
            ASSERT_EQ(slow.latest_within(of_journey, landing), departure);
            of_journey.day.start = departure;
            auto const forwards = slow.earliest_within(of_journey);
            ASSERT_TRUE(forwards.has_value());
            ASSERT_EQ(*forwards, std::pair(landing, stops));
            ++journeys;
        }
    });
    std::cout << journeys << " journeys\n";
    EXPECT_GT(journeys, 2000U);
}

/// Whoever leaves at the latest departure lands in time, and nobody who leaves later does; whoever
/// wants to land earlier than the earliest landing has to leave before.
TEST(earliest_search, agrees_with_the_latest_departure)
{
    earliest_search search;
    std::size_t departures = 0;
    for_many_questions(1000, 10, [&](auto& random, auto& network, auto& slow, auto q) {
        q = any_stops_and_limits(random, q);
        auto const by = q.day.start + std::chrono::minutes(30 * between(random, 0, 120));
        auto const latest = slow.latest_within(q, by);
        auto const landing = [&](utc_time from) {
            auto then = q;
            then.day.start = from;
            auto const found = earliest_by(search, network, then);
            return found ? found->arrival() : utc_time::max();
        };
        ASSERT_EQ(latest.has_value(), landing(q.day.start) <= by);
        if (latest) {
            ASSERT_LE(landing(*latest), by);
            ASSERT_GT(landing(*latest + std::chrono::seconds(1)), by);
            ++departures;
        }
        if (auto const earliest = landing(q.day.start); earliest != utc_time::max()) {
            ASSERT_TRUE(slow.latest_within(q, earliest).has_value());
            ASSERT_FALSE(slow.latest_within(q, earliest - std::chrono::seconds(1)).has_value());
        }
        q.max_stops = network.schedule().airports().size();
        ASSERT_EQ(slow.latest(q, by), slow.latest_within(q, by));
    });
    std::cout << departures << " departures\n";
    EXPECT_GT(departures, 1000U);
}

}  // namespace
}  // namespace aircargo::test
