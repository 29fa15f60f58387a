#include "api.hpp"
#include "json_input.hpp"
#include "json_output.hpp"
#include "problem.hpp"
#include "route_cursor.hpp"
#include <aircargo/world/time_zones.hpp>
#include <optional>
#include <string>

namespace aircargo::server {
namespace {

constexpr std::int64_t default_limit = 50;
constexpr std::int64_t max_limit = 1000;
constexpr std::size_t longest_cursor = 512;

enum class day_of : std::uint8_t { origin, utc };

[[nodiscard]] result<day_of> parse_zone(std::string_view text)
{
    if (text == "origin") return day_of::origin;
    if (text == "utc") return day_of::utc;
    return refuse(errc::invalid_request, "must be origin or utc");
}

struct search_order {
    route_query query;
    date day;
    day_of zone;
};

[[nodiscard]] std::optional<search_order> read_search(json_object& body)
{
    auto const origin = body.parsed("origin", airport_code::parse);
    auto const destination = body.parsed("destination", airport_code::parse);
    auto const day = body.parsed("departure_date", parse_date);
    auto const zone = body.parsed("zone", parse_zone).value_or(day_of::origin);
    auto const stops = body.integer("max_stops", 0, 1).value_or(1);
    auto const limit = body.integer("limit", 1, max_limit).value_or(default_limit);
    std::optional<route_cursor> cursor;
    if (auto const text = body.text("cursor", longest_cursor)) {
        auto const read = route_cursor::parse(*text);
        if (read) {
            cursor = *read;
        } else {
            body.errors.add("cursor", read.error());
        }
    }
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
    route_query query{.origin = *origin,
                      .destination = *destination,
                      .day = *window,
                      .max_stops = static_cast<std::size_t>(stops),
                      .limit = static_cast<std::size_t>(limit)};
    if (cursor) {
        query.direct_after = cursor->direct_after;
        query.transit_after = cursor->transit_after;
    }
    return search_order{query, *day, zone};
}

}  // namespace

void search_routes(app& a, exchange_ptr x, path_arguments const&)
{
    auto const& in = x->in();
    auto body = json_object::parse(in.body);
    if (!body) {
        problem const p{.status = 400, .code = "invalid_json", .detail = body.error().detail};
        return x->answer(make_reply(p, in));
    }
    auto const order = read_search(*body);
    if (!order) return x->answer(make_reply(to_problem(body->errors), in));

    auto const found = a.routes().search(order->query);
    auto const& answer = found.answer;
    auto const next =
        answer.more ? route_cursor::behind(answer, order->query.limit).str() : std::string();
    x->answer({.body = routes_json({.query = order->query,
                                    .answer = answer,
                                    .departure_date = to_string(order->day),
                                    .zone = order->zone == day_of::origin ? "origin" : "utc",
                                    .next_cursor = next})});
}

}  // namespace aircargo::server
