#pragma once

#include <chrono>
#include <thread>

namespace aircargo::test {

/// Asks until `condition` holds; false when it does not within half a minute, which only a broken
/// program takes.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition)
{
    auto const give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > give_up) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace aircargo::test
