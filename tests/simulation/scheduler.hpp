#pragma once

#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::simulation {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// Thrown out of a port when the instance that called it has crashed.
struct crashed {};

class scheduler;

/// A thread of the simulated world.
class task {
public:
    /// Set while it unwinds: ports then do nothing, and do not wait.
    bool unwinding = false;

private:
    friend scheduler;

    std::uint64_t number_ = 0;
    boost::context::fiber fiber_;
    boost::context::fiber back_;  // to the scheduler
    std::uint64_t naps_ = 0;      // a wake-up of an earlier nap does not count
};

/// One thread, virtual time: whoever is due first goes on, and who is due at the same time in the
/// order in which that was decided. Nothing else decides anything, so a run can be repeated.
class scheduler {
public:
    [[nodiscard]] time_point now() const noexcept { return now_; }
    /// Counts everything that is noted: an order of all that happens.
    [[nodiscard]] std::uint64_t tick() const noexcept { return tick_; }

    void start(std::function<void()> body);
    void at(time_point when, std::function<void()> happens)
    {
        due_.push({std::max(when, now_), order_++, nullptr, 0, std::move(happens)});
    }
    void after(duration span, std::function<void()> happens)
    {
        at(now_ + span, std::move(happens));
    }

    /// The task that is running; none while something happens by `at`.
    [[nodiscard]] task* running() const noexcept { return running_; }
    /// Lets time pass for the running task.
    void sleep(duration span) { sleep_until(now_ + span); }
    void sleep_until(time_point when);
    /// Until somebody wakes it, or that time. \return whether it was woken
    bool wait_until(time_point when, bool& woken);
    void wake(task& t) { due_.push({now_, order_++, &t, t.naps_, {}}); }

    /// Until nothing is due any more, or that time.
    void run(time_point until);

    /// Adds to the trace, which two runs of one seed have in common.
    void note(std::string_view what, std::uint64_t a = 0, std::uint64_t b = 0);
    [[nodiscard]] std::uint64_t trace_hash() const noexcept { return hash_; }
    std::function<void(std::string const&)> show;  ///< is given every line, if set

private:
    struct entry {
        time_point when;
        std::uint64_t order;
        task* whose;
        std::uint64_t nap;
        std::function<void()> happens;

        friend bool operator>(entry const& a, entry const& b)
        {
            return std::pair(a.when, a.order) > std::pair(b.when, b.order);
        }
    };

    void go_on(task& t);
    void nap();
    void mix(std::uint64_t value) noexcept { hash_ = (hash_ ^ value) * 0x100000001b3; }

    time_point now_{std::chrono::hours(1)};
    std::uint64_t order_ = 0;
    std::uint64_t tick_ = 0;
    std::uint64_t hash_ = 0xcbf29ce484222325;
    std::priority_queue<entry, std::vector<entry>, std::greater<>> due_;
    std::vector<std::unique_ptr<task>> tasks_;
    task* running_ = nullptr;
};

/// Stacks outlive the runs, since a process makes thousands of them.
inline boost::context::pooled_fixedsize_stack& stacks()
{
    static boost::context::pooled_fixedsize_stack pool(128 * 1024);
    return pool;
}

inline void scheduler::start(std::function<void()> body)
{
    auto& t = *tasks_.emplace_back(std::make_unique<task>());
    t.number_ = tasks_.size();
    t.fiber_ = boost::context::fiber(std::allocator_arg, stacks(),
                                     [&t, body = std::move(body)](boost::context::fiber&& back) {
                                         t.back_ = std::move(back);
                                         try {
                                             body();
                                         } catch (crashed const&) {  // its instance is gone
                                         }
                                         return std::move(t.back_);
                                     });
    wake(t);
}

inline void scheduler::go_on(task& t)
{
    running_ = &t;
    t.fiber_ = std::move(t.fiber_).resume();
    running_ = nullptr;
}

inline void scheduler::nap()
{
    task& t = *running_;
    t.back_ = std::move(t.back_).resume();
    running_ = &t;
    ++t.naps_;
}

inline void scheduler::sleep_until(time_point when)
{
    due_.push({std::max(when, now_), order_++, running_, running_->naps_, {}});
    nap();
}

inline bool scheduler::wait_until(time_point when, bool& woken)
{
    while (!woken && now_ < when) sleep_until(when);
    return woken;
}

inline void scheduler::run(time_point until)
{
    while (!due_.empty() && due_.top().when <= until) {
        auto next = std::move(const_cast<entry&>(due_.top()));
        due_.pop();
        if (next.whose != nullptr && (next.whose->naps_ != next.nap || !next.whose->fiber_))
            continue;
        now_ = next.when;
        if (next.whose != nullptr) {
            go_on(*next.whose);
        } else {
            next.happens();
        }
    }
    now_ = std::max(now_, until);
}

inline void scheduler::note(std::string_view what, std::uint64_t a, std::uint64_t b)
{
    ++tick_;
    mix(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
    for (char const c : what) mix(static_cast<unsigned char>(c));
    mix(a);
    mix(b);
    if (!show) return;
    auto const ms = std::chrono::duration<double, std::milli>(now_.time_since_epoch()).count();
    show(std::to_string(ms - 3'600'000) + " ms  task " +
         std::to_string(running_ != nullptr ? running_->number_ : 0) + "  " + std::string(what) +
         (a != 0 || b != 0 ? " " + std::to_string(a) + " " + std::to_string(b) : ""));
}

}  // namespace aircargo::simulation
