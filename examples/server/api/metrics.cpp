#include "api/handlers.hpp"
#include "log.hpp"
#include "observe/metric_page.hpp"
#include "observe/process.hpp"
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

constexpr std::array<std::string_view, 5> status_classes{"1xx", "2xx", "3xx", "4xx", "5xx"};

[[nodiscard]] metric_page::labels::value_type route_label(std::size_t route_number)
{
    return {"route", route_of_number(route_number).path};
}

[[nodiscard]] metric_page::labels::value_type method_label(std::size_t route_number)
{
    return {"method", route_of_number(route_number).method};
}

[[nodiscard]] std::uint64_t answers(route_traffic const& of)
{
    std::uint64_t sum = 0;
    for (auto const n : of.by_class) sum += n;
    return sum;
}

/// A route's series appear with its first request.
void write_requests(metric_page& out, traffic const& seen)
{
    out.counter("aircargo_http_requests_total",
                "Requests that were answered. A HEAD counts as the GET of its route.");
    for (std::size_t i = 0; i < seen.routes.size(); ++i) {
        if (answers(seen.routes[i]) == 0) continue;
        for (std::size_t c = 1; c < status_classes.size(); ++c) {
            out.value(seen.routes[i].by_class[c],
                      {route_label(i), method_label(i), {"status", status_classes[c]}});
        }
    }
    constexpr auto to_seconds = [](auto t) { return std::chrono::duration<double>(t).count(); };
    std::vector<double> bounds;
    for (auto const bound : latency_histogram::bounds) bounds.push_back(to_seconds(bound));
    out.histogram("aircargo_http_request_duration_seconds",
                  "From the whole request read to its answer ready to be sent.");
    for (std::size_t i = 0; i < seen.routes.size(); ++i) {
        auto const& latency = seen.routes[i].latency;
        if (answers(seen.routes[i]) == 0) continue;
        out.classes(bounds, latency.counts, to_seconds(latency.sum),
                    {route_label(i), method_label(i)});
    }
    out.counter("aircargo_http_errors_total", "Refusals by the code in their answer.");
    for (auto const& [code, count] : seen.errors) out.value(count, {{"code", code}});
}

void write_connections(metric_page& out, connection_counts const& counts)
{
    out.gauge("aircargo_http_connections", "Connections of clients that are open.")
        .value(std::uint64_t(counts.open))
        .counter("aircargo_http_connections_total", "Connections of clients since the start.")
        .value(counts.accepted, {{"outcome", "accepted"}})
        .value(counts.refused, {{"outcome", "refused"}});
}

void write_streams(metric_page& out, std::size_t listeners)
{
    out.gauge("aircargo_event_streams", "Streams of events that clients listen to.")
        .value(std::uint64_t(listeners));
}

void write_certificate(metric_page& out, utc_time good_until)
{
    using days = std::chrono::duration<double, std::ratio<86'400>>;
    out.gauge("aircargo_tls_certificate_days_left",
              "Until the certificate ends; negative when it has.")
        .value(days(good_until - std::chrono::system_clock::now()).count());
}

void write_bookings(metric_page& out, booking_tally const& tally)
{
    out.counter("aircargo_booking_changes_total",
                "Changes of bookings that this process answered, by the status they led to. A "
                "repeated request counts again.");
    for (auto const status : all_booking_statuses)
        out.value(tally.of(status), {{"to", name_of(status)}});
}

void write_cache(metric_page& out, cache_counts const& counts)
{
    out.counter("aircargo_cache_requests_total", "Bookings and histories looked up in the cache.")
        .value(counts.hits, {{"result", "hit"}})
        .value(counts.misses, {{"result", "miss"}});
}

void write_locks(metric_page& out, funnel_counts const& writes)
{
    out.counter("aircargo_lock_contended_total", "Changes that found their booking locked.")
        .value(writes.contended)
        .counter("aircargo_lock_gave_up_total", "Of these, those that were refused in the end.")
        .value(writes.gave_up)
        .counter("aircargo_lock_wait_seconds_total", "How long these waited.")
        .seconds(writes.lock_wait);
}

struct named_funnel {
    std::string_view name;
    funnel_counts counts;
};

void write_funnels(metric_page& out, std::span<named_funnel const> funnels)
{
    auto const each = [&](auto member) {
        for (auto const& f : funnels)
            out.value(std::uint64_t(f.counts.*member), {{"funnel", f.name}});
    };
    out.counter("aircargo_funnel_requests_total", "Requests handed in, to be sent on in batches.");
    each(&funnel_counts::requests);
    out.counter("aircargo_funnel_refused_total", "Requests refused since too many waited.");
    each(&funnel_counts::refused);
    out.counter("aircargo_funnel_retries_total", "Further attempts of requests that met a lock.");
    each(&funnel_counts::retries);
    out.gauge("aircargo_funnel_waiting", "Requests that wait for a batch or a lock.");
    each(&funnel_counts::waiting);

    std::vector<double> bounds;
    for (std::size_t i = 0; i + 1 < funnel_counts::size_classes; ++i)
        bounds.push_back(std::ldexp(1, static_cast<int>(i)));
    out.histogram("aircargo_funnel_batch_size", "Requests in a batch.");
    for (auto const& f : funnels) {
        out.classes(bounds, f.counts.by_size, static_cast<double>(f.counts.batched),
                    {{"funnel", f.name}});
    }
}

void write_store(metric_page& out, postgres_counts const& counts)
{
    out.gauge("aircargo_store_connections", "Connections to the store.")
        .value(std::uint64_t(counts.in_use), {{"state", "in_use"}})
        .value(std::uint64_t(counts.open - counts.in_use), {{"state", "idle"}})
        .gauge("aircargo_store_connections_limit", "Connections to the store that may be open.")
        .value(std::uint64_t(counts.limit))
        .counter("aircargo_store_connects_total", "Connections made to the store.")
        .value(counts.connects)
        .counter("aircargo_store_connect_failures_total", "Failures to connect to the store.")
        .value(counts.failures)
        .counter("aircargo_store_connections_lost_total", "Connections that broke in use.")
        .value(counts.lost)
        .counter("aircargo_store_lost_commits_total",
                 "Commits whose connection was lost, by whether their outcome was found.")
        .value(counts.settled, {{"outcome", "known"}})
        .value(counts.unsettled, {{"outcome", "unknown"}});
}

using redis_reports = std::vector<redis_watch::report>;

void write_redis(metric_page& out, redis_reports const& reports)
{
    auto const each = [&](auto value_in) {
        for (auto const& r : reports) out.value(value_in(r.state), {{"node", r.server.place}});
    };
    out.gauge("aircargo_redis_up", "Whether Redis answered last.");
    each([](redis_state const& s) { return std::uint64_t(s.up); });
    out.counter("aircargo_redis_failures_total", "Exchanges with Redis that failed.");
    each([](redis_state const& s) { return s.failures; });
    out.counter("aircargo_redis_connects_total", "Connections made to Redis.");
    each([](redis_state const& s) { return s.connects; });
    out.counter("aircargo_redis_degraded_seconds_total", "How long Redis was away.");
    each([](redis_state const& s) { return std::chrono::duration<double>(s.degraded).count(); });
}

void write_webhooks(metric_page& out, relay_counts const& counts)
{
    out.counter("aircargo_webhook_deliveries_total", "Events that a webhook is to be told of.")
        .value(counts.passed_on)
        .counter(
            "aircargo_webhook_attempts_total",
            "Attempts to tell a webhook: it arrived, failed and is tried again, or was given up.")
        .value(counts.arrived, {{"outcome", "arrived"}})
        .value(counts.failed, {{"outcome", "failed"}})
        .value(counts.dead, {{"outcome", "gave_up"}})
        .counter("aircargo_webhook_attempt_seconds_total", "How long these attempts took.")
        .seconds(counts.took)
        .counter("aircargo_webhook_dead_letters_removed_total",
                 "Events that were given up, and were removed some time later.")
        .value(counts.forgotten)
        .gauge("aircargo_webhook_under_way", "Attempts that have not ended.")
        .value(counts.under_way);
}

void write_schedule(metric_page& out, route_service const& routes)
{
    out.gauge("aircargo_schedule_flights", "Flights that routes are searched in.")
        .value(std::uint64_t(routes.snapshot()->size()))
        .gauge("aircargo_schedule_set_aside", "Flights left out since they can not be true.")
        .value(std::uint64_t(routes.set_aside().size()))
        .gauge("aircargo_schedule_version", "The store's version of these flights.")
        .value(routes.version());
}

/// By the names that all of Prometheus' clients use.
void write_process(metric_page& out, process_state const& s)
{
    out.counter("process_cpu_seconds_total", "User and system CPU time spent.")
        .value(s.cpu_seconds)
        .gauge("process_resident_memory_bytes", "Resident memory.")
        .value(s.resident_bytes)
        .gauge("process_virtual_memory_bytes", "Virtual memory.")
        .value(s.virtual_bytes)
        .gauge("process_threads", "Threads.")
        .value(s.threads)
        .gauge("process_open_fds", "Open file descriptors.")
        .value(s.open_files)
        .gauge("process_max_fds", "File descriptors that may be open.")
        .value(s.most_files)
        .gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
        .value(s.started);
}

void write_log(metric_page& out, std::uint64_t lost)
{
    out.counter("aircargo_log_lines_lost_total", "Lines of the log that were lost for haste.")
        .value(lost);
}

void write_build(metric_page& out, config const& c)
{
    out.gauge("aircargo_build_info", "The program and what it works with; always 1.")
        .value(1.0, {{"version", AIRCARGO_VERSION},
                     {"store", name_of(c.store)},
                     {"cache", name_of(c.cache)},
                     {"lock", name_of(c.locks)}});
}

[[nodiscard]] std::string metrics_text(app& a)
{
    auto& desk = a.desk();
    std::array const funnels{named_funnel{"writes", desk.writes.counts()},
                             named_funnel{"finds", desk.finds.counts()},
                             named_funnel{"histories", desk.histories.counts()},
                             named_funnel{"lists", desk.lists.counts()}};
    metric_page out;
    write_build(out, a.settings());
    write_requests(out, a.http().answered());
    write_connections(out, a.http().connections());
    write_streams(out, a.events().listeners());
    if (auto const end = a.http().certificate_good_until()) write_certificate(out, *end);
    write_bookings(out, a.tally());
    write_cache(out, a.cache());
    write_locks(out, funnels.front().counts);
    write_funnels(out, funnels);
    if (auto const connections = a.store_connections()) write_store(out, *connections);
    if (auto const redis = a.redis().reports(); !redis.empty()) write_redis(out, redis);
    write_webhooks(out, a.webhooks().counts());
    write_schedule(out, a.routes());
    write_log(out, lost_log_lines());
    if (auto const process = look_at_process()) write_process(out, *process);
    return out.text();
}

}  // namespace

void metrics(app& a, exchange_ptr x, path_arguments const&)
{
    x->answer({.body = metrics_text(a),
               .content_type = "text/plain; version=0.0.4; charset=utf-8",
               .cache_control = "no-store"});
}

}  // namespace aircargo::server
