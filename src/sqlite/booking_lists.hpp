#pragma once

#include "sqlite/booking_rows.hpp"
#include "sqlite/connection.hpp"
#include <aircargo/store/booking_list.hpp>

namespace aircargo::detail {

/// A page of bookings. \pre in a transaction, so that it fits the count
[[nodiscard]] result<booking_page> list_bookings(sqlite_connection& connection,
                                                 booking_rows& bookings,
                                                 booking_query const& query);

}  // namespace aircargo::detail
