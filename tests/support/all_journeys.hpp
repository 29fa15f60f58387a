#pragma once

#include "support/brute_force.hpp"
#include "support/builders.hpp"
#include "support/seed.hpp"
#include <aircargo/routing/query.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace aircargo::test {

inline utc_time const first_day = at("2025-12-01T00:00");

/// Up to fifty flights of three days between up to seven airports, full of what goes wrong:
/// connections of the minimum to the second, departures at midnight, codeshares, flights that
/// overtake others, loops, blocks of a minute and of more than a day.
inline std::vector<flight> few_flights(random_source& random)
{
    using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
    constexpr std::array places{"AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG"};
    constexpr std::array airlines{"AI", "LH", "EK"};
    auto const known = between<std::size_t>(random, 3, places.size());
    auto const count = between<std::size_t>(random, 0, 50);
    bool const mostly_one_way = chance(random, 0.4);  // around in a circle: many stops
    std::vector<flight> flights;
    for (std::size_t i = 0; i < count; ++i) {
        auto const from = between<std::size_t>(random, 0, known - 1);
        auto const to = mostly_one_way && chance(random, 0.9)
                            ? (from + known - 1) % known
                            : between<std::size_t>(random, 0, known - 1);
        if (from == to) continue;
        auto const origin = airport(places[from]);
        auto const destination = airport(places[to]);
        auto const departure = first_day + minutes(30 * between(random, 0, 140)) +
                               seconds(one_of(random, std::array{0, 0, 0, 0, 1, -1}));
        auto const block = minutes(one_of(random, std::array{1, 30, 60, 60, 90, 120, 300, 1560}));
        flight f{.id = static_cast<flight_id>(flights.size() + 1),
                 .number = number(one_of(random, airlines) + std::to_string(i + 1)),
                 .airline_name = "Some",
                 .origin = origin,
                 .destination = destination,
                 .departure = std::max(departure, first_day),
                 .arrival = std::max(departure, first_day) + block};
        flights.push_back(f);
        if (!chance(random, 0.15)) continue;
        f.id = static_cast<flight_id>(flights.size() + 1);
        f.number = number(one_of(random, airlines) + std::to_string(i + 1001));
        flights.push_back(f);
    }
    return flights;
}

inline connection_rule some_rule(random_source& random, bool airlines = false)
{
    using std::chrono::minutes;
    auto const least = [&] { return minutes(one_of(random, std::array{0, 30, 60, 120, 121})); };
    connection_rule rule(least());
    while (chance(random, 0.4))
        rule.set(airport(one_of(random, std::array{"CCC", "DDD"})), least());
    if (!airlines) return rule;
    do {
        rule.set(one_of(random, std::array{"AI", "LH"}), one_of(random, std::array{"AI", "EK"}),
                 least());
    } while (chance(random, 0.5));
    return rule;
}

/// Any window and number of stops.
inline route_query plain_query(random_source& random)
{
    using std::chrono::minutes;
    route_query q{.origin = airport("AAA"), .destination = airport("BBB"), .day = {}};
    if (chance(random, 0.02)) q.destination = airport("XXX");
    if (chance(random, 0.02)) q.destination = q.origin;
    q.day.start = first_day + minutes(30 * between(random, 0, 70));
    q.day.end = q.day.start + minutes(30 * between(random, 1, 60));
    q.day.next_end = q.day.end + minutes(30 * between(random, 0, 100));
    q.max_stops = between<std::size_t>(random, 0, 4);
    if (chance(random, 0.2)) q.max_stops = 15;
    return q;
}

/// At times with a filter and everything else that can be asked.
inline route_query some_query(random_source& random)
{
    using std::chrono::minutes;
    auto const place = [&] {
        return airport(one_of(random, std::array{"CCC", "DDD", "EEE", "FFF"}));
    };
    auto q = plain_query(random);
    q.connection = some_rule(random, chance(random, 0.2));
    if (chance(random, 0.6)) return q;
    if (chance(random, 0.2)) q.filter.via = {place(), place()};
    if (chance(random, 0.2)) q.filter.avoid = {place()};
    if (chance(random, 0.2)) q.filter.airlines = {"AI", "LH"};
    if (chance(random, 0.2)) q.filter.earliest_departure = q.day.start + minutes(100);
    if (chance(random, 0.2)) {
        q.filter.latest_arrival = q.day.start + minutes(30 * between(random, 0, 100));
    }
    if (chance(random, 0.2)) q.filter.longest = minutes(30 * between(random, 1, 60));
    q.collapse_codeshares = chance(random, 0.2);
    if (chance(random, 0.2)) {
        q.onward = [](airport_code at, utc_time landed) {
            return landed + std::chrono::hours(3 + at.index() % 20);
        };
    }
    return q;
}

inline std::string to_text(std::vector<flight> const& flights, route_query const& q)
{
    std::ostringstream out;
    out << q.origin.str() << '-' << q.destination.str() << " from " << to_string(q.day.start)
        << " until " << to_string(q.day.end) << ", later legs before " << to_string(q.day.next_end)
        << ", stops " << q.max_stops << (q.filter == route_filter{} ? "" : ", filter")
        << (q.onward ? ", onward" : "") << (q.connection.has_airlines() ? ", airlines" : "")
        << '\n';
    for (auto const& f : flights) out << ::testing::PrintToString(f) << '\n';
    return out.str();
}

/// Of three numbers each, the smaller the better: those that no other one is as good as in all,
/// sorted, each once.
template <class Worth>
std::vector<Worth> unbeaten(std::vector<Worth> worths)
{
    std::sort(worths.begin(), worths.end());
    worths.erase(std::unique(worths.begin(), worths.end()), worths.end());
    std::vector<Worth> best;
    for (auto const& w : worths) {
        bool const beaten = std::any_of(worths.begin(), worths.end(), [&](Worth const& other) {
            return other != w && std::get<0>(other) <= std::get<0>(w) &&
                   std::get<1>(other) <= std::get<1>(w) && std::get<2>(other) <= std::get<2>(w);
        });
        if (!beaten) best.push_back(w);
    }
    return best;
}

/// The flights of an itinerary as a journey of flights that the test knows.
template <class Itinerary>
journey journey_of(Itinerary const& found, std::vector<flight> const& flights)
{
    journey legs;
    for (auto const id : found.flight_ids()) {
        legs.push_back(flights.at(static_cast<std::size_t>(id) - 1));
    }
    return legs;
}

inline std::string to_text(journey const& legs)
{
    std::string text;
    for (auto const& f : legs) {
        text += (text.empty() ? "" : ", ") + std::string(f.number.str()) + ' ' +
                std::string(f.origin.str()) + '-' + std::string(f.destination.str());
    }
    return text;
}

}  // namespace aircargo::test
