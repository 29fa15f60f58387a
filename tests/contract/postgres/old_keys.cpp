#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

/// Idempotency keys are removed some time after their lifetime, by whoever has the database open.
class postgres_old_keys : public postgres_test {
protected:
    /// Keys `name`1, `name`2, ..., as old as that before the newest.
    void add_keys(std::string const& name, int count, std::string const& age)
    {
        owner->run(
            "INSERT INTO idempotency (scope, key, fingerprint, ref_id, seq, created_at,"
            " change_no) SELECT 'scope', '" +
            name + "' || n, 'hash', 'ACB10001', 1, timestamptz '2025-12-05 12:00Z' - interval '" +
            age + "', 0 FROM generate_series(1, " + std::to_string(count) + ") AS n");
    }
    int keys(std::string const& name)
    {
        return std::stoi(
            owner->run("SELECT count(*) FROM idempotency WHERE key LIKE '" + name + "%'"));
    }
    [[nodiscard]] bool are_tidied()
    {
        return eventually([this] { return sessions(has_tidied_up) > 0; });
    }
};

TEST_F(postgres_old_keys, are_removed_after_two_days_and_an_hour)
{
    add_keys("new", 1, "0 hours");
    add_keys("young", 3, "47 hours");
    add_keys("only_just", 3, "49 hours");
    add_keys("old", 2500, "49 hours 1 second");  // more than one round takes

    auto const database = open();

    ASSERT_TRUE(eventually([this] { return keys("old") == 0; }));
    EXPECT_EQ(keys(""), 7);
}

TEST_F(postgres_old_keys, take_the_answers_of_other_writes_along)
{
    owner->run(
        "INSERT INTO answers (scope, key, fingerprint, answer, created_at) SELECT 'scope', n,"
        " 'hash', 'answer', timestamptz '2025-12-05 12:00Z' - n * interval '1 hour'"
        " FROM unnest(ARRAY[0, 47, 49, 50, 500]) AS n");
    auto const database = open();
    EXPECT_TRUE(eventually([this] { return owner->run("SELECT count(*) FROM answers") == "3"; }));
    EXPECT_EQ(owner->run("SELECT string_agg(key, ' ' ORDER BY created_at) FROM answers"),
              "49 47 0");
}

TEST_F(postgres_old_keys, in_use_are_left_for_another_time)
{
    add_keys("new", 1, "0 hours");
    add_keys("old", 10, "100 hours");
    somebody_else user(prepared->owner_url);
    user.run("BEGIN; SELECT key FROM idempotency WHERE key = 'old5' FOR UPDATE");
    {
        auto const database = open();
        ASSERT_TRUE(eventually([this] { return keys("old") == 1; }));
        EXPECT_EQ(keys("old5"), 1);
        EXPECT_EQ(sessions("wait_event_type = 'Lock'"), 0);
    }
    user.run("ROLLBACK");
    auto const database = open();
    EXPECT_TRUE(eventually([this] { return keys("old") == 0; }));
}

TEST_F(postgres_old_keys, are_as_old_as_the_newest_is_young)
{
    add_keys("all", 5, "100 hours");  // long ago, but no caller's clock has moved on since
    auto const database = open();
    ASSERT_TRUE(are_tidied());
    EXPECT_EQ(keys("all"), 5);
}

TEST_F(postgres_old_keys, are_not_removed_by_a_clock_that_is_ahead)
{
    add_keys("new", 1, "0 hours");
    owner->run("UPDATE idempotency SET created_at = now()");
    add_keys("future", 1, "0 hours");
    owner->run(
        "UPDATE idempotency SET created_at = now() + interval '1 year' WHERE key = 'future1'");
    auto const database = open();
    ASSERT_TRUE(are_tidied());
    EXPECT_EQ(keys(""), 2);
}

}  // namespace
}  // namespace aircargo::test
