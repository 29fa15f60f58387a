#include "webhooks/webhook_system.hpp"
#include "api/json_writer.hpp"
#include "auth/secrets.hpp"
#include "log.hpp"
#include "webhooks/signature.hpp"
#include <aircargo/async/cargo_system.hpp>
#include <exception>
#include <random>
#include <utility>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t id_bytes = 9;      // 12 letters and digits
constexpr std::size_t most_tests = 8;    // under way at a time
constexpr auto between_rounds = 5ms;     // so that one round takes what came in meanwhile
constexpr auto look_every = 500ms;       // for what is due again, and for what other servers did
constexpr auto after_failure = 1'000ms;  // of a store
constexpr auto patience = 2s;            // at the end, for what is under way

[[nodiscard]] curl_sender::options sender_options_of(webhooks_config const& c)
{
    curl_sender::options o;
    o.timeout = c.timeout;
    o.allowed = c.networks;
    o.ca_file = c.ca_file;
    o.now = cargo_system::system_time;
    return o;
}

[[nodiscard]] webhook_relay::options relay_options_of(webhooks_config const& c)
{
    webhook_relay::options o;
    o.now = cargo_system::system_time;
    o.random = [engine = std::mt19937_64(std::random_device()())]() mutable { return engine(); };
    o.retry = c.retry;
    o.timeout = c.timeout;
    o.most_of_one = c.most_of_one;
    return o;
}

}  // namespace

webhook_system::webhook_system(webhooks_config const& c, any_booking_store& bookings,
                               std::unique_ptr<any_webhook_store> store)
    : config_(c),
      bookings_(bookings),
      store_(std::move(store)),
      sender_(std::make_unique<curl_sender>(sender_options_of(c))),
      relay_(bookings, *store_, *sender_, relay_options_of(c), [this] { wake(); }),
      store_work_(std::in_place, 1U, 256U),
      thread_([this] { run(); })
{}

webhook_system::~webhook_system()
{
    store_work_.reset();  // what it has in hand may still send
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

result<std::optional<webhook>> webhook_system::draft(webhook_change const& wanted)
{
    auto const present = store_->list();
    if (!present) return present.error();
    if (present->size() >= config_.max_webhooks) return std::optional<webhook>();
    auto const log = bookings_.log_after({.limit = 0});
    if (!log) return log.error();
    webhook made{.id = random_secret(id_bytes), .secret = draw_webhook_secret()};
    made = changed(std::move(made), wanted);
    made.after = log->highest;  // also behind what is committed and not readable yet
    made.created_at = cargo_system::system_time();
    return std::optional(std::move(made));
}

result<webhook_change> webhook_system::draft_change(std::string const& id, webhook_change what)
{
    auto const present = store_->find(id);
    if (!present) return present.error();
    if (!present->enabled && what.enabled.value_or(false)) {
        auto const log = bookings_.log_after({.limit = 0});
        if (!log) return log.error();
        what.after = log->highest;  // as in `draft`
    }
    return what;
}

result<void> webhook_system::send_test(webhook const& to, std::string message_id,
                                       std::function<void(send_outcome)> then)
{
    if (tests_.fetch_add(1) >= most_tests) {
        --tests_;
        return refuse(errc::overloaded, std::to_string(most_tests) +
                                            " test messages are under way; try again in a while");
    }
    std::string body;
    json_writer(body)
        .begin_object()
        .member("type", "webhook.test")
        .member("timestamp", to_string(cargo_system::system_time()))
        .key("data")
        .begin_object()
        .end_object()
        .end_object();
    sender_->send({to.url, to.secret, std::move(message_id), std::move(body)},
                  [this, then = std::move(then)](send_outcome out) {
                      --tests_;
                      then(std::move(out));
                  });
    return {};
}

void webhook_system::wake()
{
    {
        std::scoped_lock const lock(mutex_);
        if (std::exchange(news_, true)) return;
    }
    wake_.notify_all();
}

void webhook_system::run()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        news_ = false;
        lock.unlock();
        clock::duration pause = after_failure;
        try {
            pause = round();
        } catch (std::exception const& e) {
            stalled(e.what());
        }
        lock.lock();
        auto const began = clock::now();
        wake_.wait_until(lock, began + between_rounds, [this] { return stopping_; });
        wake_.wait_until(lock, began + pause, [this] { return stopping_ || (news_ && !failing_); });
    }
    lock.unlock();
    finish();
}

/// \return how long to wait for news
webhook_system::clock::duration webhook_system::round()
{
    auto const done = relay_.round();
    in_use_ = relay_.in_use();
    if (!done) {
        stalled(done.error().detail);
        return after_failure;
    }
    failing_ = false;
    return *done == webhook_relay::after_round::go_on ? clock::duration(0) : look_every;
}

/// Says so once, until a round succeeds.
void webhook_system::stalled(std::string_view why) noexcept
{
    if (std::exchange(failing_, true)) return;
    try {
        log_warning("webhooks.stalled", {{"detail", why}});
    } catch (std::exception const&) {  // there may be no memory for that either
    }
}

/// What is not over after a moment is given up, and noted as such, so that another server need not
/// wait for the end of the lease.
void webhook_system::finish()
{
    {
        std::unique_lock lock(mutex_);
        auto const until = clock::now() + patience;
        while (relay_.under_way() > 0 && clock::now() < until) {
            news_ = false;
            wake_.wait_until(lock, until, [this] { return news_; });
        }
    }
    sender_.reset();
    try {
        if (auto const noted = relay_.note_ends(); !noted) stalled(noted.error().detail);
    } catch (std::exception const& e) {
        stalled(e.what());
    }
}

}  // namespace aircargo::server
