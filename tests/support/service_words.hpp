#pragma once

#include "support/builders.hpp"
#include "support/recording.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/cache/memory.hpp>
#include <aircargo/lock/memory.hpp>
#include <aircargo/service/booking_service.hpp>
#include <aircargo/service/tracking_service.hpp>
#include <aircargo/store/memory.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::test {

/// Asks for DEL to BLR, or for a way along stored flights.
inline book_request a_request(std::vector<flight> const& flights = {})
{
    book_request r{.origin = flights.empty() ? airport("DEL") : flights.front().origin,
                   .destination = flights.empty() ? airport("BLR") : flights.back().destination,
                   .pieces = 12,
                   .gross = kg(340)};
    for (auto const& f : flights) r.flights.push_back(f.id);
    return r;
}

inline act_request ask(booking_act act, booking const& b, std::string_view location = {})
{
    act_request r{.ref = b.terms.ref, .act = act};
    if (!location.empty()) r.location = airport(location);
    return r;
}

template <class Request>
Request keyed(Request r, idempotency_key key)
{
    r.key = std::move(key);
    return r;
}

inline result<booking> run_one(booking_service& service, booking_request const& r)
{
    return service.run({&r, 1}).at(0);
}

/// The services on memory backends, with everything between them written down.
struct recorded_services {
    std::unique_ptr<any_booking_store> const memory_bookings =
        make_booking_store<memory_booking_store>();
    std::unique_ptr<any_flight_store> const flights = make_flight_store<memory_flight_store>();
    virtual_clock time{};
    std::unique_ptr<any_cache> const memory_cache_ =
        make_cache<memory_cache>(memory_cache::options{.now = time.monotonic()});
    std::unique_ptr<any_lock_manager> const memory_locks =
        make_lock_manager<memory_lock_manager>(time.monotonic());
    journal steps{};
    recording_bookings bookings{*memory_bookings, steps};
    recording_cache cache{*memory_cache_, steps};
    recording_locks locks{*memory_locks, steps};
    booking_service::options options{.steady = time.monotonic()};
    booking_service service{bookings, *flights, cache, locks, time.wall(), options};
    tracking_service tracking{bookings, cache};
    /// Another instance on the same data that nobody watches.
    booking_service elsewhere{*memory_bookings, *flights,    *memory_cache_,
                              *memory_locks,    time.wall(), options};

    result<booking> run(booking_request const& r) { return run_one(service, r); }
    booking done(booking_request const& r) { return run(r).value(); }
    result<booking> find(booking const& b) { return tracking.find({&b.terms.ref, 1}).at(0); }
    result<std::vector<event>> history(booking const& b)
    {
        return tracking.history({&b.terms.ref, 1}).at(0);
    }
    /// What a call writes down.
    template <class Call>
    std::string steps_of(Call call)
    {
        steps.steps.clear();
        call();
        return steps.str();
    }
};

}  // namespace aircargo::test
