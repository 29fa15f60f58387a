#include "api/account_words.hpp"
#include "api/json_writer.hpp"
#include <aircargo/core/utc_time.hpp>

namespace aircargo::server {
namespace {

void write(json_writer& out, account const& a)
{
    out.begin_object()
        .member("name", a.name.str())
        .member("role", name_of(a.role))
        .member("enabled", a.enabled)
        .member("created_at", to_string(a.created_at))
        .end_object();
}

void write(json_writer& out, api_key const& key, std::optional<std::string_view> text)
{
    out.begin_object()
        .member("id", key.id)
        .member("name", key.name)
        .member("prefix", key.prefix)
        .member("created_at", to_string(key.created_at));
    if (key.revoked_at) out.member("revoked_at", to_string(*key.revoked_at));
    if (text) out.member("key", *text);
    out.end_object();
}

}  // namespace

caller acting(auth_config const& c, request const& r)
{
    return r.who.value_or(caller{"", "", c.required ? role::anyone : role::admin});
}

std::string name_of_actor(request const& r) { return r.who ? r.who->name : std::string(); }

std::string account_json(account const& a)
{
    std::string text;
    json_writer out(text);
    write(out, a);
    return text;
}

std::string accounts_json(std::vector<account> const& page, std::string const& next_cursor)
{
    std::string text;
    json_writer out(text);
    out.begin_object().key("items").begin_array();
    for (auto const& a : page) write(out, a);
    out.end_array().key("next_cursor");
    if (next_cursor.empty()) {
        out.null();
    } else {
        out.value(next_cursor);
    }
    out.end_object();
    return text;
}

std::string api_key_json(api_key const& key, std::optional<std::string_view> text)
{
    std::string json;
    json_writer out(json);
    write(out, key, text);
    return json;
}

std::string api_keys_json(std::vector<api_key> const& keys)
{
    std::string text;
    json_writer out(text);
    out.begin_object().key("items").begin_array();
    for (auto const& key : keys) write(out, key, std::nullopt);
    out.end_array().end_object();
    return text;
}

std::string grant_json(token_grant const& grant)
{
    std::string text;
    json_writer(text)
        .begin_object()
        .member("access_token", grant.access_token)
        .member("token_type", "Bearer")
        .member("expires_in", grant.expires_in.count())
        .member("refresh_token", grant.refresh_token)
        .end_object();
    return text;
}

}  // namespace aircargo::server
