#include "sqlite/booking_figures.hpp"
#include "sqlite/booking_lists.hpp"
#include "sqlite/database.hpp"
#include <algorithm>
#include <cstddef>

namespace aircargo {
namespace {

using detail::sqlite_reader;
using detail::sqlite_transaction;
using detail::sqlite_writer;

template <class T>
[[nodiscard]] std::vector<result<T>> all_refused(std::size_t size, error const& why)
{
    return std::vector<result<T>>(size, why);
}

/// Answers each of `asked` inside one read transaction, so that a batch sees one state of the
/// database.
template <class T, class Asked, class Answer>
[[nodiscard]] std::vector<result<T>> read_batch(sqlite_database& db, std::span<Asked const> asked,
                                                Answer answer)
{
    return db.in().read_each(asked.size(), [&](sqlite_reader& reader) {
        sqlite_transaction const snapshot(reader.connection, sqlite_transaction::kind::read);
        if (snapshot.begun().has_error())
            return all_refused<T>(asked.size(), snapshot.begun().error());
        std::vector<result<T>> out;
        out.reserve(asked.size());
        for (auto const& one : asked) out.push_back(answer(reader, one));
        return out;
    });
}

[[nodiscard]] std::optional<std::string_view> text_of(std::optional<airport_code> const& place)
{
    return place ? std::optional(place->str()) : std::nullopt;
}

/// One batch of changes inside the writer's transaction. An entry that is refused has changed
/// nothing; an entry that fails for a reason of the database sets `failure`, and then the whole
/// transaction is undone.
class change_batch {
public:
    explicit change_batch(sqlite_writer& writer) : writer_(writer) {}

    std::optional<error> failure;

    [[nodiscard]] result<booking> apply(change const& c)
    {
        if (c.key) {
            auto known = detail::answer_of(writer_.connection, writer_.bookings, writes().find_key,
                                           *c.key, c.fact.created_at);
            if (known.has_error()) return refused_or_failed(known.error());
            if (*known) return **std::move(known);
        }
        auto const id = c.fact.seq == 1 ? create(c) : update(c);
        if (id.has_error()) return refused_or_failed(id.error());
        if (!add_event(*id, c.fact) || (c.key && !add_key(*id, c))) return failed();
        return c.after;
    }

private:
    [[nodiscard]] detail::booking_writes& writes() { return writer_.writes; }

    [[nodiscard]] error failed()
    {
        failure = writer_.connection.failure();
        return *failure;
    }
    [[nodiscard]] error refused_or_failed(error const& e)
    {
        if (group_of(e.code) == errc_group::unavailable) failure = e;
        return e;
    }

    [[nodiscard]] result<std::int64_t> create(change const& c)
    {
        auto const& b = c.after;
        auto const& terms = b.terms;
        for (auto const& l : terms.legs) {
            auto const known = flight_exists(l.flight);
            if (known.has_error()) return known.error();
            if (!*known) return flight_not_found(l.flight);
        }
        bool const ran = writes().insert_booking.run(
            terms.ref.str(), terms.origin.str(), terms.destination.str(), terms.pieces,
            terms.gross.grams(), terms.legs.size(), name_of(b.status), text_of(b.at), b.next_leg,
            b.misrouted, to_epoch(b.created_at), to_epoch(b.updated_at), b.revision);
        if (!ran) return failed();
        if (writer_.connection.changes() == 0) return already_exists(terms.ref);
        auto const id = writer_.connection.last_insert_id();
        for (std::size_t i = 0; i < terms.legs.size(); ++i) {
            auto const& l = terms.legs[i];
            bool const added = writes().insert_leg.run(
                id, i, static_cast<std::int64_t>(l.flight), l.number.str(), l.origin.str(),
                l.destination.str(), to_epoch(l.departure), to_epoch(l.arrival));
            if (!added) return failed();
        }
        return id;
    }

    /// The compare-and-set that decides: nothing but the revision that the change was decided on
    /// lets it through.
    [[nodiscard]] result<std::int64_t> update(change const& c)
    {
        auto const& b = c.after;
        if (c.fact.flight) {
            auto const known = flight_exists(c.fact.flight->id);
            if (known.has_error()) return known.error();
            if (!*known) return flight_not_found(c.fact.flight->id);
        }
        auto& statement = writes().update_booking;
        statement.bind(name_of(b.status), text_of(b.at), b.next_leg, b.misrouted,
                       to_epoch(b.updated_at), b.revision, b.terms.ref.str(), c.fact.seq - 1);
        std::optional<std::int64_t> id;
        while (statement.next()) id = statement.integer(0);
        if (!statement.ok()) return failed();
        if (id) return *id;
        auto const present = writer_.bookings.find(b.terms.ref);
        return present.has_error() ? present.error() : stale_revision(b.terms.ref);
    }

    [[nodiscard]] result<bool> flight_exists(flight_id id)
    {
        auto& statement = writes().flight_exists;
        statement.bind(static_cast<std::int64_t>(id));
        bool found = false;
        while (statement.next()) found = true;
        if (!statement.ok()) return failed();
        return found;
    }

    [[nodiscard]] bool add_event(std::int64_t id, event const& e)
    {
        std::optional<std::int64_t> flight;
        std::optional<std::string_view> number;
        if (e.flight) {
            flight = static_cast<std::int64_t>(e.flight->id);
            number = e.flight->number.str();
        }
        return writes().insert_event.run(
            id, e.seq, name_of(e.type), name_of(e.previous), name_of(e.status), text_of(e.location),
            flight, number, e.off_plan, e.notes, e.actor, e.request_id, to_epoch(e.created_at));
    }

    [[nodiscard]] bool add_key(std::int64_t id, change const& c)
    {
        auto const& key = *c.key;
        auto const now = c.fact.created_at;
        return writes().insert_key.run(key.scope, key.key, key.fingerprint, id, c.fact.seq,
                                       to_epoch(now)) &&
               writes().drop_old_keys.run(to_epoch(now - idempotency_key::lifetime));
    }

    sqlite_writer& writer_;
};

[[nodiscard]] std::vector<result<booking>> apply_all(sqlite_writer& writer,
                                                     std::span<change const> changes)
{
    sqlite_transaction transaction(writer.connection, sqlite_transaction::kind::write);
    if (transaction.begun().has_error())
        return all_refused<booking>(changes.size(), transaction.begun().error());
    change_batch batch(writer);
    std::vector<result<booking>> out;
    out.reserve(changes.size());
    for (auto const& c : changes) {
        out.push_back(batch.apply(c));
        if (batch.failure) return all_refused<booking>(changes.size(), *batch.failure);
    }
    // Nothing is reported as done before this has reached the disk.
    if (auto const done = transaction.commit(); done.has_error()) {
        return all_refused<booking>(changes.size(), done.error());
    }
    return out;
}

}  // namespace

std::vector<result<booking>> sqlite_booking_store::apply(std::span<change const> changes)
{
    if (changes.empty()) return {};
    return db_->in().write([&](sqlite_writer& writer) { return apply_all(writer, changes); });
}

std::vector<result<std::optional<booking>>> sqlite_booking_store::answers(
    std::span<idempotency_key const> keys, utc_time now)
{
    return read_batch<std::optional<booking>>(
        *db_, keys, [&](sqlite_reader& reader, idempotency_key const& key) {
            return detail::answer_of(reader.connection, reader.bookings, reader.find_key, key, now);
        });
}

std::vector<result<booking>> sqlite_booking_store::find(std::span<booking_ref const> refs)
{
    return read_batch<booking>(
        *db_, refs, [](sqlite_reader& reader, booking_ref const& ref) -> result<booking> {
            auto found = reader.bookings.find(ref);
            if (found.has_error()) return found.error();
            return std::move(found->now);
        });
}

std::vector<result<std::vector<event>>> sqlite_booking_store::history(
    std::span<booking_ref const> refs)
{
    return read_batch<std::vector<event>>(
        *db_, refs,
        [](sqlite_reader& reader, booking_ref const& ref) { return reader.bookings.history(ref); });
}

result<booking_page> sqlite_booking_store::list(booking_query const& query)
{
    return db_->in().read([&](sqlite_reader& reader) -> result<booking_page> {
        sqlite_transaction const snapshot(reader.connection, sqlite_transaction::kind::read);
        if (snapshot.begun().has_error()) return snapshot.begun().error();
        return detail::list_bookings(reader.connection, reader.bookings, query);
    });
}

result<log_page> sqlite_booking_store::log_after(log_query const& query)
{
    return db_->in().read([&](sqlite_reader& reader) -> result<log_page> {
        sqlite_transaction const snapshot(reader.connection, sqlite_transaction::kind::read);
        if (snapshot.begun().has_error()) return snapshot.begun().error();
        return reader.bookings.log_after(query);
    });
}

result<booking_figures> sqlite_booking_store::figures(figures_query const& query)
{
    return db_->in().read([&](sqlite_reader& reader) -> result<booking_figures> {
        sqlite_transaction const snapshot(reader.connection, sqlite_transaction::kind::read);
        if (snapshot.begun().has_error()) return snapshot.begun().error();
        return detail::sum_up_bookings(reader.connection, query);
    });
}

result<ref_block> sqlite_booking_store::reserve_refs(std::uint64_t count)
{
    return db_->in().write([&](sqlite_writer& writer) -> result<ref_block> {
        sqlite_transaction transaction(writer.connection, sqlite_transaction::kind::write);
        if (transaction.begun().has_error()) return transaction.begun().error();
        auto& statement = writer.writes.reserve_refs;
        statement.bind(count);
        std::optional<ref_block> block;
        while (statement.next()) {
            ref_key const key{static_cast<std::uint64_t>(statement.integer(0)),
                              static_cast<std::uint64_t>(statement.integer(1))};
            block.emplace(key, static_cast<std::uint64_t>(statement.integer(2)) - count, count);
        }
        if (!statement.ok() || !block) return writer.connection.failure();
        // Durable before anyone uses one: a reference that was handed out is never handed out
        // again.
        if (auto const done = transaction.commit(); done.has_error()) return done.error();
        return *block;
    });
}

}  // namespace aircargo
