#pragma once

#include "simulation/run.hpp"
#include <cstdint>
#include <string>

namespace aircargo::simulation {

struct shrunk {
    std::uint64_t seed;
    plan with;
    outcome result;
};

/// The smallest run that was found to fail as well: with fewer kinds of faults, clients and
/// operations. What is left out changes all that follows, so seeds close by are tried too. The run
/// itself where it does not fail.
[[nodiscard]] inline shrunk shrink(std::uint64_t seed, plan const& p)
{
    constexpr std::uint64_t seeds_to_try = 40;
    shrunk best{seed, p, run_seed(seed, p)};
    auto const try_with = [&](plan const& smaller) {
        for (std::uint64_t s = best.seed; s < best.seed + seeds_to_try; ++s) {
            auto const o = run_seed(s, smaller);
            if (!o.violation) continue;
            best = {s, smaller, o};
            return true;
        }
        return false;
    };
    if (!best.result.violation) return best;
    for (std::size_t kind = 0; kind < fault_kinds.size(); ++kind) {
        auto without = best.with;
        without.faults &= ~(1U << kind);
        try_with(without);
    }
    for (unsigned plan::*size : {&plan::clients, &plan::operations}) {
        for (auto smaller = best.with; smaller.*size > 1;) {
            smaller.*size -= (smaller.*size + 3) / 4;
            if (!try_with(smaller)) break;
        }
    }
    return best;
}

[[nodiscard]] inline std::string names_of(std::uint32_t faults)
{
    std::string names;
    for (std::size_t kind = 0; kind < fault_kinds.size(); ++kind) {
        if ((faults & (1U << kind)) == 0) continue;
        names += (names.empty() ? "with " : ", ") + std::string(fault_kinds.at(kind));
    }
    return names.empty() ? "without faults" : names;
}

}  // namespace aircargo::simulation
