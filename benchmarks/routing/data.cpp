#include "data.hpp"
#include <aircargo/routing/flight_check.hpp>
#include <aircargo/service/flight_import.hpp>
#include <aircargo/store/memory.hpp>
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/made_up_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

namespace aircargo::bench {
namespace {

[[nodiscard]] std::vector<flight> flights_of_csv(std::string const& path)
{
    auto const store = make_flight_store<memory_flight_store>();
    (void)import_flights(path, *store).value();
    return store->load({}).value();
}

void number(std::vector<flight>& flights)
{
    std::int64_t id = 0;
    for (auto& f : flights) f.id = static_cast<flight_id>(++id);
}

}  // namespace

std::optional<data_set> real_flights()
{
    char const* const csv = std::getenv("AIRCARGO_FLIGHTS_CSV");
    if (csv == nullptr || *csv == '\0') return std::nullopt;
    data_set data{std::filesystem::path(csv).filename(), flights_of_csv(csv)};
    std::erase_if(data.flights,
                  [](flight const& f) { return fault_of(f, find_airport).has_value(); });
    number(data.flights);
    return data;
}

data_set made_up(std::size_t flights, int days)
{
    made_up_world const world{.flights = flights, .days = days};
    data_set data{"a made-up world, " + std::to_string(flights) + " flights, " +
                      std::to_string(days) + " days (seed " + std::to_string(world.seed) + ")",
                  made_up_schedule(world)};
    number(data.flights);
    return data;
}

std::vector<question> draw_questions(std::span<flight const> flights, std::size_t count,
                                     std::uint64_t seed)
{
    auto const [first, last] = std::minmax_element(
        flights.begin(), flights.end(),
        [](flight const& a, flight const& b) { return a.departure < b.departure; });
    auto const first_day = std::chrono::floor<std::chrono::days>(first->departure);
    auto const days = std::chrono::ceil<std::chrono::days>(last->departure - first_day).count();

    std::mt19937_64 random(seed);
    auto const some_origin = [&] { return flights[random() % flights.size()].origin; };
    std::vector<question> questions;
    while (questions.size() < count) {
        auto const origin = some_origin();
        auto const destination = some_origin();
        auto const day = first_day + std::chrono::days(random() % static_cast<std::uint64_t>(days));
        auto const window = day_at(origin, date(day)).value();
        bool const inside = window.start >= first->departure && window.next_end <= last->departure;
        if (origin != destination && inside) questions.push_back({origin, destination, window});
    }
    return questions;
}

}  // namespace aircargo::bench
