#pragma once

#include <aircargo/store/memory_webhook_store.hpp>
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace aircargo::test {

/// Webhooks in memory, in a store that can be away, or worse.
class moody_webhook_store final : public any_webhook_store {
public:
    std::atomic<bool> away = false;
    std::atomic<bool> throws = false;
    std::atomic<int> thrown = 0;

    result<void> add(webhook const& w) override { return inner_.add(w); }
    result<webhook> find(std::string const& id) override { return inner_.find(id); }
    result<std::vector<webhook>> list() override
    {
        look_at_mood();
        return away ? result<std::vector<webhook>>(down()) : inner_.list();
    }
    result<webhook> change(std::string const& id, webhook_change const& what) override
    {
        return inner_.change(id, what);
    }
    result<void> remove(std::string const& id) override { return inner_.remove(id); }
    result<log_position> cursor() override { return inner_.cursor(); }
    result<bool> pass_on(log_position from, log_position to, std::span<new_delivery const> added,
                         utc_time now) override
    {
        return inner_.pass_on(from, to, added, now);
    }
    result<std::vector<webhook_delivery>> claim(std::span<claim_wish const> wishes, utc_time now,
                                                std::chrono::seconds lease) override
    {
        return inner_.claim(wishes, now, lease);
    }
    result<void> end_attempts(std::span<attempt_end const> ends, utc_time now) override
    {
        look_at_mood();
        return away ? result<void>(down()) : inner_.end_attempts(ends, now);
    }
    result<std::vector<webhook_delivery>> deliveries(delivery_query const& query) override
    {
        return inner_.deliveries(query);
    }
    result<std::size_t> redeliver(std::string const& id,
                                  std::optional<std::vector<log_position>> const& which,
                                  utc_time now) override
    {
        return inner_.redeliver(id, which, now);
    }
    result<std::size_t> forget_dead(utc_time before, std::size_t most) override
    {
        return inner_.forget_dead(before, most);
    }

private:
    void look_at_mood()
    {
        if (!throws) return;
        ++thrown;
        throw std::runtime_error("of the store");
    }
    static error down() { return refuse(errc::backend_down, "away"); }

    memory_webhook_store inner_;
};

}  // namespace aircargo::test
