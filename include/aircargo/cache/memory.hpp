#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/core/clock.hpp>
#include <cstddef>
#include <list>
#include <mutex>
#include <random>
#include <unordered_map>

namespace aircargo {

/// A cache in this process's memory that forgets the least recently used key first. Thread-safe.
/// Coherent as long as all writers of the data publish to this one cache.
class memory_cache {
public:
    struct options {
        std::size_t max_keys = 100'000;
        std::chrono::milliseconds token_ttl{1000};  ///< how long a reader may take to fill
        monotonic_clock now = [] { return std::chrono::steady_clock::now(); };
    };

    memory_cache() : memory_cache(options()) {}
    explicit memory_cache(options o) : options_(std::move(o)), random_(std::random_device{}()) {}

    [[nodiscard]] std::vector<cache_answer> get(std::span<std::string const> keys);
    void put(std::span<cache_entry const> entries);
    void erase(std::span<std::string const> keys);

private:
    using time_point = std::chrono::steady_clock::time_point;
    struct slot {
        std::string key;
        std::optional<std::string> value;
        std::int64_t revision = 0;
        time_point value_until{};
        fill_token token = 0;
        time_point token_until{};
    };
    using slots = std::list<slot>;

    [[nodiscard]] slot& touch(std::string const& key);
    [[nodiscard]] cache_answer get_one(std::string const& key, time_point now);
    void put_one(cache_entry const& entry, time_point now);

    options options_;
    std::mutex mutex_;
    std::mt19937_64 random_;
    slots slots_;                                                  // most recently used first
    std::unordered_map<std::string_view, slots::iterator> index_;  // views into the slots' keys
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

inline cache_answer memory_cache::get_one(std::string const& key, time_point now)
{
    slot& s = touch(key);
    if (s.value && now < s.value_until) return {s.value, 0};
    s.value.reset();
    bool const someone_fills = s.token != 0 && now < s.token_until;
    if (someone_fills) return {std::nullopt, 0};
    s.token = random_() | 1U;  // never 0
    s.token_until = now + options_.token_ttl;
    return {std::nullopt, s.token};
}

inline void memory_cache::put_one(cache_entry const& entry, time_point now)
{
    bool const fills = entry.token != 0;
    if (fills) {
        auto const found = index_.find(entry.key);
        bool const allowed = found != index_.end() && found->second->token == entry.token &&
                             now < found->second->token_until;
        if (!allowed) return;
    }
    slot& s = touch(entry.key);
    s.token = 0;
    bool const newer_stands = s.value && now < s.value_until && s.revision > entry.revision;
    if (newer_stands) return;
    s.value = entry.value;
    s.revision = entry.revision;
    s.value_until = now + entry.ttl;
}

inline std::vector<cache_answer> memory_cache::get(std::span<std::string const> keys)
{
    auto const now = options_.now();
    std::scoped_lock const lock(mutex_);
    std::vector<cache_answer> out;
    out.reserve(keys.size());
    for (auto const& key : keys) out.push_back(get_one(key, now));
    return out;
}

inline void memory_cache::put(std::span<cache_entry const> entries)
{
    auto const now = options_.now();
    std::scoped_lock const lock(mutex_);
    for (auto const& entry : entries) put_one(entry, now);
}

inline void memory_cache::erase(std::span<std::string const> keys)
{
    std::scoped_lock const lock(mutex_);
    for (auto const& key : keys) {
        auto const found = index_.find(key);
        if (found == index_.end()) continue;
        auto const place = found->second;
        index_.erase(found);
        slots_.erase(place);
    }
}

static_assert(cache<memory_cache>);

}  // namespace aircargo
