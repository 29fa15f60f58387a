#include "api/openapi/schemas.hpp"
#include "api/route_cursor.hpp"
#include <aircargo/routing/connection_rule.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/query.hpp>

namespace aircargo::server::docs {
namespace {

using enum member::presence;

[[nodiscard]] schema airports(std::string_view says)
{
    return described(list(refer(schemas::airport_code_in), limits::airports), says);
}

[[nodiscard]] schema orders()
{
    std::vector<std::string_view> names;
    for (auto order : route_orders) names.push_back(name_of(order));
    return one_of(names);
}

[[nodiscard]] schema make_route_search()
{
    return with_example(
        request_object(route_search_members()),
        {{"origin", "DEL"}, {"destination", "BLR"}, {"departure_date", "2026-12-01"}});
}

[[nodiscard]] schema make_flight()
{
    return answer_object({
        {"id", integer(limits::id)},
        {"flight_number", refer(schemas::flight_number)},
        {"airline_name", text()},
        {"origin", refer(schemas::airport_code)},
        {"destination", refer(schemas::airport_code)},
        {"departure_datetime", refer(schemas::instant)},
        {"arrival_datetime", refer(schemas::instant)},
    });
}

[[nodiscard]] schema make_itinerary()
{
    return answer_object({
        {"flights", list(refer(schemas::flight), aircargo::itinerary::max_legs, 1)},
        {"transit_airport",
         described(refer(schemas::airport_code), "The first stop; not of direct flights."),
         optional},
        {"connection_minutes", described(count(), "On the ground at the first stop."), optional},
        {"transit_airports",
         described(list(refer(schemas::airport_code)), "All stops, if there are two or more."),
         optional},
        {"transit_minutes", described(list(count()), "On the ground at each of them."), optional},
        {"duration_minutes", count()},
    });
}

[[nodiscard]] schema make_route_page()
{
    return answer_object({
        {"origin", refer(schemas::airport_code)},
        {"destination", refer(schemas::airport_code)},
        {"departure_date", refer(schemas::day)},
        {"zone", one_of({"origin", "utc"})},
        {"direct", list(refer(schemas::itinerary), limits::search_limit.max)},
        {"transit", described(list(refer(schemas::itinerary), limits::search_limit.max),
                              "With at least one stop.")},
        {"direct_total", count()},
        {"transit_total", described(count(), "Only where at most one stop is allowed."), optional},
        {"next_cursor",
         described({{"type", {"string", "null"}}}, "For the page after this; null on the last.")},
        {"reason", described(one_of(names_of(no_route::unknown_airport)), "Why nothing was found."),
         optional},
        {"detail", described(text(), "The reason in a sentence."), optional},
    });
}

}  // namespace

std::vector<member> route_search_members()
{
    return {
        {"origin", refer(schemas::airport_code_in)},
        {"destination", described(refer(schemas::airport_code_in), "Not the origin.")},
        {"departure_date", described(refer(schemas::day), "The first flight leaves then.")},
        {"zone", with_default(described(one_of({"origin", "utc"}), "Whose day it is."), "origin"),
         optional},
        {"max_stops", with_default(integer(limits::stops), limits::default_stops), optional},
        {"order", with_default(orders(), "arrival"), optional},
        {"limit",
         with_default(described(integer(limits::search_limit), "Itineraries of each list."),
                      limits::default_search_limit),
         optional},
        {"cursor",
         described(cursor(limits::route_cursor_bytes),
                   "`next_cursor` of an answer in the same order."),
         optional},
        {"via", airports("One of the stops is among them."), optional},
        {"avoid", airports("None of the stops is among them."), optional},
        {"airlines",
         described(list(refer(schemas::airline_designator), limits::airlines),
                   "Every flight is of one of them."),
         optional},
        {"earliest_departure", refer(schemas::instant_in), optional},
        {"latest_arrival", refer(schemas::instant_in), optional},
        {"longest_minutes",
         described(integer(limits::journey_minutes), "From first departure to last arrival."),
         optional},
        {"min_connection_minutes",
         with_default(integer(limits::connection_minutes), default_connection.count()), optional},
        {"through_flights",
         with_default(described(truth(),
                                "A flight number that flies on keeps its cargo aboard and "
                                "counts as direct."),
                      false),
         optional},
        {"collapse_codeshares",
         with_default(described(truth(),
                                "Of flights that leave and land together, only the first by "
                                "number."),
                      false),
         optional},
    };
}

namespace schemas {

named_schema const route_search{"RouteSearch", make_route_search};
named_schema const route_page{"RoutePage", make_route_page};
named_schema const itinerary{"Itinerary", make_itinerary};
named_schema const flight{"Flight", make_flight};

}  // namespace schemas
}  // namespace aircargo::server::docs
