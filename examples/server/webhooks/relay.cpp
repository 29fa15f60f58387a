#include "webhooks/relay.hpp"
#include "api/json_output.hpp"
#include "api/json_writer.hpp"
#include "text.hpp"
#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t page_size = 500;
constexpr std::size_t events_kept = 4000;
constexpr std::size_t forgotten_at_once = 1000;

[[nodiscard]] log_position before(log_position p)
{
    return log_position{static_cast<std::int64_t>(p) - 1};
}

/// Where the first of the webhooks begins: nobody wants what lies before it.
[[nodiscard]] std::optional<log_position> first_wanted(std::vector<webhook> const& hooks)
{
    std::optional<log_position> first;
    for (auto const& w : hooks)
        if (w.enabled) first = std::min(first.value_or(w.after), w.after);
    return first;
}

[[nodiscard]] std::vector<new_delivery> deliveries_of(std::vector<logged_event> const& events,
                                                      std::vector<webhook> const& hooks)
{
    std::vector<new_delivery> made;
    for (auto const& e : events)
        for (auto const& w : hooks)
            if (wants(w, e)) made.push_back({w.id, e.position, e.ref, e.fact.seq});
    return made;
}

/// `a - b`, or nothing when there is not so much.
[[nodiscard]] std::size_t without(std::size_t a, std::size_t b) { return a - std::min(a, b); }

}  // namespace

std::string webhook_message_id(logged_event const& e)
{
    constexpr std::size_t digits = 24;
    std::string what = e.ref.str();
    what += '\n' + std::to_string(e.fact.seq) + '\n' + std::to_string(to_epoch(e.fact.created_at));
    what += '\n' + e.fact.request_id;
    return to_string(e.position) + '-' + sha256(what).substr(0, digits);
}

std::string webhook_body(logged_event const& e)
{
    std::string text;
    json_writer(text)
        .begin_object()
        .member("type", "booking.event")
        .member("timestamp", to_string(e.fact.created_at))
        .key("data")
        .raw(logged_event_json(e))
        .end_object();
    return text;
}

/// How attempts ended, until the relay notes it.
struct webhook_relay::outcomes {
    outcomes(options const& o, std::chrono::seconds l, std::function<void()> n)
        : now(o.now), random(o.random), retry(o.retry), lease(l), news(std::move(n))
    {}

    /// What was not tried is never given up, and the time that it took does not count either.
    [[nodiscard]] attempt_end end_of(webhook_delivery const& d, send_outcome const& out) const
    {
        attempt_end end{d.webhook_id, d.position, d.ref, d.attempts};
        if (out.arrived) return end;
        end.how = attempt_end::kind::failed;
        end.next_attempt_at = now() + retry.delay_after(d.attempts, random());
        end.error = out.error;
        if (!out.tried) {
            auto const begun_at = d.next_attempt_at - lease;
            end.due_since = d.due_since + (end.next_attempt_at - begun_at);
        } else if (end.next_attempt_at - d.due_since > retry.give_up) {
            end.how = attempt_end::kind::failed_for_good;
        }
        return end;
    }
    void add(webhook_delivery const& d, send_outcome const& out)
    {
        std::function<void()> tell;
        {
            std::scoped_lock const lock(mutex);
            auto end = end_of(d, out);
            counts.took += out.took;
            --counts.under_way;
            ++(out.arrived                                     ? counts.arrived
               : end.how == attempt_end::kind::failed_for_good ? counts.dead
                                                               : counts.failed);
            ended.push_back(std::move(end));
            tell = news;
        }
        if (tell) tell();
    }

    wall_clock const now;
    std::function<std::uint64_t()> const random;
    webhook_retry const retry;
    std::chrono::seconds const lease;
    std::mutex mutex;
    std::function<void()> news;
    std::vector<attempt_end> ended;
    relay_counts counts;
};

webhook_relay::webhook_relay(any_booking_store& bookings, any_webhook_store& webhooks,
                             webhook_sender& sender, options o, std::function<void()> news)
    : bookings_(bookings),
      webhooks_(webhooks),
      sender_(sender),
      options_(std::move(o)),
      outcomes_(std::make_shared<outcomes>(options_, lease(), std::move(news)))
{}

webhook_relay::~webhook_relay()
{
    std::scoped_lock const lock(outcomes_->mutex);
    outcomes_->news = nullptr;
}

/// Long enough for an attempt that begins late, see `begin`.
std::chrono::seconds webhook_relay::lease() const { return 2 * options_.timeout + 2s; }

bool webhook_relay::in_use() const { return first_wanted(hooks_).has_value(); }

relay_counts webhook_relay::counts() const
{
    std::scoped_lock const lock(outcomes_->mutex);
    return outcomes_->counts;
}

std::size_t webhook_relay::under_way() const
{
    return static_cast<std::size_t>(counts().under_way);
}

result<webhook_relay::after_round> webhook_relay::round()
{
    if (auto const noted = note_ends(); !noted) return noted.error();
    auto const read_more = pass_on();
    if (!read_more) return read_more.error();
    auto const begun_more = begin_due();
    if (!begun_more) return begun_more.error();
    auto const more_to_forget = forget_dead();
    if (!more_to_forget) return more_to_forget.error();
    return *read_more || *begun_more || *more_to_forget ? after_round::go_on : after_round::wait;
}

/// What can not be noted now is noted next time; until then it counts as under way.
result<void> webhook_relay::note_ends()
{
    for (;;) {
        if (noting_.empty()) {
            std::scoped_lock const lock(outcomes_->mutex);
            noting_.swap(outcomes_->ended);
        }
        if (noting_.empty()) return {};
        if (auto noted = webhooks_.end_attempts(noting_, options_.now()); !noted) return noted;
        for (auto const& end : noting_) {
            --begun_in_all_;
            if (--begun_[end.webhook_id] == 0) begun_.erase(end.webhook_id);
        }
        noting_.clear();
    }
}

/// Makes deliveries of the next events. The webhooks are asked for again after the events were
/// read: one that was added before an event happened is among them then. \return whether there may
/// be more
result<bool> webhook_relay::pass_on()
{
    if (auto const listed = list_hooks(); !listed) return listed.error();
    auto const first = first_wanted(hooks_);
    if (!first) return false;
    auto const cursor = webhooks_.cursor();
    if (!cursor) return cursor.error();
    log_query const query{.after = std::max(*cursor, *first), .limit = page_size};
    auto const page = bookings_.log_after(query);
    if (!page) return page.error();
    auto const next = next_position(*page, query);
    if (next == *cursor) return false;

    if (auto const listed = list_hooks(); !listed) return listed.error();
    auto const added = deliveries_of(page->events, hooks_);
    auto const passed = webhooks_.pass_on(*cursor, next, added, options_.now());
    if (!passed) return passed.error();
    keep(page->events);
    if (*passed) {
        std::scoped_lock const lock(outcomes_->mutex);
        outcomes_->counts.passed_on += added.size();
    }
    return page->events.size() == query.limit || !*passed;
}

result<void> webhook_relay::list_hooks()
{
    auto hooks = webhooks_.list();
    if (!hooks) return hooks.error();
    hooks_ = *std::move(hooks);
    return {};
}

/// What was read last stays, wherever it is in the log: a backlog is at old places.
void webhook_relay::keep(std::vector<logged_event> const& events)
{
    for (auto const& e : events)
        if (recent_.emplace(e.position, e).second) kept_.push_back(e.position);
    while (kept_.size() > events_kept) {
        recent_.erase(kept_.front());
        kept_.pop_front();
    }
}

/// A webhook may always have its share of all under way, however many the others have: receivers
/// that hang hold up themselves alone. What is left beside is divided anew each round.
std::vector<claim_wish> webhook_relay::wishes() const
{
    auto const enabled = static_cast<std::size_t>(
        std::count_if(hooks_.begin(), hooks_.end(), [](auto const& w) { return w.enabled; }));
    std::vector<claim_wish> out;
    if (enabled == 0) return out;
    auto const share = std::max<std::size_t>(options_.most_in_all / enabled, 1);
    auto const left = without(options_.most_in_all, begun_in_all_);
    auto const more = (left + enabled - 1) / enabled;
    for (auto const& w : hooks_) {
        auto const begun = begun_.find(w.id);
        auto const has = begun == begun_.end() ? 0 : begun->second;
        auto const wish =
            std::min(without(options_.most_of_one, has), std::max(without(share, has), more));
        if (w.enabled && wish > 0) out.push_back({w.id, wish});
    }
    return out;
}

/// \return whether more may be due, which could be begun
result<bool> webhook_relay::begin_due()
{
    auto const wished = wishes();
    if (wished.empty()) return false;
    auto const now = options_.now();
    auto claimed = webhooks_.claim(wished, now, lease());
    if (!claimed) return claimed.error();
    // In the order of the log, so that what is read for one is at hand for those beside it.
    std::sort(claimed->begin(), claimed->end(),
              [](auto const& a, auto const& b) { return a.position < b.position; });
    std::optional<error> failed;
    for (auto const& d : *claimed) {
        count_begun(d);
        auto const begun = failed ? result<void>(*failed) : try_to_begin(d, now);
        if (begun) continue;
        end_unsent(d, begun.error().detail);
        failed = begun.error();
    }
    if (failed) return *failed;
    return !claimed->empty() && !wishes().empty();
}

void webhook_relay::count_begun(webhook_delivery const& d)
{
    ++begun_[d.webhook_id];
    ++begun_in_all_;
    std::scoped_lock const lock(outcomes_->mutex);
    ++outcomes_->counts.under_way;
}

/// Once a minute, and a part at a time. \return whether there may be more
result<bool> webhook_relay::forget_dead()
{
    auto const now = options_.now();
    if (now < forget_at_) return false;
    auto const keep = options_.retry.keep_dead;
    auto const gone = webhooks_.forget_dead(now - keep, forgotten_at_once);
    if (!gone) return gone.error();
    bool const more = *gone == forgotten_at_once;
    if (!more) forget_at_ = now + std::min<std::chrono::seconds>(keep, 1min);
    std::scoped_lock const lock(outcomes_->mutex);
    outcomes_->counts.forgotten += *gone;
    return more;
}

/// The event of a delivery, or nothing when there is none; it is at hand until more is kept.
result<logged_event const*> webhook_relay::find_event(webhook_delivery const& d)
{
    if (auto const at_hand = recent_.find(d.position); at_hand != recent_.end())
        return &at_hand->second;
    auto const page =
        bookings_.log_after({.after = before(d.position), .limit = options_.most_of_one});
    if (!page) return page.error();
    keep(page->events);
    if (!recent_.contains(d.position)) {
        auto const event = event_of_booking(d);
        if (!event) return event.error();
        if (*event) keep({**event});
    }
    auto const found = recent_.find(d.position);
    return found == recent_.end() ? nullptr : &found->second;
}

/// As its booking has it. The log may not have it yet: a reader is told of events only when none
/// before them can still come, and whoever made the delivery may know that earlier.
result<std::optional<logged_event>> webhook_relay::event_of_booking(webhook_delivery const& d)
{
    auto const booking = bookings_.find({&d.ref, 1}).front();
    auto const history = bookings_.history({&d.ref, 1}).front();
    if (!booking || !history) {
        auto const failed = booking ? history.error() : booking.error();
        if (failed.code != errc::not_found) return failed;
        return std::optional<logged_event>();
    }
    auto const event = std::find_if(history->begin(), history->end(),
                                    [&](auto const& e) { return e.seq == d.seq; });
    if (event == history->end()) return std::optional<logged_event>();
    auto const& terms = booking->terms;
    return std::optional(logged_event{d.position, d.ref, terms.origin, terms.destination, *event});
}

/// What is thrown on the way is an error like others: what was claimed has to end.
result<void> webhook_relay::try_to_begin(webhook_delivery const& d, utc_time claimed_at)
{
    try {
        return begin(d, claimed_at);
    } catch (std::exception const& e) {
        return refuse(errc::backend_down, e.what());
    }
}

/// Unless it was claimed so long ago that another relay might begin it before this attempt is over.
/// \return a store's error, which may be that of all
result<void> webhook_relay::begin(webhook_delivery const& d, utc_time claimed_at)
{
    auto const event = find_event(d);
    if (!event) return event.error();
    auto const* const to = hook(d.webhook_id);
    if (to == nullptr) {
        end_unsent(d, "the webhook is gone");
    } else if (*event == nullptr) {
        end_unsent(d, "the event is not in the log");
    } else if (options_.now() - claimed_at > options_.timeout) {
        end_unsent(d, "begun too late");
    } else {
        sender_.send({to->url, to->secret, webhook_message_id(**event), webhook_body(**event)},
                     [to_here = outcomes_, d](send_outcome const& out) { to_here->add(d, out); });
    }
    return {};
}

void webhook_relay::end_unsent(webhook_delivery const& d, std::string why)
{
    outcomes_->add(d, {.error = std::move(why), .tried = false});
}

webhook const* webhook_relay::hook(std::string const& id) const
{
    auto const found =
        std::find_if(hooks_.begin(), hooks_.end(), [&](auto const& w) { return w.id == id; });
    return found == hooks_.end() ? nullptr : &*found;
}

}  // namespace aircargo::server
