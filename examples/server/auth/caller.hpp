#pragma once

#include <cstdint>
#include <string>

namespace aircargo::server {

/// What somebody may do; each may also do what those before it may.
enum class role : std::uint8_t { anyone, viewer, agent, admin };

/// Who sent a request.
struct caller {
    std::string account_id;
    std::string name;
    role has = role::viewer;
};

}  // namespace aircargo::server
