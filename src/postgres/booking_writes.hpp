#pragma once

#include "postgres/database.hpp"
#include <aircargo/store/booking_store.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace aircargo::detail {

/// A change with a number that no other change has: how a writer whose connection broke finds out
/// whether what stands in the log is its own.
struct numbered_change {
    change const* what;
    std::int64_t number;
};

/// A number that nobody else draws, far from the end, since the changes of a transaction count on
/// from it.
[[nodiscard]] std::int64_t random_change_no();

/// Goes with a transaction that is sent again. An earlier sending may have happened, and yet not
/// have reached the standby that it should have waited for; a commit with something to write waits
/// for all before it.
inline constexpr pg_statement wait_for_standby{
    "wait_for_standby", "SELECT pg_logical_emit_message(true, 'aircargo', 'sent again')"};

/// One transaction that applies changes, made to be sent again: whatever of it has happened already
/// does not happen twice.
///
/// An earlier sending may still be at work when the next one comes: it holds the rows that it
/// changed, so the next one waits for it at the first of them, and then finds them changed.
///
/// Its parts go out together and each is one statement for many changes: the idempotency keys, then
/// the bookings that are changed, then those that are made, and at last the keys of what was
/// refused are taken away again. All go in order of their names, so that two transactions never
/// wait for each other. Changes that share a booking or a key follow each other in waves.
class booking_transaction {
public:
    explicit booking_transaction(std::span<change const> changes);

    [[nodiscard]] std::span<pg_call const> calls() const noexcept { return calls_; }
    /// Which changes were applied, from the answers to `calls`.
    [[nodiscard]] std::vector<bool> applied(std::span<pg_rows const> answers) const;
    [[nodiscard]] std::span<numbered_change const> changes() const noexcept { return changes_; }

private:
    using wave = std::vector<std::size_t>;  // indexes of changes
    struct answer_of_call {
        std::size_t call;
        wave changes;
    };

    [[nodiscard]] std::vector<wave> waves() const;
    void add_wave(wave const& w);
    void add_keys(wave const& keyed);
    void drop_refused_keys(wave const& keyed);
    void add_acts(wave acts);
    void add_creations(wave creations);
    void add_legs(wave const& creations);
    [[nodiscard]] std::vector<numbered_change> of(wave const& w) const;

    std::vector<numbered_change> changes_;
    std::vector<pg_call> calls_;
    std::vector<answer_of_call> answers_;
};

}  // namespace aircargo::detail
