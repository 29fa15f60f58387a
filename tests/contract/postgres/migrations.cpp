#include "support/log_words.hpp"
#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <barrier>
#include <fstream>
#include <future>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// An empty database of the owner.
class postgres_schema : public ::testing::Test {
protected:
    void SetUp() override
    {
        try {
            url = shared_postgres().fresh_database();
        } catch (postgres_missing const& missing) {
            GTEST_SKIP() << missing.what();
        }
        owner.emplace(url);
    }
    [[nodiscard]] std::string tables()
    {
        return owner->run(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace");
    }

    std::string url;
    std::optional<somebody_else> owner;
};

TEST_F(postgres_schema, is_made_once_when_several_programs_open_a_new_database_together)
{
    for (int round = 0; round < 5; ++round) {
        auto const fresh = shared_postgres().fresh_database();
        std::barrier together(4);
        auto const program = [&] {
            together.arrive_and_wait();
            return postgres_database::open(fresh, {.connections = 1}).value()->schema_version();
        };
        std::vector<std::future<int>> programs;
        for (int i = 0; i < 4; ++i) programs.push_back(std::async(std::launch::async, program));
        for (auto& p : programs) EXPECT_GE(p.get(), 1);
        EXPECT_EQ(run_sql(fresh, "SELECT count(*) FROM schema_migrations WHERE version = 1"),
                  "1\n");
    }
}

TEST_F(postgres_schema, is_waited_for_while_another_program_makes_it_however_long_that_takes)
{
    owner->run("BEGIN; SELECT pg_advisory_xact_lock(7019267256955499119)");
    auto opened = std::async(std::launch::async, [this] {
        return postgres_database::open(url, {.connections = 1,
                                             .statement_timeout = 50ms,
                                             .lock_timeout = 50ms,
                                             .answer_timeout = 100ms});
    });
    somebody_else watcher(url);
    ASSERT_TRUE(eventually([&] {
        return watcher.run(
                   "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
                   " AND now() - query_start > interval '200 ms'") == "1";
    }));
    owner->run("COMMIT");
    EXPECT_EQ(code_of(opened.get()), accepted);
}

TEST_F(postgres_schema, that_is_newer_than_the_program_is_refused)
{
    (void)postgres_database::open(url, {.connections = 1}).value();
    owner->run("INSERT INTO schema_migrations (version, name) VALUES (9999, 'of the future')");
    auto const refused = postgres_database::open(url, {.connections = 1});
    EXPECT_EQ(code_of(refused), errc::invalid_request);
    EXPECT_NE(detail_of(refused).find("9999"), std::string::npos) << detail_of(refused);
}

TEST_F(postgres_schema, that_is_older_is_refused_while_it_may_not_be_migrated)
{
    auto const refused = postgres_database::open(url, {.connections = 1, .migrate = false});
    EXPECT_EQ(code_of(refused), errc::invalid_request);
    EXPECT_NE(detail_of(refused).find("version 0"), std::string::npos) << detail_of(refused);
    EXPECT_EQ(tables(), "0");

    (void)postgres_database::open(url, {.connections = 1}).value();
    EXPECT_EQ(code_of(postgres_database::open(url, {.connections = 1, .migrate = false})),
              accepted);
}

TEST_F(postgres_schema, is_left_alone_when_a_migration_fails)
{
    owner->run("CREATE TABLE idempotency (of_somebody_else int)");  // among the last that it makes
    auto const before = tables();
    EXPECT_EQ(code_of(postgres_database::open(url, {.connections = 1})), errc::backend_down);
    EXPECT_EQ(tables(), before);

    owner->run("DROP TABLE idempotency");
    EXPECT_EQ(code_of(postgres_database::open(url, {.connections = 1})), accepted);
}

TEST_F(postgres_schema, can_not_be_made_by_a_role_that_may_not)
{
    prepared_database const makes_the_role;
    auto const refused = postgres_database::open(with_user(url, service_role), {.connections = 1});
    EXPECT_EQ(code_of(refused), errc::backend_down);
    EXPECT_EQ(tables(), "0");
}

/// A database as the program of version 1 left it, which a service used: booking ACB10001 with the
/// clock set back between its two events, and ACB10002, made half an hour before the first.
void make_version_1(somebody_else& owner, std::string const& service)
{
    std::ifstream in(AIRCARGO_SOURCE_DIR "/src/postgres/migrations/0001_initial.sql");
    owner.run(std::string(std::istreambuf_iterator<char>(in), {}));
    owner.run(
        "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
        " applied_at TIMESTAMPTZ NOT NULL DEFAULT now());"
        "INSERT INTO schema_migrations VALUES (1, 'initial');"
        "GRANT SELECT, INSERT ON bookings, booking_events, schema_migrations TO " +
        service +
        "; INSERT INTO bookings VALUES"
        " (1, 'ACB10001', 'DEL', 'BLR', 12, 340, 'DEPARTED', '{}', NULL, 0, false,"
        "  '2025-12-01T12:00Z', '2025-12-01T12:00Z', 2),"
        " (2, 'ACB10002', 'DEL', 'BLR', 12, 340, 'BOOKED', '{}', 'DEL', 0, false,"
        "  '2025-12-01T11:30Z', '2025-12-01T11:30Z', 1);"
        "INSERT INTO booking_events VALUES"
        " (1, 2, 'DEPARTED', 'BOOKED', 'DEPARTED', 'DEL', NULL, NULL, false, '', '', '',"
        "  '2025-12-01T10:00Z', 3),"
        " (1, 1, 'BOOKED', 'BOOKED', 'BOOKED', 'DEL', NULL, NULL, false, '', '', '',"
        "  '2025-12-01T12:00Z', 1),"
        " (2, 1, 'BOOKED', 'BOOKED', 'BOOKED', 'DEL', NULL, NULL, false, '', '', '',"
        "  '2025-12-01T11:30Z', 2)");
}

TEST_F(postgres_schema, of_version_1_gives_its_events_places_by_time_and_within_a_booking_by_seq)
{
    prepared_database const makes_the_role;
    make_version_1(*owner, service_role);
    auto const store =
        make_booking_store<postgres_booking_store>(postgres_database::open(url).value());
    log_reader log(*store);
    EXPECT_EQ(log.words(), "10002:1 BOOKED, 10001:1 BOOKED, 10001:2 DEPARTED");
    (void)apply_one(*store, creation_of(a_booking("ACB10003"))).value();
    EXPECT_EQ(log.words(), "10003:1 BOOKED");
    EXPECT_EQ(owner->refusal_of("UPDATE booking_events SET notes = 'forged'"), "P0001");
}

TEST_F(postgres_schema, of_version_1_is_used_on_by_programs_that_know_no_places)
{
    prepared_database const makes_the_role;
    make_version_1(*owner, service_role);
    auto const database = postgres_database::open(url, {.connections = 1}).value();
    somebody_else old_program(with_user(url, service_role));
    old_program.run(
        "INSERT INTO booking_events (booking_id, seq, event_type, previous_status, new_status,"
        " off_plan, notes, actor, request_id, created_at, change_no) VALUES"
        " (2, 2, 'CANCELLED', 'BOOKED', 'CANCELLED', false, '', '', '', now(), 4)");
    auto const store = make_booking_store<postgres_booking_store>(database);
    EXPECT_EQ(log_reader(*store).read().back().fact.type, event_type::cancelled);
}

// ------------------------------------------------------------------------------------------ roles

class postgres_roles : public postgres_test {
protected:
    void SetUp() override
    {
        postgres_test::SetUp();
        if (!prepared) return;
        auto const store = make_booking_store<postgres_booking_store>(open());
        (void)apply_one(*store, creation_of(a_booking("ACB10001"))).value();
        service.emplace(prepared->url);
    }
    result<void> grant(std::string const& role) const
    {
        auto const owned = postgres_database::open(prepared->owner_url, {.connections = 1}).value();
        return grant_service_role(*owned, role);
    }

    static constexpr char const* not_permitted = "42501";
    static constexpr char const* by_the_trigger = "P0001";
    std::optional<somebody_else> service;
};

TEST_F(postgres_roles, that_serve_can_not_change_the_past)
{
    for (auto const& sql :
         {"UPDATE booking_events SET notes = 'forged'", "DELETE FROM booking_events",
          "TRUNCATE booking_events", "DELETE FROM bookings", "TRUNCATE bookings CASCADE",
          "DELETE FROM booking_legs", "UPDATE booking_legs SET leg_no = 7", "DELETE FROM flights",
          "DELETE FROM schedule_version", "INSERT INTO schema_migrations VALUES (2, 'x')",
          "ALTER TABLE booking_events DISABLE TRIGGER ALL", "DROP TABLE booking_events",
          "CREATE TABLE mine (x int)"})
        EXPECT_EQ(service->refusal_of(sql), not_permitted) << sql;
}

TEST_F(postgres_roles, however_mighty_are_refused_by_the_trigger)
{
    EXPECT_EQ(owner->run("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"), "t");
    for (auto const& sql :
         {"UPDATE booking_events SET notes = 'forged'", "DELETE FROM booking_events",
          "TRUNCATE booking_events", "TRUNCATE bookings CASCADE"})
        EXPECT_EQ(owner->refusal_of(sql), by_the_trigger) << sql;
}

TEST_F(postgres_roles, that_own_the_tables_are_not_permitted_either)
{
    auto const fresh = shared_postgres().fresh_database();
    std::string const name = "owner_" + fresh.substr(fresh.rfind("/t") + 2, 12);
    auto const role = name.substr(0, name.find('?'));
    somebody_else super(fresh);
    super.run("CREATE ROLE " + role + " LOGIN; GRANT CREATE ON SCHEMA public TO " + role);
    auto const url = with_user(fresh, role);
    (void)postgres_database::open(url, {.connections = 1}).value();
    somebody_else plain_owner(url);
    for (auto const& sql : {"UPDATE booking_events SET notes = 'forged'",
                            "DELETE FROM booking_events", "TRUNCATE booking_events"})
        EXPECT_EQ(plain_owner.refusal_of(sql), not_permitted) << sql;
    plain_owner.run("GRANT UPDATE, DELETE, TRUNCATE ON booking_events TO " + role);
    EXPECT_EQ(plain_owner.refusal_of("TRUNCATE booking_events"), by_the_trigger);
    super.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_F(postgres_roles, that_are_missing_are_refused)
{
    for (std::string const& role :
         {std::string("nobody_here"), std::string("public"), std::string("PUBLIC"),
          std::string("current_user"), std::string(""), std::string("x; DROP TABLE bookings"),
          std::string("\xff"), std::string("a\0b", 3),
          std::string(service_role) + std::string(100, ' ')})
        EXPECT_EQ(code_of(grant(role)), errc::invalid_request) << role;
    EXPECT_EQ(owner->run("SELECT has_table_privilege('pg_monitor', 'bookings', 'SELECT')"), "f");
}

TEST_F(postgres_roles, may_have_any_name)
{
    for (std::string const role :
         {"With Capitals", "a\"quote", "select", "x; DROP TABLE bookings; --", "Überseehafen"}) {
        std::string doubled;
        for (char c : role) doubled += c == '"' ? "\"\"" : std::string(1, c);
        owner->run("CREATE ROLE \"" + doubled + '"');
        EXPECT_EQ(code_of(grant(role)), accepted) << role;
        owner->run("SET ROLE \"" + doubled + '"');
        EXPECT_EQ(owner->run("SELECT ref_id FROM bookings"), "ACB10001");
        owner->run("RESET ROLE; DROP OWNED BY \"" + doubled + "\"; DROP ROLE \"" + doubled + '"');
    }
}

TEST_F(postgres_roles, with_a_long_name_are_not_taken_for_a_shorter_one)
{
    std::string const name(63, 'r');
    owner->run("CREATE ROLE " + name);
    EXPECT_EQ(code_of(grant(name + "est")), errc::invalid_request);
    EXPECT_EQ(owner->run("SELECT has_table_privilege('" + name + "', 'bookings', 'SELECT')"), "f");
    owner->run("DROP ROLE " + name);
}

}  // namespace
}  // namespace aircargo::test
