#include "postgres/pool.hpp"
#include <algorithm>

namespace aircargo::detail {
namespace {

constexpr std::chrono::milliseconds shortest_pause(20);
constexpr std::chrono::milliseconds longest_pause(500);

}  // namespace

/// An idle connection that still stands; the others go. \pre the mutex is held
std::unique_ptr<pg_connection> pg_pool::take_idle()
{
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (!connection->hung_up()) return connection;
        --counts_.open;
    }
    return nullptr;
}

result<pg_pool::lent> pg_pool::take()
{
    auto const deadline = clock::now() + target_.options().pool_timeout;
    std::unique_lock lock(mutex_);
    for (;;) {
        if (auto idle = take_idle()) {
            ++counts_.in_use;
            return lent(*this, std::move(idle));
        }
        if (counts_.open < limit_) return connect(lock);
        if (clock::now() >= deadline)
            return refuse(errc::overloaded, "all connections to PostgreSQL are in use");
        changed_.wait_until(lock, deadline);
    }
}

result<pg_pool::lent> pg_pool::connect(std::unique_lock<std::mutex>& lock)
{
    if (clock::now() < not_before_) return last_failure_;
    ++counts_.open;  // its place, while the others go on
    lock.unlock();
    auto opened = pg_connection::open(target_);
    lock.lock();
    if (opened.has_value()) {
        ++counts_.connects;
        ++counts_.in_use;
        pause_ = {};
        not_before_ = {};
        opened_.notify_all();
        return lent(*this, *std::move(opened));
    }
    --counts_.open;
    ++counts_.failures;
    pause_ = std::clamp<clock::duration>(2 * pause_, shortest_pause, longest_pause);
    not_before_ = clock::now() + pause_;
    last_failure_ = opened.error();
    changed_.notify_all();
    return opened.error();
}

void pg_pool::take_back(std::unique_ptr<pg_connection> connection)
{
    std::vector<std::unique_ptr<pg_connection>> gone;  // closed when nobody waits for the mutex
    std::scoped_lock const lock(mutex_);
    --counts_.in_use;
    if (connection->usable()) {
        idle_.push_back(std::move(connection));
        changed_.notify_one();
        return;
    }
    // What broke it, a restart, a failover, a migration, has probably befallen its sisters. Each
    // of them would cost somebody the time to find that out.
    gone.swap(idle_);
    gone.push_back(std::move(connection));
    counts_.open -= gone.size();
    ++counts_.lost;
    changed_.notify_all();
}

void pg_pool::wait_for_next_attempt(clock::time_point deadline, bool with_a_pause)
{
    std::unique_lock lock(mutex_);
    auto const rested = with_a_pause ? clock::now() + shortest_pause : clock::time_point();
    auto const until = [&] { return std::min(deadline, std::max(not_before_, rested)); };
    while (clock::now() < until()) opened_.wait_until(lock, until());
}

postgres_counts pg_pool::counts() const
{
    std::scoped_lock const lock(mutex_);
    auto counted = counts_;
    counted.limit = limit_;
    return counted;
}

}  // namespace aircargo::detail
