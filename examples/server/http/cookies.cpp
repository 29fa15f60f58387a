#include "http/cookies.hpp"
#include <algorithm>

namespace aircargo::server {
namespace {

/// Takes `name=value` off the front of what a Cookie field holds.
[[nodiscard]] std::string_view next_pair(std::string_view& rest)
{
    auto const pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    auto const first = pair.find_first_not_of(" \t");
    if (first == pair.npos) return {};
    return pair.substr(first, pair.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<std::string_view> cookie_in(request const& r, std::string_view name)
{
    std::optional<std::string_view> found;
    for (auto const& field : r.fields) {
        if (!equal_without_case(field.name, "Cookie")) continue;
        auto rest = field.value;
        while (!rest.empty()) {
            auto const pair = next_pair(rest);
            auto const equals = pair.find('=');
            if (equals == pair.npos || pair.substr(0, equals) != name) continue;
            if (found) return std::nullopt;
            found = pair.substr(equals + 1);
        }
    }
    return found;
}

std::string set_cookie(site_cookie const& cookie, std::string_view value, std::chrono::seconds kept)
{
    std::string text(cookie.name);
    text.append("=").append(value).append("; Path=").append(cookie.path);
    text.append("; Max-Age=").append(std::to_string(kept.count()));
    text.append("; HttpOnly; SameSite=Strict");
    if (cookie.https_only) text.append("; Secure");
    return text;
}

}  // namespace aircargo::server
