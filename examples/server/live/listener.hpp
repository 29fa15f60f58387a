#pragma once

#include "http/message.hpp"
#include "live/event_filter.hpp"
#include "live/seats.hpp"
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace aircargo::server {

/// Somebody who listens: which events, how far, and where they go. Its connection and the hub share
/// it; what the hub alone uses is not guarded.
class listener {
public:
    listener(event_filter f, std::unique_ptr<seats::seat> s)
        : filter(std::move(f)), seat_(std::move(s))
    {}

    /// The connection is ready for events; at once gone again when it has ended meanwhile.
    void attach(std::unique_ptr<answer_stream> out)
    {
        std::scoped_lock const lock(mutex_);
        if (!left_) out_ = std::move(out);
    }
    /// The connection has ended, or is to end.
    void leave()
    {
        std::scoped_lock const lock(mutex_);
        left_ = true;
        out_.reset();
    }
    [[nodiscard]] bool has_left() const
    {
        std::scoped_lock const lock(mutex_);
        return left_;
    }
    /// Whether more may be sent: there is a connection, and its client reads.
    [[nodiscard]] bool takes(std::size_t most_waiting) const
    {
        std::scoped_lock const lock(mutex_);
        return out_ && out_->waiting() < most_waiting;
    }
    void send(std::string piece)
    {
        std::scoped_lock const lock(mutex_);
        if (out_) out_->send(std::move(piece));
    }

    // The hub's.
    event_filter const filter;
    log_position reached = log_start;  ///< everything up to here was sent, or is not wanted
    std::chrono::steady_clock::time_point began_at{};
    std::chrono::steady_clock::time_point sent_at{};

private:
    std::unique_ptr<seats::seat> const seat_;
    mutable std::mutex mutex_;
    std::unique_ptr<answer_stream> out_;
    bool left_ = false;
};

}  // namespace aircargo::server
