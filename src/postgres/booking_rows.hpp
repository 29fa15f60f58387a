#pragma once

#include "postgres/database.hpp"
#include <aircargo/booking/booking.hpp>
#include <aircargo/store/booking_store.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// Reads bookings and events. Each function is one round trip.
namespace aircargo::detail {

/// What can not be read was damaged from outside: rows were checked when they were written.
[[nodiscard]] error damaged(std::string_view table);

/// What follows is joined to the bookings `b` that a statement found: their legs, and the columns
/// that `read_booking` reads. No two servers may compare texts differently, hence COLLATE "C".
constexpr char const* booking_columns =
    "b.id, b.ref_id, b.origin, b.destination, b.pieces, (nullif(b.weight_kg, 'NaN') * "
    "1000)::bigint, b.status, "
    "b.location, b.next_leg, b.misrouted, b.created_at, b.updated_at, b.revision, "
    "cardinality(b.flight_ids), l.flight_id, l.flight_number, l.origin, l.destination, "
    "l.departure_datetime, l.arrival_datetime";
constexpr char const* with_legs =
    " LEFT JOIN LATERAL (SELECT * FROM booking_legs WHERE booking_id = b.id AND b.flight_ids <> "
    "'{}' ORDER BY leg_no OFFSET 0) AS l ON true";

struct numbered_booking {
    std::int64_t id;
    booking now;
};
/// Reads the booking that begins at `row` and moves `row` behind it and its legs.
[[nodiscard]] result<numbered_booking> read_booking(pg_rows const& rows, int& row);

[[nodiscard]] std::vector<result<booking>> find_bookings(postgres_database::state& db,
                                                         std::span<booking_ref const> refs);
[[nodiscard]] std::vector<result<std::vector<event>>> find_histories(
    postgres_database::state& db, std::span<booking_ref const> refs);
[[nodiscard]] result<log_page> read_log(postgres_database::state& db, log_query const& query);
/// What used keys answered; see `booking_store`. Two round trips more when any was used.
[[nodiscard]] std::vector<result<std::optional<booking>>> find_answers(
    postgres_database::state& db, std::span<idempotency_key const> keys, utc_time now);

/// Which of these flights are not stored.
[[nodiscard]] result<std::vector<flight_id>> find_missing_flights(postgres_database::state& db,
                                                                  std::span<flight_id const> ids);

/// Reads columns one after the other; `ok()` tells whether all could be read.
class pg_row_reader {
public:
    pg_row_reader(pg_rows const& rows, int row, int column = 0) noexcept
        : rows_(rows), row_(row), column_(column)
    {}

    [[nodiscard]] bool next_is_null() const noexcept { return rows_.is_null(row_, column_); }
    void skip() noexcept { ++column_; }
    [[nodiscard]] std::string_view text() noexcept { return rows_.text(row_, present()); }
    [[nodiscard]] std::int64_t integer() noexcept { return rows_.integer(row_, present()); }
    [[nodiscard]] utc_time time() noexcept { return rows_.time(row_, present()); }
    /// A value that `T::parse` reads; nothing, and `ok()` is false, when it refuses.
    template <class T>
    [[nodiscard]] std::optional<T> parsed()
    {
        auto const value = T::parse(text());
        ok_ = ok_ && value.has_value();
        return value ? std::optional<T>(*value) : std::nullopt;
    }
    /// As `parsed`, where the column may be null.
    template <class T>
    [[nodiscard]] std::optional<T> parsed_or_null()
    {
        if (!next_is_null()) return parsed<T>();
        skip();
        return std::nullopt;
    }
    /// A value that `parse`, which answers an optional, reads.
    template <class Parse>
    [[nodiscard]] auto named(Parse parse)
    {
        auto const value = parse(text());
        ok_ = ok_ && value.has_value();
        return value;
    }
    [[nodiscard]] bool ok() const noexcept { return ok_; }

private:
    /// The next column, which none of our tables leaves null.
    [[nodiscard]] int present() noexcept
    {
        ok_ = ok_ && !next_is_null();
        return column_++;
    }

    pg_rows const& rows_;
    int row_;
    int column_;
    bool ok_ = true;
};

}  // namespace aircargo::detail
