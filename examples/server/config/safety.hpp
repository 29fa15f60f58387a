#pragma once

#include "config/config.hpp"
#include <aircargo/core/result.hpp>

namespace aircargo::server {

/// Whether these settings may be served with: whoever can reach the server has to log in, and the
/// logins outlive it. On the machine itself, and for a demonstration, less will do.
/// \return `invalid_request` with a sentence that names the setting and the way out
[[nodiscard]] result<void> check_safety(config const& c);

/// Whether these settings let strangers make accounts that change things: worth a warning.
[[nodiscard]] bool strangers_may_book(config const& c);

}  // namespace aircargo::server
