#include "postgres/booking_rows.hpp"
#include "postgres/booking_writes.hpp"
#include "postgres/database.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/core/utf8.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace aircargo {
namespace {

using detail::pg_call;
using detail::pg_connection;
using detail::pg_copy_rows;
using detail::pg_failure;
using detail::pg_parameters;
using detail::pg_pool;
using detail::pg_result;
using detail::pg_statement;

using record_span = std::span<booking_record const>;

// What COPY is told about the columns, and how many they are.

constexpr std::string_view copy_bookings =
    "COPY bookings (id, ref_id, origin, destination, pieces, weight_kg, status, flight_ids,"
    " location, next_leg, misrouted, created_at, updated_at, revision)"
    " FROM STDIN (FORMAT binary)";
constexpr std::int16_t booking_columns = 14;
constexpr std::string_view copy_legs =
    "COPY booking_legs (booking_id, leg_no, flight_id, flight_number, origin, destination,"
    " departure_datetime, arrival_datetime) FROM STDIN (FORMAT binary)";
constexpr std::int16_t leg_columns = 8;
constexpr std::string_view copy_events =
    "COPY booking_events (booking_id, seq, event_type, previous_status, new_status, location,"
    " flight_id, flight_number, off_plan, notes, actor, request_id, created_at, change_no)"
    " FROM STDIN (FORMAT binary)";
constexpr std::int16_t event_columns = 14;

constexpr pg_statement draw_ids{"load_ids",
                                "SELECT nextval('bookings_id_seq') FROM generate_series(1, $1)"};

// Who holds this lock is at work on the load of that number; who waits for it waits for its end.
constexpr pg_statement once{"load_once", "SELECT pg_advisory_xact_lock($1)"};
constexpr pg_statement change_no_of{
    "load_change_no",
    "SELECT e.change_no FROM booking_events AS e WHERE e.seq = 1 AND e.booking_id ="
    " (SELECT b.id FROM bookings AS b WHERE b.ref_id = $1 COLLATE \"C\")"};

[[nodiscard]] std::int64_t number_of(flight_id id) { return static_cast<std::int64_t>(id); }

[[nodiscard]] std::optional<std::string_view> text_of(std::optional<airport_code> const& place)
{
    return place ? std::optional(place->str()) : std::nullopt;
}

[[nodiscard]] bool is_clean(event const& e)
{
    return is_clean_utf8(e.notes) && is_clean_utf8(e.actor) && is_clean_utf8(e.request_id);
}

/// Why a record can not be a booking.
[[nodiscard]] std::optional<error> broken(booking_record const& record)
{
    auto const& [now, history] = record;
    auto const& ref = now.terms.ref;
    if (auto const terms = book(now.terms, {}, now.created_at); terms.has_error())
        return refuse(errc::invalid_request, ref.str() + ": " + terms.error().detail);
    auto const folded = fold(now.terms, history);
    if (folded.has_error()) return refuse(errc::invalid_request, folded.error().detail);
    if (*folded != now)
        return refuse(errc::invalid_request,
                      "the history of " + ref.str() + " does not add up to it");
    if (!std::all_of(history.begin(), history.end(), is_clean))
        return refuse(errc::invalid_request, "an event of " + ref.str() + " is not UTF-8 text");
    return std::nullopt;
}

[[nodiscard]] result<void> check(record_span all)
{
    std::unordered_set<booking_ref> met;
    met.reserve(all.size());
    for (auto const& record : all) {
        if (auto why = broken(record)) return *std::move(why);
        auto const& ref = record.now.terms.ref;
        if (!met.insert(ref).second)
            return refuse(errc::already_exists, "booking " + ref.str() + " is in the load twice");
    }
    return {};
}

/// Records on their way into the database, in the form in which COPY takes them.
class load {
public:
    /// \pre as many ids as records
    load(record_span all, std::vector<std::int64_t> const& ids) : records_(all)
    {
        auto change_no = number_;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& [now, history] = all[i];
            add_booking(ids[i], now);
            add_legs(ids[i], now.terms.legs);
            for (auto const& e : history) add_event(ids[i], e, change_no++);
        }
    }

    /// One transaction. When it is lost, `commits` tells whether it was before the end.
    [[nodiscard]] pg_result<void> run(pg_connection& connection, bool& commits) const
    {
        auto sent = copy(connection);
        if (sent.has_value()) {
            commits = true;
            return connection.execute("COMMIT");
        }
        if (connection.usable()) (void)connection.execute("ROLLBACK");  // else it is lost, too
        return sent;
    }

    /// Whether the transaction happened, once nobody is at work on it any more.
    [[nodiscard]] result<bool> happened(postgres_database::state& db) const
    {
        auto const& ref = records_.front().now.terms.ref;
        std::array const calls{
            pg_call{once, std::move(pg_parameters().value(number_))},
            pg_call{change_no_of, std::move(pg_parameters().value(ref.str()))},
            pg_call{detail::wait_for_standby, {}},
        };
        auto const answers = db.read(calls);
        if (answers.has_error()) return answers.error();
        auto const& found = (*answers)[1];
        return found.size() == 1 && found.integer(0, 0) == number_;
    }

private:
    [[nodiscard]] pg_result<void> copy(pg_connection& connection) const
    {
        auto begun = connection.execute("BEGIN");
        if (begun.has_error()) return begun;
        auto const alone = connection.run(once, std::move(pg_parameters().value(number_)));
        if (alone.has_error()) return alone.error();
        for (auto const& [sql, rows] :
             {std::pair(copy_bookings, &bookings_), std::pair(copy_legs, &legs_),
              std::pair(copy_events, &events_)}) {
            auto copied = connection.copy_in(std::string(sql), rows->bytes());
            if (copied.has_error()) return copied;
        }
        return {};
    }

    void add_booking(std::int64_t id, booking const& b)
    {
        auto const& t = b.terms;
        bookings_.row()
            .value(id)
            .value(t.ref.str())
            .value(t.origin.str())
            .value(t.destination.str())
            .value(t.pieces)
            .thousandths(t.gross.grams())
            .value(name_of(b.status))
            .array(t.legs, [](leg const& l) { return number_of(l.flight); })
            .value(text_of(b.at))
            .value(static_cast<std::int32_t>(b.next_leg))
            .value(b.misrouted)
            .value(b.created_at)
            .value(b.updated_at)
            .value(b.revision);
    }

    void add_legs(std::int64_t id, std::vector<leg> const& legs)
    {
        std::int32_t leg_no = 0;
        for (auto const& l : legs) {
            legs_.row()
                .value(id)
                .value(leg_no++)
                .value(number_of(l.flight))
                .value(l.number.str())
                .value(l.origin.str())
                .value(l.destination.str())
                .value(l.departure)
                .value(l.arrival);
        }
    }

    void add_event(std::int64_t id, event const& e, std::int64_t change_no)
    {
        events_.row()
            .value(id)
            .value(e.seq)
            .value(name_of(e.type))
            .value(name_of(e.previous))
            .value(name_of(e.status))
            .value(text_of(e.location))
            .value(e.flight ? std::optional(number_of(e.flight->id)) : std::nullopt)
            .value(e.flight ? std::optional(e.flight->number.str()) : std::nullopt)
            .value(e.off_plan)
            .value(e.notes)
            .value(e.actor)
            .value(e.request_id)
            .value(e.created_at)
            .value(change_no);
    }

    record_span records_;
    std::int64_t number_ =
        detail::random_change_no();  // of the first event, and the name of the lock
    pg_copy_rows bookings_{booking_columns};
    pg_copy_rows legs_{leg_columns};
    pg_copy_rows events_{event_columns};
};

[[nodiscard]] result<std::vector<std::int64_t>> ids_for(postgres_database::state& db,
                                                        std::size_t count)
{
    auto const rows =
        db.read(draw_ids, std::move(pg_parameters().value(static_cast<std::int64_t>(count))));
    if (rows.has_error()) return rows.error();
    std::vector<std::int64_t> ids;
    ids.reserve(count);
    for (int row = 0; row < rows->size(); ++row) ids.push_back(rows->integer(row, 0));
    if (ids.size() != count) return detail::damaged("bookings_id_seq");
    return ids;
}

/// Which reference was taken: the first that stands already.
[[nodiscard]] error taken(postgres_database::state& db, record_span all, error const& why)
{
    std::vector<booking_ref> refs;
    for (auto const& r : all) refs.push_back(r.now.terms.ref);
    auto const found = detail::find_bookings(db, refs);
    for (std::size_t i = 0; i < refs.size(); ++i) {
        if (found[i].has_value()) return already_exists(refs[i]);
    }
    return why;
}

/// Which flight is not there.
[[nodiscard]] error flightless(postgres_database::state& db, record_span all, error const& why)
{
    std::vector<flight_id> ids;
    for (auto const& [now, history] : all) {
        for (auto const& l : now.terms.legs) ids.push_back(l.flight);
        for (auto const& e : history) {
            if (e.flight) ids.push_back(e.flight->id);
        }
    }
    auto const missing = detail::find_missing_flights(db, ids);
    if (missing.has_error() || missing->empty()) return why;
    return flight_not_found(missing->front());
}

[[nodiscard]] error explained(postgres_database::state& db, record_span all,
                              pg_failure const& failure)
{
    constexpr std::string_view unique_violation = "23505";
    constexpr std::string_view foreign_key_violation = "23503";
    if (failure.state == unique_violation) return taken(db, all, failure.why);
    if (failure.state == foreign_key_violation) return flightless(db, all, failure.why);
    return failure.why;
}

/// Looks what became of a transaction whose end was lost, until that is known.
[[nodiscard]] result<void> settle(postgres_database::state& db, load const& lost, error const& why)
{
    auto const give_up = pg_pool::clock::now() + db.pool.target().options().settle_timeout;
    for (bool again = false;; again = true) {
        auto const happened = lost.happened(db);
        if (happened.has_value()) {
            ++db.settled;
            if (*happened) return {};
            return why;
        }
        if (pg_pool::clock::now() >= give_up) {
            ++db.unsettled;
            return refuse(errc::commit_unknown, "the outcome of a load could not be found out: " +
                                                    happened.error().detail);
        }
        db.pool.wait_for_next_attempt(give_up, again);
    }
}

[[nodiscard]] result<void> run(postgres_database::state& db, record_span all, load const& what)
{
    for (int left = 4;; --left) {
        bool commits = false;
        auto const done = [&]() -> pg_result<void> {
            auto connection = db.pool.take();
            if (connection.has_error())
                return pg_failure{pg_failure::kind::refused, connection.error()};
            return what.run(**connection, commits);
        }();
        if (done.has_value()) return {};
        auto const& failure = done.error();
        if (commits && failure.what == pg_failure::kind::lost) return settle(db, what, failure.why);
        if (failure.what != pg_failure::kind::try_again || left == 1)
            return explained(db, all, failure);
    }
}

}  // namespace

result<void> load_bookings(postgres_database& database, std::span<booking_record const> records)
{
    if (records.empty()) return {};
    if (auto checked = check(records); checked.has_error()) return checked;
    auto const ids = ids_for(database.in(), records.size());
    if (ids.has_error()) return ids.error();
    return run(database.in(), records, load(records, *ids));
}

}  // namespace aircargo
