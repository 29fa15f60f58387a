#pragma once

#include "config/config.hpp"
#include <string>

/// What an operator does about accounts: `user add` and the like. Each returns the exit status.
/// Passwords come from AIRCARGO_PASSWORD or from a line of stdin, never from the command line,
/// which other programs see.
namespace aircargo::server {

[[nodiscard]] int add_user(config const& c, std::string const& name, std::string const& role);
[[nodiscard]] int list_users_of(config const& c);
[[nodiscard]] int set_role_of_user(config const& c, std::string const& name,
                                   std::string const& role);
[[nodiscard]] int set_password_of_user(config const& c, std::string const& name,
                                       bool revoke_api_keys);
[[nodiscard]] int enable_user(config const& c, std::string const& name, bool enabled);

}  // namespace aircargo::server
