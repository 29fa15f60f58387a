#pragma once

#include <aircargo/async/funnel.hpp>
#include <aircargo/service/flight_import.hpp>
#include <aircargo/service/route_service.hpp>
#include <aircargo/store/flight_store.hpp>
#include <string>

namespace aircargo::server {

struct csv_import {
    std::string csv;
    bool strict;
};

/// Where requests about stored flights are handed in, since the store makes its callers wait.
/// Thread-safe. Store and service must outlive it.
class schedule_desk {
public:
    schedule_desk(any_flight_store& flights, route_service& routes, airport_lookup airports);

    funnel<flight_id, flight> finds;
    /// One at a time. What was imported is searched as soon as it is answered.
    funnel<csv_import, import_report> imports;
};

}  // namespace aircargo::server
