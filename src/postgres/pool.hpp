#pragma once

#include "postgres/connection.hpp"
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace aircargo::detail {

/// Connections that are lent out one user at a time, and opened when they are needed. After a
/// failure to connect nobody tries again before a pause, which grows from failure to failure; who
/// comes meanwhile hears of the failure at once. Thread-safe.
class pg_pool {
public:
    using clock = std::chrono::steady_clock;

    /// A connection for one user; it goes back, or away when it failed, at the end.
    class lent {
    public:
        lent(pg_pool& pool, std::unique_ptr<pg_connection> what)
            : pool_(&pool), what_(std::move(what))
        {}
        ~lent()
        {
            if (what_) pool_->take_back(std::move(what_));
        }
        lent(lent&&) noexcept = default;
        lent& operator=(lent&&) = delete;

        [[nodiscard]] pg_connection* operator->() const noexcept { return what_.get(); }
        [[nodiscard]] pg_connection& operator*() const noexcept { return *what_; }

    private:
        pg_pool* pool_;
        std::unique_ptr<pg_connection> what_;
    };

    pg_pool(pg_target target, std::size_t limit) : target_(std::move(target)), limit_(limit) {}

    /// \return a connection, `overloaded` when none gets free in time, or `backend_down`
    [[nodiscard]] result<lent> take();
    /// Waits until it may be worth to `take` again after a failure; at once where connections can
    /// be made, or after a short pause where that has been tried already.
    void wait_for_next_attempt(clock::time_point deadline, bool with_a_pause);

    [[nodiscard]] postgres_counts counts() const;
    [[nodiscard]] pg_target const& target() const noexcept { return target_; }

private:
    void take_back(std::unique_ptr<pg_connection> connection);
    [[nodiscard]] std::unique_ptr<pg_connection> take_idle();
    [[nodiscard]] result<lent> connect(std::unique_lock<std::mutex>& lock);

    pg_target const target_;
    std::size_t const limit_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;  // somebody may be served
    std::condition_variable opened_;   // the server is there again
    std::vector<std::unique_ptr<pg_connection>> idle_;
    clock::time_point not_before_{};
    clock::duration pause_{};  // before the next attempt
    error last_failure_{};
    postgres_counts counts_;
};

}  // namespace aircargo::detail
