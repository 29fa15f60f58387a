#pragma once

#include "simulation/store_link.hpp"
#include <aircargo/async/gather_queue.hpp>
#include <aircargo/lock/retry_plan.hpp>
#include <aircargo/service/booking_service.hpp>
#include <aircargo/service/tracking_service.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace aircargo::simulation {

/// What an instance is made of.
struct parts {
    std::shared_ptr<instance_life> life;
    std::unique_ptr<store_link> bookings;
    any_flight_store* flights = nullptr;
    std::unique_ptr<any_cache> cache;
    std::unique_ptr<any_lock_manager> locks;
    wall_clock wall;
    booking_service::options changes;
};

/// A server process: the library's services over simulated ports, and in front of them what the
/// funnel is in a real one, with tasks for threads.
class instance : public std::enable_shared_from_this<instance> {
public:
    instance(scheduler& s, chance& random, parts p)
        : scheduler_(s),
          random_(random),
          parts_(std::move(p)),
          service_(*parts_.bookings, *parts_.flights, *parts_.cache, *parts_.locks, parts_.wall,
                   parts_.changes),
          tracking_(*parts_.bookings, *parts_.cache, parts_.changes.cache_ttl)
    {}

    void start_workers(unsigned count)
    {
        for (unsigned i = 0; i < count; ++i)
            scheduler_.start([self = shared_from_this()] { self->work(); });
    }

    /// Hands a change in and waits; nothing when the instance crashed meanwhile.
    [[nodiscard]] std::optional<result<booking>> write(booking_request request);
    /// \throws crashed
    [[nodiscard]] tracking_service& tracking() { return tracking_; }

    /// As a process ends: nobody is answered any more.
    void crash();
    [[nodiscard]] bool is_dead() const { return parts_.life->is_dead(); }

private:
    struct waiter {
        bool answered = false;
        std::optional<result<booking>> answer;
        task* who = nullptr;
    };
    struct item {
        booking_request request;
        std::shared_ptr<waiter> reply;
        int attempt = 1;
        time_point since{};
    };
    using entry = std::pair<std::optional<booking_ref>, item>;

    void work();
    void work_off(std::vector<entry> batch);
    [[nodiscard]] bool try_again_later(entry& e, result<booking> const& answer);
    void tell(waiter& w, std::optional<result<booking>> answer);
    void wake_worker();

    scheduler& scheduler_;
    chance& random_;
    parts parts_;
    booking_service service_;
    tracking_service tracking_;
    gather_queue<item, booking_ref> queue_{1'000};
    std::vector<entry> due_again_;
    std::vector<std::shared_ptr<waiter>> waiters_;
    std::vector<std::pair<task*, bool*>> idle_;
};

inline std::optional<result<booking>> instance::write(booking_request request)
{
    if (is_dead()) return std::nullopt;
    auto const reply = std::make_shared<waiter>();
    reply->who = scheduler_.running();
    waiters_.push_back(reply);
    auto const* const act = std::get_if<act_request>(&request);
    auto key = act != nullptr ? std::optional(act->ref) : std::nullopt;
    (void)queue_.push(std::move(key), {std::move(request), reply, 1, scheduler_.now()});
    wake_worker();
    scheduler_.wait_until(scheduler_.now() + std::chrono::hours(1), reply->answered);
    return std::move(reply->answer);
}

inline void instance::tell(waiter& w, std::optional<result<booking>> answer)
{
    if (w.answered) return;
    w.answered = true;
    w.answer = std::move(answer);
    scheduler_.wake(*w.who);
}

inline void instance::wake_worker()
{
    if (idle_.empty()) return;
    auto const [worker, woken] = idle_.back();
    idle_.pop_back();
    *woken = true;
    scheduler_.wake(*worker);
}

inline void instance::work()
{
    while (!is_dead()) {
        auto batch = std::exchange(due_again_, {});
        auto gathered = queue_.take(8);
        std::move(gathered.begin(), gathered.end(), std::back_inserter(batch));
        if (!batch.empty()) {
            work_off(std::move(batch));
            continue;
        }
        bool woken = false;
        idle_.emplace_back(scheduler_.running(), &woken);
        scheduler_.wait_until(scheduler_.now() + std::chrono::hours(1), woken);
    }
}

inline void instance::work_off(std::vector<entry> batch)
{
    std::vector<booking_request> requests;
    for (auto const& e : batch) requests.push_back(e.second.request);
    auto answers = service_.run(requests);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (try_again_later(batch[i], answers[i])) continue;
        queue_.finish(batch[i].first);
        tell(*batch[i].second.reply, std::move(answers[i]));
    }
    if (queue_.ready()) wake_worker();
}

inline bool instance::try_again_later(entry& e, result<booking> const& answer)
{
    if (answer.has_value() || answer.error().code != errc::lock_busy) return false;
    auto& [key, asker] = e;
    constexpr retry_plan retry{.attempts = 20, .base = std::chrono::milliseconds(100)};
    auto const delay = retry.delay_before(asker.attempt + 1, random_());
    if (!delay) return false;
    ++asker.attempt;
    scheduler_.after(*delay, [self = shared_from_this(), e = std::move(e)]() mutable {
        if (self->is_dead()) return;
        self->due_again_.push_back(std::move(e));
        self->wake_worker();
    });
    return true;
}

inline void instance::crash()
{
    scheduler_.note("crash");
    parts_.life->die();
    for (auto const& w : waiters_) tell(*w, std::nullopt);
    while (!idle_.empty()) wake_worker();
}

}  // namespace aircargo::simulation
