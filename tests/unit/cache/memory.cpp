#include "support/cache_words.hpp"
#include "support/printers.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/cache/memory.hpp>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

class memory_cache_of_a_test : public ::testing::Test, protected cache_words {
protected:
    virtual_clock time;
    memory_cache cache{{.max_keys = 3, .token_ttl = 1000ms, .now = time.monotonic()}};

    memory_cache_of_a_test() { use(cache); }
};

TEST_F(memory_cache_of_a_test, lets_an_entry_live_for_nine_to_ten_tenths_of_its_time)
{
    filled("a", "one", 1, 10s);
    time.pass(9s - 1ns);
    EXPECT_EQ(value("a"), "one");
    time.pass(1s + 1ns);
    EXPECT_EQ(value("a"), "-");
}

TEST_F(memory_cache_of_a_test, has_all_that_it_keeps_at_hand_until_it_runs_out)
{
    auto const key = cache_name("a").key;
    filled("a", "one", 1, 10s);
    EXPECT_EQ(cache.at_hand(key), "one");
    time.pass(10s);
    EXPECT_EQ(cache.at_hand(key), std::nullopt);
}

TEST_F(memory_cache_of_a_test, keeps_what_was_taken_at_hand_longer)
{
    for (auto const* name : {"a", "b", "c"}) filled(name, "one");
    EXPECT_EQ(cache.at_hand(cache_name("a").key), "one");
    filled("d", "one");
    EXPECT_EQ(value("a"), "one");
    EXPECT_EQ(value("b"), "-");
}

TEST_F(memory_cache_of_a_test, does_not_let_all_entries_run_out_at_once)
{
    memory_cache roomy{{.now = time.monotonic(), .seed = 1}};
    use(roomy);
    for (int i = 0; i < 100; ++i) filled(std::to_string(i), "one", 1, 10s);
    time.pass(9500ms);
    int left = 0;
    for (int i = 0; i < 100; ++i) left += value(std::to_string(i)) == "one" ? 1 : 0;
    EXPECT_GT(left, 20);
    EXPECT_LT(left, 80);
}

TEST_F(memory_cache_of_a_test, starts_a_life_anew_with_each_settlement)
{
    filled("a", "one", 1, 300s);
    time.pass(250s);
    settle(hold("a").value(), "a", "two", 2);
    time.pass(250s);
    EXPECT_EQ(value("a"), "two");
}

TEST_F(memory_cache_of_a_test, holds_to_the_last_moment_of_the_lease)
{
    auto const held = hold("a", 10s).value();
    EXPECT_EQ(held.until, time.monotonic()() + 10s);
    time.pass(10s - 1ns);
    EXPECT_EQ(code_of(hold("a")), errc::lock_busy);
    EXPECT_EQ(get("a").token, 0U);
    time.pass(1ns);
    EXPECT_NE(get("a").token, 0U);
    EXPECT_EQ(settle(held, "a", "late", 2), hold_end::late);
}

TEST_F(memory_cache_of_a_test, holds_what_is_crowded_out)
{
    (void)hold("a");
    for (int i = 0; i < 100; ++i) (void)get("miss " + std::to_string(i));
    EXPECT_EQ(get("a").token, 0U);
    EXPECT_EQ(code_of(hold("a")), errc::lock_busy);
}

TEST_F(memory_cache_of_a_test, holds_again_what_was_never_settled)
{
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 2000; ++i)
            EXPECT_EQ(code_of(hold(std::to_string(i), 10s)), accepted) << i;
        time.pass(10s);
    }
}

TEST_F(memory_cache_of_a_test, lets_a_filler_be_late_by_its_token_s_life_and_no_more)
{
    auto const in_time = get("a").token;
    time.pass(1000ms - 1ns);
    fill("a", "in time", 1, in_time);
    EXPECT_EQ(value("a"), "in time");

    auto const late = get("b").token;
    time.pass(1000ms);
    fill("b", "late", 1, late);
    EXPECT_EQ(value("b"), "-");
}

TEST_F(memory_cache_of_a_test, lets_the_next_reader_fill_when_the_first_did_not_come_back)
{
    auto const first = get("a").token;
    EXPECT_EQ(get("a").token, 0U) << "one filler at a time";
    time.pass(1000ms);
    auto const second = get("a").token;

    EXPECT_NE(second, 0U);
    EXPECT_NE(second, first);
    fill("a", "of the first", 1, first);
    EXPECT_EQ(value("a"), "-");
}

TEST_F(memory_cache_of_a_test, forgets_what_was_not_used_for_longest)
{
    filled("a", "1");
    filled("b", "2");
    filled("c", "3");
    EXPECT_EQ(value("a"), "1");  // now b is the oldest
    filled("d", "4");

    EXPECT_EQ(value("a") + value("c") + value("d"), "134");
    EXPECT_EQ(value("b"), "-");
}

TEST_F(memory_cache_of_a_test, counts_an_overwrite_as_a_use)
{
    filled("a", "1");
    filled("b", "2");
    filled("c", "3");
    settle(hold("a").value(), "a", "one", 2);
    filled("d", "4");
    EXPECT_EQ(value("a"), "one");
}

TEST_F(memory_cache_of_a_test, takes_no_fill_for_a_key_that_was_crowded_out)
{
    auto const token = get("a").token;
    filled("b", "2");
    filled("c", "3");
    filled("d", "4");
    fill("a", "late", 1, token);
    EXPECT_EQ(value("a"), "-");
}

TEST_F(memory_cache_of_a_test, stays_within_its_bounds_under_misses_alone)
{
    settle(hold("a").value(), "a", "1", 1);
    for (int i = 0; i < 100; ++i) (void)get("miss " + std::to_string(i));
    EXPECT_EQ(value("a"), "-") << "misses take their place in the queue";
    settle(hold("a").value(), "a", "1", 1);
    EXPECT_EQ(value("a"), "1");
}

TEST_F(memory_cache_of_a_test, draws_tokens_that_do_not_repeat_after_a_loss)
{
    memory_cache other{{.max_keys = 3, .token_ttl = 1000ms, .now = time.monotonic()}};
    EXPECT_NE(get("a").token, other.get(std::vector{cache_name("a").key}).front().token);
}

}  // namespace
}  // namespace aircargo::test
