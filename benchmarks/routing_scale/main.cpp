// What the schedule costs as it grows: bytes a flight, building and opening, updates while others
// search, and searches beside the size of their answers. Each figure is printed with its target.
// The real flights take part where AIRCARGO_FLIGHTS_CSV names them; see
// benchmarks/routing_scale.sh.

#include "figures.hpp"
#include "parts.hpp"
#include <cstdio>
#include <exception>

namespace {

using namespace aircargo;
using namespace aircargo::bench;

constexpr int days = 30;

void measure_real_flights()
{
    auto const real = real_flights();
    if (!real) {
        std::printf("skipped: real flights: AIRCARGO_FLIGHTS_CSV names none\n");
        return;
    }
    measure_memory(*real);
    schedule const s(real->flights);
    measure_live(*real, s);
    measure_search(*real, s);
}

void measure_worlds()
{
    for (std::size_t const flights : {100'000, 1'000'000}) {
        auto const world = made_up(flights, days);
        measure_memory(world);
        measure_search(world, schedule(world.flights));
    }
    auto const world = made_up(5'000'000, days);
    measure_build(world);
    measure_memory(world);
    schedule const s(world.flights);
    measure_search(world, s);
    measure_live(world, s);
}

}  // namespace

int main()
{
    try {
        std::printf("questions by seed %llu\n", static_cast<unsigned long long>(question_seed));
        stopwatch const watch;
        measure_real_flights();
        measure_worlds();
        std::printf("\ntook %.0f s\n", watch.seconds());
        return 0;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "failed: %s\n", e.what());
        return 1;
    }
}
