#include "redis/pool.hpp"
#include <algorithm>

namespace aircargo::detail {

redis_pool::~redis_pool()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (mender_.joinable()) mender_.join();
}

result<std::unique_ptr<redis_connection>> redis_pool::take()
{
    {
        std::scoped_lock const lock(mutex_);
        if (!state_.up) return refuse(errc::backend_down, "Redis is away");
        if (auto idle = take_idle()) return idle;
    }
    auto opened = redis_connection::open(url_, options_);
    std::scoped_lock const lock(mutex_);
    if (opened.has_error()) {
        go_down();
    } else {
        ++state_.connects;
    }
    return opened;
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

void redis_pool::give_back(std::unique_ptr<redis_connection> connection)
{
    std::scoped_lock const lock(mutex_);
    if (idle_.size() < options_.connections) idle_.push_back(std::move(connection));
}

void redis_pool::lost()
{
    std::scoped_lock const lock(mutex_);
    go_down();
}

/// \pre the mutex is held
void redis_pool::go_down()
{
    ++state_.failures;
    idle_.clear();
    if (!state_.up) return;
    state_.up = false;
    down_since_ = clock::now();
    if (!mender_.joinable()) mender_ = std::thread([this] { mend(); });
    wake_.notify_all();
}

void redis_pool::mend()
{
    std::unique_lock lock(mutex_);
    auto pause = options_.first_backoff;
    while (!stopping_) {
        if (state_.up) {
            pause = options_.first_backoff;
            wake_.wait(lock, [this] { return stopping_ || !state_.up; });
            continue;
        }
        wake_.wait_for(lock, spread(pause), [this] { return stopping_; });
        if (stopping_) return;
        pause = std::min(2 * pause, options_.longest_backoff);
        lock.unlock();
        auto opened = redis_connection::open(url_, options_);
        lock.lock();
        if (opened.has_error()) continue;
        ++state_.connects;
        idle_.push_back(*std::move(opened));
        state_.up = true;
        state_.degraded += std::chrono::ceil<std::chrono::milliseconds>(clock::now() - down_since_);
    }
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
