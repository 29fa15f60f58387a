#pragma once

#include "support/seed.hpp"
#include <aircargo/limit/rate_limit.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace aircargo::test {

/// What a limit was made of, before it was brought to lowest terms.
struct limit_terms {
    std::int64_t count;
    std::int64_t period;  // microseconds
    std::int64_t burst;
};

/// Limits of every size, most of them with units that take no whole number of microseconds.
[[nodiscard]] inline std::pair<limit_terms, rate_limit> any_limit(random_source& random)
{
    for (;;) {
        auto const up_to = [&](std::int64_t most) {
            auto const scale = between<std::int64_t>(random, 1, 4);
            return between<std::int64_t>(random, 1,
                                         std::max<std::int64_t>(most >> (5 * (scale - 1)), 1));
        };
        limit_terms const t{up_to(rate_limit::most), up_to(rate_limit::longest_period.count()),
                            up_to(rate_limit::most)};
        auto const made = rate_limit::make(t.count, std::chrono::microseconds(t.period), t.burst);
        if (made) return {t, *made};
    }
}

/// Most requests cost one, some nothing, few all that is allowed at once.
[[nodiscard]] inline std::int64_t any_cost(random_source& random, limit_terms const& t)
{
    if (chance(random, 0.6)) return 1;
    return between<std::int64_t>(
        random, 0, chance(random, 0.3) ? t.burst : std::min<std::int64_t>(t.burst, 5));
}

}  // namespace aircargo::test
