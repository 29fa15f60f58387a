#include "support/log_words.hpp"
#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

class postgres_event_log : public postgres_test {
protected:
    void SetUp() override
    {
        postgres_test::SetUp();
        if (!prepared) return;
        store = make_booking_store<postgres_booking_store>(open());
        log.emplace(*store);
    }
    void stored(std::string const& ref)
    {
        (void)apply_one(*store, creation_of(a_booking(ref))).value();
    }
    /// Makes a booking as the store does, step by step, in a transaction that goes on.
    static void book(somebody_else& writer, std::string const& ref)
    {
        writer.run(
            "INSERT INTO bookings (ref_id, origin, destination, pieces, weight_kg, status,"
            " flight_ids, location, next_leg, misrouted, created_at, updated_at, revision) VALUES "
            "('" +
            ref + "', 'DEL', 'BLR', 12, 340, 'BOOKED', '{}', 'DEL', 0, false, now(), now(), 1)");
        log_event(writer, ref);
    }
    static void log_event(somebody_else& writer, std::string const& ref)
    {
        writer.run(
            "INSERT INTO booking_events (booking_id, seq, event_type, previous_status, new_status,"
            " location, off_plan, notes, actor, request_id, created_at, change_no)"
            " SELECT id, 1, 'BOOKED', 'BOOKED', 'BOOKED', 'DEL', false, '', '', '', now(), 7"
            " FROM bookings WHERE ref_id = '" +
            ref + "'");
    }

    std::unique_ptr<any_booking_store> store;
    std::optional<log_reader> log;
};

TEST_F(postgres_event_log, waits_for_a_place_that_commits_late)
{
    stored("ACB10001");
    EXPECT_EQ(log->words(), "10001:1 BOOKED");

    somebody_else slow(prepared->url);
    slow.run("BEGIN");
    book(slow, "ACB10002");
    stored("ACB10003");
    EXPECT_EQ(log->words(), "") << "the place before it is not settled";
    auto const now = store->log_after({.limit = 0}).value();
    EXPECT_EQ(to_string(now.end) + " of " + to_string(now.highest), "1 of 3");
    stored("ACB10004");
    EXPECT_EQ(log->words(), "");
    slow.run("COMMIT");
    EXPECT_EQ(log->words(), "10002:1 BOOKED, 10003:1 BOOKED, 10004:1 BOOKED");
}

TEST_F(postgres_event_log, goes_past_a_place_that_was_given_up)
{
    somebody_else slow(prepared->url);
    slow.run("BEGIN");
    book(slow, "ACB10002");
    stored("ACB10003");
    EXPECT_EQ(log->words(), "");
    slow.run("ROLLBACK");
    EXPECT_EQ(log->words(), "10003:1 BOOKED");
}

/// Of two transactions the one with the lower number draws the higher place and commits first: all
/// older transactions have ended then, and yet a lower place is to come.
TEST_F(postgres_event_log, waits_although_no_older_transaction_is_left)
{
    somebody_else older(prepared->url);
    somebody_else younger(prepared->url);
    older.run("BEGIN");
    older.run("SELECT pg_current_xact_id()");
    younger.run("BEGIN");
    book(younger, "ACB10001");
    book(older, "ACB10002");
    older.run("COMMIT");
    EXPECT_EQ(log->words(), "");
    EXPECT_EQ(log->words(), "");
    younger.run("COMMIT");
    EXPECT_EQ(log->words(), "10001:1 BOOKED, 10002:1 BOOKED");
}

/// The reader may look while another transaction is there already, but has drawn nothing yet.
TEST_F(postgres_event_log, reaches_what_was_drawn_before_although_others_are_at_work)
{
    somebody_else idle(prepared->url);
    idle.run("BEGIN");
    idle.run("SELECT pg_current_xact_id()");
    stored("ACB10001");
    EXPECT_EQ(log->words(), "") << "it could have drawn the place before";
    somebody_else later(prepared->url);
    later.run("BEGIN");
    book(later, "ACB10002");
    idle.run("COMMIT");
    EXPECT_EQ(log->words(), "10001:1 BOOKED") << "what came later does not matter";
    later.run("COMMIT");
    EXPECT_EQ(log->words(), "10002:1 BOOKED");
}

TEST_F(postgres_event_log, draws_a_place_only_with_a_transaction_number)
{
    somebody_else writer(prepared->url);
    writer.run("BEGIN");
    book(writer, "ACB10001");
    writer.run("COMMIT");
    auto const text = owner->run(
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute"
        " ON attrelid = adrelid AND attnum = adnum"
        " WHERE adrelid = 'booking_events'::regclass AND attname = 'log_position'");
    EXPECT_LT(text.find("pg_current_xact_id()"), text.find("nextval"));
    EXPECT_NE(text.find("CASE"), std::string::npos) << "which is evaluated in order: " << text;
}

TEST_F(postgres_event_log, costs_an_idle_database_no_transaction_number)
{
    stored("ACB10001");
    EXPECT_EQ(log->words(), "10001:1 BOOKED");
    auto const next = [this] {
        return owner->run("SELECT pg_snapshot_xmax(pg_current_snapshot())");
    };
    auto const before = next();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(log->words(), "");
    EXPECT_EQ(next(), before);
}

TEST_F(postgres_event_log, is_read_across_two_processes)
{
    auto const other = make_booking_store<postgres_booking_store>(open());
    (void)apply_one(*other, creation_of(a_booking("ACB10001"))).value();
    EXPECT_EQ(log->words(), "10001:1 BOOKED");
    stored("ACB10002");
    EXPECT_EQ(log->words(), "10002:1 BOOKED");
    log_reader elsewhere(*other);
    EXPECT_EQ(elsewhere.words(), "10001:1 BOOKED, 10002:1 BOOKED");
}

TEST_F(postgres_event_log, goes_on_where_a_restored_database_left_off)
{
    for (auto const* ref : {"ACB10001", "ACB10002", "ACB10003"}) stored(ref);
    (void)log->read();
    // What a new primary that heard less has: it draws places again.
    owner->run("SELECT setval('booking_log', 2)");
    log_reader anew(*store);
    EXPECT_EQ(anew.words(), "10001:1 BOOKED, 10002:1 BOOKED");
    owner->run("SELECT setval('booking_log', 3)");
    std::string words;  // soon: PostgreSQL's own work may have a transaction that is older
    EXPECT_TRUE(eventually([&] { return !(words = anew.words()).empty(); }));
    EXPECT_EQ(words, "10003:1 BOOKED");
}

}  // namespace
}  // namespace aircargo::test
