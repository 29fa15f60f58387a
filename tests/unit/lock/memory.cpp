#include "support/printers.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/lock/memory.hpp>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

class memory_locks_of_a_test : public ::testing::Test {
protected:
    virtual_clock time;
    memory_lock_manager locks{time.monotonic()};

    result<lease> acquire(std::string const& name, std::chrono::milliseconds ttl = 10s)
    {
        return locks.acquire(std::vector{name}, ttl).front();
    }
    void release(lease const& l) { locks.release(std::vector{l}); }
};

TEST_F(memory_locks_of_a_test, run_out_on_time)
{
    (void)acquire("a", 10s);
    time.pass(10s - 1ns);
    EXPECT_EQ(code_of(acquire("a")), errc::lock_busy);
    time.pass(1ns);
    EXPECT_EQ(code_of(acquire("a")), accepted);
}

TEST_F(memory_locks_of_a_test, say_until_when_they_hold)
{
    auto const before = time.monotonic()();
    EXPECT_EQ(acquire("a", 10s)->until, before + 10s);
}

TEST_F(memory_locks_of_a_test, are_not_released_by_a_holder_who_overslept)
{
    auto const overslept = acquire("a", 10s).value();
    time.pass(11s);
    auto const present = acquire("a", 10s).value();

    release(overslept);

    EXPECT_EQ(code_of(acquire("a")), errc::lock_busy);
    release(present);
    EXPECT_EQ(code_of(acquire("a")), accepted);
}

TEST_F(memory_locks_of_a_test, may_be_released_after_they_ran_out)
{
    auto const l = acquire("a", 10s).value();
    time.pass(11s);
    release(l);
    EXPECT_EQ(code_of(acquire("a")), accepted);
}

}  // namespace
}  // namespace aircargo::test
