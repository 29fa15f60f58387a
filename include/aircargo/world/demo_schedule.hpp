#pragma once

#include <aircargo/core/utc_time.hpp>
#include <aircargo/routing/flight.hpp>
#include <vector>

namespace aircargo {

/// Flights to try the system with: a weekly pattern of cargo routes between about 100 airports,
/// written out for `days` days from `first` on. Who flies where is real, times and weekdays are
/// not. Same arguments, same flights.
[[nodiscard]] std::vector<flight> demo_schedule(date first, int days);

}  // namespace aircargo
