#pragma once

#include "limits/network.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/limit/rate_limit.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// How much callers may ask for, as it was given.
struct limits_settings {
    std::string rate_limit = "60/min";
    std::string user_rate_limit;  ///< empty: as the one of addresses
    std::string login_rate_limit = "10/min";
    std::string limiter;  ///< empty: in the Redis of the cache or the locks if there is one
    std::string trusted_proxies;
    std::string cors_origins;
};

/// How much callers may ask for, as the program understands it; no limit is none.
struct limits_config {
    std::optional<rate_limit> by_address;
    std::optional<rate_limit> by_user;
    std::optional<rate_limit> of_logins;
    std::string redis_url;  ///< where it is counted for all servers; empty: by each for itself
    ip_networks trusted_proxies;
    std::vector<std::string> cors_origins;  ///< pages that browsers may let call us
};

/// \param shared the Redis to count in when nothing is said; empty: none
/// \return `invalid_request` with one sentence that names the setting and what it takes
[[nodiscard]] result<limits_config> read_limits(limits_settings const& given,
                                                std::string const& shared);

inline constexpr std::string_view rate_limit_form =
    "off, or COUNT/s, COUNT/min or COUNT/h, with ,burst=COUNT behind it for how many at once, such "
    "as 60/min or 5/s,burst=20";

/// `60/min`, `5/s,burst=20` or `1000/h`; without a burst all of the period's at once. Nothing for
/// `off`.
[[nodiscard]] result<std::optional<rate_limit>> parse_rate_limit(std::string_view text);

}  // namespace aircargo::server
