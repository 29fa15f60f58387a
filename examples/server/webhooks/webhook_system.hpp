#pragma once

#include "config/webhooks.hpp"
#include "webhooks/curl_sender.hpp"
#include "webhooks/relay.hpp"
#include "worker_pool.hpp"
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/webhook_store.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace aircargo::server {

/// Everything about webhooks: their store, the sender, and the relay with the thread that it runs
/// on, which goes on whatever a store throws. Thread-safe.
class webhook_system {
public:
    webhook_system(webhooks_config const& c, any_booking_store& bookings,
                   std::unique_ptr<any_webhook_store> store);
    /// Waits a moment for what is under way; what does not end then is begun again by whoever
    /// relays next.
    ~webhook_system();
    webhook_system(webhook_system const&) = delete;
    webhook_system& operator=(webhook_system const&) = delete;

    [[nodiscard]] webhooks_config const& settings() const noexcept { return config_; }
    [[nodiscard]] any_webhook_store& store() noexcept { return *store_; }
    [[nodiscard]] relay_counts counts() const { return relay_.counts(); }
    /// For calls of the store from handlers.
    [[nodiscard]] worker_pool& store_work() noexcept { return *store_work_; }

    // What blocks is for `store_work`.

    /// A webhook for what happens from now on, with an id and a secret of its own, that is not
    /// stored yet; nothing when there are as many as there may be.
    [[nodiscard]] result<std::optional<webhook>> draft(webhook_change const& wanted);
    /// The change as it is to be stored: one that is enabled again is told of what happens from now
    /// on.
    [[nodiscard]] result<webhook_change> draft_change(std::string const& id, webhook_change what);
    /// Sends a message that is no event. Does not block.
    /// \param message_id by which the receiver knows it again
    /// \return `overloaded` when many others are under way
    [[nodiscard]] result<void> send_test(webhook const& to, std::string message_id,
                                         std::function<void(send_outcome)> then);

    /// There may be something to do. From any thread.
    void wake();
    /// Something was committed, which matters only where there are webhooks. From any thread.
    void heard_of_commit()
    {
        if (in_use_) wake();
    }

private:
    using clock = std::chrono::steady_clock;

    void run();
    void finish();
    [[nodiscard]] clock::duration round();
    void stalled(std::string_view why) noexcept;

    webhooks_config config_;
    any_booking_store& bookings_;
    std::unique_ptr<any_webhook_store> store_;
    std::atomic<std::size_t> tests_ = 0;
    std::unique_ptr<curl_sender> sender_;
    webhook_relay relay_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool news_ = false;
    bool stopping_ = false;
    std::atomic<bool> in_use_ = false;
    bool failing_ = false;  // of the thread alone

    std::optional<worker_pool> store_work_;  // the threads last, since what they do uses the others
    std::thread thread_;
};

}  // namespace aircargo::server
