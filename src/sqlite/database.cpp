#include "sqlite/database.hpp"
#include <aircargo/booking/lifecycle.hpp>

namespace aircargo {
namespace detail {
namespace {

constexpr std::string_view find_key_sql =
    "SELECT fingerprint, booking_id, seq, created_at FROM idempotency WHERE scope = ? AND key = ?";

/// Durable at every commit, and readers do not wait for the writer.
constexpr char const* writer_settings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA "
    "temp_store = MEMORY; "
    "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000";
constexpr char const* reader_settings =
    "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768";

/// Switching a new file to WAL needs it alone for a moment, and SQLite does not wait for that by
/// itself while another process opens the same file.
[[nodiscard]] result<void> prepare_writer(sqlite_connection& connection,
                                          std::chrono::milliseconds patience)
{
    constexpr std::chrono::milliseconds pause(5);
    for (;;) {
        auto const done = connection.execute(writer_settings);
        bool const busy = done.has_error() && done.error().code == errc::timed_out;
        if (!busy || patience <= pause.zero()) return done;
        sqlite3_sleep(static_cast<int>(pause.count()));
        patience -= pause;
    }
}

}  // namespace

booking_writes::booking_writes(sqlite_connection& c)
    : insert_booking(
          c,
          "INSERT INTO bookings (ref_id, origin, destination, pieces, weight_grams, leg_count, "
          "status, "
          "location, next_leg, misrouted, created_at, updated_at, revision) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ref_id) DO NOTHING"),
      insert_leg(c, "INSERT INTO booking_legs VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      flight_exists(c, "SELECT 1 FROM flights WHERE id = ?"),
      update_booking(c,
                     "UPDATE bookings SET status = ?, location = ?, next_leg = ?, misrouted = ?, "
                     "updated_at = ?, "
                     "revision = ? WHERE ref_id = ? AND revision = ? RETURNING id"),
      insert_event(c,
                   "INSERT INTO booking_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                   "(SELECT coalesce(max(log_position), 0) + 1 FROM booking_events))"),
      find_key(c, find_key_sql),
      insert_key(c, "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?)"),
      drop_old_keys(c,
                    "DELETE FROM idempotency WHERE (scope, key) IN "
                    "(SELECT scope, key FROM idempotency WHERE created_at <= ? LIMIT 1000)"),
      reserve_refs(c,
                   "UPDATE booking_refs SET next_number = next_number + ? RETURNING key_1, key_2, "
                   "next_number")
{}

sqlite_reader::sqlite_reader(sqlite_connection c)
    : connection(std::move(c)),
      bookings(connection),
      find_key(connection, find_key_sql),
      find_flight(
          connection,
          "SELECT id, flight_number, airline_name, origin, destination, departure_datetime, "
          "arrival_datetime FROM flights WHERE id = ?"),
      load_flights(
          connection,
          "SELECT id, flight_number, airline_name, origin, destination, departure_datetime, "
          "arrival_datetime FROM flights WHERE departure_datetime >= ? AND departure_datetime < ? "
          "ORDER BY departure_datetime, id"),
      schedule_version(connection, "SELECT version FROM schedule_version"),
      accounts(connection),
      webhooks(connection),
      find_answer(connection, find_answer_sql)
{}

sqlite_writer::sqlite_writer(sqlite_connection c)
    : connection(std::move(c)),
      bookings(connection),
      writes(connection),
      accounts(connection),
      webhooks(connection),
      answers(connection)
{}

result<std::optional<booking>> answer_of(sqlite_connection& connection, booking_rows& bookings,
                                         sqlite_statement& find_key, idempotency_key const& key,
                                         utc_time now)
{
    find_key.bind(key.scope, key.key);
    if (!find_key.next()) {
        if (!find_key.ok()) return connection.failure();
        return std::optional<booking>();
    }
    bool const same = find_key.text(0) == key.fingerprint;
    auto const id = find_key.integer(1);
    auto const seq = find_key.integer(2);
    bool const expired = now - from_epoch(find_key.integer(3)) >= idempotency_key::lifetime;
    find_key.reset();
    if (expired) return std::optional<booking>();
    if (!same) return idempotency_clash(key);

    auto const owner = bookings.find(id);
    if (owner.has_error()) return owner.error();
    auto const history = bookings.history(id, seq);
    if (history.has_error()) return history.error();
    auto first = fold(owner->now.terms, *history);
    if (first.has_error()) return first.error();
    return std::optional<booking>(*std::move(first));
}

}  // namespace detail

sqlite_database::sqlite_database(std::unique_ptr<connections> c) : connections_(std::move(c)) {}
sqlite_database::~sqlite_database() = default;

int sqlite_database::schema_version() const noexcept { return connections_->version(); }

result<std::shared_ptr<sqlite_database>> sqlite_database::open(std::string const& path,
                                                               sqlite_options const& options)
{
    using detail::sqlite_connection;
    if (path.empty() || path.starts_with(":memory:")) {
        return refuse(errc::invalid_request,
                      "an SQLite store needs the path of a file; for one in memory use memory:");
    }
    auto writer =
        sqlite_connection::open(path, sqlite_connection::mode::read_write, options.busy_timeout);
    if (writer.has_error()) return writer.error();
    auto const version = detail::migrate(*writer, options.migrate);
    if (version.has_error()) return version.error();
    if (auto const done = detail::prepare_writer(*writer, options.busy_timeout); done.has_error())
        return done.error();

    std::vector<std::unique_ptr<detail::sqlite_reader>> readers;
    for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
        auto reader =
            sqlite_connection::open(path, sqlite_connection::mode::read_only, options.busy_timeout);
        if (reader.has_error()) return reader.error();
        if (auto const done = reader->execute(detail::reader_settings); done.has_error())
            return done.error();
        readers.push_back(std::make_unique<detail::sqlite_reader>(*std::move(reader)));
    }
    auto all =
        std::make_unique<connections>(std::make_unique<detail::sqlite_writer>(*std::move(writer)),
                                      std::move(readers), options.reader_timeout, *version);
    return std::shared_ptr<sqlite_database>(new sqlite_database(std::move(all)));
}

}  // namespace aircargo
