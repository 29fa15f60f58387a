#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/assert.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/core/utf8.hpp>
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

/// The rules of a booking, as pure functions: `book` and `step` decide, `evolve` and `fold`
/// remember.
///
///     result<event>   step(booking, command, now)    what the act becomes on record, or why it is refused
///     booking         evolve(booking, event)         the booking after the fact
///
/// Nothing here reads a clock, a store or a global; everything is safe from any thread.
namespace aircargo {

/// Who speaks, and what is to stand beside the fact.
struct annotation {
    static constexpr std::size_t max_notes = 2000;  ///< bytes

    std::string notes{};  ///< UTF-8
    std::string actor{};
    std::string request_id{};
};

/// An act on a booking.
struct command {
    booking_act act;
    std::optional<airport_code> location{};  ///< default: where the itinerary expects the act
    std::optional<leg> flight{};             ///< default: the itinerary's
    bool off_plan = false;  ///< record the fact although it is not on the itinerary
    annotation note{};
};

/// Checks the terms of a new booking and makes its first event.
/// \return the BOOKED event, or `errc::invalid_request` with the reason.
[[nodiscard]] result<event> book(booking_terms const& terms, annotation const& note, utc_time now);

/// Decides an act.
/// \return the event to record, or `errc::illegal_transition`, `errc::off_plan` or
/// `errc::invalid_request`, each with a sentence that names the states or places.
[[nodiscard]] result<event> step(booking const& b, command const& c, utc_time now);

/// The booking that the BOOKED event `e` starts.
[[nodiscard]] booking open_booking(booking_terms terms, event const& e);

/// The booking after `e`. \pre e.seq == b.revision + 1
[[nodiscard]] booking evolve(booking b, event const& e);

/// Replays a whole history. \return the booking, or `errc::illegal_transition` with the first event
/// that does not follow from the ones before.
[[nodiscard]] result<booking> fold(booking_terms const& terms, std::span<event const> history);

namespace detail {

/// The event that an allowed act becomes, and the state it would like to reach.
struct outcome {
    event_type type;
    booking_status wanted;
};

[[nodiscard]] constexpr outcome outcome_of(booking_act act) noexcept
{
    switch (act) {
        case booking_act::depart: return {event_type::departed, booking_status::departed};
        case booking_act::arrive: return {event_type::arrived, booking_status::arrived};
        case booking_act::deliver: return {event_type::delivered, booking_status::delivered};
        case booking_act::cancel: break;
    }
    return {event_type::cancelled, booking_status::cancelled};
}

/// The act that an event of this type records; BOOKED records none.
[[nodiscard]] constexpr std::optional<booking_act> act_of(event_type type) noexcept
{
    switch (type) {
        case event_type::booked: return std::nullopt;
        case event_type::departed: return booking_act::depart;
        case event_type::arrived: return booking_act::arrive;
        case event_type::delivered: return booking_act::deliver;
        case event_type::cancelled: return booking_act::cancel;
    }
    return std::nullopt;
}

/// The leg that an arrival at `place` ends: the one in the air or any later one, since the facts
/// between may never have been reported. Nothing when the itinerary does not land there any more.
[[nodiscard]] inline std::optional<std::size_t> leg_landing_at(booking const& b, airport_code place)
{
    auto const& legs = b.terms.legs;
    bool const flying = !b.at;
    std::size_t const first = b.next_leg - (flying && b.next_leg > 0 ? 1 : 0);
    for (std::size_t i = first; i < legs.size(); ++i) {
        if (legs[i].destination == place) return i;
    }
    return std::nullopt;
}

[[nodiscard]] inline std::string place_name(std::optional<airport_code> const& place)
{
    return place ? std::string(place->str()) : "the air";
}

[[nodiscard]] inline error illegal(booking const& b, booking_act act, std::string_view why)
{
    std::string sentence = "cannot ";
    sentence += name_of(act);
    sentence += ' ' + b.terms.ref.str() + ": it is ";
    sentence += name_of(b.status);
    sentence += ", and ";
    sentence += why.empty() ? "from there " + std::string(name_of(outcome_of(act).wanted)) +
                                  " is not allowed"
                            : std::string(why);
    return refuse(errc::illegal_transition, std::move(sentence));
}

[[nodiscard]] inline error not_on_plan(booking const& b, std::string_view what)
{
    return refuse(errc::off_plan, std::string(what) + " is not what the itinerary of " +
                                      b.terms.ref.str() +
                                      " expects; say off_plan to record it all the same");
}

[[nodiscard]] inline event::flight_mark mark_of(leg const& l) { return {l.flight, l.number}; }

/// Where and on which flight an act takes place, and whether the itinerary says so.
struct placement {
    std::optional<airport_code> location;
    std::optional<event::flight_mark> flight;
    bool on_plan = true;
};

[[nodiscard]] inline placement place_departure(booking const& b, command const& c)
{
    auto const& legs = b.terms.legs;
    leg const* const planned = b.next_leg < legs.size() ? &legs[b.next_leg] : nullptr;
    auto const from = c.location ? *c.location : c.flight ? c.flight->origin : *b.at;

    placement p;
    p.location = from;
    p.on_plan = from == *b.at;
    if (!legs.empty()) {
        p.on_plan = p.on_plan && planned && planned->origin == from &&
                    (!c.flight || c.flight->flight == planned->flight);
    }
    if (c.flight) p.flight = mark_of(*c.flight);
    if (!c.flight && p.on_plan && planned) p.flight = mark_of(*planned);
    return p;
}

[[nodiscard]] inline placement place_arrival(booking const& b, command const& c)
{
    auto const to = c.location ? *c.location
                    : c.flight ? c.flight->destination
                               : b.terms.destination;
    auto const landing = leg_landing_at(b, to);
    auto const& legs = b.terms.legs;

    placement p;
    p.location = to;
    p.on_plan = landing.has_value() || (legs.empty() && to == b.terms.destination);
    if (c.flight) {
        p.flight = mark_of(*c.flight);
        if (landing && c.flight->flight != legs[*landing].flight) p.on_plan = false;
    } else if (landing && !b.misrouted) {  // else it may have come on any flight
        p.flight = mark_of(legs[*landing]);
    }
    return p;
}

[[nodiscard]] inline placement place_delivery(booking const& b, command const& c)
{
    placement p;
    p.location = c.location ? *c.location : b.terms.destination;
    p.on_plan = *p.location == b.terms.destination;
    return p;
}

[[nodiscard]] inline placement place(booking const& b, command const& c)
{
    switch (c.act) {
        case booking_act::depart: return place_departure(b, c);
        case booking_act::arrive: return place_arrival(b, c);
        case booking_act::deliver: return place_delivery(b, c);
        case booking_act::cancel: break;
    }
    return {c.location ? c.location : b.at, std::nullopt, true};
}

[[nodiscard]] inline std::optional<error> unfit_notes(annotation const& note)
{
    if (note.notes.size() > annotation::max_notes) {
        return refuse(errc::invalid_request,
                      "notes are longer than " + std::to_string(annotation::max_notes) + " bytes");
    }
    if (!is_clean_utf8(note.notes))
        return refuse(errc::invalid_request, "notes are not UTF-8 text");
    return std::nullopt;
}

/// Refuses what no off_plan can heal: a flight that does not touch the place, or that the act can
/// not have.
[[nodiscard]] inline std::optional<error> contradiction(command const& c)
{
    if (auto unfit = unfit_notes(c.note)) return unfit;
    if (!c.flight) return std::nullopt;
    if (c.act != booking_act::depart && c.act != booking_act::arrive) {
        return refuse(errc::invalid_request, "only depart and arrive take a flight");
    }
    bool const departs = c.act == booking_act::depart;
    auto const touched = departs ? c.flight->origin : c.flight->destination;
    if (c.location && *c.location != touched) {
        return refuse(errc::invalid_request, std::string(c.flight->number.str()) +
                                                 (departs ? " departs from " : " arrives at ") +
                                                 std::string(touched.str()) + ", not at " +
                                                 std::string(c.location->str()));
    }
    return std::nullopt;
}

/// Refuses an itinerary that does not lead from origin to destination, each leg after the one
/// before.
[[nodiscard]] inline std::optional<error> broken_itinerary(booking_terms const& terms)
{
    auto const& legs = terms.legs;
    if (legs.empty()) return std::nullopt;
    if (legs.size() > booking_terms::max_legs) {
        return refuse(
            errc::invalid_request,
            "an itinerary has at most " + std::to_string(booking_terms::max_legs) + " flights");
    }
    airport_code at = terms.origin;
    for (std::size_t i = 0; i < legs.size(); ++i) {
        auto const name = std::string(legs[i].number.str());
        if (legs[i].origin != at) {
            return refuse(errc::invalid_request,
                          "flight " + name + " departs from " + std::string(legs[i].origin.str()) +
                              ", but the cargo is at " + std::string(at.str()));
        }
        if (i > 0 && legs[i].departure < legs[i - 1].arrival) {
            return refuse(errc::invalid_request,
                          "flight " + name + " departs before the flight that feeds it arrives");
        }
        at = legs[i].destination;
        bool const last = i + 1 == legs.size();
        if (last != (at == terms.destination) || (!last && at == terms.origin)) {
            return refuse(errc::invalid_request,
                          "the itinerary must end at " + std::string(terms.destination.str()) +
                              " and pass neither through it nor through the origin before");
        }
    }
    return std::nullopt;
}

}  // namespace detail

inline result<event> book(booking_terms const& terms, annotation const& note, utc_time now)
{
    if (terms.origin == terms.destination) {
        return refuse(errc::invalid_request, "origin and destination are the same airport");
    }
    if (terms.pieces < 1 || terms.pieces > booking_terms::max_pieces) {
        return refuse(errc::invalid_request,
                      "pieces must be 1 to " + std::to_string(booking_terms::max_pieces));
    }
    if (auto unfit = detail::unfit_notes(note)) return *std::move(unfit);
    if (auto broken = detail::broken_itinerary(terms)) return *std::move(broken);

    event e;
    e.seq = 1;
    e.location = terms.origin;
    e.notes = note.notes;
    e.actor = note.actor;
    e.request_id = note.request_id;
    e.created_at = now;
    return e;
}

inline result<event> step(booking const& b, command const& c, utc_time now)
{
    if (!next_state(booking_transitions, b.status, c.act)) return detail::illegal(b, c.act, "");
    if (auto clash = detail::contradiction(c)) return *std::move(clash);
    bool const departs_in_flight = c.act == booking_act::depart && !b.at;
    if (departs_in_flight) {
        return detail::illegal(b, c.act,
                               "only ARRIVED at a transfer airport lets it become DEPARTED again");
    }
    auto const p = detail::place(b, c);
    if (c.act == booking_act::arrive && b.at == p.location) {
        return detail::illegal(b, c.act, "already ARRIVED at " + detail::place_name(b.at));
    }
    if (!p.on_plan && !c.off_plan) {
        std::string what(name_of(c.act));
        what += " at " + detail::place_name(p.location);
        if (p.flight) what += " on " + std::string(p.flight->number.str());
        return detail::not_on_plan(b, what);
    }

    event e;
    e.seq = b.revision + 1;
    e.type = detail::outcome_of(c.act).type;
    e.previous = b.status;
    e.location = p.location;
    e.flight = p.flight;
    e.off_plan = !p.on_plan;
    e.notes = c.note.notes;
    e.actor = c.note.actor;
    e.request_id = c.note.request_id;
    e.created_at = now;
    e.status = evolve(b, e).status;
    return e;
}

inline booking open_booking(booking_terms terms, event const& e)
{
    AIRCARGO_ASSERT(e.type == event_type::booked && e.seq == 1);
    booking b{.terms = std::move(terms)};
    b.at = b.terms.origin;
    b.created_at = e.created_at;
    b.updated_at = e.created_at;
    b.revision = e.seq;
    return b;
}

inline booking evolve(booking b, event const& e)
{
    AIRCARGO_ASSERT(e.seq == b.revision + 1);
    switch (e.type) {
        case event_type::booked: break;
        case event_type::departed:
            b.status = booking_status::departed;
            b.at = std::nullopt;
            if (!e.off_plan && b.next_leg < b.terms.legs.size()) ++b.next_leg;
            break;
        case event_type::arrived: {
            bool const home = e.location == b.terms.destination;
            b.status = home ? booking_status::arrived : booking_status::departed;
            if (home) {
                b.next_leg = b.terms.legs.size();
            } else if (!e.off_plan) {
                auto const landed = detail::leg_landing_at(b, *e.location);
                b.next_leg = landed ? *landed + 1 : b.next_leg;
            }
            b.at = e.location;
            break;
        }
        case event_type::delivered: b.status = booking_status::delivered; break;
        case event_type::cancelled: b.status = booking_status::cancelled; break;
    }
    b.misrouted = b.misrouted || e.off_plan;
    b.updated_at = e.created_at;
    b.revision = e.seq;
    return b;
}

inline result<booking> fold(booking_terms const& terms, std::span<event const> history)
{
    auto const broken = [&](std::size_t i) {
        return refuse(errc::illegal_transition, "event " + std::to_string(i + 1) + " of " +
                                                    terms.ref.str() +
                                                    " does not follow from the ones before it");
    };
    auto const opens = [](event const& e) {
        return e.type == event_type::booked && e.seq == 1 && e.previous == booking_status::booked &&
               e.status == booking_status::booked;
    };
    if (history.empty() || !opens(history[0])) return broken(0);
    booking b = open_booking(terms, history[0]);
    for (std::size_t i = 1; i < history.size(); ++i) {
        auto const& e = history[i];
        auto const act = detail::act_of(e.type);
        bool const follows = act && e.seq == b.revision + 1 && e.previous == b.status &&
                             next_state(booking_transitions, b.status, *act) &&
                             (e.type != event_type::arrived || e.location) &&
                             (e.type != event_type::departed || b.at);
        if (!follows) return broken(i);
        b = evolve(std::move(b), e);
        if (b.status != e.status) return broken(i);
    }
    return b;
}

}  // namespace aircargo
