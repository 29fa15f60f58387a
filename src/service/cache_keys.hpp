#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/core/booking_ref.hpp>
#include <string>

namespace aircargo::detail {

[[nodiscard]] inline std::string booking_lock_key(booking_ref const& ref)
{
    return "lock:booking:" + ref.str();
}
/// Not the lock's name: both may be in one Redis.
[[nodiscard]] inline std::string booking_guard(booking_ref const& ref)
{
    return "hold:booking:" + ref.str();
}
[[nodiscard]] inline cache_key booking_cache_key(booking_ref const& ref)
{
    return {"booking:" + ref.str(), booking_guard(ref)};
}
[[nodiscard]] inline cache_key history_cache_key(booking_ref const& ref)
{
    return {"booking_history:" + ref.str(), booking_guard(ref)};
}
/// Of all that may be cached of a booking.
[[nodiscard]] inline cache_hold booking_hold(booking_ref const& ref)
{
    return {booking_guard(ref), {booking_cache_key(ref).key, history_cache_key(ref).key}};
}

}  // namespace aircargo::detail
