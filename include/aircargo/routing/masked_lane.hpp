#pragma once

#include <aircargo/core/assert.hpp>
#include <aircargo/core/flight_id.hpp>
#include <aircargo/core/flight_number.hpp>
#include <aircargo/routing/bit_string.hpp>
#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/schedule.hpp>
#include <aircargo/routing/timetable.hpp>
#include <aircargo/routing/wide_vectors.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

namespace aircargo {

/// A lane as the patterns of its timetable: for each its clock and its block time, and for each day
/// a mask of the patterns that fly. Takes a twentieth of what a plain lane does where most flights
/// go on most days; flights at a different time each day take about as much as there.
///
/// Clocks and blocks take two bytes each where all are whole minutes, else four. Patterns and masks
/// begin anew every 64 days: an epoch has the patterns that fly in it. An id takes four bytes where
/// the lane's ids are that close together, else eight; number and airline, twelve a pattern.
///
/// A position is the day and the pattern's place in its epoch. Not every such pair has a flight,
/// and only those that have one are ever given out.
class masked_lane {
public:
    using position = std::uint32_t;
    static constexpr std::uint32_t form_number = 2;

    masked_lane(lane_head const& head, std::byte const* hot, std::byte const* cold,
                airport_index other_end) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return flights_before({days_, 0}); }
    [[nodiscard]] position begin() const noexcept { return days_ > 0 ? flight_from({0, 0}) : 0; }
    [[nodiscard]] position end() const noexcept { return position{days_} << nth_bits_; }
    [[nodiscard, gnu::always_inline]] position next(position p) const noexcept
    {
        auto const [day, nth] = place_of(p);
        return flight_from({day, nth + 1});
    }
    [[nodiscard]] std::size_t count(position first, position last) const noexcept;
    template <class T, class Make>
    [[nodiscard]] T* write_each(position first, position last, T* to, Make make) const;
    [[nodiscard, gnu::always_inline]] position first_departing(seconds32 t) const noexcept;

    void prefetch_day(seconds32 /*t*/) const noexcept
    {
        detail::prefetch(has_epochs() ? static_cast<void const*>(starts()) : hot_);
    }
    void prefetch_flights(seconds32 t) const noexcept { prefetch(t, true); }
    void prefetch_departures(seconds32 t) const noexcept { prefetch(t, false); }

    [[nodiscard]] seconds32 departure(position p) const noexcept
    {
        auto const at = place_of(p);
        return midnight(at.day) + clock(pattern_at(at));
    }
    [[nodiscard]] seconds32 arrival(position p) const noexcept
    {
        auto const at = place_of(p);
        auto const pattern = pattern_at(at);
        return midnight(at.day) + clock(pattern) + block(pattern);
    }
    [[nodiscard]] seconds32 least_arrival(position p) const noexcept;
    [[nodiscard]] seconds32 least_block() const noexcept { return least_block_; }
    [[nodiscard]] lane_flight at(position p) const noexcept;
    [[nodiscard]] airport_index other_end() const noexcept { return other_end_; }

    [[nodiscard]] static lane_head head_of(std::span<lane_flight const> flights);
    [[nodiscard]] static lane_sizes sizes_of(lane_head const& head) noexcept;
    static void write(std::span<lane_flight const> flights, lane_head const& head, std::byte* hot,
                      std::byte* cold);
    /// Whether the lane is one that could have been written: all its times are in order, so no
    /// search is led astray. Looks at every pattern and day.
    [[nodiscard]] static bool is_sound(lane_head const& head, std::byte const* hot) noexcept;

private:
    struct place {
        std::uint32_t day;
        std::uint32_t nth;  // in its epoch
    };
    struct epoch {
        std::uint32_t first;  // pattern
        std::uint32_t count;
        std::byte const* masks;
    };
    struct details {
        std::array<char, 8> number;
        airline_index airline;
    };
    /// What `lane_head::variant` says.
    struct variant {
        bool seconds = false;   // clocks and blocks, not minutes
        bool wide_ids = false;  // eight bytes
        std::uint32_t nth_bits = 0;

        [[nodiscard]] std::uint32_t pack() const noexcept
        {
            return (seconds ? 1U : 0U) | (wide_ids ? 2U : 0U) | nth_bits << 8;
        }
        [[nodiscard]] static variant unpack(std::uint32_t bits) noexcept
        {
            return {(bits & 1) != 0, (bits & 2) != 0, bits >> 8 & 0xFF};
        }
        [[nodiscard]] std::size_t pattern_size() const noexcept { return seconds ? 8 : 4; }
        [[nodiscard]] std::size_t id_size() const noexcept { return wide_ids ? 8 : 4; }
    };

    static constexpr std::uint32_t epoch_length = detail::epoch_length;
    static constexpr std::size_t epoch_masks = epoch_length / 8;  // bytes, for each pattern
    static constexpr seconds32 longest_in_minutes = 0xFFFF * seconds32{60};

    [[nodiscard]] static std::uint32_t epochs_in(std::uint32_t days) noexcept
    {
        return (days + epoch_length - 1) / epoch_length;
    }
    [[nodiscard]] static variant variant_of(std::span<lane_flight const> flights,
                                            detail::timetable const& table);
    [[nodiscard]] static bool has_sound_shape(lane_head const& head) noexcept;

    [[nodiscard]] bool has_sound_epochs() const noexcept;
    [[nodiscard]] bool has_sound_times(epoch const& e) const noexcept;
    void prefetch(seconds32 t, bool blocks) const noexcept;
    void write_times(std::span<detail::flight_pattern const> patterns, std::byte* hot) const;
    void write_masks(detail::timetable const& table, std::byte* hot) const;
    /// \return how many flights the patterns have
    static std::uint32_t set_days(std::span<detail::flight_pattern const> patterns,
                                  std::byte* bits);

    [[nodiscard]] position position_of(place at) const noexcept
    {
        return (at.day << nth_bits_) + at.nth;
    }
    [[nodiscard]] place place_of(position p) const noexcept
    {
        return {p >> nth_bits_, p & ((position{1} << nth_bits_) - 1)};
    }
    [[nodiscard]] std::uint32_t day_of(seconds32 t) const noexcept
    {
        auto const day = t / day_length;
        return day < first_day_ ? 0 : day - first_day_;
    }
    [[nodiscard]] seconds32 midnight(std::uint32_t day) const noexcept
    {
        return (first_day_ + day) * day_length;
    }

    // Most schedules are shorter than an epoch. Longer ones tell where each begins.
    [[nodiscard]] bool has_epochs() const noexcept { return days_ > epoch_length; }
    [[nodiscard]] epoch epoch_of(std::uint32_t day) const noexcept
    {
        if (!has_epochs()) return {0, patterns_, masks()};
        auto const nth = day / epoch_length;
        auto const first = starts()[nth];
        return {first, starts()[nth + 1] - first, masks() + first * epoch_masks};
    }
    [[nodiscard]] std::uint32_t pattern_at(place at) const noexcept
    {
        return has_epochs() ? starts()[at.day / epoch_length] + at.nth : at.nth;
    }
    /// The bit of a place among the masks of its epoch.
    [[nodiscard]] static std::size_t bit_of(place at, epoch const& e) noexcept
    {
        return std::size_t{at.day % epoch_length} * e.count + at.nth;
    }

    /// The first flight at a place or behind it. \pre a day of the lane
    [[nodiscard, gnu::always_inline]] position flight_from(place at) const noexcept;
    [[nodiscard]] position flight_of_later_day(std::uint32_t day) const noexcept;
    /// Its place on the day, or the end of the patterns.
    [[nodiscard, gnu::always_inline]] static std::uint32_t flight_of_day(place from,
                                                                         epoch const& e) noexcept;
    [[nodiscard]] std::size_t flights_before(place at) const noexcept;

    [[nodiscard]] seconds32 clock(std::uint32_t pattern) const noexcept
    {
        return seconds_ ? long_times()[pattern] : short_times()[pattern] * seconds32{60};
    }
    [[nodiscard]] seconds32 block(std::uint32_t pattern) const noexcept
    {
        return clock(patterns_ + pattern);
    }
    // Clocks first, then blocks.
    [[nodiscard]] std::uint16_t const* short_times() const noexcept
    {
        return reinterpret_cast<std::uint16_t const*>(hot_);
    }
    [[nodiscard]] std::uint32_t const* long_times() const noexcept
    {
        return reinterpret_cast<std::uint32_t const*>(hot_);
    }
    // Where there are several epochs: the first pattern of each, and how many flights are before.
    [[nodiscard]] std::uint32_t const* starts() const noexcept
    {
        return reinterpret_cast<std::uint32_t const*>(
            hot_ + (std::size_t{patterns_} << (seconds_ ? 3 : 2)));
    }
    [[nodiscard]] std::uint32_t const* flights_before_epochs() const noexcept
    {
        return starts() + epochs_in(days_) + 1;
    }
    [[nodiscard]] std::byte const* masks() const noexcept
    {
        auto const* const end =
            has_epochs() ? flights_before_epochs() + epochs_in(days_) + 1 : starts();
        return reinterpret_cast<std::byte const*>(end);
    }

    std::byte const* hot_;   // clocks, blocks, epochs, masks
    std::byte const* cold_;  // the lane's least id, details, ids
    std::uint32_t patterns_;
    seconds32 least_block_;
    std::uint16_t first_day_;
    std::uint16_t days_;
    airport_index other_end_;
    std::uint8_t nth_bits_;  // of a position, for the place in an epoch
    bool seconds_ : 1;
    bool wide_ids_ : 1;
};

/// The form for long horizons and little memory.
using compact_schedule = basic_schedule<masked_lane>;

inline masked_lane::masked_lane(lane_head const& head, std::byte const* hot, std::byte const* cold,
                                airport_index other_end) noexcept
    : hot_(hot),
      cold_(cold),
      patterns_(head.entries),
      least_block_(head.least_block),
      first_day_(head.first_day),
      days_(head.days),
      other_end_(other_end),
      nth_bits_(static_cast<std::uint8_t>(variant::unpack(head.variant).nth_bits)),
      seconds_(variant::unpack(head.variant).seconds),
      wide_ids_(variant::unpack(head.variant).wide_ids)
{}

inline std::size_t masked_lane::count(position first, position last) const noexcept
{
    if (first >= last) return 0;
    auto const from = place_of(first);
    auto const to = place_of(last);
    if (from.day / epoch_length != to.day / epoch_length) {
        return flights_before(to) - flights_before(from);
    }
    auto const e = epoch_of(from.day);
    return detail::bit_count(e.masks, bit_of(from, e), bit_of(to, e));
}

template <class T, class Make>
T* masked_lane::write_each(position first, position last, T* to, Make make) const
{
    // How many fly on a day is hard to foresee. Eight at once are enough on most.
    constexpr int at_once = 8;
    static_assert(at_once <= detail::piece_of_run);
    auto const end = place_of(last);
    for (auto at = place_of(first); position_of(at) < last;) {
        auto const e = epoch_of(at.day);
        auto const day_end = at.day == end.day ? end.nth : e.count;
        auto const left = std::min(day_end - at.nth, detail::bits_at_once);
        auto flying = detail::lowest_bits(detail::bits_from(e.masks, bit_of(at, e)), left);
        auto const count = std::popcount(flying);
        for (int done = 0; done < count; done += at_once) {
            for (int i = 0; i < at_once; ++i, flying &= flying - 1) {
                auto const nth = static_cast<position>(std::countr_zero(flying));
                to[done + i] = make(position_of(at) + nth);
            }
        }
        to += count;
        at.nth += left;
        if (at.nth == day_end) at = {at.day + 1, 0};
    }
    return to;
}

inline std::size_t masked_lane::flights_before(place at) const noexcept
{
    if (!has_epochs()) {
        // Not by `bit_of`: the end may be the first day of the next epoch.
        return detail::bit_count(masks(), 0, std::size_t{at.day} * patterns_ + at.nth);
    }
    std::size_t const before = flights_before_epochs()[at.day / epoch_length];
    if (at.day % epoch_length == 0 && at.nth == 0) return before;  // the end, perhaps
    auto const e = epoch_of(at.day);
    return before + detail::bit_count(e.masks, 0, bit_of(at, e));
}

inline masked_lane::position masked_lane::first_departing(seconds32 t) const noexcept
{
    auto const day = day_of(t);
    if (day >= days_) return end();
    if (t < midnight(0)) return begin();
    auto const e = epoch_of(day);
    auto const since_midnight = t % day_length;
    auto const last = e.first + e.count;
    auto const pattern = seconds_ ? detail::usual_vectors::first_not_below(long_times(), e.first,
                                                                           last, since_midnight)
                                  : detail::usual_vectors::first_not_below(
                                        short_times(), e.first, last,
                                        static_cast<std::uint16_t>((since_midnight + 59) / 60));
    return flight_from({day, pattern - e.first});
}

inline void masked_lane::prefetch(seconds32 t, bool blocks) const noexcept
{
    auto const day = std::min<std::uint32_t>(day_of(t), std::max<std::uint32_t>(days_, 1) - 1);
    auto const e = epoch_of(day);
    auto const size = seconds_ ? sizeof(std::uint32_t) : sizeof(std::uint16_t);
    detail::prefetch(hot_ + e.first * size);
    if (blocks) detail::prefetch(hot_ + (std::size_t{patterns_} + e.first) * size);
    detail::prefetch(e.masks + bit_of({day, 0}, e) / 8);
}

inline masked_lane::position masked_lane::flight_from(place at) const noexcept
{
    auto const e = epoch_of(at.day);
    auto const nth = flight_of_day(at, e);
    return nth < e.count ? position_of({at.day, nth}) : flight_of_later_day(at.day + 1);
}

inline masked_lane::position masked_lane::flight_of_later_day(std::uint32_t day) const noexcept
{
    while (day < days_) {
        auto const e = epoch_of(day);
        auto const epoch_end =
            std::min<std::uint32_t>((day / epoch_length + 1) * epoch_length, days_);
        if (e.count == 0) day = epoch_end;
        for (; day < epoch_end; ++day) {
            auto const nth = flight_of_day({day, 0}, e);
            if (nth < e.count) return position_of({day, nth});
        }
    }
    return end();
}

inline std::uint32_t masked_lane::flight_of_day(place from, epoch const& e) noexcept
{
    for (auto bit = bit_of(from, e); from.nth < e.count; from.nth += detail::bits_at_once) {
        auto const left = std::min(e.count - from.nth, detail::bits_at_once);
        auto const word = detail::lowest_bits(detail::bits_from(e.masks, bit), left);
        if (word != 0) return from.nth + static_cast<std::uint32_t>(std::countr_zero(word));
        bit += detail::bits_at_once;
    }
    return e.count;
}

inline seconds32 masked_lane::least_arrival(position p) const noexcept
{
    auto least = arrival(p);
    // Flights are few that depart before one lands, less the shortest block.
    for (p = next(p); p != end() && departure(p) + least_block_ < least; p = next(p)) {
        least = std::min(least, arrival(p));
    }
    return least;
}

inline lane_flight masked_lane::at(position p) const noexcept
{
    auto const where = place_of(p);
    auto const* const all = cold_ + sizeof(std::int64_t);
    auto const about = detail::load<details>(all + pattern_at(where) * sizeof(details));
    auto const* const ids = all + patterns_ * sizeof(details);
    auto const nth = flights_before(where);
    auto const behind_least = wide_ids_
                                  ? detail::load<std::uint64_t>(ids + nth * sizeof(std::uint64_t))
                                  : detail::load<std::uint32_t>(ids + nth * sizeof(std::uint32_t));
    auto const id = static_cast<flight_id>(detail::load<std::uint64_t>(cold_) + behind_least);
    return {departure(p), arrival(p), flight_number::unpack(about.number), id, about.airline};
}

inline masked_lane::variant masked_lane::variant_of(std::span<lane_flight const> flights,
                                                    detail::timetable const& table)
{
    variant v;
    v.seconds = std::any_of(table.patterns().begin(), table.patterns().end(), [](auto const& p) {
        return p.clock % 60 != 0 || p.block % 60 != 0 || p.block > longest_in_minutes;
    });
    auto const [least, most] = std::minmax_element(
        flights.begin(), flights.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    v.wide_ids = static_cast<std::uint64_t>(most->id) - static_cast<std::uint64_t>(least->id) >
                 std::numeric_limits<std::uint32_t>::max();
    v.nth_bits = static_cast<std::uint32_t>(std::bit_width(table.most_in_an_epoch() - 1));
    return v;
}

inline lane_head masked_lane::head_of(std::span<lane_flight const> flights)
{
    auto head = lane::head_of(flights);
    if (flights.empty()) return head;
    detail::timetable const table(flights);
    head.entries = static_cast<std::uint32_t>(table.patterns().size());
    head.variant = variant_of(flights, table).pack();
    // Thousands of flights a day, each at a clock of its own, for years: nothing flies like that.
    AIRCARGO_ASSERT(has_sound_shape(head));
    return head;
}

inline lane_sizes masked_lane::sizes_of(lane_head const& head) noexcept
{
    auto const v = variant::unpack(head.variant);
    std::size_t const patterns = head.entries;
    bool const has_epochs = head.days > epoch_length;
    auto const masks = has_epochs ? patterns * epoch_masks : (patterns * head.days + 7) / 8;
    auto const epochs =
        has_epochs ? 2 * sizeof(std::uint32_t) * (std::size_t{epochs_in(head.days)} + 1) : 0;
    return {patterns * v.pattern_size() + epochs + masks,
            sizeof(std::int64_t) + patterns * sizeof(details) + head.flights * v.id_size()};
}

inline void masked_lane::write(std::span<lane_flight const> flights, lane_head const& head,
                               std::byte* hot, std::byte* cold)
{
    detail::timetable const table(flights);
    masked_lane const made(head, hot, cold, head.destination);
    std::memset(hot, 0, sizes_of(head).hot);
    made.write_times(table.patterns(), hot);
    made.write_masks(table, hot);

    auto const first = std::min_element(flights.begin(), flights.end(),
                                        [](auto const& a, auto const& b) { return a.id < b.id; });
    auto const least = first == flights.end() ? 0 : static_cast<std::uint64_t>(first->id);
    auto const put = [&](auto const& value, std::size_t size) {
        std::memcpy(cold, &value, size);
        cold += size;
    };
    put(least, sizeof least);
    for (auto const& p : table.patterns())
        put(details{p.number.pack(), p.airline}, sizeof(details));
    for (auto const& f : flights) {
        auto const behind_least = static_cast<std::uint64_t>(f.id) - least;
        put(behind_least, variant::unpack(head.variant).id_size());
    }
}

inline void masked_lane::write_times(std::span<detail::flight_pattern const> patterns,
                                     std::byte* hot) const
{
    auto const put = [&](std::size_t nth, seconds32 time) {
        if (seconds_) {
            reinterpret_cast<std::uint32_t*>(hot)[nth] = time;
        } else {
            reinterpret_cast<std::uint16_t*>(hot)[nth] = static_cast<std::uint16_t>(time / 60);
        }
    };
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        put(i, patterns[i].clock);
        put(patterns.size() + i, patterns[i].block);
    }
}

inline void masked_lane::write_masks(detail::timetable const& table, std::byte* hot) const
{
    auto const place_in = [&](void const* part) {
        return hot + (static_cast<std::byte const*>(part) - hot_);
    };
    auto* bits = place_in(masks());
    auto* epoch_start = place_in(starts());
    auto* flights_before = place_in(flights_before_epochs());
    auto const put = [](std::byte*& to, std::uint32_t value) {
        std::memcpy(to, &value, sizeof value);
        to += sizeof value;
    };
    std::uint32_t patterns = 0;
    std::uint32_t flights = 0;
    for (std::size_t nth = 0; nth <= table.epochs(); ++nth) {
        if (has_epochs()) {
            put(epoch_start, patterns);
            put(flights_before, flights);
        }
        if (nth == table.epochs()) break;
        auto const of_epoch = table.epoch(nth);
        flights += set_days(of_epoch, bits);
        patterns += static_cast<std::uint32_t>(of_epoch.size());
        bits += of_epoch.size() * epoch_masks;
    }
}

inline std::uint32_t masked_lane::set_days(std::span<detail::flight_pattern const> patterns,
                                           std::byte* bits)
{
    std::uint32_t flights = 0;
    for (std::size_t nth = 0; nth < patterns.size(); ++nth) {
        for (auto days = patterns[nth].days; days != 0; days &= days - 1) {
            auto const day = static_cast<std::size_t>(std::countr_zero(days));
            detail::set_bit(bits, day * patterns.size() + nth);
            ++flights;
        }
    }
    return flights;
}

inline bool masked_lane::has_sound_shape(lane_head const& head) noexcept
{
    auto const v = variant::unpack(head.variant);
    auto const end_of_time = (std::uint64_t{head.first_day} + head.days) * day_length;
    return v.pack() == head.variant && v.nth_bits < 32 && end_of_time <= never &&
           (std::uint64_t{head.days} << v.nth_bits) <= std::numeric_limits<position>::max() &&
           (head.days > 0) == (head.flights > 0) && (head.days > 0) == (head.entries > 0) &&
           (head.days > 0) == (head.least_block > 0);
}

inline bool masked_lane::is_sound(lane_head const& head, std::byte const* hot) noexcept
{
    if (!has_sound_shape(head)) return false;
    masked_lane const l(head, hot, nullptr, {});
    return l.has_sound_epochs() && l.size() == head.flights;
}

inline bool masked_lane::has_sound_epochs() const noexcept
{
    auto const epochs = epochs_in(days_);
    if (has_epochs()) {
        auto const* const ends = starts() + epochs;
        if (starts()[0] != 0 || *ends != patterns_) return false;
        if (!std::is_sorted(starts(), ends + 1)) return false;
    }
    std::size_t flights = 0;
    for (std::uint32_t nth = 0; nth < epochs; ++nth) {
        auto const day = nth * epoch_length;
        auto const e = epoch_of(day);
        if (e.count > (position{1} << nth_bits_) || !has_sound_times(e)) return false;
        if (has_epochs() && flights_before_epochs()[nth] != flights) return false;
        auto const days = std::min(epoch_length, days_ - day);
        flights += detail::bit_count(e.masks, 0, std::size_t{days} * e.count);
    }
    return !has_epochs() || flights_before_epochs()[epochs] == flights;
}

inline bool masked_lane::has_sound_times(epoch const& e) const noexcept
{
    auto const last_block = never - midnight(days_);
    seconds32 before = 0;
    for (auto p = e.first; p < e.first + e.count; ++p) {
        if (clock(p) < before || clock(p) >= day_length) return false;
        if (block(p) < least_block_ || block(p) > last_block) return false;
        before = clock(p);
    }
    return true;
}

static_assert(lane_form<masked_lane>);
static_assert(sizeof(masked_lane) <= 32);
static_assert(detail::bit_slack <= detail::lane_slack * sizeof(seconds32));

}  // namespace aircargo
