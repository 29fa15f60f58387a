// Itineraries a second that a batch writes into its columns, on one thread and on two, beside a
// loop of single searches; then how many it counts. All itineraries of a day: direct flights and
// all connections. AIRCARGO_FLIGHTS_CSV names the flights, as in ./dev bench routing.

#include "routing/data.hpp"
#include <aircargo/service/batch_search.hpp>
#include <benchmark/benchmark.h>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace {

using namespace aircargo;

struct setting {
    schedule s;
    std::vector<route_query> queries;
};

/// Questions as shippers would ask, the same in every run.
[[nodiscard]] setting const& asked()
{
    static setting const all = [] {
        auto real = bench::real_flights();
        auto const data = real ? *std::move(real) : bench::made_up(1'000'000, 10);
        setting made{schedule(data.flights), {}};
        for (auto const& q : bench::draw_questions(data.flights, 5000, 1)) {
            made.queries.push_back({q.origin, q.destination, q.day});
        }
        return made;
    }();
    return all;
}

void tell(benchmark::State& state, std::size_t itineraries)
{
    using benchmark::Counter;
    auto const rounds = static_cast<double>(state.iterations());
    state.counters["itineraries/s"] =
        Counter(static_cast<double>(itineraries) * rounds, Counter::kIsRate);
    state.counters["queries/s"] =
        Counter(static_cast<double>(asked().queries.size()) * rounds, Counter::kIsRate);
}

/// The pairs of one query after the other in one buffer: no ids, no times.
void single_searches(benchmark::State& state)
{
    auto const& [s, queries] = asked();
    connections found;
    std::vector<connection_pair> buffer;
    std::size_t total = 0;
    for (auto _ : state) {
        total = 0;
        for (auto const& q : queries) {
            find_connections(s, q, found);
            benchmark::DoNotOptimize(found.copy_to(buffer).data());
            total += found.size();
        }
    }
    tell(state, total);
}
BENCHMARK(single_searches)->Unit(benchmark::kMillisecond)->UseRealTime();

void batches(benchmark::State& state)
{
    batch_search batch(static_cast<std::size_t>(state.range(0)));
    batch_answer found;
    batch.run(asked().s, asked().queries, found);  // lets memory grow
    for (auto _ : state) batch.run(asked().s, asked().queries, found);
    tell(state, found.itineraries());
}
BENCHMARK(batches)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void counts(benchmark::State& state)
{
    batch_search batch(static_cast<std::size_t>(state.range(0)));
    std::vector<std::int64_t> found;
    for (auto _ : state) batch.count(asked().s, asked().queries, found);
    tell(state,
         static_cast<std::size_t>(std::accumulate(found.begin(), found.end(), std::int64_t{0})));
}
BENCHMARK(counts)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The 20 earliest arrivals of each query.
void best_of(benchmark::State& state)
{
    auto queries = asked().queries;
    for (auto& q : queries) q.limit = 20;
    batch_search batch(static_cast<std::size_t>(state.range(0)));
    batch_answer found;
    for (auto _ : state) batch.run(asked().s, queries, found);
    tell(state, found.itineraries());
}
BENCHMARK(best_of)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
