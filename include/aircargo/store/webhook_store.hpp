#pragma once

#include <aircargo/booking/status.hpp>
#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/booking_ref.hpp>
#include <aircargo/core/error.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/core/utc_time.hpp>
#include <aircargo/store/event_log.hpp>
#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo {

/// Somebody who wants to be told of events.
struct webhook {
    std::string id;      ///< drawn at random by who makes it; never changes
    std::string url;     ///< where events go
    std::string secret;  ///< what they are signed with; whoever knows it can make them up
    std::vector<booking_status> statuses{};  ///< after an event; none named: whichever
    std::vector<airport_code> airports{};    ///< where bookings begin or end; none named: anywhere
    bool enabled = true;
    log_position after = log_start;  ///< only events behind this place
    utc_time created_at{};

    friend bool operator==(webhook const&, webhook const&) = default;
};

/// Whether the webhook is to be told of the event.
[[nodiscard]] inline bool wants(webhook const& w, logged_event const& e)
{
    auto const has = [](auto const& values, auto const& value) {
        return std::find(values.begin(), values.end(), value) != values.end();
    };
    return w.enabled && e.position > w.after &&
           (w.statuses.empty() || has(w.statuses, e.fact.status)) &&
           (w.airports.empty() || has(w.airports, e.origin) || has(w.airports, e.destination));
}

/// What is to be changed; what is left out stays.
struct webhook_change {
    std::optional<std::string> url{};
    std::optional<std::vector<booking_status>> statuses{};
    std::optional<std::vector<airport_code>> airports{};
    std::optional<bool> enabled{};
    std::optional<log_position> after{};
};

[[nodiscard]] inline webhook changed(webhook w, webhook_change const& what)
{
    if (what.url) w.url = *what.url;
    if (what.statuses) w.statuses = *what.statuses;
    if (what.airports) w.airports = *what.airports;
    if (what.enabled) w.enabled = *what.enabled;
    if (what.after) w.after = *what.after;
    return w;
}

enum class delivery_state : std::uint8_t {
    pending,
    dead  ///< was tried for too long; somebody has to look
};

[[nodiscard]] constexpr std::string_view name_of(delivery_state state) noexcept
{
    switch (state) {
        case delivery_state::pending: return "pending";
        case delivery_state::dead: return "dead";
    }
    return "?";
}

/// The state that `name_of` writes as `text`; nothing for any other text.
[[nodiscard]] constexpr std::optional<delivery_state> parse_delivery_state(
    std::string_view text) noexcept
{
    for (auto state : {delivery_state::pending, delivery_state::dead})
        if (name_of(state) == text) return state;
    return std::nullopt;
}

/// One event on its way to one webhook. What has arrived is not kept.
struct webhook_delivery {
    std::string webhook_id;
    log_position position{};  ///< of the event
    booking_ref ref;
    std::int64_t seq = 0;
    delivery_state state = delivery_state::pending;
    int attempts = 0;      ///< that were begun
    utc_time due_since{};  ///< since when it is tried, see `tried_since`
    /// Not before; of one that is under way, when its attempt is given up; of one that is dead,
    /// when it was.
    utc_time next_attempt_at{};
    std::string last_error{};

    friend bool operator==(webhook_delivery const&, webhook_delivery const&) = default;
};

/// Since when a delivery is tried whose next attempt begins now: since its first one, and time in
/// which it could have been tried and was not, as nobody was there to do it, does not count.
[[nodiscard]] inline utc_time tried_since(webhook_delivery const& d, utc_time now)
{
    if (d.attempts == 0) return now;
    return d.due_since + std::max(now - d.next_attempt_at, utc_time::duration::zero());
}

/// An event that a webhook is to be told of.
struct new_delivery {
    std::string webhook_id;
    log_position position{};
    booking_ref ref;
    std::int64_t seq = 0;
};

/// How many deliveries to a webhook may be begun.
struct claim_wish {
    std::string webhook_id;
    std::size_t limit = 0;
};

/// How an attempt ended. `attempt` is the delivery's `attempts` when it was claimed: once another
/// attempt has begun, the end of an earlier one changes nothing, unless it arrived.
struct attempt_end {
    enum class kind : std::uint8_t { arrived, failed, failed_for_good };

    std::string webhook_id;
    log_position position{};
    booking_ref ref;
    int attempt = 0;
    kind how = kind::arrived;
    std::string error{};                  ///< unless it arrived
    utc_time next_attempt_at{};           ///< if it failed
    std::optional<utc_time> due_since{};  ///< if it failed, and not all of its time is to count
};

/// Deliveries of a webhook in one state, oldest events first.
struct delivery_query {
    static constexpr std::size_t max_page_size = 1000;

    std::string webhook_id;
    delivery_state state = delivery_state::dead;
    log_position after = log_start;
    std::size_t page_size = 100;  ///< 1 to `max_page_size`
};

[[nodiscard]] inline error webhook_not_found()
{
    return refuse(errc::not_found, "there is no such webhook");
}

/// Why a query can not be answered; nothing when it is sound.
[[nodiscard]] inline std::optional<error> invalid(delivery_query const& query)
{
    if (query.page_size >= 1 && query.page_size <= delivery_query::max_page_size)
        return std::nullopt;
    return refuse(errc::invalid_request,
                  "page_size must be 1 to " + std::to_string(delivery_query::max_page_size));
}

// clang-format off
/// Keeps webhooks and what is on its way to them. Each call is one transaction, durable when it returns, and may be
/// made from several threads and processes. Of a change that is answered `backend_down` or `commit_unknown` nobody
/// knows whether it happened; made again it happens once.
///
/// `add` refuses an id that is taken with `already_exists`, unless all of it is the same.
/// `find`, `change` and `remove` answer `not_found`; `list` has all, oldest first.
/// `change` answers the webhook as it is then. `remove` takes its deliveries along.
///
/// `cursor` is the place up to which the log has been passed on.
/// `pass_on` moves it from `from` to `to` and adds deliveries, which are due at once; both or nothing. It answers
/// false, and has done nothing, when the cursor was not at `from`: somebody else passes on too. A delivery to a webhook
/// that is gone is left out.
///
/// `claim` begins attempts: of each webhook that is named and enabled, so many of the deliveries that are due.
/// Nobody else begins one of them before `now` + `lease`. Of a booking's deliveries to a webhook it is always the first
/// that is pending, so there is one under way at most, and they arrive in the order of `seq`. Each is tried since
/// `tried_since`.
/// `end_attempts` notes how attempts ended: what has arrived is removed, what failed waits, or is dead for good; then the
/// booking's next delivery is due.
/// `redeliver` makes dead deliveries of a webhook pending again, those at `which` or all, and answers how many. A later
/// one of the booking may be under way meanwhile.
/// `forget_dead` removes deliveries, so many at most, that died before an instant, and answers how many.
template <class S>
concept webhook_store = requires(S& s, webhook const& w, std::string const& id, webhook_change const& what,
                                 log_position place, std::span<new_delivery const> added,
                                 std::span<claim_wish const> wishes, std::span<attempt_end const> ends,
                                 delivery_query const& query, std::optional<std::vector<log_position>> const& which,
                                 utc_time now, std::chrono::seconds lease, std::size_t most) {
    { s.add(w) }                            -> std::same_as<result<void>>;
    { s.find(id) }                          -> std::same_as<result<webhook>>;
    { s.list() }                            -> std::same_as<result<std::vector<webhook>>>;
    { s.change(id, what) }                  -> std::same_as<result<webhook>>;
    { s.remove(id) }                        -> std::same_as<result<void>>;
    { s.cursor() }                          -> std::same_as<result<log_position>>;
    { s.pass_on(place, place, added, now) } -> std::same_as<result<bool>>;
    { s.claim(wishes, now, lease) }         -> std::same_as<result<std::vector<webhook_delivery>>>;
    { s.end_attempts(ends, now) }           -> std::same_as<result<void>>;
    { s.deliveries(query) }                 -> std::same_as<result<std::vector<webhook_delivery>>>;
    { s.redeliver(id, which, now) }         -> std::same_as<result<std::size_t>>;
    { s.forget_dead(now, most) }            -> std::same_as<result<std::size_t>>;
};
// clang-format on

/// The run-time form: a webhook store chosen by configuration.
class any_webhook_store {
public:
    virtual ~any_webhook_store() = default;

    [[nodiscard]] virtual result<void> add(webhook const& w) = 0;
    [[nodiscard]] virtual result<webhook> find(std::string const& id) = 0;
    [[nodiscard]] virtual result<std::vector<webhook>> list() = 0;
    [[nodiscard]] virtual result<webhook> change(std::string const& id,
                                                 webhook_change const& what) = 0;
    [[nodiscard]] virtual result<void> remove(std::string const& id) = 0;

    [[nodiscard]] virtual result<log_position> cursor() = 0;
    [[nodiscard]] virtual result<bool> pass_on(log_position from, log_position to,
                                               std::span<new_delivery const> added,
                                               utc_time now) = 0;

    [[nodiscard]] virtual result<std::vector<webhook_delivery>> claim(
        std::span<claim_wish const> wishes, utc_time now, std::chrono::seconds lease) = 0;
    [[nodiscard]] virtual result<void> end_attempts(std::span<attempt_end const> ends,
                                                    utc_time now) = 0;

    [[nodiscard]] virtual result<std::vector<webhook_delivery>> deliveries(
        delivery_query const& query) = 0;
    [[nodiscard]] virtual result<std::size_t> redeliver(
        std::string const& id, std::optional<std::vector<log_position>> const& which,
        utc_time now) = 0;
    [[nodiscard]] virtual result<std::size_t> forget_dead(utc_time before, std::size_t most) = 0;
};
static_assert(webhook_store<any_webhook_store>);

namespace detail {

template <webhook_store S>
class erased_webhook_store final : public any_webhook_store {
public:
    template <class... Args>
    explicit erased_webhook_store(Args&&... args) : store_(std::forward<Args>(args)...)
    {}

    result<void> add(webhook const& w) override { return store_.add(w); }
    result<webhook> find(std::string const& id) override { return store_.find(id); }
    result<std::vector<webhook>> list() override { return store_.list(); }
    result<webhook> change(std::string const& id, webhook_change const& what) override
    {
        return store_.change(id, what);
    }
    result<void> remove(std::string const& id) override { return store_.remove(id); }
    result<log_position> cursor() override { return store_.cursor(); }
    result<bool> pass_on(log_position from, log_position to, std::span<new_delivery const> added,
                         utc_time now) override
    {
        return store_.pass_on(from, to, added, now);
    }
    result<std::vector<webhook_delivery>> claim(std::span<claim_wish const> wishes, utc_time now,
                                                std::chrono::seconds lease) override
    {
        return store_.claim(wishes, now, lease);
    }
    result<void> end_attempts(std::span<attempt_end const> ends, utc_time now) override
    {
        return store_.end_attempts(ends, now);
    }
    result<std::vector<webhook_delivery>> deliveries(delivery_query const& query) override
    {
        return store_.deliveries(query);
    }
    result<std::size_t> redeliver(std::string const& id,
                                  std::optional<std::vector<log_position>> const& which,
                                  utc_time now) override
    {
        return store_.redeliver(id, which, now);
    }
    result<std::size_t> forget_dead(utc_time before, std::size_t most) override
    {
        return store_.forget_dead(before, most);
    }

private:
    S store_;
};

}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <webhook_store S, class... Args>
[[nodiscard]] std::unique_ptr<any_webhook_store> make_webhook_store(Args&&... args)
{
    return std::make_unique<detail::erased_webhook_store<S>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
