#pragma once

#include "postgres/connection.hpp"

namespace aircargo::detail {

/// Removes idempotency keys that are past their lifetime, of bookings and of other answers at most
/// a thousand each. It waits for nobody: what is in use is left for another time.
/// \return whether there may be more
[[nodiscard]] bool remove_old_keys(pg_connection& connection);

}  // namespace aircargo::detail
