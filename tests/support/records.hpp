#pragma once

#include "support/builders.hpp"
#include <aircargo/store/postgres.hpp>
#include <initializer_list>

namespace aircargo::test {

/// A booking with the history that it has after these acts, a minute apart.
inline booking_record record_of(booking const& b, std::initializer_list<command> acts = {},
                                annotation const& note = {})
{
    booking_record record{b, {book(b.terms, note, b.created_at).value()}};
    for (auto const& act : acts) {
        auto const next = decided(record.now, act, record.now.updated_at + std::chrono::minutes(1));
        record.now = next.after;
        record.history.push_back(next.fact);
    }
    return record;
}

}  // namespace aircargo::test
