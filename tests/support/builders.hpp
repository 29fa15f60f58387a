#pragma once

#include "support/printers.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/routing/flight.hpp>
#include <aircargo/store/booking_store.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Short words for the things that tests speak of. What does not exist throws and so fails the
/// test.
namespace aircargo::test {

inline airport_code airport(std::string_view code) { return airport_code::parse(code).value(); }
inline flight_number number(std::string_view text) { return flight_number::parse(text).value(); }
inline booking_ref a_ref(std::string_view text) { return booking_ref::parse(text).value(); }
inline weight kg(std::int64_t kilograms) { return weight::from_kg(kilograms).value(); }
inline date day(std::string_view text) { return parse_date(text).value(); }

/// UTC; `2025-12-01T06:00`, and with seconds where they matter.
inline utc_time at(std::string_view text)
{
    std::string full(text);
    if (full.size() == 16) full += ":00";
    return parse_utc_time(full + "Z").value();
}

/// When a story starts, unless it says otherwise.
inline utc_time const noon = at("2025-12-01T12:00");

/// `AI101 DEL 2025-12-01T06:00 BOM 2025-12-01T08:10`; of the same day where only a clock stands at
/// the end.
inline flight a_flight(std::string_view text)
{
    std::vector<std::string> word(1);
    for (char c : text) {
        if (c == ' ') {
            word.emplace_back();
        } else {
            word.back() += c;
        }
    }
    auto const& landing = word.at(4);
    return {.number = number(word.at(0)),
            .airline_name = "Airline " + word.at(0).substr(0, 2),
            .origin = airport(word.at(1)),
            .destination = airport(word.at(3)),
            .departure = at(word.at(2)),
            .arrival = at(landing.size() <= 8 ? word.at(2).substr(0, 11) + landing : landing)};
}

inline leg leg_of(flight const& f)
{
    return {f.id, f.number, f.origin, f.destination, f.departure, f.arrival};
}

/// The two flights that most stories use: DEL to BOM in the morning, BOM to BLR after two hours.
inline std::vector<flight> via_bombay()
{
    auto first = a_flight("AI101 DEL 2025-12-02T06:00 BOM 08:10");
    auto second = a_flight("AI204 BOM 2025-12-02T10:10 BLR 11:55");
    first.id = flight_id(1);
    second.id = flight_id(2);
    return {first, second};
}

inline booking_terms terms_of(std::string_view ref, std::vector<flight> const& flights = {})
{
    booking_terms terms{
        .ref = a_ref(ref),
        .origin = flights.empty() ? airport("DEL") : flights.front().origin,
        .destination = flights.empty() ? airport("BLR") : flights.back().destination,
        .pieces = 12,
        .gross = kg(340)};
    for (auto const& f : flights) terms.legs.push_back(leg_of(f));
    return terms;
}

/// A booking that was just made: DEL to BLR without a route, or along `flights`.
inline booking a_booking(std::string_view ref, std::vector<flight> const& flights = {},
                         utc_time now = noon)
{
    auto const terms = terms_of(ref, flights);
    return open_booking(terms, book(terms, {}, now).value());
}

inline command command_of(booking_act act, std::string_view location = {})
{
    command c{};
    c.act = act;
    if (!location.empty()) c.location = airport(location);
    return c;
}
inline command off_plan(command c)
{
    c.off_plan = true;
    return c;
}
inline command on(flight const& f, command c)
{
    c.flight = leg_of(f);
    return c;
}
inline command noted(std::string notes, command c)
{
    c.note.notes = std::move(notes);
    return c;
}

/// `b` after these acts, each of which must be accepted.
inline booking after(booking b, std::initializer_list<command> commands, utc_time now = noon)
{
    for (auto const& c : commands) b = evolve(b, step(b, c, now).value());
    return b;
}

/// The change that brings a new booking into a store.
inline change creation_of(booking const& b, annotation const& note = {})
{
    return {b, book(b.terms, note, b.created_at).value()};
}

/// The change that an act on `seen` becomes, decided on what `seen` says.
inline change decided(booking const& seen, command const& c, utc_time now = noon)
{
    auto const fact = step(seen, c, now).value();
    return {evolve(seen, fact), fact};
}

inline change depart(booking const& seen, utc_time now = noon)
{
    return decided(seen, command_of(booking_act::depart), now);
}
inline change arrive(booking const& seen, utc_time now = noon)
{
    return decided(seen, command_of(booking_act::arrive), now);
}
inline change deliver(booking const& seen, utc_time now = noon)
{
    return decided(seen, command_of(booking_act::deliver), now);
}
inline change cancel(booking const& seen, utc_time now = noon)
{
    return decided(seen, command_of(booking_act::cancel), now);
}

inline change with_key(change c, idempotency_key key)
{
    c.key = std::move(key);
    return c;
}

}  // namespace aircargo::test
