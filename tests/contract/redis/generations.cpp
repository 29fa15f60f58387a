#include "support/cache_words.hpp"
#include "support/eventually.hpp"
#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include "support/reply_cutter.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/cache/redis.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// A cache, and what befalls its Redis.
class redis_generations : public ::testing::Test, protected cache_words {
protected:
    explicit redis_generations(std::vector<std::string> settings = {}) : server(std::move(settings))
    {
        use(cache);
        (void)get("opens the generation");
    }

    /// So that entries are kept.
    void end_quarantine() { (void)server.ask({"DEL", "aircargo:cache:quarantine"}); }
    void restart()
    {
        server.kill();
        server.start();
    }
    /// Whether a reader's fill is kept.
    [[nodiscard]] bool keeps(std::string const& thing)
    {
        filled(thing, "kept", 1'000);
        return value(thing) == "kept";
    }
    /// Holds were lost, so nothing may be kept, and holds are given.
    void expect_a_young_generation()
    {
        EXPECT_FALSE(keeps("a"));
        auto const held = hold("a");
        ASSERT_EQ(code_of(held), accepted);
        EXPECT_EQ(settle(*held, "a", "settled", 1'000), hold_end::in_time);
        EXPECT_EQ(value("a"), "-");
        end_quarantine();
        EXPECT_TRUE(keeps("a"));
    }

    private_redis server;
    redis_cache cache{open_redis(server.url()).value()};
};

TEST_F(redis_generations, begin_with_a_quarantine_as_long_as_the_longest_hold)
{
    auto const left = server.ask({"PTTL", "aircargo:cache:quarantine"}).number;
    EXPECT_GT(left, 10'000 - 5'000) << "of 10 s and some, less what this test took";
    EXPECT_LE(left, 11'100);
    EXPECT_EQ(get("a").token, 0U);
    expect_a_young_generation();
}

TEST_F(redis_generations, keep_entries_by_themselves_when_their_quarantine_is_over)
{
    server.flush();
    auto const began = std::chrono::steady_clock::now();
    redis_cache brief(open_redis(server.url()).value(), {.longest_hold = 200ms, .token_ttl = 20ms});
    use(brief);
    EXPECT_TRUE(eventually([&] { return keeps("a"); }));
    EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
}

TEST_F(redis_generations, lose_their_holds_when_redis_is_emptied)
{
    end_quarantine();
    filled("b", "of before", 1);
    auto const held = hold("a").value();
    server.flush();
    EXPECT_EQ(settle(held, "a", "late", 2), hold_end::late);
    EXPECT_EQ(value("a"), "-");
    EXPECT_EQ(value("b"), "-");
    expect_a_young_generation();
}

TEST_F(redis_generations, give_a_hold_at_once_after_redis_was_emptied)
{
    server.flush();
    EXPECT_EQ(code_of(hold("a")), accepted);
    EXPECT_EQ(code_of(hold("a")), errc::lock_busy);
}

TEST_F(redis_generations, hear_at_once_after_redis_was_emptied)
{
    server.flush();
    EXPECT_TRUE(tell("a", 2));
}

TEST_F(redis_generations, take_no_fill_with_a_token_of_before)
{
    end_quarantine();
    auto const token = get("a").token;
    ASSERT_NE(token, 0U);
    server.flush();
    EXPECT_TRUE(fill("a", "old", 1, token)) << "it is told all the same";
    end_quarantine();
    fill("a", "old", 1, token);
    EXPECT_EQ(value("a"), "-");
}

TEST_F(redis_generations, lose_their_holds_when_redis_comes_back_empty)
{
    end_quarantine();
    filled("b", "of before", 1);
    auto const held = hold("a").value();
    restart();
    EXPECT_EQ(settle(held, "a", "late", 2), hold_end::late);
    EXPECT_EQ(value("b"), "-");
    expect_a_young_generation();
}

TEST_F(redis_generations, say_that_they_did_not_hear_while_redis_is_away)
{
    end_quarantine();
    auto const held = hold("a").value();
    server.kill();
    EXPECT_EQ(settle(held, "a", "unheard", 2), hold_end::unheard);
    EXPECT_EQ(code_of(hold("b")), errc::lock_unavailable);
    EXPECT_FALSE(tell("a", 2));
    EXPECT_EQ(get("a").value, std::nullopt);
    EXPECT_EQ(get("a").token, 0U);
    server.start();
    EXPECT_TRUE(eventually([&] { return tell("a", 2); }));
    expect_a_young_generation();
}

/// Outlives the server that writes there.
struct has_dumps {
    temp_folder dumps;
};

/// Its data on disk is of a moment before it died.
class redis_generations_revived : private has_dumps, public redis_generations {
protected:
    redis_generations_revived() : redis_generations({"--dir", dumps / ""}) { end_quarantine(); }

    void save() { ASSERT_EQ(server.ask({"SAVE"}).text, "OK"); }
};

TEST_F(redis_generations_revived, give_nothing_of_what_was_on_disk)
{
    filled("a", "old", 1);
    filled("b", "of before", 1);
    save();
    settle(hold("a").value(), "a", "new", 2);
    restart();
    ASSERT_EQ(server.ask({"EXISTS", "a", "b"}).number, 2);

    EXPECT_EQ(value("a"), "-");
    EXPECT_EQ(value("b"), "-");
    redis_cache another(open_redis(server.url()).value());
    use(another);
    EXPECT_EQ(value("a"), "-");
    EXPECT_EQ(value("b"), "-");
    expect_a_young_generation();
    auto const missed = get("b");
    EXPECT_EQ(missed.value, std::nullopt);
    fill("b", "present", 1, missed.token);
    EXPECT_EQ(value("b"), "present");
}

TEST_F(redis_generations_revived, wait_for_a_hold_that_was_on_disk_as_long_as_it_was_given)
{
    auto const began = std::chrono::steady_clock::now();
    auto const zombie = hold("a", 1500ms).value();
    save();
    EXPECT_EQ(settle(zombie), hold_end::in_time);
    restart();
    auto again = hold("a");
    while (code_of(again) == errc::lock_busy) again = hold("a");
    EXPECT_EQ(code_of(again), accepted);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 1500ms + 5s);
    EXPECT_EQ(settle(zombie), hold_end::late);
}

TEST_F(redis_generations_revived, take_no_fill_with_a_token_that_was_on_disk)
{
    auto const token = get("a").token;
    save();
    settle(hold("a").value(), "a", "new", 2);
    restart();
    ASSERT_EQ(server.ask({"EXISTS", "fill:a"}).number, 1);
    EXPECT_TRUE(fill("a", "old", 1, token));
    EXPECT_EQ(value("a"), "-");
}

TEST_F(redis_generations, are_made_anew_when_their_key_alone_is_gone)
{
    end_quarantine();
    filled("b", "of before", 1);
    auto const held = hold("a").value();
    ASSERT_EQ(server.ask({"DEL", "aircargo:cache"}).number, 1);
    EXPECT_EQ(value("b"), "of before") << "no hold was lost, so it is as true as ever";
    EXPECT_EQ(code_of(hold("a")), errc::lock_busy) << "the hold stands";
    EXPECT_EQ(value("b"), "-");
    EXPECT_EQ(settle(held, "a", "not kept", 2), hold_end::in_time);
    EXPECT_EQ(value("a"), "-");
    expect_a_young_generation();
    EXPECT_EQ(value("b"), "-") << "an entry of another generation";
}

TEST_F(redis_generations, are_learnt_by_those_who_remember_another_one)
{
    end_quarantine();
    redis_cache left_behind(open_redis(server.url()).value());
    cache_words others;
    others.use(left_behind);
    others.filled("a", "of before", 1);
    auto const held_before = others.hold("b").value();
    server.flush();
    (void)get("opens another one");
    (void)get("opens another one");
    end_quarantine();
    filled("a", "present", 2);

    EXPECT_EQ(others.settle(held_before, "b", "late", 2), hold_end::late);
    EXPECT_EQ(others.value("b"), "-");
    EXPECT_EQ(others.value("a"), "present");
}

TEST_F(redis_generations, read_nothing_by_an_old_generation)
{
    end_quarantine();
    redis_cache left_behind(open_redis(server.url()).value());
    cache_words others;
    others.use(left_behind);
    others.filled("a", "of before", 1);
    auto const entry = server.ask({"GET", "a"}).text;
    server.flush();
    (void)get("opens another one");
    (void)get("opens another one");
    end_quarantine();
    // As if it had been on its way since before.
    ASSERT_EQ(server.ask({"SET", "a", entry}).text, "OK");
    EXPECT_EQ(value("a"), "-");
}

// -------------------------------------------------------------------------------- a full memory

class redis_generations_full : public redis_generations {
protected:
    redis_generations_full() : redis_generations({"--maxmemory-policy", "noeviction"})
    {
        end_quarantine();
    }
    /// All of a memory that is smaller than what is in it.
    void fill_memory()
    {
        allow_memory("1");
        ASSERT_EQ(code_of(hold("too much")), errc::lock_unavailable);
    }
    void make_room() { allow_memory("0"); }

private:
    void allow_memory(std::string const& bytes)
    {
        ASSERT_EQ(server.ask({"CONFIG", "SET", "maxmemory", bytes}).text, "OK");
    }
};

TEST_F(redis_generations_full, end_holds_and_give_nothing_old)
{
    filled("a", "old", 1);
    auto const held = hold("a").value();
    fill_memory();
    EXPECT_EQ(settle(held, "a", "new", 2), hold_end::in_time);
    EXPECT_NE(value("a"), "old");
    EXPECT_EQ(server.ask({"EXISTS", guard_of("a")}).number, 0);
    make_room();
    EXPECT_EQ(code_of(hold("a")), accepted);
}

TEST_F(redis_generations_full, hear_what_readers_tell)
{
    filled("a", "old", 1);
    fill_memory();
    EXPECT_TRUE(tell("a", 2));
    EXPECT_EQ(value("a"), "-");
}

TEST_F(redis_generations_full, take_no_old_fill_after_what_readers_told)
{
    auto const slow_reader = get("a").token;
    fill_memory();
    EXPECT_TRUE(tell("a", 2));
    make_room();
    fill("a", "old", 1, slow_reader);
    EXPECT_EQ(value("a"), "-");
}

TEST_F(redis_generations_full, hear_fills_that_they_can_not_keep)
{
    filled("a", "old", 1);
    auto const reader = get("b").token;
    fill_memory();
    EXPECT_TRUE(fill("b", std::string(100'000, 'x'), 2, reader));
    EXPECT_EQ(value("b"), "-");
}

// ------------------------------------------------------------------------------- foreign values

TEST_F(redis_generations, get_over_values_of_another_type)
{
    for (std::string const key : {"aircargo:cache", "a", "fill:a", "g:a"}) {
        SCOPED_TRACE(key);
        end_quarantine();
        filled("a", "old", 1);
        (void)server.ask({"DEL", key});
        ASSERT_EQ(server.ask({"LPUSH", key, "a list"}).number, 1);

        EXPECT_TRUE(tell("a", 2));
        EXPECT_NE(value("a"), "old");
        auto const held = hold("a");
        ASSERT_EQ(code_of(held), accepted);
        end_quarantine();
        EXPECT_EQ(settle(*held, "a", "new", 2), hold_end::in_time);
        EXPECT_EQ(value("a"), "new");
    }
}

TEST_F(redis_generations, keep_nothing_while_a_foreign_value_is_their_quarantine)
{
    end_quarantine();
    ASSERT_EQ(server.ask({"LPUSH", "aircargo:cache:quarantine", "a list"}).number, 1);
    EXPECT_FALSE(keeps("a"));
    auto const held = hold("a").value();
    EXPECT_EQ(settle(held, "a", "new", 2), hold_end::in_time);
    EXPECT_EQ(value("a"), "-");
}

// -------------------------------------------------------------------------------- lost answers

class redis_generations_behind_proxy : public redis_generations {
protected:
    redis_generations_behind_proxy()
    {
        end_quarantine();
        use(by_proxy);
        settle(hold("loads the scripts").value());
    }

    std::atomic<std::ptrdiff_t> left = -1;
    fault_proxy proxy{server.port(), [this] { return std::make_unique<reply_cutter>(left); }};
    redis_cache by_proxy{open_redis("redis://127.0.0.1:" + std::to_string(proxy.port())).value()};
};

TEST_F(redis_generations_behind_proxy, keep_a_hold_whose_answer_was_lost_until_it_runs_out)
{
    filled("a", "old", 1);
    left = 1;
    EXPECT_EQ(code_of(hold("a", 500ms)), errc::lock_unavailable);
    left = -1;
    use(cache);
    EXPECT_EQ(value("a"), "-");
    EXPECT_TRUE(eventually([&] { return code_of(hold("a")) == accepted; }));
}

TEST_F(redis_generations_behind_proxy, do_not_tell_of_a_settlement_whose_answer_was_lost)
{
    auto const held = hold("a").value();
    left = 1;
    EXPECT_EQ(settle(held, "a", "new", 2), hold_end::unheard);
    left = -1;
    use(cache);
    EXPECT_EQ(value("a"), "new");
}

}  // namespace
}  // namespace aircargo::test
