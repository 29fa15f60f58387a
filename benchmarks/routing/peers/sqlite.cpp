#include "leg.hpp"
#include "peers.hpp"
#include <sqlite3.h>
#include <array>
#include <memory>
#include <stdexcept>

namespace aircargo::bench {
namespace {

struct closer {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using database = std::unique_ptr<sqlite3, closer>;
using statement = std::unique_ptr<sqlite3_stmt, closer>;

void require(bool fine, sqlite3* db)
{
    if (!fine) throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(db));
}

void execute(sqlite3* db, std::string const& sql)
{
    require(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, db);
}

[[nodiscard]] statement prepare(sqlite3* db, std::string const& sql)
{
    sqlite3_stmt* s = nullptr;
    require(sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &s, nullptr) ==
                SQLITE_OK,
            db);
    return statement(s);
}

/// \pre `code` lives until the statement is reset
void bind(sqlite3_stmt* s, int nth, airport_code const& code)
{
    sqlite3_bind_text(s, nth, code.str().data(), 3, SQLITE_STATIC);
}

struct variant {
    std::string name;
    std::string indexes;
};
[[nodiscard]] std::array<variant, 2> variants()
{
    return {variant{"the document's indexes",
                    "CREATE INDEX by_ends ON flights (origin, destination, departure);"
                    "CREATE INDEX by_departure ON flights (origin, departure);"
                    "CREATE INDEX by_destination ON flights (destination);"},
            // Every column that the statement reads: our gift.
            variant{"covering indexes",
                    "CREATE INDEX by_origin ON flights (origin, departure, destination, arrival);"
                    "CREATE INDEX by_ends ON flights (origin, destination, departure, arrival);"}};
}

[[nodiscard]] std::shared_ptr<sqlite3> loaded(std::span<flight const> flights,
                                              std::string const& indexes)
{
    sqlite3* raw = nullptr;
    sqlite3_open(":memory:", &raw);
    std::shared_ptr<sqlite3> db(raw, closer());
    execute(raw, R"(
        CREATE TABLE flights (id INTEGER PRIMARY KEY, origin TEXT NOT NULL, destination TEXT NOT NULL,
                              departure INTEGER NOT NULL, arrival INTEGER NOT NULL) STRICT;
        BEGIN)");
    auto const insert = prepare(raw, "INSERT INTO flights VALUES (?1, ?2, ?3, ?4, ?5)");
    for (std::size_t i = 0; i < flights.size(); ++i) {
        auto const& f = flights[i];
        sqlite3_bind_int64(insert.get(), 1, static_cast<std::int64_t>(i) + 1);
        bind(insert.get(), 2, f.origin);
        bind(insert.get(), 3, f.destination);
        sqlite3_bind_int64(insert.get(), 4, to_epoch(f.departure));
        sqlite3_bind_int64(insert.get(), 5, to_epoch(f.arrival));
        require(sqlite3_step(insert.get()) == SQLITE_DONE, raw);
        sqlite3_reset(insert.get());
    }
    execute(raw, "COMMIT;" + indexes + "ANALYZE");
    return db;
}

constexpr auto every_itinerary = R"(
    SELECT id AS first, id AS last, departure, arrival FROM flights
     WHERE origin = ?1 AND destination = ?2 AND departure >= ?3 AND departure < ?4
    UNION ALL
    SELECT a.id, b.id, a.departure, b.arrival
      FROM flights a JOIN flights b ON b.origin = a.destination
     WHERE a.origin = ?1 AND a.departure >= ?3 AND a.departure < ?4
       AND b.destination = ?2 AND b.departure >= a.arrival + ?6 AND b.departure < ?5)";

class join final : public solver {
public:
    join(std::shared_ptr<sqlite3> db, std::string const& sql)
        : db_(std::move(db)), statement_(prepare(db_.get(), sql))
    {}

    void ask(question const& q) override
    {
        auto* const s = statement_.get();
        bind(s, 1, q.origin);
        bind(s, 2, q.destination);
        sqlite3_bind_int64(s, 3, to_epoch(q.day.start));
        sqlite3_bind_int64(s, 4, to_epoch(q.day.end));
        sqlite3_bind_int64(s, 5, to_epoch(q.day.next_end));
        sqlite3_bind_int64(s, 6, connection);
        found_.clear();
        while (sqlite3_step(s) == SQLITE_ROW) {
            found_.emplace_back(sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1));
        }
        require(sqlite3_reset(s) == SQLITE_OK, db_.get());
    }
    [[nodiscard]] rows answer() const override
    {
        rows out;
        for (auto const& [first, last] : found_) out.push_back({first, last, 0});
        return out;
    }

private:
    std::shared_ptr<sqlite3> db_;
    statement statement_;
    std::vector<std::pair<std::int64_t, std::int64_t>> found_;
};

}  // namespace

entrants sqlite_join(std::span<flight const> flights)
{
    std::string const pairs = std::string("SELECT first, last FROM (") + every_itinerary + ")";
    auto const top = pairs + " ORDER BY arrival, departure DESC LIMIT " + std::to_string(top_size);
    entrants out;
    for (auto const& v : variants()) {
        auto const db = loaded(flights, v.indexes);
        out.push_back({.what = task::all,
                       .name = "SQLite in memory, join, " + v.name,
                       .solves = std::make_unique<join>(db, pairs),
                       .repetitions = 3});
        out.push_back({.what = task::top,
                       .name = "SQLite in memory, ORDER BY LIMIT, " + v.name,
                       .solves = std::make_unique<join>(db, top),
                       .repetitions = 3});
    }
    return out;
}

}  // namespace aircargo::bench
