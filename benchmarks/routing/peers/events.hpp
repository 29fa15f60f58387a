#pragma once

#include "airport_numbers.hpp"
#include "leg.hpp"
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace aircargo::bench {

/// A schedule as departures and arrivals (the time-expanded graph). An event is numbered by its
/// time, so edges lead to higher numbers only:
///  - from a departure to its arrival, and to the next departure of the same airport;
///  - from an arrival to the first departure that it connects to.
class events {
public:
    using event = std::uint32_t;
    static constexpr event none = std::numeric_limits<event>::max();

    explicit events(std::span<flight const> flights);

    [[nodiscard]] std::size_t size() const noexcept { return time_.size(); }
    [[nodiscard]] seconds32 time(event e) const noexcept { return time_[e]; }
    /// By origin, then destination.
    [[nodiscard]] std::span<std::pair<event, event> const> edges() const noexcept { return edges_; }
    [[nodiscard]] bool is_arrival_at(event e, std::size_t airport) const noexcept
    {
        return lands_at_[e] == airport;
    }
    /// The airport's first departure at `t` or later, or `none`.
    [[nodiscard]] event first_departure(std::size_t airport, seconds32 t) const;
    [[nodiscard]] airport_numbers const& airports() const noexcept { return airports_; }

private:
    static constexpr std::uint16_t nowhere = 0xFFFF;

    airport_numbers airports_;
    std::vector<seconds32> time_;
    std::vector<std::uint16_t> lands_at_;         // of an arrival
    std::vector<std::vector<event>> departures_;  // of each airport
    std::vector<std::pair<event, event>> edges_;
};

}  // namespace aircargo::bench
