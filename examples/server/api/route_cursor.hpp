#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/routing/search.hpp>
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace aircargo::server {

/// The orders that a client may ask for; that of cost is none of them.
inline constexpr std::array route_orders{route_order::arrival, route_order::departure,
                                         route_order::duration};

/// The name that the API has for an order.
[[nodiscard]] std::string_view name_of(route_order order) noexcept;
/// \return one of `route_orders`, or `invalid_request`
[[nodiscard]] result<route_order> parse_order(std::string_view text);

/// Where the next page of a route search goes on: behind one itinerary in each list, or at a list's
/// end. Means something only in the order that it was made in.
struct route_cursor {
    route_order order = route_order::arrival;
    std::optional<itinerary_key> direct_after{};
    std::optional<itinerary_key> transit_after{};

    /// The cursor behind this answer to a query. What is over stays over.
    [[nodiscard]] static route_cursor behind(route_answer const& answer, route_query const& query);

    /// Text of letters and digits, which says nothing to clients.
    [[nodiscard]] std::string str() const;
    /// \return the cursor, or `invalid_request` for what `str` never writes
    [[nodiscard]] static result<route_cursor> parse(std::string_view text);
};

}  // namespace aircargo::server
