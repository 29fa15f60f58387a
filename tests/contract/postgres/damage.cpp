#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

/// Rows that somebody changed past the store into what it would never have written.
class postgres_damage : public postgres_test {
protected:
    void SetUp() override
    {
        postgres_test::SetUp();
        if (!prepared) return;
        database = open({.connections = 1});
        store = make_booking_store<postgres_booking_store>(database);
        flight_store = make_flight_store<postgres_flight_store>(database);
        flights = flight_store->upsert(via_bombay()).value();
        without_checks();
        for (auto const* ref : {"ACB10001", "ACB10002", "ACB10003"}) {
            bookings.push_back(a_booking(ref, flights));
            auto const changes =
                std::vector{with_key(creation_of(bookings.back()), {"scope", ref, "hash"}),
                            depart(bookings.back())};
            for (auto const& answer : store->apply(changes)) ASSERT_EQ(code_of(answer), accepted);
            refs.push_back(bookings.back().terms.ref);
        }
    }
    /// What was written before the checks of the schema came, or while somebody had put them away.
    void without_checks()
    {
        owner->run(
            "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS t, conname"
            " FROM pg_constraint WHERE contype = 'c' AND conrelid::regclass::text IN ('bookings',"
            " 'booking_legs', 'booking_events', 'flights') LOOP"
            " EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);"
            " END LOOP; FOR c IN SELECT attrelid::regclass AS t, attname FROM pg_attribute"
            " WHERE attrelid::regclass::text IN ('bookings', 'booking_legs', 'booking_events',"
            " 'flights') AND attnotnull AND attnum > 0 AND attidentity = '' AND NOT attname IN"
            " ('booking_id', 'seq', 'leg_no') LOOP"
            " EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', c.t, c.attname);"
            " END LOOP; END $$; ALTER TABLE booking_events DISABLE TRIGGER USER");
    }
    /// Of the second of the three bookings.
    void damage(std::string const& table, std::string const& change)
    {
        owner->run("UPDATE " + table + " SET " + change + " WHERE " +
                   (table == "bookings" ? "ref_id = 'ACB10002'"
                                        : "booking_id = (SELECT id FROM bookings WHERE ref_id ="
                                          " 'ACB10002')"));
    }
    void expect_second_row_unreadable()
    {
        auto const found = store->find(refs);
        EXPECT_EQ(found[0].value(), depart(bookings[0]).after);
        EXPECT_EQ(code_of(found[1]), errc::backend_down);
        EXPECT_EQ(found[2].value(), depart(bookings[2]).after);
        EXPECT_EQ(code_of(store->list({})), errc::backend_down);
        EXPECT_EQ(code_of(answer_to(*store, {"scope", "ACB10002", "hash"})), errc::backend_down);
        EXPECT_EQ(answer_to(*store, {"scope", "ACB10003", "hash"}).value(), bookings[2]);
    }
    void expect_second_history_unreadable()
    {
        auto const histories = store->history(refs);
        EXPECT_EQ(histories[0]->size(), 2U);
        EXPECT_EQ(code_of(histories[1]), errc::backend_down);
        EXPECT_EQ(histories[2]->size(), 2U);
        EXPECT_EQ(code_of(find_one(*store, refs[1])), accepted);
    }

    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_booking_store> store;
    std::unique_ptr<any_flight_store> flight_store;
    std::vector<flight> flights;
    std::vector<booking> bookings;
    std::vector<booking_ref> refs;
};

/// One damage at a time, each to a fresh database.
class postgres_damage_of_row : public postgres_damage,
                               public ::testing::WithParamInterface<std::string> {};

TEST_P(postgres_damage_of_row, is_found_and_spoils_no_neighbour)
{
    damage("bookings", GetParam());
    expect_second_row_unreadable();
}
INSTANTIATE_TEST_SUITE_P(
    damage, postgres_damage_of_row,
    ::testing::Values("status = 'LOST'", "origin = 'D1'", "destination = ''", "pieces = 0",
                      "pieces = NULL", "weight_kg = 0", "weight_kg = NULL", "weight_kg = 'NaN'",
                      "weight_kg = 9999999.999", "location = '1'", "next_leg = 3", "next_leg = -1",
                      "next_leg = NULL", "misrouted = NULL", "created_at = NULL",
                      "updated_at = NULL", "revision = NULL", "flight_ids = NULL",
                      "flight_ids = '{}'", "flight_ids = '{1}'", "flight_ids = '{1,2,3}'"));

class postgres_damage_of_leg : public postgres_damage,
                               public ::testing::WithParamInterface<std::string> {};

TEST_P(postgres_damage_of_leg, is_found_and_spoils_no_neighbour)
{
    damage("booking_legs", GetParam());
    expect_second_row_unreadable();
}
INSTANTIATE_TEST_SUITE_P(damage, postgres_damage_of_leg,
                         ::testing::Values("flight_number = 'no number'", "origin = '12'",
                                           "destination = NULL", "flight_id = NULL",
                                           "departure_datetime = NULL", "arrival_datetime = NULL"));

TEST_F(postgres_damage, of_missing_legs_is_found_and_spoils_no_neighbour)
{
    auto const remove = [this](int leg) {
        owner->run("DELETE FROM booking_legs WHERE leg_no = " + std::to_string(leg) +
                   " AND booking_id = (SELECT id FROM bookings WHERE ref_id = 'ACB10002')");
    };
    remove(0);
    expect_second_row_unreadable();
    remove(1);
    expect_second_row_unreadable();
}

TEST_F(postgres_damage, of_one_leg_too_many_is_found_and_spoils_no_neighbour)
{
    owner->run(
        "INSERT INTO booking_legs SELECT booking_id, 2, flight_id, flight_number, origin,"
        " destination, departure_datetime, arrival_datetime FROM booking_legs WHERE leg_no = 1"
        " AND booking_id = (SELECT id FROM bookings WHERE ref_id = 'ACB10002')");
    expect_second_row_unreadable();
}

class postgres_damage_of_event : public postgres_damage,
                                 public ::testing::WithParamInterface<std::string> {};

TEST_P(postgres_damage_of_event, is_found_and_spoils_no_neighbour)
{
    damage("booking_events", GetParam());
    expect_second_history_unreadable();
}
INSTANTIATE_TEST_SUITE_P(damage, postgres_damage_of_event,
                         ::testing::Values("event_type = 'LOST'", "previous_status = NULL",
                                           "new_status = 'x'", "location = '1'",
                                           "flight_number = 'no number'",
                                           "flight_number = 'AI1', flight_id = NULL",
                                           "flight_number = NULL, flight_id = 1", "off_plan = NULL",
                                           "notes = NULL", "actor = NULL", "request_id = NULL",
                                           "created_at = NULL"));

class postgres_damage_of_key : public postgres_damage,
                               public ::testing::WithParamInterface<std::string> {};

TEST_P(postgres_damage_of_key, is_found)
{
    owner->run("UPDATE idempotency SET " + GetParam() + " WHERE key = 'ACB10002'");
    EXPECT_EQ(code_of(answer_to(*store, {"scope", "ACB10002", "hash"})), errc::backend_down);
    EXPECT_EQ(answer_to(*store, {"scope", "ACB10003", "hash"}).value(), bookings[2]);
}
INSTANTIATE_TEST_SUITE_P(damage, postgres_damage_of_key,
                         ::testing::Values("seq = 0", "seq = -1", "seq = 3",
                                           "seq = 9223372036854775807", "ref_id = 'nonsense'",
                                           "ref_id = 'ACB99999'"));

TEST_F(postgres_damage, of_a_flight_is_found)
{
    auto const first = flights[0].id;
    auto const second = flights[1].id;
    for (std::string const change : {"flight_number = '?'", "origin = '1'", "airline_name = NULL",
                                     "arrival_datetime = NULL"}) {
        owner->run("BEGIN; UPDATE flights SET " + change +
                   " WHERE id = " + std::to_string(static_cast<std::int64_t>(first)) + "; COMMIT");
        auto const found = flight_store->find(std::vector{first, second});
        EXPECT_EQ(code_of(found[0]), errc::backend_down) << change;
        EXPECT_EQ(found[1].value(), flights[1]);
        EXPECT_EQ(code_of(flight_store->load({})), errc::backend_down) << change;
    }
}

TEST_F(postgres_damage, of_single_rows_is_found)
{
    owner->run("DELETE FROM booking_refs");
    EXPECT_EQ(code_of(store->reserve_refs(1)), errc::backend_down);
    owner->run("DELETE FROM schedule_version");
    EXPECT_EQ(code_of(make_flight_store<postgres_flight_store>(open())->version()),
              errc::backend_down);
}

TEST_F(postgres_damage, of_a_whole_table_is_found)
{
    owner->run("DROP TABLE booking_legs");
    EXPECT_EQ(code_of(find_one(*store, refs[0])), errc::backend_down);
    EXPECT_EQ(code_of(store->list({})), errc::backend_down);
    EXPECT_EQ(history_of(*store, refs[0])->size(), 2U);
}

class postgres_batch : public postgres_test {};

TEST_F(postgres_batch, loses_only_the_entry_that_the_database_can_not_take)
{
    postgres_booking_store store(open());
    auto const one = a_booking("ACB10001");
    auto const two = a_booking("ACB10002");
    auto const three = a_booking("ACB10003");
    auto with_a_nul = creation_of(two);
    with_a_nul.fact.notes = std::string("a\0b", 3);

    auto const answers =
        store.apply(std::vector{creation_of(one), with_a_nul, creation_of(three), depart(one)});

    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::backend_down);
    EXPECT_EQ(code_of(answers[2]), accepted);
    EXPECT_EQ(code_of(answers[3]), accepted);
    std::vector const refs{one.terms.ref, two.terms.ref, three.terms.ref};
    auto const found = store.find(refs);
    EXPECT_EQ(found[0].value(), depart(one).after);
    EXPECT_EQ(code_of(found[1]), errc::not_found);
    EXPECT_EQ(found[2].value(), three);
}

}  // namespace
}  // namespace aircargo::test
