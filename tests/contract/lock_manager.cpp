#include "support/backends.hpp"
#include "support/postgres_stores.hpp"
#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include <aircargo/lock/memory.hpp>
#include <aircargo/lock/postgres.hpp>
#include <aircargo/lock/redis.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <latch>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

struct in_memory {
    memory_lock_manager locks;

    static constexpr char const* name = "memory";
};
struct in_memory_by_any {
    std::unique_ptr<any_lock_manager> const made = make_lock_manager<memory_lock_manager>();
    any_lock_manager& locks = *made;

    static constexpr char const* name = "any";
};
template <std::size_t Nodes>
struct in_redis {
    redis_lock_manager locks{nodes()};

    static std::vector<std::shared_ptr<redis_node>> nodes()
    {
        std::vector<std::shared_ptr<redis_node>> made;
        for (std::size_t i = 0; i < Nodes; ++i)
            made.push_back(open_redis(shared_redis(i).url()).value());
        return made;
    }

    static constexpr char const* name = Nodes == 1   ? "redis"
                                        : Nodes == 3 ? "redlock_of_3"
                                                     : "redlock_of_5";
};
struct in_postgres {
    postgres_stores stores;
    postgres_lock_manager locks{stores.database};

    static constexpr char const* name = "postgres";
};

template <class Backend>
class lock_contract : public ::testing::Test {
protected:
    Backend backend;

    result<lease> acquire(std::string const& name)
    {
        return backend.locks.acquire(strings{name}, 10s).front();
    }
    void release(lease const& l) { backend.locks.release(std::vector{l}); }
};
using lock_backends = ::testing::Types<in_memory, in_memory_by_any, in_postgres, in_redis<1>,
                                       in_redis<3>, in_redis<5>>;
TYPED_TEST_SUITE(lock_contract, lock_backends, backend_names);

TYPED_TEST(lock_contract, gives_a_free_name)
{
    auto const given = this->acquire("a");
    ASSERT_EQ(code_of(given), accepted);
    EXPECT_EQ(given->name, "a");
}

TYPED_TEST(lock_contract, gives_a_name_to_one_at_a_time)
{
    (void)this->acquire("a");
    EXPECT_EQ(code_of(this->acquire("a")), errc::lock_busy);
    EXPECT_EQ(code_of(this->acquire("b")), accepted);
}

TYPED_TEST(lock_contract, says_which_name_is_busy)
{
    (void)this->acquire("lock:booking:ACB10001");
    EXPECT_NE(detail_of(this->acquire("lock:booking:ACB10001")).find("ACB10001"),
              std::string::npos);
}

TYPED_TEST(lock_contract, gives_a_name_again_once_it_is_released)
{
    this->release(this->acquire("a").value());
    EXPECT_EQ(code_of(this->acquire("a")), accepted);
}

TYPED_TEST(lock_contract, answers_each_entry_of_a_batch)
{
    (void)this->acquire("b");
    auto const answers = this->backend.locks.acquire(strings{"a", "b", "c"}, 10s);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::lock_busy);
    EXPECT_EQ(code_of(answers[2]), accepted);
}

TYPED_TEST(lock_contract, gives_a_name_once_within_a_batch)
{
    auto const answers = this->backend.locks.acquire(strings{"a", "a"}, 10s);
    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::lock_busy);
}

TYPED_TEST(lock_contract, releases_for_the_owner_only)
{
    auto forged = this->acquire("a").value();
    forged.owner ^= 2U;
    this->release(forged);
    EXPECT_EQ(code_of(this->acquire("a")), errc::lock_busy);
    forged.owner = 0;
    this->release(forged);
    EXPECT_EQ(code_of(this->acquire("a")), errc::lock_busy);
}

TYPED_TEST(lock_contract, releases_a_batch)
{
    std::vector<lease> leases;
    for (auto const& l : this->backend.locks.acquire(strings{"a", "b", "c"}, 10s))
        leases.push_back(*l);
    this->backend.locks.release(leases);
    for (auto const& l : this->backend.locks.acquire(strings{"a", "b", "c"}, 10s))
        EXPECT_EQ(code_of(l), accepted);
}

TYPED_TEST(lock_contract, forgives_a_second_release)
{
    auto const l = this->acquire("a").value();
    this->release(l);
    auto const next = this->acquire("a").value();
    this->release(l);
    EXPECT_EQ(code_of(this->acquire("a")), errc::lock_busy) << "the name is someone else's now";
    this->release(next);
}

TYPED_TEST(lock_contract, draws_a_new_owner_each_time)
{
    std::set<std::uint64_t> owners;
    for (int i = 0; i < 100; ++i) {
        auto const l = this->acquire("a").value();
        owners.insert(l.owner);
        this->release(l);
    }
    EXPECT_EQ(owners.size(), 100U);
}

TYPED_TEST(lock_contract, gives_a_name_again_once_its_lease_has_run_out)
{
    auto const began = std::chrono::steady_clock::now();
    auto const overslept = this->backend.locks.acquire(strings{"a"}, 50ms).front().value();
    auto next = this->acquire("a");
    while (!next) next = this->acquire("a");
    EXPECT_GE(std::chrono::steady_clock::now(), began + 40ms);
    EXPECT_LE(overslept.until, began + 60ms);

    this->release(overslept);
    EXPECT_EQ(code_of(this->acquire("a")), errc::lock_busy) << "it is someone else's now";
}

TYPED_TEST(lock_contract, says_until_when_a_lease_holds)
{
    auto const before = std::chrono::steady_clock::now();
    auto const given = this->acquire("a").value();
    EXPECT_LE(given.until, std::chrono::steady_clock::now() + 10s);
    EXPECT_GT(given.until, before + 9s);
}

TYPED_TEST(lock_contract, takes_empty_batches)
{
    EXPECT_TRUE(this->backend.locks.acquire({}, 10s).empty());
    this->backend.locks.release({});
}

TYPED_TEST(lock_contract, keeps_threads_apart)
{
    int unguarded = 0;  // a race here is what the lock prevents
    std::atomic<int> done = 0;
    std::latch start(8);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            start.arrive_and_wait();
            for (int n = 0; n < 200;) {
                auto const l = this->acquire("a");
                if (!l) {
                    std::this_thread::yield();
                    continue;
                }
                ++unguarded;
                ++n;
                ++done;
                this->release(*l);
            }
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(unguarded, done);
}

TEST(no_locks, lets_everybody_through)
{
    no_locks locks;
    auto const answers = locks.acquire(strings{"a", "a"}, 10s);
    ASSERT_EQ(answers.size(), 2U);
    for (auto const& l : answers) EXPECT_EQ(code_of(l), accepted);
    locks.release(std::vector{*answers[0]});
}

}  // namespace
}  // namespace aircargo::test
