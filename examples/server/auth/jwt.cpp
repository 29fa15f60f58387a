#include "auth/jwt.hpp"
#include "api/json_input.hpp"
#include "api/json_writer.hpp"
#include "auth/secrets.hpp"
#include <aircargo/core/assert.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace aircargo::server {
namespace {

constexpr std::size_t longest_text = 256;

[[nodiscard]] error bad_token(std::string why)
{
    return refuse(errc::invalid_request, "the token " + std::move(why));
}

/// The part of a token that is JSON in base64url.
[[nodiscard]] result<json_object> read_part(std::string_view part)
{
    auto const text = from_base64url(part);
    if (!text || text->empty()) return bad_token("is not base64url");
    auto object = json_object::parse(*text);
    if (!object) return bad_token(object.error().detail);
    return object;
}

/// What the three parts of a token are between its dots.
struct token_parts {
    std::string_view header;
    std::string_view claims;
    std::string_view signature;
    std::string_view signed_part;
};

[[nodiscard]] std::optional<token_parts> parts_of(std::string_view token)
{
    auto const first = token.find('.');
    auto const last = token.rfind('.');
    if (first == last || first == token.npos) return std::nullopt;
    auto const claims = token.substr(first + 1, last - first - 1);
    if (claims.find('.') != claims.npos) return std::nullopt;
    return token_parts{token.substr(0, first), claims, token.substr(last + 1),
                       token.substr(0, last)};
}

[[nodiscard]] std::optional<utc_time> read_time(json_object& claims, std::string_view name)
{
    constexpr std::int64_t year_9999 = 253'402'300'799;
    auto const seconds = claims.integer(name, {0, year_9999});
    if (!seconds) return std::nullopt;
    return from_epoch(*seconds);
}

}  // namespace

token_issuer::token_issuer(std::vector<signing_key_ptr> keys)
{
    AIRCARGO_ASSERT(!keys.empty() && keys.front()->can_sign());
    signs_ = keys.front();
    for (auto& key : keys) {
        auto const& id = key->id();
        keys_.emplace(id, std::move(key));
    }
}

std::string token_issuer::issue(token_claims const& claims) const
{
    std::string header;
    json_writer(header)
        .begin_object()
        .member("alg", signs_->algorithm())
        .member("kid", std::string_view(signs_->id()))
        .member("typ", "JWT")
        .end_object();
    std::string payload;
    json_writer(payload)
        .begin_object()
        .member("iss", issuer)
        .member("aud", audience)
        .member("sub", std::string_view(claims.subject))
        .member("iat", to_epoch(claims.issued_at))
        .member("exp", to_epoch(claims.expires_at))
        .end_object();
    auto token = to_base64url(header) + '.' + to_base64url(payload);
    auto const signature = to_base64url(signs_->sign(token));
    return token += '.' + signature;
}

result<void> token_issuer::check_signature(std::string_view header, std::string_view signed_part,
                                           std::string_view signature) const
{
    auto fields = read_part(header);
    if (!fields) return fields.error();
    auto const algorithm = fields->text("alg", longest_text);
    auto const id = fields->text("kid", longest_text);
    auto const type = fields->text("typ", longest_text);
    fields->finish();  // jku, jwk, x5u, x5c, crit, zip, b64: nothing of ours has any of them
    if (!fields->errors.empty())
        return bad_token("has in its header what ours have not: " +
                         fields->errors.all().front().field);
    auto const key = id ? keys_.find(*id) : keys_.end();
    if (key == keys_.end()) return bad_token("names no key of ours");
    if (algorithm != key->second->algorithm()) return bad_token("names another algorithm");
    if (type && type != "JWT") return bad_token("is of another type");
    auto const bytes = from_base64url(signature);
    if (!bytes || !key->second->verify(signed_part, *bytes))
        return bad_token("is not signed by us");
    return {};
}

result<token_claims> token_issuer::read(std::string_view token, utc_time now) const
{
    if (token.size() > max_size) return bad_token("is larger than 4 KiB");
    auto const parts = parts_of(token);
    if (!parts) return bad_token("has not three parts");
    if (auto known = check_signature(parts->header, parts->signed_part, parts->signature); !known)
        return known.error();

    auto claims = read_part(parts->claims);
    if (!claims) return claims.error();
    auto const from = claims->text("iss", longest_text);
    auto const to = claims->text("aud", longest_text);
    auto const subject = claims->text("sub", longest_text);
    auto const issued_at = read_time(*claims, "iat");
    auto const expires_at = read_time(*claims, "exp");
    auto const not_before = read_time(*claims, "nbf");
    for (auto const* name : {"iss", "aud", "sub", "iat", "exp"}) claims->require(name);
    if (!claims->errors.empty())
        return bad_token("has no good " + claims->errors.all().front().field);
    if (*from != issuer || *to != audience) return bad_token("is from or for somebody else");
    if (subject->empty()) return bad_token("is about nobody");
    if (*expires_at + leeway <= now) return bad_token("has expired");
    if (*issued_at - leeway > now || not_before.value_or(now) - leeway > now)
        return bad_token("is not valid yet");
    return token_claims{*subject, *issued_at, *expires_at};
}

}  // namespace aircargo::server
