#include "embedded/migration_0001_initial.hpp"
#include "sqlite/database.hpp"
#include <array>
#include <chrono>
#include <string>

namespace aircargo::detail {
namespace {

/// Never edit a migration that was released; add the next one.
[[nodiscard]] auto all_migrations() { return std::array{migration_0001_initial}; }

[[nodiscard]] result<int> current_version(sqlite_connection& connection)
{
    sqlite_statement version(connection, "PRAGMA user_version");
    if (!version.next()) return connection.failure();
    auto const number = static_cast<int>(version.integer(0));
    version.reset();
    return number;
}

}  // namespace

result<int> migrate(sqlite_connection& connection, bool allowed)
{
    auto const known = all_migrations();
    auto const newest = static_cast<int>(known.size());
    auto present = current_version(connection);
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
    auto const mark = "PRAGMA user_version = " + std::to_string(newest);
    if (auto const done = connection.execute(mark.c_str()); done.has_error()) return done.error();
    if (auto const done = transaction.commit(); done.has_error()) return done.error();
    return newest;
}

}  // namespace aircargo::detail
