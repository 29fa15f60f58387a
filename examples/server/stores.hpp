#pragma once

#include "config.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <memory>
#include <optional>

namespace aircargo::server {

/// The stores that the settings name.
struct stores {
    std::unique_ptr<any_booking_store> bookings;
    std::unique_ptr<any_flight_store> flights;
    std::optional<int> schema_version;  ///< nothing for a store that has no schema
};

enum class old_schema { migrate, refuse };

/// \return the stores, or `backend_down`, `invalid_request`
[[nodiscard]] result<stores> open_stores(config const& c, old_schema what = old_schema::migrate);

}  // namespace aircargo::server
