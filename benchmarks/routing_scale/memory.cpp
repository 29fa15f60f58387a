#include "figures.hpp"
#include "parts.hpp"
#if __has_include(<aircargo/routing/masked_lane.hpp>)
#include <aircargo/routing/masked_lane.hpp>
#define AIRCARGO_BENCH_COMPACT
#endif

namespace aircargo::bench {
namespace {

/// \param below target of the bytes that searches read
template <class Schedule>
void print_bytes(std::string const& form, Schedule const& s, target below)
{
    auto const a_flight = [&](std::size_t bytes) {
        return static_cast<double>(bytes) / static_cast<double>(s.size());
    };
    print_figure(form + ", what searches read", a_flight(s.hot_memory()), "bytes/flight", below);
    print_figure(form + ", all, as in its file", a_flight(s.bytes().size()), "bytes/flight");
}

}  // namespace

void measure_memory(data_set const& data)
{
    print_heading("memory: " + data.name);
    print_bytes("plain schedule", schedule(data.flights), {});
#ifdef AIRCARGO_BENCH_COMPACT
    print_bytes("compact schedule", compact_schedule(data.flights), 2.0);
#endif
}

}  // namespace aircargo::bench
