#include "api/search_input.hpp"
#include "api/limits.hpp"
#include "api/route_cursor.hpp"
#include <aircargo/core/utf8.hpp>
#include <aircargo/world/time_zones.hpp>
#include <chrono>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

/// The first two characters of a flight number.
[[nodiscard]] result<airline_designator> parse_airline(std::string_view text)
{
    auto const number = flight_number::parse(std::string(text) + '1');
    if (text.size() == 2 && number) return airline_designator(number->airline());
    return refuse(errc::invalid_request, quoted(text) + " is not an airline designator such as AI");
}

/// What a search may ask for, beside where and when.
struct search_choices {
    std::size_t max_stops;
    std::size_t limit;
    route_order order;
    connection_rule connection;
    route_filter filter;
    bool through_flights;
    bool collapse_codeshares;
    std::optional<route_cursor> cursor;
};

[[nodiscard]] route_filter read_filter(json_object& body)
{
    route_filter filter;
    filter.via = body.parsed_list("via", limits::airports, airport_code::parse);
    filter.avoid = body.parsed_list("avoid", limits::airports, airport_code::parse);
    filter.airlines = body.parsed_list("airlines", limits::airlines, parse_airline);
    filter.earliest_departure = body.parsed("earliest_departure", parse_utc_time);
    filter.latest_arrival = body.parsed("latest_arrival", parse_utc_time);
    if (auto const longest = body.integer("longest_minutes", limits::journey_minutes)) {
        filter.longest = std::chrono::minutes(*longest);
    }
    return filter;
}

[[nodiscard]] std::optional<route_cursor> read_cursor(json_object& body, route_order order)
{
    auto const text = body.text("cursor", limits::route_cursor_bytes);
    if (!text) return std::nullopt;
    auto const cursor = route_cursor::parse(*text);
    if (cursor && cursor->order == order) return *cursor;
    body.errors.add("cursor",
                    cursor ? refuse(errc::invalid_request, "belongs to a search in the order of " +
                                                               std::string(name_of(cursor->order)))
                           : cursor.error());
    return std::nullopt;
}

[[nodiscard]] search_choices read_choices(json_object& body)
{
    auto const stops = body.integer("max_stops", limits::stops).value_or(limits::default_stops);
    auto const limit =
        body.integer("limit", limits::search_limit).value_or(limits::default_search_limit);
    auto const order = body.parsed("order", parse_order).value_or(route_order::arrival);
    auto const least = body.integer("min_connection_minutes", limits::connection_minutes);
    return {.max_stops = static_cast<std::size_t>(stops),
            .limit = static_cast<std::size_t>(limit),
            .order = order,
            .connection = least ? connection_rule(std::chrono::minutes(*least)) : connection_rule(),
            .filter = read_filter(body),
            .through_flights = body.boolean("through_flights").value_or(false),
            .collapse_codeshares = body.boolean("collapse_codeshares").value_or(false),
            .cursor = read_cursor(body, order)};
}

[[nodiscard]] route_query to_query(airport_code origin, airport_code destination,
                                   day_window const& day, search_choices&& c)
{
    route_query query{.origin = origin,
                      .destination = destination,
                      .day = day,
                      .max_stops = c.max_stops,
                      .limit = c.limit,
                      .order = c.order,
                      .connection = std::move(c.connection),
                      .filter = std::move(c.filter),
                      .through_flights = c.through_flights,
                      .collapse_codeshares = c.collapse_codeshares};
    if (c.cursor) {
        query.direct_after = std::move(c.cursor->direct_after);
        query.transit_after = std::move(c.cursor->transit_after);
    }
    return query;
}

}  // namespace

result<day_of> parse_zone(std::string_view text)
{
    if (text == "origin") return day_of::origin;
    if (text == "utc") return day_of::utc;
    return refuse(errc::invalid_request, "must be origin or utc");
}

std::optional<wanted_search> read_search(json_object& body)
{
    auto const origin = body.parsed("origin", airport_code::parse);
    auto const destination = body.parsed("destination", airport_code::parse);
    auto const day = body.parsed("departure_date", parse_date);
    auto const zone = body.parsed("zone", parse_zone).value_or(day_of::origin);
    auto choices = read_choices(body);
    for (auto const* name : {"origin", "destination", "departure_date"}) body.require(name);
    body.finish();
    if (origin && destination && *origin == *destination) {
        body.errors.add("destination", "must not be the origin");
    }
    if (!body.errors.empty()) return std::nullopt;

    auto const window =
        zone == day_of::origin ? day_at(*origin, *day) : result<day_window>(utc_day(*day));
    if (!window) {
        body.errors.add("departure_date", window.error());
        return std::nullopt;
    }
    return wanted_search{to_query(*origin, *destination, *window, std::move(choices)), *day, zone};
}

}  // namespace aircargo::server
