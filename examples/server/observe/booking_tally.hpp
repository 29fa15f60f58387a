#pragma once

#include <aircargo/booking/status.hpp>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace aircargo::server {

/// Counts changes of bookings by the status that they led to. Thread-safe.
class booking_tally {
public:
    void count(booking_status to) noexcept
    {
        counts_[static_cast<std::size_t>(to)].fetch_add(1, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t of(booking_status to) const noexcept
    {
        return counts_[static_cast<std::size_t>(to)].load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::uint64_t>, all_booking_statuses.size()> counts_{};
};

}  // namespace aircargo::server
