#include "config/live.hpp"
#include "config/setting_errors.hpp"
#include <string>

namespace aircargo::server {

result<live_config> read_live(live_settings const& given)
{
    constexpr unsigned minute_ms = 60'000;
    constexpr unsigned hour_s = 3600;
    if (given.event_poll_ms < 1 || given.event_poll_ms > minute_ms) {
        return bad_setting("--event-poll (AIRCARGO_EVENT_POLL)",
                           std::to_string(given.event_poll_ms), "1 to 60000 milliseconds");
    }
    if (given.event_heartbeat_s < 1 || given.event_heartbeat_s > hour_s) {
        return bad_setting("--event-heartbeat (AIRCARGO_EVENT_HEARTBEAT)",
                           std::to_string(given.event_heartbeat_s), "1 to 3600 seconds");
    }
    if (given.stream_time_s < 1 || given.stream_time_s > hour_s) {
        return bad_setting("--stream-time (AIRCARGO_STREAM_TIME)",
                           std::to_string(given.stream_time_s), "1 to 3600 seconds");
    }
    return live_config{given.max_streams, given.max_streams_per_caller,
                       std::chrono::milliseconds(given.event_poll_ms),
                       std::chrono::seconds(given.event_heartbeat_s),
                       std::chrono::seconds(given.stream_time_s)};
}

}  // namespace aircargo::server
