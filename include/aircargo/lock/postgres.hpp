#pragma once

#include <aircargo/core/clock.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace aircargo {

class postgres_database;

/// Leases over all processes that use one PostgreSQL database, as advisory locks of a session: this
/// manager's own connection, beside those of the stores. Nothing is written. Thread-safe; calls go
/// out one after the other.
///
/// PostgreSQL knows no time for a lock. Within this manager a lease that ran out passes on at once;
/// to others it passes on with the next call here, or when the session ends: with the manager, when
/// the connection breaks, and on PostgreSQL 14 or newer when it was silent for as long as the
/// longest of its leases. Only on 13 does a process that is stopped keep its locks until it goes
/// on.
///
/// When the connection breaks, all leases are lost, and others may be given them before the holder
/// hears of it. That is safe, since the revision guards. `acquire` answers `lock_unavailable` while
/// PostgreSQL can not be reached, and again leases when it can.
///
/// A pooler between us and the server has to leave the session to us (PgBouncer: `pool_mode =
/// session`): else locks stay behind with somebody else's session. The server has room for
/// max_locks_per_transaction times max_connections locks, 6,400 as it is installed.
class postgres_lock_manager {
public:
    explicit postgres_lock_manager(
        std::shared_ptr<postgres_database> database,
        monotonic_clock now = [] { return std::chrono::steady_clock::now(); });
    ~postgres_lock_manager();

    [[nodiscard]] std::vector<result<lease>> acquire(std::span<std::string const> names,
                                                     std::chrono::milliseconds ttl);
    void release(std::span<lease const> leases);

private:
    class state;
    std::unique_ptr<state> state_;
};
static_assert(lock_manager<postgres_lock_manager>);

}  // namespace aircargo
