#pragma once

#include "support/builders.hpp"
#include <aircargo/routing/search.hpp>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::test {

/// Flights one a line, as `a_flight` reads them; ids count from 1 in the order of the lines.
inline std::vector<flight> flights_from_text(std::string const& text)
{
    std::vector<flight> flights;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) continue;
        flights.push_back(a_flight(line));
        flights.back().id = static_cast<flight_id>(flights.size());
    }
    return flights;
}

inline std::unique_ptr<schedule> schedule_from_text(std::string const& text)
{
    return std::make_unique<schedule>(flights_from_text(text));
}

inline day_window utc_window(std::string_view asked)
{
    utc_time const start = std::chrono::sys_days(day(asked));
    return {start, start + std::chrono::days(1), start + std::chrono::days(2)};
}

/// Asks for a UTC day.
inline route_query query(std::string_view origin, std::string_view destination,
                         std::string_view asked)
{
    return {
        .origin = airport(origin), .destination = airport(destination), .day = utc_window(asked)};
}

/// `AI101 DEL-BOM, AI204 BOM-BLR: 5h55m`, one a line, direct ones first.
inline std::string to_text(route_answer const& answer)
{
    std::ostringstream out;
    for (auto const* found : {&answer.direct, &answer.transit}) {
        for (auto const& i : *found) {
            char const* comma = "";
            for (auto const& f : i.flights()) {
                out << comma << f.number.str() << ' ' << f.origin.str() << '-'
                    << f.destination.str();
                comma = ", ";
            }
            auto const minutes =
                std::chrono::floor<std::chrono::minutes>(i.arrival() - i.departure()).count();
            out << ": " << minutes / 60 << 'h' << (minutes % 60 < 10 ? "0" : "") << minutes % 60
                << "m\n";
        }
    }
    return out.str();
}

}  // namespace aircargo::test
