#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/core/clock.hpp>
#include <aircargo/redis/node.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>

namespace aircargo {

struct redis_cache_options {
    std::chrono::milliseconds longest_hold{10'000};  ///< the same for all that share the server
    std::chrono::milliseconds token_ttl{1000};       ///< how long a reader may take to fill
    monotonic_clock now = [] { return std::chrono::steady_clock::now(); };
    std::uint64_t seed = std::random_device{}();  ///< of tokens, owners and how long entries live
};

/// A cache that several instances share, in one Redis (6 or newer, not a cluster). Thread-safe.
/// Its `maxmemory-policy` must be `noeviction`, as it is by default: the other ones take away
/// holds, which live short, while their writers are at work. Full memory refuses holds.
///
/// What it holds belongs to a generation, which the first to come makes anew when the server was
/// emptied, started again, or another took its place: then the holds of before are lost, so the
/// new generation keeps no entry until the last of them has run out. Entries of an older generation
/// are never given. So whatever becomes of Redis, no answer is older than it may be.
class redis_cache {
public:
    explicit redis_cache(std::shared_ptr<redis_node> node, redis_cache_options options = {});

    /// One round trip, and a second one for the tokens of what is missing.
    [[nodiscard]] std::vector<cache_answer> get(std::span<cache_key const> keys);
    bool fill(std::span<cache_entry const> entries);
    /// \pre `ttl` is not above `longest_hold`
    [[nodiscard]] std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                                  std::chrono::milliseconds ttl);
    [[nodiscard]] std::vector<hold_end> settle(std::span<cache_settlement const> settlements);

private:
    struct generation;
    enum class heard : std::uint8_t { yes, no, lost };

    [[nodiscard]] std::shared_ptr<generation const> present_generation();
    [[nodiscard]] std::shared_ptr<generation const> open_generation();
    void drop(std::shared_ptr<generation const> const& lost);
    [[nodiscard]] std::uint64_t random();

    [[nodiscard]] bool take_tokens(generation const& g, std::span<cache_key const> keys,
                                   std::vector<cache_answer>& answers);
    [[nodiscard]] heard fill_in(generation const& g, std::span<cache_entry const> entries,
                                bool with_tokens);
    [[nodiscard]] result<redis_answers> hold_in(generation const& g,
                                                std::span<cache_hold const> holds,
                                                std::span<std::uint64_t const> owners,
                                                std::chrono::milliseconds ttl);

    std::shared_ptr<redis_node> node_;
    redis_cache_options options_;
    std::mutex mutex_;
    std::mt19937_64 random_;                        // guarded by mutex_
    std::shared_ptr<generation const> generation_;  // guarded by mutex_
};

static_assert(cache<redis_cache>);

}  // namespace aircargo
