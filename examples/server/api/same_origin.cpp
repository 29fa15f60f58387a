#include "api/same_origin.hpp"
#include <algorithm>

namespace aircargo::server {
namespace {

/// Browsers leave the scheme's own port out of an origin; others may write it into Host.
[[nodiscard]] std::string_view without_port(std::string_view host, std::string_view port)
{
    if (host.ends_with(port)) host.remove_suffix(port.size());
    return host;
}

/// The scheme does not count: a proxy that speaks TLS for us has another one.
[[nodiscard]] bool leads_to(std::string_view origin, std::string_view host)
{
    constexpr std::string_view plain = "http://";
    constexpr std::string_view secure = "https://";
    if (origin.starts_with(plain))
        return equal_without_case(origin.substr(plain.size()), without_port(host, ":80"));
    if (origin.starts_with(secure))
        return equal_without_case(origin.substr(secure.size()), without_port(host, ":443"));
    return false;  // `null`: of a page that has no address
}

}  // namespace

sending_page page_that_sent(request const& r, std::span<std::string const> listed)
{
    if (r.header_count("Origin") > 1 || r.header_count("Sec-Fetch-Site") > 1)
        return sending_page::foreign;
    auto const origin = r.header("Origin");
    auto const site = r.header("Sec-Fetch-Site");
    if (origin && std::find(listed.begin(), listed.end(), *origin) != listed.end())
        return sending_page::listed;
    if (site == "same-origin") return sending_page::own;
    if (site == "none") return sending_page::none;
    if (site) return sending_page::foreign;
    if (!origin) return sending_page::none;
    auto const host = r.header("Host");
    return host && leads_to(*origin, *host) ? sending_page::own : sending_page::foreign;
}

bool is_safe_method(std::string_view method) noexcept
{
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

}  // namespace aircargo::server
