#pragma once

#include "auth/jwt.hpp"
#include <aircargo/core/account_name.hpp>
#include <aircargo/core/clock.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/store/account_store.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// What somebody gets who has logged in.
struct token_grant {
    std::string access_token;
    std::chrono::seconds expires_in;
    std::string refresh_token;
    std::string account_id;
};

/// A new API key, and the only time that its text is seen.
struct new_api_key {
    api_key kept;
    std::string text;
};

/// What becomes of an account's API keys when its password changes.
enum class keys_of_before : std::uint8_t { stay, are_revoked };

/// What accounts do: register, log in, stay logged in, have API keys. Each call blocks for the
/// store, and where a password is hashed or checked for its 40 ms too. Thread-safe.
class account_service {
public:
    struct options {
        std::chrono::seconds token_time = std::chrono::minutes(15);
        std::chrono::seconds refresh_time = std::chrono::days(30);
        wall_clock now;
    };
    /// Every API key begins with this, so that scanners find one that was published.
    static constexpr std::string_view key_prefix = "ack_";
    static constexpr std::size_t most_keys = 100;  ///< of one account

    /// Both must outlive the service.
    account_service(any_account_store& store, token_issuer const& tokens, options o);

    /// \return an account that is not stored yet, or `invalid_request` for the password
    [[nodiscard]] result<account> draft(account_name const& name, std::string_view password,
                                        account_role role) const;
    /// \return the account, or `already_exists`, `invalid_request` for the password
    [[nodiscard]] result<account> add(account_name const& name, std::string_view password,
                                      account_role role);
    /// \return `not_found`, `invalid_request` for the password
    [[nodiscard]] result<account> set_password(account_name const& name, std::string_view password);
    /// Revokes all API keys of an account.
    [[nodiscard]] result<void> revoke_keys(std::string const& of_account);

    /// \return the change that is to be stored, which takes the old password; nothing when it is
    /// another one
    [[nodiscard]] result<std::optional<account_change>> draft_password(account_name const& name,
                                                                       std::string_view old,
                                                                       std::string_view next);
    /// Stores it. Sessions end with the old password, API keys only when they are to.
    /// \return how many API keys go on; `not_found` when the old password is gone by now
    [[nodiscard]] result<std::size_t> store_password(account_name const& name,
                                                     account_change const& drafted,
                                                     keys_of_before keys);

    /// \return nothing when name and password do not fit, or the account is disabled
    [[nodiscard]] result<std::optional<token_grant>> log_in(account_name const& name,
                                                            std::string_view password);
    /// Trades a refresh token in. \return nothing when it is none that can be used
    [[nodiscard]] result<std::optional<token_grant>> refresh(std::string_view refresh_token);
    /// Ends what `log_in` began; a token of nothing that goes on is as good.
    [[nodiscard]] result<void> log_out(std::string_view refresh_token);

    /// \param of_account its id \return a key that is not stored yet, or `already_exists` when
    /// there are too many
    [[nodiscard]] result<new_api_key> draft_key(std::string const& of_account, std::string name);
    /// \param of_account whose key it must be; nothing: anybody's
    [[nodiscard]] result<api_key> revoke_key(std::string const& id,
                                             std::optional<std::string> const& of_account);

    [[nodiscard]] any_account_store& store() noexcept { return store_; }

private:
    [[nodiscard]] token_grant grant(std::string const& account_id, std::string refresh_token,
                                    utc_time now) const;

    any_account_store& store_;
    token_issuer const& tokens_;
    options options_;
};

}  // namespace aircargo::server
