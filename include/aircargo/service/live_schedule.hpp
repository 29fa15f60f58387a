#pragma once

#include <aircargo/routing/flight_change.hpp>
#include <aircargo/routing/schedule.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace aircargo {

/// The schedule as it is now, while it changes: every change makes a new snapshot, which shares all
/// that it did not touch, and publishes it at once. A search runs on one snapshot from beginning to
/// end, so it never sees half a change, and on the same arrays as ever. Thread-safe.
class live_schedule {
public:
    live_schedule() : live_schedule(schedule()) {}
    explicit live_schedule(schedule first)
        : current_(std::make_shared<schedule const>(std::move(first)))
    {}

    /// Lives as long as somebody holds it, whatever changes meanwhile.
    [[nodiscard]] std::shared_ptr<schedule const> snapshot() const
    {
        std::scoped_lock const lock(mutex_);  // as long as it takes to copy a pointer
        return current_;
    }

    /// Moves with every publication.
    [[nodiscard]] std::uint64_t version() const noexcept
    {
        return version_.load(std::memory_order_acquire);
    }

    /// Makes all changes and publishes them as one, or refuses them all; see `schedule::with`.
    [[nodiscard]] result<void> apply(std::span<flight_change const> changes)
    {
        std::scoped_lock const one_at_a_time(changing_);
        auto next = snapshot()->with(changes);
        if (next.has_error()) return next.error();
        retired_.push_back(publish(*std::move(next)));
        free_retired();
        return {};
    }

    /// Publishes another schedule in place of the current one.
    void replace(schedule next)
    {
        std::scoped_lock const one_at_a_time(changing_);
        (void)publish(std::move(next));  // it may be large: goes with its last reader, not later
        free_retired();
    }

private:
    /// \return what was current before
    std::shared_ptr<schedule const> publish(schedule next)
    {
        auto other = std::make_shared<schedule const>(std::move(next));
        {
            std::scoped_lock const lock(mutex_);
            current_.swap(other);
        }
        version_.fetch_add(1, std::memory_order_release);
        return other;
    }

    /// To free a snapshot takes hundreds of counters that it shares with others. The thread that
    /// changes has them in its cache; a reader, who would have to fetch each, only lets go.
    void free_retired()
    {
        // Nobody can come by one that only this list holds.
        std::erase_if(retired_, [](auto const& s) { return s.use_count() == 1; });
    }

    std::mutex changing_;
    mutable std::mutex mutex_;
    std::shared_ptr<schedule const> current_;               // guarded by mutex_
    std::vector<std::shared_ptr<schedule const>> retired_;  // guarded by changing_
    std::atomic<std::uint64_t> version_{0};
};

/// One thread's view of a live schedule: asks for the snapshot only after it has moved, so threads
/// that search do not meet at its reference count.
class schedule_reader {
public:
    explicit schedule_reader(live_schedule const& from) : live_(&from) { refresh(); }

    /// The newest snapshot; it stays valid until the next call.
    [[nodiscard]] schedule const& current()
    {
        if (live_->version() != version_) refresh();
        return *snapshot_;
    }

private:
    void refresh()
    {
        version_ = live_->version();
        snapshot_ = live_->snapshot();  // this version, or a newer one
    }

    live_schedule const* live_;
    std::uint64_t version_ = 0;
    std::shared_ptr<schedule const> snapshot_;
};

}  // namespace aircargo
