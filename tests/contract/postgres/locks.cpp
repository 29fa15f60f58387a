#include "support/postgres_faults.hpp"
#include "support/printers.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/lock/postgres.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

result<lease> acquire(postgres_lock_manager& locks, std::string const& name,
                      std::chrono::milliseconds ttl = 60s)
{
    return locks.acquire(strings{name}, ttl).front();
}
void release(postgres_lock_manager& locks, lease const& l) { locks.release(std::vector{l}); }

strings numbered(std::string const& name, int count)
{
    strings names;
    for (int i = 0; i < count; ++i) names.push_back(name + std::to_string(i));
    return names;
}

constexpr char const* of_locks = "application_name LIKE '% (locks)'";

/// Two processes, as PostgreSQL sees it: two sessions.
class postgres_locks : public postgres_test {
protected:
    void SetUp() override
    {
        postgres_test::SetUp();
        if (!prepared) return;
        database = open();
        mine = std::make_unique<postgres_lock_manager>(database, time.monotonic());
        theirs = std::make_unique<postgres_lock_manager>(database);
    }
    /// Advisory locks that the sessions of lock managers hold.
    int held()
    {
        return std::stoi(
            owner->run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                       " (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }
    [[nodiscard]] bool become_free(std::string const& name)
    {
        return eventually([&] { return acquire(*theirs, name).has_value(); });
    }

    virtual_clock time;
    std::shared_ptr<postgres_database> database;
    std::unique_ptr<postgres_lock_manager> mine;
    std::unique_ptr<postgres_lock_manager> theirs;
};

TEST_F(postgres_locks, are_given_to_one_of_two_sessions)
{
    auto const given = acquire(*mine, "a").value();
    EXPECT_EQ(code_of(acquire(*theirs, "a")), errc::lock_busy);
    EXPECT_EQ(code_of(acquire(*theirs, "b")), accepted);
    EXPECT_EQ(code_of(acquire(*mine, "b")), errc::lock_busy);
    release(*mine, given);
    EXPECT_EQ(code_of(acquire(*theirs, "a")), accepted);
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_busy);
}

TEST_F(postgres_locks, of_a_batch_are_given_one_by_one)
{
    (void)acquire(*theirs, "b");
    (void)acquire(*mine, "d");
    auto const answers = mine->acquire(strings{"a", "b", "c", "d", "a"}, 60s);
    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::lock_busy);
    EXPECT_EQ(code_of(answers[2]), accepted);
    EXPECT_EQ(code_of(answers[3]), errc::lock_busy);
    EXPECT_EQ(code_of(answers[4]), errc::lock_busy);
    EXPECT_EQ(answers[2]->name, "c");
    EXPECT_EQ(answers[2]->until, time.monotonic()() + 60s);
}

TEST_F(postgres_locks, keep_what_they_guard_to_one_holder_at_a_time)
{
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::atomic<int> turns = 0;
    std::latch start(8);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            auto& locks = i % 2 == 0 ? *mine : *theirs;
            start.arrive_and_wait();
            for (int n = 0; n < 50;) {
                auto const l = acquire(locks, "a");
                if (!l) {
                    std::this_thread::yield();
                    continue;
                }
                most = std::max<int>(most, ++inside);
                ++turns;
                --inside;
                ++n;
                release(locks, *l);
            }
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(most, 1);
    EXPECT_EQ(turns, 8 * 50);
    EXPECT_EQ(held(), 0);
}

TEST_F(postgres_locks, that_ran_out_pass_on_within_their_process)
{
    auto const first = acquire(*mine, "a", 10s).value();
    time.pass(10s - 1ns);
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_busy);
    time.pass(1ns);
    auto const second = acquire(*mine, "a", 10s).value();
    EXPECT_NE(second.owner, first.owner);
    release(*mine, first);
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_busy) << "it is someone else's now";
    EXPECT_EQ(held(), 1);
    release(*mine, second);
    EXPECT_EQ(held(), 0);
}

TEST_F(postgres_locks, that_ran_out_pass_on_to_others_with_the_next_call)
{
    (void)acquire(*mine, "a", 10s);
    (void)acquire(*mine, "b", 20s);
    time.pass(10s);
    EXPECT_EQ(code_of(acquire(*theirs, "a")), errc::lock_busy) << "PostgreSQL knows no time for it";
    EXPECT_EQ(code_of(acquire(*mine, "c")), accepted);
    EXPECT_EQ(code_of(acquire(*theirs, "a")), accepted);
    EXPECT_EQ(code_of(acquire(*theirs, "b")), errc::lock_busy);
}

TEST_F(postgres_locks, of_a_process_that_says_nothing_any_more_pass_on_when_they_ran_out)
{
    if (std::stoi(owner->run("SHOW server_version_num")) < 140'000) GTEST_SKIP() << "needs 14";
    auto const before = std::chrono::steady_clock::now();
    (void)mine->acquire(strings{"a", "b"}, 300ms);
    EXPECT_TRUE(become_free("a"));
    EXPECT_GE(std::chrono::steady_clock::now() - before, 300ms);
    EXPECT_EQ(code_of(acquire(*theirs, "b")), accepted);
    EXPECT_EQ(code_of(acquire(*mine, "c")), accepted) << "in a new session";
    EXPECT_EQ(held(), 3);
}

TEST_F(postgres_locks, that_are_released_let_their_session_be_idle)
{
    release(*mine, acquire(*mine, "a", 1s).value());
    auto const idle = std::string(of_locks) + " AND now() - state_change > interval '1100 ms'";
    EXPECT_TRUE(eventually([&] { return sessions(idle) == 1; }));
}

TEST_F(postgres_locks, are_free_when_their_manager_is_gone)
{
    (void)mine->acquire(numbered("a", 64), 60s);
    EXPECT_EQ(held(), 64);
    mine.reset();
    EXPECT_TRUE(become_free("a7"));
}

TEST_F(postgres_locks, are_lost_with_their_session_and_given_anew_in_the_next)
{
    auto const lost = acquire(*mine, "a").value();
    EXPECT_EQ(terminate(of_locks), 1);
    EXPECT_EQ(code_of(acquire(*theirs, "a")), accepted);
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_busy);
    release(*mine, lost);
    EXPECT_EQ(code_of(acquire(*mine, "b")), accepted) << "nobody had an error for it";
    EXPECT_EQ(held(), 2);
}

TEST_F(postgres_locks, are_released_in_the_session_alone_that_holds_them)
{
    auto const lost = acquire(*mine, "a").value();
    EXPECT_EQ(terminate(of_locks), 1);
    auto const again = acquire(*mine, "a").value();
    release(*mine, lost);
    EXPECT_EQ(held(), 1);
    release(*mine, again);
    EXPECT_EQ(held(), 0);
}

TEST_F(postgres_locks, do_not_wait_for_the_connections_of_the_stores)
{
    auto const small = open({.connections = 1, .pool_timeout = 50ms});
    postgres_lock_manager locks(small);
    postgres_booking_store store(small);
    auto const ref = booking_ref::parse("ACB10001").value();
    somebody_else holder(prepared->owner_url);
    holder.run("BEGIN; LOCK TABLE bookings");
    auto reader = std::async(std::launch::async, [&] { return store.find({&ref, 1}).front(); });
    ASSERT_TRUE(eventually([this] { return sessions("wait_event_type = 'Lock'") == 1; }));
    EXPECT_EQ(code_of(store.list({})), errc::overloaded);

    auto const given = acquire(locks, "a");
    EXPECT_EQ(code_of(given), accepted);
    release(locks, *given);
    holder.run("COMMIT");
    EXPECT_EQ(code_of(reader.get()), errc::not_found);
}

TEST_F(postgres_locks, are_none_of_anybody_elses)
{
    somebody_else other(prepared->owner_url);
    other.run("SELECT pg_advisory_lock(n) FROM generate_series(-1000, 1000) AS n");
    other.run("SELECT pg_advisory_lock(hashtext('a')), pg_advisory_lock(hashtextextended('a', 0))");
    other.run("SELECT pg_advisory_lock(7019267256955499119)");  // who migrates
    EXPECT_EQ(code_of(acquire(*mine, "a")), accepted);
}

TEST_F(postgres_locks, bear_any_bytes_as_a_name)
{
    std::string const odd("a\0\xff'\"", 5);
    auto const given = acquire(*mine, odd).value();
    EXPECT_EQ(code_of(acquire(*theirs, odd)), errc::lock_busy);
    EXPECT_EQ(code_of(acquire(*theirs, std::string("a"))), accepted);
    release(*mine, given);
    EXPECT_EQ(code_of(acquire(*theirs, odd)), accepted);
}

TEST_F(postgres_locks, that_the_server_has_no_room_for_leave_none_behind)
{
    auto const given = acquire(*mine, "a").value();
    auto const room =
        std::stoi(owner->run("SELECT current_setting('max_locks_per_transaction')::int *"
                             " current_setting('max_connections')::int"));
    auto const answers = mine->acquire(numbered("many", 20 * room), 60s);
    EXPECT_EQ(code_of(answers.front()), errc::lock_unavailable);
    EXPECT_EQ(code_of(answers.back()), errc::lock_unavailable);
    EXPECT_TRUE(eventually([this] { return held() == 0; })) << "the session had to end";
    EXPECT_EQ(code_of(acquire(*theirs, "a")), accepted);
    release(*mine, given);
    EXPECT_EQ(code_of(acquire(*mine, "b")), accepted);
}

class postgres_locks_behind_proxy : public postgres_behind_proxy {
protected:
    void SetUp() override
    {
        postgres_behind_proxy::SetUp();
        if (!proxy) return;
        database = open_quiet({.connections = 1, .connect_timeout = 2s, .answer_timeout = 1s});
        mine = std::make_unique<postgres_lock_manager>(database);
        theirs = std::make_unique<postgres_lock_manager>(direct = open());
        release(*mine, acquire(*mine, "first").value());
    }

    std::shared_ptr<postgres_database> database;
    std::shared_ptr<postgres_database> direct;
    std::unique_ptr<postgres_lock_manager> mine;
    std::unique_ptr<postgres_lock_manager> theirs;
};

TEST_F(postgres_locks_behind_proxy, cost_one_round_trip_a_batch)
{
    cuts.only_count();
    std::vector<lease> leases;
    for (auto const& l : mine->acquire(numbered("a", 64), 60s)) leases.push_back(l.value());
    EXPECT_EQ(cuts.requests(), 1U);
    mine->release(leases);
    EXPECT_EQ(cuts.requests(), 2U);
}

TEST_F(postgres_locks_behind_proxy,
       can_not_be_had_while_postgresql_is_away_and_come_back_by_themselves)
{
    auto const lost = acquire(*mine, "a").value();
    proxy->refuse(true);
    proxy->cut_all();
    auto const refused = acquire(*mine, "b");
    EXPECT_EQ(code_of(refused), errc::lock_unavailable);
    EXPECT_EQ(detail_of(refused), "the locks can not be reached; try again in a moment");
    release(*mine, lost);
    EXPECT_TRUE(eventually([&] { return acquire(*theirs, "a").has_value(); }));
    proxy->refuse(false);
    EXPECT_TRUE(eventually([&] { return acquire(*mine, "b").has_value(); }));
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_busy);
}

TEST_F(postgres_locks_behind_proxy, whose_answer_was_lost_are_held_by_nobody)
{
    cuts.after(1);
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_unavailable);
    EXPECT_TRUE(eventually([&] { return acquire(*theirs, "a").has_value(); }));
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_busy);
    EXPECT_EQ(code_of(acquire(*mine, "b")), accepted);
}

TEST_F(postgres_locks_behind_proxy, whose_release_was_lost_are_held_by_nobody)
{
    auto const given = acquire(*mine, "a").value();
    cuts.before(1);
    release(*mine, given);
    EXPECT_TRUE(eventually([&] { return acquire(*theirs, "a").has_value(); }));
    EXPECT_EQ(code_of(acquire(*mine, "b")), accepted);
}

TEST_F(postgres_locks_behind_proxy, do_not_keep_a_caller_longer_than_a_silent_server_is_borne)
{
    proxy->stall(true);
    auto const before = std::chrono::steady_clock::now();
    EXPECT_EQ(code_of(acquire(*mine, "a")), errc::lock_unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
    proxy->stall(false);
    EXPECT_TRUE(eventually([&] { return acquire(*mine, "a").has_value(); }));
}

}  // namespace
}  // namespace aircargo::test
