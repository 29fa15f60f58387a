#pragma once

#include <aircargo/routing/schedule.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace aircargo {

/// The instants that an asked day stands for: departures of the first leg lie in [start, end),
/// those of a second leg before `next_end`, the end of the day after. A day at an airport has 23 or
/// 25 hours when clocks change.
struct day_window {
    utc_time start;
    utc_time end;
    utc_time next_end;
};

/// How far a connection must reach at least: two hours exactly are enough.
inline constexpr std::chrono::minutes default_connection{120};

/// One or two flights that lead from origin to destination. Points into the schedule it was found
/// in.
class itinerary {
public:
    explicit itinerary(flight const& direct) noexcept : flights_{&direct, nullptr} {}
    itinerary(flight const& first, flight const& second) noexcept : flights_{&first, &second} {}

    [[nodiscard]] std::span<flight const* const> flights() const noexcept
    {
        return {flights_.data(), flights_[1] ? 2U : 1U};
    }
    [[nodiscard]] flight const& first() const noexcept { return *flights_[0]; }
    [[nodiscard]] flight const& last() const noexcept
    {
        return flights_[1] ? *flights_[1] : *flights_[0];
    }
    [[nodiscard]] std::vector<flight_id> flight_ids() const
    {
        return flights_[1] ? std::vector{flights_[0]->id, flights_[1]->id}
                           : std::vector{flights_[0]->id};
    }
    [[nodiscard]] utc_time departure() const noexcept { return first().departure; }
    [[nodiscard]] utc_time arrival() const noexcept { return last().arrival; }

private:
    std::array<flight const*, 2> flights_;
};

/// The place of an itinerary in an answer. Total: no two itineraries of a schedule share one, so
/// pages that continue after a key neither lose nor repeat one. First by arrival; then the later
/// departure, which keeps cargo on the ground at home rather than on the way; then by flight
/// numbers, and by ids to tell apart what people can not.
struct itinerary_key {
    utc_time arrival;
    utc_time departure;
    std::array<flight_number, 2> numbers;
    std::array<flight_id, 2> ids;

    explicit itinerary_key(itinerary const& i)
        : arrival(i.arrival()),
          departure(i.departure()),
          numbers{i.first().number, i.last().number},
          ids{i.first().id, i.last().id}
    {}
    itinerary_key(utc_time arr, utc_time dep, std::array<flight_number, 2> n,
                  std::array<flight_id, 2> f)
        : arrival(arr), departure(dep), numbers(n), ids(f)
    {}

    friend std::strong_ordering operator<=>(itinerary_key const& a, itinerary_key const& b) noexcept
    {
        if (auto const c = a.arrival <=> b.arrival; c != 0) return c;
        if (auto const c = b.departure <=> a.departure; c != 0) return c;
        if (auto const c = a.numbers <=> b.numbers; c != 0) return c;
        return a.ids <=> b.ids;
    }
    friend bool operator==(itinerary_key const&, itinerary_key const&) = default;
};

struct route_query {
    airport_code origin;
    airport_code destination;
    day_window day;
    std::chrono::minutes min_connection = default_connection;
    std::size_t max_stops = 1;  ///< 0: direct flights only; 1: also one transit
    std::size_t limit = std::numeric_limits<std::size_t>::max();  ///< of each list
    std::optional<itinerary_key> direct_after{};                  ///< continue behind this one
    std::optional<itinerary_key> transit_after{};
};

/// Why there is no route; each is told apart by what would help.
enum class no_route : std::uint8_t {
    unknown_airport,   ///< no flight of the schedule serves origin or destination
    same_airport,      ///< origin is destination
    outside_schedule,  ///< the day is before the first or after the last departure of the schedule
    no_flight_that_day,   ///< nothing leaves the origin on that day
    no_valid_connection,  ///< flights leave, but none leads there within the allowed stops and
                          ///< times
};

[[nodiscard]] constexpr std::string_view name_of(no_route reason) noexcept
{
    switch (reason) {
        case no_route::unknown_airport: return "unknown_airport";
        case no_route::same_airport: return "same_airport";
        case no_route::outside_schedule: return "outside_schedule";
        case no_route::no_flight_that_day: return "no_flight_that_day";
        case no_route::no_valid_connection: return "no_valid_connection";
    }
    return "?";
}

/// What a search found, each list in the order of `itinerary_key` and cut at the limit.
struct route_answer {
    std::vector<itinerary> direct;
    std::vector<itinerary> transit;
    std::size_t direct_total = 0;  ///< without limit and cursor
    std::size_t transit_total = 0;
    bool more = false;  ///< a list was cut
    std::optional<no_route> reason{};
};

/// Every direct and one-stop itinerary of a day:
///  - the first leg departs on the day, the second before the end of the day after;
///  - the connection is `min_connection` or longer (exactly is enough);
///  - no itinerary passes through its origin or destination.
/// Thread-safe; the answer points into `s`.
[[nodiscard]] route_answer search(schedule const& s, route_query const& query);

namespace detail {

/// Sorts what lies behind `after` and keeps the first `limit`; says whether some were left out.
inline bool cut(std::vector<itinerary>& found, std::optional<itinerary_key> const& after,
                std::size_t limit)
{
    if (after) std::erase_if(found, [&](auto const& i) { return itinerary_key(i) <= *after; });
    auto const before = [](auto const& a, auto const& b) {
        return itinerary_key(a) < itinerary_key(b);
    };
    bool const more = found.size() > limit;
    auto const kept = found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), limit));
    std::partial_sort(found.begin(), kept, found.end(), before);
    found.erase(kept, found.end());
    return more;
}

inline void find_transits(schedule const& s, route_query const& q, std::vector<itinerary>& found)
{
    for (auto const& feeder : s.lanes_from(q.origin)) {
        auto const hub = feeder.destination;
        if (hub == q.destination || hub == q.origin) continue;
        auto const onward = s.between(hub, q.destination);
        if (onward.empty()) continue;
        for (auto const& first : departing(feeder.flights, q.day.start, q.day.end)) {
            for (auto const& second :
                 departing(onward, first.arrival + q.min_connection, q.day.next_end)) {
                found.emplace_back(first, second);
            }
        }
    }
}

[[nodiscard]] inline no_route why_none(schedule const& s, route_query const& q)
{
    if (q.origin == q.destination) return no_route::same_airport;
    if (!s.serves(q.origin) || !s.serves(q.destination)) return no_route::unknown_airport;
    auto const [first, last] = *s.horizon();
    if (q.day.end <= first || q.day.start > last) return no_route::outside_schedule;
    auto const lanes = s.lanes_from(q.origin);
    bool const leaves = std::any_of(lanes.begin(), lanes.end(), [&](auto const& l) {
        return !departing(l.flights, q.day.start, q.day.end).empty();
    });
    return leaves ? no_route::no_valid_connection : no_route::no_flight_that_day;
}

}  // namespace detail

inline route_answer search(schedule const& s, route_query const& query)
{
    route_answer answer;
    if (query.origin != query.destination) {
        for (auto const& f : departing(s.between(query.origin, query.destination), query.day.start,
                                       query.day.end)) {
            answer.direct.emplace_back(f);
        }
        if (query.max_stops > 0) detail::find_transits(s, query, answer.transit);
    }
    answer.direct_total = answer.direct.size();
    answer.transit_total = answer.transit.size();
    if (answer.direct_total + answer.transit_total == 0) answer.reason = detail::why_none(s, query);
    bool const direct_cut = detail::cut(answer.direct, query.direct_after, query.limit);
    bool const transit_cut = detail::cut(answer.transit, query.transit_after, query.limit);
    answer.more = direct_cut || transit_cut;
    return answer;
}

}  // namespace aircargo
