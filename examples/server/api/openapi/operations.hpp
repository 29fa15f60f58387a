#pragma once

#include "api/openapi/operation.hpp"

/// The descriptions, one a route, called as its handler.
namespace aircargo::server::docs {

// bookings.cpp
[[nodiscard]] operation create_booking();
[[nodiscard]] operation list_bookings();
[[nodiscard]] operation get_booking();
[[nodiscard]] operation get_history();
[[nodiscard]] operation depart_booking();
[[nodiscard]] operation arrive_booking();
[[nodiscard]] operation deliver_booking();
[[nodiscard]] operation cancel_booking();

// batches.cpp
[[nodiscard]] operation create_bookings();
[[nodiscard]] operation change_bookings();
// events.cpp
[[nodiscard]] operation stream_booking_events();
[[nodiscard]] operation stream_events();

// accounts.cpp
[[nodiscard]] operation register_account();
[[nodiscard]] operation log_in();
[[nodiscard]] operation refresh_session();
[[nodiscard]] operation log_out();
[[nodiscard]] operation get_me();
[[nodiscard]] operation change_password();
[[nodiscard]] operation create_api_key();
[[nodiscard]] operation list_api_keys();
[[nodiscard]] operation revoke_api_key();
[[nodiscard]] operation list_users();
[[nodiscard]] operation change_user();

// sessions.cpp
[[nodiscard]] operation begin_session();
[[nodiscard]] operation get_session();
[[nodiscard]] operation renew_session();
[[nodiscard]] operation end_session();

// webhooks.cpp
[[nodiscard]] operation create_webhook();
[[nodiscard]] operation list_webhooks();
[[nodiscard]] operation get_webhook();
[[nodiscard]] operation change_webhook();
[[nodiscard]] operation remove_webhook();
[[nodiscard]] operation test_webhook();
[[nodiscard]] operation list_deliveries();
[[nodiscard]] operation redeliver_events();

// routes.cpp
[[nodiscard]] operation search_routes();
[[nodiscard]] operation get_routes();

// airports.cpp
[[nodiscard]] operation list_airports();

// flights.cpp
[[nodiscard]] operation list_flights();
[[nodiscard]] operation get_flight();
[[nodiscard]] operation import_flights();

// analytics.cpp
[[nodiscard]] operation get_analytics();

// service.cpp
[[nodiscard]] operation health();
[[nodiscard]] operation health_detailed();
[[nodiscard]] operation livez();
[[nodiscard]] operation readyz();
[[nodiscard]] operation metrics();
[[nodiscard]] operation get_openapi();
[[nodiscard]] operation get_docs();
[[nodiscard]] operation get_docs_file();

}  // namespace aircargo::server::docs
