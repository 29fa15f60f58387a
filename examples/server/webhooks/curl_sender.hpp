#pragma once

#include "limits/network.hpp"
#include "webhooks/sender.hpp"
#include <aircargo/core/clock.hpp>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::server {

/// Sends by libcurl, from one thread. Follows no redirects, uses no proxy, and looks at each
/// address that it is about to connect to, so a name that leads somewhere else since it was looked
/// up does not help anybody.
class curl_sender final : public webhook_sender {
public:
    struct options {
        std::chrono::milliseconds timeout{10'000};  ///< from the name's lookup to the answer
        ip_networks allowed{};                      ///< that need not be public
        std::string ca_file{};                      ///< empty: the system's
        wall_clock now;
    };

    explicit curl_sender(options o);
    /// Gives up what is under way.
    ~curl_sender() override;
    curl_sender(curl_sender const&) = delete;
    curl_sender& operator=(curl_sender const&) = delete;

    void send(webhook_message message, std::function<void(send_outcome)> then) override;

private:
    class transfer;
    class handles;

    void run();
    void work();
    [[nodiscard]] std::vector<std::unique_ptr<transfer>> take_waiting();

    options const options_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<transfer>> waiting_;
    std::atomic<bool> stopping_ = false;
    std::unique_ptr<handles> handles_;
    std::thread thread_;
};

}  // namespace aircargo::server
