#include "api/booking_input.hpp"
#include "api/limits.hpp"
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] annotation read_annotation(json_object& body, request const& r)
{
    auto notes = body.text("notes", limits::notes_bytes).value_or("");
    return {std::move(notes), r.who ? r.who->name : "", r.id};
}

}  // namespace

std::optional<book_request> read_new_booking(json_object& body, request const& r)
{
    auto const origin = body.parsed("origin", airport_code::parse);
    auto const destination = body.parsed("destination", airport_code::parse);
    auto const pieces = body.integer("pieces", limits::pieces);
    auto const kg = body.integer("weight_kg", limits::weight_kg);
    auto const flights = body.integers("flight_ids", limits::id, limits::legs);
    auto note = read_annotation(body, r);
    for (auto const* name : {"origin", "destination", "pieces", "weight_kg"}) body.require(name);
    body.finish();
    if (!body.errors.empty()) return std::nullopt;

    book_request wanted{.origin = *origin,
                        .destination = *destination,
                        .pieces = static_cast<std::int32_t>(*pieces),
                        .gross = *weight::from_kg(*kg),
                        .note = std::move(note)};
    if (flights) {
        for (auto id : *flights) wanted.flights.push_back(flight_id(id));
    }
    return wanted;
}

void read_act_members(json_object& body, request const& r, act_request& act)
{
    if (act.act == booking_act::depart || act.act == booking_act::arrive) {
        if (auto const id = body.integer("flight_id", limits::id)) act.flight = flight_id(*id);
    }
    if (act.act != booking_act::cancel) {
        act.location = body.parsed("location", airport_code::parse);
        act.off_plan = body.boolean("off_plan").value_or(false);
    }
    act.note = read_annotation(body, r);
    body.finish();
}

}  // namespace aircargo::server
