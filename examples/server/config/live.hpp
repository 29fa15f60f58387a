#pragma once

#include <aircargo/core/result.hpp>
#include <chrono>
#include <cstddef>

namespace aircargo::server {

/// How events are passed on to who listens, as it was given.
struct live_settings {
    std::size_t max_streams = 1000;
    std::size_t max_streams_per_caller = 20;
    unsigned event_poll_ms = 100;
    unsigned event_heartbeat_s = 15;
    unsigned stream_time_s = 300;
};

/// The same as the program understands it.
struct live_config {
    std::size_t max_streams;
    std::size_t max_streams_per_caller;
    std::chrono::milliseconds event_poll;  ///< between two looks for what other servers did
    std::chrono::seconds event_heartbeat;
    std::chrono::seconds stream_time;
};

/// \return `invalid_request` with one sentence that names the setting and what it takes
[[nodiscard]] result<live_config> read_live(live_settings const& given);

}  // namespace aircargo::server
