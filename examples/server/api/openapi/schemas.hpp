#pragma once

#include "api/openapi/schema.hpp"
#include <span>
#include <vector>

/// The shapes of the API, each under one name.
namespace aircargo::server::docs {

/// All of them, in the order of the document.
[[nodiscard]] std::span<named_schema const* const> all_schemas() noexcept;

/// What a route search may have, in a body or behind a question mark.
[[nodiscard]] std::vector<member> route_search_members();

namespace schemas {

// words
extern named_schema const airport_code;     ///< as answers write it
extern named_schema const airport_code_in;  ///< as requests may write it
extern named_schema const airline_designator;
extern named_schema const flight_number;     ///< as answers write it
extern named_schema const flight_number_in;  ///< as requests may write it
extern named_schema const flight_id;
extern named_schema const booking_ref;
extern named_schema const ref_prefix;
extern named_schema const booking_status;
extern named_schema const instant;     ///< as answers write it
extern named_schema const instant_in;  ///< as requests may write it
extern named_schema const day;
extern named_schema const notes;

// bookings
extern named_schema const new_booking;
extern named_schema const movement;
extern named_schema const delivery;
extern named_schema const cancellation;
extern named_schema const booking;
extern named_schema const booking_page;
extern named_schema const leg;
extern named_schema const next_activity;
extern named_schema const event;
extern named_schema const logged_event;
extern named_schema const history;

// batches
extern named_schema const new_bookings;
extern named_schema const booking_change;
extern named_schema const booking_changes;
extern named_schema const batch_results;

// routes
extern named_schema const route_search;
extern named_schema const route_page;
extern named_schema const itinerary;
extern named_schema const flight;

// airports
extern named_schema const airport;
extern named_schema const airports;

// flights
extern named_schema const flight_page;
extern named_schema const import_report;

// analytics
extern named_schema const analytics;

// accounts
extern named_schema const account_name_in;
extern named_schema const account_role;
extern named_schema const new_account;
extern named_schema const login;
extern named_schema const new_password;
extern named_schema const changed_password;
extern named_schema const session_token;
extern named_schema const token_grant;
extern named_schema const account;
extern named_schema const account_page;
extern named_schema const account_change;
extern named_schema const me;
extern named_schema const page_session;
extern named_schema const new_api_key;
extern named_schema const api_key;
extern named_schema const shown_api_key;
extern named_schema const api_keys;

// webhooks
extern named_schema const new_webhook;
extern named_schema const webhook_change;
extern named_schema const webhook;
extern named_schema const shown_webhook;
extern named_schema const webhooks;
extern named_schema const webhook_message;
extern named_schema const webhook_test;
extern named_schema const delivery_state;
extern named_schema const delivery_cursor;
extern named_schema const webhook_delivery;
extern named_schema const delivery_page;
extern named_schema const redelivery;
extern named_schema const redelivered;

// the service
extern named_schema const health;
extern named_schema const health_detailed;
extern named_schema const liveness;
extern named_schema const readiness;
extern named_schema const problem;
extern named_schema const field_error;

}  // namespace schemas
}  // namespace aircargo::server::docs
