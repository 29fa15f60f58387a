#include "support/printers.hpp"
#include <aircargo/async/funnel.hpp>
#include <gtest/gtest.h>
#include <chrono>
#include <latch>
#include <memory>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using number_funnel = funnel<int, int>;
using batch = std::vector<int>;

/// Answers each number with ten times it and remembers the batches. While `closed`, the first batch
/// waits inside.
class slow_work {
public:
    std::vector<result<int>> operator()(std::span<int const> asked)
    {
        bool first = false;
        {
            std::scoped_lock const lock(mutex_);
            first = batches_.empty();
            batches_.emplace_back(asked.begin(), asked.end());
        }
        if (first) {
            entered.count_down();
            open.wait();
        }
        std::vector<result<int>> out;
        for (int n : asked) out.emplace_back(10 * n);
        return out;
    }
    [[nodiscard]] std::vector<batch> batches()
    {
        std::scoped_lock const lock(mutex_);
        return batches_;
    }

    std::latch entered{1};  ///< the first batch is in flight
    std::latch open{1};     ///< and may come back

private:
    std::mutex mutex_;
    std::vector<batch> batches_;
};

/// What the handlers were told, in the order in which they were called.
class answers {
public:
    [[nodiscard]] auto handler()
    {
        return [this](result<int> answer) {
            std::scoped_lock const lock(mutex_);
            all_.push_back(answer);
        };
    }
    [[nodiscard]] std::vector<result<int>> all()
    {
        std::scoped_lock const lock(mutex_);
        return all_;
    }
    [[nodiscard]] int sum()
    {
        int total = 0;
        for (auto const& a : all()) total += a.value();
        return total;
    }

private:
    std::mutex mutex_;
    std::vector<result<int>> all_;
};

/// Hands in 0, then, while that is in flight, `numbers`; waits for all answers.
std::vector<batch> batches_of(batch const& numbers, funnel_options options,
                              number_funnel::key_function key_of)
{
    slow_work work;
    answers told;
    {
        number_funnel f([&](auto asked) { return work(asked); }, std::move(key_of), options);
        f.submit(0, told.handler());
        work.entered.wait();
        for (int n : numbers) f.submit(n, told.handler());
        work.open.count_down();
    }
    EXPECT_EQ(told.sum(), 10 * std::accumulate(numbers.begin(), numbers.end(), 0));
    return work.batches();
}

std::optional<std::uint64_t> no_key(int) { return {}; }
std::optional<std::uint64_t> last_digit(int n) { return n % 10; }

TEST(funnel, answers_a_caller_who_waits)
{
    number_funnel f([](auto asked) { return std::vector<result<int>>{asked.front() + 1}; });
    EXPECT_EQ(f.call(41).value(), 42);
}

TEST(funnel, hands_on_refusals)
{
    number_funnel f(
        [](auto) { return std::vector<result<int>>{refuse(errc::not_found, "no such number")}; });
    EXPECT_EQ(f.call(1).error(), refuse(errc::not_found, "no such number"));
}

TEST(funnel, gathers_while_a_batch_is_in_flight)
{
    EXPECT_EQ(batches_of({1, 2, 3, 4, 5}, {}, no_key), (std::vector<batch>{{0}, {1, 2, 3, 4, 5}}));
}

TEST(funnel, bounds_its_batches)
{
    EXPECT_EQ(batches_of({1, 2, 3, 4, 5}, {.max_batch = 2}, no_key),
              (std::vector<batch>{{0}, {1, 2}, {3, 4}, {5}}));
}

TEST(funnel, keeps_a_key_apart_from_itself_and_in_order)
{
    EXPECT_EQ(batches_of({11, 21, 12, 31, 22}, {}, last_digit),
              (std::vector<batch>{{0}, {11, 12}, {21, 22}, {31}}));
}

TEST(funnel, counts_what_it_does)
{
    slow_work work;
    work.open.count_down();
    number_funnel f([&](auto asked) { return work(asked); });
    for (int n : {1, 2, 3}) (void)f.call(n);

    EXPECT_EQ(f.counts().requests, 3U);
    EXPECT_EQ(f.counts().batches, 3U);
    EXPECT_EQ(f.counts().refused, 0U);
}

TEST(funnel, counts_batches_by_size_and_who_waits)
{
    slow_work work;
    number_funnel f([&](auto asked) { return work(asked); }, {.max_batch = 5});
    f.submit(0, [](auto const&) {});
    work.entered.wait();
    for (int n = 1; n <= 8; ++n) f.submit(n, [](auto const&) {});
    EXPECT_EQ(f.counts().waiting, 8U);
    work.open.count_down();
    (void)f.call(9);  // behind the others: 0, 1 to 5, 6 to 8 with or without 9

    auto const counts = f.counts();
    EXPECT_EQ(counts.waiting, 0U);
    EXPECT_EQ(counts.batched, 10U);
    EXPECT_EQ(std::accumulate(counts.by_size.begin(), counts.by_size.end(), 0U), counts.batches);
    EXPECT_EQ(counts.by_size[3], 1U);  // five to eight
}

TEST(funnel, refuses_at_once_when_too_many_wait)
{
    slow_work work;
    answers told;
    number_funnel f([&](auto asked) { return work(asked); }, {.max_waiting = 2});
    f.submit(1, told.handler());
    work.entered.wait();
    f.submit(2, told.handler());
    f.submit(3, told.handler());

    auto caller = std::thread::id();
    result<int> refused = 0;
    f.submit(4, [&](result<int> answer) {
        caller = std::this_thread::get_id();
        refused = std::move(answer);
    });

    EXPECT_EQ(code_of(refused), errc::overloaded);
    EXPECT_EQ(caller, std::this_thread::get_id());
    EXPECT_EQ(f.counts().refused, 1U);
    EXPECT_EQ(f.counts().requests, 3U);
    work.open.count_down();
}

TEST(funnel, answers_everything_when_it_is_destroyed)
{
    slow_work work;
    answers told;
    {
        number_funnel f([&](auto asked) { return work(asked); }, last_digit, {.max_batch = 3});
        f.submit(1, told.handler());
        work.entered.wait();
        for (int n = 2; n <= 100; ++n) f.submit(n, told.handler());
        work.open.count_down();
    }
    EXPECT_EQ(told.all().size(), 100U);
    EXPECT_EQ(told.sum(), 10 * 5050);
}

TEST(funnel, takes_requests_from_its_own_handlers)
{
    answers told;
    {
        number_funnel f(
            [](auto asked) { return std::vector<result<int>>(asked.begin(), asked.end()); });
        f.submit(1, [&](result<int> const& first) { f.submit(*first + 1, told.handler()); });
        (void)f.call(0);
    }
    EXPECT_EQ(told.sum(), 2);
}

TEST(funnel, says_that_nobody_knows_when_the_work_throws)
{
    bool fail = true;
    number_funnel f([&](auto asked) -> std::vector<result<int>> {
        if (std::exchange(fail, false)) throw std::runtime_error("the disk is on fire");
        return {asked.front()};
    });
    EXPECT_EQ(f.call(1).error(), refuse(errc::commit_unknown, "the disk is on fire"));
    EXPECT_EQ(f.call(2).value(), 2) << "and it goes on";
}

TEST(funnel, says_what_it_is_told_to_when_the_work_throws)
{
    number_funnel reads(
        [](auto) -> std::vector<result<int>> { throw std::runtime_error("a mistake"); },
        funnel_options{.when_thrown = errc::internal_error});
    EXPECT_EQ(reads.call(1).error(), refuse(errc::internal_error, "a mistake"));
}

TEST(funnel, takes_requests_that_can_only_be_moved)
{
    funnel<std::unique_ptr<int>, int> f(
        [](auto asked) { return std::vector<result<int>>{*asked.front()}; });
    EXPECT_EQ(f.call(std::make_unique<int>(7)).value(), 7);
}

}  // namespace
}  // namespace aircargo::test
