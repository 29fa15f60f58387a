#include "leg.hpp"
#include "peers.hpp"
#include <libpq-fe.h>
#include <bit>
#include <cstring>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace aircargo::bench {
namespace {

using server_connection = std::shared_ptr<PGconn>;

struct clearer {
    void operator()(PGresult* r) const { PQclear(r); }
};
using result_rows = std::unique_ptr<PGresult, clearer>;

[[nodiscard]] result_rows checked(PGresult* raw, ExecStatusType wanted)
{
    result_rows r(raw);
    if (PQresultStatus(raw) != wanted) {
        throw std::runtime_error(std::string("PostgreSQL: ") + PQresultErrorMessage(raw));
    }
    return r;
}

void execute(PGconn* db, std::string const& sql)
{
    auto const status = PQresultStatus(result_rows(PQexec(db, sql.c_str())).get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw std::runtime_error(std::string("PostgreSQL: ") + PQerrorMessage(db));
    }
}

[[nodiscard]] server_connection connect(std::string const& server)
{
    server_connection db(PQconnectdb(server.c_str()), PQfinish);
    if (PQstatus(db.get()) != CONNECTION_OK) {
        throw std::runtime_error(std::string("PostgreSQL: ") + PQerrorMessage(db.get()));
    }
    // What gains nothing on one small question at a time.
    execute(db.get(),
            "SET jit = off; SET max_parallel_workers_per_gather = 0; "
            "SET random_page_cost = 1.1");
    return db;
}

/// The same flights under two sets of indexes, so that no plan borrows from the other's.
struct variant {
    std::string table;
    std::string name;
    std::string indexes;
};
[[nodiscard]] std::array<variant, 2> variants()
{
    return {variant{"flights_plain", "the document's indexes",
                    "CREATE INDEX ON flights_plain (origin, destination, departure_datetime);"
                    "CREATE INDEX ON flights_plain (origin, departure_datetime);"
                    "CREATE INDEX ON flights_plain (destination)"},
            variant{"flights_covered", "covering indexes",
                    "CREATE INDEX ON flights_covered (origin, departure_datetime)"
                    " INCLUDE (destination, arrival_datetime, id);"
                    "CREATE INDEX ON flights_covered (origin, destination, departure_datetime)"
                    " INCLUDE (arrival_datetime, id)"}};
}

void put(PGconn* db, std::string const& text)
{
    if (PQputCopyData(db, text.data(), static_cast<int>(text.size())) != 1) {
        throw std::runtime_error(std::string("PostgreSQL: ") + PQerrorMessage(db));
    }
}

void load(PGconn* db, variant const& v, std::span<flight const> flights)
{
    execute(db, "CREATE TABLE " + v.table +
                    " (id int PRIMARY KEY, flight_number text NOT NULL, airline_name text NOT NULL,"
                    " origin text NOT NULL, destination text NOT NULL,"
                    " departure_datetime timestamptz NOT NULL,"
                    " arrival_datetime timestamptz NOT NULL)");
    (void)checked(PQexec(db, ("COPY " + v.table + " FROM STDIN").c_str()), PGRES_COPY_IN);
    std::string text;
    for (std::size_t i = 0; i < flights.size(); ++i) {
        auto const& f = flights[i];
        text += std::to_string(i + 1);
        // Names are made of letters here; a tab or backslash would end the COPY with an error.
        for (auto const field : {f.number.str(), std::string_view(f.airline_name), f.origin.str(),
                                 f.destination.str()}) {
            text += '\t';
            text += field;
        }
        text += '\t' + to_string(f.departure) + '\t' + to_string(f.arrival) + '\n';
        if (text.size() > (1U << 20U)) {
            put(db, text);
            text.clear();
        }
    }
    put(db, text);
    PQputCopyEnd(db, nullptr);
    (void)checked(PQgetResult(db), PGRES_COMMAND_OK);
    (void)result_rows(PQgetResult(db));
    execute(db, v.indexes);
    execute(db, "VACUUM (ANALYZE) " + v.table);  // the map of visible pages is for index-only scans
}

[[nodiscard]] std::string every_itinerary(std::string const& table)
{
    return "SELECT id AS first, id AS last, departure_datetime AS departure,"
           "       arrival_datetime AS arrival FROM " +
           table +
           " WHERE origin = $1 AND destination = $2"
           "   AND departure_datetime >= $3 AND departure_datetime < $4"
           " UNION ALL"
           " SELECT a.id, b.id, a.departure_datetime, b.arrival_datetime"
           " FROM " +
           table + " a JOIN " + table +
           " b ON b.origin = a.destination"
           " WHERE a.origin = $1 AND a.departure_datetime >= $3 AND a.departure_datetime < $4"
           "   AND b.destination = $2"
           "   AND b.departure_datetime >= a.arrival_datetime + interval '" +
           std::to_string(connection) + " seconds' AND b.departure_datetime < $5";
}

/// A number as PostgreSQL sends and takes it.
template <class Int>
[[nodiscard]] Int network_order(Int value)
{
    static_assert(std::endian::native == std::endian::little);
    if constexpr (sizeof(Int) == 8) {
        return static_cast<Int>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
    } else {
        return static_cast<Int>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
    }
}

/// A timestamptz: microseconds since 2000.
[[nodiscard]] std::int64_t timestamp_of(utc_time t)
{
    constexpr std::int64_t year_2000 = 946'684'800;
    return network_order((to_epoch(t) - year_2000) * 1'000'000);
}

class join final : public solver {
public:
    join(server_connection db, std::string name, std::string const& sql)
        : db_(std::move(db)), name_(std::move(name))
    {
        constexpr unsigned text = 25;
        constexpr unsigned timestamptz = 1184;
        constexpr std::array<Oid, 5> types{text, text, timestamptz, timestamptz, timestamptz};
        (void)checked(PQprepare(db_.get(), name_.c_str(), sql.c_str(), types.size(), types.data()),
                      PGRES_COMMAND_OK);
    }

    void ask(question const& q) override
    {
        std::array const times{timestamp_of(q.day.start), timestamp_of(q.day.end),
                               timestamp_of(q.day.next_end)};
        auto const bytes = [&](std::size_t i) { return reinterpret_cast<char const*>(&times[i]); };
        std::array const values{q.origin.str().data(), q.destination.str().data(), bytes(0),
                                bytes(1), bytes(2)};
        constexpr std::array lengths{3, 3, 8, 8, 8};
        constexpr std::array binary{1, 1, 1, 1, 1};
        auto const r =
            checked(PQexecPrepared(db_.get(), name_.c_str(), static_cast<int>(values.size()),
                                   values.data(), lengths.data(), binary.data(), 1),
                    PGRES_TUPLES_OK);
        auto const size = PQntuples(r.get());
        found_.clear();
        for (int i = 0; i < size; ++i) found_.emplace_back(id(r.get(), i, 0), id(r.get(), i, 1));
    }
    [[nodiscard]] rows answer() const override
    {
        rows out;
        for (auto const& [first, last] : found_) out.push_back({first, last, 0});
        return out;
    }

private:
    [[nodiscard]] static std::int32_t id(PGresult const* r, int nth, int column)
    {
        std::int32_t value = 0;
        std::memcpy(&value, PQgetvalue(r, nth, column), sizeof value);
        return network_order(value);
    }

    server_connection db_;
    std::string name_;
    std::vector<std::pair<std::int32_t, std::int32_t>> found_;
};

/// The plan reads no table as a whole. \pre `sql` is prepared under the name `prepared`
void require_index_plan(PGconn* db, std::string const& prepared, flight const& some)
{
    auto const day = std::chrono::floor<std::chrono::days>(some.departure);
    auto const literal = [](utc_time t) { return ", '" + to_string(t) + "'"; };
    auto const asked = "EXPLAIN EXECUTE " + prepared + " ('" + std::string(some.origin.str()) +
                       "', '" + std::string(some.destination.str()) + "'" + literal(day) +
                       literal(day + std::chrono::days(1)) + literal(day + std::chrono::days(2)) +
                       ")";
    auto const r = checked(PQexec(db, asked.c_str()), PGRES_TUPLES_OK);
    std::string plan;
    for (int i = 0; i < PQntuples(r.get()); ++i) {
        plan += PQgetvalue(r.get(), i, 0);
        plan += '\n';
    }
    if (plan.find("Seq Scan") != std::string::npos || plan.find("Index") == std::string::npos) {
        std::cerr << "warning: PostgreSQL does not go by indexes alone in " << prepared << ":\n"
                  << plan;
    }
}

}  // namespace

entrants postgres_join(std::span<flight const> flights, std::string const& server)
{
    auto const db = connect(server);
    entrants out;
    for (auto const& v : variants()) {
        load(db.get(), v, flights);
        auto const pairs = "SELECT first, last FROM (" + every_itinerary(v.table) + ") i";
        auto const top =
            pairs + " ORDER BY arrival, departure DESC LIMIT " + std::to_string(top_size);
        out.push_back({.what = task::all,
                       .name = "PostgreSQL, join, " + v.name,
                       .solves = std::make_unique<join>(db, "all_" + v.table, pairs),
                       .repetitions = 3});
        out.push_back({.what = task::top,
                       .name = "PostgreSQL, ORDER BY LIMIT, " + v.name,
                       .solves = std::make_unique<join>(db, "top_" + v.table, top),
                       .repetitions = 3});
        require_index_plan(db.get(), "all_" + v.table, flights.front());
        require_index_plan(db.get(), "top_" + v.table, flights.front());
    }
    return out;
}

}  // namespace aircargo::bench
