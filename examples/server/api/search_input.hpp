#pragma once

#include "api/json_input.hpp"
#include <aircargo/core/utc_time.hpp>
#include <aircargo/routing/search.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// What a route search is asked for, in a body or behind a question mark.
namespace aircargo::server {

enum class day_of : std::uint8_t { origin, utc };
[[nodiscard]] result<day_of> parse_zone(std::string_view text);

struct wanted_search {
    route_query query;
    date day;
    day_of zone;
};

/// Notes in the object's `errors` what is wrong, and answers nothing then.
[[nodiscard]] std::optional<wanted_search> read_search(json_object& body);

/// The members that a search may have, and what they are where they come as text. A list has commas
/// between its items.
inline constexpr std::array search_members{
    text_member{"origin", text_kind::text},
    text_member{"destination", text_kind::text},
    text_member{"departure_date", text_kind::text},
    text_member{"zone", text_kind::text},
    text_member{"max_stops", text_kind::integer},
    text_member{"order", text_kind::text},
    text_member{"limit", text_kind::integer},
    text_member{"cursor", text_kind::text},
    text_member{"via", text_kind::list},
    text_member{"avoid", text_kind::list},
    text_member{"airlines", text_kind::list},
    text_member{"earliest_departure", text_kind::text},
    text_member{"latest_arrival", text_kind::text},
    text_member{"longest_minutes", text_kind::integer},
    text_member{"min_connection_minutes", text_kind::integer},
    text_member{"through_flights", text_kind::boolean},
    text_member{"collapse_codeshares", text_kind::boolean},
};

}  // namespace aircargo::server
