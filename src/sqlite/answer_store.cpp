#include "sqlite/database.hpp"
#include <utility>

namespace aircargo {
namespace detail {

answer_writes::answer_writes(sqlite_connection& c)
    : find(c, find_answer_sql),
      insert(c, "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)"),
      drop_old(c,
               "DELETE FROM answers WHERE (scope, key) IN "
               "(SELECT scope, key FROM answers WHERE created_at <= ? LIMIT 1000)")
{}

}  // namespace detail

namespace {

using detail::sqlite_connection;
using detail::sqlite_reader;
using detail::sqlite_statement;
using detail::sqlite_transaction;
using detail::sqlite_writer;

using known_answer = result<std::optional<std::string>>;

/// \param find a statement of `find_answer_sql`
[[nodiscard]] known_answer find_in(sqlite_connection const& connection, sqlite_statement& find,
                                   idempotency_key const& key, utc_time now)
{
    find.bind(key.scope, key.key);
    if (!find.next()) {
        if (!find.ok()) return connection.failure();
        return std::optional<std::string>();
    }
    bool const same = find.text(0) == key.fingerprint;
    std::string answer(find.text(1));
    bool const expired = now - from_epoch(find.integer(2)) >= idempotency_key::lifetime;
    find.reset();
    if (expired) return std::optional<std::string>();
    if (!same) return idempotency_clash(key);
    return std::optional(std::move(answer));
}

[[nodiscard]] bool keep(sqlite_writer& writer, idempotency_key const& key, utc_time now,
                        std::string const& answer)
{
    auto& statements = writer.answers;
    return statements.insert.run(key.scope, key.key, key.fingerprint, answer, to_epoch(now)) &&
           statements.drop_old.run(to_epoch(now - idempotency_key::lifetime));
}

}  // namespace

result<std::optional<std::string>> sqlite_answer_store::find(idempotency_key const& key,
                                                             utc_time now)
{
    return db_->in().read([&](sqlite_reader& reader) {
        return find_in(reader.connection, reader.find_answer, key, now);
    });
}

/// The transaction of `once` is the one that the stores which `work` calls find begun.
result<std::optional<std::string>> sqlite_answer_store::once(idempotency_key const& key,
                                                             utc_time now,
                                                             answering_work const& work)
{
    return db_->in().write([&](sqlite_writer& writer) -> known_answer {
        sqlite_transaction transaction(writer.connection, sqlite_transaction::kind::write);
        if (transaction.begun().has_error()) return transaction.begun().error();
        auto before = find_in(writer.connection, writer.answers.find, key, now);
        if (before.has_error() || *before) return before;
        auto const answer = work();
        if (!answer) return before;
        if (!keep(writer, key, now, *answer)) return writer.connection.failure();
        if (auto const done = transaction.commit(); done.has_error()) return done.error();
        return before;
    });
}

}  // namespace aircargo
