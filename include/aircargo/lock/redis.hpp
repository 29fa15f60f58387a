#pragma once

#include <aircargo/core/clock.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <aircargo/redis/node.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace aircargo {

struct redis_lock_options {
    monotonic_clock now = [] { return std::chrono::steady_clock::now(); };
    std::uint64_t seed = std::random_device{}();  ///< of the owners
};

/// Leases in Redis. With one server, a key with a life; with several that know nothing of each
/// other, Redlock: a lease needs more than half of them, and what is left of its life when the last
/// of them has answered. Thread-safe.
///
/// A server that is started again empty has forgotten its leases, so another holder may come while
/// the first one still believes in his: leases only save work.
class redis_lock_manager {
public:
    /// \pre there is at least one node
    explicit redis_lock_manager(std::vector<std::shared_ptr<redis_node>> nodes,
                                redis_lock_options options = {});

    /// All servers are asked at the same time. A name that did not get enough of them is given back
    /// in a second round.
    [[nodiscard]] std::vector<result<lease>> acquire(std::span<std::string const> names,
                                                     std::chrono::milliseconds ttl);
    void release(std::span<lease const> leases);

private:
    struct vote;

    [[nodiscard]] std::uint64_t draw_owner();
    [[nodiscard]] std::vector<vote> ask_all(std::span<std::string const> names,
                                            std::span<std::uint64_t const> owners,
                                            std::chrono::milliseconds ttl);

    std::vector<std::shared_ptr<redis_node>> nodes_;
    redis_lock_options options_;
    std::mutex mutex_;
    std::mt19937_64 random_;  // guarded by mutex_
};

static_assert(lock_manager<redis_lock_manager>);

}  // namespace aircargo
