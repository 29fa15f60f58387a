#pragma once

#include "support/backends.hpp"
#include "support/builders.hpp"
#include <aircargo/store/account_store.hpp>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::test {

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
    return {id, of.id, id + "-1", noon, noon + life};
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

/// A test on one backend's account store.
template <class Backend>
class account_store_test : public ::testing::Test {
protected:
    Backend backend;
    any_account_store& accounts = *backend.accounts;

    account stored(account const& a)
    {
        accounts.add(a).value();
        return a;
    }
    result<account> find(std::string const& id) { return accounts.find({&id, 1}).at(0); }
    result<account> find_key(std::string const& hash)
    {
        return accounts.find_keys({&hash, 1}).at(0);
    }
    rotation_outcome rotate(rotation const& r) { return accounts.rotate(r).value().outcome; }
};

inline void PrintTo(account const& a, std::ostream* out)
{
    *out << a.id << ' ' << a.name.str() << ' ' << name_of(a.role) << ' ' << a.enabled << ' '
         << to_epoch(a.created_at);
}
inline void PrintTo(rotation_outcome outcome, std::ostream* out)
{
    constexpr std::array names{"rotated", "reused", "expired", "unknown"};
    *out << names.at(static_cast<std::size_t>(outcome));
}

}  // namespace aircargo::test
