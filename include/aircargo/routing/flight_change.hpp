#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/flight_check.hpp>
#include <optional>
#include <string>

namespace aircargo {

/// One change to a schedule: a flight is added, cancelled or retimed. Made by the three functions
/// below.
struct flight_change {
    struct new_times {
        utc_time departure;
        utc_time arrival;
    };

    airport_code origin;
    airport_code destination;
    flight_id id;
    bool must_exist;                 ///< the schedule has the flight already
    std::optional<new_times> times;  ///< nothing: the flight goes
    flight_number number;            ///< of a flight that is added, and its airline
    std::string airline_name;
};

[[nodiscard]] inline flight_change add_flight(flight const& f)
{
    return {f.origin, f.destination, f.id, false, {{f.departure, f.arrival}},
            f.number, f.airline_name};
}

/// The flight is found by its id and its ends.
[[nodiscard]] inline flight_change cancel_flight(flight const& f)
{
    return {f.origin, f.destination, f.id, true, std::nullopt, f.number, {}};
}

[[nodiscard]] inline flight_change retime_flight(flight const& f, utc_time departure,
                                                 utc_time arrival)
{
    return {f.origin, f.destination, f.id, true, {{departure, arrival}}, f.number, {}};
}

/// Why a schedule whose time starts at `origin_of_time` can not take a change; nothing when it can.
/// Whether the places are known and the speed is possible is for the caller to check.
[[nodiscard]] inline std::optional<error> fault_of(flight_change const& c, utc_time origin_of_time)
{
    if (!c.times) return std::nullopt;
    flight const changed{c.id,          c.number,           c.airline_name,  c.origin,
                         c.destination, c.times->departure, c.times->arrival};
    auto const name = "flight " + std::string(c.number.str());
    if (auto const fault = fault_of(changed)) {
        return refuse(errc::invalid_request,
                      name + " can not be true: " + std::string(name_of(*fault)));
    }
    if (c.times->departure < origin_of_time) {
        return refuse(errc::invalid_request,
                      name + " departs before " + to_string(origin_of_time) +
                          ", where the schedule's time starts: build a new schedule");
    }
    return std::nullopt;
}

}  // namespace aircargo
