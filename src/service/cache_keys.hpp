#pragma once

#include <aircargo/core/booking_ref.hpp>
#include <string>

namespace aircargo::detail {

[[nodiscard]] inline std::string booking_cache_key(booking_ref const& ref)
{
    return "booking:" + ref.str();
}
[[nodiscard]] inline std::string history_cache_key(booking_ref const& ref)
{
    return "booking_history:" + ref.str();
}
[[nodiscard]] inline std::string booking_lock_key(booking_ref const& ref)
{
    return "lock:booking:" + ref.str();
}

}  // namespace aircargo::detail
