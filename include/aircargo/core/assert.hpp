#pragma once

#include <cassert>

/// Checks what only a bug of ours can break. The world's faults (input, I/O, races) are `result`s
/// instead.
#define AIRCARGO_ASSERT(condition) assert(condition)
