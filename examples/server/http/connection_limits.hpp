#pragma once

#include "limits/client_address.hpp"
#include "limits/network.hpp"
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace aircargo::server {

/// Counts since the start, and what is open now.
struct connection_counts {
    std::size_t open = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  ///< since too many were open
};

/// Counts open connections, in all and for each address as limits of requests count them: of IPv6
/// by its network. A proxy has those of many, so they count only in all. Thread-safe.
class connection_limits {
public:
    connection_limits(std::size_t in_all, std::size_t per_address, ip_networks proxies = {})
        : in_all_(in_all), per_address_(per_address), proxies_(std::move(proxies))
    {}

    /// Counts one more, unless that is too many. \return false then
    [[nodiscard]] bool enter(std::string const& address)
    {
        auto const who = counted_alone(address);
        std::scoped_lock const lock(mutex_);
        if (has_room_for(who)) {
            if (who) ++counts_[*who];
            ++counted_.open;
            ++counted_.accepted;
            return true;
        }
        ++counted_.refused;
        return false;
    }

    void leave(std::string const& address)
    {
        auto const who = counted_alone(address);
        std::scoped_lock const lock(mutex_);
        --counted_.open;
        if (!who) return;
        auto const entry = counts_.find(*who);
        if (--entry->second == 0) counts_.erase(entry);
    }

    [[nodiscard]] connection_counts counts() const
    {
        std::scoped_lock const lock(mutex_);
        return counted_;
    }

private:
    /// What the address is counted as; a proxy not at all.
    [[nodiscard]] std::optional<std::string> counted_alone(std::string const& address) const
    {
        auto const parsed = proxies_.empty() ? std::nullopt : ip_address::parse(address);
        if (parsed && hold(proxies_, *parsed)) return std::nullopt;
        return counted_address(address);
    }
    [[nodiscard]] bool has_room_for(std::optional<std::string> const& who) const
    {
        if (counted_.open == in_all_) return false;
        auto const entry = who ? counts_.find(*who) : counts_.end();
        return (entry == counts_.end() ? 0 : entry->second) < per_address_;
    }

    std::size_t in_all_;
    std::size_t per_address_;
    ip_networks proxies_;
    mutable std::mutex mutex_;
    connection_counts counted_;
    std::unordered_map<std::string, std::size_t> counts_;
};

/// Bytes of bodies that all connections may hold at once: a client that sends a body and keeps its
/// last byte back would else hold a mebibyte a connection. Thread-safe.
class body_budget {
public:
    explicit body_budget(std::size_t bytes) : left_(bytes) {}

    /// What one request takes of it, given back when it goes.
    class share {
    public:
        /// What a body has beyond its header anyway: so those who fill the budget are not in the
        /// way of the many that send little.
        static constexpr std::size_t free_bytes = 16 * 1024;

        explicit share(body_budget& of) : of_(of) {}
        ~share() { give_back(); }
        share(share const&) = delete;
        share& operator=(share const&) = delete;

        /// The body takes this many bytes of memory now. \return whether the budget had them
        [[nodiscard]] bool grow_to(std::size_t bytes)
        {
            if (bytes <= free_bytes + taken_) return true;
            auto const more = bytes - free_bytes - taken_;
            if (!of_.take(more)) return false;
            taken_ += more;
            return true;
        }
        void give_back() { of_.left_ += std::exchange(taken_, 0); }

    private:
        body_budget& of_;
        std::size_t taken_ = 0;
    };

private:
    [[nodiscard]] bool take(std::size_t bytes)
    {
        auto left = left_.load();
        while (left >= bytes) {
            if (left_.compare_exchange_weak(left, left - bytes)) return true;
        }
        return false;
    }

    std::atomic<std::size_t> left_;
};

}  // namespace aircargo::server
