#pragma once

#include <aircargo/core/result.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>

namespace aircargo {

/// How much is allowed: up to `burst` at once, and `count` a `period` in the long run, evenly. In
/// every window of a length t at most burst + count / period * t.
/// A `rate_limit` that exists is valid, because `make` is the only way in.
class rate_limit {
public:
    static constexpr std::int64_t most = 1'000'000;  ///< of `count` and of `burst`
    static constexpr std::chrono::microseconds longest_period = std::chrono::days(31);
    static constexpr std::chrono::microseconds longest_burst = std::chrono::days(366);

    /// \param count 1 to `most`
    /// \param period 1 us to `longest_period`
    /// \param burst 1 to `most`, and no more than come back within `longest_burst`
    /// \return the limit, or `invalid_request`
    [[nodiscard]] static result<rate_limit> make(std::int64_t count,
                                                 std::chrono::microseconds period,
                                                 std::int64_t burst);

    /// As given, in lowest terms: 60 a minute are 1 a second.
    [[nodiscard]] constexpr std::int64_t count() const noexcept { return count_; }
    [[nodiscard]] constexpr std::chrono::microseconds period() const noexcept
    {
        return std::chrono::microseconds(period_);
    }
    [[nodiscard]] constexpr std::int64_t burst() const noexcept { return burst_; }

    friend constexpr bool operator==(rate_limit const&, rate_limit const&) = default;

private:
    constexpr rate_limit(std::int64_t count, std::int64_t period, std::int64_t burst) noexcept
        : count_(count), period_(period), burst_(burst)
    {}

    std::int64_t count_;
    std::int64_t period_;  // microseconds
    std::int64_t burst_;
};

inline result<rate_limit> rate_limit::make(std::int64_t count, std::chrono::microseconds period,
                                           std::int64_t burst)
{
    auto const refused = [](char const* why) {
        return refuse(errc::invalid_request, std::string("a rate limit needs ") + why);
    };
    if (count < 1 || count > most) return refused("a count from 1 to 1,000,000");
    if (burst < 1 || burst > most) return refused("a burst from 1 to 1,000,000");
    if (period.count() < 1 || period > longest_period)
        return refused("a period from a microsecond to 31 days");
    if (burst * period.count() / count > longest_burst.count())
        return refused("a burst that comes back within 366 days");
    auto const common = std::gcd(count, std::int64_t{period.count()});
    return rate_limit(count / common, period.count() / common, burst);
}

// What the arithmetic below and in Redis rests on.
static_assert(rate_limit::most <=
              std::numeric_limits<std::int64_t>::max() / rate_limit::longest_period.count() / 2);

}  // namespace aircargo
