#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/core/utf8.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aircargo {

/// An instant, UTC, whole seconds. Local time exists only at the edges, together with a zone.
using utc_time = std::chrono::sys_seconds;
/// A calendar day; whose day it is (an airport's or UTC's) is said where one is used.
using date = std::chrono::year_month_day;

[[nodiscard]] constexpr utc_time from_epoch(std::int64_t seconds) noexcept
{
    return utc_time(std::chrono::seconds(seconds));
}
[[nodiscard]] constexpr std::int64_t to_epoch(utc_time t) noexcept
{
    return t.time_since_epoch().count();
}

/// Reads an RFC 3339 date-time, strictly: `2026-12-01T06:00:00Z`, or with an offset such as
/// `+05:30`. Seconds are required, fractions are refused, and a leap second (`:60`) is refused.
/// \return the instant, or `errc::invalid_time`.
[[nodiscard]] result<utc_time> parse_utc_time(std::string_view text);

/// Reads `2026-12-01`; the day must exist. \return the day, or `errc::invalid_time`.
[[nodiscard]] result<date> parse_date(std::string_view text);

/// `2026-12-01T06:00:00Z`; 20 characters for the years 0 to 9999.
[[nodiscard]] std::string to_string(utc_time t);
/// `2026-12-01`
[[nodiscard]] std::string to_string(date d);

namespace detail {

/// Reads exactly `size` digits at `at`; nothing when a character is missing or not a digit.
[[nodiscard]] constexpr std::optional<unsigned> digits_at(std::string_view text, std::size_t at,
                                                          std::size_t size) noexcept
{
    if (at + size > text.size()) return std::nullopt;
    unsigned value = 0;
    for (char c : text.substr(at, size)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value;
}

/// The offset after the seconds: `Z`, `+hh:mm` or `-hh:mm`.
[[nodiscard]] constexpr std::optional<std::chrono::minutes> offset_of(
    std::string_view zone) noexcept
{
    if (zone == "Z" || zone == "z") return std::chrono::minutes(0);
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':')
        return std::nullopt;
    auto const hours = digits_at(zone, 1, 2);
    auto const minutes = digits_at(zone, 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    auto const offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return zone[0] == '-' ? -offset : offset;
}

inline void append_digits(std::string& out, unsigned value, int size)
{
    std::string const digits = std::to_string(value);
    out.append(
        static_cast<std::size_t>(size) - std::min(digits.size(), static_cast<std::size_t>(size)),
        '0');
    out += digits;
}

}  // namespace detail

inline result<date> parse_date(std::string_view text)
{
    using namespace std::chrono;
    auto const y = detail::digits_at(text, 0, 4);
    auto const m = detail::digits_at(text, 5, 2);
    auto const d = detail::digits_at(text, 8, 2);
    bool const shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && y && m && d;
    date const day =
        shaped ? year(static_cast<int>(*y)) / month(*m) / std::chrono::day(*d) : date{};
    if (!shaped || !day.ok()) {
        return refuse(errc::invalid_time, quoted(text) + " is not a date such as 2026-12-01");
    }
    return day;
}

inline result<utc_time> parse_utc_time(std::string_view text)
{
    using namespace std::chrono;
    auto const refused = [&] {
        return refuse(errc::invalid_time,
                      quoted(text) + " is not a time such as 2026-12-01T06:00:00Z");
    };
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
        text[16] != ':') {
        return refused();
    }
    auto const day = parse_date(text.substr(0, 10));
    auto const hour = detail::digits_at(text, 11, 2);
    auto const minute = detail::digits_at(text, 14, 2);
    auto const second = detail::digits_at(text, 17, 2);
    auto const offset = detail::offset_of(text.substr(19));
    if (!day || !hour || !minute || !second || !offset) return refused();
    if (*hour > 23 || *minute > 59 || *second > 59) return refused();
    auto const instant =
        sys_days(*day) + hours(*hour) + minutes(*minute) + seconds(*second) - *offset;
    // An offset can lead out of the years that four digits can show.
    bool const writable =
        instant >= sys_days(year(0) / 1 / 1) && instant < sys_days(year(10000) / 1 / 1);
    return writable ? result<utc_time>(instant) : refused();
}

inline std::string to_string(date d)
{
    std::string out;
    out.reserve(20);
    detail::append_digits(out, static_cast<unsigned>(static_cast<int>(d.year())), 4);
    out += '-';
    detail::append_digits(out, static_cast<unsigned>(d.month()), 2);
    out += '-';
    detail::append_digits(out, static_cast<unsigned>(d.day()), 2);
    return out;
}

inline std::string to_string(utc_time t)
{
    auto const day = std::chrono::floor<std::chrono::days>(t);
    std::chrono::hh_mm_ss const clock(t - day);
    std::string out = to_string(date(day));
    char mark = 'T';
    for (auto part : {clock.hours().count(), clock.minutes().count(), clock.seconds().count()}) {
        out += mark;
        detail::append_digits(out, static_cast<unsigned>(part), 2);
        mark = ':';
    }
    return out += 'Z';
}

}  // namespace aircargo
