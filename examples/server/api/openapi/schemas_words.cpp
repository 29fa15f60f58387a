#include "api/openapi/schemas.hpp"
#include <aircargo/booking/status.hpp>
#include <aircargo/core/booking_ref.hpp>
#include <string>

namespace aircargo::server::docs {
namespace {

[[nodiscard]] schema make_airport_code()
{
    return with_example(described(pattern("^[A-Z]{3}$"), "IATA code of an airport."), "DEL");
}

[[nodiscard]] schema make_airport_code_in()
{
    return with_example(described(with_format(pattern("^[A-Za-z]{3}$"), "iata-airport"),
                                  "IATA code of an airport; lower case is folded to upper."),
                        "DEL");
}

[[nodiscard]] schema make_airline_designator()
{
    return with_example(described(pattern("^([A-Za-z][A-Za-z0-9]|[0-9][A-Za-z])$"),
                                  "The first two characters of a flight number."),
                        "AI");
}

[[nodiscard]] schema make_flight_number()
{
    return with_example(described(pattern("^([A-Z][A-Z0-9]|[0-9][A-Z])[0-9]{1,4}[A-Z]?$"),
                                  "Airline designator, number, and at times a suffix."),
                        "AI101");
}

[[nodiscard]] schema make_flight_number_in()
{
    return with_example(
        described(pattern("^([A-Za-z][A-Za-z0-9]|[0-9][A-Za-z])[0-9]{1,4}[A-Za-z]?$"),
                  "A flight number; lower case is folded to upper, leading zeros are dropped."),
        "AI101");
}

[[nodiscard]] schema make_flight_id()
{
    return described(integer(limits::id), "The `id` of a flight that a route search gave.");
}

[[nodiscard]] schema make_booking_ref()
{
    auto const digits = '{' + std::to_string(aircargo::booking_ref::min_digits) + ',' +
                        std::to_string(aircargo::booking_ref::max_digits) + '}';
    return with_example(described(pattern("^[Aa][Cc][Bb][0-9]" + digits + '$'),
                                  "A booking's reference; the letters may be in lower case."),
                        "ACB12345");
}

[[nodiscard]] schema make_ref_prefix()
{
    auto const digits = "{1," + std::to_string(aircargo::booking_ref::max_digits) + '}';
    return with_example(
        described(pattern("^[Aa][Cc][Bb][0-9]" + digits + '$'), "What references begin with."),
        "ACB12");
}

[[nodiscard]] schema make_booking_status()
{
    return described(one_of(names_of(aircargo::booking_status::booked)),
                     "BOOKED, then DEPARTED, ARRIVED and DELIVERED; or CANCELLED before it "
                     "arrives.");
}

[[nodiscard]] schema make_instant()
{
    return with_example(
        described(with_format(pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"),
                              "date-time"),
                  "An instant, UTC, in whole seconds."),
        "2026-12-01T06:00:00Z");
}

[[nodiscard]] schema make_instant_in()
{
    return with_example(
        described(with_format(pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}"
                                      "([Zz]|[+-][0-9]{2}:[0-9]{2})$"),
                              "date-time"),
                  "An instant in whole seconds, `Z` or with an offset."),
        "2026-12-01T06:00:00Z");
}

[[nodiscard]] schema make_day()
{
    return with_example(
        described(with_format(pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "date"), "A calendar day."),
        "2026-12-01");
}

[[nodiscard]] schema make_notes()
{
    return described(text(limits::notes_bytes),
                     "For people; kept with the event. The length is counted in bytes of UTF-8.");
}

}  // namespace

namespace schemas {

named_schema const airport_code{"AirportCode", make_airport_code};
named_schema const airport_code_in{"AirportCodeIn", make_airport_code_in};
named_schema const airline_designator{"AirlineDesignator", make_airline_designator};
named_schema const flight_number{"FlightNumber", make_flight_number};
named_schema const flight_number_in{"FlightNumberIn", make_flight_number_in};
named_schema const flight_id{"FlightId", make_flight_id};
named_schema const booking_ref{"BookingRef", make_booking_ref};
named_schema const ref_prefix{"RefPrefix", make_ref_prefix};
named_schema const booking_status{"BookingStatus", make_booking_status};
named_schema const instant{"Instant", make_instant};
named_schema const instant_in{"InstantIn", make_instant_in};
named_schema const day{"Day", make_day};
named_schema const notes{"Notes", make_notes};

}  // namespace schemas
}  // namespace aircargo::server::docs
