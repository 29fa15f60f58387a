#include "support/all_journeys.hpp"
#include <aircargo/routing/pareto.hpp>
#include <gtest/gtest.h>
#include <map>

namespace aircargo::test {
namespace {

/// Landing, stops, cost.
using worth = std::tuple<utc_time, std::size_t, std::int64_t>;

/// Some flights cost nothing, some the same, and later ones are not always dearer.
std::int64_t cost_of(flight_id id) { return static_cast<std::int64_t>(id) * 7 % 5 * 10; }

worth worth_of(journey const& j)
{
    std::int64_t cost = 0;
    for (auto const& f : j) cost += cost_of(f.id);
    return {j.back().arrival, j.size() - 1, cost};
}

std::vector<worth> unbeaten(std::vector<journey> const& all)
{
    std::vector<worth> worths;
    for (auto const& j : all) worths.push_back(worth_of(j));
    return test::unbeaten(std::move(worths));
}

TEST(pareto_search, answers_as_brute_force_does_on_random_schedules)
{
    random_source random(printed_seed());
    pareto_search search;  // used again and again, for schedules of all sizes
    std::map<std::size_t, std::size_t> stops;
    std::size_t choices = 0;
    for (int i = 0; i < 1000; ++i) {
        auto const flights = few_flights(random);
        schedule const s(flights);
        brute_force const reference(flights);
        flight_network const network(s, some_rule(random));
        for (int k = 0; k < 10; ++k) {
            auto q = some_query(random);
            if (chance(random, 0.5)) q.connection = network.rule();
            q.cost = [](flight_view const& f) { return cost_of(f.id); };
            auto const all = reference.journeys(q);
            auto const found = search(network, q);
            std::vector<worth> worths;
            for (auto const& [itinerary, cost] : found) {
                auto const j = journey_of(itinerary, flights);
                ASSERT_NE(std::find(all.begin(), all.end(), j), all.end()) << to_text(j) << '\n'
                                                                           << to_text(flights, q);
                ASSERT_EQ(cost, std::get<2>(worth_of(j)));
                worths.push_back(worth_of(j));
                ++stops[itinerary.stops()];
            }
            ASSERT_EQ(worths, unbeaten(all)) << to_text(flights, q);
            choices += found.size() > 1 ? 1 : 0;
        }
    }
    // The comparison means something only when there was something to find.
    for (std::size_t n : {0, 1, 2, 3}) EXPECT_GT(stops[n], 10U) << n;
    EXPECT_GT(choices, 100U);
}

std::vector<std::string> pareto(std::vector<flight> flights, std::vector<std::int64_t> const& costs)
{
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(i + 1);
    schedule const s(flights);
    flight_network const network(s);
    pareto_search search;
    std::vector<std::string> out;
    route_query const q{
        .origin = airport("AAA"),
        .destination = airport("DDD"),
        .day = {at("2025-12-01T00:00"), at("2025-12-02T00:00"), at("2025-12-03T00:00")},
        .max_stops = 3,
        .cost = [&](flight_view const& f) { return costs.at(static_cast<std::size_t>(f.id) - 1); }};
    for (auto const& [itinerary, cost] : search(network, q)) {
        out.push_back(to_text(journey_of(itinerary, flights)) + ": " + std::to_string(cost));
    }
    return out;
}

using texts = std::vector<std::string>;

TEST(pareto_search, keeps_a_later_landing_that_costs_less)
{
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 DDD 10:00"),
                              a_flight("AI2 AAA 2025-12-01T08:00 DDD 12:00"),
                              a_flight("AI3 AAA 2025-12-01T09:00 DDD 13:00")};
    EXPECT_EQ(pareto(flights, {50, 40, 40}), (texts{"AI1 AAA-DDD: 50", "AI2 AAA-DDD: 40"}));
}

TEST(pareto_search, stops_to_save_or_to_be_faster)
{
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 DDD 20:00"),
                              a_flight("AI2 AAA 2025-12-01T06:00 BBB 08:00"),
                              a_flight("AI3 BBB 2025-12-01T10:00 DDD 12:00"),
                              a_flight("AI4 BBB 2025-12-01T12:00 DDD 21:00")};
    EXPECT_EQ(
        pareto(flights, {50, 30, 30, 10}),
        (texts{"AI2 AAA-BBB, AI3 BBB-DDD: 60", "AI1 AAA-DDD: 50", "AI2 AAA-BBB, AI4 BBB-DDD: 40"}));
}

TEST(pareto_search, goes_on_from_a_later_landing_where_the_earlier_one_was_dear)
{
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 BBB 07:00"),
                              a_flight("AI2 AAA 2025-12-01T07:00 BBB 08:00"),
                              a_flight("AI3 BBB 2025-12-01T10:00 DDD 12:00")};
    EXPECT_EQ(pareto(flights, {50, 20, 1}), (texts{"AI2 AAA-BBB, AI3 BBB-DDD: 21"}));
}

}  // namespace
}  // namespace aircargo::test
