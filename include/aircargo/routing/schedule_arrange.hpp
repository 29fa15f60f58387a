#pragma once

#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/schedule_block.hpp>
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aircargo::detail {

/// Midnight UTC before the first departure, in seconds since 1970.
[[nodiscard]] inline std::int64_t base_time_of(std::span<flight const> flights)
{
    auto const first =
        std::min_element(flights.begin(), flights.end(),
                         [](auto const& a, auto const& b) { return a.departure < b.departure; });
    if (first == flights.end()) return 0;
    return to_epoch(std::chrono::floor<std::chrono::days>(first->departure));
}

/// Gives each different airline's name a number, in order.
class airline_numbers {
public:
    explicit airline_numbers(std::span<flight const> flights)
    {
        of_flight_.reserve(flights.size());
        for (auto const& f : flights) {
            auto const nth = static_cast<airline_index>(seen_.size());
            of_flight_.push_back(seen_.try_emplace(f.airline_name, nth).first->second);
        }
        std::vector<std::pair<std::string_view, airline_index>> all(seen_.begin(), seen_.end());
        std::sort(all.begin(), all.end());
        number_.resize(all.size());
        for (auto const& [name, nth] : all) {
            number_[nth] = static_cast<airline_index>(names_.size());
            names_.emplace_back(name);
        }
    }

    [[nodiscard]] airline_index of(std::size_t flight) const { return number_[of_flight_[flight]]; }
    [[nodiscard]] std::vector<std::string>& names() noexcept { return names_; }

private:
    std::unordered_map<std::string_view, airline_index> seen_;
    std::vector<airline_index> of_flight_;  // in the order in which the names were seen
    std::vector<airline_index> number_;     // of a name, by that order
    std::vector<std::string> names_;
};

/// Brings flights in any order into lanes. Airports are numbered by the lanes that they have,
/// the busiest first: then most bits of a board are close together and rows are short.
class flight_arranger {
public:
    explicit flight_arranger(std::span<flight const> flights)
        : flights_(flights), airlines_(flights)
    {
        contents_.base_time = base_time_of(flights);
        find_lanes();
        number_airports();
        sort_flights();
        contents_.airlines = std::move(airlines_.names());
    }

    /// Valid as long as this lives.
    [[nodiscard]] block_contents const& contents() const noexcept { return contents_; }

private:
    struct found_lane {
        airport_code origin;
        airport_code destination;
        std::uint32_t count = 0;
    };

    [[nodiscard]] seconds32 seconds(utc_time t) const
    {
        return static_cast<seconds32>(to_epoch(t) - contents_.base_time);
    }

    void find_lanes()
    {
        std::unordered_map<std::uint32_t, std::uint32_t> known;
        lane_of_.reserve(flights_.size());
        for (auto const& f : flights_) {
            auto const key =
                f.origin.index() * static_cast<std::uint32_t>(airport_code::index_count) +
                f.destination.index();
            auto const nth = static_cast<std::uint32_t>(found_.size());
            auto const lane = known.try_emplace(key, nth).first->second;
            if (lane == nth) found_.push_back({f.origin, f.destination});
            ++found_[lane].count;
            lane_of_.push_back(lane);
        }
    }

    void number_airports()
    {
        std::vector<std::uint32_t> lanes(airport_code::index_count);
        auto& airports = contents_.airports;
        for (auto const& l : found_) {
            for (auto const code : {l.origin, l.destination}) {
                if (lanes[code.index()]++ == 0) airports.push_back(code);
            }
        }
        std::sort(airports.begin(), airports.end(), [&](airport_code a, airport_code b) {
            return std::pair(lanes[b.index()], a) < std::pair(lanes[a.index()], b);
        });
        number_.resize(airport_code::index_count);
        for (std::size_t i = 0; i < airports.size(); ++i) {
            number_[airports[i].index()] = static_cast<airport_index>(i);
        }
    }

    void sort_flights()
    {
        std::vector<std::uint32_t> order(found_.size());
        std::iota(order.begin(), order.end(), 0U);
        auto const key = [&](std::uint32_t lane) {
            auto const& l = found_[lane];
            return std::pair(number_[l.origin.index()], number_[l.destination.index()]);
        };
        std::sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); });

        std::vector<std::size_t> next(found_.size());
        std::size_t end = 0;
        for (auto const lane : order) {
            next[lane] = end;
            end += found_[lane].count;
        }
        sorted_.resize(flights_.size(), lane_flight{{}, {}, flight_number::unpack({}), {}, {}});
        for (std::size_t i = 0; i < flights_.size(); ++i) {
            auto const& f = flights_[i];
            sorted_[next[lane_of_[i]]++] = {seconds(f.departure), seconds(f.arrival), f.number,
                                            f.id, airlines_.of(i)};
        }
        for (auto const lane : order) {
            auto const flights =
                std::span(sorted_).subspan(next[lane] - found_[lane].count, found_[lane].count);
            if (!std::is_sorted(flights.begin(), flights.end())) {
                std::sort(flights.begin(), flights.end());
            }
            auto const [origin, destination] = key(lane);
            contents_.lanes.push_back({origin, destination, flights});
        }
    }

    std::span<flight const> flights_;
    airline_numbers airlines_;
    std::vector<found_lane> found_;       // in the order in which they were seen
    std::vector<std::uint32_t> lane_of_;  // by flight: place in found_
    std::vector<airport_index> number_;   // by airport_code::index()
    std::vector<lane_flight> sorted_;
    block_contents contents_;
};

}  // namespace aircargo::detail
