#pragma once

#include "solver.hpp"

namespace aircargo::bench {

/// The name of our search in every task; ratios are to it.
inline constexpr std::string_view our_name = "aircargo";

/// Our own search. Everything here that knows it is in ours.cpp.
[[nodiscard]] entrants ours(std::span<flight const> flights);

}  // namespace aircargo::bench
