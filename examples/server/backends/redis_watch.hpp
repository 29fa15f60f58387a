#pragma once

#include <aircargo/redis/node.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::server {

/// A Redis that the settings name.
struct used_redis {
    std::string place;  ///< its URL without user and password
    std::shared_ptr<redis_node> node;
    bool caches = false;
    bool locks = false;
    bool counts = false;
};

/// Asks each Redis for a sign of life all the time, so that an outage shows also while nobody
/// calls; logs when one goes and when it is back. Looks at the settings of each run of a server,
/// once it can be reached, and warns of those that do not suit. Thread-safe.
class redis_watch {
public:
    struct report {
        used_redis const& server;
        redis_state state;
        std::vector<std::string> warnings;
    };

    /// Has asked each of them once when it returns.
    explicit redis_watch(std::vector<used_redis> servers);
    ~redis_watch();
    redis_watch(redis_watch const&) = delete;
    redis_watch& operator=(redis_watch const&) = delete;

    [[nodiscard]] std::vector<report> reports() const;

private:
    struct watched {
        used_redis server;
        bool up = true;
        std::uint64_t failures = 0;
        std::string checked_run;            // the run whose settings were looked at
        std::vector<std::string> warnings;  // guarded by mutex_
    };

    void look_at_all();
    void look_at(watched& w);
    void check_settings(watched& w);
    void watch();

    std::vector<watched> watched_;  // apart from the warnings, only the thread's
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace aircargo::server
