#pragma once

#include <aircargo/core/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace aircargo::detail {

/// Where a Redis is, and as whom to use it.
struct redis_url {
    std::string host;  ///< empty for a socket
    std::uint16_t port = 6379;
    std::string socket;    ///< a path; empty for TCP
    std::string user;      ///< empty: the default one
    std::string password;  ///< empty: none is sent
    int database = 0;
};

/// \return the parts, or `invalid_request` with a sentence that shows no password
[[nodiscard]] result<redis_url> parse_redis_url(std::string_view text);

}  // namespace aircargo::detail
