#pragma once

#include <CLI/App.hpp>
#include <ostream>

namespace aircargo::server {

/// The type of options whose values nobody may see.
inline constexpr char const* secret_type = "SECRET";

/// Prints every setting as the environment takes it, `AIRCARGO_LISTEN=127.0.0.1:8080`, behind a
/// comment that names its flag. Secrets and the passwords of URLs are hidden. \pre the command line
/// is parsed
void print_config(CLI::App const& cli, std::ostream& out);

}  // namespace aircargo::server
