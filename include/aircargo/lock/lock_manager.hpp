#pragma once

#include <aircargo/core/result.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aircargo {

/// A name held for a while. A lease saves others useless work; it protects nothing, since it can
/// run out under its holder. What protects a booking is the revision that each change names.
struct lease {
    std::string name;
    std::uint64_t owner = 0;  ///< random; only the one who knows it can release
    std::chrono::steady_clock::time_point until{};  ///< counted from before the first attempt
};

// What every backend says in the same words.

[[nodiscard]] inline error lock_is_busy(std::string const& name)
{
    return refuse(errc::lock_busy, "someone else is at work on " + name);
}

// clang-format off
/// Hands out leases. Each call is one round trip, never waits for a holder, and may be made from several threads.
/// `acquire` answers an entry each: the lease, `lock_busy` (also for a name that stands twice in the batch), or
/// `lock_unavailable` when the locks can not be reached.
/// `release` of a lease that has run out or passed on does nothing.
template <class L>
concept lock_manager = requires(L& l, std::span<std::string const> names, std::chrono::milliseconds ttl,
                                std::span<lease const> leases) {
    { l.acquire(names, ttl) } -> std::same_as<std::vector<result<lease>>>;
    { l.release(leases) }     -> std::same_as<void>;
};
// clang-format on

/// The run-time form: a lock manager chosen by configuration.
class any_lock_manager {
public:
    virtual ~any_lock_manager() = default;

    [[nodiscard]] virtual std::vector<result<lease>> acquire(std::span<std::string const> names,
                                                             std::chrono::milliseconds ttl) = 0;
    virtual void release(std::span<lease const> leases) = 0;
};
static_assert(lock_manager<any_lock_manager>);

/// Locks nothing: every lease is granted. Safe, since the revision guards; wasteful under
/// contention.
class no_locks {
public:
    [[nodiscard]] std::vector<result<lease>> acquire(std::span<std::string const> names,
                                                     std::chrono::milliseconds ttl)
    {
        std::vector<result<lease>> leases;
        leases.reserve(names.size());
        for (auto const& name : names)
            leases.emplace_back(lease{name, 0, std::chrono::steady_clock::time_point{} + ttl});
        return leases;
    }
    void release(std::span<lease const>) {}
};
static_assert(lock_manager<no_locks>);

namespace detail {

template <lock_manager L>
class erased_lock_manager final : public any_lock_manager {
public:
    template <class... Args>
    explicit erased_lock_manager(Args&&... args) : locks_(std::forward<Args>(args)...)
    {}

    std::vector<result<lease>> acquire(std::span<std::string const> names,
                                       std::chrono::milliseconds ttl) override
    {
        return locks_.acquire(names, ttl);
    }
    void release(std::span<lease const> leases) override { locks_.release(leases); }

private:
    L locks_;
};

}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <lock_manager L, class... Args>
[[nodiscard]] std::unique_ptr<any_lock_manager> make_lock_manager(Args&&... args)
{
    return std::make_unique<detail::erased_lock_manager<L>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
