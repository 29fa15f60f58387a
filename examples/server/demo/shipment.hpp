#pragma once

#include "demo/dice.hpp"
#include <aircargo/core/airport_code.hpp>
#include <deque>
#include <string>
#include <vector>

/// What becomes of a shipment of the demo.
namespace aircargo::server {

/// A request about a booking.
struct demo_act {
    std::string name;  ///< depart, arrive, deliver or cancel
    std::string body;  ///< JSON; empty for none
};

/// The airports that a shipment passes, its origin and destination among them.
using demo_journey = std::vector<airport_code>;

/// All that is going to happen to it: most get through as planned, one in twelve is cancelled on
/// the way, and of the others one in fifteen lands somewhere else first.
/// \param journey of two airports at least \param elsewhere where it lands then
[[nodiscard]] std::deque<demo_act> acts_of(demo_journey const& journey, airport_code elsewhere,
                                           dice& chance);

}  // namespace aircargo::server
