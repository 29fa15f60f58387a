#include "ratio_table.hpp"
#include "ours.hpp"
#include <algorithm>
#include <cstdio>

namespace aircargo::bench {

std::string case_name(task what, std::string_view who, bool cold)
{
    return std::string(name_of(what)) + (cold ? ", cold caches: " : ": ") + std::string(who);
}

bool ratio_table::ReportContext(Context const& context)
{
    PrintBasicContext(&GetErrorStream(), context);
    return true;
}

void ratio_table::ReportRuns(std::vector<Run> const& runs)
{
    for (auto const& run : runs) {
        if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
        auto const asked = static_cast<double>(run.iterations) * static_cast<double>(questions_);
        times_[run.run_name.function_name].push_back(run.real_accumulated_time * 1e6 / asked);
    }
}

void ratio_table::Finalize()
{
    for (auto const what : all_tasks) {
        for (bool const cold : {false, true}) print(what, cold);
    }
}

void ratio_table::print(task what, bool cold) const
{
    auto const ours = median(case_name(what, our_name, cold));
    bool first = true;
    for (auto const& e : entrants_) {
        auto const name = case_name(what, e.name, cold);
        if (e.what != what || !times_.contains(name)) continue;
        if (std::exchange(first, false)) {
            auto const title = std::string(name_of(what)) + (cold ? ", cold caches" : "");
            std::printf("\n%-56s %12s %10s %6s\n", title.c_str(), "us/question", "x ours", "runs");
        }
        auto const time = median(name);
        auto const runs = times_.at(name).size();
        if (ours > 0) {
            std::printf("  %-54s %12.2f %10.1f %6zu\n", e.name.c_str(), time, time / ours, runs);
        } else {
            std::printf("  %-54s %12.2f %10s %6zu\n", e.name.c_str(), time, "-", runs);
        }
    }
}

double ratio_table::median(std::string const& name) const
{
    auto const at = times_.find(name);
    if (at == times_.end()) return 0;
    auto times = at->second;
    auto const middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

}  // namespace aircargo::bench
