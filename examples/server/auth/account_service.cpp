#include "auth/account_service.hpp"
#include "auth/passwords.hpp"
#include "auth/secrets.hpp"
#include "log.hpp"
#include <utility>

namespace aircargo::server {
namespace {

constexpr std::size_t id_bytes = 9;  // 12 characters: enough never to meet again
constexpr std::size_t session_bytes = 16;
constexpr std::size_t secret_bytes = 32;

/// A refresh token names its session, so that one that was used before is known too.
struct refresh_token {
    std::string session_id;
    std::string secret;

    [[nodiscard]] static refresh_token drawn_for(std::string session_id)
    {
        return {std::move(session_id), random_secret(secret_bytes)};
    }
    [[nodiscard]] static std::optional<refresh_token> parse(std::string_view text)
    {
        constexpr std::size_t longest = 128;
        auto const dot = text.find('.');
        if (dot == text.npos || text.size() > longest) return std::nullopt;
        return refresh_token{std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
    }
    [[nodiscard]] std::string str() const { return session_id + '.' + secret; }
    [[nodiscard]] std::string hash() const { return hash_of_secret(secret); }
};

}  // namespace

account_service::account_service(any_account_store& store, token_issuer const& tokens, options o)
    : store_(store), tokens_(tokens), options_(std::move(o))
{
    (void)nobodys_password_hash();  // not while the first one waits for it
}

result<account> account_service::draft(account_name const& name, std::string_view password,
                                       account_role role) const
{
    if (auto good = check_new_password(password); !good) return good.error();
    return account{random_secret(id_bytes), name, hash_password(password), role, true,
                   options_.now()};
}

result<account> account_service::add(account_name const& name, std::string_view password,
                                     account_role role)
{
    auto made = draft(name, password, role);
    if (!made) return made;
    if (auto added = store_.add(*made); !added) return added.error();
    return made;
}

result<account> account_service::set_password(account_name const& name, std::string_view password)
{
    if (auto good = check_new_password(password); !good) return good.error();
    return store_.change(name, {.password_hash = hash_password(password)});
}

result<std::optional<account_change>> account_service::draft_password(account_name const& name,
                                                                      std::string_view old,
                                                                      std::string_view next)
{
    auto const found = store_.find_name(name);
    if (!found) return found.error();
    if (!verify_password(found->password_hash, old)) return std::optional<account_change>();
    if (auto good = check_new_password(next); !good) return good.error();
    return std::optional(account_change{.password_hash = hash_password(next),
                                        .old_password_hash = found->password_hash});
}

result<std::size_t> account_service::store_password(account_name const& name,
                                                    account_change const& drafted,
                                                    keys_of_before keys)
{
    bool const none_stays = keys == keys_of_before::are_revoked;
    auto const found = store_.find_name(name);
    if (!found) return found.error();
    // First, so that whoever hears of a failure still has the password to try again with.
    if (none_stays) {
        if (auto revoked = revoke_keys(found->id); !revoked) return revoked.error();
    }
    if (auto changed = store_.change(name, drafted); !changed) return changed.error();
    if (none_stays) return std::size_t{0};
    auto const left = store_.list_keys(found->id);
    if (!left) return left.error();
    return left->size();
}

result<void> account_service::revoke_keys(std::string const& of_account)
{
    auto const present = store_.list_keys(of_account);
    if (!present) return present.error();
    for (auto const& key : *present) {
        auto const revoked = revoke_key(key.id, of_account);
        if (!revoked && revoked.error().code != errc::not_found) return revoked.error();
    }
    return {};
}

token_grant account_service::grant(std::string const& account_id, std::string refresh_token,
                                   utc_time now) const
{
    return {tokens_.issue({account_id, now, now + options_.token_time}), options_.token_time,
            std::move(refresh_token), account_id};
}

result<std::optional<token_grant>> account_service::log_in(account_name const& name,
                                                           std::string_view password)
{
    auto const found = store_.find_name(name);
    if (!found && found.error().code != errc::not_found) return found.error();
    // The same work whether there is such an account or not.
    bool const fits =
        verify_password(found ? found->password_hash : nobodys_password_hash(), password);
    if (!found || !fits || !found->enabled) return std::optional<token_grant>();

    auto const token = refresh_token::drawn_for(random_secret(session_bytes));
    auto const now = options_.now();
    auto const begun = store_.add_session({token.session_id, found->id, found->password_hash,
                                           token.hash(), now, now + options_.refresh_time});
    if (!begun && begun.error().code == errc::not_found)
        return std::optional<token_grant>();  // disabled, or another password, since it was checked
    if (!begun) return begun.error();
    return std::optional(grant(found->id, token.str(), now));
}

result<std::optional<token_grant>> account_service::refresh(std::string_view text)
{
    auto const presented = refresh_token::parse(text);
    if (!presented) return std::optional<token_grant>();
    auto const next = refresh_token::drawn_for(presented->session_id);
    auto const now = options_.now();
    auto const answer = store_.rotate(
        {presented->session_id, presented->hash(), next.hash(), now, now + options_.refresh_time});
    if (!answer) return answer.error();
    if (answer->outcome == rotation_outcome::rotated)
        return std::optional(grant(answer->account_id, next.str(), now));
    if (answer->outcome == rotation_outcome::reused)
        log_warning("auth.token_reused", {{"account_id", answer->account_id}});
    return std::optional<token_grant>();
}

result<void> account_service::log_out(std::string_view text)
{
    auto const presented = refresh_token::parse(text);
    if (!presented) return {};
    return store_.end_session(presented->session_id);
}

result<new_api_key> account_service::draft_key(std::string const& of_account, std::string name)
{
    constexpr std::size_t shown = 6;  // of the secret
    auto const present = store_.list_keys(of_account);
    if (!present) return present.error();
    if (present->size() >= most_keys) {
        return refuse(errc::already_exists, "an account has " + std::to_string(most_keys) +
                                                " API keys at most; revoke one first");
    }
    auto text = std::string(key_prefix) + random_secret(secret_bytes);
    api_key const key{random_secret(id_bytes),
                      of_account,
                      std::move(name),
                      hash_of_secret(text),
                      text.substr(0, key_prefix.size() + shown),
                      options_.now()};
    return new_api_key{key, std::move(text)};
}

result<api_key> account_service::revoke_key(std::string const& id,
                                            std::optional<std::string> const& of_account)
{
    return store_.revoke_key(id, of_account, options_.now());
}

}  // namespace aircargo::server
