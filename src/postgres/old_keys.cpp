#include "postgres/old_keys.hpp"
#include <aircargo/store/booking_store.hpp>
#include <chrono>

namespace aircargo::detail {
namespace {

constexpr std::int64_t most = 1000;
/// Clocks of different programs differ.
constexpr std::chrono::seconds margin = std::chrono::hours(1);

/// A key is as old as the newest is younger, by the clocks that keys are written and asked by. The
/// server's clock has to agree, so that one program with a clock far ahead removes nothing.
constexpr pg_statement remove_some_keys{
    "remove_old_keys",
    "WITH gone AS (DELETE FROM idempotency WHERE ctid = ANY (ARRAY("
    " SELECT ctid FROM idempotency WHERE created_at < least(now(),"
    "  (SELECT created_at FROM idempotency ORDER BY created_at DESC LIMIT 1))"
    "  - $1 * interval '1 second'"
    " ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1)"
    " SELECT count(*) FROM gone"};
constexpr pg_statement remove_some_answers{
    "remove_old_answers",
    "WITH gone AS (DELETE FROM answers WHERE ctid = ANY (ARRAY("
    " SELECT ctid FROM answers WHERE created_at < least(now(),"
    "  (SELECT created_at FROM answers ORDER BY created_at DESC LIMIT 1))"
    "  - $1 * interval '1 second'"
    " ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1)"
    " SELECT count(*) FROM gone"};

[[nodiscard]] bool remove_some(pg_connection& connection, pg_statement const& how)
{
    constexpr std::chrono::seconds kept = idempotency_key::lifetime + margin;
    auto const removed = connection.run(
        how, std::move(pg_parameters().value(static_cast<std::int64_t>(kept.count())).value(most)));
    return removed.has_value() && removed->integer(0, 0) == most;
}

}  // namespace

bool remove_old_keys(pg_connection& connection)
{
    bool const more_answers = remove_some(connection, remove_some_answers);
    bool const more_keys = connection.usable() && remove_some(connection, remove_some_keys);
    return more_answers || more_keys;
}

}  // namespace aircargo::detail
