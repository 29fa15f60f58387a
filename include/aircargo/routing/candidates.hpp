#pragma once

#include <aircargo/routing/placed_query.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace aircargo::detail {

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

    [[nodiscard]] auto times() const noexcept { return std::tuple(value, arrival, ~departure); }
    [[nodiscard]] std::size_t legs() const noexcept { return out ? 2 : 1; }
    [[nodiscard]] lane_flight leg(std::size_t nth) const
    {
        return nth == 0 ? in->at(first) : out->at(second);
    }

    /// The order of `itinerary_key`.
    friend bool operator<(candidate const& a, candidate const& b)
    {
        if (a.times() != b.times()) return a.times() < b.times();
        return a.names() < b.names();
    }

    /// Flight numbers, then ids; a direct flight comes before those it starts.
    [[nodiscard]] auto names() const
    {
        auto const one = leg(0);
        auto const two = out ? std::optional(leg(1)) : std::nullopt;
        auto const number = two ? std::optional(two->number) : std::nullopt;
        auto const id = two ? std::optional(two->id) : std::nullopt;
        return std::tuple(one.number, number, one.id, id);
    }
};

/// The first `limit` of the candidates that are offered, and one more to know of it. Its memory can
/// be used again.
template <class Schedule>
class best_candidates {
public:
    using candidate_type = candidate<typename Schedule::lane_type>;

    void start(Schedule const& s, route_query const& query,
               std::optional<itinerary_key> const& after)
    {
        schedule_ = &s;
        after_ = after ? &*after : nullptr;
        // Keys hold departures as people know them, candidates in seconds of the schedule.
        value_offset_ = query.order == route_order::departure ? to_epoch(s.origin_of_time()) : 0;
        capacity_ = query.limit == unlimited ? query.limit : query.limit + 1;
        kept_.clear();
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool continues() const noexcept { return after_ != nullptr; }

    /// Whether a candidate of this rank could still be kept, whatever its flights are. \pre the
    /// query does not order by cost
    [[nodiscard]] bool could_keep(time_rank rank) const noexcept
    {
        if (kept_.size() < capacity_) return true;
        auto const& last = kept_.front();
        return rank <= ((static_cast<time_rank>(last.value) << 32) | last.arrival);
    }

    void offer(candidate_type const& c)
    {
        if (after_ && !is_behind(c, *after_)) return;
        if (kept_.size() == capacity_) {
            if (!(c < kept_.front())) return;
            std::pop_heap(kept_.begin(), kept_.end());
            kept_.back() = c;
            std::push_heap(kept_.begin(), kept_.end());
        } else {
            kept_.push_back(c);
            if (kept_.size() == capacity_) std::make_heap(kept_.begin(), kept_.end());
        }
    }

    /// The kept ones in order.
    [[nodiscard]] std::span<candidate_type const> sorted()
    {
        std::sort(kept_.begin(), kept_.end());
        return std::span(kept_).first(more() ? kept_.size() - 1 : kept_.size());
    }
    /// Whether others were left out.
    [[nodiscard]] bool more() const noexcept { return kept_.size() == capacity_; }

private:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] bool is_behind(candidate_type const& c, itinerary_key const& key) const
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
    std::vector<candidate_type> kept_;  // once it is full: a heap with the last one on top
};

}  // namespace aircargo::detail
