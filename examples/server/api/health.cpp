#include "api/handlers.hpp"
#include "api/json_writer.hpp"
#include <algorithm>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

[[nodiscard]] reply health_reply(bool healthy, std::string body)
{
    reply out{
        .status = healthy ? 200U : 503U, .body = std::move(body), .cache_control = "no-store"};
    if (!healthy) out.with("Retry-After", "1");
    return out;
}

enum class condition { healthy, degraded, unhealthy };

[[nodiscard]] std::string_view name_of(condition c) noexcept
{
    switch (c) {
        case condition::healthy: return "healthy";
        case condition::degraded: return "degraded";
        case condition::unhealthy: return "unhealthy";
    }
    return "unknown";
}

using redis_reports = std::vector<redis_watch::report>;

/// Of what is in those servers of Redis that are used so.
[[nodiscard]] condition condition_of(redis_reports const& reports, bool used_redis::*use)
{
    bool const all_up = std::all_of(reports.begin(), reports.end(),
                                    [&](auto const& r) { return r.state.up || !(r.server.*use); });
    return all_up ? condition::healthy : condition::degraded;
}

json_writer& open_part(json_writer& out, std::string_view name, std::string_view kind, condition c)
{
    return out.key(name).begin_object().member("kind", kind).member("status", name_of(c));
}

/// A number of thousandths, as `0.042`.
json_writer& write_thousandths(json_writer& out, std::string_view name, std::uint64_t number)
{
    auto const digits = std::to_string(1000 + number % 1000);
    return out.key(name).raw(std::to_string(number / 1000) + '.' + digits.substr(1));
}

void write_cache(json_writer& out, app const& a, condition present)
{
    auto const [hits, misses] = a.cache();
    auto const asked = hits + misses;
    open_part(out, "cache", name_of(a.settings().cache), present);
    if (a.settings().cache_given_up) out.member("detail", why_cache_is_off);
    out.member("hits", hits).member("misses", misses);
    write_thousandths(out, "hit_ratio", asked == 0 ? 0 : hits * 1000 / asked).end_object();
}

void write_lock(json_writer& out, app const& a, funnel_counts const& writes, condition present)
{
    bool const proceed = a.settings().on_lock_unavailable == lock_unavailable_policy::proceed;
    auto const waited = std::chrono::floor<std::chrono::milliseconds>(writes.lock_wait);
    open_part(out, "lock", name_of(a.settings().locks), present)
        .member("on_unavailable", proceed ? "proceed" : "reject")
        .member("ttl_ms", a.settings().lock_ttl.count())
        .member("contended", writes.contended)
        .member("gave_up", writes.gave_up);
    write_thousandths(out, "wait_s", static_cast<std::uint64_t>(waited.count())).end_object();
}

void write_redis(json_writer& out, redis_watch::report const& r)
{
    out.begin_object()
        .member("node", r.server.place)
        .member("status", r.state.up ? "up" : "down")
        .member("cache", r.server.caches)
        .member("lock", r.server.locks)
        .member("limiter", r.server.counts)
        .member("failures", r.state.failures)
        .member("connects", r.state.connects);
    write_thousandths(out, "degraded_s", static_cast<std::uint64_t>(r.state.degraded.count()));
    out.key("warnings").begin_array();
    for (auto const& warning : r.warnings) out.value(warning);
    out.end_array().end_object();
}

void write_funnel(json_writer& out, std::string_view name, funnel_counts const& counts)
{
    auto const tenths = counts.batches == 0 ? 0 : counts.requests * 10 / counts.batches;
    out.key(name)
        .begin_object()
        .member("requests", counts.requests)
        .member("batches", counts.batches)
        .key("mean_batch")
        .raw(std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10))
        .member("refused", counts.refused)
        .member("retries", counts.retries)
        .end_object();
}

void write_schedule(json_writer& out, route_service const& routes,
                    result<std::uint64_t> const& version)
{
    auto const s = routes.snapshot();
    out.key("schedule").begin_object().member("flights", s->size());
    out.member("set_aside", routes.set_aside().size());
    if (version) out.member("version", *version);
    if (auto const horizon = s->horizon()) {
        out.member("first_departure", to_string(horizon->first));
        out.member("last_departure", to_string(horizon->second));
    }
    out.end_object();
}

[[nodiscard]] bool all_up(redis_reports const& reports)
{
    return std::all_of(reports.begin(), reports.end(), [](auto const& r) { return r.state.up; });
}

[[nodiscard]] std::string detailed_json(app& a, result<std::uint64_t> const& version)
{
    auto const store = version ? condition::healthy : condition::unhealthy;
    auto const redis = a.redis().reports();
    auto const cache = condition_of(redis, &used_redis::caches);
    auto const lock = condition_of(redis, &used_redis::locks);
    auto const limiter = condition_of(redis, &used_redis::counts);
    auto& desk = a.desk();
    auto const writes = desk.writes.counts();
    std::string text;
    json_writer out(text);
    out.begin_object()
        .member("status", name_of(std::max({store, cache, lock, limiter})))
        .member("version", AIRCARGO_VERSION)
        .member("uptime_s", a.uptime().count());
    open_part(out, "store", name_of(a.settings().store), store).end_object();
    write_cache(out, a, cache);
    write_lock(out, a, writes, lock);
    bool const local = a.settings().limits.redis_url.empty();
    open_part(out, "limiter", local ? "local" : "redis", limiter).end_object();
    out.key("redis").begin_array();
    for (auto const& r : redis) write_redis(out, r);
    out.end_array();
    write_schedule(out, a.routes(), version);
    out.key("funnels").begin_object();
    write_funnel(out, "writes", writes);
    write_funnel(out, "finds", desk.finds.counts());
    write_funnel(out, "histories", desk.histories.counts());
    write_funnel(out, "lists", desk.lists.counts());
    out.end_object().end_object();
    return text;
}

}  // namespace

void health(app& a, exchange_ptr x, path_arguments const&)
{
    a.check_store(
        reply_with(std::move(x), [](request const&, result<std::uint64_t> const& version) {
            bool const healthy = version.has_value();
            return health_reply(healthy,
                                healthy ? R"({"status":"healthy"})" : R"({"status":"unhealthy"})");
        }));
}

void livez(app&, exchange_ptr x, path_arguments const&)
{
    x->answer(health_reply(true, R"({"status":"alive"})"));
}

void readyz(app& a, exchange_ptr x, path_arguments const&)
{
    if (a.http().stopping()) return x->answer(health_reply(false, R"({"status":"stopping"})"));
    a.check_store(
        reply_with(std::move(x), [&a](request const&, result<std::uint64_t> const& version) {
            if (!version) return health_reply(false, R"({"status":"unready"})");
            return health_reply(true, all_up(a.redis().reports()) ? R"({"status":"ready"})"
                                                                  : R"({"status":"degraded"})");
        }));
}

void health_detailed(app& a, exchange_ptr x, path_arguments const&)
{
    a.check_store(
        reply_with(std::move(x), [&a](request const&, result<std::uint64_t> const& version) {
            return health_reply(version.has_value(), detailed_json(a, version));
        }));
}

}  // namespace aircargo::server
