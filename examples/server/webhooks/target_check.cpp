#include "webhooks/target_check.hpp"
#include <curl/curl.h>
#include <algorithm>
#include <array>
#include <memory>

namespace aircargo::server {
namespace {

[[nodiscard]] ip_networks networks_of(std::initializer_list<std::string_view> texts)
{
    ip_networks all;
    for (auto text : texts) all.push_back(ip_network::parse(text).value());
    return all;
}

[[nodiscard]] bool in_one_of(ip_networks const& networks, ip_address const& address)
{
    return std::any_of(networks.begin(), networks.end(),
                       [&](auto const& n) { return n.holds(address); });
}

/// The registries of special addresses (RFC 6890 and what followed it).
[[nodiscard]] bool is_special_v4(ip_address const& address)
{
    static auto const special = networks_of(
        {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
         "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
         "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});
    return in_one_of(special, address);
}

/// Of IPv6 only 2000::/3 is given out; in there are ways into IPv4 and examples.
[[nodiscard]] bool is_global_v6(ip_address const& address)
{
    static auto const given_out = networks_of({"2000::/3"});
    static auto const special =
        networks_of({"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"});
    return in_one_of(given_out, address) && !in_one_of(special, address);
}

using url_ptr = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// A part of a URL; empty when there is none.
[[nodiscard]] std::string part_of(url_ptr const& url, CURLUPart what)
{
    char* text = nullptr;
    if (curl_url_get(url.get(), what, &text, 0) != CURLUE_OK) return {};
    std::string part(text);
    curl_free(text);
    return part;
}

}  // namespace

bool is_public(ip_address const& address)
{
    return address.is_v4() ? !is_special_v4(address) : is_global_v6(address);
}

std::optional<std::string> refuse_address(ip_address const& address, target_scheme scheme,
                                          ip_networks const& allowed)
{
    if (in_one_of(allowed, address)) return std::nullopt;
    if (!is_public(address)) return "the address " + address.str() + " is not public";
    if (scheme == target_scheme::http) return "only https may go to the address " + address.str();
    return std::nullopt;
}

std::optional<std::string> refuse_url(std::string const& url, ip_networks const& allowed)
{
    bool const plain =
        std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 127; });
    url_ptr const parsed(curl_url(), &curl_url_cleanup);
    if (!plain || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
        return "is not a URL";
    bool const secure = url.starts_with("https://");
    if (!secure && !url.starts_with("http://")) return "must begin with https:// or http://";
    if (!part_of(parsed, CURLUPART_USER).empty() || !part_of(parsed, CURLUPART_PASSWORD).empty())
        return "must not hold a user or password; the signature says who sends";
    if (!part_of(parsed, CURLUPART_FRAGMENT).empty()) return "must not have a fragment";
    if (!secure && allowed.empty()) return "must begin with https://";
    if (auto const address = ip_address::parse(part_of(parsed, CURLUPART_HOST))) {
        return refuse_address(*address, secure ? target_scheme::https : target_scheme::http,
                              allowed);
    }
    return std::nullopt;
}

}  // namespace aircargo::server
