#pragma once

#include "postgres/connection.hpp"
#include <optional>
#include <span>
#include <vector>

namespace aircargo::detail {

/// While it stands, what its thread changes in the database through `state::change` belongs to the
/// transaction that was begun on one connection. Reading goes its own way: who looks how far the
/// log can be read must not do so in a transaction that has its number already.
class unit_of_work {
public:
    unit_of_work(void const* database, pg_connection& connection);
    ~unit_of_work();
    unit_of_work(unit_of_work const&) = delete;
    unit_of_work& operator=(unit_of_work const&) = delete;

    /// The one that stands on this thread for this database, or null.
    [[nodiscard]] static unit_of_work* of(void const* database) noexcept;

    [[nodiscard]] pg_result<std::vector<pg_rows>> run(std::span<pg_call const> calls);
    /// Why the transaction has to be undone, whatever came of it; nothing while all is well.
    [[nodiscard]] std::optional<pg_failure> const& failure() const noexcept { return failure_; }

private:
    void const* database_;
    pg_connection& connection_;
    std::optional<pg_failure> failure_;
};

}  // namespace aircargo::detail
