#include "bind.hpp"
#include "value_class.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/tracking/next_activity.hpp>
#include <optional>
#include <span>
#include <vector>

namespace aircargo::python {
namespace {

[[nodiscard]] leg make_leg(flight_id flight, flight_number number, airport_code origin,
                           airport_code destination, utc_time departure, utc_time arrival)
{
    return {flight, number, origin, destination, departure, arrival};
}

[[nodiscard]] std::int32_t pieces_from(whole_number n)
{
    if (n.value >= 1 && n.value <= booking_terms::max_pieces)
        return static_cast<std::int32_t>(n.value);
    raise(refuse(errc::invalid_request,
                 "pieces must be 1 to " + std::to_string(booking_terms::max_pieces)));
}

[[nodiscard]] booking make_booking(booking_ref ref, airport_code origin, airport_code destination,
                                   whole_number pieces, whole_number weight_grams,
                                   utc_time created_at, utc_time updated_at, booking_status status,
                                   std::optional<airport_code> location, std::vector<leg> legs,
                                   whole_number next_leg, bool misrouted, whole_number revision)
{
    auto const gross = value_or_raise(weight::from_grams(weight_grams.value));
    if (next_leg.value < 0 || static_cast<std::size_t>(next_leg.value) > legs.size())
        raise(refuse(errc::invalid_request,
                     "there is no leg number " + std::to_string(next_leg.value)));
    return {{ref, origin, destination, pieces_from(pieces), gross, std::move(legs)},
            status,
            location,
            static_cast<std::size_t>(next_leg.value),
            misrouted,
            created_at,
            updated_at,
            revision.value};
}

[[nodiscard]] event make_event(whole_number seq, event_type type, booking_status previous,
                               booking_status status, utc_time created_at,
                               std::optional<airport_code> location,
                               std::optional<flight_id> flight, std::optional<flight_number> number,
                               bool off_plan, clean_text notes, clean_text actor,
                               clean_text request_id)
{
    if (flight.has_value() != number.has_value()) {
        raise(refuse(errc::invalid_request,
                     "an event has both flight_id and flight_number, or neither"));
    }
    event e{seq.value, type, previous, status, location};
    if (flight) e.flight = event::flight_mark{*flight, *number};
    e.off_plan = off_plan;
    e.notes = std::move(notes.value);
    e.actor = std::move(actor.value);
    e.request_id = std::move(request_id.value);
    e.created_at = created_at;
    return e;
}

[[nodiscard]] py::tuple legs_of(booking const& b)
{
    auto const& legs = b.terms.legs;
    py::tuple out(legs.size());
    for (std::size_t i = 0; i < legs.size(); ++i) out[i] = py::cast(legs[i]);
    return out;
}

[[nodiscard]] py::tuple flight_ids_of(booking const& b)
{
    auto const& legs = b.terms.legs;
    py::tuple out(legs.size());
    for (std::size_t i = 0; i < legs.size(); ++i) out[i] = py::cast(legs[i].flight);
    return out;
}

[[nodiscard]] booking replay(booking const& b, std::vector<event> const& history)
{
    return value_or_raise(fold(b.terms, history));
}

void bind_leg(py::module_& m)
{
    value_class<leg>(
        m, "Leg",
        R"(One flight of a booking's itinerary, as it was planned when the booking was made.

Parameters
----------
flight_id : int
    The store's number of the flight.
number : str
    Designator, such as ``"AI101"``.
origin, destination : str
    IATA airport codes.
departure, arrival : datetime.datetime
    Aware; scheduled.

Raises
------
InvalidInputError
    If a code or number is not one, or a time is naive.
)")
        .made_by(&make_leg, py::arg("flight_id"), py::arg("number"), py::arg("origin"),
                 py::arg("destination"), py::arg("departure"), py::arg("arrival"))
        .field(
            "flight_id", [](leg const& l) { return l.flight; }, "The store's number of the flight.")
        .field(
            "number", [](leg const& l) { return l.number; }, "Designator.")
        .field(
            "origin", [](leg const& l) { return l.origin; }, "Where it takes off.")
        .field(
            "destination", [](leg const& l) { return l.destination; }, "Where it lands.")
        .field(
            "departure", [](leg const& l) { return l.departure; }, "STD, UTC.")
        .field(
            "arrival", [](leg const& l) { return l.arrival; }, "STA, UTC.");
}

void bind_next_activity(py::module_& m)
{
    value_class<next_activity>(m, "NextActivity",
                               R"(What should happen to a booking next if all goes by its itinerary.

Parameters
----------
act : Act
location : str
    IATA code of the airport where it should happen.
leg : Leg, optional
    Of depart and arrive, where a route was chosen.
scheduled_at : datetime.datetime, optional
    When that flight departs or arrives.
)")
        .made_by(
            [](booking_act act, airport_code location, std::optional<leg> flight,
               std::optional<utc_time> at) {
                return next_activity{act, location, flight, at};
            },
            py::arg("act"), py::arg("location"), py::arg("leg") = py::none(),
            py::arg("scheduled_at") = py::none())
        .field(
            "act", [](next_activity const& n) { return n.act; }, "What should be done.")
        .field(
            "location", [](next_activity const& n) { return n.location; }, "Where.")
        .field(
            "leg", [](next_activity const& n) { return n.flight; }, "On which flight.")
        .field(
            "scheduled_at", [](next_activity const& n) { return n.scheduled_at; }, "When, UTC.");
}

void bind_booking(py::module_& m)
{
    value_class<booking> shown(
        m, "Booking", R"(A booking as it stands: what was booked, and the sum of its events.

Services make these; make one yourself in a store or a client of your own.

Parameters
----------
ref : str
    Reference, such as ``"ACB12345"``.
origin, destination : str
    IATA airport codes.
pieces : int
    1 to 100,000.
weight_grams : int
    Gross weight, more than 0 and at most 1,000,000 kg.
created_at, updated_at : datetime.datetime
    Aware; of the first and the last event.
status : Status, default "BOOKED"
location : str, optional
    Where the cargo stands; none while it flies.
legs : sequence of Leg, default ()
    The itinerary; empty where no route was chosen.
next_leg : int, default 0
    Index of the first leg that has not departed.
misrouted : bool, default False
    Whether a fact that was not on the itinerary is on record.
revision : int, default 1
    Number of the last event.

Raises
------
InvalidInputError
    If one of these can not be.
)");
    shown
        .made_by(&make_booking, py::arg("ref"), py::arg("origin"), py::arg("destination"),
                 py::arg("pieces"), py::arg("weight_grams"), py::arg("created_at"),
                 py::arg("updated_at"), py::arg("status") = "BOOKED",
                 py::arg("location") = py::none(), py::arg("legs") = py::tuple(),
                 py::arg("next_leg") = 0, py::arg("misrouted") = false, py::arg("revision") = 1)
        .field(
            "ref", [](booking const& b) { return b.terms.ref; }, "Reference.")
        .field(
            "origin", [](booking const& b) { return b.terms.origin; }, "Where it is from.")
        .field(
            "destination", [](booking const& b) { return b.terms.destination; },
            "Where it is to go.")
        .field(
            "pieces", [](booking const& b) { return b.terms.pieces; }, "Physical units.")
        .field(
            "weight_grams", [](booking const& b) { return b.terms.gross.grams(); },
            "Gross weight in grams.")
        .field(
            "created_at", [](booking const& b) { return b.created_at; }, "Of the first event, UTC.")
        .field(
            "updated_at", [](booking const& b) { return b.updated_at; }, "Of the last event, UTC.")
        .field(
            "status", [](booking const& b) { return b.status; }, "Where it stands in its life.")
        .field(
            "location", [](booking const& b) { return b.at; },
            "Where the cargo stands; None while it flies.")
        .field("legs", &legs_of, "The itinerary; a tuple, empty where no route was chosen.")
        .field(
            "next_leg", [](booking const& b) { return b.next_leg; },
            "Index of the first leg that has not departed.")
        .field(
            "misrouted", [](booking const& b) { return b.misrouted; },
            "Whether a fact that was not on the itinerary is on record.")
        .field(
            "revision", [](booking const& b) { return b.revision; }, "Number of the last event.")
        .derived(
            "weight_kg", [](booking const& b) { return b.terms.gross.kg(); },
            "Gross weight in whole kilograms, rounded up as air waybills do.")
        .derived("flight_ids", &flight_ids_of, "The store's numbers of the legs' flights.")
        .derived("next_activity", &next_expected_activity,
                 "What should happen next; None when it is finished, or somebody has to decide.");
    shown.in().def("replay", &replay, py::arg("history"), R"(The booking that a history leads to.

Parameters
----------
history : sequence of Event
    Events of this booking from the first on; the terms are taken from here.

Returns
-------
Booking

Raises
------
ConflictError
    If an event does not follow from the ones before.
)");
}

void bind_event(py::module_& m)
{
    value_class<event>(m, "Event",
                       R"(A fact that happened to a booking. Facts are never changed or removed.

Parameters
----------
seq : int
    1, 2, 3 ... within the booking; the revision that it made.
type : EventType
previous, status : Status
    Before and after the fact; of the first event both are BOOKED.
created_at : datetime.datetime
    Aware.
location : str, optional
    IATA airport code.
flight_id : int, optional
flight_number : str, optional
    The flight that the fact speaks of: both or neither.
off_plan : bool, default False
    Whether location or flight are not the itinerary's.
notes, actor, request_id : str, default ""

Raises
------
InvalidInputError
    If one of these can not be.
)")
        .made_by(&make_event, py::arg("seq"), py::arg("type"), py::arg("previous"),
                 py::arg("status"), py::arg("created_at"), py::arg("location") = py::none(),
                 py::arg("flight_id") = py::none(), py::arg("flight_number") = py::none(),
                 py::arg("off_plan") = false, py::arg("notes") = "", py::arg("actor") = "",
                 py::arg("request_id") = clean_text{})
        .field(
            "seq", [](event const& e) { return e.seq; }, "The revision that it made.")
        .field(
            "type", [](event const& e) { return e.type; }, "What kind of fact it is.")
        .field(
            "previous", [](event const& e) { return e.previous; }, "Status before.")
        .field(
            "status", [](event const& e) { return e.status; }, "Status after.")
        .field(
            "created_at", [](event const& e) { return e.created_at; }, "When it came in, UTC.")
        .field(
            "location", [](event const& e) { return e.location; }, "Where it happened.")
        .field(
            "flight_id",
            [](event const& e) { return e.flight ? std::optional(e.flight->id) : std::nullopt; },
            "The store's number of the flight that it speaks of.")
        .field(
            "flight_number",
            [](event const& e) {
                return e.flight ? std::optional(e.flight->number) : std::nullopt;
            },
            "Designator of the flight that it speaks of.")
        .field(
            "off_plan", [](event const& e) { return e.off_plan; },
            "Whether location or flight are not the itinerary's.")
        .field(
            "notes", [](event const& e) { return e.notes; }, "What somebody wrote down.")
        .field(
            "actor", [](event const& e) { return e.actor; }, "Who said so; may be empty.")
        .field(
            "request_id", [](event const& e) { return e.request_id; },
            "The request that brought it; may be empty.");
}

/// (from, act, to) of all that is allowed.
[[nodiscard]] py::tuple transitions()
{
    py::tuple out(booking_transitions.size());
    for (std::size_t i = 0; i < booking_transitions.size(); ++i) {
        auto const& t = booking_transitions[i];
        out[i] = py::make_tuple(t.from, t.act, t.to);
    }
    return out;
}

}  // namespace

void bind_bookings(py::module_& m)
{
    bind_leg(m);
    bind_next_activity(m);
    bind_booking(m);
    bind_event(m);
    m.def("booking_transitions", &transitions,
          "(from, act, to) of every transition that is allowed.");
}

}  // namespace aircargo::python
