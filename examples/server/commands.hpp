#pragma once

#include "config/config.hpp"
#include <string>

/// What the program does; each returns the exit status.
namespace aircargo::server {

[[nodiscard]] int serve(config const& c);
[[nodiscard]] int import_flights_from(config const& c, std::string const& file, bool strict);
/// Then lets `role` use the store, unless it is empty.
[[nodiscard]] int migrate(config const& c, std::string const& role);
[[nodiscard]] int verify_store(config const& c);
/// The route table: a line of JSON a route, with method, path and the role that it needs.
[[nodiscard]] int print_routes();
/// The description of the API, as docs/openapi.json holds it.
[[nodiscard]] int print_openapi();

}  // namespace aircargo::server
