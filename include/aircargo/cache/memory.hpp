#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/core/clock.hpp>
#include <algorithm>
#include <cstddef>
#include <list>
#include <mutex>
#include <random>
#include <string_view>
#include <unordered_map>

namespace aircargo {

/// A cache in this process's memory that forgets the least recently used key first. Thread-safe.
/// Coherent as long as all writers of the data hold this one cache.
class memory_cache {
public:
    struct options {
        std::size_t max_keys = 100'000;
        std::chrono::milliseconds token_ttl{1000};  ///< how long a reader may take to fill
        monotonic_clock now = [] { return std::chrono::steady_clock::now(); };
        std::uint64_t seed =
            std::random_device{}();  ///< of tokens, owners and how long entries live
    };

    memory_cache() : memory_cache(options()) {}
    explicit memory_cache(options o) : options_(std::move(o)), random_(options_.seed) {}

    [[nodiscard]] std::optional<std::string> at_hand(cache_key const& key);
    [[nodiscard]] std::vector<cache_answer> get(std::span<cache_key const> keys);
    bool fill(std::span<cache_entry const> entries);
    [[nodiscard]] std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                                  std::chrono::milliseconds ttl);
    [[nodiscard]] std::vector<hold_end> settle(std::span<cache_settlement const> settlements);

private:
    using time_point = std::chrono::steady_clock::time_point;
    /// Has a value, or a token that stands, or neither.
    struct slot {
        std::string key;
        std::optional<std::string> value;
        std::int64_t revision = 0;
        time_point value_until{};
        fill_token token = 0;
        time_point token_until{};
        std::int64_t told = 0;  // a fill with the token must not be older
    };
    using slots = std::list<slot>;

    [[nodiscard]] slot& touch(std::string const& key);
    void forget(std::string const& key);
    void keep(slot& s, cache_entry const& entry, time_point now);
    void tell(slot& s, cache_entry const& entry);
    [[nodiscard]] bool is_held(std::string const& guard, time_point now) const;
    [[nodiscard]] cache_answer get_one(cache_key const& key, time_point now);
    void fill_one(cache_entry const& entry, time_point now);
    [[nodiscard]] result<lease> hold_one(cache_hold const& wanted, std::chrono::milliseconds ttl,
                                         time_point now);
    [[nodiscard]] hold_end settle_one(cache_settlement const& settled, time_point now);
    void sweep(time_point now);

    options options_;
    std::mutex mutex_;
    std::mt19937_64 random_;
    slots slots_;                                                  // most recently used first
    std::unordered_map<std::string_view, slots::iterator> index_;  // views into the slots' keys
    std::unordered_map<std::string, lease> holds_;
    std::size_t sweep_at_ = 1024;  // this many holds: some may have been left behind
};

/// The slot of `key`, made if need be, as the most recently used one.
inline memory_cache::slot& memory_cache::touch(std::string const& key)
{
    auto const found = index_.find(key);
    if (found != index_.end()) {
        slots_.splice(slots_.begin(), slots_, found->second);
        return slots_.front();
    }
    if (slots_.size() >= options_.max_keys) {
        index_.erase(slots_.back().key);
        slots_.pop_back();
    }
    slots_.emplace_front().key = key;
    index_.emplace(slots_.front().key, slots_.begin());
    return slots_.front();
}

inline void memory_cache::forget(std::string const& key)
{
    auto const found = index_.find(key);
    if (found == index_.end()) return;
    auto const place = found->second;
    index_.erase(found);
    slots_.erase(place);
}

inline void memory_cache::keep(slot& s, cache_entry const& entry, time_point now)
{
    s.token = 0;
    s.value = entry.value;
    s.revision = entry.revision;
    s.value_until = now + detail::spread(entry.ttl, random_());
}

/// Somebody has seen this revision: nothing older may be served from now on.
inline void memory_cache::tell(slot& s, cache_entry const& entry)
{
    if (s.revision < entry.revision) s.value.reset();
    s.told = std::max(s.told, entry.revision);
}

inline bool memory_cache::is_held(std::string const& guard, time_point now) const
{
    auto const held = holds_.find(guard);
    return held != holds_.end() && now < held->second.until;
}

inline cache_answer memory_cache::get_one(cache_key const& key, time_point now)
{
    slot& s = touch(key.key);
    if (s.value && now < s.value_until) return {s.value, 0};
    s.value.reset();
    bool const someone_fills = s.token != 0 && now < s.token_until;
    if (someone_fills || is_held(key.guard, now)) return {std::nullopt, 0};
    s.token = random_() | 1U;  // never 0
    s.token_until = now + options_.token_ttl;
    s.told = 0;
    return {std::nullopt, s.token};
}

inline void memory_cache::fill_one(cache_entry const& entry, time_point now)
{
    auto const found = index_.find(entry.key.key);
    if (found == index_.end()) return;
    slot& s = *found->second;
    bool const has_right = entry.token != 0 && entry.token == s.token && now < s.token_until &&
                           entry.revision >= s.told && !is_held(entry.key.guard, now);
    has_right ? keep(s, entry, now) : tell(s, entry);
}

inline result<lease> memory_cache::hold_one(cache_hold const& wanted, std::chrono::milliseconds ttl,
                                            time_point now)
{
    if (is_held(wanted.guard, now)) return lock_is_busy(wanted.guard);
    if (holds_.size() >= sweep_at_) sweep(now);
    for (auto const& key : wanted.keys) forget(key);
    lease const granted{wanted.guard, random_() | 1U, now + ttl};
    holds_.insert_or_assign(wanted.guard, granted);
    return granted;
}

inline hold_end memory_cache::settle_one(cache_settlement const& settled, time_point now)
{
    auto const held = holds_.find(settled.hold.name);
    if (held == holds_.end() || held->second.owner != settled.hold.owner) return hold_end::late;
    bool const stands = now < held->second.until;
    holds_.erase(held);
    if (!stands) return hold_end::late;
    for (auto const& entry : settled.fresh) keep(touch(entry.key.key), entry, now);
    return hold_end::in_time;
}

/// Nobody settles a hold whose commit has an unknown outcome.
inline void memory_cache::sweep(time_point now)
{
    std::erase_if(holds_, [now](auto const& held) { return held.second.until <= now; });
    sweep_at_ = std::max(sweep_at_, 2 * holds_.size());
}

inline std::optional<std::string> memory_cache::at_hand(cache_key const& key)
{
    auto const now = options_.now();
    std::scoped_lock const lock(mutex_);
    auto const found = index_.find(key.key);
    if (found == index_.end()) return std::nullopt;
    slots_.splice(slots_.begin(), slots_, found->second);
    slot const& s = slots_.front();
    return s.value && now < s.value_until ? s.value : std::nullopt;
}

inline std::vector<cache_answer> memory_cache::get(std::span<cache_key const> keys)
{
    auto const now = options_.now();
    std::scoped_lock const lock(mutex_);
    std::vector<cache_answer> out;
    out.reserve(keys.size());
    for (auto const& key : keys) out.push_back(get_one(key, now));
    return out;
}

inline bool memory_cache::fill(std::span<cache_entry const> entries)
{
    auto const now = options_.now();
    std::scoped_lock const lock(mutex_);
    for (auto const& entry : entries) fill_one(entry, now);
    return true;
}

inline std::vector<result<lease>> memory_cache::hold(std::span<cache_hold const> holds,
                                                     std::chrono::milliseconds ttl)
{
    auto const now = options_.now();
    std::scoped_lock const lock(mutex_);
    std::vector<result<lease>> out;
    out.reserve(holds.size());
    for (auto const& wanted : holds) out.push_back(hold_one(wanted, ttl, now));
    return out;
}

inline std::vector<hold_end> memory_cache::settle(std::span<cache_settlement const> settlements)
{
    auto const now = options_.now();
    std::scoped_lock const lock(mutex_);
    std::vector<hold_end> out;
    out.reserve(settlements.size());
    for (auto const& settled : settlements) out.push_back(settle_one(settled, now));
    return out;
}

static_assert(cache_at_hand<memory_cache>);

}  // namespace aircargo
