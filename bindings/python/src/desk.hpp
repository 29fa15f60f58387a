#pragma once

#include "answers.hpp"
#include <aircargo/async/funnel.hpp>
#include <aircargo/cache/cache.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <aircargo/service/booking_service.hpp>
#include <aircargo/service/route_service.hpp>
#include <aircargo/service/tracking_service.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace aircargo::python {

/// One backend for each port, shared with Python.
struct ports {
    std::shared_ptr<any_booking_store> bookings;
    std::shared_ptr<any_flight_store> flights;
    std::shared_ptr<any_cache> cache;
    std::shared_ptr<any_lock_manager> locks;
};

/// A booking together with the events that made it what it is.
struct tracked {
    booking now;
    std::vector<event> history;
};

/// The services over a set of ports, and the funnels before them: `cargo_system` for ports that may
/// be written in Python. What such a port raises goes through the funnels to whoever asked, where
/// the library's own desk would say `commit_unknown`. Thread-safe; needs no GIL.
class desk {
public:
    explicit desk(ports p);

    using write_funnel = funnel<booking_request, answered<booking>, booking_ref>;
    using find_funnel = funnel<booking_ref, answered<booking>>;
    using track_funnel = funnel<booking_ref, answered<tracked>>;

    /// Works off many changes as one batch, or several when they are very many. Those of one
    /// booking happen in the order in which they stand. \param between is called before each batch
    [[nodiscard]] std::vector<result<booking>> write_many(std::span<booking_request const> requests,
                                                          std::function<void()> const& between);
    /// Bookings with histories that belong to them.
    [[nodiscard]] std::vector<result<tracked>> track(std::span<booking_ref const> refs);

private:
    ports ports_;  // first, since the services use it
    booking_service changes_;

public:
    tracking_service tracking;
    route_service routes;
    write_funnel writes;
    find_funnel finds;
    track_funnel tracks;

    [[nodiscard]] any_flight_store& flights() noexcept { return *ports_.flights; }
};

}  // namespace aircargo::python
