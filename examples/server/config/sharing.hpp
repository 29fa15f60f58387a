#pragma once

#include "config/config.hpp"
#include <aircargo/core/result.hpp>

namespace aircargo::server {

/// Reads the settings of what several servers may share beside the store: cache and locks.
/// \pre the store is read
[[nodiscard]] result<void> read_sharing(settings const& given, config& c);

}  // namespace aircargo::server
