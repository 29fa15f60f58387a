#include "simulation/many.hpp"
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>

namespace aircargo::simulation {
namespace {

/// What one process tells of its seeds, as it is written into a pipe.
struct told {
    std::uint64_t seeds = 0;
    std::uint64_t operations = 0;
    std::uint64_t changes = 0;
    std::uint64_t hits = 0;
    std::uint64_t traces = 0;
    double cpu_ms = 0;
    std::uint64_t failures = 0;
    std::array<std::uint64_t, 32> failed{};  // the first of them
};
static_assert(sizeof(told) <= 512);  // a pipe takes it whole

[[nodiscard]] told run_every(std::uint64_t first, std::uint64_t end, unsigned step, plan const& p,
                             bool stop_at_first)
{
    told t;
    for (auto seed = first; seed < end; seed += step) {
        auto const o = run_seed(seed, p);
        ++t.seeds;
        t.operations += o.operations;
        t.changes += o.changes;
        t.hits += o.hits;
        t.traces += o.trace_hash * (2 * seed + 1);
        if (!o.violation) continue;
        if (t.failures < t.failed.size()) t.failed.at(t.failures) = seed;
        ++t.failures;
        if (stop_at_first) break;
    }
    t.cpu_ms = 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    return t;
}

[[nodiscard]] std::vector<told> in_processes(std::uint64_t first, std::uint64_t count,
                                             unsigned jobs, plan const& p, bool stop_at_first)
{
    std::array<int, 2> pipe_ends{};
    if (pipe(pipe_ends.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    for (unsigned j = 0; j < jobs; ++j) {
        auto const child = fork();
        if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
        if (child > 0) continue;
        auto const t = run_every(first + j, first + count, jobs, p, stop_at_first);
        bool const wrote = write(pipe_ends[1], &t, sizeof t) == sizeof t;
        _exit(wrote ? 0 : 1);
    }
    close(pipe_ends[1]);
    std::vector<told> all;
    told t;
    while (read(pipe_ends[0], &t, sizeof t) == sizeof t) all.push_back(t);
    close(pipe_ends[0]);
    for (unsigned j = 0; j < jobs; ++j) wait(nullptr);
    if (all.size() != jobs) throw std::runtime_error("a process of the simulation died");
    return all;
}

}  // namespace

total run_seeds(std::uint64_t first, std::uint64_t count, unsigned jobs, plan const& p)
{
    total sum;
    for (auto const& t : in_processes(first, count, jobs, p, false)) {
        sum.seeds += t.seeds;
        sum.operations += t.operations;
        sum.changes += t.changes;
        sum.hits += t.hits;
        sum.traces += t.traces;
        sum.cpu_ms += t.cpu_ms;
        sum.failed.insert(sum.failed.end(), t.failed.begin(),
                          t.failed.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                                 t.failures, t.failed.size())));
    }
    std::sort(sum.failed.begin(), sum.failed.end());
    return sum;
}

std::optional<std::uint64_t> first_failure(std::uint64_t first, std::uint64_t count, unsigned jobs,
                                           plan const& p)
{
    std::optional<std::uint64_t> lowest;
    for (auto const& t : in_processes(first, count, jobs, p, true)) {
        if (t.failures == 0) continue;
        lowest = std::min(lowest.value_or(t.failed[0]), t.failed[0]);
    }
    return lowest;
}

}  // namespace aircargo::simulation
