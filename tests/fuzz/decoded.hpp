#pragma once

#include "byte_source.hpp"
#include "support/builders.hpp"
#include <aircargo/routing/search.hpp>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

/// Small schedules and questions from bytes, full of what goes wrong: connections of the minimum to
/// the second, departures at midnight, codeshares, loops, flights of a minute and of two days.
namespace aircargo::test {

inline utc_time const fuzz_day = at("2025-12-01T00:00");
inline constexpr std::array fuzz_airports{"AAA", "BBB", "CCC", "DDD", "EEE", "FFF"};

inline airport_code place_from(byte_source& bytes) { return airport(bytes.one_of(fuzz_airports)); }

inline std::vector<flight> flights_from(byte_source& bytes, int most)
{
    using std::chrono::minutes, std::chrono::seconds;
    std::vector<flight> flights;
    for (int left = bytes.between(0, most); left > 0; --left) {
        auto const origin = place_from(bytes);
        auto const destination = place_from(bytes);
        auto const clock = minutes(30 * bytes.between(0, 140)) +
                           seconds(bytes.one_of(std::array{0, 0, 0, 0, 1, 1799}));
        auto const block =
            minutes(bytes.one_of(std::array{1, 30, 60, 90, 120, 121, 300, 1560, 2880}));
        auto const name = std::string(bytes.one_of(std::array{"AI", "LH"}));
        auto const nth = bytes.between(1, 6);
        if (origin == destination) continue;
        flights.push_back({.id = static_cast<flight_id>(flights.size() + 1),
                           .number = number(name + std::to_string(nth)),
                           .airline_name = name,
                           .origin = origin,
                           .destination = destination,
                           .departure = fuzz_day + clock,
                           .arrival = fuzz_day + clock + block});
    }
    return flights;
}

inline connection_rule rule_from(byte_source& bytes)
{
    auto const least = [&] {
        return std::chrono::minutes(bytes.one_of(std::array{120, 0, 30, 60, 121, 600}));
    };
    connection_rule rule(least());
    if (bytes.one_in(4)) rule.set(place_from(bytes), least());
    if (bytes.one_in(4)) rule.set("AI", "LH", least());
    if (bytes.one_in(4)) rule.set("AI", "AI", least());
    return rule;
}

inline day_window window_from(byte_source& bytes)
{
    using std::chrono::hours;
    auto const start = fuzz_day + hours(bytes.between(-12, 36));
    auto const end = start + hours(bytes.one_of(std::array{24, 23, 25, 0, 48}));
    return {start, end, end + hours(bytes.one_of(std::array{24, 23, 25, 0}))};
}

inline route_filter filter_from(byte_source& bytes, day_window const& day)
{
    using std::chrono::hours;
    route_filter f;
    if (bytes.one_in(4)) f.via = {place_from(bytes), place_from(bytes)};
    if (bytes.one_in(4)) f.avoid = {place_from(bytes)};
    if (bytes.one_in(4)) f.airlines = {bytes.one_of(std::array{"AI", "LH"})};
    if (bytes.one_in(4)) f.earliest_departure = day.start + hours(bytes.between(-2, 30));
    if (bytes.one_in(4)) f.latest_arrival = day.start + hours(bytes.between(-2, 60));
    if (bytes.one_in(4)) f.longest = hours(bytes.between(0, 40));
    return f;
}

/// With everything that one can ask for.
inline route_query query_from(byte_source& bytes)
{
    route_query q{
        .origin = place_from(bytes), .destination = place_from(bytes), .day = window_from(bytes)};
    q.max_stops = bytes.one_in(8) ? 0 : 1;
    q.connection = rule_from(bytes);
    if (bytes.one_in(2)) q.filter = filter_from(bytes, q.day);
    q.through_flights = bytes.one_in(4);
    q.collapse_codeshares = bytes.one_in(4);
    if (bytes.one_in(8)) {
        q.onward = [](airport_code at, utc_time landed) {
            return landed + std::chrono::hours(3 + at.index() % 20);
        };
    }
    q.order = bytes.one_of(std::array{route_order::arrival, route_order::departure,
                                      route_order::duration, route_order::cost});
    q.cost = [](flight_view const& f) { return static_cast<std::int64_t>(f.id) * 7 % 5; };
    return q;
}

inline std::string list_of(std::vector<flight> const& flights)
{
    std::string text;
    for (auto const& f : flights) text += ::testing::PrintToString(f) + '\n';
    return text;
}

}  // namespace aircargo::test
