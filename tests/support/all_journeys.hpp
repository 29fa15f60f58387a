#pragma once

#include "support/builders.hpp"
#include "support/seed.hpp"
#include <aircargo/routing/connection_rule.hpp>
#include <aircargo/routing/flight.hpp>
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

using journey = std::vector<flight>;

/// What journeys a test asks for.
struct journey_question {
    airport_code origin = airport("AAA");
    airport_code destination = airport("BBB");
    utc_time from{};    ///< the first leg departs then or later
    utc_time until{};   ///< and before this
    utc_time before{};  ///< as later legs do before this
    std::size_t max_stops = 15;
};

/// Every journey there is, found by trying every flight after every other. Written from the rules
/// as text: a flight leaves where the one before landed, after the connection that the rule asks
/// for; no airport is visited twice.
class all_journeys {
public:
    all_journeys(std::vector<flight> const& flights, connection_rule const& rule)
        : flights_(flights), rule_(rule)
    {}

    [[nodiscard]] std::vector<journey> operator()(journey_question const& q) const
    {
        std::vector<journey> found;
        journey so_far;
        if (q.origin != q.destination) extend(q, so_far, found);
        return found;
    }

private:
    void extend(journey_question const& q, journey& so_far, std::vector<journey>& found) const
    {
        for (auto const& f : flights_) {
            if (!fits(q, so_far, f)) continue;
            so_far.push_back(f);
            if (f.destination == q.destination) {
                found.push_back(so_far);
            } else if (so_far.size() <= q.max_stops) {
                extend(q, so_far, found);
            }
            so_far.pop_back();
        }
    }

    [[nodiscard]] bool fits(journey_question const& q, journey const& so_far, flight const& f) const
    {
        if (so_far.empty()) {
            return f.origin == q.origin && f.departure >= q.from && f.departure < q.until;
        }
        auto const& last = so_far.back();
        auto const visited = [&](flight const& leg) { return leg.origin == f.destination; };
        return f.origin == last.destination && f.departure < q.before &&
               f.departure - last.arrival >=
                   rule_.between(f.origin, last.number.airline(), f.number.airline()) &&
               std::none_of(so_far.begin(), so_far.end(), visited);
    }

    std::vector<flight> const& flights_;
    connection_rule const& rule_;
};

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

inline journey_question some_question(random_source& random)
{
    using std::chrono::minutes;
    journey_question q;
    if (chance(random, 0.02)) q.destination = airport("XXX");
    if (chance(random, 0.02)) q.destination = q.origin;
    q.from = first_day + minutes(30 * between(random, 0, 70));
    q.until = q.from + minutes(30 * between(random, 1, 60));
    q.before = q.until + minutes(30 * between(random, 0, 100));
    q.max_stops = between<std::size_t>(random, 0, 4);
    if (chance(random, 0.2)) q.max_stops = 15;
    return q;
}

inline std::string to_text(std::vector<flight> const& flights, journey_question const& q)
{
    std::ostringstream out;
    out << q.origin.str() << '-' << q.destination.str() << " from " << to_string(q.from)
        << " until " << to_string(q.until) << ", later legs before " << to_string(q.before)
        << ", stops " << q.max_stops << '\n';
    for (auto const& f : flights) out << ::testing::PrintToString(f) << '\n';
    return out.str();
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
