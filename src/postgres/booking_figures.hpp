#pragma once

#include "postgres/database.hpp"
#include <aircargo/store/booking_figures.hpp>

namespace aircargo::detail {

/// In one round trip, where lists are read.
[[nodiscard]] result<booking_figures> sum_up_bookings(postgres_database::state& db,
                                                      figures_query const& query);

}  // namespace aircargo::detail
