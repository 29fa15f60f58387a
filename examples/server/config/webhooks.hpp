#pragma once

#include "limits/network.hpp"
#include "webhooks/retry.hpp"
#include <aircargo/core/result.hpp>
#include <chrono>
#include <cstddef>
#include <string>

namespace aircargo::server {

/// How webhooks are told of events, as it was given.
struct webhooks_settings {
    std::string networks;  ///< with commas
    std::string ca_file;
    unsigned timeout_s = 10;
    unsigned most_of_one = 16;
    unsigned retry_first_s = 5;
    unsigned retry_longest_s = 3600;
    unsigned give_up_s = 72 * 3600;
    unsigned keep_dead_s = 30 * 24 * 3600;
    std::size_t max_webhooks = 100;
};

/// The same as the program understands it.
struct webhooks_config {
    ip_networks networks;  ///< that need not be public
    std::string ca_file;   ///< empty: the system's
    std::chrono::seconds timeout;
    std::size_t most_of_one;
    webhook_retry retry;
    std::size_t max_webhooks;
};

/// \return `invalid_request` with one sentence that names the setting and what it takes
[[nodiscard]] result<webhooks_config> read_webhooks(webhooks_settings const& given);

}  // namespace aircargo::server
