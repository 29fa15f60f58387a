#include "app.hpp"
#include "observe/guarded.hpp"
#include "observe/logged_calls.hpp"
#include "observe/logged_settings.hpp"
#include "text.hpp"
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::server {
namespace {

constexpr std::chrono::seconds refresh_every(2);
constexpr int demo_days = 28;

[[nodiscard]] date today()
{
    return date(std::chrono::floor<std::chrono::days>(cargo_system::system_time()));
}

/// An SQLite file takes one writer at a time. PostgreSQL syncs the commits of several connections
/// together, so while one batch waits for the disk or the network another one is worked off.
[[nodiscard]] booking_desk::options desk_options_of(config const& c)
{
    booking_desk::options o;
    if (c.store == store_kind::postgres) {
        o.writes.workers = 2;
        o.reads.workers = 2;
    }
    return o;
}

[[nodiscard]] event_hub::options hub_options_of(live_config const& c)
{
    event_hub::options o;
    o.most_listeners = c.max_streams;
    o.most_of_one_caller = c.max_streams_per_caller;
    o.look_every = c.event_poll;
    o.heartbeat = c.event_heartbeat;
    o.longest = c.stream_time;
    return o;
}

[[nodiscard]] booking_service::options service_options_of(config const& c)
{
    booking_service::options o;
    o.lease_ttl = c.lock_ttl;
    o.on_lock_unavailable = c.on_lock_unavailable;
    return o;
}

/// A store may know its version without asking; a flight that nobody has, it must look for.
[[nodiscard]] result<std::uint64_t> sign_of_life(any_flight_store& flights)
{
    constexpr flight_id nobodys{0};
    auto const found = flights.find({&nobodys, 1});
    auto const& answer = found.front();
    if (answer.has_error() && answer.error().code != errc::not_found) return answer.error();
    return flights.version();
}

[[nodiscard]] result<std::optional<web_page>> read_page(page_config const& c)
{
    if (c.folder.empty()) return std::optional<web_page>();
    auto page = web_page::read(c.folder);
    if (!page) return page.error();
    log_info("server.page", {{"folder", c.folder},
                             {"files", std::to_string(page->files())},
                             {"bytes", std::to_string(page->bytes())}});
    return std::optional(*std::move(page));
}

[[nodiscard]] auto check_each(any_flight_store& flights)
{
    return [&flights](std::span<app::store_check const> batch) {
        return std::vector<result<std::uint64_t>>(batch.size(), sign_of_life(flights));
    };
}

}  // namespace

app::app(config const& c, http_server const& http, stores s, caches_and_locks shared)
    : config_(c),
      http_(http),
      store_connections_(std::move(s.connections)),
      store_takes_changes_(std::move(s.takes_changes)),
      check_replica_(std::move(s.check_replica)),
      redis_(std::move(shared.servers)),
      limits_(c.limits, std::move(shared.limiter)),
      answers_(std::move(s.answers)),
      seal_(c.auth),
      auth_(c.auth, std::move(s.accounts)),
      cookies_(c.page.https, c.auth.refresh_time),
      system_({std::make_unique<signalling_bookings>(std::move(s.bookings), committed_),
               std::move(s.flights), std::move(shared.cache), std::move(shared.locks)},
              cargo_system::system_time, desk_options_of(c), find_airport, service_options_of(c)),
      schedule_(system_.flights(), system_.routes, find_airport),
      figures_(system_.bookings(), cargo_system::system_time,
               [] { return std::chrono::steady_clock::now(); }),
      store_checks_(check_each(system_.flights()), {.when_thrown = errc::internal_error}),
      events_(system_.bookings(), hub_options_of(c.live)),
      webhooks_(c.webhooks, system_.bookings(), std::move(s.webhooks))
{
    committed_.tell([this] { events_.wake(); });
    committed_.tell([this] { webhooks_.heard_of_commit(); });
}

app::~app()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (refresher_.joinable()) refresher_.join();
    committed_.forget_all();
}

result<std::unique_ptr<app>> app::open(config const& c, http_server const& http)
{
    auto page = read_page(c.page);
    if (!page) return page.error();
    auto opened = open_stores(c, old_schema_of(c));
    if (!opened) return opened.error();
    auto shared = open_caches_and_locks(c, *opened);
    if (!shared) return shared.error();
    log_settings(c, opened->schema_version);
    if (logs_debug()) {
        shared->cache = log_calls(std::move(shared->cache));
        shared->locks = log_calls(std::move(shared->locks));
    }
    std::unique_ptr<app> made(new app(c, http, *std::move(opened), *std::move(shared)));
    made->page_ = *std::move(page);
    if (c.demo_schedule) {
        if (auto published = made->publish_demo_schedule(); !published) return published.error();
    }
    if (auto loaded = made->routes().refresh(); !loaded) return loaded.error();
    made->watch_stores();
    made->refresher_ = std::thread([&app = *made] { app.keep_schedule_fresh(); });
    return made;
}

/// A store in memory does not go away.
void app::watch_stores()
{
    if (config_.store == store_kind::memory) return;
    store_watch_.emplace("store", store_place(config_), [this]() -> result<void> {
        if (!store_takes_changes_) {
            auto const alive = sign_of_life(system_.flights());
            return alive ? result<void>() : alive.error();
        }
        auto const writable = store_takes_changes_();
        if (!writable) return writable.error();
        if (*writable) return {};
        return refuse(errc::backend_down,
                      "it is a replica, which takes no changes until somebody promotes it");
    });
    if (!check_replica_) return;
    replica_watch_.emplace("replica", urls_without_passwords(config_.postgres_list_url),
                           check_replica_);
}

std::chrono::seconds app::uptime() const
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - started_);
}

/// From yesterday on, so that today has flights in every zone.
result<void> app::publish_demo_schedule()
{
    auto const day = today();
    if (demo_from_ == day) return {};
    auto const first = date(std::chrono::sys_days(day) - std::chrono::days(1));
    auto const flights = demo_schedule(first, demo_days + 1);
    if (auto stored = system_.flights().upsert(flights); !stored) return stored.error();
    demo_from_ = day;
    log_info("schedule.demo_published",
             {{"first_day", to_string(first)}, {"flights", std::to_string(flights.size())}});
    return {};
}

result<void> app::refresh_schedule()
{
    auto const refreshed = routes().refresh();
    if (!refreshed) return refreshed.error();
    if (!*refreshed) return {};
    log_info("schedule.loaded", {{"flights", std::to_string(routes().snapshot()->size())},
                                 {"set_aside", std::to_string(routes().set_aside().size())}});
    return {};
}

void app::keep_schedule_fresh()
{
    bool publishing_failed = false;
    bool refreshing_failed = false;
    auto const note = [](bool& failed, result<void> const& outcome) {
        bool const told = std::exchange(failed, !outcome);  // one line an outage
        if (failed && !told) log_warning("schedule.stale", {{"detail", outcome.error().detail}});
    };
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, refresh_every, [this] { return stopping_; })) {
        lock.unlock();
        (void)guarded("schedule", [&] {
            if (config_.demo_schedule) note(publishing_failed, publish_demo_schedule());
            note(refreshing_failed, refresh_schedule());
        });
        lock.lock();
    }
}

}  // namespace aircargo::server
