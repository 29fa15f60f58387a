#pragma once

#include "airport_numbers.hpp"
#include "leg.hpp"
#include <limits>
#include <span>
#include <vector>

namespace aircargo::bench {

inline constexpr auto never = std::numeric_limits<seconds32>::max();

/// The flights of an ordered airport pair by departure.
class lane {
public:
    lane(std::size_t to, std::vector<leg> const& legs);

    [[nodiscard]] std::size_t to() const noexcept { return to_; }
    [[nodiscard]] std::span<leg const> legs() const noexcept { return legs_; }
    /// The earliest arrival of those that depart within [ready, until), or `never`.
    [[nodiscard]] seconds32 arrival_within(seconds32 ready, seconds32 until) const;

private:
    std::size_t to_;
    std::vector<leg> legs_;
    std::vector<seconds32> departures_;
    std::vector<std::uint32_t> best_from_;  // of each flight and all later ones the first to land
};

/// The lanes out of each airport.
class lane_network {
public:
    explicit lane_network(std::span<flight const> flights);

    [[nodiscard]] airport_numbers const& airports() const noexcept { return airports_; }
    [[nodiscard]] std::span<lane const> from(std::size_t airport) const { return from_[airport]; }
    /// The flights of an airport that depart within [start, end), by departure, with where to.
    struct start_leg {
        seconds32 departure;
        seconds32 arrival;
        std::size_t to;
    };
    void departing(std::size_t airport, seconds32 start, seconds32 end,
                   std::vector<start_leg>& out) const;

private:
    airport_numbers airports_;
    std::vector<std::vector<lane>> from_;
};

}  // namespace aircargo::bench
