#include "sqlite/database.hpp"
#include <cstddef>

namespace aircargo {
namespace {

using detail::sqlite_reader;
using detail::sqlite_statement;
using detail::sqlite_transaction;
using detail::sqlite_writer;

[[nodiscard]] result<flight> read_flight(sqlite_statement const& s)
{
    auto const number = flight_number::parse(s.text(1));
    auto const origin = airport_code::parse(s.text(3));
    auto const destination = airport_code::parse(s.text(4));
    if (!number || !origin || !destination) {
        return refuse(errc::backend_down, "the database holds a damaged row: flights");
    }
    return flight{static_cast<flight_id>(s.integer(0)),
                  *number,
                  std::string(s.text(2)),
                  *origin,
                  *destination,
                  from_epoch(s.integer(5)),
                  from_epoch(s.integer(6))};
}

/// The statements of one `upsert`; made for it, since imports are rare.
class flight_writes {
public:
    explicit flight_writes(sqlite_writer& writer)
        : writer_(writer),
          insert_(writer.connection,
                  "INSERT INTO flights (flight_number, airline_name, origin, destination, "
                  "departure_datetime, "
                  "arrival_datetime) VALUES (?, ?, ?, ?, ?, ?) "
                  "ON CONFLICT (departure_datetime, flight_number, origin, destination) "
                  "DO UPDATE SET airline_name = excluded.airline_name, arrival_datetime = "
                  "excluded.arrival_datetime "
                  "WHERE airline_name <> excluded.airline_name OR arrival_datetime <> "
                  "excluded.arrival_datetime "
                  "RETURNING id"),
          find_(writer.connection,
                "SELECT id FROM flights WHERE departure_datetime = ? AND flight_number = ? AND "
                "origin = ? AND "
                "destination = ?"),
          move_version_(writer.connection, "UPDATE schedule_version SET version = version + 1")
    {}

    [[nodiscard]] result<flight> store(flight f)
    {
        insert_.bind(f.number.str(), f.airline_name, f.origin.str(), f.destination.str(),
                     to_epoch(f.departure), to_epoch(f.arrival));
        auto id = only_id(insert_);
        if (id.has_error()) return id.error();
        changed_ = changed_ || *id;
        if (!*id) {  // it stands there already, just so
            find_.bind(to_epoch(f.departure), f.number.str(), f.origin.str(), f.destination.str());
            id = only_id(find_);
            if (id.has_error() || !*id) return writer_.connection.failure();
        }
        f.id = static_cast<flight_id>(**id);
        return f;
    }

    [[nodiscard]] bool note_change() { return !changed_ || move_version_.run(); }

private:
    [[nodiscard]] result<std::optional<std::int64_t>> only_id(sqlite_statement& statement)
    {
        std::optional<std::int64_t> id;
        while (statement.next()) id = statement.integer(0);
        if (!statement.ok()) return writer_.connection.failure();
        return id;
    }

    sqlite_writer& writer_;
    sqlite_statement insert_;
    sqlite_statement find_;
    sqlite_statement move_version_;
    bool changed_ = false;
};

}  // namespace

result<std::vector<flight>> sqlite_flight_store::upsert(std::span<flight const> flights)
{
    return db_->in().write([&](sqlite_writer& writer) -> result<std::vector<flight>> {
        sqlite_transaction transaction(writer.connection, sqlite_transaction::kind::write);
        if (transaction.begun().has_error()) return transaction.begun().error();
        flight_writes writes(writer);
        std::vector<flight> out;
        out.reserve(flights.size());
        for (auto const& f : flights) {
            auto stored = writes.store(f);
            if (stored.has_error()) return stored.error();
            out.push_back(*std::move(stored));
        }
        if (!writes.note_change()) return writer.connection.failure();
        if (auto const done = transaction.commit(); done.has_error()) return done.error();
        return out;
    });
}

result<std::vector<flight>> sqlite_flight_store::load(flight_window window)
{
    return db_->in().read([&](sqlite_reader& reader) -> result<std::vector<flight>> {
        auto& statement = reader.load_flights;
        statement.bind(to_epoch(window.from), to_epoch(window.until));
        std::vector<flight> out;
        while (statement.next()) {
            auto f = read_flight(statement);
            if (f.has_error()) {
                statement.reset();
                return f.error();
            }
            out.push_back(*std::move(f));
        }
        if (!statement.ok()) return reader.connection.failure();
        return out;
    });
}

std::vector<result<flight>> sqlite_flight_store::find(std::span<flight_id const> ids)
{
    return db_->in().read_each(ids.size(), [&](sqlite_reader& reader) {
        auto& statement = reader.find_flight;
        std::vector<result<flight>> out;
        out.reserve(ids.size());
        for (auto id : ids) {
            statement.bind(static_cast<std::int64_t>(id));
            if (statement.next()) {
                out.push_back(read_flight(statement));
                statement.reset();
            } else {
                out.push_back(statement.ok() ? flight_not_found(id) : reader.connection.failure());
            }
        }
        return out;
    });
}

result<std::uint64_t> sqlite_flight_store::version()
{
    return db_->in().read([&](sqlite_reader& reader) -> result<std::uint64_t> {
        auto& statement = reader.schedule_version;
        statement.bind();
        if (!statement.next()) return reader.connection.failure();
        auto const version = static_cast<std::uint64_t>(statement.integer(0));
        statement.reset();
        return version;
    });
}

}  // namespace aircargo
