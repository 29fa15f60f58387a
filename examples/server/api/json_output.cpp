#include "api/json_output.hpp"
#include "api/flight_output.hpp"
#include "api/json_writer.hpp"
#include <aircargo/tracking/next_activity.hpp>
#include <chrono>

namespace aircargo::server {
namespace {

[[nodiscard]] std::int64_t number_of(flight_id id) { return static_cast<std::int64_t>(id); }

[[nodiscard]] std::int64_t minutes_between(utc_time from, utc_time to)
{
    return std::chrono::floor<std::chrono::minutes>(to - from).count();
}

void write_leg(json_writer& out, leg const& l)
{
    out.begin_object()
        .member("flight_id", number_of(l.flight))
        .member("flight_number", l.number.str())
        .member("origin", l.origin.str())
        .member("destination", l.destination.str())
        .member("departure_datetime", to_string(l.departure))
        .member("arrival_datetime", to_string(l.arrival))
        .end_object();
}

void write_next_activity(json_writer& out, next_activity const& next)
{
    out.key("next_activity")
        .begin_object()
        .member("act", name_of(next.act))
        .member("location", next.location.str());
    if (next.flight) {
        out.member("flight_id", number_of(next.flight->flight));
        out.member("flight_number", next.flight->number.str());
    }
    if (next.scheduled_at) out.member("scheduled_at", to_string(*next.scheduled_at));
    out.end_object();
}

void write_event_members(json_writer& out, event const& e)
{
    out.member("seq", e.seq)
        .member("event_type", name_of(e.type))
        .member("status", name_of(e.status));
    if (e.location) out.member("location", e.location->str());
    if (e.flight) {
        out.member("flight_id", number_of(e.flight->id))
            .member("flight_number", e.flight->number.str());
    }
    if (e.off_plan) out.member("off_plan", true);
    if (!e.notes.empty()) out.member("notes", e.notes);
    if (!e.actor.empty()) out.member("actor", e.actor);
    out.member("created_at", to_string(e.created_at));
}

void write_event(json_writer& out, event const& e)
{
    out.begin_object();
    write_event_members(out, e);
    out.end_object();
}

/// All stops, where there are more than the one that `transit_airport` names.
void write_stops(json_writer& out, std::span<flight_view const> flights)
{
    out.key("transit_airports").begin_array();
    for (auto const& f : flights.first(flights.size() - 1)) out.value(f.destination.str());
    out.end_array().key("transit_minutes").begin_array();
    for (std::size_t leg = 1; leg < flights.size(); ++leg) {
        out.value(minutes_between(flights[leg - 1].arrival, flights[leg].departure));
    }
    out.end_array();
}

void write_itinerary(json_writer& out, itinerary const& i)
{
    auto const flights = i.flights();
    out.begin_object().key("flights").begin_array();
    for (auto const& f : flights) write_flight(out, f);
    out.end_array();
    if (flights.size() > 1) {
        out.member("transit_airport", flights[0].destination.str());
        out.member("connection_minutes", minutes_between(flights[0].arrival, flights[1].departure));
    }
    if (flights.size() > 2) write_stops(out, flights);
    out.member("duration_minutes", minutes_between(i.departure(), i.arrival())).end_object();
}

void write_itineraries(json_writer& out, std::string_view name, std::span<itinerary const> found)
{
    out.key(name).begin_array();
    for (auto const& i : found) write_itinerary(out, i);
    out.end_array();
}

[[nodiscard]] std::string_view sentence_of(no_route reason) noexcept
{
    switch (reason) {
        case no_route::unknown_airport:
            return "no flight of the schedule serves the origin, or none the destination";
        case no_route::same_airport: return "origin and destination are the same airport";
        case no_route::outside_schedule:
            return "the schedule's first departure is after that day, or its last before it";
        case no_route::no_flight_that_day: return "nothing leaves the origin then";
        case no_route::filtered_out:
            return "there are routes, but none with these airports, airlines and times";
        case no_route::connections_too_short:
            return "flights meet, but stay on the ground for less than the connection asked for";
        case no_route::needs_more_stops:
            return "cargo gets there only with more stops than allowed";
        case no_route::no_connection:
            return "flights leave the origin, but none leads on to the destination in time";
    }
    return "?";
}

}  // namespace

void write_booking(json_writer& out, booking const& b)
{
    auto const& terms = b.terms;
    out.begin_object()
        .member("ref_id", terms.ref.str())
        .member("origin", terms.origin.str())
        .member("destination", terms.destination.str())
        .member("pieces", terms.pieces)
        .member("weight_kg", terms.gross.kg())
        .member("status", name_of(b.status));
    if (b.at) out.member("location", b.at->str());
    if (b.misrouted) out.member("misrouted", true);
    out.key("flight_ids").begin_array();
    for (auto const& l : terms.legs) out.value(number_of(l.flight));
    out.end_array();
    if (!terms.legs.empty()) {
        out.key("legs").begin_array();
        for (auto const& l : terms.legs) write_leg(out, l);
        out.end_array();
    }
    if (auto const next = next_expected_activity(b)) write_next_activity(out, *next);
    out.member("created_at", to_string(b.created_at))
        .member("updated_at", to_string(b.updated_at))
        .member("revision", b.revision)
        .end_object();
}

std::string booking_json(booking const& b)
{
    std::string text;
    text.reserve(512);
    json_writer out(text);
    write_booking(out, b);
    return text;
}

std::string bookings_json(booking_query const& query, booking_page const& page)
{
    std::string text;
    text.reserve(256 + page.items.size() * 400);
    json_writer out(text);
    out.begin_object().key("items").begin_array();
    for (auto const& b : page.items) write_booking(out, b);
    out.end_array();
    if (query.cursor.empty()) out.member("page", query.page);
    out.member("page_size", query.page_size)
        .member("total", page.total)
        .member("total_exact", page.total_is_exact);
    out.optional_member("next_cursor", page.next_cursor);
    out.end_object();
    return text;
}

std::string logged_event_json(logged_event const& e)
{
    std::string text;
    json_writer out(text);
    out.begin_object()
        .member("ref_id", e.ref.str())
        .member("origin", e.origin.str())
        .member("destination", e.destination.str());
    write_event_members(out, e.fact);
    out.end_object();
    return text;
}

std::string history_json(std::string_view ref, std::span<event const> events)
{
    std::string text;
    json_writer out(text);
    out.begin_object().member("ref_id", ref);
    if (!events.empty()) out.member("status", name_of(events.back().status));
    out.key("events").begin_array();
    for (auto const& e : events) write_event(out, e);
    out.end_array().end_object();
    return text;
}

std::string routes_json(route_page const& page)
{
    auto const& answer = page.answer;
    std::string text;
    text.reserve(256 + answer.direct.size() * 300 + answer.transit.size() * 600);
    json_writer out(text);
    out.begin_object()
        .member("origin", page.query.origin.str())
        .member("destination", page.query.destination.str())
        .member("departure_date", page.departure_date)
        .member("zone", page.zone);
    write_itineraries(out, "direct", answer.direct);
    write_itineraries(out, "transit", answer.transit);
    out.member("direct_total", answer.direct_total);
    // Those with more stops are not counted.
    if (page.query.max_stops < 2) out.member("transit_total", answer.transit_total);
    out.optional_member("next_cursor", page.next_cursor);
    if (answer.reason) {
        out.member("reason", name_of(*answer.reason)).member("detail", sentence_of(*answer.reason));
    }
    out.end_object();
    return text;
}

}  // namespace aircargo::server
