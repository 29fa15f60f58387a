#pragma once

#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/assert.hpp>
#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/schedule_arrange.hpp>
#include <aircargo/routing/schedule_arrays.hpp>
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo {

/// A flight of a schedule; the name lives as long as the schedule does.
struct flight_view {
    flight_id id;
    flight_number number;
    std::string_view airline_name;
    airport_code origin;
    airport_code destination;
    utc_time departure;
    utc_time arrival;
};

/// An immutable snapshot of all flights in flat arrays, arranged for search:
///  - airports are numbered in the order of their codes;
///  - a lane is an ordered airport pair that somebody flies, with its flights in a row by
///  departure; lanes lie by
///    origin, then destination;
///  - two rows of bits an airport say where its lanes lead and where they come from, so that the
///  places between two
///    airports are one AND, and counting bits gives the lanes' numbers without a look-up;
///  - a table of days an lane says where each day's flights begin, so that no search is needed
///  either;
///  - times are seconds since `origin_of_time()`, 32 bits.
/// Everything that a search reads takes 12 bytes a flight and little more; what only people read
/// (number, airline, id) lies apart. Cheap to copy, safe from any number of threads.
class schedule {
public:
    /// Seconds since `origin_of_time()`.
    using seconds32 = std::uint32_t;
    /// Number of an airport, a lane, a flight within this schedule.
    using airport_index = std::uint16_t;
    using lane_index = std::uint32_t;
    using flight_index = std::uint32_t;

    /// Flights [first, last), by departure.
    struct flight_range {
        flight_index first = 0;
        flight_index last = 0;

        [[nodiscard]] std::size_t size() const noexcept { return last - first; }
        [[nodiscard]] bool empty() const noexcept { return first == last; }
    };

    schedule() : schedule(std::span<flight const>()) {}
    /// \pre every flight arrives after it departs, not where it came from, and all lie within 100
    /// years
    explicit schedule(std::span<flight const> flights);

    [[nodiscard]] std::size_t size() const noexcept { return a_.departure.size(); }
    [[nodiscard]] std::span<airport_code const> airports() const noexcept { return a_.airports; }
    [[nodiscard]] std::size_t lane_count() const noexcept { return a_.lane_origin.size(); }
    /// First and last departure; nothing when there is no flight.
    [[nodiscard]] std::optional<std::pair<utc_time, utc_time>> horizon() const noexcept;

    /// The airport's number; nothing when no flight serves it.
    [[nodiscard]] std::optional<airport_index> find(airport_code code) const noexcept;
    [[nodiscard]] std::optional<lane_index> lane_between(airport_index origin,
                                                         airport_index destination) const noexcept;
    /// Lanes that leave an airport are numbered [first, second).
    [[nodiscard]] std::pair<lane_index, lane_index> lanes_from(airport_index origin) const noexcept
    {
        return {a_.first_lane_out[origin], a_.first_lane_out[origin + 1U]};
    }
    /// The lanes that lead to an airport, by origin.
    [[nodiscard]] std::span<lane_index const> lanes_to(airport_index destination) const noexcept;
    /// Calls `use(airport, lane into it, lane out of it)` for every airport with a lane from
    /// `origin` and one to `destination`.
    template <class Use>
    void for_each_between(airport_index origin, airport_index destination, Use use) const;

    [[nodiscard]] airport_index origin_of(lane_index lane) const noexcept
    {
        return a_.lane_origin[lane];
    }
    [[nodiscard]] airport_index destination_of(lane_index lane) const noexcept
    {
        return a_.lane_destination[lane];
    }
    [[nodiscard]] flight_range flights_of(lane_index lane) const noexcept
    {
        return {a_.first_flight[lane], a_.first_flight[lane + 1U]};
    }
    /// The lane's flights that depart within [from, until).
    [[nodiscard]] flight_range departing(lane_index lane, seconds32 from,
                                         seconds32 until) const noexcept
    {
        auto const first = first_departing(lane, from);
        return {first, std::max(first, first_departing(lane, until))};
    }
    /// The lane's first flight that departs at `t` or later; the end of the lane when there is
    /// none.
    [[nodiscard]] flight_index first_departing(lane_index lane, seconds32 t) const noexcept;

    [[nodiscard]] seconds32 departure(flight_index f) const noexcept { return a_.departure[f]; }
    [[nodiscard]] seconds32 arrival(flight_index f) const noexcept { return a_.arrival[f]; }
    /// The earliest arrival of this flight and all later ones of its lane.
    [[nodiscard]] seconds32 least_arrival(flight_index f) const noexcept
    {
        return a_.least_arrival[f];
    }
    [[nodiscard]] lane_index lane_of(flight_index f) const noexcept;

    /// Comparing ranks compares flight numbers.
    [[nodiscard]] std::uint32_t number_rank(flight_index f) const noexcept
    {
        return a_.number_rank[f];
    }
    [[nodiscard]] flight_id id_of(flight_index f) const noexcept { return a_.id[f]; }
    [[nodiscard]] flight_view at(flight_index f) const noexcept;

    [[nodiscard]] utc_time origin_of_time() const noexcept
    {
        return from_epoch(a_.head->base_time);
    }
    /// The instant in seconds of this schedule; one before or after what it can hold becomes the
    /// nearest it can.
    [[nodiscard]] seconds32 to_seconds(utc_time t) const noexcept;
    [[nodiscard]] utc_time to_time(seconds32 t) const noexcept
    {
        return origin_of_time() + std::chrono::seconds(t);
    }

    /// The whole snapshot as bytes, which another process can use where they lie.
    [[nodiscard]] std::span<std::byte const> bytes() const noexcept { return a_.bytes(); }

private:
    detail::schedule_arrays a_;
};

template <class Use>
void schedule::for_each_between(airport_index origin, airport_index destination, Use use) const
{
    std::size_t const words = a_.head->counts.words();
    auto const* const out = a_.bits_out.data() + origin * words;
    auto const* const in = a_.bits_in.data() + destination * words;
    for (std::size_t w = 0; w < words; ++w) {
        for (auto both = out[w] & in[w]; both != 0; both &= both - 1) {
            auto const bit = static_cast<unsigned>(std::countr_zero(both));
            auto const below = (std::uint64_t{1} << bit) - 1;
            auto const nth_out =
                a_.lanes_before_out[origin * words + w] + std::popcount(out[w] & below);
            auto const nth_in =
                a_.lanes_before_in[destination * words + w] + std::popcount(in[w] & below);
            use(static_cast<airport_index>(w * 64 + bit),
                a_.first_lane_out[origin] + static_cast<lane_index>(nth_out),
                a_.lanes_in[a_.first_lane_in[destination] + static_cast<std::size_t>(nth_in)]);
        }
    }
}

inline std::optional<schedule::airport_index> schedule::find(airport_code code) const noexcept
{
    auto const index = a_.index_of_code[code.index()];
    return index == detail::schedule_arrays::no_airport ? std::nullopt : std::optional(index);
}

inline std::optional<schedule::lane_index> schedule::lane_between(
    airport_index origin, airport_index destination) const noexcept
{
    std::size_t const words = a_.head->counts.words();
    auto const at = origin * words + destination / 64U;
    auto const bit = std::uint64_t{1} << (destination % 64U);
    auto const row = a_.bits_out[at];
    if ((row & bit) == 0) return std::nullopt;
    return a_.first_lane_out[origin] + a_.lanes_before_out[at] +
           static_cast<lane_index>(std::popcount(row & (bit - 1)));
}

inline std::span<schedule::lane_index const> schedule::lanes_to(
    airport_index destination) const noexcept
{
    auto const first = a_.first_lane_in[destination];
    return std::span<lane_index const>(a_.lanes_in)
        .subspan(first, a_.first_lane_in[destination + 1U] - first);
}

inline schedule::flight_index schedule::first_departing(lane_index lane, seconds32 t) const noexcept
{
    constexpr seconds32 day_length = 24 * 60 * 60;
    auto const table = a_.day_table_at[lane];
    auto const days = a_.day_table_at[lane + 1U] - table - 1;
    auto const day = t / day_length;
    if (day < a_.first_day[lane]) return a_.first_flight[lane];
    auto const nth = day - a_.first_day[lane];
    if (nth >= days) return a_.first_flight[lane + 1U];
    auto f = a_.day_table[table + nth];
    auto const end = a_.day_table[table + nth + 1];
    while (f < end && a_.departure[f] < t) ++f;
    return f;
}

inline schedule::lane_index schedule::lane_of(flight_index f) const noexcept
{
    auto const& firsts = a_.first_flight;
    return static_cast<lane_index>(std::upper_bound(firsts.begin(), firsts.end(), f) -
                                   firsts.begin() - 1);
}

inline flight_view schedule::at(flight_index f) const noexcept
{
    auto const lane = lane_of(f);
    auto const name = a_.name_rank[f];
    return {a_.id[f],
            a_.numbers[a_.number_rank[f]],
            {a_.names.data() + a_.name_at[name], a_.name_at[name + 1U] - a_.name_at[name]},
            a_.airports[a_.lane_origin[lane]],
            a_.airports[a_.lane_destination[lane]],
            to_time(a_.departure[f]),
            to_time(a_.arrival[f])};
}

inline schedule::seconds32 schedule::to_seconds(utc_time t) const noexcept
{
    auto const since = (t - origin_of_time()).count();
    return static_cast<seconds32>(
        std::clamp<std::int64_t>(since, 0, std::numeric_limits<seconds32>::max()));
}

inline std::optional<std::pair<utc_time, utc_time>> schedule::horizon() const noexcept
{
    if (size() == 0) return std::nullopt;
    return std::pair(to_time(a_.head->first_departure), to_time(a_.head->last_departure));
}

inline schedule::schedule(std::span<flight const> flights) : a_(detail::arrange(flights)) {}

}  // namespace aircargo
