#pragma once

#include <aircargo/routing/flight_check.hpp>
#include <aircargo/routing/search.hpp>
#include <aircargo/service/live_schedule.hpp>
#include <aircargo/store/flight_store.hpp>
#include <atomic>
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

/// Answers route searches from a snapshot of the flight store in memory. Thread-safe: searches hold
/// no lock and go on undisturbed while a newer snapshot is made and swapped in. The store must
/// outlive the service.
class route_service {
public:
    /// Flights that can not be true are set aside; with `airports` also those whose airport it does
    /// not know and those that would be too fast.
    explicit route_service(any_flight_store& flights, airport_lookup airports = {});

    /// Loads the flights again if the store's version has moved. Where few of them changed, the new
    /// snapshot shares with the old one all that did not; else it is built anew. Searches find the
    /// same in both; a snapshot that shares may still know airports and days that nobody flies any
    /// more, and say so in `no_route`.
    /// \return whether the version had moved, or the store's error; then the old snapshot stays.
    [[nodiscard]] result<bool> refresh();

    /// For programs that learn of changes before the store does, or have no other use for it:
    /// what they apply is searched at once. It lasts until the store's version moves; then the
    /// flights are the store's again.
    [[nodiscard]] live_schedule& live() noexcept { return schedule_; }

    [[nodiscard]] std::shared_ptr<schedule const> snapshot() const { return schedule_.snapshot(); }
    /// The store's version that the snapshot is of, 0 before the first. Ask it first: a snapshot
    /// taken after that is of this version or a newer one.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

    /// A flight that the snapshot leaves out, and why.
    struct faulty_flight {
        flight what;
        flight_fault fault;
    };
    [[nodiscard]] std::vector<faulty_flight> set_aside() const;

    /// Uses memory that its thread keeps from search to search.
    [[nodiscard]] found_routes search(route_query const& query) const;

private:
    /// Takes out and notes what can not be true.
    [[nodiscard]] std::vector<faulty_flight> take_faulty(std::vector<flight>& from) const;
    void publish(std::vector<flight> const& flights);

    any_flight_store& flights_;
    airport_lookup airports_;
    std::mutex refreshing_;
    std::atomic<std::uint64_t> version_ = 0;
    bool loaded_ = false;  // guarded by refreshing_
    live_schedule schedule_;
    mutable std::mutex mutex_;
    std::vector<faulty_flight> set_aside_;  // guarded by mutex_
};

}  // namespace aircargo
