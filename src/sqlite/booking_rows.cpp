#include "sqlite/booking_rows.hpp"
#include <algorithm>
#include <optional>
#include <utility>

namespace aircargo::detail {
namespace {

constexpr std::string_view event_columns =
    "e.seq, e.event_type, e.previous_status, e.new_status, e.location, e.flight_id, "
    "e.flight_number, e.off_plan, e.notes, e.actor, e.request_id, e.created_at";
constexpr std::string_view log_columns =
    ", e.log_position, b.ref_id, b.origin, b.destination"
    " FROM booking_events AS e CROSS JOIN bookings AS b ON b.id = e.booking_id";

[[nodiscard]] std::string operator+(std::string left, std::string_view right)
{
    return left.append(right);
}

[[nodiscard]] std::optional<airport_code> read_place(sqlite_statement const& s, int column)
{
    auto const code = airport_code::parse(s.text(column));
    return code ? std::optional(*code) : std::nullopt;
}

[[nodiscard]] result<event> read_event(sqlite_statement const& s)
{
    auto const type = parse_event_type(s.text(1));
    auto const previous = parse_booking_status(s.text(2));
    auto const status = parse_booking_status(s.text(3));
    if (!type || !previous || !status) return damaged_row("booking_events");
    event e;
    e.seq = s.integer(0);
    e.type = *type;
    e.previous = *previous;
    e.status = *status;
    e.location = read_place(s, 4);
    if (!s.is_null(5)) {
        auto const number = flight_number::parse(s.text(6));
        if (!number) return damaged_row("booking_events");
        e.flight = event::flight_mark{static_cast<flight_id>(s.integer(5)), *number};
    }
    e.off_plan = s.integer(7) != 0;
    e.notes = s.text(8);
    e.actor = s.text(9);
    e.request_id = s.text(10);
    e.created_at = from_epoch(s.integer(11));
    return e;
}

[[nodiscard]] result<logged_event> read_logged_event(sqlite_statement const& s)
{
    constexpr int behind_event = 12;
    auto fact = read_event(s);
    if (fact.has_error()) return fact.error();
    auto const ref = booking_ref::parse(s.text(behind_event + 1));
    auto const origin = airport_code::parse(s.text(behind_event + 2));
    auto const destination = airport_code::parse(s.text(behind_event + 3));
    if (!ref || !origin || !destination) return damaged_row("bookings");
    return logged_event{static_cast<log_position>(s.integer(behind_event)), *ref, *origin,
                        *destination, *std::move(fact)};
}

[[nodiscard]] result<leg> read_leg(sqlite_statement const& s)
{
    auto const number = flight_number::parse(s.text(1));
    auto const origin = airport_code::parse(s.text(2));
    auto const destination = airport_code::parse(s.text(3));
    if (!number || !origin || !destination) return damaged_row("booking_legs");
    return leg{static_cast<flight_id>(s.integer(0)),
               *number,
               *origin,
               *destination,
               from_epoch(s.integer(4)),
               from_epoch(s.integer(5))};
}

}  // namespace

error damaged_row(std::string_view what)
{
    return refuse(errc::backend_down, std::string("the database holds a damaged row: ") + what);
}

booking_rows::booking_rows(sqlite_connection& connection)
    : connection_(connection),
      by_ref_(connection,
              std::string("SELECT ") + booking_columns + " FROM bookings WHERE ref_id = ?"),
      by_id_(connection, std::string("SELECT ") + booking_columns + " FROM bookings WHERE id = ?"),
      legs_(connection,
            "SELECT flight_id, flight_number, origin, destination, departure_datetime, "
            "arrival_datetime "
            "FROM booking_legs WHERE booking_id = ? ORDER BY leg_no"),
      events_by_ref_(connection, std::string("SELECT ") + event_columns +
                                     " FROM booking_events AS e WHERE booking_id ="
                                     " (SELECT id FROM bookings WHERE ref_id = ?) ORDER BY seq"),
      events_by_id_(connection,
                    std::string("SELECT ") + event_columns +
                        " FROM booking_events AS e WHERE booking_id = ? AND seq <= ? ORDER BY seq"),
      log_end_(connection, "SELECT coalesce(max(log_position), 0) FROM booking_events"),
      log_(connection, std::string("SELECT ") + event_columns + log_columns +
                           " WHERE e.log_position > ? ORDER BY e.log_position LIMIT ?"),
      // Within a booking, places follow seq.
      log_of_(connection, std::string("SELECT ") + event_columns + log_columns +
                              " WHERE e.booking_id = (SELECT id FROM bookings WHERE ref_id = ?)"
                              " AND e.log_position > ? ORDER BY e.seq LIMIT ?")
{}

result<booking_rows::row> booking_rows::read_booking(sqlite_statement& s)
{
    auto const ref = booking_ref::parse(s.text(1));
    auto const origin = airport_code::parse(s.text(2));
    auto const destination = airport_code::parse(s.text(3));
    auto const gross = weight::from_grams(s.integer(5));
    auto const status = parse_booking_status(s.text(7));
    if (!ref || !origin || !destination || !gross || !status) return damaged_row("bookings");

    row r{
        s.integer(0),
        {.terms = {*ref, *origin, *destination, static_cast<std::int32_t>(s.integer(4)), *gross}}};
    r.now.status = *status;
    r.now.at = read_place(s, 8);
    r.now.next_leg = static_cast<std::size_t>(s.integer(9));
    r.now.misrouted = s.integer(10) != 0;
    r.now.created_at = from_epoch(s.integer(11));
    r.now.updated_at = from_epoch(s.integer(12));
    r.now.revision = s.integer(13);
    if (auto const legs = read_legs(r, s.integer(6)); legs.has_error()) return legs.error();
    return r;
}

result<void> booking_rows::read_legs(row& r, std::int64_t count)
{
    if (count == 0) return {};
    legs_.bind(r.id);
    while (legs_.next()) {
        auto l = read_leg(legs_);
        if (l.has_error()) return l.error();
        r.now.terms.legs.push_back(*std::move(l));
    }
    if (!legs_.ok()) return connection_.failure();
    if (std::cmp_not_equal(r.now.terms.legs.size(), count)) return damaged_row("booking_legs");
    return {};
}

result<booking_rows::row> booking_rows::find(booking_ref const& ref)
{
    by_ref_.bind(ref.str());
    if (!by_ref_.next()) return by_ref_.ok() ? booking_not_found(ref) : connection_.failure();
    auto found = read_booking(by_ref_);
    by_ref_.reset();
    return found;
}

result<booking_rows::row> booking_rows::find(std::int64_t id)
{
    by_id_.bind(id);
    if (!by_id_.next()) return by_id_.ok() ? damaged_row("idempotency") : connection_.failure();
    auto found = read_booking(by_id_);
    by_id_.reset();
    return found;
}

result<std::vector<event>> booking_rows::read_events(sqlite_statement& events)
{
    std::vector<event> history;
    while (events.next()) {
        auto e = read_event(events);
        if (e.has_error()) {
            events.reset();
            return e.error();
        }
        history.push_back(*std::move(e));
    }
    if (!events.ok()) return connection_.failure();
    return history;
}

result<std::vector<event>> booking_rows::history(booking_ref const& ref)
{
    events_by_ref_.bind(ref.str());
    auto history = read_events(events_by_ref_);
    if (history.has_value() && history->empty()) return booking_not_found(ref);
    return history;
}

result<std::vector<event>> booking_rows::history(std::int64_t id, std::int64_t last)
{
    events_by_id_.bind(id, last);
    return read_events(events_by_id_);
}

result<log_position> booking_rows::log_end()
{
    log_end_.bind();
    if (!log_end_.next()) return connection_.failure();
    auto const last = static_cast<log_position>(log_end_.integer(0));
    log_end_.reset();
    return last;
}

result<std::vector<logged_event>> booking_rows::read_log(sqlite_statement& events)
{
    std::vector<logged_event> out;
    while (events.next()) {
        auto e = read_logged_event(events);
        if (e.has_error()) {
            events.reset();
            return e.error();
        }
        out.push_back(*std::move(e));
    }
    if (!events.ok()) return connection_.failure();
    return out;
}

result<log_page> booking_rows::log_after(log_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const last = log_end();
    if (last.has_error()) return last.error();
    auto const after = static_cast<std::int64_t>(query.after);
    auto& statement = query.of ? log_of_ : log_;
    if (query.of) {
        statement.bind(query.of->str(), after, query.limit);
    } else {
        statement.bind(after, query.limit);
    }
    auto events = read_log(statement);
    if (events.has_error()) return events.error();
    return log_page{*std::move(events), std::max(query.after, *last), *last};
}

}  // namespace aircargo::detail
