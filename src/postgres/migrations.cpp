#include "embedded/postgres_0001_initial.hpp"
#include "embedded/postgres_0002_accounts.hpp"
#include "embedded/postgres_0003_event_log.hpp"
#include "embedded/postgres_0004_webhooks.hpp"
#include "embedded/postgres_0005_answers.hpp"
#include "embedded/postgres_0006_webhook_dead_letters.hpp"
#include "postgres/database.hpp"
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace aircargo {
namespace detail {
namespace {

struct migration {
    std::string_view name;
    std::string_view sql;
};

/// Never edit a migration that was released; add the next one.
[[nodiscard]] auto all_migrations()
{
    return std::array{migration{"initial", postgres_0001_initial},
                      migration{"accounts", postgres_0002_accounts},
                      migration{"event_log", postgres_0003_event_log},
                      migration{"webhooks", postgres_0004_webhooks},
                      migration{"answers", postgres_0005_answers},
                      migration{"webhook_dead_letters", postgres_0006_webhook_dead_letters}};
}

/// Several programs may start at once; one migrates and the others wait. The number is the word
/// "aircargo". A migration of large tables takes its time.
constexpr char const* begin_alone =
    "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10min';"
    " SELECT pg_advisory_xact_lock(7019267256955499119); SET LOCAL lock_timeout = '60s'";

[[nodiscard]] result<int> current_version(pg_connection& connection)
{
    auto const known =
        connection.run({"has_schema", "SELECT to_regclass('schema_migrations') IS NOT NULL"});
    if (known.has_error()) return known.error().why;
    if (known->integer(0, 0) == 0) return 0;
    auto const version = connection.run(
        {"schema_version", "SELECT coalesce(max(version), 0) FROM schema_migrations"});
    if (version.has_error()) return version.error().why;
    return static_cast<int>(version->integer(0, 0));
}

[[nodiscard]] result<void> run_migration(pg_connection& connection, int version,
                                         migration const& what)
{
    auto const done = connection.execute(std::string(what.sql));
    if (done.has_error()) return done.error().why;
    auto const noted = connection.run(
        {"note_migration", "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)"},
        pg_parameters().value(static_cast<std::int32_t>(version)).value(what.name));
    if (noted.has_error()) return noted.error().why;
    return {};
}

/// \return the version that the database then has, which others may have brought further
[[nodiscard]] result<int> run_missing(pg_connection& connection)
{
    auto const made = connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT "
        "NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())");
    if (made.has_error()) return made.error().why;
    auto const known = all_migrations();
    auto const present = current_version(connection);
    if (present.has_error()) return present.error();
    for (auto version = static_cast<std::size_t>(*present); version < known.size(); ++version) {
        auto const done =
            run_migration(connection, static_cast<int>(version) + 1, known.at(version));
        if (done.has_error()) return done.error();
    }
    return std::max(*present, static_cast<int>(known.size()));
}

[[nodiscard]] result<int> known_version(int present)
{
    auto const newest = static_cast<int>(all_migrations().size());
    if (present <= newest) return present;
    return refuse(errc::invalid_request, "the database has schema version " +
                                             std::to_string(present) +
                                             ", and this program knows only " +
                                             std::to_string(newest) + "; use a newer program");
}

}  // namespace

result<int> migrate(pg_connection& connection, bool allowed)
{
    auto const newest = static_cast<int>(all_migrations().size());
    auto const present = current_version(connection);
    if (present.has_error()) return present;
    if (*present >= newest) return known_version(*present);
    if (!allowed) {
        return refuse(errc::invalid_request,
                      "the database has schema version " + std::to_string(*present) +
                          ", this program needs " + std::to_string(newest) + "; migrate it first");
    }
    auto const usual = connection.bear_silence(std::chrono::hours(24));
    auto const begun = connection.execute(begin_alone);
    auto const ran = begun.has_value() ? run_missing(connection) : begun.error().why;
    auto const ended = connection.execute(ran.has_value() ? "COMMIT" : "ROLLBACK");
    connection.bear_silence(usual);
    if (ran.has_error()) return ran.error();
    if (ended.has_error()) return ended.error().why;
    return known_version(*ran);
}

}  // namespace detail

result<void> grant_service_role(postgres_database& database, std::string const& role)
{
    auto connection = database.in().pool.take();
    if (connection.has_error()) return connection.error();
    // A role can not be a parameter; the server itself writes it as a name. Only one that is there:
    // "public" would be everybody, and a long name would be cut off to another one.
    auto const quoted =
        (*connection)
            ->run({"quote_role", "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = $1"},
                  detail::pg_parameters().value(role));
    constexpr std::string_view no_such_text = "22021";
    auto const missing = refuse(errc::invalid_request, "the database server has no role " + role);
    if (quoted.has_error())
        return quoted.error().state == no_such_text ? missing : quoted.error().why;
    if (quoted->size() != 1) return missing;
    std::string const to = " TO " + std::string(quoted->text(0, 0)) + ';';
    auto const done =
        (*connection)
            ->execute("GRANT SELECT, INSERT ON bookings, booking_legs, booking_events, flights" +
                      to + "GRANT UPDATE ON bookings, flights, schedule_version, booking_refs" +
                      to + "GRANT SELECT ON schedule_version, booking_refs, schema_migrations" +
                      to +
                      "GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency, answers, sessions" +
                      to + "GRANT SELECT, INSERT, UPDATE ON accounts, api_keys" + to +
                      "GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks, webhook_deliveries" + to +
                      "GRANT SELECT, UPDATE ON webhook_cursor" + to +
                      "GRANT USAGE ON SEQUENCE bookings_id_seq, flights_id_seq" + to +
                      "GRANT USAGE, SELECT ON SEQUENCE booking_log" + to);
    if (done.has_error()) return done.error().why;
    return {};
}

}  // namespace aircargo
