#pragma once

#include "support/fault_proxy.hpp"
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <span>

namespace aircargo::test {

/// Lets so many more bytes of the server pass, then cuts.
struct reply_cutter : connection_watcher {
    explicit reply_cutter(std::atomic<std::ptrdiff_t>& left) : left_(left) {}
    verdict from_server(std::span<std::byte const> bytes) override
    {
        if (left_ < 0) return {bytes.size()};
        auto const pass = std::min(bytes.size(), static_cast<std::size_t>(left_));
        left_ -= static_cast<std::ptrdiff_t>(pass);
        return {pass, left_ == 0};
    }

private:
    std::atomic<std::ptrdiff_t>& left_;  // -1: all
};

}  // namespace aircargo::test
