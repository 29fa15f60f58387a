#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <string>
#include <vector>

/// What somebody else sees of an SQLite file, and does to it.
namespace aircargo::test {

inline void run_in_file(std::string const& path, std::string const& sql)
{
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    char* why = nullptr;
    ASSERT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK) << why;
    sqlite3_close(db);
}

/// Why SQLite refuses a statement; empty when it does not.
inline std::string refusal_in_file(std::string const& path, std::string const& sql)
{
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    std::string const why = sqlite3_errcode(db) == SQLITE_OK ? "" : sqlite3_errmsg(db);
    sqlite3_close(db);
    return why;
}

/// How SQLite would run a statement on this file: a line a step.
inline std::vector<std::string> plan_of(std::string const& path, std::string const& sql)
{
    std::vector<std::string> steps;
    auto const add = [](void* to, int, char** columns, char**) {
        static_cast<std::vector<std::string>*>(to)->emplace_back(columns[3]);
        return 0;
    };
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    auto const explain = "EXPLAIN QUERY PLAN " + sql;
    EXPECT_EQ(sqlite3_exec(db, explain.c_str(), add, &steps, nullptr), SQLITE_OK) << sql;
    sqlite3_close(db);
    return steps;
}

/// Hears the statements of every connection that this process opens during its life. One at a time,
/// in one thread.
class heard_statements {
public:
    struct statement {
        std::string sql;
        int work;  ///< steps of SQLite's machine; grows with the rows that are looked at
    };

    heard_statements()
    {
        all().clear();
        sqlite3_auto_extension(entry());
    }
    ~heard_statements() { sqlite3_cancel_auto_extension(entry()); }
    heard_statements(heard_statements const&) = delete;
    heard_statements& operator=(heard_statements const&) = delete;

    /// Those since the last call that hold these words.
    [[nodiscard]] std::vector<statement> take(std::string const& words) const
    {
        std::vector<statement> with_words;
        for (auto& s : all()) {
            if (s.sql.find(words) != std::string::npos) with_words.push_back(std::move(s));
        }
        all().clear();
        return with_words;
    }

private:
    static std::vector<statement>& all()
    {
        static std::vector<statement> heard;
        return heard;
    }
    static int hear(unsigned, void*, void* ended, void*)
    {
        auto* const s = static_cast<sqlite3_stmt*>(ended);
        all().push_back({sqlite3_sql(s), sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 1)});
        return 0;
    }
    static int listen(sqlite3* db, char const**, sqlite3_api_routines const*)
    {
        return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, hear, nullptr);
    }
    /// SQLite calls `listen` with its arguments, but takes it as a function without any.
    static void (*entry())() { return reinterpret_cast<void (*)()>(listen); }
};

}  // namespace aircargo::test
