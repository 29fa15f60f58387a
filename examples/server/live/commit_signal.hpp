#pragma once

#include <aircargo/store/booking_store.hpp>
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <utility>
#include <vector>

namespace aircargo::server {

/// Tells those who follow the log that this process has just added to it, so that they need not
/// wait for their next look. Thread-safe.
class commit_signal {
public:
    /// \param heard is called from any thread and must not block
    void tell(std::function<void()> heard)
    {
        std::unique_lock const lock(mutex_);
        listeners_.push_back(std::move(heard));
    }
    /// None of them is called any more once this returns: they go before the last commits.
    void forget_all()
    {
        std::unique_lock const lock(mutex_);
        listeners_.clear();
    }
    void operator()() const
    {
        std::shared_lock const lock(mutex_);
        for (auto const& heard : listeners_) heard();
    }

private:
    mutable std::shared_mutex mutex_;
    std::vector<std::function<void()>> listeners_;
};

/// A booking store that signals what it has changed.
class signalling_bookings final : public any_booking_store {
public:
    signalling_bookings(std::unique_ptr<any_booking_store> inner, commit_signal const& committed)
        : inner_(std::move(inner)), committed_(committed)
    {}

    std::vector<result<booking>> apply(std::span<change const> changes) override
    {
        auto answers = inner_->apply(changes);
        if (std::any_of(answers.begin(), answers.end(),
                        [](auto const& a) { return a.has_value(); }))
            committed_();
        return answers;
    }
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> keys,
                                                        utc_time now) override
    {
        return inner_->answers(keys, now);
    }
    std::vector<result<booking>> find(std::span<booking_ref const> refs) override
    {
        return inner_->find(refs);
    }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> refs) override
    {
        return inner_->history(refs);
    }
    result<booking_page> list(booking_query const& query) override { return inner_->list(query); }
    result<booking_figures> figures(figures_query const& query) override
    {
        return inner_->figures(query);
    }
    result<log_page> log_after(log_query const& query) override { return inner_->log_after(query); }
    result<ref_block> reserve_refs(std::uint64_t count) override
    {
        return inner_->reserve_refs(count);
    }

private:
    std::unique_ptr<any_booking_store> inner_;
    commit_signal const& committed_;
};

}  // namespace aircargo::server
