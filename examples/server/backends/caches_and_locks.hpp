#pragma once

#include "backends/redis_watch.hpp"
#include "backends/stores.hpp"
#include "config/config.hpp"
#include <aircargo/cache/cache.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/limit/rate_limiter.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <memory>
#include <string>
#include <vector>

namespace aircargo::server {

/// The cache, the locks and the limiter that the settings name.
struct caches_and_locks {
    std::unique_ptr<any_cache> cache;
    std::unique_ptr<any_lock_manager> locks;
    std::unique_ptr<any_rate_limiter> limiter;  ///< none: each server counts for itself
    std::vector<used_redis> servers;            ///< that they are in
};

/// Connects to nothing: a Redis that can not be reached is one that is down for now.
[[nodiscard]] result<caches_and_locks> open_caches_and_locks(config const& c, stores const& beside);

/// \return `invalid_request` with a sentence that shows no password, also when the program was
/// built without Redis
[[nodiscard]] result<void> check_redis_url(std::string const& url);

/// Opens those of the three that are in Redis. `invalid_request` when the program was built without
/// it
[[nodiscard]] result<void> open_redis_parts(config const& c, caches_and_locks& into);

}  // namespace aircargo::server
