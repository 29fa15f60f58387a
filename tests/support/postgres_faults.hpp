#pragma once

#include "support/eventually.hpp"
#include "support/postgres_cuts.hpp"
#include "support/postgres_stores.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>

/// What the tests that break things around PostgreSQL have in common.
namespace aircargo::test {

/// A connection to PostgreSQL past all stores: somebody else at the database.
class somebody_else {
public:
    explicit somebody_else(std::string const& url) : connection_(PQconnectdb(url.c_str()), PQfinish)
    {
        PQsetNoticeProcessor(
            connection_.get(), [](void*, char const*) {}, nullptr);
        if (PQstatus(connection_.get()) != CONNECTION_OK) throw std::runtime_error(why());
    }

    /// The first value of the last answer, or empty.
    std::string run(std::string const& sql)
    {
        std::unique_ptr<PGresult, void (*)(PGresult*)> const answer(
            PQexec(connection_.get(), sql.c_str()), PQclear);
        auto const status = PQresultStatus(answer.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            throw std::runtime_error(sql + ": " + why());
        return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
    }
    /// The SQLSTATE with which PostgreSQL refuses; empty when it does not.
    std::string refusal_of(std::string const& sql)
    {
        std::unique_ptr<PGresult, void (*)(PGresult*)> const answer(
            PQexec(connection_.get(), sql.c_str()), PQclear);
        char const* const state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
        return state ? state : "";
    }

private:
    [[nodiscard]] std::string why() const { return PQerrorMessage(connection_.get()); }

    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

/// A fresh database, as its owner left it to the service's role. Skipped where there is no
/// PostgreSQL.
class postgres_test : public ::testing::Test {
protected:
    void SetUp() override
    {
        try {
            prepared.emplace();
        } catch (postgres_missing const& missing) {
            GTEST_SKIP() << missing.what();
        }
        owner.emplace(prepared->owner_url);
    }

    [[nodiscard]] std::shared_ptr<postgres_database> open(postgres_options const& options = {
                                                              .connections = 2}) const
    {
        return postgres_database::open(prepared->url, options).value();
    }
    /// Connections of the service for which `condition` holds, as the server sees them.
    [[nodiscard]] int sessions(std::string const& condition = "true")
    {
        return std::stoi(owner->run(
            std::string("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        " AND usename = '") +
            service_role + "' AND " + condition));
    }
    /// Ends connections of the service from the server's side. \return how many
    int terminate(std::string const& condition = "true")
    {
        return std::stoi(owner->run(
            std::string("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND usename = '") +
            service_role + "' AND " + condition));
    }

    /// Of the connection that listens for changes of the schedule, when it has nothing to do.
    static constexpr char const* listens =
        "application_name LIKE '% (listens)' AND query NOT LIKE '%LISTEN%' AND state = 'idle'";
    /// And after what it does first.
    static constexpr char const* has_tidied_up =
        "query LIKE 'WITH gone AS (DELETE FROM idempotency%' AND state = 'idle'";

    std::optional<prepared_database> prepared;
    std::optional<somebody_else> owner;  // who is a superuser, as it happens
};

/// The same behind a proxy that breaks connections.
class postgres_behind_proxy : public postgres_test {
protected:
    void SetUp() override
    {
        postgres_test::SetUp();
        if (prepared) proxy.emplace(port_of_url(prepared->url), cuts.watch());
    }

    [[nodiscard]] std::string url_through_proxy() const
    {
        return through_port(prepared->url, proxy->port());
    }
    /// A database whose connections go through the proxy and, until something breaks, say nothing
    /// but what the test lets them say.
    [[nodiscard]] std::shared_ptr<postgres_database> open_quiet(postgres_options const& options = {
                                                                    .connections = 1})
    {
        auto database = postgres_database::open(url_through_proxy(), options).value();
        EXPECT_TRUE(eventually([&] { return sessions(has_tidied_up) > 0; }));
        return database;
    }

    postgres_cuts cuts;
    std::optional<fault_proxy> proxy;
};

}  // namespace aircargo::test
