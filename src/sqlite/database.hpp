#pragma once

#include "sqlite/account_statements.hpp"
#include "sqlite/booking_rows.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/webhook_statements.hpp"
#include <aircargo/store/sqlite.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo {
namespace detail {

/// Statements that change bookings.
struct booking_writes {
    explicit booking_writes(sqlite_connection& connection);

    sqlite_statement insert_booking;
    sqlite_statement insert_leg;
    sqlite_statement flight_exists;
    sqlite_statement update_booking;
    sqlite_statement insert_event;
    sqlite_statement find_key;
    sqlite_statement insert_key;
    sqlite_statement drop_old_keys;
    sqlite_statement reserve_refs;
};

/// Statements that keep answers.
struct answer_writes {
    explicit answer_writes(sqlite_connection& connection);

    sqlite_statement find;
    sqlite_statement insert;
    sqlite_statement drop_old;
};

inline constexpr std::string_view find_answer_sql =
    "SELECT fingerprint, answer, created_at FROM answers WHERE scope = ? AND key = ?";

/// A connection with everything prepared. Statements refer to the connection, so it never moves.
struct sqlite_reader {
    explicit sqlite_reader(sqlite_connection c);

    sqlite_connection connection;
    booking_rows bookings;
    sqlite_statement find_key;
    sqlite_statement find_flight;
    sqlite_statement load_flights;
    sqlite_statement schedule_version;
    account_reads accounts;
    webhook_reads webhooks;
    sqlite_statement find_answer;
};

struct sqlite_writer {
    explicit sqlite_writer(sqlite_connection c);

    sqlite_connection connection;
    booking_rows bookings;
    booking_writes writes;
    account_writes accounts;
    webhook_writes webhooks;
    answer_writes answers;
};

/// The answer that a used key gave, `idempotency_mismatch`, or nothing for a key that is new or too
/// old.
[[nodiscard]] result<std::optional<booking>> answer_of(sqlite_connection& connection,
                                                       booking_rows& bookings,
                                                       sqlite_statement& find_key,
                                                       idempotency_key const& key, utc_time now);

/// Brings the schema up to date, after making sure that the file is new or ours.
/// \return the version that the file then has
[[nodiscard]] result<int> migrate(sqlite_connection& connection, bool allowed);

}  // namespace detail

/// The writer, for one thread at a time, and a pool of readers.
class sqlite_database::connections {
public:
    connections(std::unique_ptr<detail::sqlite_writer> writer,
                std::vector<std::unique_ptr<detail::sqlite_reader>> readers,
                std::chrono::milliseconds reader_timeout, int version)
        : writer_(std::move(writer)),
          idle_(std::move(readers)),
          reader_timeout_(reader_timeout),
          version_(version)
    {}

    /// Calls `use(writer)` while nobody else of this process writes. What `use` calls may write
    /// too.
    template <class Use>
    auto write(Use use)
    {
        std::scoped_lock const lock(writing_);
        return use(*writer_);
    }

    /// Calls `use(reader)`, which answers a result, with a reader that is nobody else's meanwhile.
    /// \return also `overloaded`, when none is free for too long
    template <class Use>
    auto read(Use use)
    {
        lent const reader(*this);
        return reader.what ? use(*reader.what) : decltype(use(*reader.what))(all_lent());
    }
    /// The same where `use` answers a result for each of some entries.
    template <class Use>
    auto read_each(std::size_t entries, Use use)
    {
        lent const reader(*this);
        return reader.what ? use(*reader.what) : decltype(use(*reader.what))(entries, all_lent());
    }

    [[nodiscard]] int version() const noexcept { return version_; }

private:
    struct lent {
        explicit lent(connections& p) : pool(p)
        {
            std::unique_lock lock(pool.reading_);
            auto const one_is_free = [this] { return !pool.idle_.empty(); };
            if (!pool.returned_.wait_for(lock, pool.reader_timeout_, one_is_free)) return;
            what = std::move(pool.idle_.back());
            pool.idle_.pop_back();
        }
        ~lent()
        {
            if (!what) return;
            {
                std::scoped_lock const lock(pool.reading_);
                pool.idle_.push_back(std::move(what));
            }
            pool.returned_.notify_one();
        }
        lent(lent const&) = delete;
        lent& operator=(lent const&) = delete;

        connections& pool;
        std::unique_ptr<detail::sqlite_reader> what;  ///< null: none was free
    };

    [[nodiscard]] static error all_lent()
    {
        return refuse(errc::overloaded, "all connections that read the store are in use");
    }

    std::recursive_mutex writing_;
    std::unique_ptr<detail::sqlite_writer> writer_;
    std::mutex reading_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<detail::sqlite_reader>> idle_;
    std::chrono::milliseconds const reader_timeout_;
    int version_;
};

}  // namespace aircargo
