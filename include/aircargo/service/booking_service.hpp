#pragma once

#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/cache/cache.hpp>
#include <aircargo/core/clock.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace aircargo {

/// Asks for a new booking. The reference is the service's to give.
struct book_request {
    airport_code origin;
    airport_code destination;
    std::int32_t pieces;
    weight gross;
    std::vector<flight_id> flights{};  ///< the itinerary; empty when no route is chosen yet
    annotation note{};
    std::optional<idempotency_key> key{};
};

/// Asks for an act on a booking. What is left out is taken from the itinerary.
struct act_request {
    booking_ref ref;
    booking_act act;
    std::optional<airport_code> location{};
    std::optional<flight_id> flight{};
    bool off_plan = false;
    std::optional<std::int64_t> if_revision{};  ///< act only while this revision stands
    annotation note{};
    std::optional<idempotency_key> key{};
};

using booking_request = std::variant<book_request, act_request>;

/// What becomes of changes while the locks can not be reached.
enum class lock_unavailable_policy : std::uint8_t {
    reject,  ///< they are refused with `lock_unavailable`
    proceed  ///< they go on, guarded by the revision alone; only with `no_cache` for all services
};

/// Makes and moves bookings, a batch at a time:
///
///     look up idempotency keys -> lease -> hold the cache -> read -> decide (pure) -> apply,
///     guarded by the revision -> settle with the cache -> release -> answer
///
/// The order is the point. What is cached of a booking goes before the booking is read, and nothing
/// is cached again before the change is committed, so no reader anywhere is given an older state
/// than another one was. A lease is released only after that, so whoever gets it next reads the new
/// state; and if the lease was lost on the way, the revision refuses the late writer. Thread-safe.
/// The ports must outlive the service.
class booking_service {
public:
    struct options {
        std::chrono::milliseconds lease_ttl{10'000};  ///< of locks and holds
        lock_unavailable_policy on_lock_unavailable = lock_unavailable_policy::reject;
        std::chrono::seconds cache_ttl{300};
        /// References drawn from the store at once. The first block is small and each next one
        /// twice as large up to this, since a restart loses what is left of the last one.
        std::uint64_t refs_per_block = 4'096;
        int attempts = 3;  ///< for a change that lost a race against another instance
        /// The clock that leases are counted by.
        monotonic_clock steady = [] { return std::chrono::steady_clock::now(); };
    };

    booking_service(any_booking_store& bookings, any_flight_store& flights, any_cache& cache,
                    any_lock_manager& locks, wall_clock now)
        : booking_service(bookings, flights, cache, locks, std::move(now), options())
    {}
    booking_service(any_booking_store& bookings, any_flight_store& flights, any_cache& cache,
                    any_lock_manager& locks, wall_clock now, options o)
        : bookings_(bookings),
          flights_(flights),
          cache_(cache),
          locks_(locks),
          now_(std::move(now)),
          options_(std::move(o))
    {}

    /// Works off a batch; one answer an entry, in order: the booking after the change, or
    ///  - `invalid_request`: the terms, or a flight that does not exist or does not fit;
    ///  - `not_found`, `illegal_transition`, `off_plan`, `precondition_failed` (of `if_revision`);
    ///  - `idempotency_mismatch`; the same key with the same request gets the answer of the first
    ///  time;
    ///  - `stale_revision` when it lost every race, `lock_busy` (also for a booking's second entry
    ///  in a batch, and when the lease ran out before the change was made), `lock_unavailable`;
    ///  - `backend_down`, `commit_unknown` as the store says; the latter also when the change was
    ///  made so late that others may still be given what the cache had before, and it could not be
    ///  reached to mend that.
    [[nodiscard]] std::vector<result<booking>> run(std::span<booking_request const> requests);

private:
    class batch;

    [[nodiscard]] result<booking_ref> next_ref();

    any_booking_store& bookings_;
    any_flight_store& flights_;
    any_cache& cache_;
    any_lock_manager& locks_;
    wall_clock now_;
    options options_;

    std::mutex refs_mutex_;
    ref_block refs_;                 // guarded by refs_mutex_
    std::uint64_t next_block_ = 16;  // its size; guarded by refs_mutex_
};

}  // namespace aircargo
