#pragma once

#include "config/auth.hpp"
#include "config/limits.hpp"
#include "config/live.hpp"
#include "config/operations.hpp"
#include "config/page.hpp"
#include "config/tls.hpp"
#include "config/webhooks.hpp"
#include "log.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/service/booking_service.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// The settings as they were given, each by flag or environment.
struct settings {
    std::string listen = "127.0.0.1:8080";
    std::string store = "sqlite:aircargo.db";
    std::size_t store_connections = 0;  ///< 0: two a core
    std::string store_list_url;
    std::string cache;  ///< empty: what suits the store
    std::string lock = "local";
    std::string on_lock_unavailable = "reject";
    unsigned lock_ttl_ms = 10'000;
    limits_settings limits;
    auth_settings auth;
    operations_settings operations;
    live_settings live;
    tls_settings tls;
    webhooks_settings webhooks;
    page_settings page;
    std::string log_level = "info";
    unsigned threads = 0;  ///< 0: one a core
    std::size_t max_connections = 10'000;
    std::size_t max_connections_per_ip = 2'000;
    unsigned header_time_s = 10;
    unsigned idle_time_s = 75;
    bool demo_schedule = false;
    bool migrate = true;
};

enum class store_kind : std::uint8_t { memory, sqlite, postgres };

enum class cache_kind : std::uint8_t { off, memory, redis };
enum class lock_kind : std::uint8_t {
    off,
    local,
    postgres,
    held_cache,  ///< the holds of the cache in Redis, which are locks
    redis,       ///< a lease in one server
    redlock      ///< a lease in most of several
};

[[nodiscard]] std::string_view name_of(store_kind kind) noexcept;
[[nodiscard]] std::string_view name_of(cache_kind kind) noexcept;
[[nodiscard]] std::string_view name_of(lock_kind kind) noexcept;

/// The settings as the program understands them.
struct config {
    std::string address;  ///< as text, without brackets
    std::uint16_t port;   ///< 0: any free one
    store_kind store;
    std::string sqlite_path;        ///< empty unless the store is sqlite
    std::string postgres_url;       ///< empty unless the store is postgres; holds a password
    std::string postgres_list_url;  ///< empty: lists are read from the store itself
    std::size_t store_connections;  ///< 0: two a core
    cache_kind cache;
    std::string cache_url;  ///< empty unless the cache is in Redis; may hold a password
    /// A cache was asked for, but what changes while locks are away could not be kept from it.
    bool cache_given_up;
    lock_kind locks;
    std::vector<std::string> lock_urls;  ///< of Redis; may hold passwords
    lock_unavailable_policy on_lock_unavailable;
    std::chrono::milliseconds lock_ttl;
    limits_config limits;
    auth_config auth;
    operations_config operations;
    live_config live;
    std::optional<tls_files> tls;  ///< none: plain HTTP
    webhooks_config webhooks;
    page_config page;
    log_level level;
    unsigned threads;
    std::size_t max_connections;
    std::size_t max_connections_per_ip;
    std::chrono::seconds header_time;
    std::chrono::seconds idle_time;
    bool demo_schedule;
    bool migrate;
};

/// What becomes of a cache that is given up.
inline constexpr std::string_view why_cache_is_off =
    "with --on-lock-unavailable proceed bookings are not cached, since a change that goes on "
    "without a lock could not be kept from the cache";

/// \return the config, or `invalid_request` with one sentence that names the setting and what it
/// takes
[[nodiscard]] result<config> read_config(settings const& given);

}  // namespace aircargo::server
