#pragma once

#include <aircargo/cache/cache.hpp>
#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace aircargo::test {

inline std::string guard_of(std::string const& thing) { return "g:" + thing; }

/// The key of one kind of answer about a thing.
inline cache_key key_in(std::string const& kind, std::string const& thing)
{
    return {kind + ":" + thing, guard_of(thing)};
}

/// What a test names: a thing of which one answer is cached, or a kind and a thing.
struct cache_name {
    cache_name(std::string const& thing) : key{thing, guard_of(thing)} {}
    cache_name(char const* thing) : cache_name(std::string(thing)) {}
    cache_name(std::string const& kind, std::string const& thing) : key(key_in(kind, thing)) {}

    cache_key key;
};

/// A cache in words, an entry at a time.
class cache_words {
public:
    template <cache C>
    void use(C& c)
    {
        get_ = [&c](auto keys) { return c.get(keys); };
        fill_ = [&c](auto entries) { return c.fill(entries); };
        hold_ = [&c](auto holds, auto ttl) { return c.hold(holds, ttl); };
        settle_ = [&c](auto settlements) { return c.settle(settlements); };
    }

    cache_answer get(cache_name const& name) { return get_({&name.key, 1}).front(); }
    std::vector<cache_answer> get_all(std::vector<std::string> const& things)
    {
        std::vector<cache_key> keys;
        for (auto const& thing : things) keys.push_back(cache_name(thing).key);
        return get_(keys);
    }
    std::string value(cache_name const& name) { return get(name).value.value_or("-"); }

    static cache_entry entry(cache_name const& name, std::string const& value,
                             std::int64_t revision, fill_token token = 0,
                             std::chrono::seconds ttl = std::chrono::seconds(300))
    {
        return {name.key, value, revision, ttl, token};
    }
    bool fill(cache_name const& name, std::string const& value, std::int64_t revision,
              fill_token token, std::chrono::seconds ttl = std::chrono::seconds(300))
    {
        auto const e = entry(name, value, revision, token, ttl);
        return fill_({&e, 1});
    }
    bool tell(cache_name const& name, std::int64_t revision) { return fill(name, "", revision, 0); }
    /// As a reader does after a miss.
    void filled(cache_name const& name, std::string const& value, std::int64_t revision = 1,
                std::chrono::seconds ttl = std::chrono::seconds(300))
    {
        fill(name, value, revision, get(name).token, ttl);
    }

    std::vector<result<lease>> hold_all(std::vector<cache_hold> const& holds,
                                        std::chrono::milliseconds ttl = std::chrono::seconds(10))
    {
        return hold_(holds, ttl);
    }
    result<lease> hold(std::string const& thing, std::vector<std::string> const& keys,
                       std::chrono::milliseconds ttl = std::chrono::seconds(10))
    {
        return hold_all({{guard_of(thing), keys}}, ttl).front();
    }
    result<lease> hold(std::string const& thing,
                       std::chrono::milliseconds ttl = std::chrono::seconds(10))
    {
        return hold(thing, {thing}, ttl);
    }
    hold_end settle(lease const& held) { return settle_one({held, {}}); }
    hold_end settle(lease const& held, cache_name const& name, std::string const& value,
                    std::int64_t revision)
    {
        return settle_one({held, {entry(name, value, revision)}});
    }

private:
    hold_end settle_one(cache_settlement const& s) { return settle_({&s, 1}).front(); }

    std::function<std::vector<cache_answer>(std::span<cache_key const>)> get_;
    std::function<bool(std::span<cache_entry const>)> fill_;
    std::function<std::vector<result<lease>>(std::span<cache_hold const>,
                                             std::chrono::milliseconds)>
        hold_;
    std::function<std::vector<hold_end>(std::span<cache_settlement const>)> settle_;
};

}  // namespace aircargo::test
