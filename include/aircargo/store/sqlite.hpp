#pragma once

#include <aircargo/store/account_store.hpp>
#include <aircargo/store/answer_store.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <aircargo/store/webhook_store.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace aircargo {

struct sqlite_options {
    /// Connections that read beside the writer: as many as threads read at once, for who finds none
    /// free waits, and is refused with `overloaded` in the end. A desk has three that read, and the
    /// writer's look-ups want one.
    std::size_t readers = 4;
    std::chrono::milliseconds reader_timeout{2'000};  ///< for a free one
    std::chrono::milliseconds busy_timeout{
        10'000};          ///< how long to wait for another process that writes
    bool migrate = true;  ///< bring the schema up to date when opening
};

/// An SQLite file: one connection that writes and some that read beside it (WAL, synchronous=FULL).
/// Made by `open`; the stores share it. Thread-safe, and several processes may have the same file
/// open.
class sqlite_database {
public:
    /// Opens or makes the file; `:memory:` is not supported, since each connection would see a file
    /// of its own. \return the database; `backend_down` when the file can not be opened,
    /// `invalid_request` when its schema is newer than this program, or older and `migrate` is
    /// false.
    [[nodiscard]] static result<std::shared_ptr<sqlite_database>> open(
        std::string const& path, sqlite_options const& options = {});
    ~sqlite_database();

    /// Number of the last migration that the file has.
    [[nodiscard]] int schema_version() const noexcept;

    class connections;
    [[nodiscard]] connections& in() noexcept { return *connections_; }

private:
    explicit sqlite_database(std::unique_ptr<connections> c);

    std::unique_ptr<connections> connections_;
};

/// Bookings in an SQLite file. A batch is one `BEGIN IMMEDIATE` transaction with one sync to disk;
/// booking, event, legs and idempotency key are written together. Legs must name flights of the
/// same file.
class sqlite_booking_store {
public:
    explicit sqlite_booking_store(std::shared_ptr<sqlite_database> database)
        : db_(std::move(database))
    {}

    [[nodiscard]] std::vector<result<booking>> apply(std::span<change const> changes);
    [[nodiscard]] std::vector<result<std::optional<booking>>> answers(
        std::span<idempotency_key const> keys, utc_time now);
    [[nodiscard]] std::vector<result<booking>> find(std::span<booking_ref const> refs);
    [[nodiscard]] std::vector<result<std::vector<event>>> history(
        std::span<booking_ref const> refs);
    [[nodiscard]] result<booking_page> list(booking_query const& query);
    [[nodiscard]] result<booking_figures> figures(figures_query const& query);
    [[nodiscard]] result<log_page> log_after(log_query const& query);
    [[nodiscard]] result<ref_block> reserve_refs(std::uint64_t count);

private:
    std::shared_ptr<sqlite_database> db_;
};
static_assert(booking_store<sqlite_booking_store>);

/// Flights in an SQLite file.
class sqlite_flight_store {
public:
    explicit sqlite_flight_store(std::shared_ptr<sqlite_database> database)
        : db_(std::move(database))
    {}

    [[nodiscard]] result<std::vector<flight>> upsert(std::span<flight const> flights);
    [[nodiscard]] result<std::vector<flight>> load(flight_window window);
    [[nodiscard]] std::vector<result<flight>> find(std::span<flight_id const> ids);
    [[nodiscard]] result<std::uint64_t> version();

private:
    std::shared_ptr<sqlite_database> db_;
};
static_assert(flight_store<sqlite_flight_store>);

/// Accounts in an SQLite file.
class sqlite_account_store {
public:
    explicit sqlite_account_store(std::shared_ptr<sqlite_database> database)
        : db_(std::move(database))
    {}

    [[nodiscard]] result<void> add(account const& a);
    [[nodiscard]] std::vector<result<account>> find(std::span<std::string const> ids);
    [[nodiscard]] result<account> find_name(account_name const& name);
    [[nodiscard]] result<std::vector<account>> list(account_query const& query);
    [[nodiscard]] result<account> change(account_name const& name, account_change const& what);

    [[nodiscard]] result<void> add_session(login_session const& login);
    [[nodiscard]] result<rotation_answer> rotate(rotation const& r);
    [[nodiscard]] result<void> end_session(std::string const& id);

    [[nodiscard]] result<void> add_key(api_key const& key);
    [[nodiscard]] std::vector<result<account>> find_keys(std::span<std::string const> hashes);
    [[nodiscard]] result<std::vector<api_key>> list_keys(std::string const& account_id);
    [[nodiscard]] result<api_key> revoke_key(std::string const& id,
                                             std::optional<std::string> const& of_account,
                                             utc_time now);

private:
    std::shared_ptr<sqlite_database> db_;
};
static_assert(account_store<sqlite_account_store>);

/// Webhooks in an SQLite file.
class sqlite_webhook_store {
public:
    explicit sqlite_webhook_store(std::shared_ptr<sqlite_database> database)
        : db_(std::move(database))
    {}

    [[nodiscard]] result<void> add(webhook const& w);
    [[nodiscard]] result<webhook> find(std::string const& id);
    [[nodiscard]] result<std::vector<webhook>> list();
    [[nodiscard]] result<webhook> change(std::string const& id, webhook_change const& what);
    [[nodiscard]] result<void> remove(std::string const& id);
    [[nodiscard]] result<log_position> cursor();
    [[nodiscard]] result<bool> pass_on(log_position from, log_position to,
                                       std::span<new_delivery const> added, utc_time now);
    [[nodiscard]] result<std::vector<webhook_delivery>> claim(std::span<claim_wish const> wishes,
                                                              utc_time now,
                                                              std::chrono::seconds lease);
    [[nodiscard]] result<void> end_attempts(std::span<attempt_end const> ends, utc_time now);
    [[nodiscard]] result<std::vector<webhook_delivery>> deliveries(delivery_query const& query);
    [[nodiscard]] result<std::size_t> redeliver(
        std::string const& id, std::optional<std::vector<log_position>> const& which, utc_time now);
    [[nodiscard]] result<std::size_t> forget_dead(utc_time before, std::size_t most);

private:
    std::shared_ptr<sqlite_database> db_;
};
static_assert(webhook_store<sqlite_webhook_store>);

/// Answers in an SQLite file. While one is made, nobody else writes.
class sqlite_answer_store {
public:
    explicit sqlite_answer_store(std::shared_ptr<sqlite_database> database)
        : db_(std::move(database))
    {}

    [[nodiscard]] result<std::optional<std::string>> find(idempotency_key const& key, utc_time now);
    [[nodiscard]] result<std::optional<std::string>> once(idempotency_key const& key, utc_time now,
                                                          answering_work const& work);

private:
    std::shared_ptr<sqlite_database> db_;
};
static_assert(answer_store<sqlite_answer_store>);

}  // namespace aircargo
