#pragma once

#include <cstdint>

namespace aircargo {

/// A flight's number in its store: given by the store, never used twice, meaningless elsewhere.
enum class flight_id : std::int64_t {};

}  // namespace aircargo
