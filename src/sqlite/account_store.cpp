#include "sqlite/account_statements.hpp"
#include "sqlite/database.hpp"
#include <utility>

namespace aircargo {
namespace detail {

account_reads::account_reads(sqlite_connection& c)
    : find_id(c,
              "SELECT id, name, password_hash, role, enabled, created_at FROM accounts "
              "WHERE id = ?"),
      find_name(c,
                "SELECT id, name, password_hash, role, enabled, created_at FROM accounts "
                "WHERE name = ?"),
      list(c,
           "SELECT id, name, password_hash, role, enabled, created_at FROM accounts "
           "WHERE name > ? ORDER BY name LIMIT ?"),
      find_key(c,
               "SELECT a.id, a.name, a.password_hash, a.role, a.enabled, a.created_at "
               "FROM api_keys AS k JOIN accounts AS a ON a.id = k.account_id "
               "WHERE k.hash = ? AND k.revoked_at IS NULL"),
      list_keys(c,
                "SELECT id, account_id, name, hash, prefix, created_at, revoked_at FROM api_keys "
                "WHERE account_id = ? AND revoked_at IS NULL ORDER BY created_at, id")
{}

account_writes::account_writes(sqlite_connection& c)
    : insert_account(c, "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
      update_account(
          c,
          "UPDATE accounts SET role = coalesce(?1, role), enabled = coalesce(?2, enabled),"
          " password_hash = coalesce(?3, password_hash) WHERE name = ?4 "
          "AND (?5 IS NULL OR password_hash = ?5 OR password_hash = ?3) "
          "RETURNING id, name, password_hash, role, enabled, created_at"),
      name_of_account(c, "SELECT name FROM accounts WHERE id = ?"),
      name_of_login(c, "SELECT name FROM accounts WHERE id = ? AND password_hash = ? AND enabled"),
      insert_session(c, "INSERT INTO sessions VALUES (?, ?, ?, '', ?, ?) ON CONFLICT DO NOTHING"),
      find_session(c,
                   "SELECT s.account_id, s.token_hash, s.previous_hash, s.expires_at, a.enabled "
                   "FROM sessions AS s JOIN accounts AS a ON a.id = s.account_id WHERE s.id = ?"),
      move_session(c,
                   "UPDATE sessions SET previous_hash = ?, token_hash = ?, expires_at = ? "
                   "WHERE id = ?"),
      end_session(c, "DELETE FROM sessions WHERE id = ?"),
      end_sessions_of(c, "DELETE FROM sessions WHERE account_id = ?"),
      drop_old_sessions(c,
                        "DELETE FROM sessions WHERE id IN "
                        "(SELECT id FROM sessions WHERE expires_at <= ? LIMIT 1000)"),
      insert_key(c, "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING"),
      revoke_key(c,
                 "UPDATE api_keys SET revoked_at = ?1 WHERE id = ?2 "
                 "AND coalesce(revoked_at, ?1) = ?1 AND account_id = coalesce(?3, account_id) "
                 "RETURNING id, account_id, name, hash, prefix, created_at, revoked_at")
{}

}  // namespace detail

namespace {

using detail::account_writes;
using detail::sqlite_connection;
using detail::sqlite_reader;
using detail::sqlite_statement;
using detail::sqlite_transaction;
using detail::sqlite_writer;

[[nodiscard]] error damaged(char const* table)
{
    return refuse(errc::backend_down, std::string("the database holds a damaged row: ") + table);
}

[[nodiscard]] result<account> read_account(sqlite_statement const& s)
{
    auto name = account_name::parse(s.text(1));
    auto const role = parse_account_role(s.text(3));
    if (!name || !role) return damaged("accounts");
    return account{std::string(s.text(0)), *std::move(name),        std::string(s.text(2)), *role,
                   s.integer(4) != 0,      from_epoch(s.integer(5))};
}

[[nodiscard]] result<api_key> read_key(sqlite_statement const& s)
{
    auto const text = [&](int column) { return std::string(s.text(column)); };
    api_key key{text(0), text(1), text(2), text(3), text(4), from_epoch(s.integer(5))};
    if (!s.is_null(6)) key.revoked_at = from_epoch(s.integer(6));
    return key;
}

/// What `read` makes of the rows of a statement that was bound.
template <class T, class Read>
[[nodiscard]] result<std::vector<T>> read_all(sqlite_connection const& connection,
                                              sqlite_statement& statement, Read read)
{
    std::vector<T> out;
    while (statement.next()) {
        auto row = read(statement);
        if (row.has_error()) {
            statement.reset();
            return row.error();
        }
        out.push_back(*std::move(row));
    }
    if (!statement.ok()) return connection.failure();
    return out;
}

/// The same where there is one row at most.
template <class T, class Read>
[[nodiscard]] result<T> read_one(sqlite_connection const& connection, sqlite_statement& statement,
                                 Read read, error const& missing)
{
    auto rows = read_all<T>(connection, statement, read);
    if (rows.has_error()) return rows.error();
    if (rows->empty()) return missing;
    return std::move(rows->front());
}

[[nodiscard]] std::vector<result<account>> find_each(sqlite_database& db,
                                                     std::span<std::string const> texts,
                                                     sqlite_statement detail::account_reads::*by,
                                                     error const& missing)
{
    return db.in().read_each(texts.size(), [&](sqlite_reader& reader) {
        auto& statement = reader.accounts.*by;
        std::vector<result<account>> out;
        out.reserve(texts.size());
        for (auto const& text : texts) {
            statement.bind(text);
            out.push_back(read_one<account>(reader.connection, statement, read_account, missing));
        }
        return out;
    });
}

/// Calls `work(writer)` in a transaction, which is undone unless that has a value.
template <class Work>
[[nodiscard]] auto write(sqlite_database& db, Work work)
{
    return db.in().write([&](sqlite_writer& writer) -> decltype(work(writer)) {
        sqlite_transaction transaction(writer.connection, sqlite_transaction::kind::write);
        if (transaction.begun().has_error()) return transaction.begun().error();
        auto answer = work(writer);
        if (answer.has_error()) return answer;
        if (auto const done = transaction.commit(); done.has_error()) return done.error();
        return answer;
    });
}

[[nodiscard]] result<void> done_or_failure(sqlite_writer const& writer, bool done)
{
    if (done) return {};
    return writer.connection.failure();
}

/// What a statement finds that was bound.
[[nodiscard]] result<std::string> read_name(sqlite_writer& writer, sqlite_statement& statement)
{
    auto const read = [](sqlite_statement const& s) -> result<std::string> {
        return std::string(s.text(0));
    };
    return read_one<std::string>(writer.connection, statement, read, account_not_found());
}

[[nodiscard]] result<std::string> name_of_account(sqlite_writer& writer, std::string const& id)
{
    writer.accounts.name_of_account.bind(id);
    return read_name(writer, writer.accounts.name_of_account);
}

/// A session as it stands before a rotation.
struct standing_session {
    std::string account_id;
    std::string token_hash;
    std::string previous_hash;
    utc_time expires_at;
    bool enabled;
};

[[nodiscard]] result<rotation_answer> rotate_in(sqlite_writer& writer, rotation const& r)
{
    auto const read = [](sqlite_statement const& s) -> result<standing_session> {
        return standing_session{std::string(s.text(0)), std::string(s.text(1)),
                                std::string(s.text(2)), from_epoch(s.integer(3)),
                                s.integer(4) != 0};
    };
    auto& statements = writer.accounts;
    statements.find_session.bind(r.session_id);
    auto const found = read_all<standing_session>(writer.connection, statements.find_session, read);
    if (found.has_error()) return found.error();
    if (found->empty()) return rotation_answer{};
    auto const& before = found->front();
    bool const again = before.token_hash == r.next_hash && before.previous_hash == r.token_hash;
    if (before.token_hash != r.token_hash && !again) {
        if (!statements.end_session.run(r.session_id)) return writer.connection.failure();
        return rotation_answer{rotation_outcome::reused, before.account_id};
    }
    if (!before.enabled) return rotation_answer{};
    if (before.expires_at <= r.now)
        return rotation_answer{rotation_outcome::expired, before.account_id};
    bool const moved = statements.move_session.run(r.token_hash, r.next_hash,
                                                   to_epoch(r.next_expires_at), r.session_id);
    if (!moved) return writer.connection.failure();
    return rotation_answer{rotation_outcome::rotated, before.account_id};
}

}  // namespace

result<void> sqlite_account_store::add(account const& a)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<void> {
        bool const ran =
            writer.accounts.insert_account.run(a.id, a.name.str(), a.password_hash, name_of(a.role),
                                               a.enabled, to_epoch(a.created_at));
        if (!ran || writer.connection.changes() > 0) return done_or_failure(writer, ran);
        auto const present = name_of_account(writer, a.id);
        if (present.has_error() && present.error().code != errc::not_found) return present.error();
        if (present.has_value() && *present == a.name.str()) return {};  // made before
        return account_exists(a.name);
    });
}

std::vector<result<account>> sqlite_account_store::find(std::span<std::string const> ids)
{
    return find_each(*db_, ids, &detail::account_reads::find_id, account_not_found());
}

result<account> sqlite_account_store::find_name(account_name const& name)
{
    return find_each(*db_, {&name.str(), 1}, &detail::account_reads::find_name, account_not_found())
        .front();
}

result<std::vector<account>> sqlite_account_store::list(account_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    return db_->in().read([&](sqlite_reader& reader) {
        auto& statement = reader.accounts.list;
        statement.bind(query.after, query.page_size);
        return read_all<account>(reader.connection, statement, read_account);
    });
}

result<account> sqlite_account_store::change(account_name const& name, account_change const& what)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<account> {
        auto& statement = writer.accounts.update_account;
        auto const role = what.role ? std::optional(name_of(*what.role)) : std::nullopt;
        statement.bind(role, what.enabled, what.password_hash, name.str(), what.old_password_hash);
        auto changed =
            read_one<account>(writer.connection, statement, read_account, account_not_found());
        if (changed.has_error() || !what.ends_sessions()) return changed;
        if (!writer.accounts.end_sessions_of.run(changed->id)) return writer.connection.failure();
        return changed;
    });
}

result<void> sqlite_account_store::add_session(login_session const& login)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<void> {
        auto& statements = writer.accounts;
        statements.name_of_login.bind(login.account_id, login.password_hash);
        auto const owner = read_name(writer, statements.name_of_login);
        if (owner.has_error()) return owner.error();
        auto const now = to_epoch(login.created_at);
        bool const done =
            statements.insert_session.run(login.id, login.account_id, login.token_hash, now,
                                          to_epoch(login.expires_at)) &&
            statements.drop_old_sessions.run(now);
        return done_or_failure(writer, done);
    });
}

result<rotation_answer> sqlite_account_store::rotate(rotation const& r)
{
    return write(*db_, [&](sqlite_writer& writer) { return rotate_in(writer, r); });
}

result<void> sqlite_account_store::end_session(std::string const& id)
{
    return write(*db_, [&](sqlite_writer& writer) {
        return done_or_failure(writer, writer.accounts.end_session.run(id));
    });
}

result<void> sqlite_account_store::add_key(api_key const& key)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<void> {
        auto const owner = name_of_account(writer, key.account_id);
        if (owner.has_error()) return owner.error();
        return done_or_failure(
            writer, writer.accounts.insert_key.run(key.id, key.account_id, key.name, key.hash,
                                                   key.prefix, to_epoch(key.created_at)));
    });
}

std::vector<result<account>> sqlite_account_store::find_keys(std::span<std::string const> hashes)
{
    return find_each(*db_, hashes, &detail::account_reads::find_key, api_key_not_found());
}

result<std::vector<api_key>> sqlite_account_store::list_keys(std::string const& account_id)
{
    return db_->in().read([&](sqlite_reader& reader) {
        auto& statement = reader.accounts.list_keys;
        statement.bind(account_id);
        return read_all<api_key>(reader.connection, statement, read_key);
    });
}

result<api_key> sqlite_account_store::revoke_key(std::string const& id,
                                                 std::optional<std::string> const& of_account,
                                                 utc_time now)
{
    return write(*db_, [&](sqlite_writer& writer) {
        auto& statement = writer.accounts.revoke_key;
        statement.bind(to_epoch(now), id, of_account);
        return read_one<api_key>(writer.connection, statement, read_key, api_key_not_found());
    });
}

}  // namespace aircargo
