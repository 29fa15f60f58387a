#pragma once

#include <aircargo/store/account_store.hpp>
#include <aircargo/store/answer_store.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <aircargo/store/webhook_store.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aircargo {

struct postgres_options {
    /// Connections of this process, opened as they are needed; 0 takes two a core. One more listens
    /// for changes of the schedule, and a `postgres_lock_manager` has one of its own. Together they
    /// must fit into the server's `max_connections`.
    std::size_t connections = 0;
    /// Where lists are read when that is not the store itself: the URL of a replica. They are then
    /// as old as the replica lags behind. Empty: the store itself.
    std::string list_url{};

    // What the server gives up after.
    std::chrono::milliseconds statement_timeout{10'000};
    std::chrono::milliseconds lock_timeout{5'000};
    std::chrono::milliseconds idle_in_transaction_timeout{10'000};

    // What this process gives up after.
    std::chrono::seconds connect_timeout{5};           ///< for each host of the URL
    std::chrono::milliseconds answer_timeout{15'000};  ///< of silence; then the connection is cut
    std::chrono::milliseconds pool_timeout{2'000};     ///< for a free connection
    /// How long the true outcome of a lost commit is looked for before it is `commit_unknown`.
    std::chrono::milliseconds settle_timeout{5'000};

    bool migrate = true;  ///< bring the schema up to date when opening
};

/// Of the connections that changes and lookups use: counts since the start, and what is open now.
struct postgres_counts {
    std::size_t limit = 0;        ///< connections that may be open
    std::size_t open = 0;         ///< connections
    std::size_t in_use = 0;       ///< of these
    std::uint64_t connects = 0;   ///< that succeeded
    std::uint64_t failures = 0;   ///< to connect
    std::uint64_t lost = 0;       ///< connections that broke in use
    std::uint64_t settled = 0;    ///< lost commits whose outcome was found
    std::uint64_t unsettled = 0;  ///< lost commits that were answered `commit_unknown`
};

/// Whether `open` could read the URL; asks no server. \return `invalid_request` with words that
/// show nothing of it
[[nodiscard]] result<void> check_postgres_url(std::string const& url);

/// A PostgreSQL database (13 or newer) and this process's connections to it. Made by `open`; the
/// stores share it. Thread-safe, and any number of processes may use the same database.
///
/// URLs and their parameters are libpq's: several hosts, TLS (`sslmode=verify-full`), keepalives.
/// With several hosts, `target_session_attrs=read-write` is taken when none is given, so that after
/// a failover the connections find the new primary.
class postgres_database {
public:
    /// \return the database; `backend_down` when it can not be reached, `invalid_request` when the
    /// URL is unreadable, the pool does not fit into the server's limit, or the schema is newer
    /// than this program, or older and `migrate` is false.
    [[nodiscard]] static result<std::shared_ptr<postgres_database>> open(
        std::string const& url, postgres_options const& options = {});
    ~postgres_database();

    /// Number of the last migration that the database has.
    [[nodiscard]] int schema_version() const noexcept;
    [[nodiscard]] postgres_counts counts() const;
    /// Asks the replica of `list_url` for a sign of life. Without it, lists are read from the
    /// store. \return `backend_down` and such; nothing to say where there is no replica
    [[nodiscard]] result<void> check_replica();
    /// Asks the store for a sign of life. \return whether changes can be made there: not on a
    /// replica that nobody promoted. `backend_down` and such
    [[nodiscard]] result<bool> takes_changes();

    class state;
    [[nodiscard]] state& in() noexcept { return *state_; }

private:
    explicit postgres_database(std::unique_ptr<state> s);

    std::unique_ptr<state> state_;
};

/// Lets a role of the database server use the store, and no more than it needs: it reads and adds,
/// changes bookings, and can neither change nor remove an event. To be called by the role that owns
/// the tables. \return `invalid_request` when there is no such role
[[nodiscard]] result<void> grant_service_role(postgres_database& database, std::string const& role);

/// Bookings in PostgreSQL. A batch is one transaction and one round trip, with one statement for
/// each kind of change. When the connection is lost before the answer comes, the same transaction
/// is sent again under the same number until it is known whether the first one happened.
class postgres_booking_store {
public:
    explicit postgres_booking_store(std::shared_ptr<postgres_database> database)
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
    std::shared_ptr<postgres_database> db_;
};
static_assert(booking_store<postgres_booking_store>);

/// Flights in PostgreSQL. `version` is answered from memory while the server's notifications come
/// in, so it lags behind other processes by the way of one.
class postgres_flight_store {
public:
    explicit postgres_flight_store(std::shared_ptr<postgres_database> database)
        : db_(std::move(database))
    {}

    [[nodiscard]] result<std::vector<flight>> upsert(std::span<flight const> flights);
    [[nodiscard]] result<std::vector<flight>> load(flight_window window);
    [[nodiscard]] std::vector<result<flight>> find(std::span<flight_id const> ids);
    [[nodiscard]] result<std::uint64_t> version();

private:
    std::shared_ptr<postgres_database> db_;
};
static_assert(flight_store<postgres_flight_store>);

/// Accounts in PostgreSQL.
class postgres_account_store {
public:
    explicit postgres_account_store(std::shared_ptr<postgres_database> database)
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
    std::shared_ptr<postgres_database> db_;
};
static_assert(account_store<postgres_account_store>);

/// Webhooks in PostgreSQL.
class postgres_webhook_store {
public:
    explicit postgres_webhook_store(std::shared_ptr<postgres_database> database)
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
    std::shared_ptr<postgres_database> db_;
};
static_assert(webhook_store<postgres_webhook_store>);

/// Answers in PostgreSQL. When the connection is lost while one is made, it is looked for, or made
/// again, until it is known what became of it.
class postgres_answer_store {
public:
    explicit postgres_answer_store(std::shared_ptr<postgres_database> database)
        : db_(std::move(database))
    {}

    [[nodiscard]] result<std::optional<std::string>> find(idempotency_key const& key, utc_time now);
    [[nodiscard]] result<std::optional<std::string>> once(idempotency_key const& key, utc_time now,
                                                          answering_work const& work);

private:
    std::shared_ptr<postgres_database> db_;
};
static_assert(answer_store<postgres_answer_store>);

/// A booking with everything that happened to it.
struct booking_record {
    booking now;
    std::vector<event> history;
};

/// Brings bookings of another system in, many at once, with COPY. A call is one transaction, all or
/// nothing; among bookings of the same second, lists show later records first. Between check and
/// commit it holds the records once more as the server takes them, about 1 kB a booking.
///
/// A long stream is cut into calls of 1,000 to 20,000 records: what came in stays when a later call
/// fails, the server's timeouts hold for each call, and memory does not grow. Calls may run side by
/// side. A call that is repeated loads nothing twice: its references are taken.
///
/// Two callers on two cores brought in 16,000 bookings with 47,000 events a second, up to 10
/// million. Have the owner of the tables VACUUM ANALYZE them at the end, else lists count slowly
/// until the server does so by itself.
/// \return done, or `invalid_request` (a record whose terms no booking can have, or whose history
/// does not add up to it), `already_exists` (a reference that is taken or comes twice), `not_found`
/// (a flight that is not stored), each naming the first; `backend_down` when nothing of it
/// happened, `commit_unknown` when nobody knows
[[nodiscard]] result<void> load_bookings(postgres_database& database,
                                         std::span<booking_record const> records);

}  // namespace aircargo
