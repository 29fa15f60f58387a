#include "postgres/booking_figures.hpp"
#include "postgres/booking_rows.hpp"
#include <utility>
#include <vector>

namespace aircargo::detail {
namespace {

/// Goes through the bookings once and adds them up three ways: by day, by lane and by status. Of
/// the columns that name what a row is about, the others are null. The row without any name is
/// about transits: how many were read, and their seconds. Each so-many-th is, by the number that
/// the database gave the booking.
constexpr std::string_view figures_sql =
    "WITH looked_at AS (SELECT (created_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01' AS day,"
    "  origin, destination, status, weight_kg FROM bookings"
    "  WHERE created_at >= $1 AND created_at < $2 LIMIT $3),"
    " sums AS MATERIALIZED (SELECT day, origin, destination, status, count(*) AS bookings,"
    "  (sum(weight_kg) * 1000)::bigint AS grams FROM looked_at"
    "  GROUP BY GROUPING SETS ((day), (origin, destination), (status))),"
    " step AS MATERIALIZED (SELECT greatest(1, (coalesce(sum(bookings), 0)::bigint + $5 - 1) / $5)"
    "  AS n FROM sums WHERE status IN ('ARRIVED', 'DELIVERED'))"
    " (SELECT day::bigint, origin, destination, status, bookings, grams FROM sums"
    "  WHERE origin IS NULL ORDER BY day)"
    " UNION ALL"
    " (SELECT day::bigint, origin, destination, status, bookings, grams FROM sums"
    "  WHERE origin IS NOT NULL ORDER BY bookings DESC, origin, destination LIMIT $4)"
    " UNION ALL"
    " (SELECT NULL, NULL, NULL, NULL, count(*),"
    "  coalesce(sum(extract(epoch FROM a.created_at - d.created_at)), 0)::bigint"
    "  FROM step CROSS JOIN LATERAL (SELECT id FROM bookings WHERE status IN ('ARRIVED', "
    "'DELIVERED')"
    "   AND created_at >= $1 AND created_at < $2 AND id % step.n = 0 OFFSET 0) AS b"
    "  CROSS JOIN LATERAL (SELECT created_at FROM booking_events WHERE booking_id = b.id"
    "   AND event_type = 'DEPARTED' ORDER BY seq LIMIT 1) AS d"
    "  CROSS JOIN LATERAL (SELECT created_at FROM booking_events WHERE booking_id = b.id"
    "   AND new_status = 'ARRIVED' ORDER BY seq LIMIT 1) AS a)";

enum column { day, origin, destination, status, bookings, grams_or_seconds };

/// Puts a row where it belongs. \return whether it could be read
[[nodiscard]] bool take(booking_figures& figures, pg_rows const& rows, int row)
{
    booking_sum const sum{static_cast<std::uint64_t>(rows.integer(row, bookings)),
                          rows.integer(row, grams_or_seconds)};
    if (!rows.is_null(row, day)) {
        std::chrono::sys_days const when{std::chrono::days(rows.integer(row, day))};
        figures.days.push_back({date(when), sum});
        return true;
    }
    if (!rows.is_null(row, status)) {
        auto const which = parse_booking_status(rows.text(row, status));
        if (which) figures.by_status[static_cast<std::size_t>(*which)] = sum.bookings;
        return which.has_value();
    }
    if (rows.is_null(row, origin)) {
        figures.transit.read = sum.bookings;
        if (sum.bookings > 0)
            figures.transit.mean =
                std::chrono::seconds(sum.grams / static_cast<std::int64_t>(sum.bookings));
        return true;
    }
    auto const from = airport_code::parse(rows.text(row, origin));
    auto const to = airport_code::parse(rows.text(row, destination));
    if (from && to) figures.lanes.push_back({*from, *to, sum});
    return from && to;
}

}  // namespace

result<booking_figures> sum_up_bookings(postgres_database::state& db, figures_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const number = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    std::vector const calls{pg_call{{"figures", figures_sql},
                                    std::move(pg_parameters()
                                                  .value(query.from)
                                                  .value(query.to)
                                                  .value(number(query.bookings_up_to + 1))
                                                  .value(number(query.lanes))
                                                  .value(number(query.transits_up_to)))}};
    auto const answers = db.read_list(calls);
    if (answers.has_error()) return answers.error();
    auto const& rows = answers->front();
    booking_figures figures;
    for (int row = 0; row < rows.size(); ++row) {
        if (!take(figures, rows, row)) return damaged("bookings");
    }
    std::uint64_t all = 0;
    for (auto n : figures.by_status) all += n;
    if (all > query.bookings_up_to) return too_many_bookings(query);
    figures.transit.arrived = figures.arrived();
    return figures;
}

}  // namespace aircargo::detail
