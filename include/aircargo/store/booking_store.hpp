#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/ref_block.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/store/booking_figures.hpp>
#include <aircargo/store/booking_list.hpp>
#include <aircargo/store/event_log.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
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
/// `list` refuses an unreadable cursor with `invalid_request`. `figures` reads all bookings of its span, and
/// refuses more than it may read with `invalid_request`.
/// `log_after` reads the events of all bookings in one order, see event_log.hpp; it shows no event whose
/// change is not durable.
/// `reserve_refs` hands out a run of references that nobody else ever gets, across processes and restarts.
template <class S>
concept booking_store = requires(S& s, std::span<change const> changes, std::span<booking_ref const> refs,
                                 std::span<idempotency_key const> keys, utc_time now,
                                 booking_query const& query, figures_query const& span, log_query const& part, std::uint64_t count) {
    { s.apply(changes) }      -> std::same_as<std::vector<result<booking>>>;
    { s.answers(keys, now) }  -> std::same_as<std::vector<result<std::optional<booking>>>>;
    { s.find(refs) }          -> std::same_as<std::vector<result<booking>>>;
    { s.history(refs) }       -> std::same_as<std::vector<result<std::vector<event>>>>;
    { s.list(query) }         -> std::same_as<result<booking_page>>;
    { s.figures(span) }       -> std::same_as<result<booking_figures>>;
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
    [[nodiscard]] virtual result<booking_figures> figures(figures_query const& query) = 0;
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
    result<booking_figures> figures(figures_query const& query) override
    {
        return store_.figures(query);
    }
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
