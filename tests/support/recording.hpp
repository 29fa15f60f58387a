#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <aircargo/store/booking_store.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Ports that write down what is asked of them, pass it on to a real backend, and fail or let
/// others in when told.
namespace aircargo::test {

/// What happened, one word or two a step.
struct journal {
    std::vector<std::string> steps;

    void note(std::string step) { steps.push_back(std::move(step)); }
    [[nodiscard]] std::string str() const
    {
        std::string out;
        for (auto const& s : steps) out += (out.empty() ? "" : ", ") + s;
        return out;
    }
    [[nodiscard]] int count(std::string const& step) const
    {
        int n = 0;
        for (auto const& s : steps) n += s == step ? 1 : 0;
        return n;
    }
};

/// Lets others act at a certain moment; they are not recorded and let nobody in themselves.
class intruder {
public:
    void operator=(std::function<void()> act) { act_ = std::move(act); }
    void enter()
    {
        if (inside_ || !act_) return;
        inside_ = true;
        act_();
        inside_ = false;
    }
    [[nodiscard]] bool inside() const noexcept { return inside_; }

private:
    std::function<void()> act_;
    bool inside_ = false;
};

class recording_bookings final : public any_booking_store {
public:
    recording_bookings(any_booking_store& inner, journal& into) : inner_(inner), journal_(into) {}

    intruder before_apply;
    intruder after_find;
    std::optional<errc> down;        ///< refuses everything
    std::optional<errc> apply_says;  ///< does the work, then says this

    std::vector<result<booking>> apply(std::span<change const> changes) override
    {
        note("apply");
        before_apply.enter();
        if (down) return all<booking>(changes.size(), *down);
        auto answers = inner_.apply(changes);
        return apply_says ? all<booking>(changes.size(), *apply_says) : answers;
    }
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> keys,
                                                        utc_time now) override
    {
        note("answers");
        return down ? all<std::optional<booking>>(keys.size(), *down) : inner_.answers(keys, now);
    }
    std::vector<result<booking>> find(std::span<booking_ref const> refs) override
    {
        note("find " + std::to_string(refs.size()));
        if (down) return all<booking>(refs.size(), *down);
        auto found = inner_.find(refs);
        after_find.enter();
        return found;
    }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> refs) override
    {
        note("history " + std::to_string(refs.size()));
        if (down) return all<std::vector<event>>(refs.size(), *down);
        auto found = inner_.history(refs);
        after_find.enter();
        return found;
    }
    result<booking_page> list(booking_query const& query) override
    {
        note("list");
        return down ? refuse(*down, "told to") : inner_.list(query);
    }
    result<booking_figures> figures(figures_query const& query) override
    {
        note("figures");
        return down ? refuse(*down, "told to") : inner_.figures(query);
    }
    result<log_page> log_after(log_query const& query) override
    {
        note("log");
        return down ? refuse(*down, "told to") : inner_.log_after(query);
    }
    result<ref_block> reserve_refs(std::uint64_t count) override
    {
        note("reserve");
        return down ? refuse(*down, "told to") : inner_.reserve_refs(count);
    }

private:
    void note(std::string step)
    {
        if (!before_apply.inside() && !after_find.inside()) journal_.note(std::move(step));
    }
    template <class T>
    static std::vector<result<T>> all(std::size_t size, errc code)
    {
        return std::vector<result<T>>(size, refuse(code, "told to"));
    }

    any_booking_store& inner_;
    journal& journal_;
};

class recording_cache final : public any_cache {
public:
    recording_cache(any_cache& inner, journal& into) : inner_(inner), journal_(into) {}

    intruder before_hold;
    bool deaf = false;  ///< hears nothing of what it is told after a hold

    std::optional<std::string> at_hand(cache_key const& key) override
    {
        return inner_.at_hand(key);
    }
    std::vector<cache_answer> get(std::span<cache_key const> keys) override
    {
        return inner_.get(keys);
    }
    bool fill(std::span<cache_entry const> entries) override
    {
        for (auto const& e : entries)
            note((e.token != 0 ? "fill " : "tell ") + e.key.key + " " + std::to_string(e.revision));
        return !deaf && inner_.fill(entries);
    }
    std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                    std::chrono::milliseconds ttl) override
    {
        before_hold.enter();
        for (auto const& h : holds) note("hold " + h.guard);
        return inner_.hold(holds, ttl);
    }
    std::vector<hold_end> settle(std::span<cache_settlement const> settlements) override
    {
        for (auto const& s : settlements) {
            note("settle " + s.hold.name);
            for (auto const& e : s.fresh)
                note("with " + e.key.key + " " + std::to_string(e.revision));
        }
        if (deaf) return std::vector<hold_end>(settlements.size(), hold_end::unheard);
        return inner_.settle(settlements);
    }

private:
    void note(std::string step)
    {
        if (!before_hold.inside()) journal_.note(std::move(step));
    }

    any_cache& inner_;
    journal& journal_;
};

class recording_locks final : public any_lock_manager {
public:
    recording_locks(any_lock_manager& inner, journal& into) : inner_(inner), journal_(into) {}

    intruder before_acquire;
    bool down = false;

    std::vector<result<lease>> acquire(std::span<std::string const> names,
                                       std::chrono::milliseconds ttl) override
    {
        before_acquire.enter();
        for (auto const& name : names) note("lease " + name);
        if (down) return {names.size(), refuse(errc::lock_unavailable, "told to")};
        return inner_.acquire(names, ttl);
    }
    void release(std::span<lease const> leases) override
    {
        for (auto const& l : leases) note("release " + l.name);
        inner_.release(leases);
    }

private:
    void note(std::string step)
    {
        if (!before_acquire.inside()) journal_.note(std::move(step));
    }

    any_lock_manager& inner_;
    journal& journal_;
};

}  // namespace aircargo::test
