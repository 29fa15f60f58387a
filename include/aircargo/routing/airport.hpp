#pragma once

#include <aircargo/core/airport_code.hpp>
#include <string>

namespace aircargo {

/// A place that flights serve.
struct airport {
    airport_code code;
    std::string name;
    std::string city;
    std::string country;  ///< ISO 3166-1, two letters
    double latitude;      ///< degrees, north is positive
    double longitude;     ///< degrees, east is positive
    std::string zone;     ///< IANA time zone name, such as Asia/Kolkata
};

}  // namespace aircargo
