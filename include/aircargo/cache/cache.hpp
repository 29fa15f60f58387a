#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aircargo {

/// Names an answer that may be cached.
struct cache_key {
    std::string key;
    std::string guard;  ///< the name under which writers hold all that is cached of the same thing
};

/// A reader's right to fill a key that it missed; 0 is no right. Random, never a counter, so that a
/// cache that lost everything takes no late fill.
using fill_token = std::uint64_t;

/// Hit: `value`. Miss: a token to fill with, or 0 when another reader is filling or a writer is at
/// work.
struct cache_answer {
    std::optional<std::string> value;
    fill_token token = 0;
};

/// What a reader found in the store after a miss, or a writer has just committed.
struct cache_entry {
    cache_key key;
    std::string value;
    std::int64_t revision = 0;
    std::chrono::seconds ttl{300};
    fill_token token = 0;  ///< of a reader; may be 0
};

/// What a writer wants to hold.
struct cache_hold {
    std::string guard;
    std::vector<std::string> keys;  ///< all that may be cached under it
};

/// The end of a hold, with what the writer has committed: nothing if it changed nothing. Keys that
/// stand in `fresh` are cached anew; of the others nothing is cached until a reader fills them.
struct cache_settlement {
    lease hold;
    std::vector<cache_entry> fresh;
};

/// How a hold ended.
enum class hold_end : std::uint8_t {
    in_time,  ///< it stood until now
    late,     ///< it had run out or was lost: others may have cached what was true before
    unheard   ///< the cache could not be reached
};

// clang-format off
/// Keeps answers for a while, may forget any of them at any time, and never gives one that is older than what a
/// writer has settled, or a reader has told. May be called from several threads.
///
/// A writer holds a guard before it reads what it will change, and settles after its commit. While a guard is
/// held nothing is cached under it: `hold` takes away what there is, and fills are refused. So whoever finds
/// nothing reads the store, and nobody is given what the commit makes old. This rests on the commit falling
/// within the lease; whoever finds that it did not must tell, by `fill`, before answering anybody.
///
///  - `get`: a miss is never an error, so it can not fail.
///  - `fill`: what readers found after a miss. An entry is kept only while its token stands, no writer holds
///    the guard, and nobody has told of a newer revision; else it only tells: an older entry goes, and an older
///    fill that is under way will be refused. \return whether the cache has heard it all.
///  - `hold`: an answer each: the lease, `lock_busy` (also for a guard that stands twice in the batch), or
///    `lock_unavailable` when the cache can not be reached.
///  - `settle`: keeps the fresh entries and ends the hold, in one step; if it does not stand any more, does
///    nothing.
template <class C>
concept cache = requires(C& c, std::span<cache_key const> keys, std::span<cache_entry const> entries,
                         std::span<cache_hold const> holds, std::chrono::milliseconds ttl,
                         std::span<cache_settlement const> settlements) {
    { c.get(keys) }           -> std::same_as<std::vector<cache_answer>>;
    { c.fill(entries) }       -> std::same_as<bool>;
    { c.hold(holds, ttl) }    -> std::same_as<std::vector<result<lease>>>;
    { c.settle(settlements) } -> std::same_as<std::vector<hold_end>>;
};

/// A cache that need not ask anybody. `at_hand` is the value that `get` would answer with, or nothing; unlike `get` it
/// gives no token.
template <class C>
concept cache_at_hand = cache<C> && requires(C& c, cache_key const& key) {
    { c.at_hand(key) } -> std::same_as<std::optional<std::string>>;
};
// clang-format on

/// The run-time form: a cache chosen by configuration.
class any_cache {
public:
    virtual ~any_cache() = default;

    /// Never waits; a cache that would have to has nothing at hand.
    [[nodiscard]] virtual std::optional<std::string> at_hand(cache_key const&)
    {
        return std::nullopt;
    }
    [[nodiscard]] virtual std::vector<cache_answer> get(std::span<cache_key const> keys) = 0;
    virtual bool fill(std::span<cache_entry const> entries) = 0;
    [[nodiscard]] virtual std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                                          std::chrono::milliseconds ttl) = 0;
    [[nodiscard]] virtual std::vector<hold_end> settle(
        std::span<cache_settlement const> settlements) = 0;
};
static_assert(cache<any_cache>);

/// The cache that never has anything, and lets every writer hold what it likes.
class no_cache {
public:
    [[nodiscard]] std::vector<cache_answer> get(std::span<cache_key const> keys)
    {
        return std::vector<cache_answer>(keys.size());
    }
    bool fill(std::span<cache_entry const>) { return true; }
    [[nodiscard]] std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                                  std::chrono::milliseconds)
    {
        std::vector<result<lease>> leases;
        leases.reserve(holds.size());
        for (auto const& h : holds)
            leases.emplace_back(lease{h.guard, 0, std::chrono::steady_clock::time_point::max()});
        return leases;
    }
    [[nodiscard]] std::vector<hold_end> settle(std::span<cache_settlement const> settlements)
    {
        return std::vector<hold_end>(settlements.size(), hold_end::in_time);
    }
};
static_assert(cache<no_cache>);

namespace detail {

/// Nine to ten tenths of `ttl`, so that what was cached together does not run out together.
/// \param random any random number
[[nodiscard]] constexpr std::chrono::milliseconds spread(std::chrono::milliseconds ttl,
                                                         std::uint64_t random)
{
    auto const tenth = static_cast<std::uint64_t>(ttl.count() / 10);
    return ttl - std::chrono::milliseconds(random % (tenth + 1));
}

template <cache C>
class erased_cache final : public any_cache {
public:
    template <class... Args>
    explicit erased_cache(Args&&... args) : cache_(std::forward<Args>(args)...)
    {}

    std::optional<std::string> at_hand(cache_key const& key) override
    {
        if constexpr (cache_at_hand<C>) return cache_.at_hand(key);
        return any_cache::at_hand(key);
    }
    std::vector<cache_answer> get(std::span<cache_key const> keys) override
    {
        return cache_.get(keys);
    }
    bool fill(std::span<cache_entry const> entries) override { return cache_.fill(entries); }
    std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                    std::chrono::milliseconds ttl) override
    {
        return cache_.hold(holds, ttl);
    }
    std::vector<hold_end> settle(std::span<cache_settlement const> settlements) override
    {
        return cache_.settle(settlements);
    }

private:
    C cache_;
};

}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <cache C, class... Args>
[[nodiscard]] std::unique_ptr<any_cache> make_cache(Args&&... args)
{
    return std::make_unique<detail::erased_cache<C>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
