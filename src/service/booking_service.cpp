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
            forget_all();
            service_.locks_.release(leases_);
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
        for (int left = service_.options_.attempts; left > 0; --left) {
            auto const changes = decide();
            if (changes.empty()) break;
            apply(changes, left == 1);
        }
        answer_refused_twins();
        publish();
    }

    /// Nothing of these bookings may be served from the cache any more.
    void forget_all()
    {
        std::vector<std::string> keys;
        for (auto const& request : requests_) {
            if (auto const* const a = std::get_if<act_request>(&request)) {
                keys.push_back(detail::booking_cache_key(a->ref));
                keys.push_back(detail::history_cache_key(a->ref));
            }
        }
        service_.cache_.erase(keys);
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
            if (leases[k].has_error()) {
                answers_[acts[k]] = leases[k].error();
            } else {
                leases_.push_back(*std::move(leases[k]));
            }
        }
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

    void apply(std::vector<decided> const& decisions, bool last_attempt)
    {
        std::vector<change> changes;
        changes.reserve(decisions.size());
        for (auto const& d : decisions) changes.push_back(d.what);
        auto stored = service_.bookings_.apply(changes);
        for (std::size_t k = 0; k < stored.size(); ++k) {
            auto& answer = stored[k];
            if (answer.has_error() && lost_a_race(answer.error()) && !last_attempt) continue;
            remember_for_cache(changes[k], answer);
            answers_[decisions[k].index] = std::move(answer);
        }
    }

    void remember_for_cache(change const& wanted, result<booking> const& stored)
    {
        auto const& ref = wanted.after.terms.ref;
        if (stored.has_value()) {
            // The answer to a repeated key is what was true then; it must not reach the cache.
            bool const is_now = stored->terms.ref == ref && stored->revision == wanted.fact.seq;
            if (!is_now) return;
            fresh_.push_back({detail::booking_cache_key(ref), detail::encode(*stored),
                              stored->revision, service_.options_.cache_ttl});
            outdated_.push_back(detail::history_cache_key(ref));
        } else if (stored.error().code == errc::commit_unknown) {
            outdated_.push_back(detail::booking_cache_key(ref));
            outdated_.push_back(detail::history_cache_key(ref));
        }
    }

    void publish()
    {
        if (!outdated_.empty()) service_.cache_.erase(outdated_);
        if (!fresh_.empty()) service_.cache_.put(fresh_);
    }

    booking_service& service_;
    std::span<booking_request const> requests_;
    utc_time now_;
    std::vector<std::optional<result<booking>>> answers_;
    std::map<flight_id, leg> legs_;
    std::vector<lease> leases_;
    std::vector<cache_entry> fresh_;
    std::vector<std::string> outdated_;
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
