#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// The log: one JSON object a line on stderr, written by a thread of its own. When that falls
/// behind, the oldest lines are lost rather than requests held up. All functions are safe from any
/// thread.
namespace aircargo::server {

enum class log_level : std::uint8_t { debug, info, warn, error, off };

/// Starts the log's thread; the end of the object writes out what is left.
class log_session {
public:
    explicit log_session(log_level level);
    ~log_session();
    log_session(log_session const&) = delete;
    log_session& operator=(log_session const&) = delete;
};

/// What tells lines of one request from those of others.
struct request_names {
    std::string_view request_id;
    std::string_view trace_id;  ///< the same in all services that a trace goes through
};

struct access_record {
    request_names of;
    std::string_view method;
    std::string_view
        route;  ///< template, such as /api/v1/bookings/{ref_id}; empty when none took it
    std::string_view path;
    unsigned status;
    std::chrono::nanoseconds duration;
    std::size_t bytes;  ///< sent
    std::string_view peer;
    std::string_view client;  ///< as proxies tell it; empty when nobody asked
};
void log_access(access_record const& record);

/// How many lines were lost because the log fell behind.
[[nodiscard]] std::uint64_t lost_log_lines();

using log_fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// A fact with short fields, and the request that it belongs to. No secrets. The levels: debug for
// caches and locks, info for the business and the program's life, warn for what somebody should
// look at, error for mistakes of ours.

/// Whether debug lines are written, for those that cost something to make.
[[nodiscard]] bool logs_debug();
void log_debug(std::string_view what, log_fields fields = {});
void log_info(std::string_view what, log_fields fields = {});
void log_info(request_names of, std::string_view what, log_fields fields = {});
void log_warning(std::string_view what, log_fields fields = {});
void log_warning(request_names of, std::string_view what, log_fields fields = {});
void log_error(std::string_view what, log_fields fields = {});
void log_error(request_names of, std::string_view what, log_fields fields = {});

}  // namespace aircargo::server
