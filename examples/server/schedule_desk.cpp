#include "schedule_desk.hpp"
#include <span>
#include <utility>

namespace aircargo::server {
namespace {

constexpr std::size_t most_imports_waiting = 8;  // each holds up to 1 MiB

}  // namespace

schedule_desk::schedule_desk(any_flight_store& flights, route_service& routes,
                             airport_lookup airports)
    : finds([&flights](std::span<flight_id const> ids) { return flights.find(ids); },
            {.when_thrown = errc::internal_error}),
      flights_(flights),
      routes_(routes),
      airports_(std::move(airports)),
      import_work_(1, most_imports_waiting)
{}

result<import_report> schedule_desk::import(std::string_view csv, bool strict)
{
    import_options options;
    options.strict = strict;
    options.airports = airports_;
    auto report = import_flights_from_text(csv, flights_, options);
    // A failure shows in the log when the server's own look at the store fails too.
    (void)routes_.refresh();
    return report;
}

}  // namespace aircargo::server
