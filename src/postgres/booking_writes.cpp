#include "postgres/booking_writes.hpp"
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace aircargo::detail {
namespace {

// In all statements $1 is the numbers of the changes. Rows are looked up by subqueries that can
// only be worked off one change at a time, in the order given; results of other parts of the
// statement are asked for by `(x IN (SELECT ...)) IS TRUE`, which becomes a hash table.

/// A key that is new, or older than its lifetime, becomes the change's.
constexpr pg_statement take_keys{
    "apply_take_keys",
    "INSERT INTO idempotency (change_no, scope, key, fingerprint, ref_id, seq, created_at)"
    " SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (scope, key) DO UPDATE SET change_no = excluded.change_no,"
    " fingerprint = excluded.fingerprint, ref_id = excluded.ref_id, seq = excluded.seq,"
    " created_at = excluded.created_at"
    " WHERE idempotency.created_at <= excluded.created_at - $8 * interval '1 second'"};

constexpr pg_statement drop_refused{
    "apply_drop_refused_keys",
    "DELETE FROM idempotency WHERE ctid = ANY (ARRAY("
    " SELECT (SELECT k.ctid FROM idempotency AS k WHERE k.scope = a.scope COLLATE \"C\""
    "         AND k.key = a.key COLLATE \"C\" AND k.change_no = a.change_no)"
    " FROM unnest($1, $2, $3, $4, $5) AS a (change_no, scope, key, ref_id, seq)"
    " WHERE ((SELECT e.change_no FROM booking_events AS e WHERE e.seq = a.seq AND e.booking_id ="
    "         (SELECT b.id FROM bookings AS b WHERE b.ref_id = a.ref_id COLLATE \"C\"))"
    "        = a.change_no) IS NOT TRUE))"};

/// Whether nobody else has the key of the change `a`.
constexpr char const* key_is_ours =
    "(a.key IS NULL OR (SELECT k.change_no FROM idempotency AS k"
    " WHERE k.scope = a.scope COLLATE \"C\" AND k.key = a.key COLLATE \"C\") = a.change_no)";
constexpr char const* event_flight_exists =
    "(a.flight_id IS NULL OR"
    " (SELECT f.id FROM flights AS f WHERE f.id = a.flight_id) IS NOT NULL)";

// What changes bring along, an array for each: of the event, of the booking's state, of its terms.
constexpr std::string_view event_columns =
    "change_no, seq, event_type, previous_status, new_status, event_location, flight_id, "
    "flight_number, off_plan, notes, actor, request_id, event_at";
constexpr std::string_view state_columns =
    "ref_id, location, next_leg, misrouted, updated_at, scope, key";
constexpr std::string_view terms_columns =
    "origin, destination, pieces, grams, flight_ids, created_at";

[[nodiscard]] std::string operator+(std::string left, std::string_view right)
{
    return left.append(right);
}

/// A row for each change, `no` counting from 1. `SELECT unnest($1), unnest($2)` hands the rows on
/// one by one, where `FROM unnest($1, $2)` would keep a copy of them all.
[[nodiscard]] std::string rows_of(std::string_view columns)
{
    std::string sql = "SELECT generate_series(1, cardinality($1)) AS no";
    for (int number = 1; !columns.empty(); ++number) {
        auto const name = columns.substr(0, columns.find(", "));
        sql = sql + ", unnest($" + std::to_string(number) + ") AS " + name;
        columns.remove_prefix(std::min(columns.size(), name.size() + 2));
    }
    return sql;
}

std::string const insert_event =
    std::string("INSERT INTO booking_events (booking_id, change_no, seq, event_type,") +
    " previous_status, new_status, location, flight_id, flight_number, off_plan, notes, actor,"
    " request_id, created_at) SELECT id, " +
    event_columns;

/// The compare-and-set that decides: nothing but the revision that a change was decided on lets it
/// through. Rows are locked in the order of the arrays.
std::string const act_sql =
    std::string("WITH found AS MATERIALIZED (SELECT a.*, b.id, b.place FROM (") +
    rows_of(std::string(event_columns) + ", " + state_columns) +
    ") AS a CROSS JOIN LATERAL"
    "  (SELECT id, ctid AS place FROM bookings WHERE ref_id = a.ref_id COLLATE \"C\""
    "   AND revision = a.seq - 1 LIMIT 1) AS b WHERE " +
    event_flight_exists + " AND " + key_is_ours +
    "), moved AS (UPDATE bookings AS b SET status = f.new_status, location = f.location,"
    "  next_leg = f.next_leg, misrouted = f.misrouted, updated_at = f.updated_at, revision = f.seq"
    "  FROM found AS f WHERE b.ctid = f.place AND b.revision = f.seq - 1 RETURNING b.id),"
    " logged AS (" +
    insert_event +
    " FROM found WHERE (id IN (SELECT id FROM moved)) IS TRUE)"
    " SELECT no FROM found WHERE (id IN (SELECT id FROM moved)) IS TRUE";

/// References come from a sequence, so none is ever made by two at the same moment; if one is, the
/// unique key fails the statement, and the next attempt finds it there. That is cheaper than ON
/// CONFLICT, which marks every row as speculative first.
std::string const create_sql =
    std::string(
        "WITH made AS MATERIALIZED"
        " (SELECT a.*, nextval('bookings_id_seq') AS id FROM (") +
    rows_of(std::string(event_columns) + ", " + state_columns + ", " + terms_columns) +
    ") AS a WHERE " + event_flight_exists + " AND " + key_is_ours +
    "  AND (a.flight_ids = '{}' OR NOT EXISTS (SELECT FROM unnest(a.flight_ids::bigint[]) AS l (id)"
    "   WHERE (SELECT f.id FROM flights AS f WHERE f.id = l.id) IS NULL))"
    "  AND (SELECT b.id FROM bookings AS b WHERE b.ref_id = a.ref_id COLLATE \"C\") IS NULL),"
    " stored AS (INSERT INTO bookings (id, ref_id, origin, destination, pieces, weight_kg, status,"
    "  flight_ids, location, next_leg, misrouted, created_at, updated_at, revision)"
    "  SELECT id, ref_id, origin, destination, pieces, grams * 0.001, new_status,"
    "  flight_ids::bigint[], location, next_leg, misrouted, created_at, updated_at, seq FROM made),"
    " logged AS (" +
    insert_event + " FROM made) SELECT no FROM made";

/// The legs of bookings that this transaction made; a booking of another change has another number.
constexpr pg_statement add_legs_sql{
    "apply_legs",
    "INSERT INTO booking_legs (booking_id, leg_no, flight_id, flight_number, origin, destination,"
    " departure_datetime, arrival_datetime)"
    " SELECT b.id, a.leg_no, a.flight_id, a.flight_number, a.origin, a.destination, a.departure,"
    " a.arrival FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " AS a (change_no, ref_id, leg_no, flight_id, flight_number, origin, destination, departure,"
    "       arrival)"
    " CROSS JOIN LATERAL"
    " (SELECT id FROM bookings WHERE ref_id = a.ref_id COLLATE \"C\" LIMIT 1) AS b"
    " WHERE (SELECT e.change_no FROM booking_events AS e WHERE e.booking_id = b.id AND e.seq = 1)"
    "       = a.change_no"
    " ON CONFLICT DO NOTHING"};

[[nodiscard]] std::optional<std::string> text_of(std::optional<airport_code> const& place)
{
    return place ? std::optional(std::string(place->str())) : std::nullopt;
}

/// `{12,40}`
[[nodiscard]] std::string flight_ids_of(booking_terms const& terms)
{
    std::string text = "{";
    for (auto const& l : terms.legs) {
        if (text.size() > 1) text += ',';
        text += std::to_string(static_cast<std::int64_t>(l.flight));
    }
    return text + '}';
}

using numbered = numbered_change const&;

void add_event_columns(pg_parameters& p, std::span<numbered_change const> changes)
{
    auto const column = [&](auto of) {
        p.column(changes, [&](numbered c) { return of(c.what->fact); });
    };
    p.column(changes, [](numbered c) { return c.number; });
    column([](event const& e) { return e.seq; });
    column([](event const& e) { return name_of(e.type); });
    column([](event const& e) { return name_of(e.previous); });
    column([](event const& e) { return name_of(e.status); });
    column([](event const& e) { return text_of(e.location); });
    column([](event const& e) {
        return e.flight ? std::optional(static_cast<std::int64_t>(e.flight->id)) : std::nullopt;
    });
    column([](event const& e) {
        return e.flight ? std::optional(std::string(e.flight->number.str())) : std::nullopt;
    });
    column([](event const& e) { return e.off_plan; });
    column([](event const& e) { return std::string_view(e.notes); });
    column([](event const& e) { return std::string_view(e.actor); });
    column([](event const& e) { return std::string_view(e.request_id); });
    column([](event const& e) { return e.created_at; });
}

void add_state_columns(pg_parameters& p, std::span<numbered_change const> changes)
{
    auto const column = [&](auto of) {
        p.column(changes, [&](numbered c) { return of(c.what->after); });
    };
    column([](booking const& b) { return b.terms.ref.str(); });
    column([](booking const& b) { return text_of(b.at); });
    column([](booking const& b) { return static_cast<std::int32_t>(b.next_leg); });
    column([](booking const& b) { return b.misrouted; });
    column([](booking const& b) { return b.updated_at; });
    auto const key_column = [&](auto of) {
        p.column(changes, [&](numbered c) {
            return c.what->key ? std::optional(std::string_view(of(*c.what->key))) : std::nullopt;
        });
    };
    key_column([](idempotency_key const& k) -> auto const& { return k.scope; });
    key_column([](idempotency_key const& k) -> auto const& { return k.key; });
}

void add_terms_columns(pg_parameters& p, std::span<numbered_change const> changes)
{
    auto const column = [&](auto of) {
        p.column(changes, [&](numbered c) { return of(c.what->after.terms); });
    };
    column([](booking_terms const& t) { return t.origin.str(); });
    column([](booking_terms const& t) { return t.destination.str(); });
    column([](booking_terms const& t) { return t.pieces; });
    column([](booking_terms const& t) { return t.gross.grams(); });
    column([](booking_terms const& t) { return flight_ids_of(t); });
    p.column(changes, [](numbered c) { return c.what->after.created_at; });
}

struct planned_leg {
    numbered_change of;
    std::int32_t leg_no;
    leg const* what;
};

}  // namespace

std::int64_t random_change_no()
{
    // Asked of the system each time: a generator of this process would go on alike in a fork.
    std::random_device system;
    auto const bits = (static_cast<std::uint64_t>(system()) << 32U) | system();
    return static_cast<std::int64_t>(bits >> 2U);
}

booking_transaction::booking_transaction(std::span<change const> changes)
{
    auto const first = random_change_no();
    changes_.reserve(changes.size());
    for (auto const& c : changes)
        changes_.push_back({&c, first + static_cast<std::int64_t>(changes_.size())});
    for (auto const& w : waves()) add_wave(w);
}

/// A wave never holds a booking or a key twice, and what shares one keeps its order.
std::vector<booking_transaction::wave> booking_transaction::waves() const
{
    std::map<std::string, std::size_t> next_of_ref;
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> next_of_key;
    std::vector<wave> out;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        auto const& c = *changes_[i].what;
        auto& after_ref = next_of_ref[c.after.terms.ref.str()];
        std::size_t number = after_ref;
        if (c.key) {
            auto& after_key = next_of_key[{c.key->scope, c.key->key}];
            number = std::max(number, after_key);
            after_key = number + 1;
        }
        after_ref = number + 1;
        if (out.size() <= number) out.resize(number + 1);
        out[number].push_back(i);
    }
    return out;
}

std::vector<numbered_change> booking_transaction::of(wave const& w) const
{
    std::vector<numbered_change> out;
    out.reserve(w.size());
    for (auto i : w) out.push_back(changes_[i]);
    return out;
}

void booking_transaction::add_wave(wave const& w)
{
    wave acts;
    wave creations;
    wave keyed;
    for (auto i : w) {
        auto const& c = *changes_[i].what;
        (c.fact.seq == 1 ? creations : acts).push_back(i);
        if (c.key) keyed.push_back(i);
    }
    auto const by_ref = [this](std::size_t a, std::size_t b) {
        return changes_[a].what->after.terms.ref.str() < changes_[b].what->after.terms.ref.str();
    };
    auto const by_key = [this](std::size_t a, std::size_t b) {
        auto const& left = *changes_[a].what->key;
        auto const& right = *changes_[b].what->key;
        return std::tie(left.scope, left.key) < std::tie(right.scope, right.key);
    };
    std::sort(acts.begin(), acts.end(), by_ref);
    std::sort(creations.begin(), creations.end(), by_ref);
    std::sort(keyed.begin(), keyed.end(), by_key);
    if (!keyed.empty()) add_keys(keyed);
    if (!acts.empty()) add_acts(std::move(acts));
    if (!creations.empty()) add_creations(std::move(creations));
    if (!keyed.empty()) drop_refused_keys(keyed);
}

void booking_transaction::add_keys(wave const& keyed)
{
    auto const changes = of(keyed);
    pg_parameters p;
    p.column(changes, [](numbered c) { return c.number; })
        .column(changes, [](numbered c) { return std::string_view(c.what->key->scope); })
        .column(changes, [](numbered c) { return std::string_view(c.what->key->key); })
        .column(changes, [](numbered c) { return std::string_view(c.what->key->fingerprint); })
        .column(changes, [](numbered c) { return c.what->after.terms.ref.str(); })
        .column(changes, [](numbered c) { return c.what->fact.seq; })
        .column(changes, [](numbered c) { return c.what->fact.created_at; })
        .value(static_cast<std::int64_t>(std::chrono::seconds(idempotency_key::lifetime).count()));
    calls_.push_back({take_keys, std::move(p)});
}

void booking_transaction::drop_refused_keys(wave const& keyed)
{
    auto const changes = of(keyed);
    pg_parameters p;
    p.column(changes, [](numbered c) { return c.number; })
        .column(changes, [](numbered c) { return std::string_view(c.what->key->scope); })
        .column(changes, [](numbered c) { return std::string_view(c.what->key->key); })
        .column(changes, [](numbered c) { return c.what->after.terms.ref.str(); })
        .column(changes, [](numbered c) { return c.what->fact.seq; });
    calls_.push_back({drop_refused, std::move(p)});
}

void booking_transaction::add_acts(wave acts)
{
    auto const changes = of(acts);
    pg_parameters p;
    add_event_columns(p, changes);
    add_state_columns(p, changes);
    answers_.push_back({calls_.size(), std::move(acts)});
    calls_.push_back({{"apply_acts", act_sql}, std::move(p)});
}

void booking_transaction::add_creations(wave creations)
{
    auto const changes = of(creations);
    pg_parameters p;
    add_event_columns(p, changes);
    add_state_columns(p, changes);
    add_terms_columns(p, changes);
    answers_.push_back({calls_.size(), creations});
    calls_.push_back({{"apply_creations", create_sql}, std::move(p)});
    add_legs(creations);
}

void booking_transaction::add_legs(wave const& creations)
{
    std::vector<planned_leg> legs;
    for (auto i : creations) {
        std::int32_t number = 0;
        for (auto const& l : changes_[i].what->after.terms.legs)
            legs.push_back({changes_[i], number++, &l});
    }
    if (legs.empty()) return;
    pg_parameters p;
    p.column(legs, [](auto const& l) { return l.of.number; })
        .column(legs, [](auto const& l) { return l.of.what->after.terms.ref.str(); })
        .column(legs, [](auto const& l) { return l.leg_no; })
        .column(legs, [](auto const& l) { return static_cast<std::int64_t>(l.what->flight); })
        .column(legs, [](auto const& l) { return l.what->number.str(); })
        .column(legs, [](auto const& l) { return l.what->origin.str(); })
        .column(legs, [](auto const& l) { return l.what->destination.str(); })
        .column(legs, [](auto const& l) { return l.what->departure; })
        .column(legs, [](auto const& l) { return l.what->arrival; });
    calls_.push_back({add_legs_sql, std::move(p)});
}

std::vector<bool> booking_transaction::applied(std::span<pg_rows const> answers) const
{
    std::vector<bool> out(changes_.size(), false);
    for (auto const& [call, changes] : answers_) {
        auto const& rows = answers[call];
        for (int row = 0; row < rows.size(); ++row)
            out[changes[static_cast<std::size_t>(rows.integer(row, 0) - 1)]] = true;
    }
    return out;
}

}  // namespace aircargo::detail
