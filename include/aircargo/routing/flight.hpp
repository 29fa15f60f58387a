#pragma once

#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/flight_id.hpp>
#include <aircargo/core/flight_number.hpp>
#include <aircargo/core/utc_time.hpp>
#include <string>

namespace aircargo {

/// One scheduled take-off to one landing. Number, ends and departure together name it: a store has
/// at most one such flight.
struct flight {
    flight_id id{};  ///< 0 until a store has given one
    flight_number number;
    std::string airline_name;
    airport_code origin;
    airport_code destination;
    utc_time departure;  ///< STD
    utc_time arrival;    ///< STA, later than the departure

    friend bool operator==(flight const&, flight const&) = default;
};

}  // namespace aircargo
