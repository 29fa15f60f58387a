#pragma once

#include "auth/account_service.hpp"
#include "auth/authenticator.hpp"
#include "auth/jwt.hpp"
#include "auth/page_sessions.hpp"
#include "config/auth.hpp"
#include "worker_pool.hpp"
#include <aircargo/store/account_store.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace aircargo::server {

/// Everything about who somebody is. Thread-safe.
class auth_system {
public:
    auth_system(auth_config const& c, std::unique_ptr<any_account_store> store);

    [[nodiscard]] auth_config const& settings() const noexcept { return config_; }
    [[nodiscard]] account_service& accounts() noexcept { return accounts_; }
    [[nodiscard]] page_sessions& sessions() noexcept { return sessions_; }
    [[nodiscard]] any_account_store& store() noexcept { return *store_; }
    [[nodiscard]] authenticator& callers() noexcept { return callers_; }

    /// How long an access token is good for yet; nothing for what is none.
    [[nodiscard]] std::optional<std::chrono::seconds> time_left(std::string_view token) const;

    /// For calls that hash a password: as many at once as the process has cores, each with 19 MiB
    /// of memory, and as many wait. What comes on top is refused, so that nobody can make the
    /// server hash all day.
    [[nodiscard]] worker_pool& password_work() noexcept { return password_work_; }
    /// For other calls of the store.
    [[nodiscard]] worker_pool& store_work() noexcept { return store_work_; }

private:
    auth_config config_;
    std::unique_ptr<any_account_store> store_;
    token_issuer tokens_;
    account_service accounts_;
    page_sessions sessions_;
    authenticator callers_;
    worker_pool password_work_;  // the pools last, since what they do uses the others
    worker_pool store_work_;
};

}  // namespace aircargo::server
