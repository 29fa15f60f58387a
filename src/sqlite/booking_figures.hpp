#pragma once

#include "sqlite/connection.hpp"
#include <aircargo/store/booking_figures.hpp>

namespace aircargo::detail {

/// \pre in a transaction, so that all figures are of one moment
[[nodiscard]] result<booking_figures> sum_up_bookings(sqlite_connection& connection,
                                                      figures_query const& query);

}  // namespace aircargo::detail
