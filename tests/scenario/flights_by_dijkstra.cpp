#include "support/dijkstra_reference.hpp"
#include "support/searches.hpp"
#include "support/seed.hpp"
#include "support/shared_data.hpp"
#include <aircargo/service/flight_import.hpp>
#include <aircargo/store/memory.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <gtest/gtest.h>
#include <iostream>
#include <vector>

namespace aircargo::test {
namespace {

/// A month of real flights where they are at hand, else the demo schedule.
std::vector<flight> many_flights()
{
    auto const path = shared_data("flights_us_2008_01.csv.gz");
    std::cout << "flights of " << path.value_or("the demo schedule") << '\n';
    auto const store = make_flight_store<memory_flight_store>();
    if (path) {
        import_flights(*path, *store).value();
    } else {
        store->upsert(demo_schedule(day("2026-12-01"), 28)).value();
    }
    return store->load({}).value();
}

class flights_by_dijkstra : public ::testing::Test {
protected:
    static schedule const& flights()
    {
        static schedule const s(many_flights());
        return s;
    }

    /// From any airport to any other, from any minute on; some questions have to end soon.
    route_query a_question(std::size_t max_stops)
    {
        auto const [first, last] = flights().horizon().value();
        auto const minutes = (last - first) / std::chrono::minutes(1);
        route_query q{.origin = one_of(random_, flights().airports()),
                      .destination = one_of(random_, flights().airports()),
                      .day = {}};
        q.day.start = first + std::chrono::minutes(between<std::int64_t>(random_, 0, minutes));
        q.day.end = q.day.start + std::chrono::days(chance(random_, 0.2) ? 1 : 1000);
        q.day.next_end = q.day.end + std::chrono::days(1);
        q.max_stops = max_stops;
        return q;
    }

    random_source random_{printed_seed()};
    connection_rule rule_ = connection_rule().set(airport("ORD"), std::chrono::minutes(45));
    flight_network network_{flights(), rule_};
    dijkstra_reference<lane> slow_{flights(), rule_};
};

TEST_F(flights_by_dijkstra, land_when_the_earliest_search_says)
{
    earliest_search search;
    std::size_t journeys = 0;
    for (int i = 0; i < 2000; ++i) {
        bool const any_stops = i % 2 == 0;
        auto const q = a_question(any_stops ? 15 : 3);
        SCOPED_TRACE(to_text({}, q));
        auto const found = earliest_by(search, network_, q);
        if (any_stops) {
            auto const expected = slow_.earliest(q);
            ASSERT_EQ(found ? std::optional(found->arrival()) : std::nullopt, expected);
        } else {
            auto const expected = slow_.earliest_within(q);
            ASSERT_EQ(
                found ? std::optional(std::pair(found->arrival(), found->stops())) : std::nullopt,
                expected);
        }
        if (!found) continue;
        ASSERT_TRUE(can_be_flown(*found, q, rule_));
        ++journeys;
    }
    std::cout << journeys << " journeys\n";
    EXPECT_GT(journeys, 1000U);
}

TEST_F(flights_by_dijkstra, give_the_profiles_that_the_profile_search_does)
{
    profile_search search;
    std::size_t journeys = 0;
    for (int i = 0; i < 100; ++i) {
        auto q = a_question(3);
        q.day.end = q.day.start + std::chrono::days(1);
        q.day.next_end = q.day.end + std::chrono::days(1);
        SCOPED_TRACE(to_text({}, q));
        auto const found = profile_by(search, network_, q);
        ASSERT_EQ(worths_of(found), slow_.profile(q));
        for (auto const& [departure, stops, landing] : worths_of(found)) {
            auto of_journey = q;
            of_journey.max_stops = stops;
            ASSERT_EQ(slow_.latest_within(of_journey, landing), departure);
            ++journeys;
        }
    }
    std::cout << journeys << " journeys\n";
    EXPECT_GT(journeys, 100U);
}

}  // namespace
}  // namespace aircargo::test
