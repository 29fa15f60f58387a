#include "support/printers.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/limit/memory.hpp>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

class memory_limiter_of_a_test : public ::testing::Test {
protected:
    virtual_clock time;
    memory_rate_limiter limiter{{.max_keys = 3, .now = time.monotonic()}};

    rate_answer ask(std::string const& key, rate_limit const& limit, std::int64_t cost = 1)
    {
        return limiter.check(std::vector{rate_request{key, limit, cost}}).front().value();
    }
    /// How many requests of one are allowed right now.
    int allowed(std::string const& key, rate_limit const& limit)
    {
        int count = 0;
        while (ask(key, limit).allowed) ++count;
        return count;
    }

    rate_limit const five_then_one_a_second = rate_limit::make(1, 1s, 5).value();
    rate_limit const seven_a_second = rate_limit::make(7, 1s, 1).value();
};

TEST_F(memory_limiter_of_a_test, allows_a_burst_and_then_one_whenever_it_is_back)
{
    auto const& limit = five_then_one_a_second;
    EXPECT_EQ(allowed("a", limit), 5);
    time.pass(1s - 1us);
    EXPECT_EQ(allowed("a", limit), 0);
    time.pass(1us);
    EXPECT_EQ(allowed("a", limit), 1);
    time.pass(3s);
    EXPECT_EQ(allowed("a", limit), 3);
    time.pass(1h);
    EXPECT_EQ(allowed("a", limit), 5);
}

TEST_F(memory_limiter_of_a_test, allows_what_it_refused_exactly_when_it_said)
{
    auto const& limit = seven_a_second;
    EXPECT_TRUE(ask("a", limit).allowed);
    auto const refused = ask("a", limit);
    EXPECT_EQ(refused, (rate_answer{false, 0, 142'858us, 142'858us})) << "142,857 1/7 us";
    time.pass(142'857us);
    EXPECT_EQ(ask("a", limit), (rate_answer{false, 0, 1us, 1us}));
    time.pass(1us);
    EXPECT_TRUE(ask("a", limit).allowed);
}

TEST_F(memory_limiter_of_a_test, does_not_drift_where_a_unit_takes_no_whole_microseconds)
{
    auto const two_then_seven_a_second = rate_limit::make(7, 1s, 2).value();
    int count = 0;
    for (int millisecond = 0; millisecond <= 1'000'000; ++millisecond) {
        count += allowed("a", two_then_seven_a_second);
        if (millisecond < 1'000'000) time.pass(1ms);
    }
    EXPECT_EQ(count, 2 + 7 * 1000);
}

TEST_F(memory_limiter_of_a_test, counts_from_the_first_request_and_not_by_the_clock)
{
    time.pass(999'999'900ns);  // a second is about to begin
    EXPECT_EQ(allowed("a", five_then_one_a_second), 5);
    time.pass(100us);
    EXPECT_EQ(allowed("a", five_then_one_a_second), 0);
}

TEST_F(memory_limiter_of_a_test, forgets_who_owes_nothing_any_more)
{
    (void)ask("a", five_then_one_a_second);
    (void)ask("b", five_then_one_a_second, 2);
    EXPECT_EQ(limiter.keys(), 2U);
    time.pass(1s);
    (void)ask("b", five_then_one_a_second, 0);
    EXPECT_EQ(limiter.keys(), 2U)
        << "to the microsecond, a has paid, but the next one is not begun";
    time.pass(1us);
    (void)ask("b", five_then_one_a_second, 0);
    EXPECT_EQ(limiter.keys(), 1U);
    time.pass(1h);
    (void)ask("c", five_then_one_a_second, 0);
    EXPECT_EQ(limiter.keys(), 0U);
}

TEST_F(memory_limiter_of_a_test, remembers_nobody_who_only_asks)
{
    EXPECT_EQ(ask("a", five_then_one_a_second, 0), (rate_answer{true, 5, 0us, 0us}));
    EXPECT_EQ(limiter.keys(), 0U);
}

TEST_F(memory_limiter_of_a_test, keeps_a_key_that_was_used_again_meanwhile)
{
    (void)ask("a", five_then_one_a_second);
    time.pass(900ms);
    EXPECT_EQ(allowed("a", five_then_one_a_second), 4);
    time.pass(200ms);
    EXPECT_EQ(allowed("a", five_then_one_a_second), 1);
    EXPECT_EQ(limiter.keys(), 1U);
}

TEST_F(memory_limiter_of_a_test, takes_no_further_keys_while_all_that_it_may_know_owe_something)
{
    for (auto const* key : {"a", "b", "c"}) EXPECT_TRUE(ask(key, five_then_one_a_second).allowed);
    std::vector const another{rate_request{"d", five_then_one_a_second}};
    EXPECT_EQ(code_of(limiter.check(another).front()), errc::overloaded);
    EXPECT_EQ(allowed("a", five_then_one_a_second), 4) << "nobody is forgotten for it";
    EXPECT_EQ(limiter.keys(), 3U);

    time.pass(1s + 1us);  // b and c have paid
    EXPECT_EQ(code_of(limiter.check(another).front()), accepted);
    EXPECT_EQ(allowed("a", five_then_one_a_second), 1);
}

TEST_F(memory_limiter_of_a_test, does_not_grow_with_the_keys_that_ever_were)
{
    memory_rate_limiter many{{.max_keys = 1000, .now = time.monotonic()}};
    for (int i = 0; i < 100'000; ++i) {
        std::vector const one{rate_request{std::to_string(i), five_then_one_a_second}};
        ASSERT_EQ(code_of(many.check(one).front()), accepted) << i;
        ASSERT_LE(many.keys(), 512U);
        time.pass(2ms);  // so that 500 of them owe something
    }
}

TEST_F(memory_limiter_of_a_test, lets_a_full_burst_be_owed_at_most_when_the_limit_was_lowered)
{
    auto const before = rate_limit::make(1, 1h, 10).value();
    EXPECT_EQ(allowed("a", before), 10);
    EXPECT_EQ(ask("a", seven_a_second), (rate_answer{false, 0, 142'858us, 142'858us}));
    time.pass(142'858us);
    EXPECT_TRUE(ask("a", seven_a_second).allowed);
}

TEST_F(memory_limiter_of_a_test, never_allows_more_for_a_limit_that_was_changed)
{
    auto const three_a_second = rate_limit::make(3, 1s, 1).value();
    EXPECT_TRUE(ask("a", seven_a_second).allowed);   // until 142,857 1/7
    EXPECT_FALSE(ask("a", three_a_second).allowed);  // which is no number of thirds
    time.pass(142'857us);
    EXPECT_FALSE(ask("a", three_a_second).allowed);
    time.pass(1us);
    EXPECT_TRUE(ask("a", three_a_second).allowed);
}

}  // namespace
}  // namespace aircargo::test
