#include "sqlite/booking_rows.hpp"
#include <limits>
#include <optional>
#include <utility>

namespace aircargo::detail {
namespace {

constexpr std::string_view booking_columns =
    "id, ref_id, origin, destination, pieces, weight_grams, leg_count, status, location, next_leg, "
    "misrouted, "
    "created_at, updated_at, revision";
constexpr std::string_view event_columns =
    "seq, event_type, previous_status, new_status, location, flight_id, flight_number, off_plan, "
    "notes, actor, "
    "request_id, created_at";

[[nodiscard]] std::string operator+(std::string left, std::string_view right)
{
    return left.append(right);
}

/// The rows were checked when they were written, so what can not be read was damaged from outside.
[[nodiscard]] error damaged(std::string_view what)
{
    return refuse(errc::backend_down, std::string("the database holds a damaged row: ") + what);
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
    if (!type || !previous || !status) return damaged("booking_events");
    event e;
    e.seq = s.integer(0);
    e.type = *type;
    e.previous = *previous;
    e.status = *status;
    e.location = read_place(s, 4);
    if (!s.is_null(5)) {
        auto const number = flight_number::parse(s.text(6));
        if (!number) return damaged("booking_events");
        e.flight = event::flight_mark{static_cast<flight_id>(s.integer(5)), *number};
    }
    e.off_plan = s.integer(7) != 0;
    e.notes = s.text(8);
    e.actor = s.text(9);
    e.request_id = s.text(10);
    e.created_at = from_epoch(s.integer(11));
    return e;
}

[[nodiscard]] result<leg> read_leg(sqlite_statement const& s)
{
    auto const number = flight_number::parse(s.text(1));
    auto const origin = airport_code::parse(s.text(2));
    auto const destination = airport_code::parse(s.text(3));
    if (!number || !origin || !destination) return damaged("booking_legs");
    return leg{static_cast<flight_id>(s.integer(0)),
               *number,
               *origin,
               *destination,
               from_epoch(s.integer(4)),
               from_epoch(s.integer(5))};
}

/// The conditions of a query as SQL, with the values to bind; the text holds no value.
struct conditions {
    std::string where = " WHERE 1";
    std::vector<std::string> texts;
    std::vector<std::int64_t> numbers;

    void text(std::string_view condition, std::string_view value)
    {
        where.append(condition);
        texts.emplace_back(value);
    }
    void number(std::string_view condition, std::int64_t value)
    {
        where.append(condition);
        numbers.push_back(value);
    }
    /// Texts stand before numbers in the statement.
    [[nodiscard]] int bind(sqlite_statement& s) const
    {
        int index = 0;
        for (auto const& t : texts) s.bind_at(++index, t);
        for (auto n : numbers) s.bind_at(++index, n);
        return index;
    }
};

[[nodiscard]] conditions filters_of(booking_query const& query)
{
    conditions c;
    if (query.status) c.text(" AND status = ?", name_of(*query.status));
    if (query.origin) c.text(" AND origin = ?", query.origin->str());
    if (query.destination) c.text(" AND destination = ?", query.destination->str());
    if (query.created_from) c.number(" AND created_at >= ?", to_epoch(*query.created_from));
    if (query.created_to) c.number(" AND created_at < ?", to_epoch(*query.created_to));
    return c;
}

}  // namespace

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
                                     " FROM booking_events WHERE booking_id ="
                                     " (SELECT id FROM bookings WHERE ref_id = ?) ORDER BY seq"),
      events_by_id_(connection,
                    std::string("SELECT ") + event_columns +
                        " FROM booking_events WHERE booking_id = ? AND seq <= ? ORDER BY seq")
{}

result<booking_rows::row> booking_rows::read_booking(sqlite_statement& s)
{
    auto const ref = booking_ref::parse(s.text(1));
    auto const origin = airport_code::parse(s.text(2));
    auto const destination = airport_code::parse(s.text(3));
    auto const gross = weight::from_grams(s.integer(5));
    auto const status = parse_booking_status(s.text(7));
    if (!ref || !origin || !destination || !gross || !status) return damaged("bookings");

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
    if (std::cmp_not_equal(r.now.terms.legs.size(), count)) return damaged("booking_legs");
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
    if (!by_id_.next()) return by_id_.ok() ? damaged("idempotency") : connection_.failure();
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

result<booking_page> booking_rows::list(booking_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const before = list_position(query);
    if (before.has_error()) return before.error();
    auto const filters = filters_of(query);

    booking_page page;
    if (query.count_total) {
        sqlite_statement count(connection_, "SELECT count(*) FROM bookings" + filters.where);
        (void)filters.bind(count);
        if (!count.next()) return connection_.failure();
        page.total = static_cast<std::size_t>(count.integer(0));
        count.reset();
    }

    // One row more than asked for tells whether there is a next page.
    sqlite_statement rows(connection_, std::string("SELECT ") + booking_columns + " FROM bookings" +
                                           filters.where +
                                           " AND id < ? ORDER BY id DESC LIMIT ? OFFSET ?");
    int const bound = filters.bind(rows);
    rows.bind_at(bound + 1, *before);
    rows.bind_at(bound + 2, query.page_size + 1);
    rows.bind_at(bound + 3, skipped_by(query));
    std::int64_t last = 0;
    while (rows.next()) {
        if (page.items.size() == query.page_size) {
            page.next_cursor = std::to_string(last);
            rows.reset();
            return page;
        }
        auto r = read_booking(rows);
        if (r.has_error()) return r.error();
        last = r->id;
        page.items.push_back(std::move(r->now));
    }
    if (!rows.ok()) return connection_.failure();
    return page;
}

}  // namespace aircargo::detail
