#pragma once

#include "config/config.hpp"
#include <CLI/App.hpp>

namespace aircargo::server {

/// Makes every setting a flag and an environment variable that write into `into`.
void add_settings(CLI::App& cli, settings& into);

}  // namespace aircargo::server
