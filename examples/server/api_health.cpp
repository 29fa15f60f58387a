#include "api.hpp"
#include "json_writer.hpp"
#include <string>

namespace aircargo::server {
namespace {

[[nodiscard]] reply health_reply(bool healthy, std::string body)
{
    reply out{.status = healthy ? 200U : 503U, .body = std::move(body)};
    out.with("Cache-Control", "no-store");
    if (!healthy) out.with("Retry-After", "1");
    return out;
}

void write_state(json_writer& out, std::string_view name, std::string_view kind, bool healthy)
{
    out.key(name)
        .begin_object()
        .member("kind", kind)
        .member("status", healthy ? "healthy" : "unhealthy")
        .end_object();
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

[[nodiscard]] std::string detailed_json(app& a, result<std::uint64_t> const& version)
{
    bool const store_healthy = version.has_value();
    auto const& c = a.settings();
    auto& desk = a.desk();
    std::string text;
    json_writer out(text);
    out.begin_object()
        .member("status", store_healthy ? "healthy" : "unhealthy")
        .member("version", AIRCARGO_VERSION)
        .member("uptime_s", a.uptime().count());
    write_state(out, "store", name_of(c.store), store_healthy);
    write_state(out, "cache", c.cache ? "memory" : "off", true);
    write_state(out, "lock", c.locks ? "local" : "off", true);
    write_schedule(out, a.routes(), version);
    out.key("funnels").begin_object();
    write_funnel(out, "writes", desk.writes.counts());
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

void health_detailed(app& a, exchange_ptr x, path_arguments const&)
{
    a.check_store(
        reply_with(std::move(x), [&a](request const&, result<std::uint64_t> const& version) {
            return health_reply(version.has_value(), detailed_json(a, version));
        }));
}

}  // namespace aircargo::server
