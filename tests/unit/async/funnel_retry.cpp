#include "support/printers.hpp"
#include <aircargo/async/funnel.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <latch>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using number_funnel = funnel<int, int>;

constexpr retry_plan three_attempts{.attempts = 3, .base = 0ms};

/// Finds the lock of each number busy so many times; then answers the number.
class busy_work {
public:
    /// Number and how often its lock is busy.
    busy_work(std::initializer_list<std::pair<int const, int>> busy) : busy_(busy) {}

    std::vector<result<int>> operator()(std::span<int const> asked)
    {
        std::scoped_lock const lock(mutex_);
        largest_ = std::max(largest_, asked.size());
        std::vector<result<int>> out;
        for (int n : asked) {
            order_.push_back(n);
            if (busy_[n]-- > 0) {
                out.emplace_back(refuse(errc::lock_busy, "someone else is at work"));
            } else {
                out.emplace_back(n);
            }
        }
        return out;
    }
    [[nodiscard]] std::vector<int> order()
    {
        std::scoped_lock const lock(mutex_);
        return order_;
    }
    [[nodiscard]] std::size_t largest()
    {
        std::scoped_lock const lock(mutex_);
        return largest_;
    }

private:
    std::mutex mutex_;
    std::map<int, int> busy_;
    std::vector<int> order_;
    std::size_t largest_ = 0;
};

TEST(funnel_retry, tries_a_busy_lock_again)
{
    busy_work work{{1, 2}};
    number_funnel f([&](auto asked) { return work(asked); }, {.retry = three_attempts});

    EXPECT_EQ(f.call(1).value(), 1);
    EXPECT_EQ(work.order(), (std::vector{1, 1, 1}));
    EXPECT_EQ(f.counts().retries, 2U);
}

TEST(funnel_retry, gives_up_when_the_attempts_are_used_up)
{
    busy_work work{{1, 100}};
    number_funnel f([&](auto asked) { return work(asked); }, {.retry = three_attempts});

    EXPECT_EQ(code_of(f.call(1)), errc::lock_busy);
    EXPECT_EQ(work.order().size(), 3U);
}

TEST(funnel_retry, answers_at_once_when_the_next_attempt_would_come_too_late)
{
    busy_work work{{1, 100}};
    number_funnel f([&](auto asked) { return work(asked); },
                    {.retry = {.attempts = 50, .base = 1h, .within = 29min}});

    EXPECT_EQ(code_of(f.call(1)), errc::lock_busy);
    EXPECT_EQ(work.order().size(), 1U);
    EXPECT_EQ(f.counts().retries, 0U);
    EXPECT_EQ(f.counts().gave_up, 1U);
}

TEST(funnel_retry, counts_the_deadline_from_when_a_request_came_in)
{
    busy_work work{{2, 100}};
    std::latch entered(1);
    std::latch open(1);
    std::latch all(2);
    auto const within = 5ms;
    number_funnel f(
        [&](auto asked) {
            if (asked.front() == 1) {
                entered.count_down();
                open.wait();
            }
            return work(asked);
        },
        {.retry = {.attempts = 1'000'000'000, .base = 0ms, .within = within}});
    f.submit(1, [&](result<int> const&) { all.count_down(); });
    entered.wait();
    auto const came = std::chrono::steady_clock::now();
    f.submit(2, [&](result<int> const&) { all.count_down(); });
    auto const submitted = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() <= submitted + within) std::this_thread::yield();
    open.count_down();
    all.wait();

    EXPECT_GT(std::chrono::steady_clock::now() - came, within);
    EXPECT_EQ(work.order(), (std::vector{1, 2})) << "its time was over when it was first tried";
}

TEST(funnel_retry, counts_who_met_a_busy_lock_and_who_gave_up)
{
    busy_work work{{1, 2}, {2, 100}};
    number_funnel f([&](auto asked) { return work(asked); }, {.retry = three_attempts});
    EXPECT_EQ(code_of(f.call(0)), accepted);
    EXPECT_EQ(f.counts().contended, 0U);
    EXPECT_EQ(f.counts().lock_wait, 0ns);

    EXPECT_EQ(code_of(f.call(1)), accepted);
    EXPECT_EQ(f.counts().contended, 1U) << "however often it was busy";
    EXPECT_EQ(f.counts().gave_up, 0U);

    EXPECT_EQ(code_of(f.call(2)), errc::lock_busy);
    EXPECT_EQ(f.counts().contended, 2U);
    EXPECT_EQ(f.counts().gave_up, 1U);
    EXPECT_EQ(f.counts().retries, 4U);
}

TEST(funnel_retry, counts_how_long_locks_were_waited_for)
{
    busy_work work{{1, 1'000}};
    number_funnel f([&](auto asked) { return work(asked); },
                    {.retry = {.attempts = 2'000, .base = 0ms}});
    auto const before = std::chrono::steady_clock::now();
    EXPECT_EQ(code_of(f.call(1)), accepted);
    auto const all = std::chrono::steady_clock::now() - before;

    auto const first = f.counts().lock_wait;
    EXPECT_GT(first, 0ns);
    EXPECT_LT(first, all);
    EXPECT_EQ(code_of(f.call(2)), accepted);
    EXPECT_EQ(f.counts().lock_wait, first) << "it met no lock";
}

TEST(funnel_retry, tries_nothing_else_again)
{
    int calls = 0;
    number_funnel f(
        [&](auto) {
            ++calls;
            return std::vector<result<int>>{refuse(errc::stale_revision, "lost")};
        },
        {.retry = three_attempts});

    EXPECT_EQ(code_of(f.call(1)), errc::stale_revision);
    EXPECT_EQ(calls, 1);
}

TEST(funnel_retry, lets_nobody_overtake_who_waits_for_the_same_lock)
{
    busy_work work{{11, 2}};
    std::latch all(2);
    number_funnel f([&](auto asked) { return work(asked); },
                    [](int n) { return std::optional<std::uint64_t>(n % 10); },
                    {.retry = three_attempts});
    f.submit(11, [&](result<int> const&) { all.count_down(); });
    f.submit(21, [&](result<int> const&) { all.count_down(); });
    all.wait();

    EXPECT_EQ(work.order(), (std::vector{11, 11, 11, 21}));
}

TEST(funnel_retry, does_not_hold_up_who_waits_for_nothing)
{
    busy_work work{{1, 1}};
    number_funnel f([&](auto asked) { return work(asked); },
                    {.retry = {.attempts = 2, .base = 4s}});
    f.submit(1, [](result<int> const&) {});
    while (f.counts().retries == 0) std::this_thread::yield();

    EXPECT_EQ(f.call(2).value(), 2);
    EXPECT_EQ(work.order(), (std::vector{1, 2})) << "1 still waits for its lock";
}

TEST(funnel_retry, keeps_its_batches_within_their_bound)
{
    busy_work work{{1, 2}, {2, 2}, {3, 2}, {4, 2}};
    std::latch entered(1);
    std::latch open(1);
    bool first = true;
    std::latch all(5);
    number_funnel f(
        [&](auto asked) {
            if (std::exchange(first, false)) {
                entered.count_down();
                open.wait();
            }
            return work(asked);
        },
        {.max_batch = 2, .retry = three_attempts});
    for (int n : {0, 1, 2, 3, 4}) {
        f.submit(n, [&](result<int> const&) { all.count_down(); });
        if (n == 0) entered.wait();
    }
    open.count_down();
    all.wait();

    EXPECT_LE(work.largest(), 2U);
}

TEST(funnel_retry, waits_for_no_lock_any_more_when_it_is_destroyed)
{
    auto const start = std::chrono::steady_clock::now();
    result<int> told = 0;
    {
        std::latch tried(1);
        number_funnel f(
            [&](auto) {
                tried.count_down();
                return std::vector<result<int>>{refuse(errc::lock_busy, "someone else is at work")};
            },
            {.retry = {.attempts = 2, .base = 4s}});
        f.submit(1, [&](result<int> answer) { told = std::move(answer); });
        tried.wait();
        while (f.counts().retries == 0) std::this_thread::yield();
    }
    EXPECT_EQ(code_of(told), errc::lock_busy);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s)
        << "the next attempt was due after two seconds or more";
}

}  // namespace
}  // namespace aircargo::test
