#include "observe/outage_watch.hpp"
#include "log.hpp"
#include "observe/guarded.hpp"
#include <chrono>
#include <utility>

namespace aircargo::server {

outage_watch::outage_watch(std::string name, std::string place, std::function<result<void>()> check)
    : name_(std::move(name)), place_(std::move(place)), check_(std::move(check))
{
    thread_ = std::thread([this] { watch(); });
}

outage_watch::~outage_watch()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void outage_watch::watch()
{
    constexpr std::chrono::seconds look_every(2);
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        (void)guarded(name_, [this] { look(); });
        lock.lock();
        wake_.wait_for(lock, look_every, [this] { return stopping_; });
    }
}

void outage_watch::look()
{
    auto const answer = check_();
    bool const is_busy = answer.has_error() && answer.error().code == errc::overloaded;
    if (is_busy) return;  // that says neither
    bool const was_up = std::exchange(up_, answer.has_value());
    if (was_up && !answer)
        log_warning(name_ + ".away", {{"place", place_}, {"detail", answer.error().detail}});
    if (!was_up && answer) log_info(name_ + ".back", {{"place", place_}});
}

}  // namespace aircargo::server
