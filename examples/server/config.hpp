#pragma once

#include "log.hpp"
#include <aircargo/core/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace aircargo::server {

/// The settings as they were given, each by flag or environment.
struct settings {
    std::string listen = "127.0.0.1:8080";
    std::string store = "sqlite:aircargo.db";
    std::string cache = "memory:";
    std::string lock = "local";
    std::string log_level = "info";
    unsigned threads = 0;  ///< 0: one a core
    std::size_t max_connections = 10'000;
    std::size_t max_connections_per_ip = 2'000;
    unsigned header_time_s = 10;
    bool demo_schedule = false;
};

enum class store_kind : std::uint8_t { memory, sqlite };

/// The settings as the program understands them.
struct config {
    std::string address;  ///< as text, without brackets
    std::uint16_t port;   ///< 0: any free one
    store_kind store;
    std::string sqlite_path;  ///< empty unless the store is sqlite
    bool cache;
    bool locks;
    log_level level;
    unsigned threads;
    std::size_t max_connections;
    std::size_t max_connections_per_ip;
    std::chrono::seconds header_time;
    bool demo_schedule;
};

/// \return the config, or `invalid_request` with one sentence that names the setting and what it
/// takes
[[nodiscard]] result<config> read_config(settings const& given);

}  // namespace aircargo::server
