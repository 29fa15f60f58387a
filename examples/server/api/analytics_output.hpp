#pragma once

#include "figures_desk.hpp"
#include <string>

namespace aircargo::server {

/// Every day of the span is told, also those without bookings.
[[nodiscard]] std::string analytics_json(day_span const& span, dated_figures const& dated);

}  // namespace aircargo::server
