#pragma once

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>

namespace aircargo::server {

/// Keeps SIGINT and SIGTERM for whoever waits here. Made before any other thread.
class stop_signal {
public:
    stop_signal()
    {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }

    /// Waits so long. \return whether to stop; then and from then on at once
    [[nodiscard]] bool comes_within(std::chrono::nanoseconds time)
    {
        auto const left = std::max(time, std::chrono::nanoseconds(0));
        auto const whole = std::chrono::floor<std::chrono::seconds>(left);
        timespec const span{static_cast<std::time_t>(whole.count()),
                            static_cast<long>((left - whole).count())};
        if (!came_) came_ = sigtimedwait(&signals_, nullptr, &span) > 0;
        return came_;
    }

private:
    sigset_t signals_{};
    bool came_ = false;
};

}  // namespace aircargo::server
