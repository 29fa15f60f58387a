#include "sqlite/booking_figures.hpp"
#include "sqlite/booking_rows.hpp"
#include <cstdint>

namespace aircargo::detail {
namespace {

/// Added up here: SQLite would sort all rows to group them, which takes four times as long.
[[nodiscard]] result<void> read_sums(sqlite_connection& connection, figures_query const& query,
                                     figures_sum& sums)
{
    sqlite_statement rows(connection,
                          "SELECT created_at, origin, destination, weight_grams, status"
                          " FROM bookings WHERE created_at >= ? AND created_at < ? LIMIT ?");
    rows.bind(to_epoch(query.from), to_epoch(query.to), query.bookings_up_to + 1);
    for (std::uint64_t read = 0; rows.next(); ++read) {
        if (read == query.bookings_up_to) {
            rows.reset();
            return too_many_bookings(query);
        }
        auto const origin = airport_code::parse(rows.text(1));
        auto const destination = airport_code::parse(rows.text(2));
        auto const status = parse_booking_status(rows.text(4));
        if (!origin || !destination || !status) {
            rows.reset();
            return damaged_row("bookings");
        }
        sums.add(from_epoch(rows.integer(0)), *origin, *destination, rows.integer(3), *status);
    }
    if (!rows.ok()) return connection.failure();
    return {};
}

/// Of the bookings that arrived at their destination each so-many-th, by the number that the
/// database gave it.
[[nodiscard]] result<void> read_transits(sqlite_connection& connection, figures_query const& query,
                                         figures_sum& sums)
{
    sqlite_statement rows(connection,
                          "SELECT (SELECT created_at FROM booking_events WHERE booking_id = b.id"
                          "  AND new_status = 'ARRIVED' ORDER BY seq LIMIT 1)"
                          " - (SELECT created_at FROM booking_events WHERE booking_id = b.id"
                          "  AND event_type = 'DEPARTED' ORDER BY seq LIMIT 1)"
                          " FROM bookings AS b WHERE b.status IN ('ARRIVED', 'DELIVERED')"
                          " AND b.created_at >= ? AND b.created_at < ? AND b.id % ? = 0");
    rows.bind(to_epoch(query.from), to_epoch(query.to), transit_step(query, sums.arrived()));
    while (rows.next()) {
        if (rows.is_null(0)) {
            rows.reset();
            return damaged_row("booking_events");
        }
        sums.add_transit(std::chrono::seconds(rows.integer(0)));
    }
    if (!rows.ok()) return connection.failure();
    return {};
}

}  // namespace

result<booking_figures> sum_up_bookings(sqlite_connection& connection, figures_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    figures_sum sums;
    if (auto const done = read_sums(connection, query, sums); done.has_error()) return done.error();
    if (auto const done = read_transits(connection, query, sums); done.has_error())
        return done.error();
    return sums.finish(query);
}

}  // namespace aircargo::detail
