#include "support/printers.hpp"
#include "support/rate_limits.hpp"
#include "support/seed.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/limit/memory.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>
#include <cstddef>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using rational = boost::multiprecision::cpp_rational;
using whole = boost::multiprecision::cpp_int;
using std::chrono::microseconds;

[[nodiscard]] whole floor_of(rational const& x) { return numerator(x) / denominator(x); }
[[nodiscard]] std::int64_t rounded_up(rational const& x)
{
    auto const down = floor_of(x);
    return static_cast<std::int64_t>(rational(down) == x ? down : whole(down + 1));
}

/// What is allowed, as a bucket that fills up and is never counted in anything but fractions.
class exact_bucket {
public:
    exact_bucket(std::int64_t count, std::int64_t period, std::int64_t burst)
        : rate_(rational(count) / period), burst_(burst), there_(burst)
    {}

    rate_answer take(std::int64_t cost, std::int64_t now)
    {
        there_ = std::min<rational>(burst_, there_ + (now - asked_) * rate_);
        asked_ = now;
        bool const allowed = there_ >= cost;
        if (allowed) there_ -= cost;
        auto const missing = allowed ? rational(0) : rational(cost - there_);
        return {allowed, static_cast<std::int64_t>(floor_of(there_)),
                microseconds(rounded_up(missing / rate_)),
                microseconds(rounded_up((burst_ - there_) / rate_))};
    }

private:
    rational rate_;
    rational burst_;
    rational there_;
    std::int64_t asked_ = 0;
};

/// Times to pass between requests that make all things happen: nothing, a bit, all of it comes
/// back.
[[nodiscard]] std::int64_t any_wait(random_source& random, limit_terms const& t,
                                    rate_answer const& last)
{
    auto const unit = std::max<std::int64_t>(t.period / t.count, 1);
    switch (between(random, 0, 5)) {
        case 0: return 0;
        case 1: return last.retry_after.count();
        case 2: return std::max<std::int64_t>(last.retry_after.count() - 1, 0);
        case 3: return between<std::int64_t>(random, 0, 2 * unit);
        case 4: return between<std::int64_t>(random, 0, last.reset_after.count());
        default: return last.reset_after.count() + between<std::int64_t>(random, 0, 2);
    }
}

TEST(gcra, answers_as_a_bucket_counted_in_fractions)
{
    random_source random(printed_seed());
    for (int n = 0; n < 400; ++n) {
        auto const [t, limit] = any_limit(random);
        virtual_clock time;
        memory_rate_limiter limiter{{.now = time.monotonic()}};
        exact_bucket bucket(t.count, t.period, t.burst);
        std::int64_t now = 0;
        rate_answer last;
        for (int i = 0; i < 200; ++i) {
            auto const wait = any_wait(random, t, last);
            auto const cost = any_cost(random, t);
            now += wait;
            time.pass(microseconds(wait));
            last = bucket.take(cost, now);
            auto const answer = limiter.check(std::vector{rate_request{"a", limit, cost}}).front();
            ASSERT_EQ(answer.value(), last)
                << t.count << " in " << t.period << " us, burst " << t.burst << ", cost " << cost
                << " at " << now << " us, request " << i;
        }
    }
}

TEST(gcra, allows_no_window_more_than_its_burst_and_what_comes_back_in_it)
{
    random_source random(printed_seed());
    for (int n = 0; n < 200; ++n) {
        auto const [t, limit] = any_limit(random);
        detail::gcra::debt_end until;
        std::vector<std::pair<std::int64_t, std::int64_t>> allowed;  // when, and how much
        std::int64_t now = between<std::int64_t>(random, 0, 1'000'000);
        rate_answer last;
        for (int i = 0; i < 300; ++i) {
            now += any_wait(random, t, last);
            auto const cost = any_cost(random, t);
            auto const came = detail::gcra::take(until, limit, cost, now);
            last = detail::gcra::answer_of(came, limit, cost);
            if (came.allowed) allowed.emplace_back(now, cost);
        }
        for (std::size_t from = 0; from < allowed.size(); ++from) {
            std::int64_t sum = 0;
            for (std::size_t to = from; to < allowed.size(); ++to) {
                sum += allowed[to].second;
                auto const span = allowed[to].first - allowed[from].first;
                ASSERT_LE(rational(sum - t.burst) * t.period, rational(span) * t.count);
            }
        }
    }
}

TEST(gcra, holds_the_largest_of_all_debts)
{
    using detail::gcra::take;
    auto const most = rate_limit::most;
    auto const limit = rate_limit::make(most - 1, rate_limit::longest_period, most).value();
    constexpr std::int64_t year_2200 = 7'258'118'400'000'000;
    detail::gcra::debt_end until;
    auto const all = take(until, limit, most, year_2200);
    EXPECT_TRUE(all.allowed);
    EXPECT_LT(until.whole, std::int64_t{1} << 53) << "which Redis counts without a rounding";
    EXPECT_FALSE(take(until, limit, 1, year_2200).allowed);
    auto const answer = detail::gcra::answer_of(all, limit, most);
    EXPECT_EQ(answer.remaining, 0);
    EXPECT_EQ(
        rational(answer.reset_after.count()),
        rational(rounded_up(rational(most) * rate_limit::longest_period.count() / (most - 1))));
}

TEST(gcra, lets_nobody_wait_longer_than_a_burst_when_the_clock_was_set_back)
{
    using detail::gcra::take;
    auto const limit = rate_limit::make(1, std::chrono::seconds(1), 5).value();
    detail::gcra::debt_end until;
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(take(until, limit, 1, 10'000'000'000).allowed);
    EXPECT_FALSE(take(until, limit, 1, 1'000'000'000).allowed) << "150 minutes earlier";
    EXPECT_FALSE(take(until, limit, 1, 1'000'999'999).allowed);
    EXPECT_TRUE(take(until, limit, 1, 1'001'000'000).allowed);
}

}  // namespace
}  // namespace aircargo::test
