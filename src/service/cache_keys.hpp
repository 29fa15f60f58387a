#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/core/booking_ref.hpp>
#include <string>

namespace aircargo::detail {

[[nodiscard]] inline std::string booking_lock_key(booking_ref const& ref)
{
    return "lock:booking:" + ref.str();
}
[[nodiscard]] inline cache_key booking_cache_key(booking_ref const& ref)
{
    return {"booking:" + ref.str(), booking_lock_key(ref)};
}
[[nodiscard]] inline cache_key history_cache_key(booking_ref const& ref)
{
    return {"booking_history:" + ref.str(), booking_lock_key(ref)};
}
/// Of all that may be cached of a booking.
[[nodiscard]] inline cache_hold booking_hold(booking_ref const& ref)
{
    return {booking_lock_key(ref), {booking_cache_key(ref).key, history_cache_key(ref).key}};
}

}  // namespace aircargo::detail
