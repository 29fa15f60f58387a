#pragma once

#include <aircargo/routing/schedule.hpp>
#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
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

/// One or two flights of a schedule that lead from origin to destination. Small; points into the
/// schedule.
class itinerary {
public:
    itinerary(schedule const& s, schedule::flight_index direct) noexcept
        : itinerary(s, direct, direct)
    {}
    itinerary(schedule const& s, schedule::flight_index first,
              schedule::flight_index second) noexcept
        : schedule_(&s), first_(first), last_(second)
    {}

    [[nodiscard]] std::size_t stops() const noexcept { return first_ == last_ ? 0 : 1; }
    [[nodiscard]] flight_view first() const noexcept { return schedule_->at(first_); }
    [[nodiscard]] flight_view last() const noexcept { return schedule_->at(last_); }
    [[nodiscard]] std::vector<flight_view> flights() const
    {
        return stops() == 0 ? std::vector{first()} : std::vector{first(), last()};
    }
    [[nodiscard]] std::vector<flight_id> flight_ids() const
    {
        return stops() == 0 ? std::vector{ids()[0]} : std::vector{ids()[0], ids()[1]};
    }
    [[nodiscard]] utc_time departure() const noexcept
    {
        return schedule_->to_time(schedule_->departure(first_));
    }
    [[nodiscard]] utc_time arrival() const noexcept
    {
        return schedule_->to_time(schedule_->arrival(last_));
    }

    [[nodiscard]] schedule::flight_index first_index() const noexcept { return first_; }
    [[nodiscard]] schedule::flight_index last_index() const noexcept { return last_; }
    /// Of the first and the last flight; the same twice for a direct one.
    [[nodiscard]] std::array<flight_id, 2> ids() const noexcept
    {
        return {schedule_->id_of(first_), schedule_->id_of(last_)};
    }

private:
    schedule const* schedule_;
    schedule::flight_index first_;
    schedule::flight_index last_;
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

}  // namespace aircargo
