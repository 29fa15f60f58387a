#include "observe/logged_settings.hpp"
#include "log.hpp"
#include "text.hpp"
#include <chrono>

namespace aircargo::server {
namespace {

/// `1 in 1000 ms, 60 at once`
[[nodiscard]] std::string text_of(std::optional<rate_limit> const& limit)
{
    if (!limit) return "off";
    auto const period = std::chrono::floor<std::chrono::milliseconds>(limit->period());
    return std::to_string(limit->count()) + " in " + std::to_string(period.count()) + " ms, " +
           std::to_string(limit->burst()) + " at once";
}

void log_store(config const& c, std::optional<int> schema_version)
{
    log_info("server.store", {{"kind", name_of(c.store)},
                              {"place", store_place(c)},
                              {"schema", schema_version ? std::to_string(*schema_version) : "none"},
                              {"lists_from", c.postgres_list_url.empty()
                                                 ? "the store"
                                                 : urls_without_passwords(c.postgres_list_url)}});
}

void log_cache(config const& c)
{
    log_info("server.cache",
             {{"kind", name_of(c.cache)}, {"place", urls_without_passwords(c.cache_url)}});
    if (c.cache_given_up) log_warning("cache.off", {{"detail", why_cache_is_off}});
}

void log_locks(config const& c)
{
    std::string places = c.locks == lock_kind::held_cache ? c.cache_url : "";
    for (auto const& url : c.lock_urls) places += (places.empty() ? "" : ",") + url;
    bool const proceed = c.on_lock_unavailable == lock_unavailable_policy::proceed;
    log_info("server.locks", {{"kind", name_of(c.locks)},
                              {"place", urls_without_passwords(places)},
                              {"ttl_ms", std::to_string(c.lock_ttl.count())},
                              {"on_unavailable", proceed ? "proceed" : "reject"}});
}

void log_limits(config const& c)
{
    auto const& l = c.limits;
    log_info("server.limits", {{"kind", l.redis_url.empty() ? "local" : "redis"},
                               {"place", urls_without_passwords(l.redis_url)},
                               {"by_address", text_of(l.by_address)},
                               {"by_user", text_of(l.by_user)},
                               {"of_logins", text_of(l.of_logins)},
                               {"trusted_proxies", std::to_string(l.trusted_proxies.size())},
                               {"cors_origins", std::to_string(l.cors_origins.size())}});
}

void log_tls(config const& c)
{
    log_info("server.tls",
             {{"kind", c.tls ? "on" : "off"}, {"certificate", c.tls ? c.tls->certificate : ""}});
}

void log_auth(config const& c)
{
    auto const& a = c.auth;
    auto const& key = *a.keys.front();
    log_info("server.auth", {{"kind", a.required ? "required" : "off"},
                             {"algorithm", key.algorithm()},
                             {"key", key.id()},
                             {"keys_drawn", a.keys_are_drawn ? "yes" : "no"},
                             {"registration", a.registration ? name_of(*a.registration) : "off"}});
}

}  // namespace

std::string store_place(config const& c)
{
    switch (c.store) {
        case store_kind::memory: return "memory";
        case store_kind::sqlite: return c.sqlite_path;
        case store_kind::postgres: return urls_without_passwords(c.postgres_url);
    }
    return "unknown";
}

void log_settings(config const& c, std::optional<int> schema_version)
{
    log_store(c, schema_version);
    log_cache(c);
    log_locks(c);
    log_limits(c);
    log_auth(c);
    log_tls(c);
}

}  // namespace aircargo::server
