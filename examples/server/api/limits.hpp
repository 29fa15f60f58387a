#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/core/weight.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/webhook_store.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>

/// How large and how many the fields of a request may be. The readers keep these limits and the
/// description (openapi/) tells them.
namespace aircargo::server {

struct integer_range {
    std::int64_t min;
    std::int64_t max;
};

namespace limits {

inline constexpr integer_range id{1, std::numeric_limits<std::int64_t>::max()};

// of a booking
inline constexpr integer_range pieces{1, booking_terms::max_pieces};
inline constexpr integer_range weight_kg{1, weight::max_kg};
inline constexpr std::size_t legs = booking_terms::max_legs;
inline constexpr std::size_t notes_bytes = annotation::max_notes;

// of airports that are looked for
inline constexpr std::size_t airport_search_bytes = 64;
inline constexpr integer_range airports_limit{1, 500};

// of a batch
inline constexpr std::size_t batch_entries = 1000;
// of webhooks
inline constexpr std::size_t webhook_url_bytes = 2048;
inline constexpr std::size_t webhook_statuses = 5;
inline constexpr std::size_t webhook_airports = 100;
inline constexpr integer_range deliveries_page_size{1, delivery_query::max_page_size};
inline constexpr std::int64_t default_deliveries_page_size = 100;
inline constexpr std::size_t redelivered_events = 1000;

// of events
inline constexpr integer_range event_id{0, std::numeric_limits<std::int64_t>::max()};

// of a list
inline constexpr integer_range page{1, booking_query::max_skipped + 1};
inline constexpr integer_range page_size{1, booking_query::max_page_size};
inline constexpr std::size_t list_cursor_bytes = 1024;

// of a route search
inline constexpr integer_range search_limit{1, 1000};
inline constexpr std::int64_t default_search_limit = 50;
inline constexpr integer_range stops{0, 3};
inline constexpr std::int64_t default_stops = 1;
inline constexpr integer_range journey_minutes{1, 31 * 24 * 60};
inline constexpr integer_range connection_minutes{0, 2 * 24 * 60};
inline constexpr std::size_t airports = 10;
inline constexpr std::size_t airlines = 20;
inline constexpr std::size_t route_cursor_bytes = 1024;

// of a list of flights
inline constexpr integer_range flights_page_size{1, 1000};
inline constexpr std::size_t flight_cursor_bytes = 64;

// of numbers about bookings, in days
inline constexpr std::int64_t analytics_days = 92;
inline constexpr std::int64_t default_analytics_days = 30;

// of accounts
inline constexpr integer_range password_bytes{8, 256};
inline constexpr std::size_t refresh_token_bytes = 128;
inline constexpr std::size_t api_key_name_bytes = 100;
inline constexpr integer_range users_page_size{1, 500};
inline constexpr std::int64_t default_users_page_size = 100;

// of header fields
inline constexpr std::size_t idempotency_key_bytes = 255;

}  // namespace limits
}  // namespace aircargo::server
