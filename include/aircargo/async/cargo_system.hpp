#pragma once

#include <aircargo/async/booking_desk.hpp>
#include <aircargo/cache/memory.hpp>
#include <aircargo/lock/memory.hpp>
#include <aircargo/service/route_service.hpp>
#include <aircargo/store/memory.hpp>
#include <chrono>
#include <memory>
#include <utility>

namespace aircargo {

/// One backend for each port.
struct backends {
    std::unique_ptr<any_booking_store> bookings;
    std::unique_ptr<any_flight_store> flights;
    std::unique_ptr<any_cache> cache;
    std::unique_ptr<any_lock_manager> locks;
};

/// Everything in this process's memory; gone when it ends.
[[nodiscard]] inline backends memory_backends()
{
    return {make_booking_store<memory_booking_store>(), make_flight_store<memory_flight_store>(),
            make_cache<memory_cache>(), make_lock_manager<memory_lock_manager>()};
}

/// The services over a set of backends, put together: what a program needs to book, find routes and
/// track. Thread-safe.
class cargo_system {
    backends backends_;  // first, since the services use it
    booking_service booking_;

public:
    explicit cargo_system(backends b, wall_clock now = system_time,
                          booking_desk::options const& o = {}, airport_lookup airports = {},
                          booking_service::options const& changes = {})
        : backends_(std::move(b)),
          booking_(*backends_.bookings, *backends_.flights, *backends_.cache, *backends_.locks,
                   std::move(now), changes),
          tracking(*backends_.bookings, *backends_.cache),
          routes(*backends_.flights, std::move(airports)),
          desk(booking_, tracking, o)
    {}

    [[nodiscard]] any_booking_store& bookings() noexcept { return *backends_.bookings; }
    [[nodiscard]] any_flight_store& flights() noexcept { return *backends_.flights; }

    /// The system's clock in whole seconds.
    [[nodiscard]] static utc_time system_time()
    {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }

    tracking_service tracking;
    route_service routes;
    booking_desk desk;
};

}  // namespace aircargo
