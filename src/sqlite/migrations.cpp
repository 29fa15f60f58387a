#include "embedded/migration_0001_initial.hpp"
#include "embedded/migration_0002_lists_by_creation.hpp"
#include "embedded/migration_0003_accounts.hpp"
#include "embedded/migration_0004_event_log.hpp"
#include "embedded/migration_0005_webhooks.hpp"
#include "embedded/migration_0006_answers.hpp"
#include "embedded/migration_0007_webhook_lines.hpp"
#include "sqlite/database.hpp"
#include <array>
#include <chrono>
#include <string>

namespace aircargo::detail {
namespace {

/// Never edit a migration that was released; add the next one.
[[nodiscard]] auto all_migrations()
{
    return std::array{migration_0001_initial,      migration_0002_lists_by_creation,
                      migration_0003_accounts,     migration_0004_event_log,
                      migration_0005_webhooks,     migration_0006_answers,
                      migration_0007_webhook_lines};
}

/// The four letters ACRG: what SQLite keeps in the file to tell whose it is.
constexpr std::int64_t our_application = 0x41435247;

[[nodiscard]] result<std::int64_t> read_number(sqlite_connection& connection, std::string_view sql)
{
    sqlite_statement statement(connection, sql);
    if (!statement.next()) return connection.failure();
    auto const number = statement.integer(0);
    statement.reset();
    return number;
}

/// The schema's version, 0 for a new file; a refusal when the file is somebody else's. \pre within
/// a transaction, or another process may migrate between one look and the next
[[nodiscard]] result<int> current_version(sqlite_connection& connection)
{
    auto const version = read_number(connection, "PRAGMA user_version");
    if (version.has_error()) return version.error();
    auto const application = read_number(connection, "PRAGMA application_id");
    if (application.has_error()) return application.error();
    auto const tables = read_number(connection, "SELECT count(*) FROM sqlite_schema");
    if (tables.has_error()) return tables.error();

    bool const is_new = *version == 0 && *tables == 0;
    bool const is_ours = *application == our_application && *version > 0;
    if (!is_new && !is_ours) {
        return refuse(errc::invalid_request, "the file is the database of another program");
    }
    return static_cast<int>(*version);
}

[[nodiscard]] result<int> look_at_version(sqlite_connection& connection)
{
    sqlite_transaction const one_look(connection, sqlite_transaction::kind::read);
    if (one_look.begun().has_error()) return one_look.begun().error();
    return current_version(connection);
}

}  // namespace

result<int> migrate(sqlite_connection& connection, bool allowed)
{
    auto const known = all_migrations();
    auto const newest = static_cast<int>(known.size());
    auto present = look_at_version(connection);
    if (present.has_error() || *present == newest) return present;
    if (*present > newest) {
        return refuse(errc::invalid_request, "the database has schema version " +
                                                 std::to_string(*present) +
                                                 ", and this program knows only " +
                                                 std::to_string(newest) + "; use a newer program");
    }
    if (!allowed) {
        return refuse(errc::invalid_request,
                      "the database has schema version " + std::to_string(*present) +
                          ", this program needs " + std::to_string(newest) + "; migrate it first");
    }

    // Several processes may come here at once; whoever is second finds the work done.
    sqlite_transaction transaction(connection, sqlite_transaction::kind::write);
    if (transaction.begun().has_error()) return transaction.begun().error();
    present = current_version(connection);
    if (present.has_error()) return present;
    for (int version = *present; version < newest; ++version) {
        std::string const sql(known[static_cast<std::size_t>(version)]);
        if (auto const done = connection.execute(sql.c_str()); done.has_error())
            return done.error();
    }
    auto const mark = "PRAGMA application_id = " + std::to_string(our_application) +
                      "; PRAGMA user_version = " + std::to_string(newest);
    if (auto const done = connection.execute(mark.c_str()); done.has_error()) return done.error();
    if (auto const done = transaction.commit(); done.has_error()) return done.error();
    return newest;
}

}  // namespace aircargo::detail
