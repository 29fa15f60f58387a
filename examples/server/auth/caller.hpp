#pragma once

#include <aircargo/store/account_store.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace aircargo::server {

/// What somebody may do; each may also do what those before it may.
enum class role : std::uint8_t { anyone, viewer, agent, admin };

[[nodiscard]] constexpr std::string_view name_of(role r) noexcept
{
    switch (r) {
        case role::anyone: return "anyone";
        case role::viewer: return "viewer";
        case role::agent: return "agent";
        case role::admin: return "admin";
    }
    return "unknown";
}

[[nodiscard]] constexpr role role_of(account_role r) noexcept
{
    switch (r) {
        case account_role::viewer: return role::viewer;
        case account_role::agent: return role::agent;
        case account_role::admin: return role::admin;
    }
    return role::anyone;
}

/// Who sent a request.
struct caller {
    std::string account_id;
    std::string name;
    role has = role::viewer;
    bool by_api_key = false;  ///< else logged in

    friend bool operator==(caller const&, caller const&) = default;
};

}  // namespace aircargo::server
