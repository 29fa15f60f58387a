#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/store/booking_store.hpp>
#include <chrono>
#include <span>
#include <vector>

namespace aircargo {

/// Tells where bookings are and what happened to them: from the cache where it knows, else from the
/// store. Thread-safe. The ports must outlive the service.
class tracking_service {
public:
    tracking_service(any_booking_store& bookings, any_cache& cache,
                     std::chrono::seconds cache_ttl = std::chrono::seconds(300))
        : bookings_(bookings), cache_(cache), cache_ttl_(cache_ttl)
    {}

    /// One answer an entry: the booking, `not_found`, or `backend_down`.
    [[nodiscard]] std::vector<result<booking>> find(std::span<booking_ref const> refs);

    /// One answer an entry: all events, oldest first; `not_found`, or `backend_down`.
    [[nodiscard]] std::vector<result<std::vector<event>>> history(
        std::span<booking_ref const> refs);

    /// A page of bookings, newest first; never from the cache. `invalid_request` for an unsound
    /// query.
    [[nodiscard]] result<booking_page> list(booking_query const& query);

private:
    any_booking_store& bookings_;
    any_cache& cache_;
    std::chrono::seconds cache_ttl_;
};

}  // namespace aircargo
