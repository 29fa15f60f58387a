#pragma once

#include "log.hpp"
#include <aircargo/core/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aircargo::server {

/// The settings as they were given, each by flag or environment.
struct settings {
    std::string listen = "127.0.0.1:8080";
    std::string store = "sqlite:aircargo.db";
    std::size_t store_connections = 0;  ///< 0: two a core
    std::string store_list_url;
    std::string cache;  ///< empty: what suits the store
    std::string lock = "local";
    std::string log_level = "info";
    unsigned threads = 0;  ///< 0: one a core
    std::size_t max_connections = 10'000;
    std::size_t max_connections_per_ip = 2'000;
    unsigned header_time_s = 10;
    bool demo_schedule = false;
    bool migrate = true;
};

enum class store_kind : std::uint8_t { memory, sqlite, postgres };

[[nodiscard]] std::string_view name_of(store_kind kind) noexcept;

/// The settings as the program understands them.
struct config {
    std::string address;  ///< as text, without brackets
    std::uint16_t port;   ///< 0: any free one
    store_kind store;
    std::string sqlite_path;        ///< empty unless the store is sqlite
    std::string postgres_url;       ///< empty unless the store is postgres; holds a password
    std::string postgres_list_url;  ///< empty: lists are read from the store itself
    std::size_t store_connections;  ///< 0: two a core
    bool cache;
    bool locks;
    log_level level;
    unsigned threads;
    std::size_t max_connections;
    std::size_t max_connections_per_ip;
    std::chrono::seconds header_time;
    bool demo_schedule;
    bool migrate;
};

/// \return the config, or `invalid_request` with one sentence that names the setting and what it
/// takes
[[nodiscard]] result<config> read_config(settings const& given);

}  // namespace aircargo::server
