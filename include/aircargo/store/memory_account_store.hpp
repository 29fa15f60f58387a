#pragma once

#include <aircargo/store/account_store.hpp>
#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace aircargo {

/// Accounts in this process's memory: for tests, scripts and servers that forget all when they end.
class memory_account_store {
public:
    [[nodiscard]] result<void> add(account const& a);
    [[nodiscard]] std::vector<result<account>> find(std::span<std::string const> ids);
    [[nodiscard]] result<account> find_name(account_name const& name);
    [[nodiscard]] result<std::vector<account>> list(account_query const& query);
    [[nodiscard]] result<account> change(account_name const& name, account_change const& what);

    [[nodiscard]] result<void> add_session(login_session const& login);
    [[nodiscard]] result<rotation_answer> rotate(rotation const& r);
    [[nodiscard]] result<void> end_session(std::string const& id);

    [[nodiscard]] result<void> add_key(api_key const& key);
    [[nodiscard]] std::vector<result<account>> find_keys(std::span<std::string const> hashes);
    [[nodiscard]] result<std::vector<api_key>> list_keys(std::string const& account_id);
    [[nodiscard]] result<api_key> revoke_key(std::string const& id,
                                             std::optional<std::string> const& of_account,
                                             utc_time now);

private:
    struct kept_session {
        login_session now;
        std::string previous_hash{};  ///< of the token that the present one was given for
    };

    [[nodiscard]] account* find_id(std::string const& id);

    std::mutex mutex_;
    std::map<std::string, account> accounts_;             // by name
    std::unordered_map<std::string, std::string> names_;  // by id
    std::unordered_map<std::string, kept_session> sessions_;
    std::vector<api_key> keys_;  // in order of coming in
};

inline account* memory_account_store::find_id(std::string const& id)
{
    auto const named = names_.find(id);
    return named == names_.end() ? nullptr : &accounts_.at(named->second);
}

inline result<void> memory_account_store::add(account const& a)
{
    std::scoped_lock const lock(mutex_);
    auto const named = accounts_.find(a.name.str());
    if (named != accounts_.end() && named->second.id == a.id) return {};  // made before
    if (named != accounts_.end() || find_id(a.id)) return account_exists(a.name);
    names_.emplace(a.id, a.name.str());
    accounts_.emplace(a.name.str(), a);
    return {};
}

inline std::vector<result<account>> memory_account_store::find(std::span<std::string const> ids)
{
    std::scoped_lock const lock(mutex_);
    std::vector<result<account>> out;
    out.reserve(ids.size());
    for (auto const& id : ids) {
        auto const* const found = find_id(id);
        out.push_back(found ? result<account>(*found) : account_not_found());
    }
    return out;
}

inline result<account> memory_account_store::find_name(account_name const& name)
{
    std::scoped_lock const lock(mutex_);
    auto const found = accounts_.find(name.str());
    return found == accounts_.end() ? account_not_found() : result<account>(found->second);
}

inline result<std::vector<account>> memory_account_store::list(account_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    std::scoped_lock const lock(mutex_);
    std::vector<account> page;
    for (auto at = accounts_.upper_bound(query.after);
         at != accounts_.end() && page.size() < query.page_size; ++at) {
        page.push_back(at->second);
    }
    return page;
}

inline result<account> memory_account_store::change(account_name const& name,
                                                    account_change const& what)
{
    std::scoped_lock const lock(mutex_);
    auto const found = accounts_.find(name.str());
    if (found == accounts_.end()) return account_not_found();
    auto& a = found->second;
    bool const fits = what.old_password_hash.value_or(a.password_hash) == a.password_hash ||
                      what.password_hash == a.password_hash;
    if (!fits) return account_not_found();
    a.role = what.role.value_or(a.role);
    a.enabled = what.enabled.value_or(a.enabled);
    a.password_hash = what.password_hash.value_or(a.password_hash);
    if (what.ends_sessions()) {
        std::erase_if(sessions_, [&](auto const& s) { return s.second.now.account_id == a.id; });
    }
    return a;
}

inline result<void> memory_account_store::add_session(login_session const& login)
{
    std::scoped_lock const lock(mutex_);
    auto const* const owner = find_id(login.account_id);
    if (!owner || !owner->enabled || owner->password_hash != login.password_hash)
        return account_not_found();
    std::erase_if(sessions_,
                  [&](auto const& s) { return s.second.now.expires_at <= login.created_at; });
    sessions_.try_emplace(login.id, kept_session{login});
    return {};
}

inline result<rotation_answer> memory_account_store::rotate(rotation const& r)
{
    std::scoped_lock const lock(mutex_);
    auto const found = sessions_.find(r.session_id);
    if (found == sessions_.end()) return rotation_answer{};
    auto& [login, previous_hash] = found->second;
    auto const account_id = login.account_id;
    bool const again = login.token_hash == r.next_hash && previous_hash == r.token_hash;
    if (login.token_hash != r.token_hash && !again) {
        sessions_.erase(found);
        return rotation_answer{rotation_outcome::reused, account_id};
    }
    if (!find_id(account_id)->enabled) return rotation_answer{};
    if (login.expires_at <= r.now) return rotation_answer{rotation_outcome::expired, account_id};
    login.token_hash = r.next_hash;
    login.expires_at = r.next_expires_at;
    previous_hash = r.token_hash;
    return rotation_answer{rotation_outcome::rotated, account_id};
}

inline result<void> memory_account_store::end_session(std::string const& id)
{
    std::scoped_lock const lock(mutex_);
    sessions_.erase(id);
    return {};
}

inline result<void> memory_account_store::add_key(api_key const& key)
{
    std::scoped_lock const lock(mutex_);
    if (!find_id(key.account_id)) return account_not_found();
    auto const is_same = [&](api_key const& k) { return k.id == key.id; };
    if (std::none_of(keys_.begin(), keys_.end(), is_same)) keys_.push_back(key);
    return {};
}

inline std::vector<result<account>> memory_account_store::find_keys(
    std::span<std::string const> hashes)
{
    std::scoped_lock const lock(mutex_);
    std::vector<result<account>> out;
    out.reserve(hashes.size());
    for (auto const& hash : hashes) {
        auto const key = std::find_if(keys_.begin(), keys_.end(), [&](api_key const& k) {
            return k.hash == hash && !k.revoked_at;
        });
        out.push_back(key == keys_.end() ? api_key_not_found()
                                         : result<account>(*find_id(key->account_id)));
    }
    return out;
}

inline result<std::vector<api_key>> memory_account_store::list_keys(std::string const& account_id)
{
    std::scoped_lock const lock(mutex_);
    std::vector<api_key> out;
    std::copy_if(keys_.begin(), keys_.end(), std::back_inserter(out),
                 [&](api_key const& k) { return k.account_id == account_id && !k.revoked_at; });
    std::sort(out.begin(), out.end(), [](api_key const& a, api_key const& b) {
        return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id);
    });
    return out;
}

inline result<api_key> memory_account_store::revoke_key(
    std::string const& id, std::optional<std::string> const& of_account, utc_time now)
{
    std::scoped_lock const lock(mutex_);
    auto const key = std::find_if(keys_.begin(), keys_.end(), [&](api_key const& k) {
        return k.id == id && k.revoked_at.value_or(now) == now &&
               of_account.value_or(k.account_id) == k.account_id;
    });
    if (key == keys_.end()) return api_key_not_found();
    key->revoked_at = now;
    return *key;
}

static_assert(account_store<memory_account_store>);

}  // namespace aircargo
