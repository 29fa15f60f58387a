#pragma once

#include "simulation/bugs.hpp"
#include <aircargo/cache/cache.hpp>
#include <algorithm>
#include <memory>
#include <utility>

namespace aircargo::simulation {

/// A cache through which the service makes a mistake that is planted.
class buggy_cache final : public any_cache {
public:
    buggy_cache(bug planted, std::unique_ptr<any_cache> inner)
        : planted_(planted), inner_(std::move(inner))
    {}

    std::optional<std::string> at_hand(cache_key const& key) override
    {
        return inner_->at_hand(key);
    }

    std::vector<cache_answer> get(std::span<cache_key const> keys) override
    {
        return inner_->get(keys);
    }

    bool fill(std::span<cache_entry const> entries) override
    {
        bool const by_writer = std::all_of(entries.begin(), entries.end(), [](auto const& e) {
            return e.token == 0 && e.ttl == cache_entry().ttl;
        });
        if (planted_ == bug::commit_untold && by_writer) return true;
        return inner_->fill(entries);
    }

    std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                    std::chrono::milliseconds ttl) override
    {
        if (planted_ == bug::no_hold) return no_cache().hold(holds, ttl);
        auto answers = inner_->hold(holds, ttl);
        for (auto const& answer : answers) {
            if (!answer) continue;
            if (planted_ == bug::hold_ends_before_commit) settle_inner(*answer);
        }
        return answers;
    }

    std::vector<hold_end> settle(std::span<cache_settlement const> settlements) override
    {
        if (planted_ == bug::no_hold || planted_ == bug::hold_ends_before_commit)
            return no_cache().settle(settlements);
        auto ends = inner_->settle(settlements);
        if (planted_ == bug::settling_taken_for_heard)
            std::replace(ends.begin(), ends.end(), hold_end::unheard, hold_end::in_time);
        return ends;
    }

private:
    void settle_inner(lease const& held)
    {
        cache_settlement const s{held, {}};
        (void)inner_->settle({&s, 1});
    }

    bug planted_;
    std::unique_ptr<any_cache> inner_;
};

[[nodiscard]] inline std::unique_ptr<any_cache> with_bug(bug planted,
                                                         std::unique_ptr<any_cache> inner)
{
    if (planted == bug::none) return inner;
    return std::make_unique<buggy_cache>(planted, std::move(inner));
}

}  // namespace aircargo::simulation
