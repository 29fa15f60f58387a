#pragma once

#include "api/router.hpp"

/// The handlers, one a route. They answer at once or hand the request in at the desk; none of them
/// waits.
namespace aircargo::server {

void create_booking(app& a, exchange_ptr x, path_arguments const& arguments);
void list_bookings(app& a, exchange_ptr x, path_arguments const& arguments);
void get_booking(app& a, exchange_ptr x, path_arguments const& arguments);
void cancel_booking(app& a, exchange_ptr x, path_arguments const& arguments);
void get_history(app& a, exchange_ptr x, path_arguments const& arguments);
void depart_booking(app& a, exchange_ptr x, path_arguments const& arguments);
void arrive_booking(app& a, exchange_ptr x, path_arguments const& arguments);
void deliver_booking(app& a, exchange_ptr x, path_arguments const& arguments);
void create_bookings(app& a, exchange_ptr x, path_arguments const& arguments);
void change_bookings(app& a, exchange_ptr x, path_arguments const& arguments);
void register_account(app& a, exchange_ptr x, path_arguments const& arguments);
void log_in(app& a, exchange_ptr x, path_arguments const& arguments);
void refresh_session(app& a, exchange_ptr x, path_arguments const& arguments);
void log_out(app& a, exchange_ptr x, path_arguments const& arguments);
void begin_session(app& a, exchange_ptr x, path_arguments const& arguments);
void get_session(app& a, exchange_ptr x, path_arguments const& arguments);
void renew_session(app& a, exchange_ptr x, path_arguments const& arguments);
void end_session(app& a, exchange_ptr x, path_arguments const& arguments);
void get_me(app& a, exchange_ptr x, path_arguments const& arguments);
void change_password(app& a, exchange_ptr x, path_arguments const& arguments);
void create_api_key(app& a, exchange_ptr x, path_arguments const& arguments);
void list_api_keys(app& a, exchange_ptr x, path_arguments const& arguments);
void revoke_api_key(app& a, exchange_ptr x, path_arguments const& arguments);
void list_users(app& a, exchange_ptr x, path_arguments const& arguments);
void change_user(app& a, exchange_ptr x, path_arguments const& arguments);
void stream_booking_events(app& a, exchange_ptr x, path_arguments const& arguments);
void stream_events(app& a, exchange_ptr x, path_arguments const& arguments);
void create_webhook(app& a, exchange_ptr x, path_arguments const& arguments);
void list_webhooks(app& a, exchange_ptr x, path_arguments const& arguments);
void get_webhook(app& a, exchange_ptr x, path_arguments const& arguments);
void change_webhook(app& a, exchange_ptr x, path_arguments const& arguments);
void remove_webhook(app& a, exchange_ptr x, path_arguments const& arguments);
void test_webhook(app& a, exchange_ptr x, path_arguments const& arguments);
void list_deliveries(app& a, exchange_ptr x, path_arguments const& arguments);
void redeliver_events(app& a, exchange_ptr x, path_arguments const& arguments);
void search_routes(app& a, exchange_ptr x, path_arguments const& arguments);
void get_routes(app& a, exchange_ptr x, path_arguments const& arguments);
void list_airports(app& a, exchange_ptr x, path_arguments const& arguments);
void list_flights(app& a, exchange_ptr x, path_arguments const& arguments);
void get_flight(app& a, exchange_ptr x, path_arguments const& arguments);
void import_flights(app& a, exchange_ptr x, path_arguments const& arguments);
void get_docs(app& a, exchange_ptr x, path_arguments const& arguments);
void get_docs_file(app& a, exchange_ptr x, path_arguments const& arguments);
void get_openapi(app& a, exchange_ptr x, path_arguments const& arguments);
void get_analytics(app& a, exchange_ptr x, path_arguments const& arguments);
void health(app& a, exchange_ptr x, path_arguments const& arguments);
void health_detailed(app& a, exchange_ptr x, path_arguments const& arguments);
void livez(app& a, exchange_ptr x, path_arguments const& arguments);
void readyz(app& a, exchange_ptr x, path_arguments const& arguments);
void metrics(app& a, exchange_ptr x, path_arguments const& arguments);

}  // namespace aircargo::server
