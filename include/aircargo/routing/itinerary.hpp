#pragma once

#include <aircargo/core/assert.hpp>
#include <aircargo/routing/schedule.hpp>
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

namespace aircargo {

/// Flights of a schedule that lead from origin to destination one after the other. A value without
/// memory of its own; points into the schedule.
template <class Schedule>
class basic_itinerary {
public:
    static constexpr std::size_t max_legs = 16;

    basic_itinerary(Schedule const& s, std::span<flight_place const> legs) noexcept
        : schedule_(&s), count_(legs.size())
    {
        AIRCARGO_ASSERT(!legs.empty() && legs.size() <= max_legs);
        std::copy(legs.begin(), legs.end(), legs_.begin());
    }

    [[nodiscard]] std::size_t stops() const noexcept { return count_ - 1; }
    [[nodiscard]] std::span<flight_place const> legs() const noexcept
    {
        return std::span(legs_).first(count_);
    }
    [[nodiscard]] flight_view flight(std::size_t nth) const { return schedule_->at(legs_[nth]); }
    [[nodiscard]] flight_view first() const { return flight(0); }
    [[nodiscard]] flight_view last() const { return flight(count_ - 1); }
    [[nodiscard]] std::vector<flight_view> flights() const
    {
        std::vector<flight_view> all;
        for (std::size_t i = 0; i < count_; ++i) all.push_back(flight(i));
        return all;
    }
    [[nodiscard]] std::vector<flight_id> flight_ids() const
    {
        std::vector<flight_id> ids;
        for (std::size_t i = 0; i < count_; ++i) ids.push_back(flight(i).id);
        return ids;
    }
    [[nodiscard]] utc_time departure() const noexcept
    {
        return schedule_->to_time(lane_of(legs_[0])->departure(legs_[0].position));
    }
    [[nodiscard]] utc_time arrival() const noexcept
    {
        auto const& leg = legs_[count_ - 1];
        return schedule_->to_time(lane_of(leg)->arrival(leg.position));
    }
    [[nodiscard]] std::chrono::seconds duration() const noexcept { return arrival() - departure(); }

private:
    [[nodiscard]] auto const* lane_of(flight_place const& leg) const noexcept
    {
        return schedule_->lane_between(leg.origin, leg.destination);
    }

    Schedule const* schedule_;
    std::size_t count_;
    std::array<flight_place, max_legs> legs_;  // the first count_
};

using itinerary = basic_itinerary<schedule>;

/// The place of an itinerary among others. Total: no two itineraries of a schedule share one, so
/// pages that continue after a key neither lose nor repeat one. First what the caller orders by,
/// where it is not the arrival; then the arrival; then the later departure, which keeps cargo on
/// the ground at home rather than on the way; then flight numbers, and ids to tell apart what
/// people can not.
struct itinerary_key {
    std::int64_t value = 0;  ///< what the caller orders by; 0 in the order of arrival
    utc_time arrival;
    utc_time departure;
    std::vector<flight_number> numbers;
    std::vector<flight_id> ids;

    itinerary_key(utc_time arr, utc_time dep, std::vector<flight_number> n,
                  std::vector<flight_id> f, std::int64_t v = 0)
        : value(v), arrival(arr), departure(dep), numbers(std::move(n)), ids(std::move(f))
    {}
    template <class Schedule>
    explicit itinerary_key(basic_itinerary<Schedule> const& i, std::int64_t v = 0)
        : value(v), arrival(i.arrival()), departure(i.departure()), ids(i.flight_ids())
    {
        for (std::size_t leg = 0; leg <= i.stops(); ++leg) numbers.push_back(i.flight(leg).number);
    }

    friend std::strong_ordering operator<=>(itinerary_key const& a, itinerary_key const& b) noexcept
    {
        if (auto const c = a.value <=> b.value; c != 0) return c;
        if (auto const c = a.arrival <=> b.arrival; c != 0) return c;
        if (auto const c = b.departure <=> a.departure; c != 0) return c;
        if (auto const c = a.numbers <=> b.numbers; c != 0) return c;
        return a.ids <=> b.ids;
    }
    friend bool operator==(itinerary_key const&, itinerary_key const&) = default;
};

}  // namespace aircargo
