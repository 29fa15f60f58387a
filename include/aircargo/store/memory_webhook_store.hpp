#pragma once

#include <aircargo/store/webhook_store.hpp>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

namespace aircargo {

/// Webhooks in this process's memory.
class memory_webhook_store {
public:
    [[nodiscard]] result<void> add(webhook const& w);
    [[nodiscard]] result<webhook> find(std::string const& id);
    [[nodiscard]] result<std::vector<webhook>> list();
    [[nodiscard]] result<webhook> change(std::string const& id, webhook_change const& what);
    [[nodiscard]] result<void> remove(std::string const& id);
    [[nodiscard]] result<log_position> cursor();
    [[nodiscard]] result<bool> pass_on(log_position from, log_position to,
                                       std::span<new_delivery const> added, utc_time now);
    [[nodiscard]] result<std::vector<webhook_delivery>> claim(std::span<claim_wish const> wishes,
                                                              utc_time now,
                                                              std::chrono::seconds lease);
    [[nodiscard]] result<void> end_attempts(std::span<attempt_end const> ends, utc_time now);
    [[nodiscard]] result<std::vector<webhook_delivery>> deliveries(delivery_query const& query);
    [[nodiscard]] result<std::size_t> redeliver(
        std::string const& id, std::optional<std::vector<log_position>> const& which, utc_time now);
    [[nodiscard]] result<std::size_t> forget_dead(utc_time before, std::size_t most);

private:
    struct entry {
        webhook hook;
        std::map<log_position, webhook_delivery> deliveries;
        /// Of each booking the places of what is pending; the first one may be under way.
        std::map<std::string, std::set<log_position>> lines;
        /// What is first in its line, by when it is due.
        std::set<std::pair<utc_time, log_position>> due;
    };

    [[nodiscard]] entry* entry_of(std::string const& id);
    static void put_in_line(entry& e, webhook_delivery& d);
    static void take_out_of_line(entry& e, webhook_delivery& d, utc_time now);
    static void make_due(entry& e, webhook_delivery& d, utc_time at);
    static void claim_from(entry& e, std::size_t limit, utc_time now, std::chrono::seconds lease,
                           std::vector<webhook_delivery>& out);

    std::mutex mutex_;
    std::vector<std::unique_ptr<entry>> entries_;  // oldest first
    log_position cursor_ = log_start;
};

inline memory_webhook_store::entry* memory_webhook_store::entry_of(std::string const& id)
{
    for (auto const& e : entries_)
        if (e->hook.id == id) return e.get();
    return nullptr;
}

inline result<void> memory_webhook_store::add(webhook const& w)
{
    std::scoped_lock const lock(mutex_);
    if (auto const* const present = entry_of(w.id)) {
        if (present->hook == w) return {};
        return refuse(errc::already_exists, "there is such a webhook already");
    }
    auto const older = [&](auto const& e) {
        return std::tie(e->hook.created_at, e->hook.id) < std::tie(w.created_at, w.id);
    };
    auto const place = std::find_if_not(entries_.begin(), entries_.end(), older);
    auto made = std::make_unique<entry>();
    made->hook = w;
    entries_.insert(place, std::move(made));
    return {};
}

inline result<webhook> memory_webhook_store::find(std::string const& id)
{
    std::scoped_lock const lock(mutex_);
    auto const* const found = entry_of(id);
    return found ? result<webhook>(found->hook) : webhook_not_found();
}

inline result<std::vector<webhook>> memory_webhook_store::list()
{
    std::scoped_lock const lock(mutex_);
    std::vector<webhook> out;
    for (auto const& e : entries_) out.push_back(e->hook);
    return out;
}

inline result<webhook> memory_webhook_store::change(std::string const& id,
                                                    webhook_change const& what)
{
    std::scoped_lock const lock(mutex_);
    auto* const found = entry_of(id);
    if (!found) return webhook_not_found();
    return found->hook = changed(found->hook, what);
}

inline result<void> memory_webhook_store::remove(std::string const& id)
{
    std::scoped_lock const lock(mutex_);
    auto const gone = std::erase_if(entries_, [&](auto const& e) { return e->hook.id == id; });
    if (gone == 0) return webhook_not_found();
    return {};
}

inline result<log_position> memory_webhook_store::cursor()
{
    std::scoped_lock const lock(mutex_);
    return cursor_;
}

inline void memory_webhook_store::make_due(entry& e, webhook_delivery& d, utc_time at)
{
    e.due.erase({d.next_attempt_at, d.position});
    d.next_attempt_at = at;
    if (*e.lines.at(d.ref.str()).begin() == d.position) e.due.emplace(at, d.position);
}

/// As a rule behind all of the booking; one that was dead comes before others.
inline void memory_webhook_store::put_in_line(entry& e, webhook_delivery& d)
{
    auto& line = e.lines[d.ref.str()];
    if (!line.empty() && d.position < *line.begin()) {
        auto const& first = e.deliveries.at(*line.begin());
        e.due.erase({first.next_attempt_at, first.position});
    }
    line.insert(d.position);
    if (*line.begin() == d.position) e.due.emplace(d.next_attempt_at, d.position);
}

/// Lets the next one go, if this was the first: else that may be under way.
inline void memory_webhook_store::take_out_of_line(entry& e, webhook_delivery& d, utc_time now)
{
    auto const line = e.lines.find(d.ref.str());
    bool const first = *line->second.begin() == d.position;
    e.due.erase({d.next_attempt_at, d.position});
    line->second.erase(d.position);
    if (line->second.empty()) {
        e.lines.erase(line);
    } else if (first) {
        auto& next = e.deliveries.at(*line->second.begin());
        make_due(e, next, std::min(next.next_attempt_at, now));
    }
}

inline result<bool> memory_webhook_store::pass_on(log_position from, log_position to,
                                                  std::span<new_delivery const> added, utc_time now)
{
    std::scoped_lock const lock(mutex_);
    if (cursor_ != from) return false;
    cursor_ = to;
    for (auto const& a : added) {
        auto* const e = entry_of(a.webhook_id);
        if (!e) continue;
        webhook_delivery d{a.webhook_id, a.position, a.ref, a.seq};
        d.due_since = d.next_attempt_at = now;
        put_in_line(*e, e->deliveries.emplace(a.position, std::move(d)).first->second);
    }
    return true;
}

inline void memory_webhook_store::claim_from(entry& e, std::size_t limit, utc_time now,
                                             std::chrono::seconds lease,
                                             std::vector<webhook_delivery>& out)
{
    for (; limit > 0 && !e.due.empty() && e.due.begin()->first <= now; --limit) {
        auto& d = e.deliveries.at(e.due.begin()->second);
        d.due_since = tried_since(d, now);
        make_due(e, d, now + lease);
        ++d.attempts;
        out.push_back(d);
    }
}

inline result<std::vector<webhook_delivery>> memory_webhook_store::claim(
    std::span<claim_wish const> wishes, utc_time now, std::chrono::seconds lease)
{
    std::scoped_lock const lock(mutex_);
    std::vector<webhook_delivery> out;
    for (auto const& wish : wishes) {
        auto* const e = entry_of(wish.webhook_id);
        if (e && e->hook.enabled) claim_from(*e, wish.limit, now, lease, out);
    }
    return out;
}

inline result<void> memory_webhook_store::end_attempts(std::span<attempt_end const> ends,
                                                       utc_time now)
{
    std::scoped_lock const lock(mutex_);
    for (auto const& end : ends) {
        auto* const e = entry_of(end.webhook_id);
        if (!e) continue;
        auto const found = e->deliveries.find(end.position);
        if (found == e->deliveries.end()) continue;
        auto& d = found->second;
        bool const pending = d.state == delivery_state::pending;
        if (end.how == attempt_end::kind::arrived) {
            if (pending) take_out_of_line(*e, d, now);
            e->deliveries.erase(found);
            continue;
        }
        if (!pending || d.attempts != end.attempt) continue;
        d.last_error = end.error;
        if (end.how == attempt_end::kind::failed) {
            d.due_since = end.due_since.value_or(d.due_since);
            make_due(*e, d, end.next_attempt_at);
        } else {
            take_out_of_line(*e, d, now);
            d.state = delivery_state::dead;
            d.next_attempt_at = now;
        }
    }
    return {};
}

inline result<std::vector<webhook_delivery>> memory_webhook_store::deliveries(
    delivery_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    std::scoped_lock const lock(mutex_);
    auto const* const e = entry_of(query.webhook_id);
    if (!e) return webhook_not_found();
    std::vector<webhook_delivery> out;
    for (auto d = e->deliveries.upper_bound(query.after);
         d != e->deliveries.end() && out.size() < query.page_size; ++d) {
        if (d->second.state == query.state) out.push_back(d->second);
    }
    return out;
}

inline result<std::size_t> memory_webhook_store::redeliver(
    std::string const& id, std::optional<std::vector<log_position>> const& which, utc_time now)
{
    std::scoped_lock const lock(mutex_);
    auto* const e = entry_of(id);
    if (!e) return webhook_not_found();
    std::size_t count = 0;
    for (auto& [position, d] : e->deliveries) {
        bool const meant =
            !which || std::find(which->begin(), which->end(), position) != which->end();
        if (d.state != delivery_state::dead || !meant) continue;
        d.state = delivery_state::pending;
        d.attempts = 0;
        d.due_since = d.next_attempt_at = now;
        put_in_line(*e, d);
        ++count;
    }
    return count;
}

inline result<std::size_t> memory_webhook_store::forget_dead(utc_time before, std::size_t most)
{
    std::scoped_lock const lock(mutex_);
    std::size_t left = most;
    for (auto const& e : entries_) {
        std::erase_if(e->deliveries, [&](auto const& placed) {
            auto const& d = placed.second;
            bool const old = d.state == delivery_state::dead && d.next_attempt_at < before;
            bool const goes = old && left > 0;
            if (goes) --left;
            return goes;
        });
    }
    return most - left;
}

static_assert(webhook_store<memory_webhook_store>);

}  // namespace aircargo
