#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace aircargo::server {

/// Counts since the start, and what is open now.
struct connection_counts {
    std::size_t open = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  ///< since too many were open
};

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
        if (has_room_for(address)) {
            ++counts_[address];
            ++counted_.open;
            ++counted_.accepted;
            return true;
        }
        ++counted_.refused;
        return false;
    }

    void leave(std::string const& address)
    {
        std::scoped_lock const lock(mutex_);
        --counted_.open;
        auto const entry = counts_.find(address);
        if (--entry->second == 0) counts_.erase(entry);
    }

    [[nodiscard]] connection_counts counts() const
    {
        std::scoped_lock const lock(mutex_);
        return counted_;
    }

private:
    [[nodiscard]] bool has_room_for(std::string const& address) const
    {
        if (counted_.open == in_all_) return false;
        auto const entry = counts_.find(address);
        return (entry == counts_.end() ? 0 : entry->second) < per_address_;
    }

    std::size_t in_all_;
    std::size_t per_address_;
    mutable std::mutex mutex_;
    connection_counts counted_;
    std::unordered_map<std::string, std::size_t> counts_;
};

}  // namespace aircargo::server
