#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// How long answers took: how many fell up to each bound and not below the one before.
struct latency_histogram {
    static constexpr auto bounds = [] {
        using namespace std::chrono_literals;
        return std::array<std::chrono::microseconds, 15>{100us, 250us, 500us, 1ms,    2500us,
                                                         5ms,   10ms,  25ms,  50ms,   100ms,
                                                         250ms, 500ms, 1s,    2500ms, 10s};
    }();

    std::array<std::uint64_t, bounds.size() + 1> counts{};  ///< the last: above all bounds
    std::chrono::nanoseconds sum{};

    void add(std::chrono::nanoseconds took)
    {
        auto const bound = std::lower_bound(bounds.begin(), bounds.end(), took);
        ++counts[static_cast<std::size_t>(bound - bounds.begin())];
        sum += took;
    }
    latency_histogram& operator+=(latency_histogram const& other);
};

/// The answers to requests of one route.
struct route_traffic {
    std::array<std::uint64_t, 5> by_class{};  ///< of the statuses 1xx to 5xx
    latency_histogram latency;

    route_traffic& operator+=(route_traffic const& other);
};

struct traffic {
    std::vector<route_traffic> routes;  ///< by `request::route_number`; 0: those that none took
    std::map<std::string, std::uint64_t, std::less<>> errors;  ///< answers by `reply::code`

    traffic& operator+=(traffic const& other);
};

/// Counts the answers of one thread. Thread-safe, but only for those who look: a second thread that
/// counts here would have to wait for the first.
class traffic_counter {
public:
    /// \param code what a refusal says is wrong; empty for others
    void count(std::size_t route, unsigned status, std::string_view code,
               std::chrono::nanoseconds took);

    [[nodiscard]] traffic counts() const
    {
        std::scoped_lock const lock(mutex_);
        return counts_;
    }

private:
    mutable std::mutex mutex_;  // costs next to nothing while nobody looks
    traffic counts_;
};

}  // namespace aircargo::server
