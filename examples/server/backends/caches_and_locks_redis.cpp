#include "backends/caches_and_locks.hpp"
#include <aircargo/cache/redis.hpp>
#include <aircargo/limit/redis.hpp>
#include <aircargo/lock/redis.hpp>
#include <algorithm>
#include <string_view>
#include <utility>

namespace aircargo::server {
namespace {

/// The URL without user and password.
[[nodiscard]] std::string place_of(std::string_view url)
{
    constexpr std::string_view scheme_end = "://";
    auto const address = url.find(scheme_end) + scheme_end.size();
    bool const is_socket = url.starts_with("unix");
    auto const at = is_socket ? url.find("@/", address) : url.rfind('@');
    auto const host = at == std::string_view::npos ? address : at + 1;
    return std::string(url.substr(0, address)) + std::string(url.substr(host));
}

/// A server that has several uses is opened once.
class opener {
public:
    explicit opener(std::vector<used_redis>& servers) : servers_(servers) {}

    [[nodiscard]] result<std::shared_ptr<redis_node>> open(std::string const& url,
                                                           bool used_redis::*use)
    {
        auto const known = std::find(urls_.begin(), urls_.end(), url);
        auto const index = static_cast<std::size_t>(known - urls_.begin());
        if (known == urls_.end()) {
            auto node = open_redis(url);
            if (!node) return node.error();
            urls_.push_back(url);
            servers_.push_back({.place = place_of(url), .node = *std::move(node)});
        }
        servers_[index].*use = true;
        return servers_[index].node;
    }

private:
    std::vector<used_redis>& servers_;
    std::vector<std::string> urls_;
};

}  // namespace

result<void> check_redis_url(std::string const& url)
{
    auto const opened = open_redis(url);
    if (opened) return {};
    return opened.error();
}

result<void> open_redis_parts(config const& c, caches_and_locks& into)
{
    opener servers(into.servers);
    if (c.cache == cache_kind::redis) {
        auto node = servers.open(c.cache_url, &used_redis::caches);
        if (!node) return node.error();
        if (c.locks == lock_kind::held_cache) into.servers.front().locks = true;
        redis_cache_options options;
        options.longest_hold = c.lock_ttl;
        into.cache = make_cache<redis_cache>(*std::move(node), std::move(options));
    }
    std::vector<std::shared_ptr<redis_node>> nodes;
    for (auto const& url : c.lock_urls) {
        auto node = servers.open(url, &used_redis::locks);
        if (!node) return node.error();
        nodes.push_back(*std::move(node));
    }
    if (!nodes.empty()) into.locks = make_lock_manager<redis_lock_manager>(std::move(nodes));
    if (!c.limits.redis_url.empty()) {
        auto node = servers.open(c.limits.redis_url, &used_redis::counts);
        if (!node) return node.error();
        into.limiter = make_rate_limiter<redis_rate_limiter>(*std::move(node));
    }
    return {};
}

}  // namespace aircargo::server
