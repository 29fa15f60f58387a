#pragma once

#include <aircargo/store/booking_store.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace aircargo {

struct verify_report {
    struct difference {
        booking_ref ref;
        std::string what;
    };

    std::size_t bookings = 0;
    std::size_t events = 0;
    std::vector<difference> differences;
};

/// Replays the history of every booking and compares the outcome with the stored row.
/// \return what was found, or the store's error. Meant for a store at rest: a booking that changes
/// between the two reads is read again before it counts as a difference.
[[nodiscard]] result<verify_report> verify(any_booking_store& store);

}  // namespace aircargo
