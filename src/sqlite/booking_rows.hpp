#pragma once

#include "sqlite/connection.hpp"
#include <aircargo/booking/booking.hpp>
#include <aircargo/store/booking_store.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::detail {

/// The rows were checked when they were written, so what can not be read was damaged from outside.
[[nodiscard]] error damaged_row(std::string_view what);

/// What `booking_rows::read_booking` reads.
constexpr std::string_view booking_columns =
    "id, ref_id, origin, destination, pieces, weight_grams, leg_count, status, location, next_leg, "
    "misrouted, "
    "created_at, updated_at, revision";
constexpr int booking_column_count = 14;

/// Reads bookings and events on one connection, the writer's or a reader's.
class booking_rows {
public:
    /// A booking with the number that the database gave it.
    struct row {
        std::int64_t id;
        booking now;
    };

    explicit booking_rows(sqlite_connection& connection);

    /// `not_found`, or the database's failure.
    [[nodiscard]] result<row> find(booking_ref const& ref);
    [[nodiscard]] result<row> find(std::int64_t id);
    /// Events with seq up to `last`, oldest first; `not_found` when there are none.
    [[nodiscard]] result<std::vector<event>> history(booking_ref const& ref);
    [[nodiscard]] result<std::vector<event>> history(std::int64_t id, std::int64_t last);
    [[nodiscard]] result<log_page> log_after(log_query const& query);
    /// The booking at a statement's row, whose columns begin with `booking_columns`.
    [[nodiscard]] result<row> read_booking(sqlite_statement& at_row);

private:
    [[nodiscard]] result<void> read_legs(row& r, std::int64_t count);
    [[nodiscard]] result<std::vector<event>> read_events(sqlite_statement& events);
    [[nodiscard]] result<log_position> log_end();
    [[nodiscard]] result<std::vector<logged_event>> read_log(sqlite_statement& events);

    sqlite_connection& connection_;
    sqlite_statement by_ref_;
    sqlite_statement by_id_;
    sqlite_statement legs_;
    sqlite_statement events_by_ref_;
    sqlite_statement events_by_id_;
    sqlite_statement log_end_;
    sqlite_statement log_;
    sqlite_statement log_of_;
};

}  // namespace aircargo::detail
