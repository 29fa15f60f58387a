#pragma once

#include <aircargo/routing/placed_query.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace aircargo::detail {

/// What a query says that a flight costs, where it orders by that.
template <class Schedule>
[[nodiscard]] std::int64_t cost_of(Schedule const& s, route_query const& q, flight_place f)
{
    return q.order == route_order::cost && q.cost ? q.cost(s.at(f)) : 0;
}

/// A rank that so many of `ranks` reach, and few more: they are counted in steps, which takes one
/// pass and no copy. \pre 0 < wanted <= ranks.size()
[[nodiscard]] inline time_rank reached_by(std::span<time_rank const> ranks, std::size_t wanted)
{
    auto const [least, most] = std::minmax_element(ranks.begin(), ranks.end());
    constexpr int bits = 10;
    auto const shift = std::max(0, static_cast<int>(std::bit_width(*most - *least)) - bits);
    std::array<std::uint32_t, std::size_t{1} << bits> counts{};
    for (auto const r : ranks) ++counts[(r - *least) >> shift];
    std::size_t reached = 0;
    time_rank step = 0;
    while ((reached += counts[step]) < wanted) ++step;
    auto const last = ((step + 1) << shift) - 1;
    return *least + std::min(last, *most - *least);
}

/// A direct flight or a connection that may get into an answer.
template <class Lane>
struct candidate {
    std::int64_t value;  ///< what the query orders by, where it is not the arrival
    seconds32 arrival;
    seconds32 departure;
    Lane const* in;
    Lane const* out;  ///< null for a direct flight
    std::uint32_t first;
    std::uint32_t second;

    [[nodiscard]] std::size_t legs() const noexcept { return out ? 2 : 1; }
    [[nodiscard]] lane_flight leg(std::size_t nth) const
    {
        return nth == 0 ? in->at(first) : out->at(second);
    }
};

/// Flight numbers leg by leg, then fewer legs, then ids.
template <class A, class B>
[[nodiscard, gnu::noinline]] bool names_come_before(A const& a, B const& b)
{
    for (std::size_t leg = 0; leg < std::min(a.legs(), b.legs()); ++leg) {
        auto const order = a.leg(leg).number <=> b.leg(leg).number;
        if (order != 0) return order < 0;
    }
    if (a.legs() != b.legs()) return a.legs() < b.legs();
    for (std::size_t leg = 0; leg < a.legs(); ++leg) {
        if (a.leg(leg).id != b.leg(leg).id) return a.leg(leg).id < b.leg(leg).id;
    }
    return false;
}

/// Whether one comes before the other in an answer; they may be of different kinds.
template <class A, class B>
[[nodiscard]] bool comes_before(A const& a, B const& b)
{
    if (a.value != b.value) return a.value < b.value;
    if (a.arrival != b.arrival) return a.arrival < b.arrival;
    if (a.departure != b.departure) return a.departure > b.departure;
    return names_come_before(a, b);
}

/// The first `limit` of the candidates that are offered, and one more to know of it. Its memory can
/// be used again.
template <class Schedule, class Candidate>
class best_candidates {
public:
    void start(Schedule const& s, route_query const& query,
               std::optional<itinerary_key> const& after)
    {
        schedule_ = &s;
        after_ = after ? &*after : nullptr;
        // Keys hold departures as people know them, candidates in seconds of the schedule.
        value_offset_ = query.order == route_order::departure ? to_epoch(s.origin_of_time()) : 0;
        capacity_ = query.limit == unlimited ? query.limit : query.limit + 1;
        kept_.clear();
        worst_ = std::numeric_limits<time_rank>::max();
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool continues() const noexcept { return after_ != nullptr; }

    /// Whether a candidate of this rank could still be kept, whatever its flights are. \pre the
    /// query does not order by cost
    [[nodiscard]] bool could_keep(time_rank rank) const noexcept { return rank <= worst_; }
    /// Nothing of a worse rank is of interest.
    void expect(time_rank worst) noexcept { worst_ = std::min(worst_, worst); }
    [[nodiscard]] time_rank worst() const noexcept { return worst_; }

    void offer(Candidate const& c)
    {
        if (after_ && !is_behind(c, *after_)) return;
        kept_.push_back(c);
        if (kept_.size() / 2 >= capacity_) cut();
    }

    /// The kept ones in order.
    [[nodiscard]] std::span<Candidate const> sorted()
    {
        if (kept_.size() > capacity_) cut();
        std::sort(kept_.begin(), kept_.end(), in_order);
        return std::span(kept_).first(more() ? kept_.size() - 1 : kept_.size());
    }
    [[nodiscard]] bool is_full() const noexcept { return kept_.size() >= capacity_; }
    /// Whether others were left out. \pre `sorted` was called
    [[nodiscard]] bool more() const noexcept { return kept_.size() == capacity_; }

private:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
    // Not the function itself: a pointer to it would be called, a lambda becomes part of the loop.
    static constexpr auto in_order = [](Candidate const& a, Candidate const& b) {
        return comes_before(a, b);
    };

    void cut()
    {
        auto const last = kept_.begin() + static_cast<std::ptrdiff_t>(capacity_ - 1);
        std::nth_element(kept_.begin(), last, kept_.end(), in_order);
        expect((static_cast<time_rank>(last->value) << 32U) | last->arrival);
        kept_.erase(last + 1, kept_.end());
    }

    [[nodiscard]] bool is_behind(Candidate const& c, itinerary_key const& key) const
    {
        itinerary_key mine(schedule_->to_time(c.arrival), schedule_->to_time(c.departure), {}, {},
                           c.value + value_offset_);
        auto const times = [](itinerary_key const& k) {
            return std::tuple(k.value, k.arrival, -k.departure.time_since_epoch());
        };
        if (times(mine) != times(key)) return times(key) < times(mine);
        for (std::size_t leg = 0; leg < c.legs(); ++leg) {
            mine.numbers.push_back(c.leg(leg).number);
            mine.ids.push_back(c.leg(leg).id);
        }
        return key < mine;
    }

    Schedule const* schedule_ = nullptr;
    itinerary_key const* after_ = nullptr;
    std::int64_t value_offset_ = 0;
    std::size_t capacity_ = 0;
    time_rank worst_ = std::numeric_limits<time_rank>::max();
    std::vector<Candidate> kept_;  // at most twice the capacity
};

}  // namespace aircargo::detail
