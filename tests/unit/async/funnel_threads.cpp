#include "support/printers.hpp"
#include "support/seed.hpp"
#include <aircargo/async/funnel.hpp>
#include <gtest/gtest.h>
#include <array>
#include <atomic>
#include <latch>
#include <set>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

constexpr std::size_t callers = 64;
constexpr std::size_t calls_each = 100;
constexpr std::size_t keys = 10;

struct act {
    std::size_t caller;
    std::size_t key;
    int turn;  ///< of this caller with this key
};

/// Counts acts per key without any lock: right only if no two batches in flight share a key.
class shared_counters {
public:
    std::vector<result<int>> operator()(std::span<act const> asked)
    {
        std::set<std::size_t> seen;
        std::vector<result<int>> out;
        for (auto const& a : asked) {
            if (!seen.insert(a.key).second) twice_in_a_batch = true;
            if (last_turn_[a.key][a.caller] >= a.turn) out_of_order = true;
            last_turn_[a.key][a.caller] = a.turn;
            out.emplace_back(++counts_[a.key]);
        }
        return out;
    }
    [[nodiscard]] int total() const
    {
        int sum = 0;
        for (int c : counts_) sum += c;
        return sum;
    }

    std::atomic<bool> twice_in_a_batch = false;
    std::atomic<bool> out_of_order = false;

private:
    std::array<int, keys> counts_{};
    std::array<std::array<int, callers>, keys> last_turn_{};
};

class a_crowded_funnel : public ::testing::TestWithParam<unsigned> {};

TEST_P(a_crowded_funnel, works_off_conflicting_acts_one_after_another)
{
    auto const seed = printed_seed();
    shared_counters work;
    std::atomic<int> answered = 0;
    funnel<act, int> f([&](auto asked) { return work(asked); },
                       [](act const& a) { return std::optional<std::uint64_t>(a.key); },
                       {.max_batch = 8, .workers = GetParam()});
    std::latch start(callers);
    std::vector<std::thread> threads;
    for (std::size_t caller = 0; caller < callers; ++caller) {
        threads.emplace_back([&, caller] {
            random_source random(seed + caller);
            start.arrive_and_wait();
            for (int turn = 1; turn <= static_cast<int>(calls_each); ++turn) {
                auto const key = between<std::size_t>(random, 0, keys - 1);
                if (f.call({caller, key, turn})) ++answered;
            }
        });
    }
    for (auto& t : threads) t.join();

    EXPECT_EQ(answered, static_cast<int>(callers * calls_each));
    EXPECT_EQ(work.total(), static_cast<int>(callers * calls_each));
    EXPECT_FALSE(work.twice_in_a_batch);
    EXPECT_FALSE(work.out_of_order);
    EXPECT_EQ(f.counts().requests, callers * calls_each);
}

INSTANTIATE_TEST_SUITE_P(funnel, a_crowded_funnel, ::testing::Values(1U, 2U, 4U));

TEST(funnel_under_load, answers_or_refuses_every_single_request)
{
    std::atomic<int> answered = 0;
    std::atomic<int> overloaded = 0;
    funnel_counts counts;
    {
        funnel<int, int> f(
            [](auto asked) { return std::vector<result<int>>(asked.begin(), asked.end()); },
            {.max_batch = 4, .max_waiting = 8, .workers = 2});
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 2000; ++n) {
                    f.submit(
                        n, [&](result<int> const& answer) { ++(answer ? answered : overloaded); });
                }
            });
        }
        for (auto& t : threads) t.join();
        counts = f.counts();
    }
    EXPECT_EQ(answered + overloaded, 16'000);
    EXPECT_EQ(counts.requests, static_cast<std::uint64_t>(answered));
    EXPECT_EQ(counts.refused, static_cast<std::uint64_t>(overloaded));
}

}  // namespace
}  // namespace aircargo::test
