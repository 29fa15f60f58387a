#pragma once

#include <aircargo/core/airport_code.hpp>
#include <aircargo/routing/flight.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace aircargo {

/// The flights of an ordered airport pair, by departure.
struct lane {
    airport_code origin;
    airport_code destination;
    std::span<flight const> flights;
};

/// An immutable snapshot of all flights, arranged for search. Safe from any number of threads;
/// lanes and flights live as long as the schedule does.
class schedule {
public:
    schedule() : schedule(std::vector<flight>()) {}
    /// \pre every flight arrives after it departs, and not where it came from
    explicit schedule(std::vector<flight> flights);

    schedule(schedule const&) = delete;  // the lanes point into the flights
    schedule& operator=(schedule const&) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return flights_.size(); }
    [[nodiscard]] std::span<flight const> flights() const noexcept { return flights_; }
    /// The lanes that leave `origin`, by destination.
    [[nodiscard]] std::span<lane const> lanes_from(airport_code origin) const noexcept;
    /// The flights from `origin` to `destination`, by departure.
    [[nodiscard]] std::span<flight const> between(airport_code origin,
                                                  airport_code destination) const noexcept;
    /// Some flight departs or lands there.
    [[nodiscard]] bool serves(airport_code airport) const noexcept
    {
        return served_[airport.index()];
    }
    /// First and last departure; nothing when there is no flight.
    [[nodiscard]] std::optional<std::pair<utc_time, utc_time>> horizon() const noexcept
    {
        return horizon_;
    }

private:
    std::vector<flight> flights_;  // by origin, destination, departure, number
    std::vector<lane> lanes_;      // by origin, destination
    std::vector<std::uint32_t>
        first_lane_;  // of each origin's airport_code::index(); one more at the end
    std::vector<bool> served_;
    std::optional<std::pair<utc_time, utc_time>> horizon_;
};

/// The part of `flights` (sorted by departure) that departs within [from, until).
[[nodiscard]] inline std::span<flight const> departing(std::span<flight const> flights,
                                                       utc_time from, utc_time until) noexcept
{
    auto const departs_before = [](flight const& f, utc_time t) { return f.departure < t; };
    auto const first = std::lower_bound(flights.begin(), flights.end(), from, departs_before);
    auto const last = std::lower_bound(first, flights.end(), std::max(from, until), departs_before);
    return {first, last};
}

inline schedule::schedule(std::vector<flight> flights)
    : flights_(std::move(flights)),
      first_lane_(airport_code::index_count + 1),
      served_(airport_code::index_count)
{
    auto const order = [](flight const& f) {
        return std::tie(f.origin, f.destination, f.departure, f.number, f.id);
    };
    std::sort(flights_.begin(), flights_.end(),
              [&](auto const& a, auto const& b) { return order(a) < order(b); });

    for (auto at = flights_.begin(); at != flights_.end();) {
        auto const end = std::find_if(at, flights_.end(), [&](flight const& f) {
            return f.origin != at->origin || f.destination != at->destination;
        });
        lanes_.push_back({at->origin, at->destination, {at, end}});
        ++first_lane_[at->origin.index() + std::size_t{1}];
        served_[at->origin.index()] = true;
        served_[at->destination.index()] = true;
        auto const first = at->departure;
        auto const last = std::prev(end)->departure;
        horizon_ =
            horizon_ ? std::pair(std::min(horizon_->first, first), std::max(horizon_->second, last))
                     : std::pair(first, last);
        at = end;
    }
    for (std::size_t i = 1; i < first_lane_.size(); ++i) first_lane_[i] += first_lane_[i - 1];
}

inline std::span<lane const> schedule::lanes_from(airport_code origin) const noexcept
{
    auto const first = first_lane_[origin.index()];
    auto const last = first_lane_[origin.index() + std::size_t{1}];
    return std::span(lanes_).subspan(first, last - first);
}

inline std::span<flight const> schedule::between(airport_code origin,
                                                 airport_code destination) const noexcept
{
    auto const lanes = lanes_from(origin);
    auto const found =
        std::lower_bound(lanes.begin(), lanes.end(), destination,
                         [](lane const& l, airport_code d) { return l.destination < d; });
    return found != lanes.end() && found->destination == destination ? found->flights
                                                                     : std::span<flight const>();
}

}  // namespace aircargo
