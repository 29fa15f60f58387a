#include "auth/session_cookies.hpp"
#include "http/cookies.hpp"

namespace aircargo::server {
namespace {

constexpr std::string_view path_of_access = "/api/v1";
constexpr std::string_view path_of_refresh = "/api/v1/auth/session";

/// A browser takes a name that begins so over HTTPS alone, so nobody who stands between can set it.
[[nodiscard]] std::string named(bool https, std::string_view name)
{
    return (https ? "__Secure-" : "") + std::string(name);
}

void set(reply& out, site_cookie const& cookie, std::string_view value, std::chrono::seconds kept)
{
    out.with("Set-Cookie", set_cookie(cookie, value, kept));
}

}  // namespace

session_cookies::session_cookies(bool https, std::chrono::seconds refresh_time)
    : https_(https),
      refresh_time_(refresh_time),
      access_name_(named(https, "aircargo_access")),
      refresh_name_(named(https, "aircargo_refresh"))
{}

std::optional<std::string_view> session_cookies::access_token(request const& r) const
{
    auto const token = cookie_in(r, access_name_);
    return token && token->starts_with(account_service::key_prefix) ? std::nullopt : token;
}

std::optional<std::string_view> session_cookies::refresh_token(request const& r) const
{
    return cookie_in(r, refresh_name_);
}

void session_cookies::give(reply& out, token_grant const& grant) const
{
    set(out, {access_name_, path_of_access, https_}, grant.access_token, grant.expires_in);
    set(out, {refresh_name_, path_of_refresh, https_}, grant.refresh_token, refresh_time_);
}

void session_cookies::clear(reply& out) const
{
    constexpr std::chrono::seconds gone{0};
    set(out, {access_name_, path_of_access, https_}, "", gone);
    set(out, {refresh_name_, path_of_refresh, https_}, "", gone);
}

}  // namespace aircargo::server
