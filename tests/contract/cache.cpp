#include "support/backend_names.hpp"
#include "support/cache_words.hpp"
#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include <aircargo/cache/memory.hpp>
#include <aircargo/cache/redis.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

struct in_memory {
    memory_cache cache;

    static constexpr char const* name = "memory";
};
struct in_memory_by_any {
    std::unique_ptr<any_cache> const made = make_cache<memory_cache>();
    any_cache& cache = *made;

    static constexpr char const* name = "any";
};
/// Of an age at which it keeps entries.
struct in_redis {
    private_redis& server = shared_redis();
    redis_cache cache{open_redis(server.url()).value()};

    in_redis()
    {
        (void)cache.get(std::vector<cache_key>{{"opens", "the generation"}});
        (void)server.ask({"DEL", "aircargo:cache:quarantine"});
    }

    static constexpr char const* name = "redis";
};

/// Of a cache of its own type too.
template <cache C>
[[nodiscard]] std::optional<std::string> at_hand(C& cache, cache_key const& key)
{
    if constexpr (requires { cache.at_hand(key); }) return cache.at_hand(key);
    return std::nullopt;
}

template <class Backend>
class cache_contract : public ::testing::Test, protected cache_words {
protected:
    Backend backend;

    cache_contract() { use(backend.cache); }
};
using cache_backends = ::testing::Types<in_memory, in_memory_by_any, in_redis>;
TYPED_TEST_SUITE(cache_contract, cache_backends, backend_names);

// ------------------------------------------------------------------------------------ readers

TYPED_TEST(cache_contract, has_nothing_at_first)
{
    EXPECT_EQ(this->get("a").value, std::nullopt);
    EXPECT_NE(this->get("b").token, 0U);
}

TYPED_TEST(cache_contract, answers_in_the_order_of_the_keys)
{
    this->filled("a", "1");
    this->filled("c", "3");

    auto const answers = this->get_all({"c", "b", "a", "c"});

    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0].value, "3");
    EXPECT_EQ(answers[1].value, std::nullopt);
    EXPECT_EQ(answers[2].value, "1");
    EXPECT_EQ(answers[3].value, "3");
}

TYPED_TEST(cache_contract, gives_no_token_with_a_hit)
{
    this->filled("a", "1");
    EXPECT_EQ(this->get("a").token, 0U);
}

TYPED_TEST(cache_contract, takes_a_fill_from_the_holder_of_the_token)
{
    EXPECT_TRUE(this->fill("a", "1", 1, this->get("a").token));
    EXPECT_EQ(this->value("a"), "1");
}

TYPED_TEST(cache_contract, lets_one_reader_fill_at_a_time)
{
    EXPECT_NE(this->get("a").token, 0U);
    EXPECT_EQ(this->get("a").token, 0U);
    auto const twice = this->get_all({"b", "b"});
    EXPECT_NE(twice[0].token, 0U);
    EXPECT_EQ(twice[1].token, 0U);
}

TYPED_TEST(cache_contract, refuses_a_fill_with_a_token_that_it_never_gave)
{
    auto const token = this->get("a").token;
    auto const other = this->get("b").token;
    this->fill("a", "wrong", 9, token ^ 2U);
    EXPECT_EQ(this->value("a"), "-");
    this->fill("a", "of another key", 9, other);
    EXPECT_EQ(this->value("a"), "-");
    this->fill("c", "never asked for", 9, token);
    EXPECT_EQ(this->value("c"), "-");
}

TYPED_TEST(cache_contract, takes_a_token_once)
{
    auto const token = this->get("a").token;
    this->fill("a", "1", 1, token);
    this->fill("a", "1 again", 1, token);
    EXPECT_EQ(this->value("a"), "1");
}

TYPED_TEST(cache_contract, drops_an_entry_when_a_reader_tells_of_a_newer_revision)
{
    this->filled("a", "old", 1);
    EXPECT_TRUE(this->tell("a", 2));
    EXPECT_EQ(this->value("a"), "-");
}

TYPED_TEST(cache_contract, keeps_an_entry_when_a_reader_tells_of_the_same_or_an_older_one)
{
    this->filled("a", "present", 2);
    this->tell("a", 2);
    this->tell("a", 1);
    EXPECT_EQ(this->value("a"), "present");
}

TYPED_TEST(cache_contract, takes_no_fill_that_is_older_than_what_others_told_meanwhile)
{
    auto const slow_reader = this->get("a").token;
    this->tell("a", 2);
    this->fill("a", "old", 1, slow_reader);
    EXPECT_EQ(this->value("a"), "-");
}

TYPED_TEST(cache_contract, takes_a_fill_that_is_as_new_as_what_others_told_meanwhile)
{
    auto const reader = this->get("a").token;
    this->tell("a", 2);
    this->tell("a", 1);
    this->fill("a", "present", 2, reader);
    EXPECT_EQ(this->value("a"), "present");
}

// ------------------------------------------------------------------------------------ writers

TYPED_TEST(cache_contract, serves_nothing_of_what_is_held)
{
    this->filled("a", "1");
    auto const held = this->hold("a");

    ASSERT_EQ(code_of(held), accepted);
    EXPECT_EQ(held->name, guard_of("a"));
    EXPECT_EQ(this->get("a").value, std::nullopt);
    EXPECT_EQ(this->get("a").token, 0U) << "nobody may fill";
}

TYPED_TEST(cache_contract, ends_the_fills_that_are_under_way_with_a_hold)
{
    auto const slow_reader = this->get("a").token;
    auto const held = this->hold("a").value();
    this->fill("a", "old", 1, slow_reader);
    EXPECT_EQ(this->value("a"), "-");

    this->settle(held);
    this->fill("a", "old", 1, slow_reader);
    EXPECT_EQ(this->value("a"), "-");
}

TYPED_TEST(cache_contract, holds_all_keys_of_a_guard)
{
    this->filled({"history", "a"}, "1");
    this->filled({"booking", "a"}, "2");
    this->filled({"booking", "b"}, "3");
    auto const held =
        this->hold("a", {key_in("history", "a").key, key_in("booking", "a").key}).value();

    EXPECT_EQ(this->value({"history", "a"}), "-");
    EXPECT_EQ(this->get({"booking", "a"}).token, 0U);
    EXPECT_EQ(this->value({"booking", "b"}), "3");
    this->settle(held);
    EXPECT_NE(this->get({"history", "a"}).token, 0U);
}

TYPED_TEST(cache_contract, gives_a_hold_to_one_at_a_time)
{
    auto const first = this->hold("a").value();
    EXPECT_EQ(code_of(this->hold("a")), errc::lock_busy);
    EXPECT_EQ(code_of(this->hold("b")), accepted);
    this->settle(first);
    EXPECT_EQ(code_of(this->hold("a")), accepted);
}

TYPED_TEST(cache_contract, gives_a_hold_once_within_a_batch)
{
    auto const holds = this->hold_all({{"g:a", {"a"}}, {"g:b", {"b"}}, {"g:a", {"a"}}});
    ASSERT_EQ(holds.size(), 3U);
    EXPECT_EQ(code_of(holds[0]), accepted);
    EXPECT_EQ(code_of(holds[1]), accepted);
    EXPECT_EQ(code_of(holds[2]), errc::lock_busy);
}

TYPED_TEST(cache_contract, serves_what_the_holder_settles)
{
    this->filled("a", "old", 1);
    EXPECT_EQ(this->settle(this->hold("a").value(), "a", "new", 2), hold_end::in_time);
    EXPECT_EQ(this->value("a"), "new");
}

TYPED_TEST(cache_contract, lets_readers_fill_what_the_holder_leaves_open)
{
    EXPECT_EQ(this->settle(this->hold("a").value()), hold_end::in_time);
    this->filled("a", "1");
    EXPECT_EQ(this->value("a"), "1");
}

TYPED_TEST(cache_contract, keeps_nothing_of_a_settlement_of_somebody_else_s_hold)
{
    auto forged = this->hold("a").value();
    forged.owner ^= 2U;
    EXPECT_EQ(this->settle(forged, "a", "forged", 9), hold_end::late);
    EXPECT_EQ(this->value("a"), "-");
    EXPECT_EQ(code_of(this->hold("a")), errc::lock_busy) << "the hold stands";
}

TYPED_TEST(cache_contract, keeps_nothing_of_a_second_settlement)
{
    auto const held = this->hold("a").value();
    this->settle(held, "a", "first", 2);
    EXPECT_EQ(this->settle(held, "a", "second", 3), hold_end::late);
    EXPECT_EQ(this->value("a"), "first");
}

TYPED_TEST(cache_contract, settles_a_batch)
{
    auto const holds = this->hold_all({{"g:a", {"a"}}, {"g:b", {"b"}}});
    auto const ends = this->backend.cache.settle(
        std::vector<cache_settlement>{{*holds[0], {this->entry("a", "1", 2)}}, {*holds[1], {}}});
    EXPECT_EQ(ends, (std::vector{hold_end::in_time, hold_end::in_time}));
    EXPECT_EQ(this->value("a") + this->value("b"), "1-");
}

TYPED_TEST(cache_contract, draws_a_new_owner_for_each_hold)
{
    auto const first = this->hold("a").value();
    this->settle(first);
    EXPECT_NE(this->hold("a")->owner, first.owner);
}

TYPED_TEST(cache_contract, lets_others_hold_once_the_lease_has_run_out)
{
    auto const overslept = this->hold("a", 20ms).value();
    auto present = this->hold("a", 10s);
    while (!present) present = this->hold("a", 10s);

    EXPECT_EQ(this->settle(overslept, "a", "late", 2), hold_end::late);
    EXPECT_EQ(this->value("a"), "-");
    EXPECT_EQ(this->settle(*present, "a", "present", 3), hold_end::in_time);
    EXPECT_EQ(this->value("a"), "present");
}

TYPED_TEST(cache_contract, says_so_when_the_lease_has_run_out_though_nobody_else_holds)
{
    auto const overslept = this->hold("a", 20ms).value();
    while (this->get("a").token == 0) {
    }
    EXPECT_EQ(this->settle(overslept, "a", "late", 2), hold_end::late);
    EXPECT_EQ(this->value("a"), "-");
}

// ------------------------------------------------------------------------------------ both

TYPED_TEST(cache_contract, holds_any_bytes)
{
    std::string bytes(1 << 20, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
    std::string const key("k\0ey \xFF\r\n*3", 11);
    this->filled(key, bytes);
    EXPECT_EQ(this->value(key), bytes);
    this->settle(this->hold(key).value(), key, "", 2);
    EXPECT_EQ(this->get(key).value, "");
}

TYPED_TEST(cache_contract, takes_empty_batches)
{
    EXPECT_TRUE(this->backend.cache.get({}).empty());
    EXPECT_TRUE(this->backend.cache.fill({}));
    EXPECT_TRUE(this->backend.cache.hold({}, 10s).empty());
    EXPECT_TRUE(this->backend.cache.settle({}).empty());
}

/// Writers move a number on, each on top of what it read while it held; readers read through. The
/// number is never seen to go back, by anybody.
TYPED_TEST(cache_contract, never_goes_back_while_many_write)
{
    constexpr int revisions = 500;
    std::atomic<int> stored = 0;
    std::atomic<int> newest_seen = 0;
    std::atomic<bool> went_back = false;
    auto const write = [&] {
        while (stored < revisions) {
            auto const held = this->hold("a");
            if (!held) continue;
            int const next = ++stored;
            this->settle(*held, "a", std::to_string(next), next);
        }
    };
    auto const read = [&] {
        while (stored < revisions) {
            int const before = newest_seen;
            auto const answer = this->get("a");
            int const now = answer.value ? std::stoi(*answer.value) : stored.load();
            if (!answer.value) this->fill("a", std::to_string(now), now, answer.token);
            if (now < before) went_back = true;
            int seen = newest_seen;
            while (seen < now && !newest_seen.compare_exchange_weak(seen, now)) {
            }
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back(write);
        threads.emplace_back(read);
    }
    for (auto& t : threads) t.join();
    EXPECT_FALSE(went_back);
}

/// What is at hand is what `get` gives, or nothing.
TYPED_TEST(cache_contract, has_nothing_at_hand_that_get_would_not_give)
{
    auto& cache = this->backend.cache;
    auto const key = cache_name("a").key;
    EXPECT_EQ(at_hand(cache, key), std::nullopt);
    EXPECT_NE(this->get("a").token, 0U) << "looking took no token away";

    this->filled("a", "1");
    EXPECT_EQ(at_hand(cache, key).value_or("1"), "1");
    auto const held = this->hold("a");
    EXPECT_EQ(at_hand(cache, key), std::nullopt);
    this->settle(*held, "a", "2", 2);
    EXPECT_EQ(at_hand(cache, key).value_or("2"), "2");
    this->fill("a", "", 3, 0);
    EXPECT_EQ(at_hand(cache, key), std::nullopt) << "somebody has seen a newer one";
}

TEST(no_cache, has_nothing_and_lets_everybody_hold)
{
    no_cache cache;
    std::vector<cache_hold> const wanted{{"g:a", {"a"}}, {"g:a", {"a"}}};
    auto const holds = cache.hold(wanted, 10s);
    EXPECT_EQ(code_of(holds[0]), accepted);
    EXPECT_EQ(code_of(holds[1]), accepted);
    EXPECT_EQ(cache.settle(std::vector<cache_settlement>{{*holds[0], {}}}),
              std::vector{hold_end::in_time});
    EXPECT_TRUE(cache.fill(std::vector<cache_entry>{{{"a", "g:a"}, "1", 1}}));
    auto const answer = cache.get(std::vector<cache_key>{{"a", "g:a"}}).front();
    EXPECT_EQ(answer.value, std::nullopt);
    EXPECT_EQ(answer.token, 0U);
}

}  // namespace
}  // namespace aircargo::test
