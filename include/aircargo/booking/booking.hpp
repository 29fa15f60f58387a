#pragma once

#include <aircargo/booking/status.hpp>
#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/booking_ref.hpp>
#include <aircargo/core/flight_id.hpp>
#include <aircargo/core/flight_number.hpp>
#include <aircargo/core/utc_time.hpp>
#include <aircargo/core/weight.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo {

/// One take-off to one landing, as planned (STD, STA) when the booking was made.
struct leg {
    flight_id flight;
    flight_number number;
    airport_code origin;
    airport_code destination;
    utc_time departure;
    utc_time arrival;

    friend bool operator==(leg const&, leg const&) = default;
};

/// What was booked; it never changes afterwards.
struct booking_terms {
    static constexpr std::int32_t max_pieces = 100'000;
    static constexpr std::size_t max_legs = 8;

    booking_ref ref;
    airport_code origin;
    airport_code destination;
    std::int32_t pieces;  ///< physical units, 1 to `max_pieces`
    weight gross;
    std::vector<leg>
        legs{};  ///< the itinerary, from origin to destination; empty when no route was chosen

    friend bool operator==(booking_terms const&, booking_terms const&) = default;
};

/// A booking now: its terms and the fold of its events.
struct booking {
    booking_terms terms;
    booking_status status = booking_status::booked;
    std::optional<airport_code> at{};  ///< where the cargo stands; nothing while it flies
    std::size_t next_leg = 0;          ///< index of the first leg that has not departed
    bool misrouted = false;            ///< a fact that was not on the itinerary is on record
    utc_time created_at{};
    utc_time updated_at{};
    std::int64_t revision = 0;  ///< `seq` of the last event

    friend bool operator==(booking const&, booking const&) = default;
};

enum class event_type : std::uint8_t { booked, departed, arrived, delivered, cancelled };

[[nodiscard]] constexpr std::string_view name_of(event_type type) noexcept
{
    switch (type) {
        case event_type::booked: return "BOOKED";
        case event_type::departed: return "DEPARTED";
        case event_type::arrived: return "ARRIVED";
        case event_type::delivered: return "DELIVERED";
        case event_type::cancelled: return "CANCELLED";
    }
    return "?";
}

/// The type that `name_of` writes as `text`; nothing for any other text.
[[nodiscard]] constexpr std::optional<event_type> parse_event_type(std::string_view text) noexcept
{
    using enum event_type;
    for (auto type : {booked, departed, arrived, delivered, cancelled}) {
        if (name_of(type) == text) return type;
    }
    return std::nullopt;
}

/// A fact that happened to one booking. Facts are never changed or removed; their order is `seq`,
/// not a clock.
struct event {
    /// The flight that the fact speaks of.
    struct flight_mark {
        flight_id id;
        flight_number number;

        friend bool operator==(flight_mark const&, flight_mark const&) = default;
    };

    std::int64_t seq = 0;  ///< 1, 2, 3 ... within the booking; equals the revision that it made
    event_type type = event_type::booked;
    booking_status previous = booking_status::booked;  ///< for BOOKED itself: BOOKED
    booking_status status = booking_status::booked;    ///< after the fact
    std::optional<airport_code> location{};
    std::optional<flight_mark> flight{};
    bool off_plan = false;  ///< the location or the flight is not the itinerary's
    std::string notes{};
    std::string actor{};       ///< who said so; empty when nobody was logged in
    std::string request_id{};  ///< the request that brought it
    utc_time created_at{};

    friend bool operator==(event const&, event const&) = default;
};

}  // namespace aircargo
