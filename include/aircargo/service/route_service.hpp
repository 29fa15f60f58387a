#pragma once

#include <aircargo/routing/flight_check.hpp>
#include <aircargo/routing/search.hpp>
#include <aircargo/service/live_schedule.hpp>
#include <aircargo/store/flight_store.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace aircargo {

/// An answer together with the schedule that it points into.
struct found_routes {
    std::shared_ptr<schedule const> snapshot;
    route_answer answer;
};

/// Answers route searches from a snapshot of the flight store in memory. Thread-safe: searches go
/// on undisturbed while a newer snapshot is built and swapped in. The store must outlive the
/// service.
class route_service {
public:
    /// Flights that can not be true are set aside; with `airports` also those whose airport it does
    /// not know and those that would be too fast.
    explicit route_service(any_flight_store& flights, airport_lookup airports = {});

    /// Loads the flights again if the store's version has moved.
    /// \return whether a new snapshot was taken, or the store's error; then the old snapshot stays.
    [[nodiscard]] result<bool> refresh();

    [[nodiscard]] std::shared_ptr<schedule const> snapshot() const { return schedule_.snapshot(); }

    /// A flight that the snapshot leaves out, and why.
    struct faulty_flight {
        flight what;
        flight_fault fault;
    };
    [[nodiscard]] std::vector<faulty_flight> set_aside() const;

    [[nodiscard]] found_routes search(route_query const& query) const;

private:
    any_flight_store& flights_;
    airport_lookup airports_;
    std::mutex refreshing_;
    std::uint64_t version_ = 0;  // guarded by refreshing_
    bool loaded_ = false;        // guarded by refreshing_
    live_schedule schedule_;
    mutable std::mutex mutex_;
    std::vector<faulty_flight> set_aside_;  // guarded by mutex_
};

}  // namespace aircargo
