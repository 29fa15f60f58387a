#include "support/brute_force.hpp"
#include "support/builders.hpp"
#include "support/seed.hpp"
#include "support/shared_data.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/routing/masked_lane.hpp>
#include <aircargo/routing/search.hpp>
#include <aircargo/service/flight_import.hpp>
#include <aircargo/service/route_service.hpp>
#include <aircargo/store/memory.hpp>
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/time_zones.hpp>
#include <gtest/gtest.h>
#include <iostream>
#include <set>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

/// A file like the real one, where that is not at hand: three weeks of flights between the airports
/// that the real one is asked about and some more, to the minute, through midnight and with a few
/// lines that are wrong.
std::string made_up_file(temp_folder const& folder)
{
    random_source random(2008);
    std::vector<std::string> const airports{"ORD", "LAX", "BOS", "SEA", "ATL", "DFW",
                                            "DEN", "JFK", "SFO", "IAH", "PHX", "MSP"};
    std::string text =
        "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n";
    for (int i = 0; i < 60'000; ++i) {
        auto const& origin = one_of(random, airports);
        auto const& destination = one_of(random, airports);
        auto const departure =
            at("2008-01-05T00:00") + std::chrono::minutes(between(random, 0, 21 * 1440));
        auto const arrival = departure + std::chrono::minutes(between(random, -2, 360));
        text += "AA" + std::to_string(between(random, 1, 9999)) + ",American Airlines Inc.," +
                origin + ',' + destination + ',' + to_string(departure) + ',' + to_string(arrival) +
                '\n';
    }
    return folder.file("flights.csv", text);
}

/// The flights of the real file, or of one that is made up.
std::string month_file(temp_folder const& folder)
{
    auto path = shared_data("flights_us_2008_01.csv.gz").value_or("");
    if (path.empty()) path = made_up_file(folder);
    std::cout << "flights of " << path << '\n';
    return path;
}

TEST(a_month_of_flights, is_searched_as_brute_force_does)
{
    temp_folder const folder;
    auto const path = month_file(folder);
    bool const real = path.ends_with(".gz");

    auto const store = make_flight_store<memory_flight_store>();
    auto const report = import_flights(path, *store).value();
    EXPECT_EQ(report.imported + report.bad, report.lines);
    if (real) {
        EXPECT_EQ(report.imported, 605'636U);
        EXPECT_EQ(report.bad, 0U);
    }
    route_service routes(*store);
    ASSERT_TRUE(routes.refresh().value());

    auto const flights = store->load({}).value();
    brute_force const reference(flights);
    std::set<airport_code> served;
    for (auto const& f : flights) served.insert({f.origin, f.destination});
    std::vector const airports(served.begin(), served.end());

    std::vector pairs{std::pair(airport("ORD"), airport("LAX")),
                      std::pair(airport("BOS"), airport("SEA"))};
    random_source random(printed_seed());
    while (pairs.size() < 2002)
        pairs.emplace_back(one_of(random, airports), one_of(random, airports));

    std::size_t direct = 0;
    std::size_t transit = 0;
    for (auto const& [origin, destination] : pairs) {
        auto const days = std::chrono::days(between(random, 6, 26));
        auto const window =
            day_at(origin, date(std::chrono::sys_days(day("2008-01-01")) + days)).value();
        route_query const asked{.origin = origin, .destination = destination, .day = window};
        auto const found = routes.search(asked);
        auto const expected = reference(asked);
        ASSERT_EQ(ids_of(found.answer.direct), expected.direct)
            << origin.str() << '-' << destination.str() << ' ' << to_string(window.start);
        ASSERT_EQ(ids_of(found.answer.transit), expected.transit)
            << origin.str() << '-' << destination.str() << ' ' << to_string(window.start);
        direct += expected.direct.size();
        transit += expected.transit.size();
    }
    std::cout << direct << " direct flights and " << transit << " transits in " << pairs.size()
              << " answers\n";
    EXPECT_GT(direct, 100U);
    EXPECT_GT(transit, 10'000U);
}

TEST(a_month_of_flights, has_the_same_answers_in_the_compact_form)
{
    temp_folder const folder;
    auto const store = make_flight_store<memory_flight_store>();
    ASSERT_TRUE(import_flights(month_file(folder), *store));
    auto const flights = store->load({}).value();
    schedule const plain(flights);
    compact_schedule const compact(flights);
    ASSERT_TRUE(compact.flights() == plain.flights());

    random_source random(printed_seed());
    std::size_t found = 0;
    for (int i = 0; i < 600; ++i) {
        auto const origin = one_of(random, plain.airports());
        auto const start = at("2008-01-15T05:00") + std::chrono::hours(between(random, -48, 48));
        route_query q{.origin = origin,
                      .destination = one_of(random, plain.airports()),
                      .day = {start, start + std::chrono::days(1), start + std::chrono::days(2)}};
        if (i % 2 == 0) q.limit = 20;
        if (i % 3 == 0) q.order = route_order::duration;
        auto const expected = search(plain, q);
        auto const answer = search(compact, q);
        ASSERT_EQ(ids_of(answer.direct), ids_of(expected.direct)) << origin.str();
        ASSERT_EQ(ids_of(answer.transit), ids_of(expected.transit)) << origin.str();
        ASSERT_EQ(answer.direct_total, expected.direct_total);
        ASSERT_EQ(answer.transit_total, expected.transit_total);
        ASSERT_EQ(answer.reason, expected.reason);
        found += expected.direct_total + expected.transit_total;
    }
    EXPECT_GT(found, 10'000U);

    auto const a_flight = [&](std::size_t bytes) {
        return static_cast<double>(bytes) / static_cast<double>(flights.size());
    };
    std::cout << "bytes a flight: " << a_flight(compact.hot_memory()) << " hot, "
              << a_flight(compact.bytes().size()) << " in the block; plain "
              << a_flight(plain.hot_memory()) << " and " << a_flight(plain.bytes().size()) << '\n';
    EXPECT_LT(compact.hot_memory(), plain.hot_memory());
    EXPECT_LT(compact.bytes().size(), plain.bytes().size());
}

}  // namespace
}  // namespace aircargo::test
