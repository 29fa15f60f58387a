#pragma once

#include <aircargo/core/flight_number.hpp>
#include <aircargo/routing/lane.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

namespace aircargo::detail {

/// As many days as a pattern can name.
inline constexpr std::uint32_t epoch_length = 64;

/// Flights of one number at one clock, on some days of an epoch.
struct flight_pattern {
    seconds32 clock;  ///< seconds since midnight UTC
    seconds32 block;  ///< from departure to arrival
    flight_number number;
    airline_index airline;
    std::uint64_t days;  ///< a bit for each day of the epoch
};

/// The flights of a lane as patterns, epoch by epoch. On every day the patterns that fly, one after
/// the other, are the day's flights in the order of the lane.
class timetable {
public:
    /// \pre flights in the order of a lane
    explicit timetable(std::span<lane_flight const> flights);

    [[nodiscard]] std::span<flight_pattern const> patterns() const noexcept { return patterns_; }
    [[nodiscard]] std::size_t epochs() const noexcept { return starts_.size() - 1; }
    [[nodiscard]] std::span<flight_pattern const> epoch(std::size_t nth) const noexcept
    {
        return patterns().subspan(starts_[nth], starts_[nth + 1] - starts_[nth]);
    }
    [[nodiscard]] std::size_t most_in_an_epoch() const noexcept
    {
        std::size_t most = 0;
        for (std::size_t e = 0; e < epochs(); ++e) most = std::max(most, epoch(e).size());
        return most;
    }

private:
    void add_day(std::span<lane_flight const> flights, std::uint32_t day_of_epoch);
    void end_epoch();

    std::vector<flight_pattern> patterns_;
    std::vector<std::size_t> starts_{0};
    std::vector<flight_pattern> open_;    // of the epoch that is being read
    std::vector<flight_pattern> before_;  // as they were the day before
};

inline timetable::timetable(std::span<lane_flight const> flights)
{
    if (flights.empty()) return;
    auto const first_day = flights.front().departure / day_length;
    for (auto first = flights.begin(); first != flights.end();) {
        auto const day = first->departure / day_length;
        auto const last = std::find_if(
            first, flights.end(), [&](auto const& f) { return f.departure / day_length != day; });
        while (epochs() < (day - first_day) / epoch_length) end_epoch();
        add_day({first, last}, (day - first_day) % epoch_length);
        first = last;
    }
    end_epoch();
}

/// Merges the flights of a day into the patterns. Most fit one that is there. What does not gets
/// one of its own, behind the one before it: flights that share clock and number, too, stay in
/// order.
inline void timetable::add_day(std::span<lane_flight const> flights, std::uint32_t day_of_epoch)
{
    before_.swap(open_);
    open_.clear();
    auto next = before_.begin();
    auto const take_until = [&](auto last) {
        open_.insert(open_.end(), next, last);
        next = last;
    };
    for (auto const& f : flights) {
        auto const clock = f.departure % day_length;
        auto const block = f.arrival - f.departure;
        auto const group = std::tie(clock, f.number);
        take_until(std::find_if(next, before_.end(), [&](flight_pattern const& p) {
            return std::tie(p.clock, p.number) >= group;
        }));
        auto at = next;
        auto const is_other = [&](flight_pattern const& p) {
            return p.block != block || p.airline != f.airline;
        };
        auto const in_group = [&] {
            return at != before_.end() && std::tie(at->clock, at->number) == group;
        };
        while (in_group() && is_other(*at)) ++at;
        if (in_group()) {
            take_until(at + 1);
        } else {
            open_.push_back({clock, block, f.number, f.airline, 0});
        }
        open_.back().days |= std::uint64_t{1} << day_of_epoch;
    }
    take_until(before_.end());
}

inline void timetable::end_epoch()
{
    patterns_.insert(patterns_.end(), open_.begin(), open_.end());
    open_.clear();
    starts_.push_back(patterns_.size());
}

}  // namespace aircargo::detail
