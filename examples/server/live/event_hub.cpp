#include "live/event_hub.hpp"
#include "api/json_output.hpp"
#include "log.hpp"
#include "observe/guarded.hpp"
#include <algorithm>
#include <utility>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t page_size = 200;
constexpr int helped_at_once = 8;    // of those behind, in one round
constexpr auto between_helps = 5ms;  // so that they leave the store to others

[[nodiscard]] std::string id_line(log_position p) { return "id: " + to_string(p) + '\n'; }

[[nodiscard]] std::string words_of(logged_event const& e)
{
    return id_line(e.position) + "data: " + logged_event_json(e) + "\n\n";
}

/// The events of a page as they are sent, each put into words once, for the first who wants it.
class page_words {
public:
    explicit page_words(std::vector<logged_event> const& events)
        : events_(events), words_(events.size())
    {}

    /// Those behind the listener's place that it wants.
    [[nodiscard]] std::string wanted_by(listener const& l)
    {
        std::string out;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (events_[i].position <= l.reached || !matches(l.filter, events_[i])) continue;
            if (words_[i].empty()) words_[i] = words_of(events_[i]);
            out += words_[i];
        }
        return out;
    }

private:
    std::vector<logged_event> const& events_;
    std::vector<std::string> words_;
};

void send_to(listener& l, page_words& words, log_position up_to)
{
    auto wanted = words.wanted_by(l);
    l.reached = std::max(l.reached, up_to);
    if (wanted.empty()) return;
    l.send(std::move(wanted));
    l.sent_at = std::chrono::steady_clock::now();
}

}  // namespace

event_hub::event_hub(any_booking_store& bookings, options const& o)
    : bookings_(bookings),
      options_(o),
      seats_(std::make_shared<seats>(o.most_listeners, o.most_of_one_caller)),
      thread_([this] { run(); })
{}

event_hub::~event_hub()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

std::optional<seats::refusal> event_hub::open(request r, opened then)
{
    auto answer = seats_->take(r.caller);
    if (!answer.given) return answer.why;
    auto who = std::make_shared<listener>(std::move(r.filter), std::move(answer.given));
    {
        std::scoped_lock const lock(mutex_);
        arrivals_.push_back({std::move(who), r.after, std::move(then)});
    }
    wake_.notify_all();
    return std::nullopt;
}

void event_hub::wake()
{
    {
        std::scoped_lock const lock(mutex_);
        if (std::exchange(news_, true)) return;
    }
    wake_.notify_all();
}

std::string event_hub::first_words(listener const& l)
{
    return "retry: 2000\n" + id_line(l.reached) + '\n';
}

void event_hub::run()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (present_.empty()) {
            wake_.wait(lock, [this] { return stopping_ || !arrivals_.empty(); });
        } else {
            wake_.wait_until(lock, looked_at_ + options_.look_every, [this] {
                return stopping_ || news_ || has_more_ || some_behind_ || !arrivals_.empty();
            });
            // Who commits often is read seldom, and more at a time.
            auto const due = next_look();
            wake_.wait_until(lock, due, [this] { return stopping_; });
        }
        if (stopping_) break;
        news_ = false;
        auto arrivals = std::exchange(arrivals_, {});
        lock.unlock();
        if (!guarded("events", [&] { look(arrivals); })) give_up(arrivals);
        lock.lock();
    }
}

event_hub::clock::time_point event_hub::next_look() const
{
    if (failing_) return looked_at_ + options_.after_failure;
    return looked_at_ + (has_more_ || some_behind_ ? between_helps : options_.gather);
}

/// Who was not seated hears why; the others go on from where they are.
void event_hub::give_up(std::vector<arrival>& arrivals)
{
    failing_ = true;
    for (auto& a : arrivals) {
        (void)guarded("events", [&] {
            a.then(refuse(errc::internal_error, "the log could not be looked at"));
        });
    }
}

/// Leaves none of the arrivals.
void event_hub::look(std::vector<arrival>& arrivals)
{
    std::erase_if(present_, [](auto const& l) { return l->has_left(); });
    looked_at_ = clock::now();
    auto const page = read_on();
    if (page.has_error() != failing_) {
        failing_ = page.has_error();
        if (failing_) log_warning("events.stalled", {{"detail", page.error().detail}});
    }
    while (!arrivals.empty()) {
        auto a = std::move(arrivals.back());
        arrivals.pop_back();
        seat(std::move(a), page);
    }
    if (!failing_) help_those_behind();
    keep_alive();
    end_old_ones();
}

/// What is new, passed on to those who have all before it; with nobody there just where the log
/// ends.
result<log_page> event_hub::read_on()
{
    log_query const query{.after = head_, .limit = present_.empty() ? 0 : page_size};
    auto page = bookings_.log_after(query);
    has_more_ = page && query.limit > 0 && page->events.size() == query.limit;
    if (page && present_.empty()) head_ = page->end;
    if (page && !present_.empty()) pass_on(*page, query);
    return page;
}

void event_hub::pass_on(log_page const& page, log_query const& query)
{
    page_words words(page.events);
    auto const next = next_position(page, query);
    for (auto const& l : present_) {
        if (!is_behind(*l) && l->takes(options_.most_waiting)) send_to(*l, words, next);
    }
    head_ = next;
}

void event_hub::seat(arrival a, result<log_page> const& page)
{
    if (!page) return a.then(page.error());
    if (a.after > page->highest) return a.then(std::shared_ptr<listener>());
    a.who->reached = a.after.value_or(page->end);
    a.who->began_at = a.who->sent_at = clock::now();
    present_.push_back(a.who);
    a.then(std::move(a.who));
}

/// Some of those who are behind get what is next for them.
void event_hub::help_those_behind()
{
    int left = helped_at_once;
    some_behind_ = false;
    for (std::size_t i = 0; i < present_.size(); ++i) {
        auto& l = *present_[(turn_ + i) % present_.size()];
        if (!is_behind(l) || !l.takes(options_.most_waiting)) continue;
        if (left-- == 0) {
            turn_ = (turn_ + i) % present_.size();
            some_behind_ = true;
            return;
        }
        some_behind_ = !catch_up(l) || some_behind_;
    }
}

/// \return whether it has caught up
bool event_hub::catch_up(listener& l)
{
    log_query const query{.after = l.reached, .limit = page_size, .of = l.filter.of};
    auto const page = bookings_.log_after(query);
    if (!page) return true;  // the next look tells of it
    page_words words(page->events);
    send_to(l, words, next_position(*page, query));
    return !is_behind(l);
}

/// Proxies take a connection on which nothing is said for dead. The id moves on although nothing
/// was wanted, so that a client that comes again need not be searched for what it has seen.
void event_hub::keep_alive()
{
    auto const now = clock::now();
    for (auto const& l : present_) {
        if (now - l->sent_at < options_.heartbeat || !l->takes(options_.most_waiting)) continue;
        l->send(": nothing new\n" + id_line(l->reached) + '\n');
        l->sent_at = now;
    }
}

/// Whoever was let in may be kept out by now: its login ran out, or its account was disabled. It
/// comes again with the last id that it has, and so misses nothing.
void event_hub::end_old_ones()
{
    auto const now = clock::now();
    for (auto const& l : present_)
        if (now - l->began_at >= options_.longest) l->leave();
}

}  // namespace aircargo::server
