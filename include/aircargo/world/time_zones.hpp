#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/routing/search.hpp>
#include <string_view>

namespace aircargo {

/// The calendar day `day` in the IANA zone `zone`, by the system's time zone data: from its first
/// instant to that of the next day, and on to that of the day after. Where clocks go forward over
/// midnight, the day starts at the first instant that exists. Thread-safe. \return the window, or
/// `errc::invalid_time` for a zone that the system does not know.
[[nodiscard]] result<day_window> local_day(date day, std::string_view zone);

/// The calendar day `day` in UTC.
[[nodiscard]] day_window utc_day(date day) noexcept;

/// The day at the airport `origin` where its zone is known, else in UTC.
[[nodiscard]] result<day_window> day_at(airport_code origin, date day);

/// The instant at which a clock in `zone` shows `clock` on `day`. A time that clocks skip moves to
/// the first one after the gap, and of two the first is meant. \return the instant, or
/// `errc::invalid_time` for a zone that the system does not know.
[[nodiscard]] result<utc_time> at_local_clock(date day, std::chrono::minutes clock,
                                              std::string_view zone);

}  // namespace aircargo
