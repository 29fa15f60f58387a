#pragma once

#include "solver.hpp"
#include <benchmark/benchmark.h>
#include <map>

namespace aircargo::bench {

/// The name of a case: what is asked, by whom, with which caches.
[[nodiscard]] std::string case_name(task what, std::string_view who, bool cold);

/// Takes the runs of all cases and prints at the end, task by task, the median time a question and
/// the ratio to ours.
class ratio_table final : public ::benchmark::BenchmarkReporter {
public:
    ratio_table(entrants const& all, std::size_t questions) : entrants_(all), questions_(questions)
    {}

    bool ReportContext(Context const& context) override;
    void ReportRuns(std::vector<Run> const& runs) override;
    void Finalize() override;

private:
    void print(task what, bool cold) const;
    /// Microseconds a question, or 0 when the case did not run.
    [[nodiscard]] double median(std::string const& name) const;

    entrants const& entrants_;
    std::size_t questions_;
    std::map<std::string, std::vector<double>> times_;  // of each case, microseconds a question
};

}  // namespace aircargo::bench
