#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/store/booking_store.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace aircargo {

/// Of bookings and histories asked for, since the start; in a batch each counts once.
struct cache_counts {
    std::uint64_t hits = 0;    ///< answered from the cache
    std::uint64_t misses = 0;  ///< read from the store
};

/// A booking as the cache keeps it.
struct kept_booking {
    std::string bytes;  ///< the same only for the same state of the same booking

    /// Nothing where these are not the bytes of a booking.
    [[nodiscard]] std::optional<booking> value() const;

    friend bool operator==(kept_booking const&, kept_booking const&) = default;
};

/// Tells where bookings are and what happened to them: from the cache where it knows, else from the
/// store. Thread-safe. The ports must outlive the service.
class tracking_service {
public:
    tracking_service(any_booking_store& bookings, any_cache& cache,
                     std::chrono::seconds cache_ttl = std::chrono::seconds(300))
        : bookings_(bookings), cache_(cache), cache_ttl_(cache_ttl)
    {}

    /// What `find` would answer, if the cache has it at hand; does not wait for anybody.
    [[nodiscard]] std::optional<kept_booking> find_at_once(booking_ref const& ref);

    /// What `history` would answer, if the cache has it at hand; does not wait for anybody.
    [[nodiscard]] std::optional<std::vector<event>> history_at_once(booking_ref const& ref);

    /// One answer an entry: the booking, `not_found`, or `backend_down`.
    [[nodiscard]] std::vector<result<booking>> find(std::span<booking_ref const> refs);

    /// One answer an entry: all events, oldest first; `not_found`, or `backend_down`.
    [[nodiscard]] std::vector<result<std::vector<event>>> history(
        std::span<booking_ref const> refs);

    /// A page of bookings, newest first; never from the cache. `invalid_request` for an unsound
    /// query.
    [[nodiscard]] result<booking_page> list(booking_query const& query);

    [[nodiscard]] cache_counts counts() const noexcept;

private:
    template <class T, class KeyOf, class OtherKeyOf, class Decode, class Load, class RevisionOf>
    [[nodiscard]] std::vector<result<T>> read_through(std::span<booking_ref const> asked,
                                                      KeyOf key_of, OtherKeyOf other_key_of,
                                                      Decode decode, Load load,
                                                      RevisionOf revision_of);

    any_booking_store& bookings_;
    any_cache& cache_;
    std::chrono::seconds cache_ttl_;
    std::atomic<std::uint64_t> hits_ = 0;
    std::atomic<std::uint64_t> misses_ = 0;
};

}  // namespace aircargo
