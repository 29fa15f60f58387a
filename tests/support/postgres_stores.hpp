#pragma once

#include "support/private_postgres.hpp"
#include <aircargo/store/postgres.hpp>
#include <memory>
#include <string>

namespace aircargo::test {

/// The role that the service has in the tests: not the owner of the tables, as it should be.
inline constexpr char const* service_role = "aircargo_service";

/// A PostgreSQL URL with another user.
inline std::string with_user(std::string_view url, std::string_view user)
{
    auto const begin = url.find("://") + 3;
    auto const at = url.find('@', begin);
    auto const rest = at == std::string_view::npos ? begin : at + 1;
    return std::string(url.substr(0, begin)) + std::string(user) + '@' +
           std::string(url.substr(rest));
}

/// Runs SQL as the owner of everything, as somebody else at the database would. \return the first
/// column of the last answer, a line for each row
inline std::string run_sql(std::string const& url, std::string const& sql)
{
    std::unique_ptr<PGconn, void (*)(PGconn*)> const connection(PQconnectdb(url.c_str()), PQfinish);
    PQsetNoticeProcessor(
        connection.get(), [](void*, char const*) {}, nullptr);
    std::unique_ptr<PGresult, void (*)(PGresult*)> const answer(
        PQexec(connection.get(), sql.c_str()), PQclear);
    auto const status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    std::string lines;
    for (int row = 0; row < PQntuples(answer.get()); ++row)
        lines.append(PQgetvalue(answer.get(), row, 0)).append("\n");
    return lines;
}

/// A fresh database that its owner has migrated and given to the service's role.
class prepared_database {
public:
    prepared_database()
    {
        static bool const role_is_there = [] {
            run_sql(shared_postgres().url(), std::string("DO $$ BEGIN CREATE ROLE ") +
                                                 service_role +
                                                 " LOGIN; EXCEPTION WHEN duplicate_object THEN"
                                                 " NULL; END $$");
            return true;
        }();
        (void)role_is_there;
        auto const owned = postgres_database::open(owner_url, {.connections = 1}).value();
        grant_service_role(*owned, service_role).value();
    }

    std::string owner_url = shared_postgres().fresh_database();
    std::string url = with_user(owner_url, service_role);
};

struct postgres_stores {
    prepared_database prepared{};
    std::shared_ptr<postgres_database> database =
        postgres_database::open(prepared.url, {.connections = 8}).value();
    std::unique_ptr<any_booking_store> bookings =
        make_booking_store<postgres_booking_store>(database);
    std::unique_ptr<any_flight_store> flights = make_flight_store<postgres_flight_store>(database);
    std::unique_ptr<any_webhook_store> webhooks =
        make_webhook_store<postgres_webhook_store>(database);
    std::unique_ptr<any_account_store> accounts =
        make_account_store<postgres_account_store>(database);
    std::unique_ptr<any_answer_store> answers = make_answer_store<postgres_answer_store>(database);

    static constexpr bool knows_its_flights = true;
    static constexpr bool undoes = true;
    static constexpr char const* name = "postgres";
};

}  // namespace aircargo::test
