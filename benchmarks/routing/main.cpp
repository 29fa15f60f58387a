// Compares our route search with peers that Debian packages give: the same flights and questions,
// one process, in turns, and first of all every answer checked against those of the others.
// Run it by benchmarks/routing.sh, which brings PostgreSQL along. Takes Google Benchmark's flags.

#include "cold_caches.hpp"
#include "cross_check.hpp"
#include "data.hpp"
#include "ours.hpp"
#include "peers/peers.hpp"
#include "ratio_table.hpp"
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <iterator>

namespace {

using namespace aircargo;
using namespace aircargo::bench;

constexpr std::size_t question_count = 500;
constexpr std::uint64_t seed = 20'080'101;
constexpr int cold_repetitions = 3;

void add(entrants& to, entrants from)
{
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

void add_postgres([[maybe_unused]] entrants& to, [[maybe_unused]] std::span<flight const> flights)
{
#ifdef AIRCARGO_BENCH_WITH_POSTGRES
    char const* const server = std::getenv("AIRCARGO_BENCH_POSTGRES");
    if (server != nullptr && *server != '\0') {
        add(to, postgres_join(flights, server));
    } else {
        std::cerr << "skipped: PostgreSQL: AIRCARGO_BENCH_POSTGRES names no server;"
                     " benchmarks/routing.sh starts one\n";
    }
#else
    std::cerr << "skipped: PostgreSQL: libpq was missing when this was built (libpq-dev)\n";
#endif
}

void add_lemon([[maybe_unused]] entrants& to, [[maybe_unused]] std::span<flight const> flights)
{
#ifdef AIRCARGO_BENCH_WITH_LEMON
    add(to, lemon_time_expanded(flights));
#else
    std::cerr << "skipped: LEMON: it was missing when this was built (liblemon-dev)\n";
#endif
}

[[nodiscard]] entrants all_entrants(std::span<flight const> flights)
{
    entrants all = ours(flights);
    add(all, lane_walk(flights));
    add(all, flight_walk(flights));
    add(all, time_dependent(flights));
    add(all, time_expanded(flights));
    add_lemon(all, flights);
    add(all, range_dijkstra(flights));
    add(all, sqlite_join(flights));
    add_postgres(all, flights);
    add(all, referee(flights));
    return all;
}

/// Only the questions are timed, not what makes the caches cold.
void ask_cold(::benchmark::State& state, solver& s, std::span<question const> questions)
{
    using clock = std::chrono::steady_clock;
    cold_caches caches;
    for (auto _ : state) {
        clock::duration asked{};
        for (auto const& q : questions) {
            caches.make_cold();
            auto const start = clock::now();
            s.ask(q);
            asked += clock::now() - start;
        }
        state.SetIterationTime(std::chrono::duration<double>(asked).count());
    }
}

void register_cases(entrants const& all, std::span<question const> questions)
{
    for (auto const& e : all) {
        if (e.repetitions == 0) continue;
        auto* const s = e.solves.get();
        ::benchmark::RegisterBenchmark(case_name(e.what, e.name, false).c_str(),
                                       [=](::benchmark::State& state) {
                                           for (auto _ : state) {
                                               for (auto const& q : questions) s->ask(q);
                                           }
                                       })
            ->MinTime(0.05)
            ->Repetitions(e.repetitions)
            ->UseRealTime();
        if (!e.cold) continue;
        ::benchmark::RegisterBenchmark(
            case_name(e.what, e.name, true).c_str(),
            [=](::benchmark::State& state) { ask_cold(state, *s, questions); })
            ->Iterations(1)
            ->Repetitions(cold_repetitions)
            ->UseManualTime();
    }
}

int run(int argc, char** argv)
{
    std::string interleaved = "--benchmark_enable_random_interleaving=true";
    std::vector<char*> arguments(argv, argv + argc);
    arguments.insert(arguments.begin() + 1, interleaved.data());
    auto count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    ::benchmark::Initialize(&count, arguments.data());
    if (::benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;

    auto real = real_flights();
    auto const data = real ? *std::move(real) : made_up(1'000'000, 10);
    auto const questions = draw_questions(data.flights, question_count, seed);
    std::cout << data.name << ": " << data.flights.size() << " flights, " << questions.size()
              << " questions (seed " << seed << ")" << std::endl;
    auto const all = all_entrants(data.flights);
    if (auto const different = cross_check(all, data.flights, questions); different > 0) {
        std::cerr << "failed: " << different << " answers differ, nothing was timed\n";
        return 1;
    }
    register_cases(all, questions);
    ratio_table table(all, questions.size());
    ::benchmark::RunSpecifiedBenchmarks(&table);
    ::benchmark::Shutdown();
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (std::exception const& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
