#include "api/list_order.hpp"
#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {
namespace {

/// The booking as it is now.
[[nodiscard]] answer booking_now(std::string_view says)
{
    return {200, says, refer(schemas::booking), {"ETag"}};
}

/// The acts answer the same and refuse the same.
[[nodiscard]] operation act(std::string_view id, std::string_view summary, named_schema const& body,
                            std::string_view says)
{
    return {.id = id,
            .tag = "Bookings",
            .summary = summary,
            .says = says,
            .fields = {"If-Match", "Idempotency-Key"},
            .body = request_body{refer(body), false},
            .answers = {booking_now("The booking after it.")},
            .refusals = {404, 409, 412, 422}};
}

[[nodiscard]] schema sorts()
{
    std::vector<std::string_view> names;
    for (auto order : list_orders) names.push_back(sort_name(order));
    return one_of(names);
}

}  // namespace

operation create_booking()
{
    return {.id = "createBooking",
            .tag = "Bookings",
            .summary = "Book a shipment",
            .says =
                "With `flight_ids` the booking has an itinerary, whose flights must lead from "
                "origin to destination and are not to have left.",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::new_booking)},
            .answers = {{201, "The new booking.", refer(schemas::booking), {"Location", "ETag"}}},
            .refusals = {404, 409, 422}};
}

operation list_bookings()
{
    auto const code = refer(schemas::airport_code_in);
    auto const instant = refer(schemas::instant_in);
    return {
        .id = "listBookings",
        .tag = "Bookings",
        .summary = "List bookings",
        .says =
            "Newest first unless `sort` says otherwise. Programs go by `cursor`, or by the "
            "addresses in `Link`: that costs the same at any depth and is not shifted by new "
            "bookings; `page` is for people. With several filters a page may be short, or empty, "
            "though there is a next one.",
        .query = {{"page", with_default(integer(limits::page), 1),
                   "Instead of a cursor; no more than 100,000 bookings may lie before it."},
                  {"page_size", with_default(integer(limits::page_size), booking_query{}.page_size),
                   "Bookings a page."},
                  {"cursor", cursor(limits::list_cursor_bytes),
                   "`next_cursor` of the page before, of a list in the same order."},
                  {"sort", with_default(sorts(), sort_name(booking_query{}.order)),
                   "By creation, newest or oldest first; or by reference."},
                  {"status", refer(schemas::booking_status), "With this status."},
                  {"origin", code, "From this airport."},
                  {"destination", code, "To this airport."},
                  {"created_from", instant, "Created at this instant or later."},
                  {"created_to", instant, "Created before this instant."},
                  {"ref_prefix", refer(schemas::ref_prefix),
                   "With a reference that begins like this; the order is then `ref_id`."}},
        .answers = {{200, "A page of bookings.", refer(schemas::booking_page), {"Link"}}}};
}

operation get_booking()
{
    return {.id = "getBooking",
            .tag = "Bookings",
            .summary = "Find a booking",
            .fields = {"If-None-Match"},
            .answers = {booking_now("The booking."),
                        {304, "The client has it already.", nullptr, {"ETag"}}},
            .refusals = {404}};
}

operation get_history()
{
    return {.id = "getHistory",
            .tag = "Bookings",
            .summary = "Track a booking",
            .says = "Everything that happened to it, oldest first.",
            .fields = {"If-None-Match"},
            .answers = {{200, "Its events.", refer(schemas::history), {"ETag"}},
                        {304, "The client has them already.", nullptr, {"ETag"}}},
            .refusals = {404}};
}

operation depart_booking()
{
    return act("departBooking", "Record a departure", schemas::movement,
               "From the origin, or from an airport of transfer.");
}

operation arrive_booking()
{
    return act("arriveBooking", "Record an arrival", schemas::movement,
               "At the destination; or with `location` at an airport of transfer, and then the "
               "booking stays DEPARTED.");
}

operation deliver_booking()
{
    return act("deliverBooking", "Record the delivery", schemas::delivery, "Ends the booking.");
}

operation cancel_booking()
{
    return act("cancelBooking", "Cancel a booking", schemas::cancellation,
               "Possible until it has arrived. The booking stays, as CANCELLED.");
}

}  // namespace aircargo::server::docs
