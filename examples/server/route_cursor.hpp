#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/routing/search.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace aircargo::server {

/// Where the next page of a route search goes on: behind one itinerary in each list, or at a list's
/// end.
struct route_cursor {
    std::optional<itinerary_key> direct_after{};
    std::optional<itinerary_key> transit_after{};

    /// The cursor behind this answer of at most `limit` itineraries a list. What is over stays
    /// over.
    [[nodiscard]] static route_cursor behind(route_answer const& answer, std::size_t limit);

    /// Text of letters and digits, which says nothing to clients.
    [[nodiscard]] std::string str() const;
    /// \return the cursor, or `invalid_request` for what `str` never writes
    [[nodiscard]] static result<route_cursor> parse(std::string_view text);
};

}  // namespace aircargo::server
