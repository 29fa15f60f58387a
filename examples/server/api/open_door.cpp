#include "api/open_door.hpp"
#include "api/same_origin.hpp"
#include "limits/network.hpp"
#include <algorithm>
#include <string_view>

namespace aircargo::server {
namespace {

[[nodiscard]] std::string_view without_port(std::string_view host)
{
    auto const end = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
    return host.substr(0, end);
}

[[nodiscard]] bool is_of_this_machine(std::string_view name)
{
    static ip_networks const loopback{*ip_network::parse("127.0.0.0/8"), *ip_network::parse("::1")};
    auto const address = ip_address::parse(name);
    if (!address) return equal_without_case(name, "localhost");
    return std::any_of(loopback.begin(), loopback.end(),
                       [&](auto const& network) { return network.holds(*address); });
}

/// Browsers always say whom they call.
[[nodiscard]] bool calls_us(request const& r, std::vector<std::string> const& names)
{
    auto const host = r.header("Host");
    if (!host) return true;
    auto const name = without_port(*host);
    return is_of_this_machine(name) ||
           std::any_of(names.begin(), names.end(),
                       [&](auto const& ours) { return equal_without_case(ours, name); });
}

}  // namespace

std::optional<problem> guard_open_door(request const& r, config const& c)
{
    if (c.auth.required) return std::nullopt;
    if (!calls_us(r, c.auth.hosts)) {
        return problem{.status = 421,
                       .code = "wrong_host",
                       .detail =
                           "without logins this server is called localhost, 127.0.0.1, [::1] "
                           "or what --hosts (AIRCARGO_HOSTS) names, not as Host says"};
    }
    if (is_safe_method(r.method) ||
        page_that_sent(r, c.limits.cors_origins) != sending_page::foreign)
        return std::nullopt;
    return problem{.status = 403,
                   .code = "foreign_page",
                   .detail =
                       "without logins, pages of other origins than this server's and those "
                       "of --cors-origins (AIRCARGO_CORS_ORIGINS) may change nothing"};
}

}  // namespace aircargo::server
