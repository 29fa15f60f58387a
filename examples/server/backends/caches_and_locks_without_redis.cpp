#include "backends/caches_and_locks.hpp"

namespace aircargo::server {
namespace {

[[nodiscard]] error no_redis()
{
    return refuse(errc::invalid_request,
                  "this program was built without Redis (AIRCARGO_WITH_REDIS=OFF)");
}

}  // namespace

result<void> check_redis_url(std::string const&) { return no_redis(); }
result<void> open_redis_parts(config const&, caches_and_locks&) { return no_redis(); }

}  // namespace aircargo::server
