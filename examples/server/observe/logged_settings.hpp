#pragma once

#include "config/config.hpp"
#include <optional>
#include <string>

namespace aircargo::server {

/// Where the store is, without a password.
[[nodiscard]] std::string store_place(config const& c);

/// Says in the log what the server works with: store, cache, locks, limits, logins. No secrets.
/// \param schema_version nothing for a store that has no schema
void log_settings(config const& c, std::optional<int> schema_version);

}  // namespace aircargo::server
