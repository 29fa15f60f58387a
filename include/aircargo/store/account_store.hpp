#pragma once

#include <aircargo/core/account_name.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/core/utc_time.hpp>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo {

/// What an account may do; each role may do what those before it may.
enum class account_role : std::uint8_t { viewer, agent, admin };

inline constexpr std::array account_roles{account_role::viewer, account_role::agent,
                                          account_role::admin};

[[nodiscard]] constexpr std::string_view name_of(account_role role) noexcept
{
    switch (role) {
        case account_role::viewer: return "viewer";
        case account_role::agent: return "agent";
        case account_role::admin: return "admin";
    }
    return "unknown";
}

[[nodiscard]] constexpr std::optional<account_role> parse_account_role(
    std::string_view text) noexcept
{
    for (auto role : account_roles) {
        if (text == name_of(role)) return role;
    }
    return std::nullopt;
}

/// Somebody who may log in.
struct account {
    std::string id;  ///< drawn at random by who makes it; never changes
    account_name name;
    std::string password_hash;  ///< as a PHC string, such as `$argon2id$...`
    account_role role = account_role::viewer;
    bool enabled = true;
    utc_time created_at;

    friend bool operator==(account const&, account const&) = default;
};

/// What is to be changed; what is left out stays.
struct account_change {
    std::optional<account_role> role{};
    std::optional<bool> enabled{};
    std::optional<std::string> password_hash{};
    /// What the password must be until then, or be already; left out: whatever it is.
    std::optional<std::string> old_password_hash{};

    /// Whether those who are logged in have to log in anew.
    [[nodiscard]] bool ends_sessions() const noexcept
    {
        return password_hash.has_value() || (enabled && !*enabled);
    }
};

/// Accounts by name, those behind `after`.
struct account_query {
    static constexpr std::size_t max_page_size = 1000;

    std::string after{};          ///< a name; empty for the first page
    std::size_t page_size = 100;  ///< 1 to `max_page_size`
};

/// A login that goes on: a family of refresh tokens, each of which is used once and gives the next
/// one. Only the hash of the one that can be used is kept, since any other one that names the
/// session was used before.
struct login_session {
    std::string id;  ///< drawn at random; part of its tokens, so nobody else knows it
    std::string account_id;
    std::string password_hash;  ///< of the account, when its password was checked; is not kept
    std::string token_hash;
    utc_time created_at;
    utc_time expires_at;
};

/// A refresh token is presented, and another one is to take its place.
struct rotation {
    std::string session_id;
    std::string token_hash;  ///< of the one that was presented
    std::string next_hash;
    utc_time now;
    utc_time next_expires_at;
};

enum class rotation_outcome : std::uint8_t {
    rotated,
    reused,  ///< the token was used before: it is in two hands, so the session was ended
    expired,
    unknown  ///< there is no such session any more, or its account is disabled
};

struct rotation_answer {
    rotation_outcome outcome = rotation_outcome::unknown;
    std::string account_id{};  ///< of whom the session is; empty when it is unknown

    friend bool operator==(rotation_answer const&, rotation_answer const&) = default;
};

/// A key with which a program acts for an account, without logging in.
struct api_key {
    std::string id;
    std::string account_id;
    std::string name;  ///< what it is for
    std::string hash;
    std::string prefix;  ///< what the key begins with, so that people can tell their keys apart
    utc_time created_at;
    std::optional<utc_time> revoked_at{};

    friend bool operator==(api_key const&, api_key const&) = default;
};

// What every backend says in the same words.

[[nodiscard]] inline error account_not_found()
{
    return refuse(errc::not_found, "there is no such account");
}
[[nodiscard]] inline error account_exists(account_name const& name)
{
    return refuse(errc::already_exists, "the name " + name.str() + " is taken");
}
[[nodiscard]] inline error api_key_not_found()
{
    return refuse(errc::not_found, "there is no such API key");
}

/// Why a query can not be answered; nothing when it is sound.
[[nodiscard]] inline std::optional<error> invalid(account_query const& query)
{
    if (query.page_size >= 1 && query.page_size <= account_query::max_page_size)
        return std::nullopt;
    return refuse(errc::invalid_request,
                  "page_size must be 1 to " + std::to_string(account_query::max_page_size));
}

// clang-format off
/// Keeps accounts, their sessions and their API keys. Each call is one round trip, one transaction, durable when
/// it returns, and may be made from several threads. Nothing secret comes in but as a hash. Of a change that is
/// answered `backend_down` or `commit_unknown` nobody knows whether it happened; made again it happens once.
///
/// `add` refuses a name or an id that is taken with `already_exists`.
/// `find` answers `not_found` an entry; so does `find_name`.
/// `list` goes by name.
/// `change` answers the account as it is then, or `not_found`, also when the password is not the one that is named; it
/// ends the account's sessions when the password changes or the account is disabled.
/// `add_session` and `add_key` refuse an account that is not there with `not_found`; `add_session` also one that is
/// disabled or has another password by now: checking one takes long, and a session must not outlive such a change.
/// `rotate` decides, changes and answers in one step: of two who present a token at once, one gets the next token,
/// and the other one is told `reused`, which ends the session for both.
/// `end_session` takes a session that is not there for one that was ended.
/// `find_keys` answers, by hash, the account whose key it is; `not_found` for a key that is revoked or unknown.
/// `list_keys` answers the keys of an account that are not revoked, oldest first.
/// `revoke_key` answers the key as it is then; `not_found` when it is unknown, revoked, or not of the account that is
/// named.
template <class S>
concept account_store = requires(S& s, account const& a, std::span<std::string const> texts, account_name const& name,
                                 account_query const& query, account_change const& what, login_session const& login,
                                 rotation const& r, api_key const& key, std::string const& id, utc_time now,
                                 std::optional<std::string> const& of_account) {
    { s.add(a) }                          -> std::same_as<result<void>>;
    { s.find(texts) }                     -> std::same_as<std::vector<result<account>>>;
    { s.find_name(name) }                 -> std::same_as<result<account>>;
    { s.list(query) }                     -> std::same_as<result<std::vector<account>>>;
    { s.change(name, what) }              -> std::same_as<result<account>>;
    { s.add_session(login) }              -> std::same_as<result<void>>;
    { s.rotate(r) }                       -> std::same_as<result<rotation_answer>>;
    { s.end_session(id) }                 -> std::same_as<result<void>>;
    { s.add_key(key) }                    -> std::same_as<result<void>>;
    { s.find_keys(texts) }                -> std::same_as<std::vector<result<account>>>;
    { s.list_keys(id) }                   -> std::same_as<result<std::vector<api_key>>>;
    { s.revoke_key(id, of_account, now) } -> std::same_as<result<api_key>>;
};
// clang-format on

/// The run-time form: an account store chosen by configuration.
class any_account_store {
public:
    virtual ~any_account_store() = default;

    [[nodiscard]] virtual result<void> add(account const& a) = 0;
    [[nodiscard]] virtual std::vector<result<account>> find(std::span<std::string const> ids) = 0;
    [[nodiscard]] virtual result<account> find_name(account_name const& name) = 0;
    [[nodiscard]] virtual result<std::vector<account>> list(account_query const& query) = 0;
    [[nodiscard]] virtual result<account> change(account_name const& name,
                                                 account_change const& what) = 0;

    [[nodiscard]] virtual result<void> add_session(login_session const& login) = 0;
    [[nodiscard]] virtual result<rotation_answer> rotate(rotation const& r) = 0;
    [[nodiscard]] virtual result<void> end_session(std::string const& id) = 0;

    [[nodiscard]] virtual result<void> add_key(api_key const& key) = 0;
    [[nodiscard]] virtual std::vector<result<account>> find_keys(
        std::span<std::string const> hashes) = 0;
    [[nodiscard]] virtual result<std::vector<api_key>> list_keys(std::string const& account_id) = 0;
    [[nodiscard]] virtual result<api_key> revoke_key(std::string const& id,
                                                     std::optional<std::string> const& of_account,
                                                     utc_time now) = 0;
};
static_assert(account_store<any_account_store>);

namespace detail {

template <account_store S>
class erased_account_store final : public any_account_store {
public:
    template <class... Args>
    explicit erased_account_store(Args&&... args) : store_(std::forward<Args>(args)...)
    {}

    result<void> add(account const& a) override { return store_.add(a); }
    std::vector<result<account>> find(std::span<std::string const> ids) override
    {
        return store_.find(ids);
    }
    result<account> find_name(account_name const& name) override { return store_.find_name(name); }
    result<std::vector<account>> list(account_query const& query) override
    {
        return store_.list(query);
    }
    result<account> change(account_name const& name, account_change const& what) override
    {
        return store_.change(name, what);
    }
    result<void> add_session(login_session const& login) override
    {
        return store_.add_session(login);
    }
    result<rotation_answer> rotate(rotation const& r) override { return store_.rotate(r); }
    result<void> end_session(std::string const& id) override { return store_.end_session(id); }
    result<void> add_key(api_key const& key) override { return store_.add_key(key); }
    std::vector<result<account>> find_keys(std::span<std::string const> hashes) override
    {
        return store_.find_keys(hashes);
    }
    result<std::vector<api_key>> list_keys(std::string const& account_id) override
    {
        return store_.list_keys(account_id);
    }
    result<api_key> revoke_key(std::string const& id, std::optional<std::string> const& of_account,
                               utc_time now) override
    {
        return store_.revoke_key(id, of_account, now);
    }

private:
    S store_;
};

}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <account_store S, class... Args>
[[nodiscard]] std::unique_ptr<any_account_store> make_account_store(Args&&... args)
{
    return std::make_unique<detail::erased_account_store<S>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
