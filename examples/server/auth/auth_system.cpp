#include "auth/auth_system.hpp"
#include "observe/cores.hpp"
#include <aircargo/async/cargo_system.hpp>
#include <utility>

namespace aircargo::server {
auth_system::auth_system(auth_config const& c, std::unique_ptr<any_account_store> store)
    : config_(c),
      store_(std::move(store)),
      tokens_(c.keys),
      accounts_(*store_, tokens_,
                {.token_time = c.token_time,
                 .refresh_time = c.refresh_time,
                 .now = cargo_system::system_time}),
      sessions_(accounts_, {}),
      callers_(*store_, tokens_, {.now = cargo_system::system_time}),
      password_work_(usable_cores(), usable_cores()),
      store_work_(2, 4096)
{}

std::optional<std::chrono::seconds> auth_system::time_left(std::string_view token) const
{
    auto const now = cargo_system::system_time();
    auto const claims = tokens_.read(token, now);
    if (!claims) return std::nullopt;
    return std::max(claims->expires_at - now, std::chrono::seconds(0));
}

}  // namespace aircargo::server
