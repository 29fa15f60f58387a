#pragma once

#include <aircargo/core/result.hpp>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace aircargo::server {

/// Asks something that the server needs for a sign of life every two seconds, so that an outage
/// shows also while nobody calls; logs once when it is away and once when it is back. Thread-safe.
class outage_watch {
public:
    /// \param name what lines of the log are called after: `store.away`, `store.back`
    /// \param place where it is, without passwords
    /// \param check may take its time; runs on the watch's thread
    outage_watch(std::string name, std::string place, std::function<result<void>()> check);
    ~outage_watch();
    outage_watch(outage_watch const&) = delete;
    outage_watch& operator=(outage_watch const&) = delete;

private:
    void watch();
    void look();

    std::string name_;
    std::string place_;
    std::function<result<void>()> check_;
    bool up_ = true;  // only the thread's; until the first answer says otherwise
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace aircargo::server
