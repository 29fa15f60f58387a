#include "config/limits.hpp"
#include "backends/caches_and_locks.hpp"
#include "config/lists.hpp"
#include "config/setting_errors.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] std::optional<std::int64_t> take_count(std::string_view& text)
{
    std::int64_t count = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return count;
}

[[nodiscard]] bool take(std::string_view& text, std::string_view word)
{
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

[[nodiscard]] std::optional<std::chrono::microseconds> take_period(std::string_view& text)
{
    using namespace std::chrono_literals;
    constexpr std::array<std::pair<std::string_view, std::chrono::microseconds>, 3> periods{
        {{"/min", 1min}, {"/s", 1s}, {"/h", 1h}}};
    for (auto const& [word, period] : periods)
        if (take(text, word)) return period;
    return std::nullopt;
}

[[nodiscard]] result<std::optional<rate_limit>> read_rate(std::string_view setting,
                                                          std::string const& text)
{
    auto limit = parse_rate_limit(text);
    if (!limit) return bad_setting(setting, text, limit.error().detail);
    return limit;
}

/// As browsers write it: scheme and host, with the port if it is not the scheme's own.
[[nodiscard]] bool is_origin(std::string_view text)
{
    if (!take(text, "https://") && !take(text, "http://")) return false;
    auto const is_part_of_host = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view(".-:[]").find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), is_part_of_host);
}

[[nodiscard]] result<std::vector<std::string>> read_origins(std::string const& text)
{
    auto origins = split(text);
    auto const wrong = std::find_if_not(origins.begin(), origins.end(), is_origin);
    if (wrong == origins.end()) return origins;
    return bad_setting("--cors-origins (AIRCARGO_CORS_ORIGINS)", *wrong,
                       "origins with commas, each as a browser sends it, such as "
                       "https://desk.example or http://localhost:3000");
}

[[nodiscard]] result<std::string> read_limiter(std::string const& text, std::string const& shared)
{
    constexpr std::string_view setting = "--limiter (AIRCARGO_LIMITER)";
    if (text.empty()) return shared;
    if (text == "local") return std::string();
    auto const checked = check_redis_url(text);
    if (checked) return text;
    return refuse(
        errc::invalid_request,
        std::string(setting) + " must be local or a URL of Redis: " + checked.error().detail);
}

}  // namespace

result<std::optional<rate_limit>> parse_rate_limit(std::string_view text)
{
    auto const refused = refuse(errc::invalid_request, std::string(rate_limit_form));
    if (text == "off") return std::optional<rate_limit>();
    auto const count = take_count(text);
    auto const period = take_period(text);
    if (!count || !period) return refused;
    auto burst = count;
    if (take(text, ",burst=")) burst = take_count(text);
    if (!burst || !text.empty()) return refused;
    auto const limit = rate_limit::make(*count, *period, *burst);
    if (!limit) return refused;
    return std::optional(*limit);
}

result<limits_config> read_limits(limits_settings const& given, std::string const& shared)
{
    auto const& of_users = given.user_rate_limit.empty() ? given.rate_limit : given.user_rate_limit;
    auto by_address = read_rate("--rate-limit (AIRCARGO_RATE_LIMIT)", given.rate_limit);
    auto by_user = read_rate("--user-rate-limit (AIRCARGO_USER_RATE_LIMIT)", of_users);
    auto logins =
        read_rate("--login-rate-limit (AIRCARGO_LOGIN_RATE_LIMIT)", given.login_rate_limit);
    for (auto const* limit : {&by_address, &by_user, &logins})
        if (!*limit) return limit->error();
    auto limiter = read_limiter(given.limiter, shared);
    if (!limiter) return limiter.error();
    auto proxies =
        read_networks("--trusted-proxies (AIRCARGO_TRUSTED_PROXIES)", given.trusted_proxies);
    if (!proxies) return proxies.error();
    auto origins = read_origins(given.cors_origins);
    if (!origins) return origins.error();
    return limits_config{*by_address,         *by_user,           *logins, *std::move(limiter),
                         *std::move(proxies), *std::move(origins)};
}

}  // namespace aircargo::server
