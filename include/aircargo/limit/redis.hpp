#pragma once

#include <aircargo/limit/rate_limiter.hpp>
#include <aircargo/redis/node.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aircargo {

/// Counts in one Redis (6 or newer, not a cluster) for all instances that share it, by the clock of
/// that server. Thread-safe.
///
/// A batch is one script and one round trip. A key is there only while it owes something. Redis has
/// to keep what it is given (`maxmemory-policy noeviction`): a key that is lost has its burst
/// again.
class redis_rate_limiter {
public:
    /// \param prefix of the keys, for all that share them
    explicit redis_rate_limiter(std::shared_ptr<redis_node> node, std::string prefix = "rate:")
        : node_(std::move(node)), prefix_(std::move(prefix))
    {}

    [[nodiscard]] std::vector<result<rate_answer>> check(std::span<rate_request const> requests);

private:
    std::shared_ptr<redis_node> node_;
    std::string prefix_;
};

static_assert(rate_limiter<redis_rate_limiter>);

}  // namespace aircargo
