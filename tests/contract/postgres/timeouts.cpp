#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <future>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

class postgres_timeouts : public postgres_test {
protected:
    void start(postgres_options const& options)
    {
        database = open(options);
        store = make_booking_store<postgres_booking_store>(database);
        (void)apply_one(*store, creation_of(b)).value();
        holder.emplace(prepared->owner_url);
        holder->run("BEGIN; SELECT id FROM bookings WHERE ref_id = 'ACB10001' FOR UPDATE");
    }
    /// All of a batch is undone, and the same connection does it when the row is free.
    void expect_timed_out_without_harm()
    {
        std::vector const batch{with_key(depart(b), {"scope", "k-1", "hash"}), creation_of(other)};
        for (auto const& answer : store->apply(batch))
            EXPECT_EQ(code_of(answer), errc::timed_out) << detail_of(answer);
        EXPECT_EQ(code_of(find_one(*store, other.terms.ref)), errc::not_found);
        EXPECT_EQ(find_one(*store, b.terms.ref).value(), b);
        holder->run("ROLLBACK");
        for (auto const& answer : store->apply(batch)) EXPECT_EQ(code_of(answer), accepted);
        EXPECT_EQ(database->counts().connects, 1U);
        EXPECT_EQ(database->counts().lost, 0U);
    }

    booking b = a_booking("ACB10001");
    booking other = a_booking("ACB10002");
    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_booking_store> store;
    std::optional<somebody_else> holder;
};

TEST_F(postgres_timeouts, of_a_lock_refuse_what_is_held_and_nothing_else)
{
    start({.connections = 1, .lock_timeout = 100ms});
    std::vector const batch{creation_of(a_booking("ACB10000")), depart(b), creation_of(other),
                            depart(other)};
    auto const answers = store->apply(batch);
    EXPECT_EQ(code_of(answers[0]), accepted);
    EXPECT_EQ(code_of(answers[1]), errc::timed_out);
    EXPECT_EQ(code_of(answers[2]), accepted);
    EXPECT_EQ(code_of(answers[3]), accepted);
    EXPECT_EQ(find_one(*store, b.terms.ref).value(), b);
    EXPECT_EQ(find_one(*store, other.terms.ref).value(), depart(other).after);

    holder->run("ROLLBACK");
    EXPECT_EQ(code_of(apply_one(*store, depart(b))), accepted);
    EXPECT_EQ(database->counts().connects, 1U);
    EXPECT_EQ(database->counts().lost, 0U);
}

TEST_F(postgres_timeouts, of_a_lock_keep_no_key)
{
    start({.connections = 1, .lock_timeout = 100ms});
    auto const keyed = with_key(depart(b), {"scope", "k-1", "hash"});
    EXPECT_EQ(code_of(apply_one(*store, keyed)), errc::timed_out);
    holder->run("ROLLBACK");
    EXPECT_EQ(apply_one(*store, keyed).value(), keyed.after);
}

TEST_F(postgres_timeouts, of_a_statement_undo_the_batch_and_keep_the_connection)
{
    start({.connections = 1, .statement_timeout = 200ms});
    expect_timed_out_without_harm();
}

TEST_F(postgres_timeouts, of_the_pool_answer_overloaded)
{
    start({.connections = 1, .pool_timeout = 100ms});
    auto writer = std::async(std::launch::async, [this] { return apply_one(*store, depart(b)); });
    ASSERT_TRUE(eventually([this] { return sessions("wait_event_type = 'Lock'") == 1; }));
    EXPECT_EQ(code_of(find_one(*store, b.terms.ref)), errc::overloaded);
    EXPECT_EQ(code_of(apply_one(*store, creation_of(other))), errc::overloaded);
    holder->run("ROLLBACK");
    EXPECT_EQ(code_of(writer.get()), accepted);
    EXPECT_EQ(find_one(*store, b.terms.ref).value(), depart(b).after);
}

TEST_F(postgres_timeouts, of_the_pool_are_not_reached_when_a_connection_gets_free)
{
    start({.connections = 1, .pool_timeout = 30s});
    auto writer = std::async(std::launch::async, [this] { return apply_one(*store, depart(b)); });
    ASSERT_TRUE(eventually([this] { return sessions("wait_event_type = 'Lock'") == 1; }));
    std::vector<std::future<result<booking>>> readers;
    for (int i = 0; i < 8; ++i)
        readers.push_back(
            std::async(std::launch::async, [this] { return find_one(*store, b.terms.ref); }));
    holder->run("ROLLBACK");
    EXPECT_EQ(code_of(writer.get()), accepted);
    for (auto& r : readers) EXPECT_EQ(code_of(r.get()), accepted);
}

// --------------------------------------------------------------------------------------- opening

class postgres_opening : public postgres_behind_proxy {
protected:
    /// What a session of the service is set to, which nobody else can ask it: written by a default.
    std::string settings_of_a_writer()
    {
        owner->run(
            "ALTER TABLE booking_events ADD COLUMN seen TEXT DEFAULT"
            " current_setting('synchronous_commit') || ', ' ||"
            " current_setting('transaction_isolation')");
        auto const store = make_booking_store<postgres_booking_store>(open());
        EXPECT_EQ(code_of(apply_one(*store, creation_of(a_booking("ACB10001")))), accepted);
        return owner->run("SELECT seen FROM booking_events");
    }
    void set_default(std::string const& setting)
    {
        owner->run(
            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || '"
            " SET " +
            setting + "'; END $$");
    }
};

TEST_F(postgres_opening, is_refused_with_more_connections_than_the_server_has)
{
    auto const refused = postgres_database::open(prepared->url, {.connections = 5000});
    EXPECT_EQ(code_of(refused), errc::invalid_request);
    EXPECT_NE(detail_of(refused).find("5001"), std::string::npos) << detail_of(refused);
    EXPECT_NE(detail_of(refused).find("max_connections"), std::string::npos) << detail_of(refused);
}

TEST_F(postgres_opening, is_refused_with_an_unreadable_url_that_is_not_quoted)
{
    for (std::string const url :
         {"postgresql://user:secret@[::1/db", "postgresql://user:secret@host/db?no_such_setting=1",
          "password=secret nonsense", "secret"}) {
        auto const refused = postgres_database::open(url);
        EXPECT_EQ(code_of(refused), errc::invalid_request) << url;
        EXPECT_EQ(detail_of(refused).find("secret"), std::string::npos) << detail_of(refused);
    }
}

TEST_F(postgres_opening, tells_no_password_when_nobody_is_there)
{
    auto const port = std::to_string(proxy->port());
    proxy->refuse(true);
    for (auto const& url : {"postgresql://user:secret@127.0.0.1:" + port + "/db",
                            "host=127.0.0.1 port=" + port + " password=secret",
                            std::string("postgresql://user:secret@127.0.0.1:port:port/db")}) {
        auto const refused = postgres_database::open(url);
        EXPECT_EQ(code_of(refused), errc::backend_down);
        EXPECT_EQ(detail_of(refused).find("secret"), std::string::npos) << detail_of(refused);
    }
}

TEST_F(postgres_opening, is_refused_for_a_database_or_a_user_that_is_not_there)
{
    EXPECT_EQ(code_of(postgres_database::open(with_database(prepared->url, "nowhere"))),
              errc::backend_down);
    EXPECT_EQ(code_of(postgres_database::open(with_user(prepared->url, "nobody"))),
              errc::backend_down);
}

TEST_F(postgres_opening, does_not_hang_where_nobody_answers)
{
    proxy->stall(true);
    auto const refused = postgres_database::open(url_through_proxy(), {.connect_timeout = 2s});
    EXPECT_EQ(code_of(refused), errc::backend_down);
}

TEST_F(postgres_opening, makes_commits_durable_where_they_are_not_by_default)
{
    set_default("synchronous_commit = off");
    EXPECT_EQ(settings_of_a_writer(), "on, read committed");
}

TEST_F(postgres_opening, leaves_weaker_promises_of_replicas_as_they_are)
{
    set_default("synchronous_commit = local");
    EXPECT_EQ(settings_of_a_writer(), "local, read committed");
}

TEST_F(postgres_opening, is_not_misled_by_another_isolation)
{
    set_default("default_transaction_isolation = serializable");
    EXPECT_EQ(settings_of_a_writer(), "on, read committed");
}

TEST_F(postgres_opening, reads_lists_where_several_hosts_can_only_be_read)
{
    auto const reader = std::string("reader_of_") + owner->run("SELECT current_database()");
    owner->run("CREATE ROLE " + reader + " LOGIN; ALTER ROLE " + reader +
               " SET default_transaction_read_only = on; GRANT SELECT ON ALL TABLES IN SCHEMA"
               " public TO " +
               reader);
    auto const port = std::to_string(port_of_url(prepared->url));
    {
        auto const database = open(
            {.connections = 1,
             .list_url = "host=127.0.0.1,127.0.0.1 port=" + port + ',' + port + " user=" + reader +
                         " dbname=" + owner->run("SELECT current_database()")});
        EXPECT_EQ(postgres_booking_store(database).list({}).value().total, 0U);
        EXPECT_EQ(
            owner->run("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + reader + "'"),
            "1");
    }
    owner->run("DROP OWNED BY " + reader + "; DROP ROLE " + reader);
}

}  // namespace
}  // namespace aircargo::test
