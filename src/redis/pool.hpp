#pragma once

#include "redis/connection.hpp"
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

namespace aircargo::detail {

/// The connections to one server. A thread of the pool's own makes the first one from the start on,
/// so that the first attempts of several pools go side by side. While the server is down nobody
/// waits for it: the thread tries to connect again, with pauses that grow. Thread-safe.
class redis_pool {
public:
    /// A connection, and how many outages there had been when it was asked for. What comes of one
    /// from before an outage says nothing of the server that is there now.
    struct loan {
        std::unique_ptr<redis_connection> connection;
        std::uint64_t outages = 0;
    };

    redis_pool(redis_url url, redis_options const& options);
    ~redis_pool();
    redis_pool(redis_pool const&) = delete;
    redis_pool& operator=(redis_pool const&) = delete;

    /// Lends a connection out, or `backend_down`, at once if that is known. Until the first attempt
    /// has told, it waits for that.
    [[nodiscard]] result<loan> take();
    /// Of a connection that has done its work.
    void give_back(loan done);
    /// Of one that was lost.
    void lost(loan broken);

    [[nodiscard]] redis_state state() const;
    [[nodiscard]] redis_options const& options() const noexcept { return options_; }

private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] std::unique_ptr<redis_connection> take_idle();
    void go_down(std::uint64_t outages);
    void work();
    [[nodiscard]] bool connect(std::unique_lock<std::mutex>& lock);
    void mend(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] std::chrono::milliseconds spread(std::chrono::milliseconds pause);

    redis_url url_;
    redis_options options_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::unique_ptr<redis_connection>> idle_;
    redis_state state_{.up = true};
    bool tried_ = false;                              // to connect; until then nobody knows
    error why_{errc::backend_down, "Redis is away"};  // that it is down, as the last attempt says
    std::uint64_t outages_ = 0;
    clock::time_point down_since_{};
    bool stopping_ = false;
    int stop_;  // an eventfd; readable once this is to stop
    std::mt19937 random_{std::random_device{}()};
    std::thread thread_;  // last, since it uses the others
};

}  // namespace aircargo::detail
