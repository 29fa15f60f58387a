#include "postgres/booking_rows.hpp"
#include "postgres/database.hpp"
#include <chrono>
#include <string>
#include <utility>

/// Each call may be sent again when its answer is lost: a change that was made already is told as
/// made.
namespace aircargo {
namespace {

using detail::pg_call;
using detail::pg_parameters;
using detail::pg_row_reader;
using detail::pg_rows;
using detail::pg_statement;

constexpr pg_statement add_account{
    "add_account",
    "INSERT INTO accounts (id, name, password_hash, role, enabled, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"};
constexpr pg_statement id_of_name{"id_of_account", "SELECT id FROM accounts WHERE name = $1"};

constexpr pg_statement find_by_id{
    "find_accounts",
    "SELECT r.no, a.id, a.name, a.password_hash, a.role, a.enabled, a.created_at"
    " FROM unnest($1) WITH ORDINALITY AS r (id, no) CROSS JOIN LATERAL"
    " (SELECT * FROM accounts WHERE id = r.id COLLATE \"C\" LIMIT 1) AS a"};
constexpr pg_statement find_by_name{
    "find_accounts_by_name",
    "SELECT r.no, a.id, a.name, a.password_hash, a.role, a.enabled, a.created_at"
    " FROM unnest($1) WITH ORDINALITY AS r (name, no) CROSS JOIN LATERAL"
    " (SELECT * FROM accounts WHERE name = r.name COLLATE \"C\" LIMIT 1) AS a"};
constexpr pg_statement find_by_key{
    "find_accounts_by_key",
    "SELECT r.no, a.id, a.name, a.password_hash, a.role, a.enabled, a.created_at"
    " FROM unnest($1) WITH ORDINALITY AS r (hash, no) CROSS JOIN LATERAL"
    " (SELECT account_id FROM api_keys WHERE hash = r.hash COLLATE \"C\""
    "  AND revoked_at IS NULL LIMIT 1) AS k CROSS JOIN LATERAL"
    " (SELECT * FROM accounts WHERE id = k.account_id LIMIT 1) AS a"};
constexpr pg_statement list_accounts{
    "accounts_by_name",
    "SELECT 1, id, name, password_hash, role, enabled, created_at FROM accounts"
    " WHERE name > $1 ORDER BY name LIMIT $2"};

constexpr pg_statement change_account{
    "change_account",
    "UPDATE accounts SET role = coalesce(nullif($2, ''), role),"
    " enabled = coalesce(nullif($3, '')::boolean, enabled),"
    " password_hash = coalesce(nullif($4, ''), password_hash) WHERE name = $1"
    " AND ($5 = '' OR password_hash IN ($5, $4))"
    " RETURNING 1, id, name, password_hash, role, enabled, created_at"};
/// After a change that was made: with a new password the account has it then.
constexpr pg_statement end_sessions_of{
    "end_sessions_of_account",
    "DELETE FROM sessions WHERE account_id = (SELECT id FROM accounts WHERE name = $1"
    " AND ($2 = '' OR password_hash = $2))"};

/// The account is locked, so that a change of it either waits and then finds the session, or is
/// waited for and then refuses it.
constexpr pg_statement insert_session{
    "add_session",
    "INSERT INTO sessions (id, account_id, token_hash, previous_hash, created_at, expires_at)"
    " SELECT $1, id, $3, '', $4, $5 FROM accounts WHERE id = $2 AND password_hash = $6 AND enabled"
    " FOR SHARE ON CONFLICT DO NOTHING"};
constexpr pg_statement session_exists{"session_exists", "SELECT 1 FROM sessions WHERE id = $1"};
/// Clocks of different programs differ, so a session stays for an hour longer than it can be used.
constexpr pg_statement drop_old_sessions{
    "drop_old_sessions",
    "DELETE FROM sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM sessions"
    " WHERE expires_at < least($1, now()) - interval '1 hour'"
    " ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED))"};

/// The compare-and-set that decides. It lets through once more what it let through before, so that
/// an answer that was lost does not look like a token in two hands.
constexpr pg_statement move_session{
    "move_session",
    "UPDATE sessions AS s SET token_hash = $3, previous_hash = $2, expires_at = $5"
    " WHERE s.id = $1 AND s.expires_at > $4"
    " AND (s.token_hash = $2 OR (s.token_hash = $3 AND s.previous_hash = $2))"
    " AND (SELECT enabled FROM accounts WHERE id = s.account_id) RETURNING s.account_id"};
constexpr pg_statement end_reused_session{
    "end_reused_session",
    "DELETE FROM sessions WHERE id = $1 AND token_hash <> $2"
    " AND NOT (token_hash = $3 AND previous_hash = $2) RETURNING account_id"};
constexpr pg_statement find_expired_session{
    "find_expired_session",
    "SELECT s.account_id FROM sessions AS s WHERE s.id = $1 AND s.expires_at <= $2"
    " AND (SELECT enabled FROM accounts WHERE id = s.account_id)"};
constexpr pg_statement end_one_session{"end_session", "DELETE FROM sessions WHERE id = $1"};

constexpr pg_statement insert_key{
    "add_api_key",
    "INSERT INTO api_keys (id, account_id, name, hash, prefix, created_at)"
    " SELECT $1, id, $3, $4, $5, $6 FROM accounts WHERE id = $2 ON CONFLICT DO NOTHING"};
constexpr pg_statement key_exists{"api_key_exists", "SELECT 1 FROM api_keys WHERE id = $1"};
constexpr pg_statement list_api_keys{
    "api_keys_of_account",
    "SELECT id, account_id, name, hash, prefix, created_at, revoked_at FROM api_keys"
    " WHERE account_id = $1 AND revoked_at IS NULL ORDER BY created_at, id"};
constexpr pg_statement revoke_api_key{
    "revoke_api_key",
    "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND account_id = coalesce(nullif($3, ''),"
    " account_id) AND (revoked_at IS NULL OR revoked_at = $2)"
    " RETURNING id, account_id, name, hash, prefix, created_at, revoked_at"};

/// \pre the columns are those of `find_by_id`
[[nodiscard]] result<account> read_account(pg_rows const& rows, int row)
{
    pg_row_reader r(rows, row, 1);
    std::string id(r.text());
    auto name = r.parsed<account_name>();
    std::string password_hash(r.text());
    auto const role = r.named(parse_account_role);
    bool const enabled = r.integer() != 0;
    auto const created_at = r.time();
    if (!r.ok()) return detail::damaged("accounts");
    return account{std::move(id), *std::move(name), std::move(password_hash),
                   *role,         enabled,          created_at};
}

[[nodiscard]] result<api_key> read_key(pg_rows const& rows, int row)
{
    pg_row_reader r(rows, row);
    auto const text = [&] { return std::string(r.text()); };
    api_key key{text(), text(), text(), text(), text(), r.time()};
    if (!r.ok()) return detail::damaged("api_keys");
    if (!r.next_is_null()) key.revoked_at = r.time();
    return key;
}

template <class T, class Read>
[[nodiscard]] result<std::vector<T>> read_all(pg_rows const& rows, Read read)
{
    std::vector<T> out;
    for (int row = 0; row < rows.size(); ++row) {
        auto one = read(rows, row);
        if (one.has_error()) return one.error();
        out.push_back(*std::move(one));
    }
    return out;
}

[[nodiscard]] std::vector<result<account>> find_each(postgres_database::state& db, pg_statement by,
                                                     std::span<std::string const> texts,
                                                     error const& missing)
{
    if (texts.empty()) return {};
    auto const view = [](std::string const& text) { return std::string_view(text); };
    auto const rows = db.read(by, std::move(pg_parameters().column(texts, view)));
    if (rows.has_error()) return std::vector<result<account>>(texts.size(), rows.error());
    std::vector<result<account>> found(texts.size(), missing);
    for (int row = 0; row < rows->size(); ++row)
        found[static_cast<std::size_t>(rows->integer(row, 0) - 1)] = read_account(*rows, row);
    return found;
}

/// Makes what the last statement then finds. \return done, or `missing`
[[nodiscard]] result<void> make(postgres_database::state& db, std::span<pg_call const> calls,
                                error const& missing)
{
    auto const answers = db.change(calls);
    if (answers.has_error()) return answers.error();
    if (answers->back().size() == 0) return missing;
    return {};
}

}  // namespace

result<void> postgres_account_store::add(account const& a)
{
    pg_parameters all;
    all.value(a.id)
        .value(a.name.str())
        .value(a.password_hash)
        .value(name_of(a.role))
        .value(a.enabled)
        .value(a.created_at);
    std::vector<pg_call> const calls{{add_account, std::move(all)},
                                     {id_of_name, std::move(pg_parameters().value(a.name.str()))}};
    auto const answers = db_->in().change(calls);
    if (answers.has_error()) return answers.error();
    auto const& owner = answers->back();
    if (owner.size() == 1 && owner.text(0, 0) == a.id) return {};
    return account_exists(a.name);
}

std::vector<result<account>> postgres_account_store::find(std::span<std::string const> ids)
{
    return find_each(db_->in(), find_by_id, ids, account_not_found());
}

result<account> postgres_account_store::find_name(account_name const& name)
{
    return find_each(db_->in(), find_by_name, {&name.str(), 1}, account_not_found()).front();
}

result<std::vector<account>> postgres_account_store::list(account_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const rows = db_->in().read(
        list_accounts,
        std::move(
            pg_parameters().value(query.after).value(static_cast<std::int64_t>(query.page_size))));
    if (rows.has_error()) return rows.error();
    return read_all<account>(*rows, read_account);
}

result<account> postgres_account_store::change(account_name const& name, account_change const& what)
{
    std::string_view const enabled = !what.enabled ? "" : *what.enabled ? "true" : "false";
    pg_parameters changes;
    changes.value(name.str())
        .value(what.role ? name_of(*what.role) : std::string_view())
        .value(enabled)
        .value(what.password_hash.value_or(""))
        .value(what.old_password_hash.value_or(""));
    std::vector<pg_call> calls{{change_account, std::move(changes)}};
    if (what.ends_sessions())
        calls.push_back(
            {end_sessions_of,
             std::move(pg_parameters().value(name.str()).value(what.password_hash.value_or("")))});
    auto const answers = db_->in().change(calls);
    if (answers.has_error()) return answers.error();
    if (answers->front().size() == 0) return account_not_found();
    return read_account(answers->front(), 0);
}

result<void> postgres_account_store::add_session(login_session const& login)
{
    pg_parameters all;
    all.value(login.id)
        .value(login.account_id)
        .value(login.token_hash)
        .value(login.created_at)
        .value(login.expires_at)
        .value(login.password_hash);
    // The account before its old sessions, as `change` does it: the other way round two could wait
    // for each other.
    std::vector<pg_call> const calls{
        {insert_session, std::move(all)},
        {drop_old_sessions, std::move(pg_parameters().value(login.created_at))},
        {session_exists, std::move(pg_parameters().value(login.id))}};
    return make(db_->in(), calls, account_not_found());
}

result<rotation_answer> postgres_account_store::rotate(rotation const& r)
{
    pg_parameters hashes;
    hashes.value(r.session_id).value(r.token_hash).value(r.next_hash);
    auto move = hashes;
    move.value(r.now).value(r.next_expires_at);
    std::vector<pg_call> const calls{
        {move_session, std::move(move)},
        {end_reused_session, std::move(hashes)},
        {find_expired_session, std::move(pg_parameters().value(r.session_id).value(r.now))}};
    auto const answers = db_->in().read(calls);
    if (answers.has_error()) return answers.error();
    constexpr std::array outcomes{rotation_outcome::rotated, rotation_outcome::reused,
                                  rotation_outcome::expired};
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        auto const& rows = (*answers)[i];
        if (rows.size() == 1) return rotation_answer{outcomes.at(i), std::string(rows.text(0, 0))};
    }
    return rotation_answer{};
}

result<void> postgres_account_store::end_session(std::string const& id)
{
    auto const done = db_->in().change(end_one_session, std::move(pg_parameters().value(id)));
    if (done.has_error()) return done.error();
    return {};
}

result<void> postgres_account_store::add_key(api_key const& key)
{
    pg_parameters all;
    all.value(key.id)
        .value(key.account_id)
        .value(key.name)
        .value(key.hash)
        .value(key.prefix)
        .value(key.created_at);
    std::vector<pg_call> const calls{{insert_key, std::move(all)},
                                     {key_exists, std::move(pg_parameters().value(key.id))}};
    return make(db_->in(), calls, account_not_found());
}

std::vector<result<account>> postgres_account_store::find_keys(std::span<std::string const> hashes)
{
    return find_each(db_->in(), find_by_key, hashes, api_key_not_found());
}

result<std::vector<api_key>> postgres_account_store::list_keys(std::string const& account_id)
{
    auto const rows = db_->in().read(list_api_keys, std::move(pg_parameters().value(account_id)));
    if (rows.has_error()) return rows.error();
    return read_all<api_key>(*rows, read_key);
}

result<api_key> postgres_account_store::revoke_key(std::string const& id,
                                                   std::optional<std::string> const& of_account,
                                                   utc_time now)
{
    auto const rows = db_->in().change(
        revoke_api_key,
        std::move(pg_parameters().value(id).value(now).value(of_account.value_or(""))));
    if (rows.has_error()) return rows.error();
    if (rows->size() == 0) return api_key_not_found();
    return read_key(*rows, 0);
}

}  // namespace aircargo
