#pragma once

#include <aircargo/core/clock.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <mutex>
#include <random>
#include <unordered_map>

namespace aircargo {

/// Leases within this process. Thread-safe.
class memory_lock_manager {
public:
    explicit memory_lock_manager(
        monotonic_clock now = [] { return std::chrono::steady_clock::now(); },
        std::uint64_t seed = std::random_device{}())
        : now_(std::move(now)), random_(seed)
    {}

    [[nodiscard]] std::vector<result<lease>> acquire(std::span<std::string const> names,
                                                     std::chrono::milliseconds ttl);
    void release(std::span<lease const> leases);

private:
    monotonic_clock now_;
    std::mutex mutex_;
    std::mt19937_64 random_;
    std::unordered_map<std::string, lease> held_;
};

inline std::vector<result<lease>> memory_lock_manager::acquire(std::span<std::string const> names,
                                                               std::chrono::milliseconds ttl)
{
    auto const now = now_();
    std::scoped_lock const lock(mutex_);
    std::vector<result<lease>> out;
    out.reserve(names.size());
    for (auto const& name : names) {
        auto const held = held_.find(name);
        if (held != held_.end() && now < held->second.until) {
            out.push_back(lock_is_busy(name));
            continue;
        }
        lease const granted{name, random_() | 1U, now + ttl};
        held_.insert_or_assign(name, granted);
        out.push_back(granted);
    }
    return out;
}

inline void memory_lock_manager::release(std::span<lease const> leases)
{
    std::scoped_lock const lock(mutex_);
    for (auto const& given : leases) {
        auto const held = held_.find(given.name);
        // After a pause longer than the lease the name may be someone else's.
        if (held != held_.end() && held->second.owner == given.owner) held_.erase(held);
    }
}

static_assert(lock_manager<memory_lock_manager>);

}  // namespace aircargo
