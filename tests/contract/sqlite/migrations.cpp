#include "support/log_words.hpp"
#include "support/sqlite_words.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <fstream>
#include <iterator>
#include <string>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

std::string migration(std::string const& name)
{
    std::ifstream in(AIRCARGO_SOURCE_DIR "/src/sqlite/migrations/" + name + ".sql");
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Makes a file as the program of version 1 left it, with the bookings ACB10001, created at noon,
/// and ACB10002, an hour before that.
void make_version_1(std::string const& path)
{
    run_in_file(path, migration("0001_initial"));
    run_in_file(path, R"(
        PRAGMA application_id = 1094931015;  -- ACRG
        PRAGMA user_version = 1;
        INSERT INTO bookings (ref_id, origin, destination, pieces, weight_grams, leg_count, status,
            location, next_leg, misrouted, created_at, updated_at, revision)
        VALUES
        ('ACB10001', 'DEL', 'BLR', 12, 340000, 0, 'BOOKED', 'DEL', 0, 0, 1764590400, 1764590400, 1),
        ('ACB10002', 'DEL', 'BLR', 12, 340000, 0, 'BOOKED', 'DEL', 0, 0, 1764586800, 1764586800, 1);
        INSERT INTO booking_events SELECT id, 1, 'BOOKED', 'BOOKED', 'BOOKED', 'DEL', NULL, NULL, 0,
            '', '', '', created_at FROM bookings)");
}

TEST(sqlite_file_of_version_1, is_refused_while_it_may_not_be_migrated)
{
    temp_folder const folder;
    make_version_1(folder / "aircargo.db");
    auto const refused = sqlite_database::open(folder / "aircargo.db", {.migrate = false});
    EXPECT_EQ(code_of(refused), errc::invalid_request);
    EXPECT_NE(detail_of(refused).find("version 1"), std::string::npos) << detail_of(refused);
}

TEST(sqlite_file_of_version_1, is_migrated_and_keeps_its_bookings)
{
    temp_folder const folder;
    make_version_1(folder / "aircargo.db");

    auto const database = sqlite_database::open(folder / "aircargo.db").value();
    auto const store = make_booking_store<sqlite_booking_store>(database);
    EXPECT_GE(database->schema_version(), 2);
    auto const one = a_booking("ACB10001");
    auto const two = a_booking("ACB10002", {}, noon - 1h);
    EXPECT_EQ(store->list({}).value().items, (std::vector{one, two}));
    EXPECT_EQ(history_of(*store, one.terms.ref).value(), std::vector{creation_of(one).fact});
    EXPECT_EQ(code_of(apply_one(*store, depart(two))), accepted);
    EXPECT_EQ(code_of(apply_one(*store, creation_of(a_booking("ACB10003")))), accepted);
    EXPECT_EQ(store->list({.status = booking_status::booked}).value().total, 2U);
    EXPECT_EQ(
        sqlite_database::open(folder / "aircargo.db", {.migrate = false}).value()->schema_version(),
        database->schema_version());
}

TEST(sqlite_file_of_version_1, gives_its_events_places_by_time_and_within_a_booking_by_seq)
{
    temp_folder const folder;
    auto const path = folder / "aircargo.db";
    make_version_1(path);
    run_in_file(path, R"(  -- the clock was set back by hours between the two
        INSERT INTO booking_events SELECT booking_id, 2, 'DEPARTED', 'BOOKED', 'DEPARTED', 'DEL',
            NULL, NULL, 0, '', '', '', created_at - 7200 FROM booking_events WHERE booking_id = 1;
        UPDATE bookings SET status = 'DEPARTED', location = NULL, revision = 2 WHERE id = 1;)");

    auto const database = sqlite_database::open(path).value();
    auto const store = make_booking_store<sqlite_booking_store>(database);
    log_reader log(*store);
    EXPECT_EQ(log.words(), "10002:1 BOOKED, 10001:1 BOOKED, 10001:2 DEPARTED");
    (void)apply_one(*store, creation_of(a_booking("ACB10003"))).value();
    EXPECT_EQ(log.words(), "10003:1 BOOKED");
}

TEST(sqlite_file_of_version_5, knows_which_deliveries_may_begin)
{
    temp_folder const folder;
    auto const path = folder / "aircargo.db";
    for (auto const* name : {"0001_initial", "0002_lists_by_creation", "0003_accounts",
                             "0004_event_log", "0005_webhooks"})
        run_in_file(path, migration(name));
    run_in_file(path, R"(
        PRAGMA application_id = 1094931015;
        PRAGMA user_version = 5;
        INSERT INTO webhooks VALUES ('a', 'https://a', 's', '', '', 1, 0, 0);
        INSERT INTO webhook_deliveries VALUES
            ('a', 1, 'ACB10001', 1, 1, 9, 0, 0, 'HTTP 500'),
            ('a', 2, 'ACB10001', 2, 0, 1, 0, 5, 'HTTP 500'),
            ('a', 3, 'ACB10002', 1, 0, 0, 0, 0, ''),
            ('a', 4, 'ACB10001', 3, 0, 0, 0, 0, '');)");

    auto const store =
        make_webhook_store<sqlite_webhook_store>(sqlite_database::open(path).value());
    std::vector const wishes{claim_wish{"a", 9}};
    auto const begun = store->claim(wishes, noon, 60s).value();
    ASSERT_EQ(begun.size(), 2U);
    EXPECT_EQ(begun[0].position, log_position{3});
    EXPECT_EQ(begun[1].position, log_position{2});
    EXPECT_EQ(store->deliveries({.webhook_id = "a"})->size(), 1U);
}

TEST(sqlite_file_of_version_1, still_refuses_to_change_the_past)
{
    temp_folder const folder;
    auto const path = folder / "aircargo.db";
    make_version_1(path);
    (void)sqlite_database::open(path).value();
    EXPECT_NE(refusal_in_file(path, "UPDATE booking_events SET notes = 'forged'"), "");
    EXPECT_NE(refusal_in_file(path, "DELETE FROM booking_events"), "");
}

}  // namespace
}  // namespace aircargo::test
