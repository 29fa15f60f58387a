#pragma once

#include <aircargo/routing/flight_change.hpp>
#include <aircargo/routing/schedule.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace aircargo::detail {

/// The changes that turn a schedule's flights into `wanted`, flights being the same by id. Nothing
/// when there are more than `most`, or ids are not the kind that stores give: then build anew.
[[nodiscard]] std::optional<std::vector<flight_change>> difference(schedule const& now,
                                                                   std::span<flight const> wanted,
                                                                   std::size_t most);

}  // namespace aircargo::detail
