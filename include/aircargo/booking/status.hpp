#pragma once

#include <aircargo/booking/state_machine.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace aircargo {

enum class booking_status : std::uint8_t { booked, departed, arrived, delivered, cancelled };

/// What a caller may ask for once a booking exists.
enum class booking_act : std::uint8_t { depart, arrive, deliver, cancel };

inline constexpr std::array all_booking_statuses{booking_status::booked, booking_status::departed,
                                                 booking_status::arrived, booking_status::delivered,
                                                 booking_status::cancelled};
inline constexpr std::array all_booking_acts{booking_act::depart, booking_act::arrive,
                                             booking_act::deliver, booking_act::cancel};

// clang-format off
/// The lifecycle of a booking. `depart` while DEPARTED leads on from a transfer airport; `arrive` while
/// DEPARTED leads to ARRIVED at the destination and keeps DEPARTED anywhere else (see lifecycle.hpp).
inline constexpr auto booking_transitions = [] {
    using enum booking_status;
    using enum booking_act;
    return std::array{
        transition{booked,   depart,  departed},
        transition{booked,   cancel,  cancelled},
        transition{departed, depart,  departed},
        transition{departed, arrive,  arrived},
        transition{departed, cancel,  cancelled},  // why: the shipper may stop a consignment until it lands
        transition{arrived,  deliver, delivered},
    };
}();
// clang-format on
static_assert(is_deterministic(booking_transitions));
static_assert(is_final(booking_transitions, booking_status::delivered));
static_assert(is_final(booking_transitions, booking_status::cancelled));
static_assert(is_reachable(booking_transitions, booking_status::booked, booking_status::delivered));
static_assert(!next_state(booking_transitions, booking_status::arrived, booking_act::cancel));

[[nodiscard]] constexpr std::string_view name_of(booking_status status) noexcept
{
    switch (status) {
        case booking_status::booked: return "BOOKED";
        case booking_status::departed: return "DEPARTED";
        case booking_status::arrived: return "ARRIVED";
        case booking_status::delivered: return "DELIVERED";
        case booking_status::cancelled: return "CANCELLED";
    }
    return "?";
}

[[nodiscard]] constexpr std::string_view name_of(booking_act act) noexcept
{
    switch (act) {
        case booking_act::depart: return "depart";
        case booking_act::arrive: return "arrive";
        case booking_act::deliver: return "deliver";
        case booking_act::cancel: return "cancel";
    }
    return "?";
}

/// The status that `name_of` writes as `text`; nothing for any other text.
[[nodiscard]] constexpr std::optional<booking_status> parse_booking_status(
    std::string_view text) noexcept
{
    for (auto status : all_booking_statuses) {
        if (name_of(status) == text) return status;
    }
    return std::nullopt;
}

}  // namespace aircargo
