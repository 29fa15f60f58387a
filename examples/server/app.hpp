#pragma once

#include "api/answer_seal.hpp"
#include "api/ready_bookings.hpp"
#include "api/under_way.hpp"
#include "auth/auth_system.hpp"
#include "auth/session_cookies.hpp"
#include "backends/caches_and_locks.hpp"
#include "backends/redis_watch.hpp"
#include "backends/stores.hpp"
#include "config/config.hpp"
#include "figures_desk.hpp"
#include "http/server.hpp"
#include "limits/request_limits.hpp"
#include "live/commit_signal.hpp"
#include "live/event_hub.hpp"
#include "observe/booking_tally.hpp"
#include "observe/outage_watch.hpp"
#include "page/web_page.hpp"
#include "schedule_desk.hpp"
#include "webhooks/webhook_system.hpp"
#include <aircargo/async/cargo_system.hpp>
#include <aircargo/async/funnel.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace aircargo::server {

/// Everything behind the handlers: the cargo system over the backends that the settings name, and a
/// thread that keeps its schedule fresh. Thread-safe.
class app {
public:
    /// \param http what it will be served by, which must outlive it
    /// \return the app with its schedule loaded, or the store's error
    [[nodiscard]] static result<std::unique_ptr<app>> open(config const& c,
                                                           http_server const& http);
    /// Answers what was handed in, then stops.
    ~app();
    app(app const&) = delete;
    app& operator=(app const&) = delete;

    [[nodiscard]] booking_desk& desk() noexcept { return system_.desk; }
    [[nodiscard]] route_service& routes() noexcept { return system_.routes; }
    [[nodiscard]] figures_desk& figures() noexcept { return figures_; }
    [[nodiscard]] schedule_desk& schedule() noexcept { return schedule_; }
    [[nodiscard]] tracking_service& tracking() noexcept { return system_.tracking; }
    [[nodiscard]] ready_bookings& ready() noexcept { return ready_; }
    [[nodiscard]] cache_counts cache() const noexcept { return system_.tracking.counts(); }
    [[nodiscard]] redis_watch const& redis() const noexcept { return redis_; }
    [[nodiscard]] request_limits& limits() noexcept { return limits_; }
    [[nodiscard]] auth_system& auth() noexcept { return auth_; }
    [[nodiscard]] session_cookies const& cookies() const noexcept { return cookies_; }
    /// Nothing where there is none.
    [[nodiscard]] std::optional<web_page> const& page() const noexcept { return page_; }
    [[nodiscard]] event_hub& events() noexcept { return events_; }
    [[nodiscard]] webhook_system& webhooks() noexcept { return webhooks_; }
    [[nodiscard]] any_answer_store& answers() noexcept { return *answers_; }
    [[nodiscard]] answer_seal const& seal() const noexcept { return seal_; }
    [[nodiscard]] keys_under_way& under_way() noexcept { return under_way_; }
    [[nodiscard]] config const& settings() const noexcept { return config_; }
    [[nodiscard]] http_server const& http() const noexcept { return http_; }
    /// Of the changes that were answered since the start.
    [[nodiscard]] booking_tally& tally() noexcept { return tally_; }
    /// Of the store's connections; nothing where it has none.
    [[nodiscard]] std::optional<postgres_counts> store_connections() const
    {
        return store_connections_ ? std::optional(store_connections_()) : std::nullopt;
    }

    struct store_check {};
    /// Asks the store for a sign of life; `handler(result<std::uint64_t>)` gets the version of its
    /// flights. Questions that wait together cost one.
    template <class Handler>
    void check_store(Handler&& handler)
    {
        store_checks_.submit({}, std::forward<Handler>(handler));
    }

    [[nodiscard]] std::chrono::seconds uptime() const;

private:
    app(config const& c, http_server const& http, stores s, caches_and_locks shared);

    [[nodiscard]] result<void> publish_demo_schedule();
    [[nodiscard]] result<void> refresh_schedule();
    void keep_schedule_fresh();
    void watch_stores();

    config config_;
    http_server const& http_;
    booking_tally tally_;
    ready_bookings ready_;
    std::function<postgres_counts()> store_connections_;
    std::function<result<bool>()> store_takes_changes_;
    std::function<result<void>()> check_replica_;
    redis_watch redis_;
    request_limits limits_;
    std::unique_ptr<any_answer_store> answers_;  // before all whose threads use it
    answer_seal seal_;
    keys_under_way under_way_;
    auth_system auth_;
    session_cookies cookies_;
    std::optional<web_page> page_;
    commit_signal committed_;
    cargo_system system_;
    schedule_desk schedule_;
    figures_desk figures_;
    funnel<store_check, std::uint64_t> store_checks_;
    event_hub events_;
    webhook_system webhooks_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

    std::optional<date> demo_from_;  // the first day of the demo schedule that was published last
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread refresher_;
    std::optional<outage_watch> store_watch_;  // these two end first, since they ask the others
    std::optional<outage_watch> replica_watch_;
};

}  // namespace aircargo::server
