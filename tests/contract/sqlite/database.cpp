#include "sqlite/database.hpp"
#include "support/sqlite_words.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <barrier>
#include <chrono>
#include <filesystem>
#include <future>
#include <iterator>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

class sqlite_file : public ::testing::Test {
protected:
    temp_folder folder;
    std::string path = folder / "aircargo.db";

    [[nodiscard]] std::shared_ptr<sqlite_database> open() const
    {
        return sqlite_database::open(path).value();
    }
    [[nodiscard]] std::unique_ptr<any_booking_store> bookings() const
    {
        return make_booking_store<sqlite_booking_store>(open());
    }
    [[nodiscard]] std::unique_ptr<any_flight_store> flights() const
    {
        return make_flight_store<sqlite_flight_store>(open());
    }
};

TEST_F(sqlite_file, refuses_who_finds_no_connection_to_read_with)
{
    auto const database =
        sqlite_database::open(path, {.readers = 1, .reader_timeout = std::chrono::milliseconds(1)})
            .value();
    auto const bookings = make_booking_store<sqlite_booking_store>(database);
    auto const flights = make_flight_store<sqlite_flight_store>(database);
    sqlite_account_store accounts(database);
    auto const b = a_booking("ACB10001");
    (void)apply_one(*bookings, creation_of(b)).value();
    std::vector const two{flight_id(1), flight_id(2)};
    std::vector<std::string> const name{"ada"};

    auto const meanwhile = database->in().read([&](detail::sqlite_reader&) -> result<void> {
        EXPECT_EQ(code_of(bookings->list({})), errc::overloaded);
        EXPECT_EQ(code_of(find_one(*bookings, b.terms.ref)), errc::overloaded);
        EXPECT_EQ(flights->find(two).size(), 2U);
        EXPECT_EQ(code_of(flights->find(two)[1]), errc::overloaded);
        EXPECT_EQ(code_of(accounts.find(name)[0]), errc::overloaded);
        return {};
    });
    EXPECT_EQ(code_of(meanwhile), accepted);
    EXPECT_EQ(find_one(*bookings, b.terms.ref).value(), b);
}

TEST_F(sqlite_file, keeps_everything_when_it_is_opened_again)
{
    auto const planned = flights()->upsert(via_bombay()).value();
    auto const b = a_booking("ACB10001", planned);
    idempotency_key const key{"scope", "k-1", "hash"};
    (void)bookings()->apply(std::vector{with_key(creation_of(b), key), depart(b)});
    auto const version = flights()->version().value();

    EXPECT_EQ(find_one(*bookings(), b.terms.ref).value(), depart(b).after);
    EXPECT_EQ(history_of(*bookings(), b.terms.ref)->size(), 2U);
    EXPECT_EQ(answer_to(*bookings(), key).value(), b);
    EXPECT_EQ(bookings()->list({}).value().total, 1U);
    EXPECT_EQ(flights()->load({}).value(), planned);
    EXPECT_EQ(flights()->version().value(), version);
}

/// Who may do what with a file, as `chmod` writes it.
[[nodiscard]] unsigned mode_of(std::string const& file)
{
    return static_cast<unsigned>(std::filesystem::status(file).permissions());
}

TEST_F(sqlite_file, is_made_for_its_owner_alone)
{
    auto const before = ::umask(022);
    {
        auto const opened = open();
        for (auto const* beside : {"", "-wal", "-shm"})
            EXPECT_EQ(mode_of(path + beside), 0600U) << beside;
    }
    ::umask(before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / ""), {}), 1)
        << "and nothing else";
}

TEST_F(sqlite_file, keeps_the_permissions_that_it_has)
{
    (void)open();
    std::filesystem::permissions(path, std::filesystem::perms(0640));
    auto const opened = open();
    for (auto const* beside : {"", "-wal", "-shm"})
        EXPECT_EQ(mode_of(path + beside), 0640U) << beside;
}

TEST_F(sqlite_file, tells_the_version_of_its_schema) { EXPECT_GE(open()->schema_version(), 1); }

TEST_F(sqlite_file, is_migrated_once)
{
    EXPECT_EQ(open()->schema_version(), open()->schema_version());
}

TEST_F(sqlite_file, is_made_once_when_several_programs_open_a_new_one_together)
{
    for (int round = 0; round < 50; ++round) {
        temp_folder const fresh;
        std::string const file = fresh / "aircargo.db";
        std::barrier together(4);
        auto const program = [&] {
            together.arrive_and_wait();
            return sqlite_database::open(file).value()->schema_version();
        };
        std::vector<std::future<int>> programs;
        for (int i = 0; i < 4; ++i) programs.push_back(std::async(std::launch::async, program));
        for (auto& p : programs) EXPECT_NO_THROW(EXPECT_GE(p.get(), 1));
    }
}

TEST_F(sqlite_file, is_refused_with_a_schema_that_is_newer_than_the_program)
{
    (void)open();
    run_in_file(path, "PRAGMA user_version = 9999");
    auto const refused = sqlite_database::open(path);
    EXPECT_EQ(code_of(refused), errc::invalid_request);
    EXPECT_NE(detail_of(refused).find("9999"), std::string::npos) << detail_of(refused);
}

TEST_F(sqlite_file, is_refused_with_an_older_schema_that_may_not_be_migrated)
{
    EXPECT_EQ(code_of(sqlite_database::open(path, {.migrate = false})), errc::invalid_request);
    (void)open();
    EXPECT_EQ(code_of(sqlite_database::open(path, {.migrate = false})), accepted);
}

TEST_F(sqlite_file, is_refused_with_a_schema_version_that_never_was)
{
    run_in_file(path, "CREATE TABLE t (x); PRAGMA user_version = -1");
    EXPECT_TRUE(sqlite_database::open(path).has_error());
}

TEST_F(sqlite_file, is_refused_when_it_belongs_to_another_program)
{
    run_in_file(path, "CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1");
    EXPECT_TRUE(sqlite_database::open(path).has_error());
}

TEST_F(sqlite_file, is_refused_when_it_is_no_database)
{
    (void)folder.file("aircargo.db", std::string(4096, 'x'));
    EXPECT_EQ(code_of(sqlite_database::open(path)), errc::backend_down);
}

TEST_F(sqlite_file, is_refused_where_none_can_be)
{
    EXPECT_EQ(code_of(sqlite_database::open(folder / "missing/aircargo.db")), errc::backend_down);
    EXPECT_EQ(code_of(sqlite_database::open(folder / "")), errc::backend_down);
    EXPECT_EQ(code_of(sqlite_database::open("")), errc::invalid_request);
    EXPECT_EQ(code_of(sqlite_database::open(":memory:")), errc::invalid_request);
}

TEST_F(sqlite_file, takes_reference_to_stored_flights_only)
{
    auto const store = bookings();
    auto const invented = a_booking("ACB10001", via_bombay());

    auto const answers =
        store->apply(std::vector{creation_of(a_booking("ACB10000")), creation_of(invented),
                                 creation_of(a_booking("ACB10002"))});

    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(answers[1].error(), flight_not_found(flight_id(1)));
    EXPECT_EQ(code_of(answers[2]), accepted);
    EXPECT_EQ(code_of(find_one(*store, invented.terms.ref)), errc::not_found);
}

TEST_F(sqlite_file, takes_events_on_stored_flights_only)
{
    auto const store = bookings();
    auto const one = a_booking("ACB10001");
    auto const two = a_booking("ACB10002");
    (void)store->apply(std::vector{creation_of(one), creation_of(two)});

    auto const answers = store->apply(std::vector{
        depart(one), decided(two, on(via_bombay()[0], command_of(booking_act::depart)))});

    EXPECT_EQ(code_of(answers[0]), accepted) << detail_of(answers[0]);
    EXPECT_EQ(answers[1].error(), flight_not_found(flight_id(1)));
    EXPECT_EQ(find_one(*store, one.terms.ref)->status, booking_status::departed);
    EXPECT_EQ(find_one(*store, two.terms.ref).value(), two);
}

TEST_F(sqlite_file, never_changes_or_deletes_an_event)
{
    (void)bookings()->apply(std::vector{creation_of(a_booking("ACB10001"))});
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    EXPECT_NE(
        sqlite3_exec(db, "UPDATE booking_events SET notes = 'forged'", nullptr, nullptr, nullptr),
        SQLITE_OK);
    EXPECT_NE(sqlite3_exec(db, "DELETE FROM booking_events", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
    EXPECT_EQ(history_of(*bookings(), a_ref("ACB10001"))->size(), 1U);
}

TEST_F(sqlite_file, answers_backend_down_when_it_is_damaged)
{
    auto const store = bookings();
    (void)store->apply(std::vector{creation_of(a_booking("ACB10001"))});
    run_in_file(path, "PRAGMA ignore_check_constraints = ON; UPDATE bookings SET status = 'LOST'");

    EXPECT_EQ(code_of(find_one(*store, a_ref("ACB10001"))), errc::backend_down);
    EXPECT_EQ(code_of(store->list({})), errc::backend_down);
}

TEST_F(sqlite_file, answers_unavailable_while_another_program_holds_it)
{
    auto const store = make_booking_store<sqlite_booking_store>(
        sqlite_database::open(path, {.busy_timeout = std::chrono::milliseconds(1)}).value());
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);

    auto const refused = apply_one(*store, creation_of(a_booking("ACB10001")));
    EXPECT_TRUE(refused.has_error());
    EXPECT_EQ(group_of(refused.error().code), errc_group::unavailable);
    EXPECT_NE(code_of(refused), errc::commit_unknown) << "nothing happened, and that is known";
    EXPECT_EQ(code_of(store->reserve_refs(1)), code_of(refused));
    EXPECT_EQ(code_of(find_one(*store, a_ref("ACB10001"))), errc::not_found) << "reading goes on";

    ASSERT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    EXPECT_EQ(code_of(apply_one(*store, creation_of(a_booking("ACB10001")))), accepted)
        << "and so does writing";
}

TEST_F(sqlite_file, is_shared_by_two_programs)
{
    auto const here = bookings();
    auto const there = bookings();
    auto const b = a_booking("ACB10001");
    (void)apply_one(*here, creation_of(b));

    EXPECT_EQ(find_one(*there, b.terms.ref).value(), b);
    EXPECT_EQ(code_of(apply_one(*there, depart(b))), accepted);
    EXPECT_EQ(code_of(apply_one(*here, cancel(b))), errc::stale_revision);
}

}  // namespace
}  // namespace aircargo::test
