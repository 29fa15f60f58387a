#include <aircargo/async/cargo_system.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <iostream>

using namespace aircargo;

int main()
{
    cargo_system cargo(memory_backends());
    auto const day = parse_date("2026-12-01").value();
    cargo.flights().upsert(demo_schedule(day, 7)).value();
    cargo.routes.refresh().value();

    auto const del = airport_code::parse("DEL").value();
    auto const blr = airport_code::parse("BLR").value();
    auto const found = cargo.routes.search({del, blr, day_at(del, day).value()});
    auto const flights = found.answer.transit.front().flight_ids();
    auto const booked =
        cargo.desk.writes.call(book_request{del, blr, 3, weight::from_kg(120).value(), flights});
    auto const ref = booked.value().terms.ref;
    cargo.desk.writes.call(act_request{ref, booking_act::depart}).value();
    for (auto const& e : cargo.desk.histories.call(ref).value())
        std::cout << name_of(e.type) << " at " << e.location->str() << "\n";
}
