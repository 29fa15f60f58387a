#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/error.hpp>
#include <aircargo/core/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The events of all bookings as one log that is read from a place on.
namespace aircargo {

/// A place in the log. Events have places from 1 on, with gaps; those of one booking follow `seq`.
/// An event never changes its place, and none appears before a place that a reader was told to go
/// on from, however late it was committed.
enum class log_position : std::int64_t {};

inline constexpr log_position log_start{0};  ///< before the first event

[[nodiscard]] inline std::string to_string(log_position p)
{
    return std::to_string(static_cast<std::int64_t>(p));
}

/// An event with what readers choose by; `fact.status` is the booking's status after it.
struct logged_event {
    log_position position;
    booking_ref ref;
    airport_code origin;
    airport_code destination;
    event fact;

    friend bool operator==(logged_event const&, logged_event const&) = default;
};

/// What is asked of the log.
struct log_query {
    static constexpr std::size_t max_limit = 1000;

    log_position after = log_start;   ///< the place that the reader has read up to
    std::size_t limit = 100;          ///< `max_limit` at most; 0 asks for the end alone
    std::optional<booking_ref> of{};  ///< events of this booking alone; of an unknown one: none
};

/// The next events, in order.
struct log_page {
    std::vector<logged_event> events;
    /// The end of the log as readers see it, never before `after`. A page that is not full reaches
    /// up to here, so the reader goes on from here.
    log_position end = log_start;
    /// No event has a place beyond this, not even one that readers do not see yet. Who knows of one
    /// knows it from another log, or from what was there before this one was restored.
    log_position highest = log_start;

    friend bool operator==(log_page const&, log_page const&) = default;
};

/// Where to go on from.
[[nodiscard]] inline log_position next_position(log_page const& page, log_query const& query)
{
    bool const full = query.limit > 0 && page.events.size() >= query.limit;
    return full ? page.events.back().position : page.end;
}

/// Why a query can not be answered; nothing when it is sound.
[[nodiscard]] inline std::optional<error> invalid(log_query const& query)
{
    if (query.limit > log_query::max_limit) {
        return refuse(errc::invalid_request, "at most " + std::to_string(log_query::max_limit) +
                                                 " events are read at once");
    }
    if (query.after < log_start) return refuse(errc::invalid_request, "the log begins at 0");
    return std::nullopt;
}

}  // namespace aircargo
