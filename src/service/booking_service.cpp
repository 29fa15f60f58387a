#include "service/cache_keys.hpp"
#include "service/codec.hpp"
#include <aircargo/service/booking_service.hpp>
#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

namespace aircargo {
namespace {

[[nodiscard]] leg leg_of(flight const& f)
{
    return {f.id, f.number, f.origin, f.destination, f.departure, f.arrival};
}

[[nodiscard]] std::optional<idempotency_key> const& key_of(booking_request const& request)
{
    return std::visit(
        [](auto const& r) -> auto const& { return r.key; }, request);
}

[[nodiscard]] std::vector<flight_id> flights_of(booking_request const& request)
{
    if (auto const* const create = std::get_if<book_request>(&request)) return create->flights;
    auto const& flight = std::get<act_request>(request).flight;
    return flight ? std::vector{*flight} : std::vector<flight_id>();
}

[[nodiscard]] bool has(std::vector<std::size_t> const& indexes, std::size_t index)
{
    return std::find(indexes.begin(), indexes.end(), index) != indexes.end();
}

/// The store refused because somebody else was quicker; deciding again on what stands now may
/// succeed.
[[nodiscard]] bool lost_a_race(error const& e)
{
    return e.code == errc::stale_revision || e.code == errc::already_exists;
}

}  // namespace

/// One call of `run`: the requests, what is known of each, and the steps in their order.
class booking_service::batch {
public:
    batch(booking_service& service, std::span<booking_request const> requests)
        : service_(service), requests_(requests), now_(service.now_()), answers_(requests.size())
    {}

    [[nodiscard]] std::vector<result<booking>> run()
    {
        try {
            work();
        } catch (...) {  // out of memory, or a port that throws: how far it came, nobody knows
            service_.locks_.release(leases_);  // the holds stay until they run out
            throw;
        }
        service_.locks_.release(leases_);

        std::vector<result<booking>> out;
        out.reserve(answers_.size());
        for (auto& answer : answers_) out.push_back(*std::move(answer));
        return out;
    }

private:
    void work()
    {
        answer_known_keys();
        look_up_flights();
        lease_bookings();
        hold_cached();
        for (int left = service_.options_.attempts; left > 0; --left) {
            auto changes = decide();
            if (changes.empty()) break;
            apply(changes, left == 1);
        }
        settle_with_cache();
        answer_refused_twins();
        tell_cache();
    }

    struct decided {
        std::size_t index;  // of the request
        change what;
    };

    /// Indexes of the requests that have no answer yet and for which `wanted` holds.
    template <class Wanted>
    [[nodiscard]] std::vector<std::size_t> open(Wanted wanted) const
    {
        std::vector<std::size_t> indexes;
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            if (!answers_[i] && wanted(requests_[i])) indexes.push_back(i);
        }
        return indexes;
    }
    [[nodiscard]] std::vector<std::size_t> open_acts() const
    {
        return open([](auto const& r) { return std::holds_alternative<act_request>(r); });
    }
    [[nodiscard]] std::vector<std::size_t> open_creates() const
    {
        return open([](auto const& r) { return std::holds_alternative<book_request>(r); });
    }
    [[nodiscard]] act_request const& act(std::size_t index) const
    {
        return std::get<act_request>(requests_[index]);
    }

    void answer_known_keys()
    {
        answer_by_keys(open([](auto const& r) { return key_of(r).has_value(); }));
    }

    /// A twin of a request may have come through after its key was looked up. Then what stands now
    /// refuses it, and the twin's answer is the right one.
    void answer_refused_twins()
    {
        std::vector<std::size_t> refused;
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            bool const conflicts = answers_[i] && answers_[i]->has_error() &&
                                   group_of(answers_[i]->error().code) != errc_group::unavailable;
            if (conflicts && key_of(requests_[i])) refused.push_back(i);
        }
        answer_by_keys(refused);
    }

    void answer_by_keys(std::vector<std::size_t> const& keyed)
    {
        if (keyed.empty()) return;
        std::vector<idempotency_key> keys;
        for (auto i : keyed) keys.push_back(*key_of(requests_[i]));
        auto known = service_.bookings_.answers(keys, now_);
        for (std::size_t k = 0; k < keyed.size(); ++k) {
            if (known[k].has_error()) {
                answers_[keyed[k]] = known[k].error();
            } else if (*known[k]) {
                untold_.push_back(keyed[k]);
                answers_[keyed[k]] = **std::move(known[k]);
            }
        }
    }

    void look_up_flights()
    {
        auto const flying = open([](auto const& r) { return !flights_of(r).empty(); });
        std::vector<flight_id> ids;
        for (auto i : flying) {
            for (auto id : flights_of(requests_[i])) ids.push_back(id);
        }
        if (ids.empty()) return;
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        auto const found = service_.flights_.find(ids);
        std::map<flight_id, error> missing;
        for (std::size_t k = 0; k < ids.size(); ++k) {
            if (found[k].has_value()) {
                legs_.emplace(ids[k], leg_of(*found[k]));
            } else {
                missing.emplace(ids[k], found[k].error());
            }
        }
        for (auto i : flying) {
            for (auto id : flights_of(requests_[i])) {
                auto const gone = missing.find(id);
                if (gone != missing.end() && !answers_[i]) answers_[i] = flight_error(gone->second);
            }
        }
    }

    /// A flight that does not exist is a fault of the request, not a missing resource.
    [[nodiscard]] static error flight_error(error const& e)
    {
        return e.code == errc::not_found ? refuse(errc::invalid_request, e.detail) : e;
    }

    void lease_bookings()
    {
        auto const acts = open_acts();
        if (acts.empty()) return;
        std::vector<std::string> names;
        for (auto i : acts) names.push_back(detail::booking_lock_key(act(i).ref));
        auto leases = service_.locks_.acquire(names, service_.options_.lease_ttl);
        for (std::size_t k = 0; k < acts.size(); ++k) {
            if (leases[k].has_value()) {
                leases_.push_back(*std::move(leases[k]));
            } else if (!may_go_without(leases[k].error())) {
                answers_[acts[k]] = leases[k].error();
            }
        }
    }

    [[nodiscard]] bool may_go_without(error const& e) const
    {
        return e.code == errc::lock_unavailable &&
               service_.options_.on_lock_unavailable == lock_unavailable_policy::proceed;
    }

    void hold_cached()
    {
        auto const acts = open_acts();
        if (acts.empty()) return;
        std::vector<cache_hold> wanted;
        for (auto i : acts) wanted.push_back(detail::booking_hold(act(i).ref));
        auto holds = service_.cache_.hold(wanted, service_.options_.lease_ttl);
        for (std::size_t k = 0; k < acts.size(); ++k) {
            if (holds[k].has_value()) {
                holds_.emplace(acts[k], *std::move(holds[k]));
            } else {
                answers_[acts[k]] = holds[k].error();
            }
        }
    }

    [[nodiscard]] bool has_run_out(lease const& hold) const
    {
        return hold.until <= service_.options_.steady();
    }

    [[nodiscard]] std::vector<decided> decide()
    {
        std::vector<decided> changes;
        auto const acts = open_acts();
        std::vector<booking_ref> refs;
        for (auto i : acts) refs.push_back(act(i).ref);
        auto const found =
            refs.empty() ? std::vector<result<booking>>() : service_.bookings_.find(refs);
        for (std::size_t k = 0; k < acts.size(); ++k) {
            keep_decision(changes, acts[k],
                          found[k] ? decide_act(act(acts[k]), *found[k]) : found[k].error());
        }
        for (auto i : open_creates())
            keep_decision(changes, i, decide_create(std::get<book_request>(requests_[i])));
        return changes;
    }

    void keep_decision(std::vector<decided>& changes, std::size_t index, result<change> decision)
    {
        if (decision.has_value()) {
            changes.push_back({index, *std::move(decision)});
        } else {
            answers_[index] = decision.error();
        }
    }

    [[nodiscard]] result<change> decide_create(book_request const& request)
    {
        auto const ref = service_.next_ref();
        if (ref.has_error()) return ref.error();
        booking_terms terms{*ref, request.origin, request.destination, request.pieces,
                            request.gross};
        for (auto id : request.flights) terms.legs.push_back(legs_.at(id));
        auto fact = book(terms, request.note, now_);
        if (fact.has_error()) return fact.error();
        auto after = open_booking(std::move(terms), *fact);
        return change{std::move(after), *std::move(fact), request.key};
    }

    [[nodiscard]] result<change> decide_act(act_request const& request, booking const& present)
    {
        if (request.if_revision && *request.if_revision != present.revision) {
            return refuse(errc::precondition_failed, present.terms.ref.str() + " is at revision " +
                                                         std::to_string(present.revision) +
                                                         ", not " +
                                                         std::to_string(*request.if_revision));
        }
        command c{.act = request.act, .location = request.location};
        if (request.flight) c.flight = leg_on(present, *request.flight);
        c.off_plan = request.off_plan;
        c.note = request.note;
        auto fact = step(present, c, now_);
        if (fact.has_error()) return fact.error();
        auto after = evolve(present, *fact);
        return change{std::move(after), *std::move(fact), request.key};
    }

    /// The flight as the booking planned it, else as the schedule has it now.
    [[nodiscard]] leg leg_on(booking const& b, flight_id id) const
    {
        auto const& legs = b.terms.legs;
        auto const planned =
            std::find_if(legs.begin(), legs.end(), [&](leg const& l) { return l.flight == id; });
        return planned != legs.end() ? *planned : legs_.at(id);
    }

    /// What would be committed after the hold ran out would be kept from nobody's cache.
    void refuse_late(std::vector<decided>& decisions)
    {
        std::erase_if(decisions, [this](decided const& d) {
            auto const held = holds_.find(d.index);
            if (held == holds_.end() || !has_run_out(held->second)) return false;
            answers_[d.index] = lock_is_busy(held->second.name);
            return true;
        });
    }

    void apply(std::vector<decided>& decisions, bool last_attempt)
    {
        refuse_late(decisions);
        if (decisions.empty()) return;
        std::vector<change> changes;
        changes.reserve(decisions.size());
        for (auto const& d : decisions) changes.push_back(d.what);
        auto stored = service_.bookings_.apply(changes);
        for (std::size_t k = 0; k < stored.size(); ++k) {
            auto& answer = stored[k];
            if (answer.has_error() && lost_a_race(answer.error()) && !last_attempt) continue;
            if (answer.has_value() && !is_of(changes[k], *answer))
                untold_.push_back(decisions[k].index);
            answers_[decisions[k].index] = std::move(answer);
        }
    }

    /// The answer to a repeated key is what was true then, and may be of another booking.
    [[nodiscard]] static bool is_of(change const& wanted, booking const& stored)
    {
        return stored.terms.ref == wanted.after.terms.ref && stored.revision == wanted.fact.seq;
    }

    /// Ends the holds, but for those under which a change may yet be committed: nothing is to be
    /// cached before it is, or never will be. Whether a hold stood until now, only the cache can
    /// say: its clock may have been set, and ours would not know.
    void settle_with_cache()
    {
        std::vector<std::size_t> settled;
        std::vector<cache_settlement> settlements;
        for (auto const& [i, hold] : holds_) {
            auto const& answer = *answers_[i];
            if (answer.has_error() && answer.error().code == errc::commit_unknown) continue;
            settled.push_back(i);
            settlements.push_back({hold, fresh_of(i)});
        }
        if (settled.empty()) return;
        auto const ends = service_.cache_.settle(settlements);
        for (std::size_t k = 0; k < settled.size(); ++k) {
            if (ends[k] != hold_end::in_time) note_late(settled[k]);
        }
    }

    [[nodiscard]] std::vector<cache_entry> fresh_of(std::size_t index) const
    {
        auto const& answer = *answers_[index];
        if (answer.has_error() || has(untold_, index)) return {};
        return {{detail::booking_cache_key(act(index).ref), detail::encode(*answer),
                 answer->revision, service_.options_.cache_ttl}};
    }

    /// If the hold did not stand, a reader may have cached what was true before.
    void note_late(std::size_t index)
    {
        auto& answer = *answers_[index];
        if (answer.has_value()) {
            untold_.push_back(index);
        } else if (group_of(answer.error().code) != errc_group::unavailable) {
            // Perhaps refused because of a state that others do not see yet.
            answer = lock_is_busy(detail::booking_lock_key(act(index).ref));
        }
    }

    /// Nobody may be given something older than what we are about to answer.
    void tell_cache()
    {
        std::vector<cache_entry> entries;
        for (auto i : untold_) {
            if (answers_[i]->has_error() || (*answers_[i])->revision == 1) continue;
            auto const& b = **answers_[i];
            entries.push_back({detail::booking_cache_key(b.terms.ref), {}, b.revision});
            entries.push_back({detail::history_cache_key(b.terms.ref), {}, b.revision});
        }
        if (entries.empty() || service_.cache_.fill(entries)) return;
        for (auto i : untold_) {
            if (answers_[i]->has_error() || (*answers_[i])->revision == 1) continue;
            answers_[i] =
                refuse(errc::commit_unknown, "the change of " + (*answers_[i])->terms.ref.str() +
                                                 " is made, but may not be seen by everybody yet");
        }
    }

    booking_service& service_;
    std::span<booking_request const> requests_;
    utc_time now_;
    std::vector<std::optional<result<booking>>> answers_;
    std::map<flight_id, leg> legs_;
    std::vector<lease> leases_;
    std::map<std::size_t, lease> holds_;  // by the index of the request
    /// Answered with a change that the cache may not know of: one committed after the hold was
    /// lost, or at an earlier time by a writer who can have failed just then.
    std::vector<std::size_t> untold_;
};

std::vector<result<booking>> booking_service::run(std::span<booking_request const> requests)
{
    return batch(*this, requests).run();
}

result<booking_ref> booking_service::next_ref()
{
    std::scoped_lock const lock(refs_mutex_);
    if (refs_.empty()) {
        auto const block = bookings_.reserve_refs(std::min(next_block_, options_.refs_per_block));
        if (block.has_error()) return block.error();
        refs_ = *block;
        next_block_ = std::min(next_block_ * 2, options_.refs_per_block);
    }
    return refs_.take();
}

}  // namespace aircargo
