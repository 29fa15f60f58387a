#include "backends/caches_and_locks.hpp"
#include <aircargo/cache/memory.hpp>
#include <aircargo/lock/memory.hpp>

namespace aircargo::server {

namespace {

[[nodiscard]] std::unique_ptr<any_lock_manager> locks_of(config const& c, stores const& beside)
{
    if (c.locks == lock_kind::local) return make_lock_manager<memory_lock_manager>();
    if (c.locks == lock_kind::postgres) return beside.locks();
    return make_lock_manager<no_locks>();  // or those that are in Redis take its place
}

}  // namespace

result<caches_and_locks> open_caches_and_locks(config const& c, stores const& beside)
{
    caches_and_locks opened;
    opened.cache =
        c.cache == cache_kind::memory ? make_cache<memory_cache>() : make_cache<no_cache>();
    opened.locks = locks_of(c, beside);
    if (c.cache_url.empty() && c.lock_urls.empty() && c.limits.redis_url.empty()) return opened;
    if (auto in_redis = open_redis_parts(c, opened); !in_redis) return in_redis.error();
    return opened;
}

}  // namespace aircargo::server
