#pragma once

#include <aircargo/core/result.hpp>
#include <string>

namespace aircargo::server {

/// The password in AIRCARGO_PASSWORD, or else a line of stdin, never from the command line, which
/// other programs see.
[[nodiscard]] result<std::string> read_password();

}  // namespace aircargo::server
