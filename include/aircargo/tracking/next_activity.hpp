#pragma once

#include <aircargo/booking/booking.hpp>
#include <optional>

namespace aircargo {

/// What should happen to a booking next if all goes by the itinerary.
struct next_activity {
    booking_act act;
    airport_code location;
    std::optional<leg> flight;             ///< for depart and arrive, where a route was chosen
    std::optional<utc_time> scheduled_at;  ///< STD or STA of that flight

    friend bool operator==(next_activity const&, next_activity const&) = default;
};

/// Nothing for a finished booking, and for cargo that stands where its itinerary does not lead on
/// from, or flies after it left its itinerary: there somebody has to decide.
[[nodiscard]] inline std::optional<next_activity> next_expected_activity(booking const& b)
{
    auto const& legs = b.terms.legs;
    auto const depart_on = [](leg const& l) -> next_activity {
        return {booking_act::depart, l.origin, l, l.departure};
    };
    auto const arrive_on = [](leg const& l) -> next_activity {
        return {booking_act::arrive, l.destination, l, l.arrival};
    };
    auto const without_flight = [](booking_act act, airport_code place) -> next_activity {
        return {act, place, std::nullopt, std::nullopt};
    };
    switch (b.status) {
        case booking_status::booked:
            return legs.empty() ? without_flight(booking_act::depart, b.terms.origin)
                                : depart_on(legs.front());
        case booking_status::departed: {
            bool const flying = !b.at;
            if (flying && b.misrouted) return std::nullopt;
            if (flying && b.next_leg > 0) return arrive_on(legs[b.next_leg - 1]);
            if (flying) return without_flight(booking_act::arrive, b.terms.destination);
            bool const leads_on = b.next_leg < legs.size() && legs[b.next_leg].origin == b.at;
            return leads_on ? std::optional(depart_on(legs[b.next_leg])) : std::nullopt;
        }
        case booking_status::arrived:
            return without_flight(booking_act::deliver, b.terms.destination);
        case booking_status::delivered:
        case booking_status::cancelled: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace aircargo
