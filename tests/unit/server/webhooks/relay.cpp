#include "webhooks/relay.hpp"
#include "support/builders.hpp"
#include "support/moody_webhook_store.hpp"
#include "support/virtual_clock.hpp"
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <deque>
#include <limits>
#include <string>
#include <utility>

namespace aircargo::test {
namespace {

using namespace server;
using namespace std::chrono_literals;

/// A receiver that answers when the test says so.
class held_sender final : public webhook_sender {
public:
    struct sent {
        webhook_message message;
        std::function<void(send_outcome)> then;
    };

    void send(webhook_message message, std::function<void(send_outcome)> then) override
    {
        under_way.push_back({std::move(message), std::move(then)});
    }
    /// What was sent, as `a 10001:1`, and leaves it under way.
    [[nodiscard]] std::string words() const
    {
        std::string out;
        for (auto const& s : under_way) {
            auto const data = nlohmann::json::parse(s.message.body).at("data");
            out += (out.empty() ? "" : ", ") + s.message.url.substr(s.message.url.rfind('/') + 1) +
                   ' ' + data.at("ref_id").get<std::string>().substr(3) + ':' +
                   std::to_string(data.at("seq").get<int>());
        }
        return out;
    }
    void answer(unsigned status)
    {
        auto const first = std::move(under_way.front());
        under_way.pop_front();
        bool const arrived = status < 300;
        first.then({arrived, status, arrived ? "" : "HTTP " + std::to_string(status), 1ms});
    }
    /// As a sender that goes while the receiver has not answered.
    void stop()
    {
        auto const first = std::move(under_way.front());
        under_way.pop_front();
        first.then({.error = "the server was stopped", .tried = false});
    }

    std::deque<sent> under_way;
};

/// A view of a store of bookings whose log ends early, and which counts how often it is read.
class late_log final : public any_booking_store {
public:
    explicit late_log(any_booking_store& inner) : inner_(inner) {}

    std::vector<result<booking>> apply(std::span<change const> changes) override
    {
        return inner_.apply(changes);
    }
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> keys,
                                                        utc_time now) override
    {
        return inner_.answers(keys, now);
    }
    std::vector<result<booking>> find(std::span<booking_ref const> refs) override
    {
        return inner_.find(refs);
    }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> refs) override
    {
        return inner_.history(refs);
    }
    result<booking_page> list(booking_query const& query) override { return inner_.list(query); }
    result<booking_figures> figures(figures_query const& query) override
    {
        return inner_.figures(query);
    }
    result<log_page> log_after(log_query const& query) override
    {
        if (++reads == throws_at) throw std::runtime_error("the log");
        auto page = inner_.log_after(query).value();
        std::erase_if(page.events, [&](auto const& e) { return e.position > settled; });
        page.end = std::max(query.after, std::min(page.end, settled));
        return page;
    }
    result<ref_block> reserve_refs(std::uint64_t count) override
    {
        return inner_.reserve_refs(count);
    }

    log_position settled{std::numeric_limits<std::int64_t>::max()};
    int reads = 0;
    int throws_at = 0;  ///< the read that fails

private:
    any_booking_store& inner_;
};

class webhook_relays : public ::testing::Test {
protected:
    webhook_relays() { clock.pass(1h); }

    webhook_relay::options options() const
    {
        webhook_relay::options o;
        o.now = clock.wall();
        o.random = [] { return std::uint64_t{0}; };
        o.most_of_one = 3;
        return o;
    }
    void given(std::string const& id, webhook_change const& what = {})
    {
        webhook const w{.id = id,
                        .url = "https://example.com/" + id,
                        .secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        .created_at = noon};
        webhooks.add(changed(w, what)).value();
    }
    /// Books `10001`, or another number, or moves it on.
    void happens(std::string const& number)
    {
        auto const ref = a_ref("ACB" + number);
        auto const found = bookings->find({&ref, 1}).front();
        change const next = found ? depart(*found) : creation_of(a_booking("ACB" + number));
        ASSERT_TRUE(bookings->apply({&next, 1}).front().has_value());
    }
    void work(webhook_relay& by)
    {
        while (by.round().value() == webhook_relay::after_round::go_on) {
        }
    }
    void work() { work(relay); }
    std::vector<webhook_delivery> dead(std::string const& id)
    {
        return webhooks.deliveries({.webhook_id = id, .state = delivery_state::dead}).value();
    }
    std::vector<webhook_delivery> pending(std::string const& id)
    {
        return webhooks.deliveries({.webhook_id = id, .state = delivery_state::pending}).value();
    }

    /// The receiver of `a` fails until so many are given up, and for a week at most.
    void fail_until_dead(std::size_t count)
    {
        for (int i = 0; i < 7 * 24 * 6; ++i) {
            work();
            if (!sender.under_way.empty()) sender.answer(500);
            work();
            if (dead("a").size() == count) return;
            clock.pass(10min);
        }
        FAIL() << "it is never given up";
    }

    virtual_clock clock;
    std::unique_ptr<any_booking_store> bookings = make_booking_store<memory_booking_store>();
    moody_webhook_store webhooks;
    held_sender sender;
    int news = 0;
    webhook_relay relay{*bookings, webhooks, sender, options(), [this] { ++news; }};
};

TEST_F(webhook_relays, tell_each_webhook_what_it_wants)
{
    given("all");
    given("departed", {.statuses = std::vector{booking_status::departed}});
    given("elsewhere", {.airports = std::vector{airport("NRT")}});
    given("off", {.enabled = false});
    happens("10001");
    work();
    EXPECT_EQ(sender.words(), "all 10001:1");
    sender.answer(204);
    EXPECT_EQ(news, 1);
    happens("10001");
    work();
    EXPECT_EQ(sender.words(), "all 10001:2, departed 10001:2");
    EXPECT_EQ(sender.under_way[0].message.id, sender.under_way[1].message.id)
        << "one event, one id";
}

TEST_F(webhook_relays, keep_the_order_of_a_booking_and_no_more_under_way_than_allowed)
{
    given("a");
    for (auto const* number : {"10001", "10001", "10002", "10003", "10004"}) happens(number);
    work();
    EXPECT_EQ(sender.words(), "a 10001:1, a 10002:1, a 10003:1");
    sender.answer(200);
    EXPECT_EQ(relay.counts().arrived, 1U);
    work();
    EXPECT_EQ(sender.under_way.size(), 3U);
    while (!sender.under_way.empty()) {
        sender.answer(200);
        work();
    }
    EXPECT_EQ(relay.counts().arrived, 5U);
    EXPECT_TRUE(pending("a").empty());
}

TEST_F(webhook_relays, tell_the_last_of_many_webhooks)
{
    for (int i = 10; i < 40; ++i) given(std::to_string(i));
    auto narrow = options();
    narrow.most_of_one = 16;
    narrow.most_in_all = 20;
    webhook_relay tight(*bookings, webhooks, sender, narrow, [] {});
    happens("10001");
    work(tight);
    EXPECT_EQ(sender.under_way.size(), 30U);
    EXPECT_NE(sender.words().find("39 10001:1"), std::string::npos) << sender.words();
}

TEST_F(webhook_relays, let_receivers_that_hang_hold_up_nobody_else)
{
    for (int i = 10; i < 27; ++i) given(std::to_string(i), {.enabled = i < 26});
    auto wide = options();
    wide.most_of_one = 16;
    webhook_relay busy(*bookings, webhooks, sender, wide, [] {});
    for (int number = 10'001; number <= 10'030; ++number) happens(std::to_string(number));
    work(busy);
    EXPECT_EQ(sender.under_way.size(), 256U) << "16 webhooks, and none of them answers";
    (void)webhooks.change("26", {.enabled = true}).value();
    happens("10031");
    work(busy);
    ASSERT_EQ(sender.under_way.size(), 257U);
    EXPECT_TRUE(sender.words().ends_with(", 26 10031:1")) << sender.words();
}

TEST_F(webhook_relays, fill_what_is_left_by_rounds)
{
    for (int i = 10; i < 30; ++i)
        given(std::to_string(i), {.airports = std::vector{airport("NRT")}});
    given("busy");
    auto wide = options();
    wide.most_of_one = 16;
    wide.most_in_all = 40;
    webhook_relay one(*bookings, webhooks, sender, wide, [] {});
    for (int number = 10'001; number <= 10'030; ++number) happens(std::to_string(number));
    work(one);
    EXPECT_EQ(sender.under_way.size(), 16U) << "the others have nothing to do";
}

TEST_F(webhook_relays, try_again_later_what_failed)
{
    given("a");
    happens("10001");
    happens("10001");
    work();
    auto const id = sender.under_way.front().message.id;
    sender.answer(500);
    work();
    EXPECT_EQ(sender.words(), "");
    EXPECT_EQ(pending("a").front().last_error, "HTTP 500");
    clock.pass(5s);
    work();
    EXPECT_EQ(sender.words(), "a 10001:1") << "not the second one before it";
    EXPECT_EQ(sender.under_way.front().message.id, id);
    sender.answer(500);
    work();
    clock.pass(9s);
    work();
    EXPECT_EQ(sender.words(), "") << "the delay has doubled";
    clock.pass(1s);
    work();
    sender.answer(200);
    work();
    EXPECT_EQ(sender.words(), "a 10001:2");
}

TEST_F(webhook_relays, give_up_after_three_days_and_go_on_with_the_booking)
{
    given("a");
    happens("10001");
    happens("10001");
    auto const began = clock.wall_time();
    fail_until_dead(1);
    EXPECT_GT(clock.wall_time() - began, 70h);
    EXPECT_LT(clock.wall_time() - began, 73h);
    EXPECT_EQ(dead("a").size(), 1U);
    EXPECT_EQ(dead("a").front().seq, 1);
    EXPECT_EQ(relay.counts().dead, 1U);
    EXPECT_EQ(sender.words(), "a 10001:2");
}

TEST_F(webhook_relays, try_what_waited_for_another_as_long_as_that)
{
    given("a");
    happens("10001");
    happens("10001");
    fail_until_dead(1);
    auto const began = clock.wall_time();
    fail_until_dead(2);
    EXPECT_GT(clock.wall_time() - began, 70h);
    EXPECT_LT(clock.wall_time() - began, 73h);
}

TEST_F(webhook_relays, give_up_nothing_for_time_in_which_nobody_tried)
{
    given("a");
    happens("10001");
    clock.pass(100h);  // no server was there
    work();
    sender.answer(500);
    work();
    clock.pass(100h);
    work();
    sender.answer(500);
    work();
    EXPECT_TRUE(dead("a").empty());
    (void)webhooks.change("a", {.enabled = false}).value();
    clock.pass(100h);
    (void)webhooks.change("a", {.enabled = true}).value();
    work();
    sender.answer(500);
    work();
    EXPECT_TRUE(dead("a").empty());
    ASSERT_EQ(pending("a").size(), 1U);
    EXPECT_EQ(pending("a").front().attempts, 3);
}

TEST_F(webhook_relays, give_up_nothing_that_was_not_tried)
{
    given("a");
    happens("10001");
    for (int i = 0; i < 200; ++i) {  // servers that are stopped each time, for a week
        work();
        ASSERT_EQ(sender.under_way.size(), 1U);
        sender.stop();
        work();
        clock.pass(1h);
    }
    EXPECT_TRUE(dead("a").empty());
    EXPECT_EQ(pending("a").front().last_error, "the server was stopped");
    work();
    sender.answer(500);
    work();
    EXPECT_TRUE(dead("a").empty()) << "nor for the time that it was not tried in";
    fail_until_dead(1);
}

TEST_F(webhook_relays, forget_what_was_given_up_a_month_ago)
{
    constexpr int events = 2500;  // more than are forgotten at once
    given("a");
    std::vector<new_delivery> added;
    for (int i = 1; i <= events; ++i)
        added.push_back({"a", log_position{i}, a_ref("ACB" + std::to_string(10'000 + i)), 1});
    (void)webhooks.pass_on(log_start, log_position{events}, added, clock.wall_time()).value();
    std::vector const wishes{claim_wish{"a", events}};
    std::vector<attempt_end> ends;
    for (auto const& d : webhooks.claim(wishes, clock.wall_time(), 1min).value())
        ends.push_back({"a", d.position, d.ref, 1, attempt_end::kind::failed_for_good, "500"});
    webhooks.end_attempts(ends, clock.wall_time()).value();

    clock.pass(24h * 30);
    work();
    EXPECT_EQ(dead("a").size(), 100U) << "a page";
    EXPECT_EQ(webhooks.redeliver("a", std::vector{log_position{7}}, clock.wall_time()).value(), 1U);
    clock.pass(1min);
    work();
    EXPECT_TRUE(dead("a").empty());
    EXPECT_EQ(relay.counts().forgotten, events - 1U);
    EXPECT_EQ(pending("a").size(), 1U);
}

TEST_F(webhook_relays, begin_where_the_webhook_begins)
{
    happens("10001");
    happens("10002");
    auto const end = bookings->log_after({.limit = 0})->end;
    given("a", {.after = end});
    happens("10003");
    work();
    EXPECT_EQ(sender.words(), "a 10003:1");
    EXPECT_GT(webhooks.cursor().value(), end);
}

TEST_F(webhook_relays, share_the_work)
{
    given("a");
    webhook_relay other(*bookings, webhooks, sender, options(), [] {});
    for (auto const* number : {"10001", "10001", "10002", "10003", "10004", "10005"})
        happens(number);
    work();
    work(other);
    EXPECT_EQ(sender.words(), "a 10001:1, a 10002:1, a 10003:1, a 10004:1, a 10005:1");
    work(other);
    EXPECT_EQ(sender.under_way.size(), 5U);
}

TEST_F(webhook_relays, send_what_the_log_does_not_show_them_yet)
{
    given("a");
    happens("10001");
    happens("10001");
    work();
    auto const first = sender.under_way.front().message.body;
    clock.pass(22s);  // so that it may be begun again
    late_log late(*bookings);
    late.settled = log_start;
    webhook_relay other(late, webhooks, sender, options(), [] {});
    work(other);
    ASSERT_EQ(sender.words(), "a 10001:1, a 10001:1");
    EXPECT_EQ(sender.under_way.back().message.body, first);
    sender.answer(200);
    sender.answer(200);
    work();
    work(other);
    EXPECT_EQ(sender.words(), "a 10001:2");
    EXPECT_EQ(other.counts().failed, 0U);
}

TEST_F(webhook_relays, read_a_backlog_once)
{
    constexpr int events = 5000;  // more than are kept
    given("a");
    for (int number = 10'000; number < 10'000 + events; ++number) happens(std::to_string(number));
    late_log counted(*bookings);
    auto wide = options();
    wide.most_of_one = 16;
    webhook_relay one(counted, webhooks, sender, wide, [] {});
    work(one);
    int const before = counted.reads;
    EXPECT_LT(before, events / 500 + 5);
    int sent = 0;
    for (; !sender.under_way.empty(); ++sent) {
        sender.answer(200);
        if (sender.under_way.empty()) work(one);
    }
    EXPECT_EQ(sent, events);
    // Each round looks for what is new twice, and reads what it sends once.
    EXPECT_LT(counted.reads - before, events / 16 * 4);
}

TEST_F(webhook_relays, take_over_from_one_that_is_gone)
{
    given("a");
    happens("10001");
    {
        webhook_relay gone(*bookings, webhooks, sender, options(), [] {});
        work(gone);
        EXPECT_EQ(sender.words(), "a 10001:1");
    }
    work();
    EXPECT_EQ(sender.under_way.size(), 1U);
    clock.pass(22s);
    work();
    EXPECT_EQ(sender.words(), "a 10001:1, a 10001:1");
    sender.answer(200);  // its relay is gone, and hears nothing
    sender.answer(200);
    work();
    EXPECT_TRUE(pending("a").empty());
}

TEST_F(webhook_relays, note_what_ended_while_the_store_was_away)
{
    given("a");
    happens("10001");
    work();
    webhooks.away = true;
    sender.answer(200);
    EXPECT_TRUE(relay.round().has_error());
    EXPECT_EQ(pending("a").size(), 1U);
    webhooks.away = false;
    work();
    EXPECT_TRUE(pending("a").empty());
    EXPECT_EQ(sender.words(), "");
}

TEST_F(webhook_relays, lose_nothing_when_a_store_throws)
{
    given("a");
    happens("10001");
    work();
    webhooks.throws = true;
    sender.answer(200);
    EXPECT_THROW((void)relay.round(), std::runtime_error);
    EXPECT_EQ(pending("a").size(), 1U);
    webhooks.throws = false;
    work();
    EXPECT_TRUE(pending("a").empty());
    EXPECT_EQ(relay.under_way(), 0U);
}

TEST_F(webhook_relays, end_what_they_claimed_when_its_event_can_not_be_read)
{
    given("a");
    for (auto const* number : {"10001", "10002", "10003"}) happens(number);
    work();
    clock.pass(22s);
    late_log broken(*bookings);
    broken.throws_at = 2;  // the first one is for what is new
    webhook_relay other(broken, webhooks, sender, options(), [] {});
    EXPECT_EQ(code_of(other.round()), errc::backend_down);
    EXPECT_EQ(sender.under_way.size(), 3U);
    EXPECT_EQ(other.under_way(), 0U);
    clock.pass(10s);
    work(other);
    EXPECT_EQ(sender.under_way.size(), 6U);
}

TEST_F(webhook_relays, begin_nothing_for_which_the_lease_may_not_last)
{
    given("a");
    happens("10001");
    auto late = options();
    bool stalls = false;
    late.now = [this, &stalls] {
        if (stalls) clock.pass(11s);  // between the claim and the sending
        return clock.wall_time();
    };
    webhook_relay slow(*bookings, webhooks, sender, late, [] {});
    stalls = true;
    (void)slow.round().value();
    EXPECT_EQ(sender.words(), "");
    EXPECT_EQ(pending("a").size(), 1U);
}

TEST(webhook_messages, are_known_by_what_no_other_event_has)
{
    auto const made = creation_of(a_booking("ACB10001"));
    logged_event const one{log_position{7}, made.after.terms.ref, airport("DEL"), airport("BLR"),
                           made.fact};
    auto const id = webhook_message_id(one);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef-"), id.npos) << id;
    EXPECT_TRUE(id.starts_with("7-")) << id;
    EXPECT_EQ(id.size(), 2U + 24U);
    EXPECT_EQ(webhook_message_id(one), id);
    // Of a store that was set back: other events come to the same place.
    auto other = one;
    other.ref = a_ref("ACB10002");
    EXPECT_NE(webhook_message_id(one), webhook_message_id(other));
    other = one;
    other.fact.seq = 2;
    EXPECT_NE(webhook_message_id(one), webhook_message_id(other));
    other = one;
    other.fact.created_at += 1s;
    EXPECT_NE(webhook_message_id(one), webhook_message_id(other)) << "a reference that came again";
    other = one;
    other.fact.request_id = "of another request";
    EXPECT_NE(webhook_message_id(one), webhook_message_id(other)) << "and in the same second";
}

TEST(webhook_retries, double_up_to_an_hour_and_are_spread)
{
    webhook_retry const plan;
    EXPECT_EQ(plan.delay_after(1, 0), 5s);
    EXPECT_EQ(plan.delay_after(2, 0), 10s);
    EXPECT_EQ(plan.delay_after(3, 0), 20s);
    EXPECT_EQ(plan.delay_after(30, 0), 1h);
    EXPECT_EQ(plan.delay_after(1'000'000, 0), 1h);
    for (std::uint64_t random = 0; random < 3000; random += 7) {
        EXPECT_GE(plan.delay_after(9, random), 640s);
        EXPECT_LE(plan.delay_after(9, random), 1280s);
    }
}

}  // namespace
}  // namespace aircargo::test
