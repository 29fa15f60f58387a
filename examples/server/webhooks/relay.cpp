#include "webhooks/relay.hpp"
#include "api/json_output.hpp"
#include "api/json_writer.hpp"
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t page_size = 500;
constexpr std::size_t events_kept = 4000;

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
    outcomes(options const& o, std::function<void()> n)
        : now(o.now), random(o.random), retry(o.retry), news(std::move(n))
    {}

    [[nodiscard]] attempt_end end_of(webhook_delivery const& d, send_outcome const& out) const
    {
        attempt_end end{d.webhook_id, d.position, d.ref, d.attempts};
        if (out.arrived) return end;
        end.next_attempt_at = now() + retry.delay_after(d.attempts, random());
        end.how = end.next_attempt_at - d.due_since > retry.give_up
                      ? attempt_end::kind::failed_for_good
                      : attempt_end::kind::failed;
        end.error = out.error;
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
      outcomes_(std::make_shared<outcomes>(options_, std::move(news)))
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
    return *read_more || *begun_more ? after_round::go_on : after_round::wait;
}

/// What can not be noted now is noted next time; until then it counts as under way.
result<void> webhook_relay::note_ends()
{
    std::vector<attempt_end> ended;
    {
        std::scoped_lock const lock(outcomes_->mutex);
        ended.swap(outcomes_->ended);
    }
    if (ended.empty()) return {};
    if (auto const noted = webhooks_.end_attempts(ended, options_.now()); !noted) {
        std::scoped_lock const lock(outcomes_->mutex);
        std::move(ended.begin(), ended.end(), std::back_inserter(outcomes_->ended));
        return noted.error();
    }
    for (auto const& end : ended) {
        --begun_in_all_;
        if (--begun_[end.webhook_id] == 0) begun_.erase(end.webhook_id);
    }
    return {};
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

void webhook_relay::keep(std::vector<logged_event> const& events)
{
    for (auto const& e : events) recent_.emplace(e.position, e);
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
    auto const claimed = webhooks_.claim(wished, now, lease());
    if (!claimed) return claimed.error();
    count_begun(*claimed);
    auto const found = find_events(*claimed);
    for (auto const& d : *claimed) {
        auto const* const to = hook(d.webhook_id);
        if (!found) {
            end_unsent(d, found.error().detail);
        } else if (to == nullptr) {
            end_unsent(d, "the webhook is gone");
        } else {
            begin(*to, d, now);
        }
    }
    if (!found) return found.error();
    return !claimed->empty() && !wishes().empty();
}

void webhook_relay::count_begun(std::vector<webhook_delivery> const& claimed)
{
    begun_in_all_ += claimed.size();
    for (auto const& d : claimed) ++begun_[d.webhook_id];
    std::scoped_lock const lock(outcomes_->mutex);
    outcomes_->counts.under_way += claimed.size();
}

/// Reads the events that are not at hand, as many at once as lie beside each other.
result<void> webhook_relay::find_events(std::vector<webhook_delivery> const& claimed)
{
    while (recent_.size() > events_kept) recent_.erase(recent_.begin());
    std::vector<log_position> places;
    for (auto const& d : claimed) places.push_back(d.position);
    std::sort(places.begin(), places.end());
    for (auto const place : places) {
        if (recent_.contains(place)) continue;
        auto const page =
            bookings_.log_after({.after = before(place), .limit = options_.most_of_one});
        if (!page) return page.error();
        keep(page->events);
    }
    return {};
}

/// Unless it was claimed so long ago that another relay might begin it before this attempt is over.
void webhook_relay::begin(webhook const& to, webhook_delivery const& d, utc_time claimed_at)
{
    auto const event = recent_.find(d.position);
    if (event == recent_.end()) return end_unsent(d, "the event is not in the log");
    if (options_.now() - claimed_at > options_.timeout) return end_unsent(d, "begun too late");
    sender_.send({to.url, to.secret, to_string(d.position), webhook_body(event->second)},
                 [to_here = outcomes_, d](send_outcome const& out) { to_here->add(d, out); });
}

void webhook_relay::end_unsent(webhook_delivery const& d, std::string why)
{
    outcomes_->add(d, {.error = std::move(why)});
}

webhook const* webhook_relay::hook(std::string const& id) const
{
    auto const found =
        std::find_if(hooks_.begin(), hooks_.end(), [&](auto const& w) { return w.id == id; });
    return found == hooks_.end() ? nullptr : &*found;
}

}  // namespace aircargo::server
