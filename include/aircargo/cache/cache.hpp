#pragma once

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

/// A reader's right to fill a key that it missed; 0 is no right. Random, never a counter, so that a
/// cache that lost everything takes no late fill.
using fill_token = std::uint64_t;

/// Hit: `value`. Miss: a token to fill with, or 0 when another reader is filling or a writer is at
/// work.
struct cache_answer {
    std::optional<std::string> value;
    fill_token token = 0;
};

/// With a token the entry is a fill: taken only while that token stands. Without one it is a
/// publish by the writer who just committed. Either way an entry never replaces one of a newer
/// revision.
struct cache_entry {
    std::string key;
    std::string value;
    std::int64_t revision = 0;
    std::chrono::seconds ttl{300};
    fill_token token = 0;
};

// clang-format off
/// Keeps answers for a while and may forget any of them at any time; a miss is never an error, so no call here
/// fails. Each call is one round trip and may be made from several threads.
/// A publish or an erase ends all fill tokens of its key: what a slow reader saw before can not come back.
template <class C>
concept cache = requires(C& c, std::span<std::string const> keys, std::span<cache_entry const> entries) {
    { c.get(keys) }    -> std::same_as<std::vector<cache_answer>>;
    { c.put(entries) } -> std::same_as<void>;
    { c.erase(keys) }  -> std::same_as<void>;
};
// clang-format on

/// The run-time form: a cache chosen by configuration.
class any_cache {
public:
    virtual ~any_cache() = default;

    [[nodiscard]] virtual std::vector<cache_answer> get(std::span<std::string const> keys) = 0;
    virtual void put(std::span<cache_entry const> entries) = 0;
    virtual void erase(std::span<std::string const> keys) = 0;
};
static_assert(cache<any_cache>);

/// The cache that never has anything.
class no_cache {
public:
    [[nodiscard]] std::vector<cache_answer> get(std::span<std::string const> keys)
    {
        return std::vector<cache_answer>(keys.size());
    }
    void put(std::span<cache_entry const>) {}
    void erase(std::span<std::string const>) {}
};
static_assert(cache<no_cache>);

namespace detail {

template <cache C>
class erased_cache final : public any_cache {
public:
    template <class... Args>
    explicit erased_cache(Args&&... args) : cache_(std::forward<Args>(args)...)
    {}

    std::vector<cache_answer> get(std::span<std::string const> keys) override
    {
        return cache_.get(keys);
    }
    void put(std::span<cache_entry const> entries) override { cache_.put(entries); }
    void erase(std::span<std::string const> keys) override { cache_.erase(keys); }

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
