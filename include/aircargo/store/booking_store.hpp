#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/ref_block.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/store/event_log.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace aircargo {

/// A caller's name for one request, so that sending it twice does it once.
struct idempotency_key {
    static constexpr auto lifetime = std::chrono::hours(48);

    std::string scope;  ///< whose key and for which route; keys of different scopes never meet
    std::string key;    ///< as the caller chose it
    std::string
        fingerprint;  ///< of the request; the same key with another one is `idempotency_mismatch`

    friend bool operator==(idempotency_key const&, idempotency_key const&) = default;
};

/// One decided fact on its way into a store. `fact.seq` names the revision it was decided on, plus
/// one: 1 makes a new booking, n + 1 is accepted only while revision n stands.
struct change {
    booking after;  ///< the booking with the fact folded in
    event fact;
    std::optional<idempotency_key> key{};  ///< stored in the same transaction
};

/// What a list asks for; every filter left out lets everything through.
struct booking_query {
    static constexpr std::size_t max_page_size = 1000;

    std::optional<booking_status> status{};
    std::optional<airport_code> origin{};
    std::optional<airport_code> destination{};
    std::optional<utc_time> created_from{};  ///< this instant or later
    std::optional<utc_time> created_to{};    ///< before this instant
    std::size_t page_size = 50;              ///< 1 to `max_page_size`
    std::size_t page = 1;                    ///< counts from 1; used when `cursor` is empty
    std::string cursor{};  ///< `next_cursor` of the page before: stable while bookings are added
    std::size_t count_up_to = 10'000;  ///< counting reads so many matches; 0 where nobody looks
};

/// Why a query can not be answered; nothing when it is sound.
[[nodiscard]] inline std::optional<error> invalid(booking_query const& query)
{
    if (query.page_size < 1 || query.page_size > booking_query::max_page_size) {
        return refuse(errc::invalid_request,
                      "page_size must be 1 to " + std::to_string(booking_query::max_page_size));
    }
    if (query.page < 1) return refuse(errc::invalid_request, "pages count from 1");
    return std::nullopt;
}

/// How many matches stand before the page, when it is asked for by number.
[[nodiscard]] inline std::uint64_t skipped_by(booking_query const& query)
{
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();  // what SQL can skip
    if (!query.cursor.empty()) return 0;
    std::uint64_t const pages = query.page - 1;
    return pages > most / query.page_size ? most : pages * query.page_size;
}

/// Bookings, newest first: by creation, within a second by the order in which they came in.
struct booking_page {
    std::vector<booking> items;
    std::size_t total = 0;        ///< how many match the filters, `count_up_to` at most
    bool total_is_exact = false;  ///< whether those are all; false when not counted
    std::string next_cursor;      ///< empty on the last page
};

/// How many matches a count reads: one more than it may tell of shows that there are more.
[[nodiscard]] inline std::uint64_t matches_to_read(booking_query const& query)
{
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();  // what SQL can count
    return std::min<std::uint64_t>(query.count_up_to, most - 1) + 1;
}

/// Tells how many matches were read of those.
inline void tell_total(booking_page& page, booking_query const& query, std::uint64_t read)
{
    page.total_is_exact = read < matches_to_read(query);
    page.total = page.total_is_exact ? static_cast<std::size_t>(read) : query.count_up_to;
}

// What every backend says in the same words.

[[nodiscard]] inline error booking_not_found(booking_ref const& ref)
{
    return refuse(errc::not_found, "there is no booking " + ref.str());
}
[[nodiscard]] inline error already_exists(booking_ref const& ref)
{
    return refuse(errc::already_exists, "booking " + ref.str() + " exists already");
}
[[nodiscard]] inline error stale_revision(booking_ref const& ref)
{
    return refuse(errc::stale_revision,
                  "booking " + ref.str() + " was changed by someone else meanwhile");
}
[[nodiscard]] inline error idempotency_clash(idempotency_key const& key)
{
    return refuse(errc::idempotency_mismatch,
                  "the idempotency key '" + key.key + "' was used before with another request");
}

[[nodiscard]] inline bool matches(booking_query const& query, booking const& b)
{
    return (!query.status || b.status == *query.status) &&
           (!query.origin || b.terms.origin == *query.origin) &&
           (!query.destination || b.terms.destination == *query.destination) &&
           (!query.created_from || b.created_at >= *query.created_from) &&
           (!query.created_to || b.created_at < *query.created_to);
}

/// Where a booking stands in lists: they go by creation, and within a second by the numbers that
/// the store gives in order of coming in, from 1; both descending. Neither ever changes.
struct list_place {
    utc_time created_at;
    std::int64_t number;

    friend auto operator<=>(list_place const&, list_place const&) = default;
};

/// Before the first of a list of all.
inline constexpr list_place top_of_lists{utc_time::max(), std::numeric_limits<std::int64_t>::max()};

/// What leads on from a place: `1764667200-4711`, seconds since 1970 and the number.
[[nodiscard]] inline std::string cursor_of(list_place const& place)
{
    return std::to_string(to_epoch(place.created_at)) + '-' + std::to_string(place.number);
}

/// The last booking that was shown; the page asked for holds those below it. Without a cursor it is
/// `top_of_lists`, and what no list gave is `invalid_request`.
[[nodiscard]] inline result<list_place> list_position(booking_query const& query)
{
    if (query.cursor.empty()) return top_of_lists;
    auto const* const end = query.cursor.data() + query.cursor.size();
    std::int64_t seconds = 0;
    std::int64_t number = 0;
    auto const dash = std::from_chars(query.cursor.data(), end, seconds).ptr;
    if (dash != end) std::from_chars(dash + 1, end, number);
    list_place const place{from_epoch(seconds), number};
    // A place has one spelling, so whatever the reading above let pass differs from it.
    if (number < 1 || cursor_of(place) != query.cursor) {
        return refuse(errc::invalid_request, "the cursor is not one that a list gave");
    }
    return place;
}

/// What every match stands below, whatever the cursor. Together with the cursor this is one bound
/// (the lower of the two): given two, a database may seek one and wade through all up to the other.
[[nodiscard]] inline list_place upper_bound_of(booking_query const& query)
{
    return query.created_to ? list_place{*query.created_to, 0} : top_of_lists;
}

// clang-format off
/// Keeps bookings and their events. Each call is one round trip and may be made from several threads.
///
/// `apply` is one transaction, durable when it returns. Entries stand or fall alone: a refused entry changes
/// nothing and does not touch its neighbours. Per entry:
///  - the booking as stored,
///  - for a key that was used before: the answer of that first time, or `idempotency_mismatch`,
///  - `already_exists` (a new booking's reference is taken), `stale_revision` (the booking has moved on),
///    `not_found` (no such booking; where the store keeps the flights too: no such flight),
///  - `backend_down` when nothing of the batch happened, `commit_unknown` when nobody knows.
/// `answers` looks keys up beforehand: nothing when the key is new or older than its lifetime, else as `apply`
/// would answer.
/// `find` and `history` answer `not_found` an entry; histories are oldest first.
/// `list` refuses an unreadable cursor with `invalid_request`.
/// `log_after` reads the events of all bookings in one order, see event_log.hpp; it shows no event whose
/// change is not durable.
/// `reserve_refs` hands out a run of references that nobody else ever gets, across processes and restarts.
template <class S>
concept booking_store = requires(S& s, std::span<change const> changes, std::span<booking_ref const> refs,
                                 std::span<idempotency_key const> keys, utc_time now,
                                 booking_query const& query, log_query const& part, std::uint64_t count) {
    { s.apply(changes) }      -> std::same_as<std::vector<result<booking>>>;
    { s.answers(keys, now) }  -> std::same_as<std::vector<result<std::optional<booking>>>>;
    { s.find(refs) }          -> std::same_as<std::vector<result<booking>>>;
    { s.history(refs) }       -> std::same_as<std::vector<result<std::vector<event>>>>;
    { s.list(query) }         -> std::same_as<result<booking_page>>;
    { s.log_after(part) }     -> std::same_as<result<log_page>>;
    { s.reserve_refs(count) } -> std::same_as<result<ref_block>>;
};
// clang-format on

/// The run-time form: a booking store chosen by configuration.
class any_booking_store {
public:
    virtual ~any_booking_store() = default;

    [[nodiscard]] virtual std::vector<result<booking>> apply(std::span<change const> changes) = 0;
    [[nodiscard]] virtual std::vector<result<std::optional<booking>>> answers(
        std::span<idempotency_key const> keys, utc_time now) = 0;
    [[nodiscard]] virtual std::vector<result<booking>> find(std::span<booking_ref const> refs) = 0;
    [[nodiscard]] virtual std::vector<result<std::vector<event>>> history(
        std::span<booking_ref const> refs) = 0;
    [[nodiscard]] virtual result<booking_page> list(booking_query const& query) = 0;
    [[nodiscard]] virtual result<log_page> log_after(log_query const& query) = 0;
    [[nodiscard]] virtual result<ref_block> reserve_refs(std::uint64_t count) = 0;
};
static_assert(booking_store<any_booking_store>);

namespace detail {

template <booking_store S>
class erased_booking_store final : public any_booking_store {
public:
    template <class... Args>
    explicit erased_booking_store(Args&&... args) : store_(std::forward<Args>(args)...)
    {}

    std::vector<result<booking>> apply(std::span<change const> changes) override
    {
        return store_.apply(changes);
    }
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> keys,
                                                        utc_time now) override
    {
        return store_.answers(keys, now);
    }
    std::vector<result<booking>> find(std::span<booking_ref const> refs) override
    {
        return store_.find(refs);
    }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> refs) override
    {
        return store_.history(refs);
    }
    result<booking_page> list(booking_query const& query) override { return store_.list(query); }
    result<log_page> log_after(log_query const& query) override { return store_.log_after(query); }
    result<ref_block> reserve_refs(std::uint64_t count) override
    {
        return store_.reserve_refs(count);
    }

private:
    S store_;
};

}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <booking_store S, class... Args>
[[nodiscard]] std::unique_ptr<any_booking_store> make_booking_store(Args&&... args)
{
    return std::make_unique<detail::erased_booking_store<S>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
