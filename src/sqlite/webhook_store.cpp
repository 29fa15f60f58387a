#include "common/webhook_lists.hpp"
#include "sqlite/database.hpp"
#include "sqlite/webhook_statements.hpp"
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace aircargo {
namespace detail {
namespace {

constexpr std::string_view find_sql =
    "SELECT id, url, secret, statuses, airports, enabled, after, created_at FROM webhooks "
    "WHERE id = ?";
constexpr std::string_view delivery_columns =
    "webhook_id, log_position, ref_id, seq, dead, attempts, due_since, next_attempt_at, last_error";

[[nodiscard]] std::string operator+(std::string left, std::string_view right)
{
    return left.append(right);
}

}  // namespace

webhook_reads::webhook_reads(sqlite_connection& c)
    : find(c, find_sql),
      list(c,
           "SELECT id, url, secret, statuses, airports, enabled, after, created_at FROM webhooks "
           "ORDER BY created_at, id"),
      cursor(c, "SELECT log_position FROM webhook_cursor"),
      deliveries(c, std::string("SELECT ") + delivery_columns +
                        " FROM webhook_deliveries WHERE webhook_id = ? AND dead = ? "
                        "AND log_position > ? ORDER BY log_position LIMIT ?")
{}

// By itself SQLite looks for a booking among all deliveries of the webhook.
webhook_writes::webhook_writes(sqlite_connection& c)
    : insert(c, "INSERT INTO webhooks VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
      find(c, find_sql),
      update(c,
             "UPDATE webhooks SET url = ?, statuses = ?, airports = ?, enabled = ?, after = ? "
             "WHERE id = ?"),
      remove_deliveries(c, "DELETE FROM webhook_deliveries WHERE webhook_id = ?"),
      remove(c, "DELETE FROM webhooks WHERE id = ?"),
      move_cursor(c, "UPDATE webhook_cursor SET log_position = ? WHERE log_position = ?"),
      add_delivery(c,
                   "INSERT INTO webhook_deliveries (webhook_id, log_position, ref_id, seq, dead, "
                   "attempts, due_since, next_attempt_at, last_error, first_in_line) "
                   "SELECT id, ?2, ?3, ?4, 0, 0, ?5, ?5, '', NOT EXISTS "
                   "(SELECT 1 FROM webhook_deliveries INDEXED BY webhook_deliveries_by_booking "
                   " WHERE webhook_id = ?1 AND ref_id = ?3 AND dead = 0) "
                   "FROM webhooks WHERE id = ?1"),
      due(c, std::string("SELECT ") + delivery_columns +
                 " FROM webhook_deliveries WHERE webhook_id = ? AND first_in_line = 1 "
                 "AND next_attempt_at <= ? ORDER BY next_attempt_at, log_position LIMIT ?"),
      begin_attempt(c,
                    "UPDATE webhook_deliveries SET next_attempt_at = ?, due_since = ?, "
                    "attempts = attempts + 1 "
                    "WHERE webhook_id = ? AND log_position = ?"),
      arrived(c, "DELETE FROM webhook_deliveries WHERE webhook_id = ? AND log_position = ?"),
      failed(c,
             "UPDATE webhook_deliveries SET next_attempt_at = ?, last_error = ?, "
             "due_since = coalesce(?, due_since) "
             "WHERE webhook_id = ? AND log_position = ? AND dead = 0 AND attempts = ?"),
      failed_for_good(c,
                      "UPDATE webhook_deliveries SET dead = 1, first_in_line = 0, "
                      "next_attempt_at = ?, last_error = ? "
                      "WHERE webhook_id = ? AND log_position = ? AND dead = 0 AND attempts = ?"),
      let_first_go(c,
                   "UPDATE webhook_deliveries SET first_in_line = 1, "
                   "next_attempt_at = min(next_attempt_at, ?1) "
                   "WHERE webhook_id = ?2 AND first_in_line = 0 AND log_position = "
                   "(SELECT min(log_position) FROM webhook_deliveries "
                   " INDEXED BY webhook_deliveries_by_booking WHERE webhook_id = ?2 AND ref_id = "
                   "?3 AND dead = 0)"),
      dead(c,
           "SELECT log_position FROM webhook_deliveries WHERE webhook_id = ? AND dead = 1 "
           "ORDER BY log_position"),
      revive(c,
             "UPDATE webhook_deliveries SET dead = 0, attempts = 0, due_since = ?1, "
             "next_attempt_at = ?1 WHERE webhook_id = ?2 AND log_position = ?3 AND dead = 1 "
             "RETURNING ref_id"),
      stand_back(c,
                 "UPDATE webhook_deliveries INDEXED BY webhook_deliveries_by_booking "
                 "SET first_in_line = 0 WHERE webhook_id = ? AND ref_id = ? AND dead = 0 AND "
                 "log_position > ?"),
      forget_dead(c,
                  "DELETE FROM webhook_deliveries WHERE (webhook_id, log_position) IN "
                  "(SELECT webhook_id, log_position FROM webhook_deliveries "
                  " WHERE dead = 1 AND next_attempt_at < ? ORDER BY next_attempt_at LIMIT ?)")
{}

}  // namespace detail

namespace {

using detail::list_of;
using detail::sqlite_connection;
using detail::sqlite_reader;
using detail::sqlite_statement;
using detail::sqlite_transaction;
using detail::sqlite_writer;
using detail::values_of;

[[nodiscard]] std::int64_t number_of(log_position p) { return static_cast<std::int64_t>(p); }

[[nodiscard]] std::optional<std::int64_t> epoch_of(std::optional<utc_time> t)
{
    return t ? std::optional<std::int64_t>(to_epoch(*t)) : std::nullopt;
}

[[nodiscard]] error damaged(char const* table)
{
    return refuse(errc::backend_down, std::string("the database holds a damaged row: ") + table);
}

[[nodiscard]] result<webhook> read_webhook(sqlite_statement const& s)
{
    auto statuses = values_of<booking_status>(s.text(3), parse_booking_status);
    auto airports = values_of<airport_code>(s.text(4), airport_code::parse);
    if (!statuses || !airports) return damaged("webhooks");
    return webhook{std::string(s.text(0)),
                   std::string(s.text(1)),
                   std::string(s.text(2)),
                   *std::move(statuses),
                   *std::move(airports),
                   s.integer(5) != 0,
                   static_cast<log_position>(s.integer(6)),
                   from_epoch(s.integer(7))};
}

[[nodiscard]] result<webhook_delivery> read_delivery(sqlite_statement const& s)
{
    auto const ref = booking_ref::parse(s.text(2));
    if (!ref) return damaged("webhook_deliveries");
    return webhook_delivery{std::string(s.text(0)),
                            static_cast<log_position>(s.integer(1)),
                            *ref,
                            s.integer(3),
                            s.integer(4) != 0 ? delivery_state::dead : delivery_state::pending,
                            static_cast<int>(s.integer(5)),
                            from_epoch(s.integer(6)),
                            from_epoch(s.integer(7)),
                            std::string(s.text(8))};
}

/// What `read` makes of the rows of a statement that was bound.
template <class Read>
[[nodiscard]] auto read_all(sqlite_connection const& connection, sqlite_statement& statement,
                            Read read)
    -> result<std::vector<typename decltype(read(statement))::value_type>>
{
    std::vector<typename decltype(read(statement))::value_type> out;
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

[[nodiscard]] result<webhook> find_in(sqlite_connection const& connection,
                                      sqlite_statement& statement, std::string const& id)
{
    statement.bind(id);
    auto const rows = read_all(connection, statement, read_webhook);
    if (rows.has_error()) return rows.error();
    if (rows->empty()) return webhook_not_found();
    return rows->front();
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

/// One webhook's share of a claim.
[[nodiscard]] result<std::vector<webhook_delivery>> claim_of_one(sqlite_writer& writer,
                                                                 claim_wish const& wish,
                                                                 utc_time now,
                                                                 std::chrono::seconds lease)
{
    auto& writes = writer.webhooks;
    writes.due.bind(wish.webhook_id, to_epoch(now), wish.limit);
    auto due = read_all(writer.connection, writes.due, read_delivery);
    if (due.has_error()) return due;
    for (auto& d : *due) {
        d.due_since = tried_since(d, now);
        d.next_attempt_at = now + lease;
        ++d.attempts;
        if (!writes.begin_attempt.run(to_epoch(d.next_attempt_at), to_epoch(d.due_since),
                                      d.webhook_id, number_of(d.position)))
            return writer.connection.failure();
    }
    return due;
}

/// The first of a booking may go, whatever came or went before it; one that may already, and is
/// perhaps under way, is left alone.
[[nodiscard]] bool note_end(sqlite_writer& writer, attempt_end const& end, utc_time now)
{
    auto& writes = writer.webhooks;
    auto const place = number_of(end.position);
    auto const let_first_go = [&] {
        return writes.let_first_go.run(to_epoch(now), end.webhook_id, end.ref.str());
    };
    switch (end.how) {
        case attempt_end::kind::arrived:
            return writes.arrived.run(end.webhook_id, place) && let_first_go();
        case attempt_end::kind::failed:
            return writes.failed.run(to_epoch(end.next_attempt_at), end.error,
                                     epoch_of(end.due_since), end.webhook_id, place, end.attempt);
        case attempt_end::kind::failed_for_good:
            return writes.failed_for_good.run(to_epoch(now), end.error, end.webhook_id, place,
                                              end.attempt) &&
                   let_first_go();
    }
    return false;
}

/// Makes a dead delivery pending, in its place in the line. \return whether there was one
[[nodiscard]] result<bool> revive(sqlite_writer& writer, std::string const& id, log_position at,
                                  utc_time now)
{
    auto& writes = writer.webhooks;
    std::optional<std::string> ref;
    writes.revive.bind(to_epoch(now), id, number_of(at));
    while (writes.revive.next()) ref = writes.revive.text(0);
    if (!writes.revive.ok()) return writer.connection.failure();
    if (!ref) return false;
    bool const in_line = writes.stand_back.run(id, *ref, number_of(at)) &&
                         writes.let_first_go.run(to_epoch(now), id, *ref);
    return in_line ? result<bool>(true) : writer.connection.failure();
}

[[nodiscard]] result<std::vector<log_position>> dead_of(sqlite_writer& writer,
                                                        std::string const& id)
{
    auto& dead = writer.webhooks.dead;
    std::vector<log_position> places;
    dead.bind(id);
    while (dead.next()) places.push_back(static_cast<log_position>(dead.integer(0)));
    if (!dead.ok()) return writer.connection.failure();
    return places;
}

}  // namespace

result<void> sqlite_webhook_store::add(webhook const& w)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<void> {
        bool const ran = writer.webhooks.insert.run(w.id, w.url, w.secret, list_of(w.statuses),
                                                    list_of(w.airports), w.enabled,
                                                    number_of(w.after), to_epoch(w.created_at));
        if (!ran) return writer.connection.failure();
        if (writer.connection.changes() > 0) return {};
        auto const present = find_in(writer.connection, writer.webhooks.find, w.id);
        if (present.has_error()) return present.error();
        if (*present == w) return {};
        return refuse(errc::already_exists, "there is such a webhook already");
    });
}

result<webhook> sqlite_webhook_store::find(std::string const& id)
{
    return db_->in().read([&](sqlite_reader& reader) {
        return find_in(reader.connection, reader.webhooks.find, id);
    });
}

result<std::vector<webhook>> sqlite_webhook_store::list()
{
    return db_->in().read([&](sqlite_reader& reader) {
        reader.webhooks.list.bind();
        return read_all(reader.connection, reader.webhooks.list, read_webhook);
    });
}

result<webhook> sqlite_webhook_store::change(std::string const& id, webhook_change const& what)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<webhook> {
        auto const present = find_in(writer.connection, writer.webhooks.find, id);
        if (present.has_error()) return present.error();
        auto const w = changed(*present, what);
        bool const ran = writer.webhooks.update.run(w.url, list_of(w.statuses), list_of(w.airports),
                                                    w.enabled, number_of(w.after), id);
        return ran ? result<webhook>(w) : writer.connection.failure();
    });
}

result<void> sqlite_webhook_store::remove(std::string const& id)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<void> {
        if (!writer.webhooks.remove_deliveries.run(id) || !writer.webhooks.remove.run(id))
            return writer.connection.failure();
        if (writer.connection.changes() == 0) return webhook_not_found();
        return {};
    });
}

result<log_position> sqlite_webhook_store::cursor()
{
    return db_->in().read([&](sqlite_reader& reader) -> result<log_position> {
        auto& statement = reader.webhooks.cursor;
        statement.bind();
        if (!statement.next()) return reader.connection.failure();
        auto const at = static_cast<log_position>(statement.integer(0));
        statement.reset();
        return at;
    });
}

result<bool> sqlite_webhook_store::pass_on(log_position from, log_position to,
                                           std::span<new_delivery const> added, utc_time now)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<bool> {
        auto& writes = writer.webhooks;
        if (!writes.move_cursor.run(number_of(to), number_of(from)))
            return writer.connection.failure();
        if (writer.connection.changes() == 0) return false;
        for (auto const& a : added) {
            if (!writes.add_delivery.run(a.webhook_id, number_of(a.position), a.ref.str(), a.seq,
                                         to_epoch(now)))
                return writer.connection.failure();
        }
        return true;
    });
}

result<std::vector<webhook_delivery>> sqlite_webhook_store::claim(
    std::span<claim_wish const> wishes, utc_time now, std::chrono::seconds lease)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<std::vector<webhook_delivery>> {
        std::vector<webhook_delivery> out;
        for (auto const& wish : wishes) {
            auto const hook = find_in(writer.connection, writer.webhooks.find, wish.webhook_id);
            if (hook.has_error() && hook.error().code != errc::not_found) return hook.error();
            if (hook.has_error() || !hook->enabled) continue;
            auto begun = claim_of_one(writer, wish, now, lease);
            if (begun.has_error()) return begun;
            std::move(begun->begin(), begun->end(), std::back_inserter(out));
        }
        return out;
    });
}

result<void> sqlite_webhook_store::end_attempts(std::span<attempt_end const> ends, utc_time now)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<void> {
        for (auto const& end : ends)
            if (!note_end(writer, end, now)) return writer.connection.failure();
        return {};
    });
}

result<std::vector<webhook_delivery>> sqlite_webhook_store::deliveries(delivery_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    return db_->in().read([&](sqlite_reader& reader) -> result<std::vector<webhook_delivery>> {
        auto const hook = find_in(reader.connection, reader.webhooks.find, query.webhook_id);
        if (hook.has_error()) return hook.error();
        auto& statement = reader.webhooks.deliveries;
        statement.bind(query.webhook_id, query.state == delivery_state::dead,
                       number_of(query.after), query.page_size);
        return read_all(reader.connection, statement, read_delivery);
    });
}

result<std::size_t> sqlite_webhook_store::redeliver(
    std::string const& id, std::optional<std::vector<log_position>> const& which, utc_time now)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<std::size_t> {
        auto const hook = find_in(writer.connection, writer.webhooks.find, id);
        if (hook.has_error()) return hook.error();
        auto const places = which ? result<std::vector<log_position>>(*which) : dead_of(writer, id);
        if (places.has_error()) return places.error();
        std::size_t count = 0;
        for (auto place : *places) {
            auto const revived = revive(writer, id, place, now);
            if (revived.has_error()) return revived.error();
            if (*revived) ++count;
        }
        return count;
    });
}

result<std::size_t> sqlite_webhook_store::forget_dead(utc_time before, std::size_t most)
{
    return write(*db_, [&](sqlite_writer& writer) -> result<std::size_t> {
        if (!writer.webhooks.forget_dead.run(to_epoch(before), most))
            return writer.connection.failure();
        return static_cast<std::size_t>(writer.connection.changes());
    });
}

}  // namespace aircargo
