#include "config/sharing.hpp"
#include "backends/caches_and_locks.hpp"
#include "config/setting_errors.hpp"
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {
namespace {

constexpr std::string_view cache_setting = "--cache (AIRCARGO_CACHE)";
constexpr std::string_view lock_setting = "--lock (AIRCARGO_LOCK)";
constexpr auto none = std::string_view::npos;
constexpr std::array<std::string_view, 2> redis_schemes{"redis://", "unix://"};

[[nodiscard]] bool is_redis(std::string_view text)
{
    return text.starts_with("rediss://") ||  // for its own sentence about TLS
           std::any_of(redis_schemes.begin(), redis_schemes.end(),
                       [&](auto scheme) { return text.starts_with(scheme); });
}

[[nodiscard]] result<void> check(std::string_view setting, std::string const& url)
{
    auto checked = check_redis_url(url);
    if (checked) return {};
    return refuse(errc::invalid_request,
                  std::string(setting) + " can not be used: " + checked.error().detail);
}

/// Only where the next URL begins, since a password may hold a comma.
[[nodiscard]] std::vector<std::string> split_urls(std::string_view text)
{
    std::vector<std::string> urls;
    while (true) {
        auto comma = text.find(',');
        while (comma != none && !is_redis(text.substr(comma + 1)))
            comma = text.find(',', comma + 1);
        urls.emplace_back(text.substr(0, comma));
        if (comma == none) return urls;
        text.remove_prefix(comma + 1);
    }
}

/// Several servers may use one PostgreSQL, and none hears of the bookings that another one changes:
/// a cache in this process would go on to serve the old ones.
[[nodiscard]] std::string default_cache(store_kind store)
{
    return store == store_kind::postgres ? "off" : "memory:";
}

[[nodiscard]] result<void> read_cache(std::string const& text, config& c)
{
    c.cache = cache_kind::off;
    if (text == "off") return {};
    if (text == "memory:") {
        c.cache = cache_kind::memory;
        return {};
    }
    if (!is_redis(text)) {
        return bad_setting(cache_setting, scheme_of(text),
                           "memory:, off, redis://HOST or unix:///PATH");
    }
    if (c.store == store_kind::memory) {
        return refuse(errc::invalid_request,
                      std::string(cache_setting) +
                          " is in Redis, which would outlive a store in memory and then answer "
                          "for the next one");
    }
    c.cache = cache_kind::redis;
    c.cache_url = text;
    return check(cache_setting, text);
}

[[nodiscard]] result<void> read_redis_locks(std::string const& text, config& c)
{
    c.lock_urls = split_urls(text);
    for (auto const& url : c.lock_urls) {
        auto const host = url.rfind('@') + 1;  // 0 without a password, which may hold a comma
        if (url.find(',', host) != none) {
            return refuse(errc::invalid_request,
                          std::string(lock_setting) + " has a comma that no URL follows");
        }
        if (auto checked = check(lock_setting, url); !checked) return checked;
    }
    std::set<std::string> const distinct(c.lock_urls.begin(), c.lock_urls.end());
    if (distinct.size() != c.lock_urls.size()) {
        return refuse(errc::invalid_request,
                      std::string(lock_setting) + " names a server of Redis twice");
    }
    if (c.lock_urls.size() > 1 && c.lock_urls.size() % 2 == 0) {
        return refuse(errc::invalid_request,
                      std::string(lock_setting) + " names " + std::to_string(c.lock_urls.size()) +
                          " servers of Redis, but must name one, or an odd number, since more than "
                          "half of them have to answer");
    }
    c.locks = c.lock_urls.size() == 1 ? lock_kind::redis : lock_kind::redlock;
    return {};
}

[[nodiscard]] result<void> read_lock(std::string const& text, config& c)
{
    if (is_redis(text)) return read_redis_locks(text, c);
    if (text == "off") {
        c.locks = lock_kind::off;
    } else if (text == "local") {
        c.locks = lock_kind::local;
    } else if (text == "postgresql") {
        c.locks = lock_kind::postgres;
        if (c.store != store_kind::postgres) {
            return refuse(errc::invalid_request,
                          std::string(lock_setting) + " is in PostgreSQL, but the store is not");
        }
    } else {
        return bad_setting(lock_setting, scheme_of(text),
                           "local, off, postgresql, redis://HOST or several of these with commas");
    }
    return {};
}

[[nodiscard]] result<void> read_policy(std::string const& text, config& c)
{
    c.on_lock_unavailable =
        text == "proceed" ? lock_unavailable_policy::proceed : lock_unavailable_policy::reject;
    if (text == "proceed" || text == "reject") return {};
    return bad_setting("--on-lock-unavailable (AIRCARGO_ON_LOCK_UNAVAILABLE)", text,
                       "reject or proceed");
}

[[nodiscard]] result<void> read_ttl(unsigned ms, config& c)
{
    constexpr unsigned least = 100;
    constexpr unsigned most = 600'000;
    c.lock_ttl = std::chrono::milliseconds(ms);
    if (ms >= least && ms <= most) return {};
    return bad_setting("--lock-ttl (AIRCARGO_LOCK_TTL)", std::to_string(ms),
                       "100 to 600000 milliseconds");
}

/// What holds between the settings.
void join(config& c)
{
    if (c.on_lock_unavailable == lock_unavailable_policy::proceed) {
        c.cache_given_up = c.cache != cache_kind::off;
        c.cache = cache_kind::off;
        c.cache_url.clear();
    }
    if (c.locks == lock_kind::redis && c.lock_urls.front() == c.cache_url) {
        c.locks = lock_kind::held_cache;
        c.lock_urls.clear();
    }
}

}  // namespace

std::string_view name_of(cache_kind kind) noexcept
{
    switch (kind) {
        case cache_kind::off: return "off";
        case cache_kind::memory: return "memory";
        case cache_kind::redis: return "redis";
    }
    return "unknown";
}

std::string_view name_of(lock_kind kind) noexcept
{
    switch (kind) {
        case lock_kind::off: return "off";
        case lock_kind::local: return "local";
        case lock_kind::postgres: return "postgresql";
        case lock_kind::held_cache:
        case lock_kind::redis: return "redis";
        case lock_kind::redlock: return "redlock";
    }
    return "unknown";
}

result<void> read_sharing(settings const& given, config& c)
{
    auto const cache = given.cache.empty() ? default_cache(c.store) : given.cache;
    if (auto read = read_cache(cache, c); !read) return read;
    if (auto read = read_lock(given.lock, c); !read) return read;
    if (auto read = read_policy(given.on_lock_unavailable, c); !read) return read;
    if (auto read = read_ttl(given.lock_ttl_ms, c); !read) return read;
    join(c);
    return {};
}

}  // namespace aircargo::server
