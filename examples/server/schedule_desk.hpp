#pragma once

#include "worker_pool.hpp"
#include <aircargo/async/funnel.hpp>
#include <aircargo/service/flight_import.hpp>
#include <aircargo/service/route_service.hpp>
#include <aircargo/store/flight_store.hpp>
#include <string_view>

namespace aircargo::server {

/// Where requests about stored flights are handed in, since the store makes its callers wait.
/// Thread-safe. Store and service must outlive it.
class schedule_desk {
public:
    schedule_desk(any_flight_store& flights, route_service& routes, airport_lookup airports);

    funnel<flight_id, flight> finds;

    /// For imports, one at a time.
    [[nodiscard]] worker_pool& import_work() noexcept { return import_work_; }
    /// Blocks. What was imported is searched as soon as it returns.
    [[nodiscard]] result<import_report> import(std::string_view csv, bool strict);

private:
    any_flight_store& flights_;
    route_service& routes_;
    airport_lookup airports_;
    worker_pool import_work_;  // last, since what it does uses the others
};

}  // namespace aircargo::server
