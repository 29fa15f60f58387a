#pragma once

#include <aircargo/routing/airport.hpp>
#include <span>

namespace aircargo {

/// Every airport of the world with an IATA code, by code. Compiled in; parsed at the first call;
/// thread-safe. Source and licence: src/world/data/README.md.
[[nodiscard]] std::span<airport const> all_airports();

/// The airport with this code, or null; it lives as long as the program.
[[nodiscard]] airport const* find_airport(airport_code code);

}  // namespace aircargo
