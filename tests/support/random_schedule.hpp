#pragma once

#include "support/builders.hpp"
#include "support/seed.hpp"
#include <aircargo/routing/search.hpp>
#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace aircargo::test {

inline constexpr std::array random_airports{"DEL", "BOM", "BLR", "AAA", "ZZZ"};
inline constexpr std::array random_days{"2025-12-01", "2025-12-31", "2024-02-28", "2025-01-31"};

/// A few dozen flights around an asked day, full of what goes wrong: connections of two hours to
/// the second, departures at midnight, codeshares, flights that overtake others, return flights,
/// blocks of a minute and of days.
inline std::vector<flight> random_flights(random_source& random, std::string_view asked)
{
    using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
    utc_time const midnight = std::chrono::sys_days(day(asked));
    std::vector<flight> flights;
    auto const count = between(random, 0, 60);
    while (flights.size() < static_cast<std::size_t>(count)) {
        auto const origin = airport(one_of(random, random_airports));
        auto const destination = airport(one_of(random, random_airports));
        if (origin == destination) continue;
        auto const departure = midnight + hours(between(random, -6, 56)) +
                               seconds(one_of(random, std::array{0, 0, 0, 1, -1, 1800}));
        auto const block =
            one_of(random, std::array{hours(1), hours(2), hours(5), hours(26), hours(0)}) +
            (chance(random, 0.1) ? minutes(1) : minutes(60));
        flight f{.number = number("AI" + std::to_string(between(random, 1, 20))),
                 .airline_name = "Air India",
                 .origin = origin,
                 .destination = destination,
                 .departure = departure,
                 .arrival = departure + block};
        flights.push_back(f);
        if (chance(random, 0.1)) {
            f.number = number("LH" + std::to_string(between(random, 1, 20)));
            flights.push_back(f);
        }
    }
    auto const name = [](flight const& f) {
        return std::tie(f.departure, f.number, f.origin, f.destination);
    };
    std::sort(flights.begin(), flights.end(),
              [&](auto const& a, auto const& b) { return name(a) < name(b); });
    flights.erase(std::unique(flights.begin(), flights.end(),
                              [&](auto const& a, auto const& b) { return name(a) == name(b); }),
                  flights.end());
    std::shuffle(flights.begin(), flights.end(), random);
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(i + 1);
    return flights;
}

/// Flights of a few days in a network of some 200 airports, most of which lie between the few that
/// queries ask for.
inline std::vector<flight> wide_flights(random_source& random, std::string_view asked)
{
    auto const place = [&] {
        if (chance(random, 0.5)) return airport(one_of(random, random_airports));
        return airport(std::string{'H', static_cast<char>('A' + between(random, 0, 7)),
                                   static_cast<char>('A' + between(random, 0, 25))});
    };
    utc_time const midnight = std::chrono::sys_days(day(asked));
    std::vector<flight> flights;
    while (flights.size() < 2000) {
        auto const origin = place();
        auto const destination = place();
        if (origin == destination) continue;
        auto const departure = midnight + std::chrono::minutes(between(random, -600, 4000));
        flights.push_back({.id = static_cast<flight_id>(flights.size() + 1),
                           .number = number("AI" + std::to_string(flights.size() % 700 + 1)),
                           .airline_name = "Air India",
                           .origin = origin,
                           .destination = destination,
                           .departure = departure,
                           .arrival = departure + std::chrono::minutes(between(random, 1, 900))});
    }
    return flights;
}

/// Lanes of up to a hundred flights a day, some of which have far more than others.
inline std::vector<flight> busy_flights(random_source& random, std::string_view asked)
{
    utc_time const midnight = std::chrono::sys_days(day(asked));
    auto const most = between(random, 50, 1200);
    std::vector<flight> flights;
    while (flights.size() < 3000) {
        auto const origin = airport(one_of(random, random_airports));
        auto const destination = airport(one_of(random, random_airports));
        if (origin == destination || (origin == airport("AAA") && chance(random, 0.8))) continue;
        auto const departure = midnight + std::chrono::minutes(between(random, -most, 3 * most));
        flights.push_back({.id = static_cast<flight_id>(flights.size() + 1),
                           .number = number("AI" + std::to_string(flights.size() + 1)),
                           .airline_name = "Air India",
                           .origin = origin,
                           .destination = destination,
                           .departure = departure,
                           .arrival = departure + std::chrono::minutes(between(random, 1, 300))});
    }
    return flights;
}

/// Any pair of airports, at times the same or unknown, on a day of 23, 24 or 25 hours that starts
/// in some zone.
inline route_query random_query(random_source& random, std::string_view asked)
{
    using std::chrono::hours;
    auto const place = [&] {
        return airport(chance(random, 0.02) ? "XXX" : one_of(random, random_airports));
    };
    utc_time const start = std::chrono::sys_days(day(asked)) +
                           hours(chance(random, 0.5) ? 0 : between(random, -12, 14));
    utc_time const end = start + hours(one_of(random, std::array{24, 24, 24, 23, 25}));
    route_query q{.origin = place(),
                  .destination = place(),
                  .day = {start, end, end + hours(one_of(random, std::array{24, 24, 23, 25}))}};
    if (chance(random, 0.1)) q.max_stops = 0;
    if (chance(random, 0.1)) {
        q.connection =
            connection_rule(std::chrono::minutes(one_of(random, std::array{0, 60, 121, 600})));
    }
    return q;
}

/// A query with everything that one can ask for, each with some chance.
inline route_query choosy_query(random_source& random, std::string_view asked)
{
    using std::chrono::hours, std::chrono::minutes;
    auto q = random_query(random, asked);
    auto const airport_of_all = [&] { return airport(one_of(random, random_airports)); };
    if (chance(random, 0.3)) q.connection.set(airport_of_all(), minutes(between(random, 0, 400)));
    if (chance(random, 0.3)) q.connection.set("AI", "LH", minutes(between(random, 0, 400)));
    if (chance(random, 0.3)) q.connection.set("AI", "AI", minutes(between(random, 0, 400)));
    if (chance(random, 0.2)) q.filter.via = {airport_of_all(), airport_of_all()};
    if (chance(random, 0.2)) q.filter.avoid = {airport_of_all()};
    if (chance(random, 0.3)) q.filter.airlines = {one_of(random, std::array{"AI", "LH"})};
    if (chance(random, 0.1)) q.filter.airlines = {"LH", "AI"};
    if (chance(random, 0.2)) {
        q.filter.earliest_departure = q.day.start + hours(between(random, -2, 20));
    }
    if (chance(random, 0.2)) q.filter.latest_arrival = q.day.start + hours(between(random, 0, 60));
    if (chance(random, 0.2)) q.filter.longest = hours(between(random, 1, 40));
    q.through_flights = chance(random, 0.3);
    q.collapse_codeshares = chance(random, 0.3);
    if (chance(random, 0.2)) {
        q.onward = [](airport_code at, utc_time landed) {
            return landed + hours(3 + at.index() % 20);
        };
    }
    q.order = one_of(random, std::array{route_order::arrival, route_order::departure,
                                        route_order::duration, route_order::cost});
    if (q.order == route_order::cost) {
        q.cost = [](flight_view const& f) { return static_cast<std::int64_t>(f.id) * 7 % 5; };
    }
    return q;
}

}  // namespace aircargo::test
