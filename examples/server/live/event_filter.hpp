#pragma once

#include <aircargo/store/event_log.hpp>
#include <optional>

namespace aircargo::server {

/// Which events somebody wants; what is left out lets everything through.
struct event_filter {
    std::optional<booking_ref> of{};
    std::optional<booking_status> status{};  ///< after the event
    std::optional<airport_code> origin{};
    std::optional<airport_code> destination{};
};

[[nodiscard]] inline bool matches(event_filter const& filter, logged_event const& e)
{
    return (!filter.of || e.ref == *filter.of) &&
           (!filter.status || e.fact.status == *filter.status) &&
           (!filter.origin || e.origin == *filter.origin) &&
           (!filter.destination || e.destination == *filter.destination);
}

}  // namespace aircargo::server
