#pragma once

#include "world/made_up/draw.hpp"
#include <aircargo/routing/airport.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace aircargo::detail {

/// An airport of the made-up world.
struct made_up_place {
    airport const* about;  ///< with a zone that this system knows
    double size;           ///< of the largest: 1
};

struct made_up_lane {
    std::uint32_t origin;  ///< place
    std::uint32_t destination;
    double km;
};

/// Who flies where.
struct made_up_network {
    std::vector<made_up_place> places;  ///< the largest first
    std::vector<made_up_lane> lanes;    ///< by origin, both ways
};

[[nodiscard]] made_up_network make_network(draw& random);

}  // namespace aircargo::detail
