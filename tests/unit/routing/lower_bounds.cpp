#include "support/all_journeys.hpp"
#include <aircargo/routing/flight_network.hpp>
#include <gtest/gtest.h>
#include <map>
#include <thread>

namespace aircargo::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Least times to a destination by flight after flight until nothing changes.
std::map<airport_code, seconds> least_times(std::vector<flight> const& flights,
                                            connection_rule const& rule, airport_code destination)
{
    std::map<airport_code, seconds> least{{destination, seconds(0)}};
    for (bool changed = true; changed;) {
        changed = false;
        for (auto const& f : flights) {
            auto const rest = least.find(f.destination);
            if (rest == least.end()) continue;
            auto const whole = rule.least_at(f.origin) + (f.arrival - f.departure) + rest->second;
            auto const [at, is_new] = least.emplace(f.origin, whole);
            changed = changed || is_new || whole < at->second;
            at->second = std::min(at->second, whole);
        }
    }
    return least;
}

void expect_least_times(schedule const& s, flight_network const& network,
                        std::vector<flight> const& flights, connection_rule const& rule,
                        airport_code destination)
{
    auto const expected = least_times(flights, rule, destination);
    auto const row = network.least_time_to(*s.find(destination));
    for (airport_index a = 0; a < s.airports().size(); ++a) {
        auto const least = expected.find(s.airports()[a]);
        ASSERT_EQ(row.leads_from(a), least != expected.end());
        if (least == expected.end()) continue;
        ASSERT_EQ(row[a], std::chrono::floor<minutes>(least->second) / seconds(1));
    }
}

TEST(lower_bounds, are_the_least_times_without_a_clock_rounded_down_to_minutes)
{
    random_source random(printed_seed());
    for (int i = 0; i < 1000; ++i) {
        auto flights = few_flights(random);
        for (auto& f : flights) f.arrival += seconds(between(random, 0, 100));
        schedule const s(flights);
        auto const rule = some_rule(random, chance(random, 0.3));
        flight_network const network(s, rule);
        for (auto const& code : s.airports()) {
            expect_least_times(s, network, flights, rule, code);
        }
    }
}

TEST(lower_bounds, reach_no_further_than_what_they_can_hold)
{
    std::vector<flight> flights;
    for (char to = 'B'; to <= 'Z'; ++to) {
        auto const place = [](char c) { return airport(std::string{'A', 'A', c}); };
        flights.push_back({.id = static_cast<flight_id>(to),
                           .number = number("AI1"),
                           .airline_name = "Some",
                           .origin = place(static_cast<char>(to - 1)),
                           .destination = place(to),
                           .departure = first_day,
                           .arrival = first_day + std::chrono::hours(48)});
    }
    schedule const s(flights);
    flight_network const network(s);
    auto const row = network.least_time_to(*s.find(airport("AAZ")));
    auto const first = *s.find(airport("AAA"));  // 50 days of flights away
    EXPECT_TRUE(row.leads_from(first));
    EXPECT_EQ(row[first], 65534U * 60);
}

/// Bounds must not exceed the least time of any way that there is, nor say that there is none.
void expect_no_more_than(flight_network const& network, std::vector<flight> const& flights)
{
    auto const& s = network.schedule();
    for (airport_index d = 0; d < s.airports().size(); ++d) {
        auto const row = network.least_time_to(d);
        for (auto const& [from, least] : least_times(flights, network.rule(), s.airports()[d])) {
            auto const a = *s.find(from);
            ASSERT_TRUE(row.leads_from(a));
            ASSERT_LE(row[a], least / seconds(1));
        }
    }
}

flight_change some_change(random_source& random, std::vector<flight>& flights, flight_id new_id)
{
    auto const nth = between<std::size_t>(random, 0, flights.size() - 1);
    auto f = flights[nth];
    switch (between(random, 0, 2)) {
        case 0:
            flights.erase(flights.begin() + static_cast<std::ptrdiff_t>(nth));
            return cancel_flight(f);
        case 1: {
            f.arrival = f.departure + seconds(between(random, 60, 7200));
            flights[nth] = f;
            return retime_flight(f, f.departure, f.arrival);
        }
        default: {
            f.id = new_id;
            f.destination = airport(one_of(random, std::array{"AAA", "BBB", "CCC", "NEW"}));
            if (f.destination == f.origin) f.destination = airport("ZZZ");
            f.arrival = f.departure + seconds(between(random, 60, 7200));
            flights.push_back(f);
            return add_flight(f);
        }
    }
}

TEST(lower_bounds, stay_low_enough_through_changes)
{
    random_source random(printed_seed());
    for (int i = 0; i < 1000; ++i) {
        auto flights = few_flights(random);
        if (flights.size() < 5) continue;
        schedule const before(flights);
        flight_network const network(before, some_rule(random));
        expect_no_more_than(network, flights);  // makes all rows
        std::vector<flight_change> changes;
        for (int k = 0; k < 3; ++k) {
            changes.push_back(some_change(random, flights, static_cast<flight_id>(1000 + k)));
        }
        auto const after = before.with(changes);
        ASSERT_TRUE(after.has_value()) << after.error().detail;
        expect_no_more_than(flight_network(network, *after, changes), flights);
    }
}

TEST(lower_bounds, are_kept_through_a_delay_and_dropped_for_a_faster_flight)
{
    std::vector flights{a_flight("AI1 AAA 2025-12-01T06:00 BBB 07:00"),
                        a_flight("AI2 BBB 2025-12-01T09:00 CCC 10:00")};
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(i + 1);
    schedule const s(flights);
    flight_network const network(s);
    auto const from = *s.find(airport("AAA"));
    auto const to = *s.find(airport("CCC"));
    EXPECT_EQ(network.least_time_to(to)[from], 6U * 3600);

    std::vector const delay{
        retime_flight(flights[1], flights[1].departure, at("2025-12-01T10:30"))};
    auto const delayed = s.with(delay).value();
    flight_network const later(network, delayed, delay);
    EXPECT_EQ(later.least_time_to(to)[from], 6U * 3600) << "kept, though 6.5 hours are needed";

    std::vector const faster{
        retime_flight(flights[1], flights[1].departure, at("2025-12-01T09:40"))};
    auto const fast = s.with(faster).value();
    flight_network const sooner(network, fast, faster);
    EXPECT_EQ(sooner.least_time_to(to)[from], 6U * 3600 - 20 * 60);
}

TEST(lower_bounds, are_the_same_for_threads_that_ask_together)
{
    random_source random(printed_seed());
    for (int i = 0; i < 50; ++i) {
        auto const flights = few_flights(random);
        schedule const s(flights);
        connection_rule const rule;
        flight_network const network(s, rule);
        auto const ask = [&] {
            for (auto const& code : s.airports()) {
                expect_least_times(s, network, flights, rule, code);
            }
        };
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) threads.emplace_back(ask);
        for (auto& t : threads) t.join();
    }
}

}  // namespace
}  // namespace aircargo::test
