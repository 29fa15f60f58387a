#include "bind.hpp"
#include "journey.hpp"
#include "value_class.hpp"
#include <chrono>
#include <optional>

namespace aircargo::python {
namespace {

[[nodiscard]] flight make_flight(flight_number number, airport_code origin,
                                 airport_code destination, utc_time departure, utc_time arrival,
                                 clean_text airline_name, std::optional<flight_id> id)
{
    if (arrival <= departure)
        raise(refuse(errc::invalid_request,
                     "flight " + std::string(number.str()) + " arrives before it departs"));
    return {id.value_or(flight_id(0)),
            number,
            std::move(airline_name.value),
            origin,
            destination,
            departure,
            arrival};
}

[[nodiscard]] std::optional<flight_id> id_of(flight const& f)
{
    return f.id == flight_id(0) ? std::nullopt : std::optional(f.id);
}

[[nodiscard]] py::object as_timedelta(std::chrono::seconds s)
{
    return py::module_::import("datetime").attr("timedelta")(0, s.count());
}

[[nodiscard]] journey make_journey(std::vector<flight> flights)
{
    if (flights.empty()) raise(refuse(errc::invalid_request, "an itinerary needs a flight"));
    for (std::size_t i = 1; i < flights.size(); ++i) {
        auto const& in = flights[i - 1];
        auto const& out = flights[i];
        if (in.destination == out.origin && in.arrival <= out.departure) continue;
        raise(refuse(errc::invalid_request, "flight " + std::string(out.number.str()) +
                                                " does not go on from where and when flight " +
                                                std::string(in.number.str()) + " arrives"));
    }
    return {std::move(flights)};
}

[[nodiscard]] py::tuple tuple_of_flights(journey const& j)
{
    py::tuple out(j.flights.size());
    for (std::size_t i = 0; i < j.flights.size(); ++i) out[i] = py::cast(j.flights[i]);
    return out;
}

[[nodiscard]] py::tuple transit_airports(journey const& j)
{
    py::tuple out(j.flights.size() - 1);
    for (std::size_t i = 0; i + 1 < j.flights.size(); ++i)
        out[i] = py::cast(j.flights[i].destination);
    return out;
}

[[nodiscard]] py::tuple flight_ids(journey const& j)
{
    py::tuple out(j.flights.size());
    for (std::size_t i = 0; i < j.flights.size(); ++i) out[i] = py::cast(id_of(j.flights[i]));
    return out;
}

void bind_flight(py::module_& m)
{
    value_class<flight>(m, "Flight", R"(One scheduled take-off to one landing.

Parameters
----------
number : str
    Designator such as ``"AI101"``; leading zeros of the number are dropped.
origin, destination : str
    IATA airport codes.
departure, arrival : datetime.datetime
    Aware; scheduled, kept in UTC and in whole seconds. The arrival is later.
airline_name : str, default ""
id : int, optional
    The number that a store has given; none until then.

Raises
------
InvalidInputError
    If a code or number is not one, a time is naive, or the flight arrives before it departs.
)")
        .made_by(&make_flight, py::arg("number"), py::arg("origin"), py::arg("destination"),
                 py::arg("departure"), py::arg("arrival"), py::arg("airline_name") = "",
                 py::arg("id") = py::none())
        .field(
            "number", [](flight const& f) { return f.number; }, "Designator, such as ``AI101``.")
        .field(
            "origin", [](flight const& f) { return f.origin; }, "Where it takes off.")
        .field(
            "destination", [](flight const& f) { return f.destination; }, "Where it lands.")
        .field(
            "departure", [](flight const& f) { return f.departure; }, "STD, UTC.")
        .field(
            "arrival", [](flight const& f) { return f.arrival; }, "STA, UTC.")
        .field(
            "airline_name", [](flight const& f) { return f.airline_name; }, "May be empty.")
        .field("id", &id_of, "The store's number of it; None until it is stored.")
        .derived(
            "duration", [](flight const& f) { return as_timedelta(f.arrival - f.departure); },
            "Time from departure to arrival.");
}

void bind_itinerary(py::module_& m)
{
    value_class<journey>(m, "Itinerary",
                         R"(Flights that lead from an origin to a destination, one after the other.

Parameters
----------
flights : sequence of Flight
    One or more; each departs where, and not before, the one before has arrived.

Raises
------
InvalidInputError
    If there is none, or one does not go on from the one before.
)")
        .made_by(&make_journey, py::arg("flights"))
        .field("flights", &tuple_of_flights, "The flights, in order; a tuple.")
        .derived(
            "origin", [](journey const& j) { return j.first().origin; }, "Of the first flight.")
        .derived(
            "destination", [](journey const& j) { return j.last().destination; },
            "Of the last flight.")
        .derived(
            "departure", [](journey const& j) { return j.first().departure; },
            "Of the first flight, UTC.")
        .derived(
            "arrival", [](journey const& j) { return j.last().arrival; },
            "Of the last flight, UTC.")
        .derived(
            "duration",
            [](journey const& j) { return as_timedelta(j.last().arrival - j.first().departure); },
            "Time from the first departure to the last arrival.")
        .derived(
            "stops", [](journey const& j) { return j.flights.size() - 1; },
            "Flights but for the first.")
        .derived("transit_airports", &transit_airports, "Where cargo changes, in order; a tuple.")
        .derived("flight_ids", &flight_ids,
                 "The store's numbers of the flights, as `book` takes them.");
}

}  // namespace

void bind_flights(py::module_& m)
{
    bind_flight(m);
    bind_itinerary(m);
}

}  // namespace aircargo::python
