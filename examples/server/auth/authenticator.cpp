#include "auth/authenticator.hpp"
#include "auth/account_service.hpp"
#include "auth/secrets.hpp"
#include "http/message.hpp"
#include <algorithm>

namespace aircargo::server {
namespace {

[[nodiscard]] error not_good(std::string why)
{
    return refuse(errc::invalid_request, std::move(why));
}

/// What stands behind `Bearer`; nothing where that is not what a credential can look like.
[[nodiscard]] std::optional<std::string_view> credential_in(std::string_view authorization)
{
    constexpr std::string_view scheme = "Bearer ";
    if (!equal_without_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
    authorization.remove_prefix(scheme.size());
    if (authorization.empty() || authorization.size() > token_issuer::max_size) return std::nullopt;
    return authorization;
}

[[nodiscard]] bool is_api_key(std::string_view credential)
{
    return credential.starts_with(account_service::key_prefix);
}

}  // namespace

authenticator::authenticator(any_account_store& store, token_issuer const& tokens, options o)
    : store_(store),
      tokens_(tokens),
      options_(std::move(o)),
      remembered_(options_.remember),
      lookups_([this](auto questions) { return look_up(questions); },
               {.when_thrown = errc::internal_error})
{}

std::optional<result<caller>> authenticator::known(std::string_view authorization)
{
    auto const credential = credential_in(authorization);
    if (!credential) return not_good("is not Bearer and a token or API key of at most 4 KiB");
    auto found = remembered_.find(remembered_.digest(*credential));
    if (!found || options_.clock() >= found->account_until) return std::nullopt;
    return std::move(found->who);
}

bool authenticator::was_good(std::string_view authorization)
{
    auto const credential = credential_in(authorization);
    return credential && remembered_.find(remembered_.digest(*credential)).has_value();
}

authenticator::question authenticator::question_of(std::string_view authorization) const
{
    auto const credential = credential_in(authorization).value_or("");
    return {std::string(credential), remembered_.digest(credential)};
}

authenticator::answers authenticator::look_up(std::span<question const> questions)
{
    auto const now = options_.now();
    auto const clock = options_.clock();
    answers out(questions.size(), not_good("the credential was not looked at"));
    std::vector<std::string> ids;
    std::vector<open_question> of_ids;
    std::vector<std::string> hashes;
    std::vector<open_question> of_hashes;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        auto const& [credential, digest] = questions[i];
        if (is_api_key(credential)) {
            hashes.push_back(hash_of_secret(credential));
            of_hashes.push_back({i, std::chrono::steady_clock::time_point::max()});
            continue;  // and so it is asked for every time, since it may be revoked
        }
        auto const before = remembered_.find(digest);
        if (before && clock < before->credential_until) {
            ids.push_back(before->who.account_id);
            of_ids.push_back({i, before->credential_until});
            continue;
        }
        auto const claims = tokens_.read(credential, now);
        if (!claims) {
            out[i] = claims.error();
            continue;
        }
        ids.push_back(claims->subject);
        of_ids.push_back({i, clock + (claims->expires_at + token_issuer::leeway - now)});
    }
    if (!ids.empty()) take_accounts(questions, of_ids, store_.find(ids), out);
    if (!hashes.empty()) take_accounts(questions, of_hashes, store_.find_keys(hashes), out);
    return out;
}

void authenticator::take_accounts(std::span<question const> questions,
                                  std::span<open_question const> open,
                                  std::vector<result<account>> const& found, answers& into)
{
    auto const account_until = options_.clock() + options_.remember_account;
    for (std::size_t i = 0; i < open.size(); ++i) {
        auto const& [number, credential_until] = open[i];
        auto const& digest = questions[number].digest;
        auto const& owner = found[i];
        if (owner && owner->enabled) {
            caller const who{owner->id, owner->name.str(), role_of(owner->role),
                             is_api_key(questions[number].credential)};
            remembered_.put(digest,
                            {who, std::min(account_until, credential_until), credential_until});
            into[number] = who;
            continue;
        }
        bool const unavailable = !owner && owner.error().code != errc::not_found;
        if (!unavailable) remembered_.forget(digest);
        into[number] = unavailable ? owner.error()
                       : owner     ? not_good("the account is disabled")
                                   : not_good("there is no such account or API key");
    }
}

}  // namespace aircargo::server
