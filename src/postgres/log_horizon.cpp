#include "postgres/log_horizon.hpp"
#include <algorithm>

namespace aircargo::detail {

log_horizon::look log_horizon::begin() const
{
    std::scoped_lock const lock(mutex_);
    return {.settled = settled_};
}

/// Each statement sees what was committed before itself, not before the first of them.
std::vector<pg_call> log_horizon::statements(look const& l)
{
    // Where nothing was drawn since, no number is drawn either: an idle log costs the server none.
    constexpr pg_statement ask_drawn{
        "log_drawn",
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END,"
        " CASE WHEN last_value <> $1 THEN pg_current_xact_id() END FROM booking_log"};
    constexpr pg_statement ask_oldest{"log_oldest",
                                      "SELECT pg_snapshot_xmin(pg_current_snapshot())"};
    return {{ask_drawn, std::move(pg_parameters().value(l.settled))}, {ask_oldest, {}}};
}

void log_horizon::read(look& l, std::span<pg_rows const> answers)
{
    auto const& drawn = answers[0];
    l.drawn = drawn.integer(0, 0);
    if (!drawn.is_null(0, 1)) l.transaction = drawn.integer(0, 1);
    l.oldest = answers[1].integer(0, 0);
}

/// What another reader has found out meanwhile does not count for this one: it may have read its
/// events before.
log_position log_horizon::after(look const& l)
{
    std::scoped_lock const lock(mutex_);
    // Fewer places, or lower numbers, than there were: another server has taken over, or this look
    // was overtaken by another one. What it says by itself is true in either case.
    bool const fewer = l.drawn < l.settled;
    if (l.drawn < settled_) settled_ = 0;
    if (awaited_ && l.transaction && *l.transaction < awaited_->transaction) awaited_.reset();

    auto settled = fewer ? 0 : l.settled;
    if (awaited_ && l.oldest >= awaited_->transaction) {
        settled = std::max(settled, awaited_->drawn);
        awaited_.reset();
    }
    if (l.transaction && l.oldest >= *l.transaction) {
        settled = std::max(settled, l.drawn);
    } else if (l.transaction && !awaited_) {
        awaited_ = promise{l.drawn, *l.transaction};
    }
    settled = std::min(settled, l.drawn);
    settled_ = std::max(settled_, settled);
    return static_cast<log_position>(settled);
}

}  // namespace aircargo::detail
