// The simulation as a program: see --help, and docs/simulation.md.

#include "simulation/many.hpp"
#include "simulation/run.hpp"
#include "simulation/shrink.hpp"
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <thread>

namespace {

using namespace aircargo::simulation;

struct request {
    std::uint64_t first = 1;
    std::uint64_t seeds = 10'000;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    std::string planted = "none";
    bool all_bugs = false;
    std::uint64_t repeat = 0;  ///< of one seed
    std::optional<std::uint64_t> trace;
};

void print_failure(std::uint64_t seed, plan const& p, outcome const& found)
{
    std::cout << "seed " << seed << " (" << found.profile << ")\n  " << *found.violation << '\n';
    auto const small = shrink(seed, p);
    std::cout << "the smallest run that fails too: seed " << small.seed << ", "
              << small.with.clients << " clients, " << small.with.operations << " operations each, "
              << names_of(small.with.faults) << "\n  " << *small.result.violation << '\n'
              << "see it with: simulate --trace " << seed << '\n';
}

int run_many(request const& r)
{
    plan p;
    p.planted = *find_bug(r.planted);
    auto const began = std::chrono::steady_clock::now();
    auto const all = run_seeds(r.first, r.seeds, r.jobs, p);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
    std::printf(
        "%llu seeds from %llu, %llu operations, %llu changes, %llu cache hits, "
        "%llu violations; %.1f s, %.2f ms of CPU a seed; all traces %016llx\n",
        static_cast<unsigned long long>(all.seeds), static_cast<unsigned long long>(r.first),
        static_cast<unsigned long long>(all.operations),
        static_cast<unsigned long long>(all.changes), static_cast<unsigned long long>(all.hits),
        static_cast<unsigned long long>(all.failed.size()), took.count(),
        all.cpu_ms / static_cast<double>(all.seeds), static_cast<unsigned long long>(all.traces));
    std::fflush(stdout);
    if (all.hits == 0) {
        std::cout << "the cache answered no read, so nothing was shown\n";
        return 1;
    }
    if (all.failed.empty()) return 0;
    auto const worst = all.failed.front();
    print_failure(worst, p, run_seed(worst, p));
    return 1;
}

/// Every planted bug must be found; the table tells by which check and how soon.
int find_all_bugs(request const& r)
{
    int missed = 0;
    for (auto const& b : bugs) {
        if (b.what == bug::none) continue;
        plan p;
        p.planted = b.what;
        auto const found = first_failure(r.first, r.seeds, r.jobs, p);
        if (!found) {
            ++missed;
            std::printf("%-24s NOT FOUND in %llu seeds   %s\n", std::string(b.name).c_str(),
                        static_cast<unsigned long long>(r.seeds), std::string(b.trap).c_str());
            continue;
        }
        auto const why = *run_seed(*found, p).violation;
        std::printf("%-24s seed %-6llu %-10s %s\n", std::string(b.name).c_str(),
                    static_cast<unsigned long long>(*found), why.substr(0, why.find(':')).c_str(),
                    std::string(b.trap).c_str());
        std::fflush(stdout);
    }
    return missed == 0 ? 0 : 1;
}

int repeat_seed(request const& r)
{
    plan p;
    p.planted = *find_bug(r.planted);
    auto const first = run_seed(r.first, p).trace_hash;
    std::uint64_t equal = 0;
    for (std::uint64_t i = 0; i < r.repeat; ++i) {
        (void)run_seed(r.first + 1 + i % 7, p);  // other worlds in between leave no trace in it
        equal += run_seed(r.first, p).trace_hash == first ? 1 : 0;
    }
    std::printf("seed %llu: trace %016llx, %llu of %llu times\n",
                static_cast<unsigned long long>(r.first), static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(equal), static_cast<unsigned long long>(r.repeat));
    return equal == r.repeat ? 0 : 1;
}

int show_trace(request const& r)
{
    plan p;
    p.planted = *find_bug(r.planted);
    auto small = shrink(*r.trace, p);
    small.with.show = [](std::string const& line) { std::cout << line << '\n'; };
    auto const shown = run_seed(small.seed, small.with);
    std::cout << shown.violation.value_or("no violation") << '\n';
    return shown.violation ? 1 : 0;
}

int run(int argc, char** argv)
{
    CLI::App cli("Runs the services through simulated worlds in which much goes wrong.",
                 "simulate");
    request r;
    cli.add_option("--first", r.first, "The first seed")->capture_default_str();
    cli.add_option("--seeds", r.seeds, "How many")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    cli.add_option("--jobs", r.jobs, "Processes at a time")->check(CLI::Range(1U, 256U));
    cli.add_option("--bug", r.planted, "A mistake to plant")
        ->check(CLI::Validator(
            [](std::string& name) { return find_bug(name) ? "" : "there is no bug " + name; },
            "BUG"));
    cli.add_flag("--bugs", r.all_bugs, "Plant each mistake in turn and look for it");
    cli.add_option("--repeat", r.repeat, "Run the first seed so often and compare the traces");
    cli.add_option("--trace", r.trace, "Show a run of this seed, as small as still fails");
    CLI11_PARSE(cli, argc, argv);
    if (r.trace) return show_trace(r);
    if (r.all_bugs) return find_all_bugs(r);
    if (r.repeat > 0) return repeat_seed(r);
    return run_many(r);
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (std::exception const& failure) {
        std::cerr << "simulate: " << failure.what() << '\n';
        return 2;
    }
}
