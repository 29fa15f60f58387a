#include "caches_and_locks.hpp"
#include <aircargo/cache/memory.hpp>
#include <aircargo/lock/memory.hpp>

namespace aircargo::server {

result<caches_and_locks> open_caches_and_locks(config const& c)
{
    caches_and_locks opened;
    opened.cache =
        c.cache == cache_kind::memory ? make_cache<memory_cache>() : make_cache<no_cache>();
    opened.locks = c.locks == lock_kind::local ? make_lock_manager<memory_lock_manager>()
                                               : make_lock_manager<no_locks>();
    if (c.cache_url.empty() && c.lock_urls.empty()) return opened;
    if (auto in_redis = open_redis_parts(c, opened); !in_redis) return in_redis.error();
    return opened;
}

}  // namespace aircargo::server
