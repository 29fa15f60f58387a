#pragma once

#include <aircargo/store/booking_list.hpp>
#include <array>
#include <string_view>

namespace aircargo::server {

/// The orders that a list of bookings may be asked for in.
inline constexpr std::array list_orders{list_order::newest_first, list_order::oldest_first,
                                        list_order::by_reference};

/// The name that `sort` has for an order; a minus turns it round.
[[nodiscard]] constexpr std::string_view sort_name(list_order order) noexcept
{
    switch (order) {
        case list_order::newest_first: return "-created_at";
        case list_order::oldest_first: return "created_at";
        case list_order::by_reference: return "ref_id";
    }
    return "?";
}

}  // namespace aircargo::server
