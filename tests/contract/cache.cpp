
#include <aircargo/cache/memory.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

struct in_memory {
    memory_cache cache;
};
struct in_memory_by_any {
    std::unique_ptr<any_cache> const made = make_cache<memory_cache>();
    any_cache& cache = *made;
};

template <class Backend>
class cache_contract : public ::testing::Test {
protected:
    Backend backend;

    cache_answer get(std::string const& key) { return backend.cache.get(strings{key}).front(); }
    std::string value(std::string const& key) { return get(key).value.value_or("-"); }
    void publish(std::string const& key, std::string const& value, std::int64_t revision)
    {
        fill(key, value, revision, 0);
    }
    void fill(std::string const& key, std::string const& value, std::int64_t revision,
              fill_token token)
    {
        backend.cache.put(std::vector{cache_entry{key, value, revision, 300s, token}});
    }
    void erase(std::string const& key) { backend.cache.erase(strings{key}); }
};
using cache_backends = ::testing::Types<in_memory, in_memory_by_any>;
TYPED_TEST_SUITE(cache_contract, cache_backends);

TYPED_TEST(cache_contract, has_nothing_at_first)
{
    EXPECT_EQ(this->get("a").value, std::nullopt);
    EXPECT_NE(this->get("b").token, 0U);
}

TYPED_TEST(cache_contract, answers_in_the_order_of_the_keys)
{
    this->publish("a", "1", 1);
    this->publish("c", "3", 1);

    auto const answers = this->backend.cache.get(strings{"c", "b", "a", "c"});

    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0].value, "3");
    EXPECT_EQ(answers[1].value, std::nullopt);
    EXPECT_EQ(answers[2].value, "1");
    EXPECT_EQ(answers[3].value, "3");
}

TYPED_TEST(cache_contract, gives_no_token_with_a_hit)
{
    this->publish("a", "1", 1);
    EXPECT_EQ(this->get("a").token, 0U);
}

TYPED_TEST(cache_contract, takes_a_fill_from_the_holder_of_the_token)
{
    this->fill("a", "1", 1, this->get("a").token);
    EXPECT_EQ(this->value("a"), "1");
}

TYPED_TEST(cache_contract, lets_one_reader_fill_at_a_time)
{
    EXPECT_NE(this->get("a").token, 0U);
    EXPECT_EQ(this->get("a").token, 0U);
    auto const twice = this->backend.cache.get(strings{"b", "b"});
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
    this->fill("a", "2", 2, token);
    EXPECT_EQ(this->value("a"), "1");
}

TYPED_TEST(cache_contract, lets_the_newer_revision_win)
{
    this->publish("a", "new", 2);
    this->publish("a", "old", 1);
    EXPECT_EQ(this->value("a"), "new");
    this->publish("a", "newer", 3);
    EXPECT_EQ(this->value("a"), "newer");
}

TYPED_TEST(cache_contract, lets_the_newer_revision_win_within_a_batch)
{
    this->backend.cache.put(
        std::vector<cache_entry>{{"a", "2", 2, 300s, 0}, {"a", "1", 1, 300s, 0}});
    EXPECT_EQ(this->value("a"), "2");
}

TYPED_TEST(cache_contract, ends_the_tokens_of_a_key_with_a_publish)
{
    auto const slow_reader = this->get("a").token;
    this->publish("a", "new", 2);
    this->erase("a");
    this->fill("a", "old", 1, slow_reader);
    EXPECT_EQ(this->value("a"), "-");
}

TYPED_TEST(cache_contract, ends_the_tokens_of_a_key_with_a_publish_that_is_too_old)
{
    auto const slow_reader = this->get("a").token;
    this->publish("a", "new", 2);
    this->publish("a", "old", 1);
    this->fill("a", "older", 0, slow_reader);
    EXPECT_EQ(this->value("a"), "new");
}

TYPED_TEST(cache_contract, ends_the_tokens_of_a_key_with_an_erase)
{
    auto const slow_reader = this->get("a").token;
    this->erase("a");
    this->fill("a", "old", 1, slow_reader);
    EXPECT_EQ(this->value("a"), "-");
}

TYPED_TEST(cache_contract, keeps_the_tokens_of_other_keys)
{
    auto const token = this->get("a").token;
    this->publish("b", "1", 1);
    this->erase("b");
    this->fill("a", "1", 1, token);
    EXPECT_EQ(this->value("a"), "1");
}

TYPED_TEST(cache_contract, forgets_what_is_erased)
{
    this->publish("a", "1", 1);
    this->publish("b", "2", 1);
    this->backend.cache.erase(strings{"a", "never there"});
    EXPECT_EQ(this->value("a"), "-");
    EXPECT_EQ(this->value("b"), "2");
}

TYPED_TEST(cache_contract, holds_any_bytes)
{
    std::string bytes(1 << 20, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
    std::string const key("k\0ey \xFF\r\n*3", 11);
    this->publish(key, bytes, 1);
    EXPECT_EQ(this->value(key), bytes);
    this->publish(key, "", 2);
    EXPECT_EQ(this->get(key).value, "");
}

TYPED_TEST(cache_contract, takes_empty_batches)
{
    EXPECT_TRUE(this->backend.cache.get({}).empty());
    this->backend.cache.put({});
    this->backend.cache.erase({});
}

TYPED_TEST(cache_contract, never_goes_back_while_many_write)
{
    constexpr int writers = 4;
    constexpr int revisions = 2000;
    std::atomic<int> next = 0;
    std::atomic<bool> went_back = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&] {
            while (next < revisions) {
                int const revision = ++next;
                this->publish("a", std::to_string(revision), revision);
            }
        });
        threads.emplace_back([&] {
            int seen = 0;
            while (next < revisions) {
                auto const answer = this->get("a");
                if (answer.token != 0) this->fill("a", "0", 0, answer.token);
                int const now = answer.value ? std::stoi(*answer.value) : seen;
                if (now < seen) went_back = true;
                seen = now;
            }
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_FALSE(went_back);
}

TEST(no_cache, has_nothing_and_gives_no_tokens)
{
    no_cache cache;
    cache.put(std::vector{cache_entry{"a", "1", 1, 300s, 0}});
    auto const answers = cache.get(strings{"a", "b"});
    ASSERT_EQ(answers.size(), 2U);
    for (auto const& a : answers) {
        EXPECT_EQ(a.value, std::nullopt);
        EXPECT_EQ(a.token, 0U);
    }
}

}  // namespace
}  // namespace aircargo::test
