#include "common/webhook_lists.hpp"
#include "postgres/booking_rows.hpp"
#include "postgres/database.hpp"
#include <array>
#include <string>
#include <utility>

/// Each call may be sent again when its answer is lost: what was done already is done once. Where
/// the answer tells what was done, it is looked up before what there is to do.
namespace aircargo {
namespace {

using detail::damaged;
using detail::list_of;
using detail::pg_call;
using detail::pg_parameters;
using detail::pg_row_reader;
using detail::pg_rows;
using detail::pg_statement;
using detail::values_of;

constexpr pg_statement add_webhook{
    "add_webhook",
    "INSERT INTO webhooks (id, url, secret, statuses, airports, enabled, after, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"};
constexpr pg_statement find_webhook{
    "find_webhook",
    "SELECT id, url, secret, statuses, airports, enabled, after, created_at FROM webhooks"
    " WHERE id = $1"};
constexpr pg_statement list_webhooks{
    "all_webhooks",
    "SELECT id, url, secret, statuses, airports, enabled, after, created_at FROM webhooks"
    " ORDER BY created_at, id"};
constexpr pg_statement change_webhook{
    "change_webhook",
    "UPDATE webhooks SET url = coalesce(($2)[1], url), statuses = coalesce(($3)[1], statuses),"
    " airports = coalesce(($4)[1], airports), enabled = coalesce(($5)[1], enabled),"
    " after = coalesce(($6)[1], after) WHERE id = $1"};
constexpr pg_statement remove_webhook{"remove_webhook",
                                      "DELETE FROM webhooks WHERE id = $1 RETURNING id"};

constexpr pg_statement ask_cursor{"webhook_cursor", "SELECT log_position FROM webhook_cursor"};

/// The cursor decides: of two who pass the same on, the second finds it moved.
constexpr pg_statement pass_events_on{
    "pass_events_on",
    "WITH moved AS (UPDATE webhook_cursor SET log_position = $2 WHERE log_position = $1"
    "  RETURNING only_row),"
    " added AS (INSERT INTO webhook_deliveries (webhook_id, log_position, ref_id, seq, dead,"
    "  attempts, due_since, next_attempt_at, last_error)"
    "  SELECT a.webhook_id, a.log_position, a.ref_id, a.seq, false, 0, $3, $3, ''"
    "  FROM unnest($4, $5, $6, $7) AS a (webhook_id, log_position, ref_id, seq)"
    "  WHERE (SELECT count(*) FROM moved) = 1"
    "  AND (SELECT w.id FROM webhooks AS w WHERE w.id = a.webhook_id COLLATE \"C\") IS NOT NULL)"
    " SELECT count(*) FROM moved"};

/// Who begins and who ends attempts of a webhook take turns, each statement behind this one seeing
/// what the last one did. Else a delivery could be put off for the sake of an earlier one that is
/// just about to be gone, and nobody would let it go then.
constexpr pg_statement take_turns{"take_turns_at_webhooks",
                                  "SELECT id FROM webhooks WHERE id COLLATE \"C\" = ANY ($1)"
                                  " ORDER BY id FOR NO KEY UPDATE"};

// Rows are looked up one after the other, in order, whatever the tables' sizes; see
// booking_writes.cpp. What is updated by its place is locked where it is looked up: else it could
// have moved, and the update would pass it over.

/// What is due and has to wait for an earlier one of its booking is put off until that is due, so
/// that it is not looked at again before. Of such, a claim looks at 200 beside those that it
/// begins: after an outage of the receiver they stand before all others.
constexpr pg_statement claim_deliveries{
    "claim_deliveries",
    "WITH looked_at AS MATERIALIZED (SELECT d.place, d.webhook_id, d.next_attempt_at,"
    "  d.log_position, wish.most,"
    "  (SELECT e.next_attempt_at FROM webhook_deliveries AS e WHERE e.webhook_id = d.webhook_id"
    "   AND e.ref_id = d.ref_id AND NOT e.dead AND e.log_position < d.log_position"
    "   ORDER BY e.log_position LIMIT 1) AS earlier"
    "  FROM unnest($1, $2) AS wish (webhook_id, most)"
    "  CROSS JOIN LATERAL (SELECT id FROM webhooks WHERE id = wish.webhook_id COLLATE \"C\""
    "   AND enabled LIMIT 1) AS w"
    "  CROSS JOIN LATERAL (SELECT ctid AS place, webhook_id, log_position, ref_id, next_attempt_at"
    "   FROM webhook_deliveries WHERE webhook_id = w.id AND NOT dead AND next_attempt_at <= $3"
    "   ORDER BY webhook_id, next_attempt_at, log_position LIMIT wish.most + 200) AS d"
    "  WHERE wish.most > 0),"
    " numbered AS (SELECT place, earlier, most, count(*) FILTER (WHERE earlier IS NULL)"
    "  OVER (PARTITION BY webhook_id ORDER BY next_attempt_at, log_position) AS number"
    "  FROM looked_at),"
    " due AS MATERIALIZED (SELECT place, earlier FROM numbered"
    "  WHERE earlier IS NOT NULL OR number <= most)"
    " UPDATE webhook_deliveries AS d SET"
    "  attempts = d.attempts + (due.earlier IS NULL)::int,"
    "  due_since = CASE WHEN d.attempts = 0 THEN $3 ELSE d.due_since - d.next_attempt_at"
    "   + CASE WHEN due.earlier IS NULL THEN $3"
    "     ELSE greatest(due.earlier, $3) + interval '1 second' END END,"
    "  next_attempt_at = CASE WHEN due.earlier IS NULL THEN $3 + $4 * interval '1 second'"
    "   ELSE greatest(due.earlier, $3) + interval '1 second' END"
    " FROM due WHERE d.ctid = due.place"
    " RETURNING d.webhook_id, d.log_position, d.ref_id, d.seq, d.dead, d.attempts, d.due_since,"
    "  d.next_attempt_at, d.last_error, due.earlier IS NULL"};

constexpr pg_statement drop_arrived{
    "drop_arrived_deliveries",
    "DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY("
    " SELECT (SELECT d.ctid FROM webhook_deliveries AS d"
    "         WHERE d.webhook_id = a.webhook_id COLLATE \"C\" AND d.log_position = a.log_position)"
    " FROM unnest($1, $2) AS a (webhook_id, log_position)))"};
constexpr pg_statement note_failed{
    "note_failed_deliveries",
    "UPDATE webhook_deliveries AS d SET last_error = a.error, dead = a.dead,"
    " next_attempt_at = CASE WHEN a.dead THEN $8 ELSE a.next_attempt_at END,"
    " due_since = coalesce(a.due_since, d.due_since)"
    " FROM unnest($1, $2, $3, $4, $5, $6, $7)"
    "  AS a (webhook_id, log_position, attempt, dead, error, next_attempt_at, due_since)"
    " CROSS JOIN LATERAL (SELECT ctid AS place FROM webhook_deliveries AS f"
    "  WHERE f.webhook_id = a.webhook_id COLLATE \"C\" AND f.log_position = a.log_position"
    "  AND NOT f.dead AND f.attempts = a.attempt LIMIT 1 FOR UPDATE) AS found"
    " WHERE d.ctid = found.place"};
/// Comes before those that take deliveries out of the line, while it can be seen which of them are
/// pending: only such an end lets the next one go. Behind one that was over already, the next may
/// be under way.
constexpr pg_statement let_next_go{
    "let_next_deliveries_go",
    "UPDATE webhook_deliveries AS d SET next_attempt_at = least(d.next_attempt_at, $4)"
    " FROM unnest($1, $2, $3) AS a (webhook_id, log_position, attempt)"
    " CROSS JOIN LATERAL (SELECT webhook_id, ref_id, log_position FROM webhook_deliveries AS f"
    "  WHERE f.webhook_id = a.webhook_id COLLATE \"C\" AND f.log_position = a.log_position"
    "  AND NOT f.dead AND f.attempts = coalesce(a.attempt, f.attempts) LIMIT 1) AS ended"
    " CROSS JOIN LATERAL (SELECT ctid AS place FROM webhook_deliveries AS n"
    "  WHERE n.webhook_id = ended.webhook_id AND n.ref_id = ended.ref_id AND NOT n.dead"
    "  AND n.log_position > ended.log_position"
    "  ORDER BY n.webhook_id, n.ref_id, n.log_position LIMIT 1 FOR UPDATE) AS next"
    " WHERE d.ctid = next.place"};

constexpr pg_statement list_dead{
    "dead_deliveries",
    "SELECT webhook_id, log_position, ref_id, seq, dead, attempts, due_since, next_attempt_at,"
    " last_error FROM webhook_deliveries WHERE webhook_id = $1 AND log_position > $2 AND dead"
    " ORDER BY webhook_id, log_position LIMIT $3"};
constexpr pg_statement list_pending{
    "pending_deliveries",
    "SELECT webhook_id, log_position, ref_id, seq, dead, attempts, due_since, next_attempt_at,"
    " last_error FROM webhook_deliveries WHERE webhook_id = $1 AND log_position > $2 AND NOT dead"
    " ORDER BY webhook_id, log_position LIMIT $3"};
constexpr pg_statement places_of_dead{
    "places_of_dead_deliveries",
    "SELECT log_position FROM webhook_deliveries WHERE webhook_id = $1 AND dead"
    " ORDER BY webhook_id, log_position"};
// Of each webhook few are asked for. The index of all that were given up would be read from end to
// end for them, which it can not be where `dead` is compared as a number.
constexpr pg_statement places_of_some_dead{
    "places_of_some_dead_deliveries",
    "SELECT log_position FROM webhook_deliveries WHERE webhook_id = $1 AND dead::integer = 1"
    " AND log_position = ANY ($2)"};
constexpr pg_statement revive{
    "revive_deliveries",
    "UPDATE webhook_deliveries SET dead = false, attempts = 0, due_since = $2, next_attempt_at = $2"
    " WHERE webhook_id = $1 AND dead::integer = 1 AND log_position = ANY ($3)"
    " RETURNING log_position"};

constexpr pg_statement drop_dead{
    "forget_dead_deliveries",
    "WITH gone AS (DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY("
    "  SELECT ctid FROM webhook_deliveries WHERE dead AND next_attempt_at < $1"
    "  ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING log_position)"
    " SELECT count(*) FROM gone"};

[[nodiscard]] std::int64_t number_of(log_position p) { return static_cast<std::int64_t>(p); }

[[nodiscard]] result<webhook> read_webhook(pg_rows const& rows, int row)
{
    pg_row_reader r(rows, row);
    webhook w;
    w.id = r.text();
    w.url = r.text();
    w.secret = r.text();
    auto statuses = values_of<booking_status>(r.text(), parse_booking_status);
    auto airports = values_of<airport_code>(r.text(), airport_code::parse);
    w.enabled = r.integer() != 0;
    w.after = static_cast<log_position>(r.integer());
    w.created_at = r.time();
    if (!r.ok() || !statuses || !airports) return damaged("webhooks");
    w.statuses = *std::move(statuses);
    w.airports = *std::move(airports);
    return w;
}

[[nodiscard]] result<webhook_delivery> read_delivery(pg_rows const& rows, int row)
{
    pg_row_reader r(rows, row);
    std::string id(r.text());
    auto const position = static_cast<log_position>(r.integer());
    auto const ref = r.parsed<booking_ref>();
    if (!r.ok()) return damaged("webhook_deliveries");
    webhook_delivery d{std::move(id), position, *ref};
    d.seq = r.integer();
    d.state = r.integer() != 0 ? delivery_state::dead : delivery_state::pending;
    d.attempts = static_cast<int>(r.integer());
    d.due_since = r.time();
    d.next_attempt_at = r.time();
    d.last_error = r.text();
    if (!r.ok()) return damaged("webhook_deliveries");
    return d;
}

[[nodiscard]] result<webhook> read_one(pg_rows const& rows)
{
    if (rows.size() == 0) return webhook_not_found();
    return read_webhook(rows, 0);
}

[[nodiscard]] pg_call find_call(std::string const& id)
{
    return {find_webhook, std::move(pg_parameters().value(id))};
}

/// Ends of attempts by what they ask for.
struct sorted_ends {
    std::vector<attempt_end const*> arrived;
    std::vector<attempt_end const*> failed;
    std::vector<attempt_end const*> let_next_go;  ///< those that are out of the line

    explicit sorted_ends(std::span<attempt_end const> ends)
    {
        for (auto const& end : ends) {
            bool const has_arrived = end.how == attempt_end::kind::arrived;
            (has_arrived ? arrived : failed).push_back(&end);
            if (end.how != attempt_end::kind::failed) let_next_go.push_back(&end);
        }
    }
};

constexpr auto id_of = [](auto const* end) { return std::string_view(end->webhook_id); };
constexpr auto place_of = [](auto const* end) { return number_of(end->position); };

/// Whichever attempt it was that arrived; one that was given up has to be the last.
[[nodiscard]] pg_call next_call(std::vector<attempt_end const*> const& ends, utc_time now)
{
    pg_parameters p;
    p.column(ends, id_of)
        .column(ends, place_of)
        .column(ends,
                [](auto const* e) {
                    return e->how == attempt_end::kind::arrived
                               ? std::optional<std::int64_t>()
                               : std::optional<std::int64_t>(e->attempt);
                })
        .value(now);
    return {let_next_go, std::move(p)};
}

[[nodiscard]] pg_call note_call(std::vector<attempt_end const*> const& failed, utc_time now)
{
    pg_parameters p;
    p.column(failed, id_of)
        .column(failed, place_of)
        .column(failed, [](auto const* e) { return static_cast<std::int32_t>(e->attempt); })
        .column(failed, [](auto const* e) { return e->how == attempt_end::kind::failed_for_good; })
        .column(failed, [](auto const* e) { return std::string_view(e->error); })
        .column(failed, [](auto const* e) { return e->next_attempt_at; })
        .column(failed, [](auto const* e) { return e->due_since; })
        .value(now);
    return {note_failed, std::move(p)};
}

}  // namespace

result<void> postgres_webhook_store::add(webhook const& w)
{
    pg_parameters all;
    all.value(w.id)
        .value(w.url)
        .value(w.secret)
        .value(list_of(w.statuses))
        .value(list_of(w.airports))
        .value(w.enabled)
        .value(number_of(w.after))
        .value(w.created_at);
    std::vector<pg_call> const calls{{add_webhook, std::move(all)}, find_call(w.id)};
    auto const answers = db_->in().change(calls);
    if (answers.has_error()) return answers.error();
    auto const present = read_one(answers->back());
    if (present.has_error()) return present.error();
    if (*present == w) return {};
    return refuse(errc::already_exists, "there is such a webhook already");
}

result<webhook> postgres_webhook_store::find(std::string const& id)
{
    auto const rows = db_->in().read(find_webhook, std::move(pg_parameters().value(id)));
    if (rows.has_error()) return rows.error();
    return read_one(*rows);
}

result<std::vector<webhook>> postgres_webhook_store::list()
{
    auto const rows = db_->in().read(list_webhooks);
    if (rows.has_error()) return rows.error();
    std::vector<webhook> out;
    for (int row = 0; row < rows->size(); ++row) {
        auto w = read_webhook(*rows, row);
        if (w.has_error()) return w.error();
        out.push_back(*std::move(w));
    }
    return out;
}

result<webhook> postgres_webhook_store::change(std::string const& id, webhook_change const& what)
{
    pg_parameters p;
    p.value(id);
    // An array of one, since only in arrays there are nulls.
    auto const add = [&](auto const& value) {
        p.column(std::array{value}, [](auto const& v) { return v; });
    };
    add(what.url);
    add(what.statuses ? std::optional(list_of(*what.statuses)) : std::nullopt);
    add(what.airports ? std::optional(list_of(*what.airports)) : std::nullopt);
    add(what.enabled);
    add(what.after ? std::optional(number_of(*what.after)) : std::nullopt);
    std::vector<pg_call> const calls{{change_webhook, std::move(p)}, find_call(id)};
    auto const answers = db_->in().change(calls);
    if (answers.has_error()) return answers.error();
    return read_one(answers->back());
}

result<void> postgres_webhook_store::remove(std::string const& id)
{
    auto const looked_up = find_call(id);
    auto const present = db_->in().change({&looked_up, 1});
    if (present.has_error()) return present.error();
    if (present->front().size() == 0) return webhook_not_found();
    bool repeated = false;
    auto const rows =
        db_->in().change(remove_webhook, std::move(pg_parameters().value(id)), &repeated);
    if (rows.has_error()) return rows.error();
    bool const by_somebody_else = rows->size() == 0 && !repeated;
    return by_somebody_else ? result<void>(webhook_not_found()) : result<void>();
}

result<log_position> postgres_webhook_store::cursor()
{
    auto const rows = db_->in().read(ask_cursor);
    if (rows.has_error()) return rows.error();
    if (rows->size() != 1) return damaged("webhook_cursor");
    return static_cast<log_position>(rows->integer(0, 0));
}

result<bool> postgres_webhook_store::pass_on(log_position from, log_position to,
                                             std::span<new_delivery const> added, utc_time now)
{
    pg_parameters p;
    p.value(number_of(from))
        .value(number_of(to))
        .value(now)
        .column(added, [](auto const& a) { return std::string_view(a.webhook_id); })
        .column(added, [](auto const& a) { return number_of(a.position); })
        .column(added, [](auto const& a) { return a.ref.str(); })
        .column(added, [](auto const& a) { return a.seq; });
    auto const rows = db_->in().read(pass_events_on, std::move(p));
    if (rows.has_error()) return rows.error();
    return rows->integer(0, 0) == 1;
}

result<std::vector<webhook_delivery>> postgres_webhook_store::claim(
    std::span<claim_wish const> wishes, utc_time now, std::chrono::seconds lease)
{
    constexpr int begun_column = 9;
    std::vector<webhook_delivery> out;
    if (wishes.empty()) return out;
    pg_parameters p;
    p.column(wishes, [](auto const& w) { return std::string_view(w.webhook_id); })
        .column(wishes, [](auto const& w) { return static_cast<std::int64_t>(w.limit); })
        .value(now)
        .value(static_cast<std::int64_t>(lease.count()));
    std::vector<pg_call> const calls{
        {take_turns, std::move(pg_parameters().column(
                         wishes, [](auto const& w) { return std::string_view(w.webhook_id); }))},
        {claim_deliveries, std::move(p)}};
    auto const answers = db_->in().read(calls);
    if (answers.has_error()) return answers.error();
    auto const& rows = answers->back();
    for (int row = 0; row < rows.size(); ++row) {
        if (rows.integer(row, begun_column) == 0) continue;
        auto d = read_delivery(rows, row);
        if (d.has_error()) return d.error();
        out.push_back(*std::move(d));
    }
    return out;
}

result<void> postgres_webhook_store::end_attempts(std::span<attempt_end const> ends, utc_time now)
{
    if (ends.empty()) return {};
    sorted_ends const by_kind(ends);
    std::vector<pg_call> calls{
        {take_turns, std::move(pg_parameters().column(
                         ends, [](auto const& e) { return std::string_view(e.webhook_id); }))}};
    if (!by_kind.let_next_go.empty()) calls.push_back(next_call(by_kind.let_next_go, now));
    if (!by_kind.arrived.empty()) {
        calls.push_back({drop_arrived, std::move(pg_parameters()
                                                     .column(by_kind.arrived, id_of)
                                                     .column(by_kind.arrived, place_of))});
    }
    if (!by_kind.failed.empty()) calls.push_back(note_call(by_kind.failed, now));
    auto const done = db_->in().read(calls);
    if (done.has_error()) return done.error();
    return {};
}

result<std::vector<webhook_delivery>> postgres_webhook_store::deliveries(
    delivery_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const list = query.state == delivery_state::dead ? list_dead : list_pending;
    pg_parameters p;
    p.value(query.webhook_id)
        .value(number_of(query.after))
        .value(static_cast<std::int64_t>(query.page_size));
    std::vector<pg_call> const calls{{list, std::move(p)}, find_call(query.webhook_id)};
    auto const answers = db_->in().read(calls);
    if (answers.has_error()) return answers.error();
    if (answers->back().size() == 0) return webhook_not_found();
    auto const& rows = answers->front();
    std::vector<webhook_delivery> out;
    for (int row = 0; row < rows.size(); ++row) {
        auto d = read_delivery(rows, row);
        if (d.has_error()) return d.error();
        out.push_back(*std::move(d));
    }
    return out;
}

result<std::size_t> postgres_webhook_store::redeliver(
    std::string const& id, std::optional<std::vector<log_position>> const& which, utc_time now)
{
    pg_parameters asked;
    asked.value(id);
    if (which) asked.column(*which, number_of);
    std::vector<pg_call> const calls{
        {which ? places_of_some_dead : places_of_dead, std::move(asked)}, find_call(id)};
    auto const answers = db_->in().change(calls);
    if (answers.has_error()) return answers.error();
    if (answers->back().size() == 0) return webhook_not_found();
    std::vector<std::int64_t> dead;
    for (int row = 0; row < answers->front().size(); ++row)
        dead.push_back(answers->front().integer(row, 0));
    if (dead.empty()) return std::size_t{0};

    pg_parameters p;
    p.value(id).value(now).column(dead, [](auto place) { return place; });
    bool repeated = false;
    auto const revived = db_->in().change(revive, std::move(p), &repeated);
    if (revived.has_error()) return revived.error();
    return repeated ? dead.size() : static_cast<std::size_t>(revived->size());
}

result<std::size_t> postgres_webhook_store::forget_dead(utc_time before, std::size_t most)
{
    pg_parameters p;
    p.value(before).value(static_cast<std::int64_t>(most));
    auto const rows = db_->in().change(drop_dead, std::move(p));
    if (rows.has_error()) return rows.error();
    return static_cast<std::size_t>(rows->integer(0, 0));
}

}  // namespace aircargo
