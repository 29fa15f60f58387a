#pragma once

#include "postgres/connection.hpp"
#include <aircargo/store/event_log.hpp>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace aircargo::detail {

/// Knows how far the log can be read without passing over what commits late.
///
/// A place in the log is drawn before its transaction commits, so of two places the higher may be
/// there first, and a reader who went on from it would never see the lower. So a reader looks which
/// place was drawn last, and then draws a transaction number itself. Whoever drew one of these
/// places had a number before, thus a lower one (the column's default sees to that). Once all
/// transactions with lower numbers have ended, each of these places either is there or never will
/// be. Thread-safe; each process finds out for itself.
class log_horizon {
public:
    /// What one reader asks the database, and what it answers, in this order.
    struct look {
        std::int64_t settled;                       ///< up to here all was settled before
        std::int64_t drawn = 0;                     ///< the last place that was drawn
        std::optional<std::int64_t> transaction{};  ///< a number drawn after that
        std::int64_t oldest = 0;  ///< of all numbers whose transactions have not ended
    };

    [[nodiscard]] look begin() const;
    /// The statements that look; they go before the one that reads events.
    [[nodiscard]] static std::vector<pg_call> statements(look const& l);
    /// \pre as many answers as statements
    static void read(look& l, std::span<pg_rows const> answers);
    /// \return the place up to which all is settled; what was read after the look is complete up to
    /// there
    [[nodiscard]] log_position after(look const& l);

private:
    /// All transactions with this number or a higher one draw places above `drawn`.
    struct promise {
        std::int64_t drawn;
        std::int64_t transaction;
    };

    mutable std::mutex mutex_;
    std::int64_t settled_ = 0;
    std::optional<promise> awaited_;
};

}  // namespace aircargo::detail
