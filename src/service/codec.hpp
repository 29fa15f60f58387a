#pragma once

#include <aircargo/booking/booking.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The form that bookings and histories have in a cache: compact, exact, and nobody else's
/// business.
namespace aircargo::detail {

[[nodiscard]] std::string encode(booking const& b);
[[nodiscard]] std::string encode(std::vector<event> const& history);

/// Nothing when `bytes` is not what `encode` writes, as after an upgrade; the caller then reads the
/// store.
[[nodiscard]] std::optional<booking> decode_booking(std::string_view bytes);
[[nodiscard]] std::optional<std::vector<event>> decode_history(std::string_view bytes);

}  // namespace aircargo::detail
