#pragma once

#include <aircargo/core/error.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/routing/flight.hpp>
#include <utility>
#include <vector>

namespace aircargo::python {

/// An itinerary with flights of its own, where the library's points into a schedule. Python's
/// `Itinerary`. There is at least one flight.
struct journey {
    std::vector<flight> flights;

    [[nodiscard]] flight const& first() const { return flights.front(); }
    [[nodiscard]] flight const& last() const { return flights.back(); }

    friend bool operator==(journey const&, journey const&) = default;
};

}  // namespace aircargo::python
