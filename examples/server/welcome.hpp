#pragma once

#include "config/config.hpp"
#include <cstddef>
#include <cstdint>

namespace aircargo::server {

/// Says on stdout where the server listens and what to try, for people who started it by hand; and
/// there and in the log what is not safe about it.
void welcome(config const& c, std::uint16_t port, std::size_t flights);

}  // namespace aircargo::server
