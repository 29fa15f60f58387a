#pragma once

#include <cstddef>
#include <vector>

namespace aircargo::bench {

/// Drives what was in the caches out of them, by walking over 64 MB of other memory.
class cold_caches {
public:
    void make_cold()
    {
        for (std::size_t i = 0; i < other_.size(); i += line) ++other_[i];
    }

private:
    static constexpr std::size_t line = 64;

    std::vector<unsigned char> other_ = std::vector<unsigned char>(std::size_t{64} << 20U);
};

}  // namespace aircargo::bench
