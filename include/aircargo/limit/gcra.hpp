#pragma once

#include <aircargo/limit/rate_limit.hpp>
#include <algorithm>
#include <cstdint>

/// The generic cell rate algorithm, exactly. Who uses up what is allowed is in debt: each unit
/// costs the time in which one comes back, debts shrink as time passes, and none may exceed a full
/// burst.
///
/// At 7 a second a unit costs 142,857 1/7 us. So debts are counted in parts, of which a microsecond
/// has as many as the limit's `count`: a unit costs `period` parts, whatever the rate, and nothing
/// is ever rounded. All of it stays below 2^63, as `rate_limit` sees to.
namespace aircargo::detail::gcra {

/// Until when a key is in debt: `whole` microseconds and `part` of `count` parts of the next.
struct debt_end {
    std::int64_t whole = 0;
    std::int64_t part = 0;  ///< 0 <= part < count
    std::int64_t count = 1;

    friend constexpr bool operator==(debt_end const&, debt_end const&) = default;
};

/// What came of a request.
struct outcome {
    bool allowed = false;
    std::int64_t debt = 0;  ///< after it, in parts
};

[[nodiscard]] constexpr std::int64_t price(rate_limit const& limit, std::int64_t units) noexcept
{
    return units * limit.period().count();
}

/// The debt at a time, in parts of `limit`. Never more than a full burst: what looks like more
/// comes from a clock that was set back or from a limit that was lowered.
[[nodiscard]] constexpr std::int64_t debt_at(debt_end const& until, rate_limit const& limit,
                                             std::int64_t now) noexcept
{
    auto const full = price(limit, limit.burst());
    auto const whole = until.whole - now;
    if (whole > full / limit.count()) return full;
    // Parts of another limit are rounded up to a microsecond.
    auto const part = until.count == limit.count() ? until.part
                      : until.part == 0            ? 0
                                                   : limit.count();
    return std::clamp<std::int64_t>(std::max<std::int64_t>(whole, -1) * limit.count() + part, 0,
                                    full);
}

[[nodiscard]] constexpr debt_end end_of(std::int64_t debt, rate_limit const& limit,
                                        std::int64_t now) noexcept
{
    return {now + debt / limit.count(), debt % limit.count(), limit.count()};
}

/// Takes `units` if they are allowed, at the time `now` in microseconds.
[[nodiscard]] constexpr outcome take(debt_end& until, rate_limit const& limit, std::int64_t units,
                                     std::int64_t now) noexcept
{
    auto const before = debt_at(until, limit, now);
    auto const after = before + price(limit, units);
    bool const allowed = after <= price(limit, limit.burst());
    auto const debt = allowed ? after : before;
    until =
        end_of(debt, limit, now);  // also of a refused one: its debt may have been cut to a burst
    return {allowed, debt};
}

/// The time in which a debt is gone, rounded up to a microsecond.
[[nodiscard]] constexpr std::chrono::microseconds time_to_pay(std::int64_t debt,
                                                              rate_limit const& limit) noexcept
{
    auto const rounded_up = debt / limit.count() + (debt % limit.count() > 0 ? 1 : 0);
    return std::chrono::microseconds(rounded_up);
}

}  // namespace aircargo::detail::gcra
