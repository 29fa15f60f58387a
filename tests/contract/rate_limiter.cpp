#include "support/backends.hpp"
#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include <aircargo/limit/memory.hpp>
#include <aircargo/limit/redis.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// Two limiters that share what they know, as two instances of a program do.
struct memory_limiters {
    memory_rate_limiter one;
    memory_rate_limiter& two = one;

    static constexpr char const* name = "memory";
};
struct erased_memory_limiters {
    std::unique_ptr<any_rate_limiter> const made = make_rate_limiter<memory_rate_limiter>();
    any_rate_limiter& one = *made;
    any_rate_limiter& two = *made;

    static constexpr char const* name = "memory_by_any";
};

struct redis_limiters {
    std::string url = shared_redis().url();
    redis_rate_limiter one{open_redis(url).value()};
    redis_rate_limiter two{open_redis(url).value()};

    static constexpr char const* name = "redis";
};

rate_limit a_day(std::int64_t count) { return rate_limit::make(count, 24h, count).value(); }

template <class Backend>
class rate_limiter_contract : public ::testing::Test {
protected:
    Backend backend;

    result<rate_answer> ask(std::string const& key, rate_limit const& limit, std::int64_t cost = 1)
    {
        return backend.one.check(std::vector{rate_request{key, limit, cost}}).front();
    }
    bool allows(std::string const& key, rate_limit const& limit, std::int64_t cost = 1)
    {
        return ask(key, limit, cost).value().allowed;
    }
};
using limiters = ::testing::Types<memory_limiters, erased_memory_limiters, redis_limiters>;
TYPED_TEST_SUITE(rate_limiter_contract, limiters, backend_names);

TYPED_TEST(rate_limiter_contract, allows_a_burst_and_no_more)
{
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(this->allows("a", a_day(3)));
    EXPECT_FALSE(this->allows("a", a_day(3)));
    EXPECT_FALSE(this->allows("a", a_day(3)));
}

TYPED_TEST(rate_limiter_contract, says_how_much_remains_and_when_it_is_back)
{
    auto const first = this->ask("a", a_day(3)).value();
    EXPECT_EQ(first.remaining, 2);
    EXPECT_EQ(first.retry_after, 0us);
    EXPECT_EQ(first.reset_after, 8h);

    EXPECT_EQ(this->ask("a", a_day(3))->remaining, 1);
    EXPECT_EQ(this->ask("a", a_day(3))->remaining, 0);
    auto const refused = this->ask("a", a_day(3)).value();
    EXPECT_EQ(refused.remaining, 0);
    EXPECT_LE(refused.retry_after, 8h);
    EXPECT_GT(refused.retry_after, 8h - 1min);
    EXPECT_LE(refused.reset_after, 24h);
    EXPECT_GT(refused.reset_after, 24h - 1min);
}

TYPED_TEST(rate_limiter_contract, keeps_keys_apart)
{
    EXPECT_TRUE(this->allows("a", a_day(1)));
    EXPECT_FALSE(this->allows("a", a_day(1)));
    EXPECT_TRUE(this->allows("b", a_day(1)));
    EXPECT_TRUE(this->allows("", a_day(1)));
    EXPECT_TRUE(this->allows(std::string("a\0 \xff{b}", 7), a_day(1)));
}

TYPED_TEST(rate_limiter_contract, answers_each_entry_of_a_batch_in_order)
{
    auto const two = a_day(2);
    auto const answers = this->backend.one.check(
        std::vector<rate_request>{{"a", two}, {"b", two}, {"a", two}, {"a", two}, {"b", two}});
    ASSERT_EQ(answers.size(), 5U);
    EXPECT_TRUE(answers[0]->allowed);
    EXPECT_TRUE(answers[1]->allowed);
    EXPECT_TRUE(answers[2]->allowed);
    EXPECT_FALSE(answers[3]->allowed) << "the third of its key";
    EXPECT_TRUE(answers[4]->allowed);
    EXPECT_EQ(answers[0]->remaining, 1);
    EXPECT_EQ(answers[2]->remaining, 0);
}

TYPED_TEST(rate_limiter_contract, takes_requests_of_different_limits_in_a_batch)
{
    auto const answers = this->backend.one.check(
        std::vector<rate_request>{{"a", a_day(3), 3}, {"b", rate_limit::make(7, 1h, 2).value()}});
    EXPECT_EQ(answers[0].value(), (rate_answer{true, 0, 0us, 24h}));
    EXPECT_EQ(answers[1].value(), (rate_answer{true, 1, 0us, 514'285'715us}));
}

TYPED_TEST(rate_limiter_contract, uses_nothing_up_for_who_is_refused)
{
    EXPECT_TRUE(this->allows("a", a_day(5), 3));
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(this->allows("a", a_day(5), 3));
    EXPECT_TRUE(this->allows("a", a_day(5), 2));
    EXPECT_FALSE(this->allows("a", a_day(5)));
}

TYPED_TEST(rate_limiter_contract, uses_nothing_up_for_who_only_asks)
{
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(this->ask("a", a_day(2), 0).value(), (rate_answer{true, 2, 0us, 0us}));
    EXPECT_TRUE(this->allows("a", a_day(2), 2));
    EXPECT_EQ(this->ask("a", a_day(2), 0)->remaining, 0);
}

TYPED_TEST(rate_limiter_contract, refuses_a_cost_that_can_never_be_paid_and_nothing_beside_it)
{
    auto const answers = this->backend.one.check(
        std::vector<rate_request>{{"a", a_day(2), 3}, {"a", a_day(2), -1}, {"a", a_day(2), 2}});
    EXPECT_EQ(code_of(answers[0]), errc::invalid_request);
    EXPECT_EQ(code_of(answers[1]), errc::invalid_request);
    EXPECT_TRUE(answers[2]->allowed);
    EXPECT_NE(detail_of(answers[0]).find("burst of 2"), std::string::npos);
}

TYPED_TEST(rate_limiter_contract, takes_empty_batches)
{
    EXPECT_TRUE(this->backend.one.check({}).empty());
}

TYPED_TEST(rate_limiter_contract, counts_for_all_instances_together)
{
    std::vector const request{rate_request{"a", a_day(2)}};
    EXPECT_TRUE(this->backend.one.check(request)[0]->allowed);
    EXPECT_TRUE(this->backend.two.check(request)[0]->allowed);
    EXPECT_FALSE(this->backend.one.check(request)[0]->allowed);
    EXPECT_FALSE(this->backend.two.check(request)[0]->allowed);
}

/// 32 threads ask two instances for as much as they get, in batches of several sizes, for a second.
TYPED_TEST(rate_limiter_contract, allows_a_crowd_exactly_its_burst_and_its_rate)
{
    constexpr std::int64_t burst = 500;
    constexpr std::int64_t a_second = 777;
    auto const limit = rate_limit::make(a_second, 1s, burst).value();
    std::atomic<std::int64_t> allowed = 0;
    std::atomic<std::int64_t> asked = 0;
    std::atomic<bool> failed = false;
    std::latch ready(33);
    std::vector<std::thread> crowd;
    clock::time_point end;
    for (std::size_t i = 0; i < 32; ++i) {
        crowd.emplace_back([&, i] {
            std::vector const batch(1 + i % 3, rate_request{"crowd", limit});
            ready.arrive_and_wait();
            do {
                auto const answers =
                    i % 2 == 0 ? this->backend.one.check(batch) : this->backend.two.check(batch);
                for (auto const& a : answers) {
                    if (!a)
                        failed = true;
                    else if (a->allowed)
                        ++allowed;
                    ++asked;
                }
            } while (clock::now() < end);
        });
    }
    auto const before = clock::now();
    end = before + 1s;
    ready.arrive_and_wait();
    for (auto& t : crowd) t.join();
    auto const after = clock::now();

    auto const come_back = [](clock::duration in) {
        return std::chrono::duration<double>(in).count() * a_second;
    };
    EXPECT_FALSE(failed);
    EXPECT_LE(static_cast<double>(allowed), burst + come_back(after - before));
    EXPECT_GE(static_cast<double>(allowed), burst + come_back(end - before) - 1 - come_back(100ms))
        << "somebody asked all the time";
    this->RecordProperty("asked", std::to_string(asked));
    this->RecordProperty("allowed", std::to_string(allowed));
    this->RecordProperty("at_most", std::to_string(burst + come_back(after - before)));
}

TEST(no_rate_limiter, allows_everything)
{
    no_rate_limiter limiter;
    std::vector const request{rate_request{"a", a_day(1)}};
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.check(request)[0]->allowed);
}

}  // namespace
}  // namespace aircargo::test
