#pragma once

#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <aircargo/store/memory_account_store.hpp>
#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <tuple>
#include <unordered_map>

namespace aircargo {

/// Bookings in this process's memory: for tests, scripts and simulations. Durable as long as the
/// process.
class memory_booking_store {
public:
    memory_booking_store() : memory_booking_store(random_key()) {}
    explicit memory_booking_store(ref_key key) : key_(key) {}

    [[nodiscard]] std::vector<result<booking>> apply(std::span<change const> changes);
    [[nodiscard]] std::vector<result<std::optional<booking>>> answers(
        std::span<idempotency_key const> keys, utc_time now);
    [[nodiscard]] std::vector<result<booking>> find(std::span<booking_ref const> refs);
    [[nodiscard]] std::vector<result<std::vector<event>>> history(
        std::span<booking_ref const> refs);
    [[nodiscard]] result<booking_page> list(booking_query const& query);
    [[nodiscard]] result<booking_figures> figures(figures_query const& query);
    [[nodiscard]] result<log_page> log_after(log_query const& query);
    [[nodiscard]] result<ref_block> reserve_refs(std::uint64_t count);

private:
    struct row {
        booking now;
        std::vector<event> events;
        std::vector<log_position> positions;  // of the events
    };
    struct logged {
        std::size_t row;
        std::size_t event;
    };
    struct used_key {
        std::string fingerprint;
        booking_ref ref;
        std::int64_t seq;
        utc_time at;
    };

    [[nodiscard]] static ref_key random_key()
    {
        std::random_device random;
        auto const word = [&] { return (static_cast<std::uint64_t>(random()) << 32) | random(); };
        return {word(), word()};
    }

    [[nodiscard]] result<booking> apply_one(change const& c);
    [[nodiscard]] result<std::optional<booking>> answer(idempotency_key const& key,
                                                        utc_time now) const;
    [[nodiscard]] row* find_row(booking_ref const& ref);
    void add_event(std::size_t row_index, event const& fact);
    [[nodiscard]] logged_event logged_at(logged const& place) const;
    [[nodiscard]] std::vector<logged_event> events_of(row const& owner,
                                                      log_query const& query) const;
    /// Calls `use(booking, its place)` for all of a stretch, in order, until it answers false.
    template <class Use>
    void walk(list_order order, list_stretch const& stretch, Use use) const;
    void count(booking_page& page, booking_query const& query) const;
    void read_page(booking_page& page, booking_query const& query,
                   list_stretch const& stretch) const;

    std::mutex mutex_;
    ref_key key_;
    std::uint64_t next_ref_ = 0;
    std::deque<row> rows_;     // number n is at n - 1
    std::vector<logged> log_;  // position n is at n - 1
    std::set<list_place> places_;
    std::map<std::string, std::size_t> by_text_;  // of the reference
    std::unordered_map<booking_ref, std::size_t> index_;
    std::map<std::pair<std::string, std::string>, used_key> keys_;
};

/// Flights in this process's memory.
class memory_flight_store {
public:
    [[nodiscard]] result<std::vector<flight>> upsert(std::span<flight const> flights);
    [[nodiscard]] result<std::vector<flight>> load(flight_window window);
    [[nodiscard]] std::vector<result<flight>> find(std::span<flight_id const> ids);
    [[nodiscard]] result<std::uint64_t> version();

private:
    using name = std::tuple<utc_time, flight_number, airport_code, airport_code>;

    std::mutex mutex_;
    std::vector<flight> flights_;  // flight_id i is at i - 1
    std::map<name, std::size_t> index_;
    std::uint64_t version_ = 0;
};

inline memory_booking_store::row* memory_booking_store::find_row(booking_ref const& ref)
{
    auto const found = index_.find(ref);
    return found == index_.end() ? nullptr : &rows_[found->second];
}

inline result<std::optional<booking>> memory_booking_store::answer(idempotency_key const& key,
                                                                   utc_time now) const
{
    auto const found = keys_.find({key.scope, key.key});
    if (found == keys_.end() || now - found->second.at >= idempotency_key::lifetime) {
        return std::optional<booking>();
    }
    auto const& used = found->second;
    if (used.fingerprint != key.fingerprint) return idempotency_clash(key);
    auto const& owner = rows_[index_.at(used.ref)];
    auto first =
        fold(owner.now.terms, std::span(owner.events).first(static_cast<std::size_t>(used.seq)));
    if (first.has_error()) return first.error();
    return std::optional<booking>(*std::move(first));
}

inline void memory_booking_store::add_event(std::size_t row_index, event const& fact)
{
    auto& owner = rows_[row_index];
    log_.push_back({row_index, owner.events.size()});
    owner.events.push_back(fact);
    owner.positions.push_back(static_cast<log_position>(log_.size()));
}

inline result<booking> memory_booking_store::apply_one(change const& c)
{
    if (c.key) {
        auto known = answer(*c.key, c.fact.created_at);
        if (known.has_error()) return known.error();
        if (*known) return **std::move(known);
    }
    auto const& ref = c.after.terms.ref;
    row* const present = find_row(ref);
    if (c.fact.seq == 1) {
        if (present) return already_exists(ref);
        index_.emplace(ref, rows_.size());
        by_text_.emplace(ref.str(), rows_.size());
        rows_.push_back({c.after, {}, {}});
        add_event(rows_.size() - 1, c.fact);
        places_.insert({c.after.created_at, static_cast<std::int64_t>(rows_.size())});
    } else {
        if (!present) return booking_not_found(ref);
        if (present->now.revision != c.fact.seq - 1) return stale_revision(ref);
        present->now = c.after;
        add_event(index_.at(ref), c.fact);
    }
    if (c.key) {
        keys_.insert_or_assign({c.key->scope, c.key->key},
                               used_key{c.key->fingerprint, ref, c.fact.seq, c.fact.created_at});
    }
    return c.after;
}

inline std::vector<result<booking>> memory_booking_store::apply(std::span<change const> changes)
{
    std::scoped_lock const lock(mutex_);
    std::vector<result<booking>> out;
    out.reserve(changes.size());
    for (auto const& c : changes) out.push_back(apply_one(c));
    return out;
}

inline std::vector<result<std::optional<booking>>> memory_booking_store::answers(
    std::span<idempotency_key const> keys, utc_time now)
{
    std::scoped_lock const lock(mutex_);
    std::vector<result<std::optional<booking>>> out;
    out.reserve(keys.size());
    for (auto const& key : keys) out.push_back(answer(key, now));
    return out;
}

inline std::vector<result<booking>> memory_booking_store::find(std::span<booking_ref const> refs)
{
    std::scoped_lock const lock(mutex_);
    std::vector<result<booking>> out;
    out.reserve(refs.size());
    for (auto const& ref : refs) {
        row const* const found = find_row(ref);
        out.push_back(found ? result<booking>(found->now) : booking_not_found(ref));
    }
    return out;
}

inline std::vector<result<std::vector<event>>> memory_booking_store::history(
    std::span<booking_ref const> refs)
{
    std::scoped_lock const lock(mutex_);
    std::vector<result<std::vector<event>>> out;
    out.reserve(refs.size());
    for (auto const& ref : refs) {
        row const* const found = find_row(ref);
        out.push_back(found ? result<std::vector<event>>(found->events) : booking_not_found(ref));
    }
    return out;
}

template <class Use>
void memory_booking_store::walk(list_order order, list_stretch const& stretch, Use use) const
{
    auto const at = [this](list_place const& place) -> booking const& {
        return rows_[static_cast<std::size_t>(place.number - 1)].now;
    };
    auto const go_on = [&](list_place const& place) {
        return stretch.contains(order, place) && use(at(place), place);
    };
    switch (order) {
        case list_order::newest_first: {
            auto const first = std::make_reverse_iterator(places_.lower_bound(stretch.after));
            (void)std::find_if_not(first, places_.rend(), go_on);
            return;
        }
        case list_order::oldest_first:
            (void)std::find_if_not(places_.upper_bound(stretch.after), places_.end(), go_on);
            return;
        case list_order::by_reference: {
            auto const end = by_text_.lower_bound(stretch.before);
            (void)std::find_if_not(by_text_.lower_bound(stretch.from), end, [&](auto const& named) {
                auto const& b = rows_[named.second].now;
                return use(b, {b.created_at, static_cast<std::int64_t>(named.second + 1)});
            });
        }
    }
}

/// Looks at what its one order offers, and so in vain at whatever any filter keeps back.
inline void memory_booking_store::count(booking_page& page, booking_query const& query) const
{
    std::uint64_t read = 0;
    std::size_t in_vain = 0;
    walk(query.order, stretch_of(query), [&](booking const& b, list_place const&) {
        if (!matches(query, b)) return ++in_vain <= query.look_up_to;
        return ++read < matches_to_read(query);
    });
    tell_total(page, query, read, in_vain <= query.look_up_to);
}

inline void memory_booking_store::read_page(booking_page& page, booking_query const& query,
                                            list_stretch const& stretch) const
{
    auto to_skip = skipped_by(query);
    std::size_t in_vain = 0;
    std::string behind_last;  // what is shown, or looked at while there was still room
    walk(query.order, stretch, [&](booking const& b, list_place const& place) {
        bool const is_match = matches(query, b);
        bool const is_full = page.items.size() == query.page_size;
        if (is_match ? is_full : ++in_vain > query.look_up_to) {
            page.next_cursor = behind_last;
            return false;
        }
        if (!is_full) behind_last = cursor_behind(query.order, place, b.terms.ref);
        if (is_match && to_skip > 0) {
            --to_skip;
        } else if (is_match) {
            page.items.push_back(b);
        }
        return true;
    });
}

inline result<booking_page> memory_booking_store::list(booking_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const stretch = stretch_behind_cursor(query);
    if (stretch.has_error()) return stretch.error();

    std::scoped_lock const lock(mutex_);
    booking_page page;
    if (query.count_up_to > 0) count(page, query);
    read_page(page, query, *stretch);
    return page;
}

inline logged_event memory_booking_store::logged_at(logged const& place) const
{
    auto const& owner = rows_[place.row];
    auto const& terms = owner.now.terms;
    return {owner.positions[place.event], terms.ref, terms.origin, terms.destination,
            owner.events[place.event]};
}

inline std::vector<logged_event> memory_booking_store::events_of(row const& owner,
                                                                 log_query const& query) const
{
    std::vector<logged_event> out;
    auto const& places = owner.positions;
    auto place = std::upper_bound(places.begin(), places.end(), query.after);
    for (; place != places.end() && out.size() < query.limit; ++place)
        out.push_back(logged_at(log_[static_cast<std::size_t>(*place) - 1]));
    return out;
}

inline result<log_page> memory_booking_store::log_after(log_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    std::scoped_lock const lock(mutex_);
    log_page page;
    page.highest = static_cast<log_position>(log_.size());
    page.end = std::max(query.after, page.highest);
    if (query.of) {
        row const* const owner = find_row(*query.of);
        if (owner) page.events = events_of(*owner, query);
        return page;
    }
    for (auto n = static_cast<std::size_t>(query.after);
         n < log_.size() && page.events.size() < query.limit; ++n)
        page.events.push_back(logged_at(log_[n]));
    return page;
}

inline result<booking_figures> memory_booking_store::figures(figures_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    std::scoped_lock const lock(mutex_);
    auto const first = places_.lower_bound({query.from, 0});
    auto const last = places_.lower_bound({query.to, 0});
    detail::figures_sum sums;
    std::uint64_t read = 0;
    for (auto place = first; place != last; ++place) {
        if (read++ == query.bookings_up_to) return too_many_bookings(query);
        auto const& b = rows_[static_cast<std::size_t>(place->number - 1)].now;
        sums.add(b.created_at, b.terms.origin, b.terms.destination, b.terms.gross.grams(),
                 b.status);
    }
    auto const step = static_cast<std::int64_t>(transit_step(query, sums.arrived()));
    for (auto place = first; place != last; ++place) {
        auto const& owner = rows_[static_cast<std::size_t>(place->number - 1)];
        if (place->number % step != 0 || !has_arrived(owner.now.status)) continue;
        auto const find = [&](auto is) {
            return std::find_if(owner.events.begin(), owner.events.end(), is)->created_at;
        };
        sums.add_transit(find([](event const& e) { return e.status == booking_status::arrived; }) -
                         find([](event const& e) { return e.type == event_type::departed; }));
    }
    return sums.finish(query);
}

inline result<ref_block> memory_booking_store::reserve_refs(std::uint64_t count)
{
    std::scoped_lock const lock(mutex_);
    auto const first = next_ref_;
    next_ref_ += count;
    return ref_block(key_, first, count);
}

inline result<std::vector<flight>> memory_flight_store::upsert(std::span<flight const> flights)
{
    std::scoped_lock const lock(mutex_);
    std::vector<flight> out;
    out.reserve(flights.size());
    bool changed = false;
    for (auto const& f : flights) {
        auto const [place, is_new] = index_.try_emplace(
            name{f.departure, f.number, f.origin, f.destination}, flights_.size());
        if (is_new) flights_.push_back(f);
        auto& kept = flights_[place->second];
        auto const id = static_cast<flight_id>(place->second + 1);
        changed =
            changed || is_new || kept.arrival != f.arrival || kept.airline_name != f.airline_name;
        kept = f;
        kept.id = id;
        out.push_back(kept);
    }
    if (changed) ++version_;
    return out;
}

inline result<std::vector<flight>> memory_flight_store::load(flight_window window)
{
    std::scoped_lock const lock(mutex_);
    std::vector<flight> out;
    std::copy_if(flights_.begin(), flights_.end(), std::back_inserter(out), [&](auto const& f) {
        return f.departure >= window.from && f.departure < window.until;
    });
    std::stable_sort(out.begin(), out.end(),
                     [](auto const& a, auto const& b) { return a.departure < b.departure; });
    return out;
}

inline std::vector<result<flight>> memory_flight_store::find(std::span<flight_id const> ids)
{
    std::scoped_lock const lock(mutex_);
    std::vector<result<flight>> out;
    out.reserve(ids.size());
    for (auto id : ids) {
        auto const number = static_cast<std::int64_t>(id);
        bool const known = number >= 1 && static_cast<std::size_t>(number) <= flights_.size();
        out.push_back(known ? result<flight>(flights_[static_cast<std::size_t>(number - 1)])
                            : flight_not_found(id));
    }
    return out;
}

inline result<std::uint64_t> memory_flight_store::version()
{
    std::scoped_lock const lock(mutex_);
    return version_;
}

static_assert(booking_store<memory_booking_store>);
static_assert(flight_store<memory_flight_store>);

}  // namespace aircargo
