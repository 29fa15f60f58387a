#include "redis/pool.hpp"
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>

namespace aircargo::detail {

redis_pool::redis_pool(redis_url url, redis_options const& options)
    : url_(std::move(url)), options_(options), stop_(eventfd(0, EFD_CLOEXEC))
{
    thread_ = std::thread([this] { work(); });
}

redis_pool::~redis_pool()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    (void)eventfd_write(stop_, 1);
    thread_.join();
    if (stop_ >= 0) close(stop_);
}

result<redis_pool::loan> redis_pool::take()
{
    loan taken;
    {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return tried_; });
        if (!state_.up) return why_;
        taken.outages = outages_;
        taken.connection = take_idle();
    }
    if (taken.connection) return taken;
    auto opened = redis_connection::open(url_, options_);
    std::scoped_lock const lock(mutex_);
    if (opened.has_error()) {
        go_down(taken.outages);
        return opened.error();
    }
    ++state_.connects;
    taken.connection = *std::move(opened);
    return taken;
}

/// Those that broke meanwhile, as after a restart, are left out. \pre the mutex is held
std::unique_ptr<redis_connection> redis_pool::take_idle()
{
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (!connection->is_stale()) return connection;
    }
    return nullptr;
}

void redis_pool::give_back(loan done)
{
    std::scoped_lock const lock(mutex_);
    if (done.outages != outages_ || idle_.size() >= options_.connections) return;
    idle_.push_back(std::move(done.connection));
}

void redis_pool::lost(loan broken)
{
    broken.connection.reset();
    std::scoped_lock const lock(mutex_);
    go_down(broken.outages);
}

/// Unless the failure belongs to an outage that is known, and perhaps over. \pre the mutex is held
void redis_pool::go_down(std::uint64_t outages)
{
    ++state_.failures;
    if (outages != outages_) return;
    ++outages_;
    idle_.clear();
    state_.up = false;
    down_since_ = clock::now();
    wake_.notify_all();
}

void redis_pool::work()
{
    std::unique_lock lock(mutex_);
    bool const there = connect(lock);
    tried_ = true;
    if (!there) go_down(outages_);
    wake_.notify_all();
    while (!stopping_) {
        if (!state_.up) mend(lock);
        wake_.wait(lock, [this] { return stopping_ || !state_.up; });
    }
}

/// Leaves a new connection with the idle ones. \pre the lock is held; it is not while it connects
bool redis_pool::connect(std::unique_lock<std::mutex>& lock)
{
    lock.unlock();
    auto opened = redis_connection::open(url_, options_, stop_);
    lock.lock();
    if (opened.has_error()) {
        why_ = opened.error();
        return false;
    }
    ++state_.connects;
    idle_.push_back(*std::move(opened));
    return true;
}

void redis_pool::mend(std::unique_lock<std::mutex>& lock)
{
    auto pause = options_.first_backoff;
    for (;;) {
        wake_.wait_for(lock, spread(pause), [this] { return stopping_; });
        if (stopping_) return;
        if (connect(lock)) break;
        pause = std::min(2 * pause, options_.longest_backoff);
    }
    state_.up = true;
    state_.degraded += std::chrono::ceil<std::chrono::milliseconds>(clock::now() - down_since_);
}

/// So that those who lost it together do not come back together.
std::chrono::milliseconds redis_pool::spread(std::chrono::milliseconds pause)
{
    std::uniform_int_distribution<std::int64_t> anywhere(pause.count() / 2, pause.count());
    return std::chrono::milliseconds(anywhere(random_));
}

redis_state redis_pool::state() const
{
    std::scoped_lock const lock(mutex_);
    auto now = state_;
    if (!now.up)
        now.degraded += std::chrono::ceil<std::chrono::milliseconds>(clock::now() - down_since_);
    return now;
}

}  // namespace aircargo::detail
