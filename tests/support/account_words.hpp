#pragma once

#include "support/builders.hpp"
#include <aircargo/store/account_store.hpp>
#include <array>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

/// Short words for accounts.
namespace aircargo {

inline void PrintTo(account const& a, std::ostream* out)
{
    *out << a.id << ' ' << a.name.str() << ' ' << name_of(a.role)
         << (a.enabled ? "" : ", disabled, ") << to_string(a.created_at);
}
inline void PrintTo(api_key const& k, std::ostream* out)
{
    *out << k.id << " of " << k.account_id << ": " << k.name << ' ' << to_string(k.created_at)
         << (k.revoked_at ? ", revoked " + to_string(*k.revoked_at) : "");
}
inline void PrintTo(rotation_outcome outcome, std::ostream* out)
{
    constexpr std::array names{"rotated", "reused", "expired", "unknown"};
    *out << names.at(static_cast<std::size_t>(outcome));
}

namespace test {

inline account_name a_name(std::string_view text) { return account_name::parse(text).value(); }

inline account an_account(std::string_view name, account_role role = account_role::agent)
{
    return {"id-of-" + std::string(name),
            a_name(name),
            "$argon2id$of " + std::string(name),
            role,
            true,
            noon};
}

/// A session whose first token has the hash `<id>-1`.
inline login_session a_session(std::string const& id, account const& of,
                               std::chrono::seconds life = std::chrono::hours(1))
{
    return {id, of.id, of.password_hash, id + "-1", noon, noon + life};
}

/// The token with the hash `<id>-<n>` is to be followed by `<id>-<next>`.
inline rotation a_rotation(std::string const& id, int n, int next, utc_time now = noon)
{
    auto const hash = [&](int number) { return id + '-' + std::to_string(number); };
    return {id, hash(n), hash(next), now, now + std::chrono::hours(1)};
}

inline api_key a_key(std::string const& id, account const& of, utc_time made = noon)
{
    return {id, of.id, "for " + id, "hash of " + id, "ack_" + id, made, std::nullopt};
}

}  // namespace test
}  // namespace aircargo
