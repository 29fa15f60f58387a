#include "postgres/booking_rows.hpp"
#include "postgres/database.hpp"
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace aircargo {
namespace {

using detail::pg_call;
using detail::pg_parameters;
using detail::pg_row_reader;
using detail::pg_rows;
using detail::pg_statement;

constexpr char const* flight_columns =
    "f.id, f.flight_number, f.airline_name, f.origin, f.destination, f.departure_datetime, "
    "f.arrival_datetime";

std::string const load_sql = std::string("SELECT ") + flight_columns +
                             " FROM flights AS f WHERE f.departure_datetime >= $1"
                             " AND f.departure_datetime < $2";
std::string const find_sql = std::string("SELECT r.no, ") + flight_columns +
                             " FROM unnest($1) WITH ORDINALITY AS r (id, no)"
                             " CROSS JOIN LATERAL (SELECT * FROM flights WHERE id = r.id LIMIT 1)"
                             " AS f ORDER BY r.no";

/// The version moves, and others are told, in the transaction that changes the flights.
constexpr pg_statement put_flights{
    "put_flights",
    "WITH put AS (INSERT INTO flights (flight_number, airline_name, origin, destination,"
    "  departure_datetime, arrival_datetime) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)"
    "  ON CONFLICT (departure_datetime, flight_number, origin, destination)"
    "  DO UPDATE SET airline_name = excluded.airline_name,"
    "  arrival_datetime = excluded.arrival_datetime"
    "  WHERE flights.airline_name <> excluded.airline_name"
    "  OR flights.arrival_datetime <> excluded.arrival_datetime RETURNING id),"
    " moved AS (UPDATE schedule_version SET version = version + 1"
    "  WHERE EXISTS (SELECT FROM put) RETURNING version)"
    " SELECT version, pg_notify('aircargo_schedule', version::text) FROM moved"};

constexpr pg_statement ids_of_flights{
    "ids_of_flights",
    "SELECT r.no, f.id FROM unnest($1, $2, $3, $4) WITH ORDINALITY"
    " AS r (flight_number, origin, destination, departure, no)"
    " CROSS JOIN LATERAL (SELECT id FROM flights WHERE departure_datetime = r.departure"
    " AND flight_number = r.flight_number COLLATE \"C\" AND origin = r.origin COLLATE \"C\""
    " AND destination = r.destination COLLATE \"C\" LIMIT 1) AS f"};

/// Writers of flights come one after the other, so they need not lock flights in any order.
constexpr pg_statement one_writer{"one_writer_of_flights",
                                  "SELECT version FROM schedule_version FOR UPDATE"};

/// What names a flight.
using name = std::tuple<utc_time, std::string, std::string, std::string>;

[[nodiscard]] name name_of_flight(flight const& f)
{
    return {f.departure, std::string(f.number.str()), std::string(f.origin.str()),
            std::string(f.destination.str())};
}

[[nodiscard]] result<flight> read_flight(pg_rows const& rows, int row, int column)
{
    pg_row_reader r(rows, row, column);
    auto const id = static_cast<flight_id>(r.integer());
    auto const number = r.parsed<flight_number>();
    std::string airline(r.text());
    auto const origin = r.parsed<airport_code>();
    auto const destination = r.parsed<airport_code>();
    if (!r.ok()) return detail::damaged("flights");
    flight read{id, *number, std::move(airline), *origin, *destination, r.time(), r.time()};
    if (!r.ok()) return detail::damaged("flights");
    return read;
}

/// Each flight once, in the order in which their names first come, as the last of each name says.
class flights_by_name {
public:
    explicit flights_by_name(std::span<flight const> flights)
    {
        for (auto const& f : flights) {
            auto const [found, is_new] = place_.try_emplace(name_of_flight(f), unique_.size());
            if (is_new) unique_.push_back(&f);
            unique_[found->second] = &f;
        }
        ids_.resize(unique_.size());
    }

    [[nodiscard]] std::vector<flight const*> const& unique() const noexcept { return unique_; }
    void note(std::size_t place, std::int64_t id) { ids_[place] = static_cast<flight_id>(id); }
    [[nodiscard]] flight_id id_of(flight const& f) const
    {
        return ids_[place_.at(name_of_flight(f))];
    }

private:
    std::vector<flight const*> unique_;
    std::map<name, std::size_t> place_;
    std::vector<flight_id> ids_;
};

constexpr std::size_t flights_per_statement = 10'000;

[[nodiscard]] std::vector<pg_call> calls_of(std::vector<flight const*> const& flights)
{
    std::vector<pg_call> calls{{one_writer, {}}};
    for (std::size_t from = 0; from < flights.size(); from += flights_per_statement) {
        auto const part = std::span(flights).subspan(
            from, std::min(flights_per_statement, flights.size() - from));
        pg_parameters put;
        put.column(part, [](auto const* f) { return f->number.str(); })
            .column(part, [](auto const* f) { return std::string_view(f->airline_name); })
            .column(part, [](auto const* f) { return f->origin.str(); })
            .column(part, [](auto const* f) { return f->destination.str(); })
            .column(part, [](auto const* f) { return f->departure; })
            .column(part, [](auto const* f) { return f->arrival; });
        pg_parameters names;
        names.column(part, [](auto const* f) { return f->number.str(); })
            .column(part, [](auto const* f) { return f->origin.str(); })
            .column(part, [](auto const* f) { return f->destination.str(); })
            .column(part, [](auto const* f) { return f->departure; });
        calls.push_back({put_flights, std::move(put)});
        calls.push_back({ids_of_flights, std::move(names)});
    }
    return calls;
}

}  // namespace

/// Storing the same flights again changes nothing, so sending again does no harm.
result<std::vector<flight>> postgres_flight_store::upsert(std::span<flight const> flights)
{
    if (flights.empty()) return std::vector<flight>();
    flights_by_name named(flights);
    auto const calls = calls_of(named.unique());
    auto const answers = db_->in().read(calls);
    if (answers.has_error()) return answers.error();

    for (std::size_t i = 1; i < answers->size(); i += 2) {
        auto const& moved = (*answers)[i];
        auto const& ids = (*answers)[i + 1];
        if (moved.size() > 0)
            db_->in().schedule->note(static_cast<std::uint64_t>(moved.integer(0, 0)));
        for (int row = 0; row < ids.size(); ++row) {
            auto const number = static_cast<std::size_t>(ids.integer(row, 0) - 1);
            named.note(i / 2 * flights_per_statement + number, ids.integer(row, 1));
        }
    }
    std::vector<flight> out(flights.begin(), flights.end());
    for (auto& f : out) f.id = named.id_of(f);
    return out;
}

result<std::vector<flight>> postgres_flight_store::load(flight_window window)
{
    auto const rows =
        db_->in().read({"load_flights", load_sql},
                       std::move(pg_parameters().value(window.from).value(window.until)));
    if (rows.has_error()) return rows.error();
    std::vector<flight> out;
    out.reserve(static_cast<std::size_t>(rows->size()));
    for (int row = 0; row < rows->size(); ++row) {
        auto f = read_flight(*rows, row, 0);
        if (f.has_error()) return f.error();
        out.push_back(*std::move(f));
    }
    std::sort(out.begin(), out.end(), [](flight const& a, flight const& b) {
        return std::tie(a.departure, a.id) < std::tie(b.departure, b.id);
    });
    return out;
}

std::vector<result<flight>> postgres_flight_store::find(std::span<flight_id const> ids)
{
    if (ids.empty()) return {};
    auto const rows = db_->in().read({"find_flights", find_sql},
                                     std::move(pg_parameters().column(ids, [](auto id) {
                                         return static_cast<std::int64_t>(id);
                                     })));
    if (rows.has_error()) return std::vector<result<flight>>(ids.size(), rows.error());
    std::vector<result<flight>> found;
    found.reserve(ids.size());
    for (auto id : ids) found.emplace_back(flight_not_found(id));
    for (int row = 0; row < rows->size(); ++row)
        found[static_cast<std::size_t>(rows->integer(row, 0) - 1)] = read_flight(*rows, row, 1);
    return found;
}

result<std::uint64_t> postgres_flight_store::version()
{
    if (auto const heard = db_->in().schedule->version()) return *heard;
    auto const rows = db_->in().read(detail::ask_schedule_version);
    if (rows.has_error()) return rows.error();
    if (rows->size() != 1) return detail::damaged("schedule_version");
    return static_cast<std::uint64_t>(rows->integer(0, 0));
}

}  // namespace aircargo
