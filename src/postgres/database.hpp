#pragma once

#include "postgres/log_horizon.hpp"
#include "postgres/pool.hpp"
#include "postgres/schedule_watch.hpp"
#include "postgres/unit_of_work.hpp"
#include <aircargo/store/postgres.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace aircargo {
namespace detail {

/// Brings the schema up to date. \return the version that the database then has
[[nodiscard]] result<int> migrate(pg_connection& connection, bool allowed);

}  // namespace detail

/// What the stores of one database share.
class postgres_database::state {
public:
    state(detail::pg_target target, std::optional<detail::pg_target> list_target,
          std::size_t connections);

    /// Reads in one round trip, again on another connection when one fails on the way.
    [[nodiscard]] result<std::vector<detail::pg_rows>> read(std::span<detail::pg_call const> calls)
    {
        return read_through(pool, calls);
    }
    [[nodiscard]] result<detail::pg_rows> read(detail::pg_statement what,
                                               detail::pg_parameters with = {});
    /// Changes something: as `read`, or as a part of the `unit_of_work` that stands on this thread.
    /// \param repeated set where it may have been made twice
    [[nodiscard]] result<std::vector<detail::pg_rows>> change(
        std::span<detail::pg_call const> calls, bool* repeated = nullptr);
    [[nodiscard]] result<detail::pg_rows> change(detail::pg_statement what,
                                                 detail::pg_parameters with,
                                                 bool* repeated = nullptr);
    /// As `read`, where lists are read: the replica, or the store itself while that is away.
    [[nodiscard]] result<std::vector<detail::pg_rows>> read_list(
        std::span<detail::pg_call const> calls);

    /// Asks the replica for a sign of life, if there is one.
    [[nodiscard]] result<void> check_replica();

    detail::pg_pool pool;
    detail::log_horizon log;
    int version = 0;
    std::unique_ptr<detail::schedule_watch> schedule;
    std::atomic<std::uint64_t> settled = 0;
    std::atomic<std::uint64_t> unsettled = 0;

private:
    [[nodiscard]] static result<std::vector<detail::pg_rows>> read_through(
        detail::pg_pool& through, std::span<detail::pg_call const> calls, bool* repeated = nullptr);

    std::optional<detail::pg_pool> lists_;
    /// Until when the replica is left alone, since it failed.
    std::atomic<detail::pg_pool::clock::time_point> lists_not_before_{};
};

}  // namespace aircargo
