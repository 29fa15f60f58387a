#pragma once

#include <cstddef>

namespace aircargo::test {

/// How often this program has allocated so far; only for programs with
/// unit/allocation/counting.cpp.
[[nodiscard]] std::size_t allocations() noexcept;

/// How often `ask` allocates once it has been asked the same before.
template <class Ask>
[[nodiscard]] std::size_t allocations_when_warm(Ask ask)
{
    ask();
    auto const before = allocations();
    ask();
    return allocations() - before;
}

}  // namespace aircargo::test
