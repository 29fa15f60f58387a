#pragma once

#include <aircargo/core/flight_id.hpp>
#include <aircargo/core/flight_number.hpp>
#include <aircargo/routing/wide_vectors.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

namespace aircargo {

/// Seconds since a schedule's origin of time.
using seconds32 = std::uint32_t;
/// Number of an airport, of an airline's name within a schedule.
using airport_index = std::uint16_t;
using airline_index = std::uint32_t;

inline constexpr seconds32 day_length = 24 * 60 * 60;
inline constexpr seconds32 never = std::numeric_limits<seconds32>::max();

/// A flight as its lane keeps it; the lane says where it goes.
struct lane_flight {
    seconds32 departure;
    seconds32 arrival;
    flight_number number;
    flight_id id;
    airline_index airline;

    /// The order of a lane.
    friend bool operator<(lane_flight const& a, lane_flight const& b) noexcept
    {
        return std::tie(a.departure, a.number, a.id) < std::tie(b.departure, b.number, b.id);
    }
};

/// Where the parts of a lane lie in a block of memory and what they hold; written to files as it
/// is.
struct lane_head {
    std::uint64_t hot = 0;   ///< offset of what searches read
    std::uint64_t cold = 0;  ///< offset of what only people read
    std::uint32_t entries = 0;
    std::uint32_t flights = 0;
    std::uint32_t least_block = 0;  ///< seconds of the shortest flight
    std::uint16_t first_day = 0;    ///< of its first flight, counted from the origin of time
    std::uint16_t days = 0;         ///< from the first to the last departure, both counted
    airport_index origin = 0;
    airport_index destination = 0;
    std::uint32_t variant = 0;  ///< for a form that has several, which one
};

/// Bytes that the two parts of a lane need.
struct lane_sizes {
    std::size_t hot;
    std::size_t cold;
};

/// The flights from one airport to another, in order of departure, in one of the forms in which a
/// schedule can keep them. A position names a flight of the lane; positions grow with the
/// departure, `next` steps from one to the following.
template <class L>
concept lane_form = std::copyable<L> &&
    requires(L const& lane, typename L::position p, seconds32 t,
             std::span<lane_flight const> flights, lane_head const& head, std::byte* to,
             std::byte const* from)
{
    {
        lane.size()
        } -> std::same_as<std::size_t>;
    {
        lane.begin()
        } -> std::same_as<typename L::position>;
    {
        lane.end()
        } -> std::same_as<typename L::position>;
    {
        lane.next(p)
        } -> std::same_as<typename L::position>;
    {
        lane.count(p, p)
        } -> std::same_as<std::size_t>;  // flights within [first, last)
    {
        lane.first_departing(t)
        } -> std::same_as<typename L::position>;  // at t or later, or end()
    {
        lane.write_each(p, p, &p, [](typename L::position flight) { return flight; })
        } -> std::same_as<typename L::position*>;  // for those within [first, last); the end
    lane.prefetch_day(t);         // asks the memory for what first_departing(t) reads first
    lane.prefetch_flights(t);     // and then, and for the arrivals
    lane.prefetch_departures(t);  // and then, without them
    {
        lane.departure(p)
        } -> std::same_as<seconds32>;
    {
        lane.arrival(p)
        } -> std::same_as<seconds32>;
    {
        lane.least_arrival(p)
        } -> std::same_as<seconds32>;  // of this flight and all later ones
    {
        lane.least_block()
        } -> std::same_as<seconds32>;  // of any flight of the lane
    {
        lane.at(p)
        } -> std::same_as<lane_flight>;
    {
        lane.other_end()
        } -> std::same_as<airport_index>;
    {
        L::form_number
        } -> std::convertible_to<std::uint32_t>;  // tells forms apart in files
    {
        L::head_of(flights)
        } -> std::same_as<lane_head>;  // without the places
    {
        L::sizes_of(head)
        } -> std::same_as<lane_sizes>;
    {
        L::write(flights, head, to, to)
        } -> std::same_as<void>;
    {
        L::is_sound(head, from)
        } -> std::same_as<bool>;
    L(head, from, from, airport_index{});
};

namespace detail {

// Always inline, here and where it is called: GCC takes a function that does nothing else for one
// without effect and drops the call.
[[gnu::always_inline]] inline void prefetch(void const* at) noexcept
{
#if defined(__GNUC__)
    __builtin_prefetch(at);
#else
    (void)at;
#endif
}

template <class T>
[[nodiscard]] T load(std::byte const* at) noexcept
{
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

}  // namespace detail

/// A lane as plain arrays: 12 bytes a flight and 4 a day for searches, 20 more a flight for people.
class lane {
public:
    using position = std::uint32_t;
    static constexpr std::uint32_t form_number = 1;

    lane(lane_head const& head, std::byte const* hot, std::byte const* cold,
         airport_index other_end) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] position begin() const noexcept { return 0; }
    [[nodiscard]] position end() const noexcept { return count_; }
    [[nodiscard]] position next(position p) const noexcept { return p + 1; }
    [[nodiscard]] std::size_t count(position first, position last) const noexcept
    {
        return last - first;
    }
    /// Writes `make(position)` for all flights within [first, last). \return the end
    /// \pre room for `piece_of_run` more
    template <class T, class Make>
    [[nodiscard]] T* write_each(position first, position last, T* to, Make make) const
    {
        for (; first < last; ++first) *to++ = make(first);
        return to;
    }
    [[nodiscard, gnu::always_inline]] position first_departing(seconds32 t) const noexcept;

    /// The flights of a UTC day, counted from the origin of time: [begin, end).
    struct day_flights {
        position begin;
        position end;
    };
    [[nodiscard]] day_flights on_day(seconds32 day) const noexcept
    {
        auto const nth = day - first_day_;  // huge for a day before the first
        if (nth < days_) return {day_table()[nth], day_table()[nth + 1]};
        return day < first_day_ ? day_flights{0, 0} : day_flights{count_, count_};
    }

    /// Times of all flights; vectors may be read from any of them.
    [[nodiscard]] seconds32 const* departures() const noexcept
    {
        return reinterpret_cast<seconds32 const*>(hot_) + days_ + 1;
    }
    [[nodiscard]] seconds32 const* arrivals() const noexcept { return departures() + count_; }

    /// Ask the memory for what `first_departing(t)` reads first, and then.
    [[gnu::always_inline]] void prefetch_day(seconds32 t) const noexcept
    {
        detail::prefetch(day_table() + nearest_day(t));
    }
    [[gnu::always_inline]] void prefetch_flights(seconds32 t) const noexcept
    {
        auto const p = day_table()[nearest_day(t)];
        detail::prefetch(departures() + p);
        detail::prefetch(arrivals() + p);
    }
    [[gnu::always_inline]] void prefetch_departures(seconds32 t) const noexcept
    {
        auto const p = day_table()[nearest_day(t)];
        detail::prefetch(departures() + p);
        detail::prefetch(departures() + p + 16);
    }

    [[nodiscard]] seconds32 departure(position p) const noexcept { return departures()[p]; }
    [[nodiscard]] seconds32 arrival(position p) const noexcept { return departures()[count_ + p]; }
    [[nodiscard]] seconds32 least_arrival(position p) const noexcept
    {
        return departures()[2 * std::size_t{count_} + p];
    }
    [[nodiscard]] seconds32 least_block() const noexcept { return least_block_; }
    [[nodiscard]] lane_flight at(position p) const noexcept;

    /// The airport that this lane leads to, on a board of departures; that it comes from, on a
    /// board of arrivals.
    [[nodiscard]] airport_index other_end() const noexcept { return other_end_; }

    [[nodiscard]] static lane_head head_of(std::span<lane_flight const> flights);
    [[nodiscard]] static lane_sizes sizes_of(lane_head const& head) noexcept;
    static void write(std::span<lane_flight const> flights, lane_head const& head, std::byte* hot,
                      std::byte* cold);
    /// Whether every position that a search computes from `hot` lies within the lane.
    [[nodiscard]] static bool is_sound(lane_head const& head, std::byte const* hot) noexcept;

private:
    struct details {
        flight_id id;
        std::array<char, 8> number;
    };

    /// A place of the day table, that of the day where it has one.
    [[nodiscard]] seconds32 nearest_day(seconds32 t) const noexcept
    {
        return std::min<seconds32>(t / day_length - first_day_, days_);
    }
    // The day table first: the first flight of each day, and the end of the last day.
    [[nodiscard]] std::uint32_t const* day_table() const noexcept
    {
        return reinterpret_cast<std::uint32_t const*>(hot_);
    }

    std::byte const* hot_;   // day table, departures, arrivals, least arrivals
    std::byte const* cold_;  // details, airlines
    std::uint32_t count_;
    seconds32 least_block_;
    std::uint16_t first_day_;
    std::uint16_t days_;
    airport_index other_end_;
};

inline lane::lane(lane_head const& head, std::byte const* hot, std::byte const* cold,
                  airport_index other_end) noexcept
    : hot_(hot),
      cold_(cold),
      count_(head.flights),
      least_block_(head.least_block),
      first_day_(head.first_day),
      days_(head.days),
      other_end_(other_end)
{}

inline lane::position lane::first_departing(seconds32 t) const noexcept
{
    auto const day = on_day(t / day_length);
    return detail::usual_vectors::first_not_below(departures(), day.begin, day.end, t);
}

inline lane_flight lane::at(position p) const noexcept
{
    auto const about = detail::load<details>(cold_ + p * sizeof(details));
    auto const* const airlines = cold_ + count_ * sizeof(details);
    return {departure(p), arrival(p), flight_number::unpack(about.number), about.id,
            detail::load<airline_index>(airlines + p * sizeof(airline_index))};
}

inline lane_head lane::head_of(std::span<lane_flight const> flights)
{
    lane_head head;
    head.flights = head.entries = static_cast<std::uint32_t>(flights.size());
    if (flights.empty()) return head;
    head.first_day = static_cast<std::uint16_t>(flights.front().departure / day_length);
    head.days =
        static_cast<std::uint16_t>(flights.back().departure / day_length - head.first_day + 1);
    head.least_block = never;
    for (auto const& f : flights) {
        head.least_block = std::min(head.least_block, f.arrival - f.departure);
    }
    return head;
}

inline lane_sizes lane::sizes_of(lane_head const& head) noexcept
{
    return {(std::size_t{head.days} + 1 + 3 * std::size_t{head.flights}) * sizeof(std::uint32_t),
            head.flights * (sizeof(details) + sizeof(airline_index))};
}

inline void lane::write(std::span<lane_flight const> flights, lane_head const& head, std::byte* hot,
                        std::byte* cold)
{
    auto const count = flights.size();
    auto* const table = reinterpret_cast<std::uint32_t*>(hot);
    auto* const departures = table + head.days + 1;
    auto* const airlines = cold + count * sizeof(details);
    std::uint32_t day = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto const& f = flights[i];
        for (; day <= f.departure / day_length - head.first_day; ++day) table[day] = i;
        departures[i] = f.departure;
        departures[count + i] = f.arrival;
        details const about{f.id, f.number.pack()};
        std::memcpy(cold + i * sizeof about, &about, sizeof about);
        std::memcpy(airlines + i * sizeof f.airline, &f.airline, sizeof f.airline);
    }
    table[head.days] = head.flights;
    auto least = never;
    for (auto i = count; i-- > 0;) {
        least = std::min(least, flights[i].arrival);
        departures[2 * count + i] = least;
    }
}

inline bool lane::is_sound(lane_head const& head, std::byte const* hot) noexcept
{
    auto const* const table = reinterpret_cast<std::uint32_t const*>(hot);
    return std::is_sorted(table, table + head.days + 1) && table[head.days] == head.flights &&
           (head.days > 0 || head.flights == 0);
}

static_assert(lane_form<lane>);

}  // namespace aircargo
