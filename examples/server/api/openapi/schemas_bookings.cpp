#include "api/openapi/schemas.hpp"
#include <aircargo/booking/booking.hpp>
#include <aircargo/booking/status.hpp>
#include <string>

namespace aircargo::server::docs {
namespace {

using enum member::presence;

/// A member that refers to a named schema.
[[nodiscard]] member of(std::string_view name, named_schema const& shape,
                        member::presence there = required)
{
    return {name, refer(shape), there};
}

[[nodiscard]] schema make_new_booking()
{
    return with_example(
        request_object({
            of("origin", schemas::airport_code_in),
            of("destination", schemas::airport_code_in),
            {"pieces", described(integer(limits::pieces), "Physical units.")},
            {"weight_kg", described(integer(limits::weight_kg), "Gross weight.")},
            {"flight_ids",
             described(list(refer(schemas::flight_id), limits::legs),
                       "The itinerary: flights of one itinerary of a route search, in order."),
             optional},
            of("notes", schemas::notes, optional),
        }),
        {{"origin", "DEL"}, {"destination", "BLR"}, {"pieces", 3}, {"weight_kg", 120}});
}

[[nodiscard]] member act_location()
{
    return {"location",
            described(refer(schemas::airport_code_in), "Where; else where the itinerary says."),
            optional};
}

[[nodiscard]] member act_off_plan()
{
    return {"off_plan",
            with_default(described(truth(), "Record the fact although it is not on the itinerary."),
                         false),
            optional};
}

/// Of a departure or an arrival.
[[nodiscard]] schema make_movement()
{
    return with_example(
        request_object({
            act_location(),
            {"flight_id",
             described(refer(schemas::flight_id), "On which flight; else on the itinerary's."),
             optional},
            act_off_plan(),
            of("notes", schemas::notes, optional),
        }),
        {{"notes", "dry and whole"}});
}

[[nodiscard]] schema make_delivery()
{
    return with_example(
        request_object({act_location(), act_off_plan(), of("notes", schemas::notes, optional)}),
        {{"notes", "at door 4"}});
}

[[nodiscard]] schema make_cancellation()
{
    return with_example(request_object({of("notes", schemas::notes, optional)}),
                        {{"notes", "the shipper asked for it"}});
}

[[nodiscard]] schema make_leg()
{
    return answer_object({
        of("flight_id", schemas::flight_id),
        of("flight_number", schemas::flight_number),
        of("origin", schemas::airport_code),
        of("destination", schemas::airport_code),
        of("departure_datetime", schemas::instant),
        of("arrival_datetime", schemas::instant),
    });
}

[[nodiscard]] schema make_next_activity()
{
    return described(answer_object({
                         {"act", one_of(names_of(aircargo::booking_act::depart))},
                         of("location", schemas::airport_code),
                         of("flight_id", schemas::flight_id, optional),
                         of("flight_number", schemas::flight_number, optional),
                         of("scheduled_at", schemas::instant, optional),
                     }),
                     "What should happen next if all goes by the itinerary.");
}

[[nodiscard]] schema make_booking()
{
    return answer_object({
        of("ref_id", schemas::booking_ref),
        of("origin", schemas::airport_code),
        of("destination", schemas::airport_code),
        {"pieces", integer(limits::pieces)},
        {"weight_kg", integer(limits::weight_kg)},
        of("status", schemas::booking_status),
        {"location",
         described(refer(schemas::airport_code), "Where the cargo stands; not while it flies."),
         optional},
        {"misrouted", described(truth(), "Something off its itinerary is on record."), optional},
        {"flight_ids", list(refer(schemas::flight_id), limits::legs)},
        {"legs", list(refer(schemas::leg), limits::legs, 1), optional},
        of("next_activity", schemas::next_activity, optional),
        of("created_at", schemas::instant),
        of("updated_at", schemas::instant),
        {"revision", described(integer(limits::id), "Counts its events; the ETag in quotes.")},
    });
}

[[nodiscard]] schema make_booking_page()
{
    return answer_object({
        {"items", list(refer(schemas::booking), limits::page_size.max)},
        {"page", described(integer(limits::page), "Not with a cursor."), optional},
        {"page_size", integer(limits::page_size)},
        {"total", described(count(), "How many match, as far as was counted.")},
        {"total_exact", described(truth(), "False when there may be more.")},
        {"next_cursor",
         described({{"type", {"string", "null"}}}, "For the page after this; null on the last.")},
    });
}

[[nodiscard]] std::vector<member> members_of_events()
{
    return {
        {"seq", described(integer(limits::id), "1, 2, 3 … within the booking.")},
        {"event_type", one_of(names_of(event_type::booked))},
        {"status", described(refer(schemas::booking_status), "After the fact.")},
        of("location", schemas::airport_code, optional),
        of("flight_id", schemas::flight_id, optional),
        of("flight_number", schemas::flight_number, optional),
        {"off_plan", truth(), optional},
        of("notes", schemas::notes, optional),
        {"actor", described(text(), "Who said so."), optional},
        of("created_at", schemas::instant),
    };
}

[[nodiscard]] schema make_event()
{
    return described(answer_object(members_of_events()),
                     "A fact that happened; never changed or removed.");
}

[[nodiscard]] schema make_logged_event()
{
    std::vector<member> members{of("ref_id", schemas::booking_ref),
                                of("origin", schemas::airport_code),
                                of("destination", schemas::airport_code)};
    for (auto& m : members_of_events()) members.push_back(std::move(m));
    return described(answer_object(members), "An event, with the booking that it happened to.");
}

[[nodiscard]] schema make_history()
{
    return answer_object({
        of("ref_id", schemas::booking_ref),
        of("status", schemas::booking_status),
        {"events", described(list(refer(schemas::event)), "Oldest first.")},
    });
}

}  // namespace

namespace schemas {

named_schema const new_booking{"NewBooking", make_new_booking};
named_schema const movement{"Movement", make_movement};
named_schema const delivery{"Delivery", make_delivery};
named_schema const cancellation{"Cancellation", make_cancellation};
named_schema const booking{"Booking", make_booking};
named_schema const booking_page{"BookingPage", make_booking_page};
named_schema const leg{"Leg", make_leg};
named_schema const next_activity{"NextActivity", make_next_activity};
named_schema const event{"Event", make_event};
named_schema const logged_event{"LoggedEvent", make_logged_event};
named_schema const history{"History", make_history};

}  // namespace schemas
}  // namespace aircargo::server::docs
