#pragma once

#include "simulation/bugs.hpp"
#include "simulation/network.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/store/booking_store.hpp>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace aircargo::simulation {

/// The way from one instance to the store that all share. What was sent is done even if the
/// instance is gone by then.
class store_link final : public any_booking_store {
public:
    store_link(scheduler& s, chance& random, faults const& what, any_booking_store& store,
               std::shared_ptr<instance_life> from, bug planted)
        : scheduler_(s),
          random_(random),
          faults_(what),
          store_(store),
          from_(std::move(from)),
          planted_(planted)
    {}

    bool ends_with_caller = false;  ///< is in the same process: a crash ends what is under way

    std::vector<result<booking>> apply(std::span<change const> changes) override;
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> keys,
                                                        utc_time now) override
    {
        return read<std::optional<booking>>(keys.size(), [&] { return store_.answers(keys, now); });
    }
    std::vector<result<booking>> find(std::span<booking_ref const> refs) override
    {
        return read<booking>(refs.size(), [&] { return store_.find(refs); });
    }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> refs) override
    {
        return read<std::vector<event>>(refs.size(), [&] { return store_.history(refs); });
    }
    result<booking_page> list(booking_query const& query) override { return store_.list(query); }
    result<booking_figures> figures(figures_query const& query) override
    {
        return store_.figures(query);
    }
    result<log_page> log_after(log_query const& query) override { return store_.log_after(query); }
    /// At once: the service holds a mutex meanwhile.
    result<ref_block> reserve_refs(std::uint64_t count) override
    {
        return store_.reserve_refs(count);
    }

private:
    template <class T>
    [[nodiscard]] static std::vector<result<T>> all(std::size_t size, errc code)
    {
        return std::vector<result<T>>(size, refuse(code, "told to"));
    }

    /// What is read is what stands at one moment between question and answer.
    template <class T, class Read>
    [[nodiscard]] std::vector<result<T>> read(std::size_t size, Read what)
    {
        if (from_->is_unwinding()) return all<T>(size, errc::backend_down);
        from_->cross();
        scheduler_.sleep(latency());
        if (happens(faults_.store_fails)) {
            from_->cross();
            return all<T>(size, errc::backend_down);
        }
        auto answers = what();
        scheduler_.note("store reads", size);
        scheduler_.sleep(latency());
        from_->cross();
        return answers;
    }

    [[nodiscard]] std::vector<result<booking>> commit(std::vector<change> changes);
    [[nodiscard]] change on_what_stands(change c);

    [[nodiscard]] std::chrono::microseconds latency()
    {
        using namespace std::chrono_literals;
        return happens(faults_.slow) ? random_.between(1ms, 200ms) : random_.between(100us, 1500us);
    }
    [[nodiscard]] bool happens(std::uint64_t one_in)
    {
        return one_in != 0 && random_.one_in(one_in);
    }

    scheduler& scheduler_;
    chance& random_;
    faults const& faults_;
    any_booking_store& store_;
    std::shared_ptr<instance_life> from_;
    bug planted_;
};

/// For the planted bug: the change as a store would make it that does not look at the revision.
inline change store_link::on_what_stands(change c)
{
    auto const& ref = c.after.terms.ref;
    auto const present = store_.find({&ref, 1}).front();
    if (!present || c.fact.seq == 1) return c;
    c.fact.seq = present->revision + 1;
    c.after.revision = c.fact.seq;
    return c;
}

inline std::vector<result<booking>> store_link::commit(std::vector<change> changes)
{
    for (auto& c : changes) {
        if (planted_ == bug::no_revision_check) c = on_what_stands(std::move(c));
        if (planted_ == bug::key_not_stored) c.key.reset();
    }
    auto answers = store_.apply(changes);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        scheduler_.note(answers[i] ? "commit" : "no commit", changes[i].after.terms.ref.number(),
                        static_cast<std::uint64_t>(changes[i].fact.seq));
    }
    return answers;
}

inline std::vector<result<booking>> store_link::apply(std::span<change const> changes)
{
    if (from_->is_unwinding()) return all<booking>(changes.size(), errc::backend_down);
    from_->cross();
    if (happens(faults_.store_fails)) {
        scheduler_.sleep(latency());
        from_->cross();
        return all<booking>(changes.size(), errc::backend_down);
    }
    using namespace std::chrono_literals;
    struct transaction {
        bool done = false;
        task* waiting = nullptr;
        std::vector<result<booking>> answers;
    };
    bool const unknown = happens(faults_.store_unknown);
    bool const at_last = unknown && random_.one_in(2);  // once the caller has given up
    auto const told = std::make_shared<transaction>();
    told->waiting = scheduler_.running();
    std::vector<change> const sent(changes.begin(), changes.end());
    bool const waits = happens(faults_.slow * 2);  // for a row that somebody else has
    auto const due = at_last ? random_.between(1ms, 400ms)
                     : waits ? random_.between(500ms, 2'500ms)
                             : latency();
    scheduler_.after(due, [this, told, sent, from = from_] {
        if (ends_with_caller && from->is_dead()) return;
        told->answers = commit(sent);
        told->done = true;
        if (told->waiting != nullptr) scheduler_.wake(*told->waiting);
    });
    if (planted_ == bug::answered_before_commit) {
        told->waiting = nullptr;
        std::vector<result<booking>> early;
        for (auto const& c : sent) early.emplace_back(c.after);
        from_->cross();
        return early;
    }
    auto const patience =
        at_last ? random_.between(1ms, 50ms) : std::chrono::microseconds(std::chrono::hours(1));
    scheduler_.wait_until(scheduler_.now() + patience, told->done);
    told->waiting = nullptr;
    if (unknown) scheduler_.note("commit unknown");
    if (!unknown) scheduler_.sleep(latency());
    from_->cross();
    if (!unknown) return std::move(told->answers);
    if (planted_ == bug::unknown_commit_retried) {
        std::vector<change> again;
        for (auto const& c : sent) again.push_back(on_what_stands(c));
        for (auto& c : again) c.key.reset();
        return commit(again);
    }
    return all<booking>(changes.size(), errc::commit_unknown);
}

}  // namespace aircargo::simulation
