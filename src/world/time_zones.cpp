#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/time_zones.hpp>
#include <date/tz.h>
#include <stdexcept>
#include <string>

namespace aircargo {
namespace {

/// The zone, or null; the library throws for names that it does not know.
[[nodiscard]] ::date::time_zone const* find_zone(std::string_view name)
{
    try {
        return ::date::locate_zone(std::string(name));
    } catch (std::runtime_error const&) {
        return nullptr;
    }
}

[[nodiscard]] error unknown_zone(std::string_view name)
{
    return refuse(errc::invalid_time,
                  "the time zone data of this system has no zone '" + std::string(name) + "'");
}

[[nodiscard]] utc_time to_utc(::date::local_seconds local, ::date::time_zone const& zone)
{
    auto const info = zone.get_info(local);
    if (info.result == ::date::local_info::nonexistent)
        return info.first.end;  // the first instant after the gap
    return utc_time(local.time_since_epoch() - info.first.offset);  // of two, the first
}

[[nodiscard]] ::date::local_seconds midnight(date day)
{
    return ::date::local_seconds(std::chrono::sys_days(day).time_since_epoch());
}

}  // namespace

result<day_window> local_day(date day, std::string_view zone)
{
    auto const* const known = find_zone(zone);
    if (!known) return unknown_zone(zone);
    auto const start = [&](int later) {
        return to_utc(midnight(day) + std::chrono::days(later), *known);
    };
    return day_window{start(0), start(1), start(2)};
}

day_window utc_day(date day) noexcept
{
    utc_time const start = std::chrono::sys_days(day);
    return {start, start + std::chrono::days(1), start + std::chrono::days(2)};
}

result<day_window> day_at(airport_code origin, date day)
{
    auto const* const known = find_airport(origin);
    return known ? local_day(day, known->zone) : utc_day(day);
}

result<utc_time> at_local_clock(date day, std::chrono::minutes clock, std::string_view zone)
{
    auto const* const known = find_zone(zone);
    if (!known) return unknown_zone(zone);
    return to_utc(midnight(day) + clock, *known);
}

}  // namespace aircargo
