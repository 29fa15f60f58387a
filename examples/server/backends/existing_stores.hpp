#pragma once

#include "backends/stores.hpp"
#include <aircargo/core/result.hpp>

namespace aircargo::server {

/// Opens the stores for a command that works on what is there: a path that was mistyped must not
/// become a new file. \return also `not_found`
[[nodiscard]] result<stores> open_existing_stores(config const& c, old_schema what);

}  // namespace aircargo::server
