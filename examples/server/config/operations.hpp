#pragma once

#include <aircargo/core/result.hpp>
#include <chrono>

namespace aircargo::server {

/// How the program is run and watched, as it was given.
struct operations_settings {
    unsigned drain_grace_s = 0;
};

/// How the program is run and watched, as it understands it.
struct operations_config {
    /// How long it goes on as before once it is told to stop, so that whoever sends requests
    /// notices.
    std::chrono::seconds drain_grace;
};

/// \return `invalid_request` with one sentence that names the setting and what it takes
[[nodiscard]] result<operations_config> read_operations(operations_settings const& given);

}  // namespace aircargo::server
