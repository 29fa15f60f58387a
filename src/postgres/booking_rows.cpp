#include "postgres/booking_rows.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <algorithm>
#include <unordered_map>
#include <utility>

namespace aircargo::detail {
namespace {

constexpr int ref_column = 1;
constexpr int leg_column = 14;

// Without the OFFSET, a plan made while there were no bookings may walk all of them in the order of
// their ids, to save sorting.
std::string const find_sql =
    std::string("SELECT ") + booking_columns +
    " FROM (SELECT * FROM bookings WHERE ref_id = ANY ($1 COLLATE \"C\") OFFSET 0) AS b" +
    with_legs + " ORDER BY b.id, l.leg_no";

constexpr std::string_view history_sql =
    "SELECT r.no, e.seq, e.event_type, e.previous_status, e.new_status, e.location, e.flight_id, "
    "e.flight_number, e.off_plan, e.notes, e.actor, e.request_id, e.created_at"
    " FROM unnest($1) WITH ORDINALITY AS r (ref_id, no)"
    " CROSS JOIN LATERAL"
    " (SELECT id FROM bookings WHERE ref_id = r.ref_id COLLATE \"C\" LIMIT 1) AS b"
    " CROSS JOIN LATERAL"
    " (SELECT * FROM booking_events WHERE booking_id = b.id ORDER BY seq OFFSET 0) AS e"
    " ORDER BY r.no, e.seq";

/// Events `e` that a statement chose from the log, with what readers choose by.
constexpr char const* log_columns =
    "e.log_position, e.seq, e.event_type, e.previous_status, e.new_status, e.location,"
    " e.flight_id, e.flight_number, e.off_plan, e.notes, e.actor, e.request_id, e.created_at,"
    " b.ref_id, b.origin, b.destination";
constexpr int behind_event = 13;
constexpr char const* with_bookings =
    " AS e CROSS JOIN LATERAL (SELECT ref_id, origin, destination FROM bookings"
    " WHERE id = e.booking_id LIMIT 1) AS b";

std::string const log_sql =
    std::string("SELECT ") + log_columns +
    " FROM (SELECT * FROM booking_events WHERE log_position > $1 ORDER BY log_position LIMIT $2)" +
    with_bookings + " ORDER BY e.log_position";

// Within a booking, places follow seq.
std::string const log_of_booking_sql =
    std::string("SELECT ") + log_columns +
    " FROM (SELECT * FROM booking_events WHERE log_position > $1 AND booking_id ="
    " (SELECT id FROM bookings WHERE ref_id = $3 COLLATE \"C\") ORDER BY booking_id, seq LIMIT "
    "$2)" +
    with_bookings + " ORDER BY e.seq";

constexpr std::string_view keys_sql =
    "SELECT r.no, k.fingerprint, k.ref_id, k.seq"
    " FROM unnest($1, $2) WITH ORDINALITY AS r (scope, key, no)"
    " CROSS JOIN LATERAL (SELECT * FROM idempotency WHERE scope = r.scope COLLATE \"C\""
    " AND key = r.key COLLATE \"C\" AND created_at > $3 LIMIT 1) AS k";

[[nodiscard]] pg_parameters refs_of(std::span<booking_ref const> refs)
{
    return std::move(pg_parameters().column(refs, [](auto const& ref) { return ref.str(); }));
}

[[nodiscard]] std::optional<leg> read_leg(pg_rows const& rows, int row, int column)
{
    pg_row_reader r(rows, row, column);
    auto const id = static_cast<flight_id>(r.integer());
    auto const number = r.parsed<flight_number>();
    auto const origin = r.parsed<airport_code>();
    auto const destination = r.parsed<airport_code>();
    if (!r.ok()) return std::nullopt;
    leg const read{id, *number, *origin, *destination, r.time(), r.time()};
    return r.ok() ? std::optional(read) : std::nullopt;
}

[[nodiscard]] result<event> read_event(pg_rows const& rows, int row)
{
    pg_row_reader r(rows, row, 1);
    event e;
    e.seq = r.integer();
    auto const type = r.named(parse_event_type);
    auto const previous = r.named(parse_booking_status);
    auto const status = r.named(parse_booking_status);
    e.location = r.parsed_or_null<airport_code>();
    std::optional<flight_id> flight;
    if (!r.next_is_null()) flight = static_cast<flight_id>(rows.integer(row, 6));
    r.skip();
    auto const number = r.parsed_or_null<flight_number>();
    if (!r.ok() || flight.has_value() != number.has_value()) return damaged("booking_events");
    e.type = *type;
    e.previous = *previous;
    e.status = *status;
    if (flight) e.flight = event::flight_mark{*flight, *number};
    e.off_plan = r.integer() != 0;
    e.notes = r.text();
    e.actor = r.text();
    e.request_id = r.text();
    e.created_at = r.time();
    if (!r.ok()) return damaged("booking_events");
    return e;
}

[[nodiscard]] result<logged_event> read_logged_event(pg_rows const& rows, int row)
{
    auto fact = read_event(rows, row);
    if (fact.has_error()) return fact.error();
    pg_row_reader r(rows, row, behind_event);
    auto const ref = r.parsed<booking_ref>();
    auto const origin = r.parsed<airport_code>();
    auto const destination = r.parsed<airport_code>();
    if (!r.ok()) return damaged("bookings");
    auto const position = static_cast<log_position>(rows.integer(row, 0));
    return logged_event{position, *ref, *origin, *destination, *std::move(fact)};
}

[[nodiscard]] pg_call log_statement(log_query const& query)
{
    pg_parameters p;
    p.value(static_cast<std::int64_t>(query.after)).value(static_cast<std::int64_t>(query.limit));
    if (!query.of) return {{"log", log_sql}, std::move(p)};
    p.value(query.of->str());
    return {{"log_of_booking", log_of_booking_sql}, std::move(p)};
}

/// The row's entry of the question, which counted from 1.
[[nodiscard]] std::size_t entry_of(pg_rows const& rows, int row)
{
    return static_cast<std::size_t>(rows.integer(row, 0) - 1);
}

struct used_key {
    std::size_t entry;
    booking_ref ref;
    std::int64_t seq;
};

/// Finds the keys that were used; those used for something else are answered at once.
[[nodiscard]] result<std::vector<used_key>> find_used(
    postgres_database::state& db, std::span<idempotency_key const> keys, utc_time now,
    std::vector<result<std::optional<booking>>>& answers)
{
    auto const rows = db.read({"answers", keys_sql},
                              std::move(pg_parameters()
                                            .column(keys, [](auto const& k) { return k.scope; })
                                            .column(keys, [](auto const& k) { return k.key; })
                                            .value(now - idempotency_key::lifetime)));
    if (rows.has_error()) return rows.error();
    std::vector<used_key> used;
    for (int row = 0; row < rows->size(); ++row) {
        auto const entry = entry_of(*rows, row);
        auto const ref = booking_ref::parse(rows->text(row, 2));
        if (!ref) return damaged("idempotency");
        if (rows->text(row, 1) == keys[entry].fingerprint) {
            used.push_back({entry, *ref, rows->integer(row, 3)});
        } else {
            answers[entry] = idempotency_clash(keys[entry]);
        }
    }
    return used;
}

/// The booking as it was after its event `seq`.
[[nodiscard]] result<std::optional<booking>> as_of(result<booking> const& now,
                                                   result<std::vector<event>> const& history,
                                                   std::int64_t seq)
{
    if (now.has_error())  // no booking ever goes away
        return now.error().code == errc::not_found ? damaged("idempotency") : now.error();
    if (history.has_error()) return history.error();
    if (seq < 1 || std::cmp_less(history->size(), seq)) return damaged("idempotency");
    auto then = fold(now->terms, std::span(*history).first(static_cast<std::size_t>(seq)));
    if (then.has_error()) return then.error();
    return std::optional<booking>(*std::move(then));
}

}  // namespace

error damaged(std::string_view table)
{
    return refuse(errc::backend_down, "the database holds a damaged row: " + std::string(table));
}

result<numbered_booking> read_booking(pg_rows const& rows, int& row)
{
    auto const first = row;
    pg_row_reader r(rows, first);
    auto const id = r.integer();
    while (row < rows.size() && rows.integer(row, 0) == id) ++row;

    auto const ref = r.parsed<booking_ref>();
    auto const origin = r.parsed<airport_code>();
    auto const destination = r.parsed<airport_code>();
    auto const pieces = static_cast<std::int32_t>(r.integer());
    auto const gross = weight::from_grams(r.integer());
    auto const status = r.named(parse_booking_status);
    auto const at = r.parsed_or_null<airport_code>();
    if (!r.ok() || !gross) return damaged("bookings");

    booking b{.terms = {*ref, *origin, *destination, pieces, *gross}};
    b.status = *status;
    b.at = at;
    auto const next_leg = r.integer();
    b.next_leg = static_cast<std::size_t>(next_leg);
    b.misrouted = r.integer() != 0;
    b.created_at = r.time();
    b.updated_at = r.time();
    b.revision = r.integer();
    auto const legs = r.integer();
    if (!r.ok() || next_leg < 0 || next_leg > legs || pieces < 1) return damaged("bookings");
    bool const has_legs = !rows.is_null(first, leg_column);
    if (has_legs ? legs != row - first : legs != 0) return damaged("booking_legs");
    for (int leg_row = first; has_legs && leg_row < row; ++leg_row) {
        auto const l = read_leg(rows, leg_row, leg_column);
        if (!l) return damaged("booking_legs");
        b.terms.legs.push_back(*l);
    }
    return numbered_booking{id, std::move(b)};
}

std::vector<result<booking>> find_bookings(postgres_database::state& db,
                                           std::span<booking_ref const> refs)
{
    if (refs.empty()) return {};
    auto const rows = db.read({"find", find_sql}, refs_of(refs));
    if (rows.has_error()) return std::vector<result<booking>>(refs.size(), rows.error());
    std::unordered_map<std::string_view, result<booking>> by_ref;
    for (int row = 0; row < rows->size();) {
        auto const ref = rows->text(row, ref_column);
        auto b = read_booking(*rows, row);
        by_ref.emplace(ref, b.has_value() ? result<booking>(std::move(b->now)) : b.error());
    }
    std::vector<result<booking>> found;
    found.reserve(refs.size());
    for (auto const& ref : refs) {
        auto const known = by_ref.find(ref.str());
        found.push_back(known != by_ref.end() ? known->second : booking_not_found(ref));
    }
    return found;
}

std::vector<result<std::vector<event>>> find_histories(postgres_database::state& db,
                                                       std::span<booking_ref const> refs)
{
    using history = std::vector<event>;
    if (refs.empty()) return {};
    auto const rows = db.read({"history", history_sql}, refs_of(refs));
    if (rows.has_error()) return std::vector<result<history>>(refs.size(), rows.error());
    std::vector<result<history>> found(refs.size(), history());
    for (int row = 0; row < rows->size(); ++row) {
        auto& entry = found[entry_of(*rows, row)];
        auto e = read_event(*rows, row);
        if (e.has_error()) {
            entry = e.error();
        } else if (entry.has_value()) {
            entry->push_back(*std::move(e));
        }
    }
    for (std::size_t i = 0; i < refs.size(); ++i) {
        if (found[i].has_value() && found[i]->empty()) found[i] = booking_not_found(refs[i]);
    }
    return found;
}

result<std::vector<flight_id>> find_missing_flights(postgres_database::state& db,
                                                    std::span<flight_id const> ids)
{
    constexpr pg_statement ask{"missing_flights",
                               "SELECT r.id FROM unnest($1) AS r (id)"
                               " WHERE (SELECT f.id FROM flights AS f WHERE f.id = r.id) IS NULL"};
    std::vector<flight_id> missing;
    if (ids.empty()) return missing;
    auto const rows = db.read(ask, std::move(pg_parameters().column(ids, [](flight_id id) {
                                  return static_cast<std::int64_t>(id);
                              })));
    if (rows.has_error()) return rows.error();
    for (int row = 0; row < rows->size(); ++row)
        missing.push_back(static_cast<flight_id>(rows->integer(row, 0)));
    return missing;
}

result<log_page> read_log(postgres_database::state& db, log_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto look = db.log.begin();
    auto calls = log_horizon::statements(look);
    calls.push_back(log_statement(query));
    auto const answers = db.read(calls);
    if (answers.has_error()) return answers.error();
    log_horizon::read(look, *answers);
    auto const settled = db.log.after(look);

    log_page page{.events = {},
                  .end = std::max(query.after, settled),
                  .highest = static_cast<log_position>(look.drawn)};
    auto const& rows = answers->back();
    for (int row = 0; row < rows.size(); ++row) {
        auto e = read_logged_event(rows, row);
        if (e.has_error()) return e.error();
        if (e->position > settled) break;  // one before it may still come
        page.events.push_back(*std::move(e));
    }
    return page;
}

std::vector<result<std::optional<booking>>> find_answers(postgres_database::state& db,
                                                         std::span<idempotency_key const> keys,
                                                         utc_time now)
{
    using answer = result<std::optional<booking>>;
    if (keys.empty()) return {};
    std::vector<answer> answers(keys.size(), std::optional<booking>());
    auto const used = find_used(db, keys, now, answers);
    if (used.has_error()) return std::vector<answer>(keys.size(), used.error());
    if (used->empty()) return answers;

    std::vector<booking_ref> refs;
    for (auto const& u : *used) refs.push_back(u.ref);
    auto const present = find_bookings(db, refs);
    auto const histories = find_histories(db, refs);
    for (std::size_t i = 0; i < used->size(); ++i)
        answers[(*used)[i].entry] = as_of(present[i], histories[i], (*used)[i].seq);
    return answers;
}

}  // namespace aircargo::detail
