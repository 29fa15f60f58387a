#pragma once

#include "postgres/database.hpp"
#include <aircargo/store/booking_list.hpp>

namespace aircargo::detail {

/// A page of bookings, in one round trip; in one more where looking ended before the page was full.
[[nodiscard]] result<booking_page> list_bookings(postgres_database::state& db,
                                                 booking_query const& query);

}  // namespace aircargo::detail
