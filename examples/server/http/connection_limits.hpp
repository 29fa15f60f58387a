#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace aircargo::server {

/// Counts open connections, in all and for each address. Thread-safe.
class connection_limits {
public:
    connection_limits(std::size_t in_all, std::size_t per_address)
        : in_all_(in_all), per_address_(per_address)
    {}

    /// Counts one more, unless that is too many. \return false then
    [[nodiscard]] bool enter(std::string const& address)
    {
        std::scoped_lock const lock(mutex_);
        if (open_ == in_all_) return false;
        auto const [entry, is_new] = counts_.try_emplace(address, 0);
        if (entry->second == per_address_) return false;
        ++entry->second;
        ++open_;
        return true;
    }

    void leave(std::string const& address)
    {
        std::scoped_lock const lock(mutex_);
        --open_;
        auto const entry = counts_.find(address);
        if (--entry->second == 0) counts_.erase(entry);
    }

private:
    std::size_t in_all_;
    std::size_t per_address_;
    std::mutex mutex_;
    std::size_t open_ = 0;
    std::unordered_map<std::string, std::size_t> counts_;
};

}  // namespace aircargo::server
