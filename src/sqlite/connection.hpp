#pragma once

#include <aircargo/core/result.hpp>
#include <sqlite3.h>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// SQLite's C interface with owners and results. Nothing here knows a booking.
namespace aircargo::detail {

/// One connection; used by one thread at a time.
class sqlite_connection {
public:
    enum class mode { read_write, read_only };

    [[nodiscard]] static result<sqlite_connection> open(std::string const& path, mode m,
                                                        std::chrono::milliseconds busy_timeout);

    /// Runs statements that answer nothing.
    [[nodiscard]] result<void> execute(char const* sql);

    /// The last failure of this connection as one of ours.
    [[nodiscard]] error failure() const;
    [[nodiscard]] int last_code() const noexcept { return sqlite3_extended_errcode(handle_.get()); }
    [[nodiscard]] std::int64_t last_insert_id() const noexcept
    {
        return sqlite3_last_insert_rowid(handle_.get());
    }
    /// Rows that the last INSERT, UPDATE or DELETE touched.
    [[nodiscard]] int changes() const noexcept { return sqlite3_changes(handle_.get()); }
    [[nodiscard]] bool in_transaction() const noexcept
    {
        return sqlite3_get_autocommit(handle_.get()) == 0;
    }
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

private:
    struct close {
        void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
    };
    explicit sqlite_connection(sqlite3* handle) noexcept : handle_(handle) {}

    std::unique_ptr<sqlite3, close> handle_;
};

/// A prepared statement, used again and again:
///
///     select_.bind(ref, limit);
///     while (select_.next()) read(select_.text(0));
///     if (!select_.ok()) return connection.failure();
///
/// `next` ends the statement when it answers false; leave early only with `reset`.
class sqlite_statement {
public:
    sqlite_statement(sqlite_connection& connection, std::string_view sql);

    /// Binds all parameters, in order: integers, text, or an optional of either.
    template <class... Args>
    void bind(Args const&... args)
    {
        reset();
        int index = 0;
        (bind_at(++index, args), ...);
    }
    /// Goes to the next row; false at the end or on failure.
    [[nodiscard]] bool next();
    /// Runs a statement that answers no row. \return whether it succeeded
    template <class... Args>
    [[nodiscard]] bool run(Args const&... args)
    {
        bind(args...);
        while (next()) {
        }
        return ok();
    }
    [[nodiscard]] bool ok() const noexcept { return code_ == SQLITE_DONE || code_ == SQLITE_ROW; }
    void reset() noexcept;

    [[nodiscard]] bool is_null(int column) const
    {
        return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const
    {
        return sqlite3_column_int64(handle_.get(), column);
    }
    /// Valid until the next row.
    [[nodiscard]] std::string_view text(int column) const;

    void bind_at(int index, std::integral auto value)
    {
        sqlite3_bind_int64(handle_.get(), index, static_cast<sqlite3_int64>(value));
    }
    void bind_at(int index, std::string_view value);
    template <class T>
    void bind_at(int index, std::optional<T> const& value)
    {
        if (value) {
            bind_at(index, *value);
        } else {
            sqlite3_bind_null(handle_.get(), index);
        }
    }

private:
    struct finalize {
        void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
    };

    std::unique_ptr<sqlite3_stmt, finalize> handle_;
    int code_ = SQLITE_DONE;
};

/// A transaction that is undone unless it is committed. One within another is a part of it, which
/// can be undone by itself.
class sqlite_transaction {
public:
    enum class kind { read, write };

    sqlite_transaction(sqlite_connection& connection, kind k)
        : connection_(connection),
          is_part_(connection.in_transaction()),
          begun_(connection.execute(is_part_          ? "SAVEPOINT part"
                                    : k == kind::read ? "BEGIN"
                                                      : "BEGIN IMMEDIATE"))
    {}
    ~sqlite_transaction()
    {
        if (begun_.has_value() && !ended_)
            (void)connection_.execute(is_part_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK");
    }
    sqlite_transaction(sqlite_transaction const&) = delete;
    sqlite_transaction& operator=(sqlite_transaction const&) = delete;

    /// Whether it began; ask before anything else.
    [[nodiscard]] result<void> const& begun() const noexcept { return begun_; }

    /// \return done, or `backend_down` when nothing happened, or `commit_unknown` when the disk
    /// failed in a way that leaves open what it kept.
    [[nodiscard]] result<void> commit();

private:
    sqlite_connection& connection_;
    bool is_part_;
    result<void> begun_;
    bool ended_ = false;
};

}  // namespace aircargo::detail
