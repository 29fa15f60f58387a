#include "common/csv.hpp"
#include "embedded/demo_routes_csv.hpp"
#include <aircargo/core/assert.hpp>
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <charconv>
#include <optional>

namespace aircargo {
namespace {

/// One flight number with its weekdays.
struct rotation {
    flight_number number;
    std::string airline_name;
    airport_code origin;
    airport_code destination;
    std::string weekdays;            // ISO digits: 1 is Monday
    std::chrono::minutes departure;  // local clock at the origin
    std::chrono::minutes block;
};

[[nodiscard]] int to_int(std::string_view text)
{
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

[[nodiscard]] std::optional<rotation> read_rotation(std::vector<std::string> const& fields)
{
    auto const origin = airport_code::parse(fields[2]);
    auto const destination = airport_code::parse(fields[3]);
    auto const number = flight_number::parse(fields[5]);
    if (!origin || !destination || !number || fields[6].size() != 5) return std::nullopt;
    auto const clock = std::string_view(fields[6]);
    auto const departure = std::chrono::hours(to_int(clock.substr(0, 2))) +
                           std::chrono::minutes(to_int(clock.substr(3)));
    return rotation{*number,
                    fields[1],
                    *origin,
                    *destination,
                    fields[4],
                    departure,
                    std::chrono::minutes(to_int(fields[7]))};
}

[[nodiscard]] std::vector<rotation> read_week()
{
    std::vector<rotation> week;
    std::string_view rest = detail::demo_routes_csv;
    std::vector<std::string> fields;
    (void)detail::take_line(rest);  // the header
    while (!rest.empty()) {
        bool const sound = detail::split_csv(detail::take_line(rest), fields) && fields.size() == 8;
        auto line = sound ? read_rotation(fields) : std::nullopt;
        AIRCARGO_ASSERT(line);
        if (line) week.push_back(*std::move(line));
    }
    return week;
}

[[nodiscard]] bool flies_on(rotation const& r, date day)
{
    auto const weekday = std::chrono::weekday(std::chrono::sys_days(day)).iso_encoding();
    return r.weekdays.find(static_cast<char>('0' + weekday)) != std::string::npos;
}

}  // namespace

std::vector<flight> demo_schedule(date first, int days)
{
    static std::vector<rotation> const week = read_week();
    std::vector<flight> flights;
    for (auto const& r : week) {
        auto const* const origin = find_airport(r.origin);
        AIRCARGO_ASSERT(origin);
        if (!origin) continue;
        for (int i = 0; i < days; ++i) {
            date const day = std::chrono::sys_days(first) + std::chrono::days(i);
            if (!flies_on(r, day)) continue;
            auto const departure = at_local_clock(day, r.departure, origin->zone);
            if (!departure) continue;  // this system's time zone data lacks the zone
            flights.push_back({{},
                               r.number,
                               r.airline_name,
                               r.origin,
                               r.destination,
                               *departure,
                               *departure + r.block});
        }
    }
    return flights;
}

}  // namespace aircargo
