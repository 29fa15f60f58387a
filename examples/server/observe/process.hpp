#pragma once

#include <cstdint>
#include <optional>

namespace aircargo::server {

/// What the system says of this program.
struct process_state {
    double cpu_seconds = 0;  ///< of all threads since the start, user and system
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t threads = 0;
    std::uint64_t open_files = 0;
    std::uint64_t most_files = 0;  ///< that may be open
    double started = 0;            ///< seconds since 1970
};

/// \return nothing where /proc can not be read
[[nodiscard]] std::optional<process_state> look_at_process();

}  // namespace aircargo::server
