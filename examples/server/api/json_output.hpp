#pragma once

#include "api/json_writer.hpp"
#include <aircargo/booking/booking.hpp>
#include <aircargo/routing/search.hpp>
#include <aircargo/store/booking_store.hpp>
#include <span>
#include <string>
#include <string_view>

/// The API's shapes. What is not known is left out.
namespace aircargo::server {

void write_booking(json_writer& out, booking const& b);
[[nodiscard]] std::string booking_json(booking const& b);

/// One page; `page` is left out of pages that were asked for by cursor.
[[nodiscard]] std::string bookings_json(booking_query const& query, booking_page const& page);

[[nodiscard]] std::string history_json(std::string_view ref, std::span<event const> events);

/// An event as streams and webhooks tell it: that of a history, with the booking that it is about.
[[nodiscard]] std::string logged_event_json(logged_event const& e);

struct route_page {
    route_query const& query;
    route_answer const& answer;
    std::string departure_date;
    std::string_view zone;  ///< whose day was searched
    std::string next_cursor;
};
[[nodiscard]] std::string routes_json(route_page const& page);

}  // namespace aircargo::server
