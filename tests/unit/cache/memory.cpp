#include "support/virtual_clock.hpp"
#include <aircargo/cache/memory.hpp>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// One key at a time, in words.
class memory_cache_of_a_test : public ::testing::Test {
protected:
    virtual_clock time;
    memory_cache cache{{.max_keys = 3, .token_ttl = 1000ms, .now = time.monotonic()}};

    cache_answer get(std::string const& key) { return cache.get(std::vector{key}).front(); }
    std::string value(std::string const& key) { return get(key).value.value_or("-"); }
    void publish(std::string const& key, std::string const& value, std::int64_t revision,
                 std::chrono::seconds ttl = 300s)
    {
        cache.put(std::vector{cache_entry{key, value, revision, ttl, 0}});
    }
    void fill(std::string const& key, std::string const& value, std::int64_t revision,
              fill_token token)
    {
        cache.put(std::vector{cache_entry{key, value, revision, 300s, token}});
    }
};

TEST_F(memory_cache_of_a_test, lets_an_entry_live_to_its_last_moment)
{
    publish("a", "one", 1, 10s);
    time.pass(10s - 1ns);
    EXPECT_EQ(value("a"), "one");
    time.pass(1ns);
    EXPECT_EQ(value("a"), "-");
}

TEST_F(memory_cache_of_a_test, starts_a_life_anew_with_each_publish)
{
    publish("a", "one", 1, 10s);
    time.pass(9s);
    publish("a", "two", 2, 10s);
    time.pass(9s);
    EXPECT_EQ(value("a"), "two");
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
    publish("a", "1", 1);
    publish("b", "2", 1);
    publish("c", "3", 1);
    EXPECT_EQ(value("a"), "1");  // now b is the oldest
    publish("d", "4", 1);

    EXPECT_EQ(value("a") + value("c") + value("d"), "134");
    EXPECT_EQ(value("b"), "-");
}

TEST_F(memory_cache_of_a_test, counts_an_overwrite_as_a_use)
{
    publish("a", "1", 1);
    publish("b", "2", 1);
    publish("c", "3", 1);
    publish("a", "one", 2);
    publish("d", "4", 1);
    EXPECT_EQ(value("a"), "one");
}

TEST_F(memory_cache_of_a_test, takes_no_fill_for_a_key_that_was_crowded_out)
{
    auto const token = get("a").token;
    publish("b", "2", 1);
    publish("c", "3", 1);
    publish("d", "4", 1);
    fill("a", "late", 1, token);
    EXPECT_EQ(value("a"), "-");
}

TEST_F(memory_cache_of_a_test, stays_within_its_bounds_under_misses_alone)
{
    publish("a", "1", 1);
    for (int i = 0; i < 100; ++i) (void)get("miss " + std::to_string(i));
    EXPECT_EQ(value("a"), "-") << "misses take their place in the queue";
    publish("a", "1", 1);
    EXPECT_EQ(value("a"), "1");
}

TEST_F(memory_cache_of_a_test, draws_tokens_that_do_not_repeat_after_a_loss)
{
    memory_cache other{{.max_keys = 3, .token_ttl = 1000ms, .now = time.monotonic()}};
    EXPECT_NE(get("a").token, other.get(std::vector<std::string>{"a"}).front().token);
}

}  // namespace
}  // namespace aircargo::test
