#pragma once

#include "support/backends.hpp"
#include "support/builders.hpp"
#include <optional>
#include <utility>
#include <vector>

/// One entry at a time, in words, for the stores that speak in batches.
namespace aircargo::test {

inline result<booking> apply_one(any_booking_store& store, change const& c)
{
    return store.apply({&c, 1}).at(0);
}
inline result<booking> find_one(any_booking_store& store, booking_ref const& ref)
{
    return store.find({&ref, 1}).at(0);
}
inline result<std::vector<event>> history_of(any_booking_store& store, booking_ref const& ref)
{
    return store.history({&ref, 1}).at(0);
}
inline result<std::optional<booking>> answer_to(any_booking_store& store,
                                                idempotency_key const& key, utc_time now = noon)
{
    return store.answers({&key, 1}, now).at(0);
}

/// A test on one backend's stores.
template <class Backend>
class store_test : public ::testing::Test {
protected:
    Backend backend;
    any_booking_store& store = *backend.bookings;

    /// Brings a booking into the store.
    booking stored(booking const& b) { return apply_one(store, creation_of(b)).value(); }
    /// Brings flights into the store; as stored, with their ids.
    std::vector<flight> given(std::vector<flight> const& flights)
    {
        return backend.flights->upsert(flights).value();
    }
    booking now(booking const& b) { return find_one(store, b.terms.ref).value(); }
    std::size_t events_of(booking const& b)
    {
        return history_of(store, b.terms.ref).value().size();
    }
};

}  // namespace aircargo::test
