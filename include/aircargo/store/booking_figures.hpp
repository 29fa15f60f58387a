#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/result.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

/// Numbers about many bookings.
namespace aircargo {

/// Asks about the bookings that were created within a span of time.
struct figures_query {
    utc_time from{};                           ///< this instant or later
    utc_time to{};                             ///< before this instant
    std::size_t lanes = 10;                    ///< as many of the busiest are told
    std::uint64_t bookings_up_to = 5'000'000;  ///< more are refused: all of them have to be read
    std::uint64_t transits_up_to = 20'000;     ///< roughly so many are read, spread over the span
};

/// Why a query can not be answered; nothing when it is sound.
[[nodiscard]] inline std::optional<error> invalid(figures_query const& query)
{
    if (query.from > query.to)
        return refuse(errc::invalid_request, "the span ends before it begins");
    if (query.bookings_up_to < 1 || query.transits_up_to < 1)
        return refuse(errc::invalid_request, "figures must read something");
    return std::nullopt;
}

[[nodiscard]] inline error too_many_bookings(figures_query const& query)
{
    return refuse(errc::invalid_request, "more than " + std::to_string(query.bookings_up_to) +
                                             " bookings were created in that time; ask for less");
}

/// Whether the cargo has been at its destination.
[[nodiscard]] constexpr bool has_arrived(booking_status s) noexcept
{
    return s == booking_status::arrived || s == booking_status::delivered;
}

/// How many bookings there are, and their weight.
struct booking_sum {
    std::uint64_t bookings = 0;
    std::int64_t grams = 0;

    friend bool operator==(booking_sum const&, booking_sum const&) = default;
};

struct booking_figures {
    struct day_sum {
        date day;  ///< of the creation, UTC
        booking_sum sum;

        friend bool operator==(day_sum const&, day_sum const&) = default;
    };
    struct lane_sum {
        airport_code origin;
        airport_code destination;
        booking_sum sum;

        friend bool operator==(lane_sum const&, lane_sum const&) = default;
    };
    /// From the first departure to the arrival at the destination, of bookings that arrived there.
    struct transit_sum {
        std::uint64_t arrived = 0;  ///< so many did
        std::uint64_t read = 0;     ///< so many of them were read
        std::chrono::seconds mean{};

        friend bool operator==(transit_sum const&, transit_sum const&) = default;
    };

    std::vector<day_sum> days{};    ///< those with bookings, in order
    std::vector<lane_sum> lanes{};  ///< most bookings first, then by origin and destination
    std::array<std::uint64_t, 5> by_status{};  ///< as they stand now, by `booking_status`
    transit_sum transit{};

    /// How many have arrived at their destination.
    [[nodiscard]] std::uint64_t arrived() const noexcept
    {
        return by_status[static_cast<std::size_t>(booking_status::arrived)] +
               by_status[static_cast<std::size_t>(booking_status::delivered)];
    }

    friend bool operator==(booking_figures const&, booking_figures const&) = default;
};

/// Of so many arrived bookings each how-many-th is read.
[[nodiscard]] inline std::uint64_t transit_step(figures_query const& query, std::uint64_t arrived)
{
    return std::max<std::uint64_t>(1, (arrived + query.transits_up_to - 1) / query.transits_up_to);
}

namespace detail {

/// Adds bookings up, for stores that do not do it themselves.
class figures_sum {
public:
    void add(utc_time created_at, airport_code origin, airport_code destination, std::int64_t grams,
             booking_status status)
    {
        auto const day = std::chrono::floor<std::chrono::days>(created_at);
        if (!today_ || day != today_day_) {
            today_ = &days_[day];
            today_day_ = day;
        }
        auto& lane =
            lanes_[std::uint32_t{origin.index()} * airport_code::index_count + destination.index()];
        if (lane.sum.bookings == 0) lane.ends.emplace(origin, destination);
        for (auto* sum : {today_, &lane.sum}) {
            ++sum->bookings;
            sum->grams += grams;
        }
        ++figures_.by_status[static_cast<std::size_t>(status)];
    }

    [[nodiscard]] std::uint64_t arrived() const noexcept { return figures_.arrived(); }
    void add_transit(std::chrono::seconds took)
    {
        ++figures_.transit.read;
        transit_total_ += took;
    }

    [[nodiscard]] booking_figures finish(figures_query const& query)
    {
        for (auto const& [day, sum] : days_) figures_.days.push_back({date(day), sum});
        for (auto const& [key, lane] : lanes_)
            figures_.lanes.push_back({lane.ends->first, lane.ends->second, lane.sum});
        std::sort(figures_.lanes.begin(), figures_.lanes.end(), [](auto const& a, auto const& b) {
            return std::tuple(b.sum.bookings, a.origin, a.destination) <
                   std::tuple(a.sum.bookings, b.origin, b.destination);
        });
        if (figures_.lanes.size() > query.lanes)
            figures_.lanes.erase(figures_.lanes.begin() + static_cast<std::ptrdiff_t>(query.lanes),
                                 figures_.lanes.end());
        auto& transit = figures_.transit;
        transit.arrived = arrived();
        if (transit.read > 0)
            transit.mean = transit_total_ / static_cast<std::int64_t>(transit.read);
        return std::move(figures_);
    }

private:
    struct lane_entry {
        std::optional<std::pair<airport_code, airport_code>> ends;
        booking_sum sum;
    };

    booking_figures figures_;
    std::map<std::chrono::sys_days, booking_sum> days_;
    std::unordered_map<std::size_t, lane_entry> lanes_;
    std::chrono::seconds transit_total_{};
    booking_sum* today_ = nullptr;  // of `days_`: bookings come day by day
    std::chrono::sys_days today_day_{};
};

}  // namespace detail
}  // namespace aircargo
