#include "observe/logged_calls.hpp"
#include "log.hpp"
#include <aircargo/core/error.hpp>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] std::string_view outcome_of(result<lease> const& answer)
{
    return answer ? std::string_view("held") : name_of(answer.error().code);
}

[[nodiscard]] std::string_view name_of(hold_end end)
{
    switch (end) {
        case hold_end::in_time: return "in_time";
        case hold_end::late: return "late";
        case hold_end::unheard: return "unheard";
    }
    return "unknown";
}

class logged_cache final : public any_cache {
public:
    explicit logged_cache(std::unique_ptr<any_cache> of) : of_(std::move(of)) {}

    std::optional<std::string> at_hand(cache_key const& key) override
    {
        auto value = of_->at_hand(key);
        if (value) log_debug("cache.get", {{"key", key.key}, {"outcome", "hit"}});
        return value;
    }

    std::vector<cache_answer> get(std::span<cache_key const> keys) override
    {
        auto answers = of_->get(keys);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            log_debug("cache.get",
                      {{"key", keys[i].key}, {"outcome", answers[i].value ? "hit" : "miss"}});
        }
        return answers;
    }

    bool fill(std::span<cache_entry const> entries) override
    {
        bool const heard = of_->fill(entries);
        for (auto const& e : entries) {
            log_debug("cache.fill", {{"key", e.key.key},
                                     {"revision", std::to_string(e.revision)},
                                     {"outcome", heard ? "heard" : "unheard"}});
        }
        return heard;
    }

    std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                    std::chrono::milliseconds ttl) override
    {
        auto leases = of_->hold(holds, ttl);
        for (std::size_t i = 0; i < holds.size(); ++i)
            log_debug("cache.hold", {{"name", holds[i].guard}, {"outcome", outcome_of(leases[i])}});
        return leases;
    }

    std::vector<hold_end> settle(std::span<cache_settlement const> settlements) override
    {
        auto ends = of_->settle(settlements);
        for (std::size_t i = 0; i < settlements.size(); ++i) {
            log_debug("cache.settle",
                      {{"name", settlements[i].hold.name}, {"outcome", name_of(ends[i])}});
        }
        return ends;
    }

private:
    std::unique_ptr<any_cache> of_;
};

class logged_locks final : public any_lock_manager {
public:
    explicit logged_locks(std::unique_ptr<any_lock_manager> of) : of_(std::move(of)) {}

    std::vector<result<lease>> acquire(std::span<std::string const> names,
                                       std::chrono::milliseconds ttl) override
    {
        auto leases = of_->acquire(names, ttl);
        for (std::size_t i = 0; i < names.size(); ++i)
            log_debug("lock.acquire", {{"name", names[i]}, {"outcome", outcome_of(leases[i])}});
        return leases;
    }

    void release(std::span<lease const> leases) override
    {
        of_->release(leases);
        for (auto const& l : leases) log_debug("lock.release", {{"name", l.name}});
    }

private:
    std::unique_ptr<any_lock_manager> of_;
};

}  // namespace

std::unique_ptr<any_cache> log_calls(std::unique_ptr<any_cache> of)
{
    return std::make_unique<logged_cache>(std::move(of));
}

std::unique_ptr<any_lock_manager> log_calls(std::unique_ptr<any_lock_manager> of)
{
    return std::make_unique<logged_locks>(std::move(of));
}

}  // namespace aircargo::server
