#include "answers.hpp"
#include "bind.hpp"
#include "store_ports.hpp"
#include <aircargo/cache/redis.hpp>
#include <aircargo/lock/redis.hpp>

namespace aircargo::python {
namespace {

[[nodiscard]] std::shared_ptr<any_cache> open_cache(std::string const& url)
{
    return shared(make_cache<redis_cache>(value_or_raise(open_redis(url))));
}

[[nodiscard]] std::shared_ptr<any_lock_manager> open_locks(std::vector<std::string> const& urls)
{
    std::vector<std::shared_ptr<redis_node>> nodes;
    for (auto const& url : urls) nodes.push_back(value_or_raise(open_redis(url)));
    return shared(make_lock_manager<redis_lock_manager>(std::move(nodes)));
}

}  // namespace

void bind_redis(py::module_& m)
{
    m.def("redis_cache", &open_cache, py::arg("url"), "A cache in a Redis.");
    m.def("redis_locks", &open_locks, py::arg("urls"), "Locks in one Redis, or in several.");
}

}  // namespace aircargo::python
