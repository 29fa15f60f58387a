#include "simulation/checker.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <algorithm>
#include <set>
#include <utility>

namespace aircargo::simulation {
namespace {

/// A place in the order of a booking's operations: a change at its revision, a read right behind.
struct place {
    std::int64_t revision = 0;
    bool is_read = false;

    friend auto operator<=>(place const&, place const&) = default;
};

struct placed {
    operation const* what;
    std::uint64_t asked;
    std::uint64_t told;
    place at;
};

using violation = std::optional<std::string>;

[[nodiscard]] std::string words_of(operation const& o)
{
    std::string out = o.what == operation::kind::find      ? "the read"
                      : o.what == operation::kind::history ? "the history"
                                                           : "the change " + o.tag;
    return out + " of " + o.ref + " asked at " + std::to_string(o.asked);
}

class booking_check {
public:
    booking_check(std::string ref, truth::life const* life,
                  std::vector<operation const*> const& operations)
        : ref_(std::move(ref)), life_(life), operations_(operations)
    {}

    [[nodiscard]] violation run()
    {
        if (life_ == nullptr) return without_booking();
        auto found = states();
        if (!found) found = answers();
        if (!found) found = order();
        if (!found) found = refusals();
        return found;
    }

private:
    [[nodiscard]] violation without_booking() const
    {
        for (auto const* o : operations_)
            if (o->has_answer() && !o->refusal)
                return "durable: " + words_of(*o) + " succeeded, but there is no such booking";
        return std::nullopt;
    }

    /// The legal path that the events are, state by state.
    [[nodiscard]] violation states()
    {
        for (std::size_t n = 1; n <= life_->events.size(); ++n) {
            auto const state = fold(life_->terms, std::span(life_->events).first(n));
            if (!state)
                return "legal: the events of " + ref_ +
                       " are no legal path: " + state.error().detail;
            states_.push_back(*state);
        }
        return std::nullopt;
    }

    [[nodiscard]] booking const* state(std::int64_t revision) const
    {
        bool const is_one = revision >= 1 && revision <= static_cast<std::int64_t>(states_.size());
        return is_one ? &states_[static_cast<std::size_t>(revision) - 1] : nullptr;
    }

    /// That each answer shows a state as it was, and a change the one that it made.
    [[nodiscard]] violation answers()
    {
        std::map<std::string, std::int64_t> made;  // revision of each tag
        for (auto const& e : life_->events) {
            if (!made.emplace(e.request_id, e.seq).second)
                return "once: " + e.request_id + " changed " + ref_ + " twice";
        }
        std::map<std::string, std::uint64_t> first_asked;  // a repeated key is one operation
        for (auto const* o : operations_) {
            auto const [at, is_new] = first_asked.emplace(o->tag, o->asked);
            if (!is_new) at->second = std::min(at->second, o->asked);
        }
        for (auto const* o : operations_) {
            auto const asked = o->what == operation::kind::write ? first_asked[o->tag] : o->asked;
            auto const effect = o->what == operation::kind::write ? made.find(o->tag) : made.end();
            if (o->has_answer() && !o->refusal) {
                if (auto wrong = wrong_answer(*o, effect != made.end() ? effect->second : 0))
                    return wrong;
                auto const revision =
                    o->what == operation::kind::history ? o->events.back().seq : o->seen->revision;
                placed_.push_back(
                    {o, asked, o->told, {revision, o->what != operation::kind::write}});
            } else if (effect != made.end()) {
                bool const may_be =
                    !o->has_answer() || may_have_happened(*o->refusal) || was_repeated(*o);
                if (!may_be)
                    return "refused: " + words_of(*o) + " was refused, but it is on record";
                placed_.push_back(
                    {o, asked, std::numeric_limits<std::uint64_t>::max(), {effect->second, false}});
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] static bool may_have_happened(errc refusal)
    {
        return refusal == errc::commit_unknown;
    }
    /// A refusal of one attempt says nothing about the others with the same key.
    [[nodiscard]] bool was_repeated(operation const& o) const
    {
        return std::count_if(operations_.begin(), operations_.end(),
                             [&](auto const* p) { return p->tag == o.tag; }) > 1;
    }

    [[nodiscard]] violation wrong_answer(operation const& o, std::int64_t made) const
    {
        if (o.what == operation::kind::history) {
            bool const is_beginning =
                !o.events.empty() && o.events.size() <= life_->events.size() &&
                std::equal(o.events.begin(), o.events.end(), life_->events.begin());
            if (!is_beginning) return "content: " + words_of(o) + " is not what happened";
            return std::nullopt;
        }
        auto const* const then = state(o.seen->revision);
        if (then == nullptr)
            return "durable: " + words_of(o) + " showed revision " +
                   std::to_string(o.seen->revision) + ", which is not on record";
        if (*then != *o.seen) return "content: " + words_of(o) + " showed a state that never was";
        if (o.what == operation::kind::write && made != o.seen->revision)
            return "durable: " + words_of(o) + " was acknowledged with revision " +
                   std::to_string(o.seen->revision) + ", but made " + std::to_string(made);
        return std::nullopt;
    }

    /// Nobody who asked later stands before somebody who had been told earlier.
    [[nodiscard]] violation order()
    {
        auto by_told = placed_;
        std::sort(by_told.begin(), by_told.end(),
                  [](auto const& a, auto const& b) { return a.told < b.told; });
        std::sort(placed_.begin(), placed_.end(),
                  [](auto const& a, auto const& b) { return a.asked < b.asked; });
        placed const* newest = nullptr;
        auto next = by_told.begin();
        for (auto const& p : placed_) {
            for (; next != by_told.end() && next->told < p.asked; ++next)
                if (!next->what->untold && (newest == nullptr || newest->at < next->at))
                    newest = &*next;
            if (newest == nullptr || newest->at <= p.at) continue;
            bool const after_an_acknowledgement =
                std::any_of(by_told.begin(), next, [&](auto const& t) {
                    return t.what->what == operation::kind::write && p.at < t.at;
                });
            return std::string(after_an_acknowledgement ? "stale: " : "order: ") +
                   words_of(*p.what) + " stands at revision " + std::to_string(p.at.revision) +
                   ", though " + words_of(*newest->what) + " had seen " +
                   std::to_string(newest->at.revision) + " at " + std::to_string(newest->told);
        }
        return std::nullopt;
    }

    /// That some state which may have stood then explains each refusal.
    [[nodiscard]] violation refusals() const
    {
        for (auto const* o : operations_) {
            if (!o->refusal || !o->has_answer() || may_be_any_time(*o->refusal)) continue;
            auto [low, high] = may_have_stood(*o);
            bool explained = false;
            for (auto r = low; r <= high && !explained; ++r) explained = explains(r, *o);
            if (!explained)
                return "refusal: " + words_of(*o) + " was refused with " +
                       std::string(name_of(*o->refusal)) + ", which no state from revision " +
                       std::to_string(low) + " to " + std::to_string(high) + " explains";
        }
        return std::nullopt;
    }

    [[nodiscard]] static bool may_be_any_time(errc refusal)
    {
        return refusal != errc::not_found && refusal != errc::illegal_transition &&
               refusal != errc::off_plan && refusal != errc::precondition_failed;
    }

    [[nodiscard]] std::pair<std::int64_t, std::int64_t> may_have_stood(operation const& o) const
    {
        std::int64_t low = 0;
        auto high = static_cast<std::int64_t>(states_.size());
        for (auto const& p : placed_) {
            if (p.told < o.asked) low = std::max(low, p.at.revision);
            if (p.asked > o.told)
                high = std::min(high, p.at.is_read ? p.at.revision : p.at.revision - 1);
        }
        return {low, high};
    }

    [[nodiscard]] bool explains(std::int64_t revision, operation const& o) const
    {
        if (revision == 0) return *o.refusal == errc::not_found;
        if (*o.refusal == errc::precondition_failed) return o.if_revision != revision;
        if (!o.act) return false;
        auto const& then = *state(revision);
        auto const fact = step(then, {.act = *o.act, .location = o.location}, then.updated_at);
        return fact.has_error() && fact.error().code == *o.refusal;
    }

    std::string ref_;
    truth::life const* life_;
    std::vector<operation const*> const& operations_;
    std::vector<booking> states_;
    std::vector<placed> placed_;
};

/// Equal answers to equal keys, and one booking for a repeated creation.
[[nodiscard]] violation repeated_keys(std::vector<operation> const& operations,
                                      truth const& in_the_end)
{
    std::map<std::string, std::set<std::string>> made;
    for (auto const& [ref, life] : in_the_end.bookings)
        for (auto const& e : life.events) made[e.request_id].insert(ref);
    for (auto const& [tag, refs] : made)
        if (refs.size() > 1)
            return "once: " + tag + " made " + std::to_string(refs.size()) + " bookings";
    std::map<std::string, booking> answers;
    for (auto const& o : operations) {
        if (o.what != operation::kind::write || o.refusal || !o.has_answer()) continue;
        auto const [at, is_new] = answers.emplace(o.tag, *o.seen);
        if (!is_new && at->second != *o.seen) return "once: " + o.tag + " was answered in two ways";
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> find_violation(std::vector<operation> const& operations,
                                          truth const& in_the_end)
{
    if (auto found = repeated_keys(operations, in_the_end)) return found;
    std::map<std::string, std::vector<operation const*>> by_ref;
    for (auto const& o : operations)
        if (!o.ref.empty()) by_ref[o.ref].push_back(&o);
    for (auto const& [ref, of_it] : by_ref) {
        auto const life = in_the_end.bookings.find(ref);
        booking_check check(ref, life != in_the_end.bookings.end() ? &life->second : nullptr,
                            of_it);
        if (auto found = check.run()) return found;
    }
    return std::nullopt;
}

std::optional<std::string> find_log_violation(std::vector<logged_event> const& read,
                                              truth const& in_the_end)
{
    std::map<std::string, std::vector<event>> by_ref;
    for (std::size_t i = 0; i < read.size(); ++i) {
        if (i > 0 && read[i].position <= read[i - 1].position)
            return "log: place " + to_string(read[i].position) + " was read after " +
                   to_string(read[i - 1].position);
        by_ref[read[i].ref.str()].push_back(read[i].fact);
    }
    for (auto const& [ref, life] : in_the_end.bookings) {
        if (by_ref[ref] == life.events) continue;
        return "log: " + std::to_string(by_ref[ref].size()) + " events of " + ref +
               " were read, which are not its " + std::to_string(life.events.size()) +
               " in their order";
    }
    if (by_ref.size() != in_the_end.bookings.size())
        return "log: it tells of a booking that is not";
    return std::nullopt;
}

}  // namespace aircargo::simulation
