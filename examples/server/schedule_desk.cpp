#include "schedule_desk.hpp"
#include <span>
#include <utility>
#include <vector>

namespace aircargo::server {
namespace {

[[nodiscard]] funnel_options one_by_one()
{
    funnel_options o;
    o.max_batch = 1;
    o.max_waiting = 8;  // each holds up to 1 MiB
    return o;
}

[[nodiscard]] auto import_each(any_flight_store& flights, route_service& routes,
                               airport_lookup airports)
{
    return [&flights, &routes, airports = std::move(airports)](std::span<csv_import const> batch) {
        std::vector<result<import_report>> reports;
        for (auto const& import : batch) {
            import_options options;
            options.strict = import.strict;
            options.airports = airports;
            reports.push_back(import_flights_from_text(import.csv, flights, options));
        }
        // A failure shows in the log when the server's own look at the store fails too.
        (void)routes.refresh();
        return reports;
    };
}

}  // namespace

schedule_desk::schedule_desk(any_flight_store& flights, route_service& routes,
                             airport_lookup airports)
    : finds([&flights](std::span<flight_id const> ids) { return flights.find(ids); },
            {.when_thrown = errc::internal_error}),
      imports(import_each(flights, routes, std::move(airports)), one_by_one())
{}

}  // namespace aircargo::server
