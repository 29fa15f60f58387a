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

/// \return the stores, their schema brought up to date; or `backend_down`, `invalid_request`
[[nodiscard]] result<stores> open_stores(config const& c);

}  // namespace aircargo::server
