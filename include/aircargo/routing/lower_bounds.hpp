#pragma once

#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/schedule.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <span>
#include <utility>
#include <vector>

namespace aircargo {

/// How long the way to one airport takes at least, by airport: from landing there until landing at
/// the destination, over the shortest flight of each lane and the least connection at each transit
/// airport, as if one left whenever needed. Nothing that flies on a clock is faster, so a search
/// may drop what could not be in time even like this.
class bounds_row {
public:
    /// In whole minutes, rounded down: 16 bits reach for 45 days, and a longer way only gets a
    /// bound that is too low.
    using minutes16 = std::uint16_t;
    static constexpr minutes16 longest = 0xFFFE;
    static constexpr minutes16 no_way = 0xFFFF;

    explicit bounds_row(minutes16 const* minutes) noexcept : minutes_(minutes) {}

    [[nodiscard]] bool leads_from(airport_index from) const noexcept
    {
        return minutes_[from] != no_way;
    }
    /// Seconds. 45 days where there is no way.
    [[nodiscard]] seconds32 operator[](airport_index from) const noexcept
    {
        return minutes_[from] * seconds32{60};
    }

private:
    minutes16 const* minutes_;
};

namespace detail {

/// Dijkstra's algorithm against the direction of flight.
template <lane_form Lane>
std::vector<bounds_row::minutes16> least_minutes(basic_schedule<Lane> const& s,
                                                 std::span<seconds32 const> connections,
                                                 airport_index destination)
{
    using entry = std::pair<std::uint64_t, airport_index>;  // seconds to go, from where
    std::vector<std::uint64_t> least(s.airports().size(), never);
    std::priority_queue<entry, std::vector<entry>, std::greater<>> open;
    least[destination] = 0;
    open.emplace(0, destination);
    while (!open.empty()) {
        auto const [to_go, at] = open.top();
        open.pop();
        if (to_go > least[at]) continue;
        for (auto const& l : s.arrivals(at).lanes()) {
            auto const from = l.other_end();
            auto const whole = to_go + l.least_block() + connections[from];
            if (l.size() == 0 || whole >= least[from]) continue;
            least[from] = whole;
            open.emplace(whole, from);
        }
    }
    std::vector<bounds_row::minutes16> row(least.size());
    std::transform(least.begin(), least.end(), row.begin(), [](std::uint64_t seconds) {
        if (seconds == never) return bounds_row::no_way;
        return static_cast<bounds_row::minutes16>(
            std::min<std::uint64_t>(seconds / 60, bounds_row::longest));
    });
    return row;
}

}  // namespace detail

/// The rows of a schedule under one connection rule. A row costs one search over all lanes when it
/// is first asked for, two bytes an airport and is kept (3,200 airports: 20 MB once all are asked
/// for). Safe from any number of threads.
class lower_bounds {
public:
    using row_memory = std::shared_ptr<std::vector<bounds_row::minutes16> const>;

    explicit lower_bounds(std::size_t airports) : rows_(airports) {}

    /// The row of a destination; `compute` makes one where there is none yet. Two threads may do
    /// that at the same time; rather than that one waits, one row is then thrown away.
    template <class Compute>
    [[nodiscard]] bounds_row to(airport_index destination, Compute const& compute) const
    {
        if (auto const* const known = rows_[destination].ready.load(std::memory_order_acquire)) {
            return bounds_row(known);
        }
        keep(destination, std::make_shared<std::vector<bounds_row::minutes16>>(compute()));
        return bounds_row(rows_[destination].ready.load(std::memory_order_relaxed));
    }

    /// Takes over those rows of `before` for which `still_low(row)` says so.
    /// \pre made for as many airports
    template <class StillLow>
    void take_over(lower_bounds const& before, StillLow const& still_low)
    {
        std::scoped_lock const locked(before.changing_);
        for (std::size_t d = 0; d < before.rows_.size(); ++d) {
            auto const& old = before.rows_[d].owner;
            if (old && still_low(bounds_row(old->data()))) {
                keep(static_cast<airport_index>(d), old);
            }
        }
    }

private:
    struct slot {
        std::atomic<bounds_row::minutes16 const*> ready{nullptr};
        row_memory owner;
    };

    void keep(airport_index destination, row_memory row) const
    {
        std::scoped_lock const locked(changing_);
        auto& place = rows_[destination];
        if (place.owner) return;
        place.owner = std::move(row);
        place.ready.store(place.owner->data(), std::memory_order_release);
    }

    mutable std::mutex changing_;
    mutable std::vector<slot> rows_;
};

}  // namespace aircargo
