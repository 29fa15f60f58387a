#pragma once

#include <aircargo/core/error.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/redis/node.hpp>
#include <chrono>
#include <cstdint>
#include <string>

/// What cache and locks have in common.
namespace aircargo::detail {

[[nodiscard]] inline bool is(redis_reply const& reply, std::int64_t number)
{
    return reply.is == redis_reply::kind::integer && reply.number == number;
}

[[nodiscard]] inline std::string ms(std::chrono::milliseconds span)
{
    return std::to_string(span.count());
}

/// Redis and we do not count time alike: the allowance that the description of Redlock proposes, a
/// hundredth and 2 ms.
[[nodiscard]] inline std::chrono::milliseconds drift(std::chrono::milliseconds ttl)
{
    return ttl / 100 + std::chrono::milliseconds(2);
}

[[nodiscard]] inline error locks_unreachable()
{
    return refuse(errc::lock_unavailable, "the locks can not be reached; try again in a moment");
}

}  // namespace aircargo::detail
