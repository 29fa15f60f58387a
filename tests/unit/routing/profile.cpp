#include "support/all_journeys.hpp"
#include <aircargo/routing/profile.hpp>
#include <gtest/gtest.h>
#include <map>

namespace aircargo::test {
namespace {

/// What counts: a later departure, an earlier landing, fewer stops; all as smaller numbers.
using worth = std::tuple<seconds32, seconds32, std::size_t>;

worth worth_of(journey const& j)
{
    auto const since = [](utc_time t) {
        return static_cast<seconds32>((t - first_day) / std::chrono::seconds(1));
    };
    return {~since(j.front().departure), since(j.back().arrival), j.size() - 1};
}

/// In the order of the answer: by departure, then by stops.
std::vector<worth> unbeaten(std::vector<journey> const& all)
{
    std::vector<worth> worths;
    for (auto const& j : all) worths.push_back(worth_of(j));
    auto best = test::unbeaten(std::move(worths));
    std::sort(best.begin(), best.end(), [](worth const& a, worth const& b) {
        return std::pair(~std::get<0>(a), std::get<2>(a)) <
               std::pair(~std::get<0>(b), std::get<2>(b));
    });
    return best;
}

TEST(profile_search, answers_as_brute_force_does_on_random_schedules)
{
    random_source random(printed_seed());
    profile_search search;  // used again and again, for schedules of all sizes
    std::map<std::size_t, std::size_t> stops;
    for (int i = 0; i < 1000; ++i) {
        auto const flights = few_flights(random);
        schedule const s(flights);
        brute_force const reference(flights);
        flight_network const network(s, some_rule(random));
        for (int k = 0; k < 20; ++k) {
            auto q = some_query(random);
            if (chance(random, 0.5)) q.connection = network.rule();
            if (chance(random, 0.5)) q.day.next_end = first_day + std::chrono::hours(1000);
            auto const all = reference.journeys(q);
            auto const found = search(network, q);
            std::vector<worth> worths;
            for (auto const& itinerary : found) {
                auto const j = journey_of(itinerary, flights);
                ASSERT_NE(std::find(all.begin(), all.end(), j), all.end()) << to_text(j) << '\n'
                                                                           << to_text(flights, q);
                worths.push_back(worth_of(j));
                ++stops[itinerary.stops()];
            }
            ASSERT_EQ(worths, unbeaten(all)) << to_text(flights, q);
        }
    }
    // The comparison means something only when there was something to find.
    for (std::size_t n : {0, 1, 2, 3}) EXPECT_GT(stops[n], 20U) << n;
}

std::vector<std::string> profile(std::vector<flight> flights, std::size_t max_stops = 3)
{
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(i + 1);
    schedule const s(flights);
    flight_network const network(s);
    profile_search search;
    std::vector<std::string> out;
    for (auto const& found : search(network, {.origin = airport("AAA"),
                                             .destination = airport("DDD"),
                                             .day = {at("2025-12-01T00:00"), at("2025-12-02T00:00"),
                                                     any_time_from({}).next_end},
                                             .max_stops = max_stops})) {
        out.push_back(to_text(journey_of(found, flights)));
    }
    return out;
}

using texts = std::vector<std::string>;

TEST(profile_search, keeps_a_slower_journey_that_stops_less_often_or_leaves_later)
{
    std::vector const flights{a_flight("AI1 AAA 2025-12-01T06:00 DDD 20:00"),
                              a_flight("AI2 AAA 2025-12-01T06:00 BBB 07:00"),
                              a_flight("AI3 BBB 2025-12-01T09:00 CCC 10:00"),
                              a_flight("AI4 CCC 2025-12-01T12:00 DDD 13:00"),
                              a_flight("AI5 BBB 2025-12-01T09:00 DDD 15:00"),
                              a_flight("AI6 AAA 2025-12-01T23:59 DDD 2025-12-02T20:00")};
    EXPECT_EQ(profile(flights), (texts{"AI1 AAA-DDD", "AI2 AAA-BBB, AI5 BBB-DDD",
                                       "AI2 AAA-BBB, AI3 BBB-CCC, AI4 CCC-DDD", "AI6 AAA-DDD"}));
    EXPECT_EQ(profile(flights, 1),
              (texts{"AI1 AAA-DDD", "AI2 AAA-BBB, AI5 BBB-DDD", "AI6 AAA-DDD"}));
    EXPECT_EQ(profile(flights, 0), (texts{"AI1 AAA-DDD", "AI6 AAA-DDD"}));
}

TEST(profile_search, lets_no_journey_of_the_next_day_beat_one_of_the_window)
{
    EXPECT_EQ(profile({a_flight("AI1 AAA 2025-12-01T23:59 DDD 2025-12-02T20:00"),
                       a_flight("AI2 AAA 2025-12-02T00:00 DDD 2025-12-02T10:00")}),
              (texts{"AI1 AAA-DDD"}));
}

TEST(profile_search, leaves_out_what_others_beat)
{
    EXPECT_EQ(profile({a_flight("AI1 AAA 2025-12-01T06:00 DDD 12:00"),
                       a_flight("AI2 AAA 2025-12-01T07:00 DDD 12:00"),
                       a_flight("AI3 AAA 2025-12-01T07:00 DDD 12:01"),
                       a_flight("AI4 AAA 2025-12-01T05:00 BBB 06:00"),
                       a_flight("AI5 BBB 2025-12-01T08:00 DDD 12:00")}),
              (texts{"AI2 AAA-DDD"}));
}

}  // namespace
}  // namespace aircargo::test
