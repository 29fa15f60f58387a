#include "live/event_hub.hpp"
#include "live/commit_signal.hpp"
#include "support/builders.hpp"
#include "support/eventually.hpp"
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace server;
using namespace std::chrono_literals;

/// What came through a connection whose client reads when it is told.
class fake_client {
public:
    class stream final : public answer_stream {
    public:
        explicit stream(std::shared_ptr<fake_client> to) : to_(std::move(to)) {}
        void send(std::string piece) override
        {
            std::scoped_lock const lock(to_->mutex_);
            if (!to_->reads_) to_->unread_ += piece.size();
            to_->got_ += piece;
        }
        [[nodiscard]] std::size_t waiting() const noexcept override { return to_->unread_; }

    private:
        std::shared_ptr<fake_client> to_;
    };

    void read(bool does)
    {
        std::scoped_lock const lock(mutex_);
        reads_ = does;
        if (does) unread_ = 0;
    }
    [[nodiscard]] std::string got() const
    {
        std::scoped_lock const lock(mutex_);
        return got_;
    }
    /// The events in words: `10001:1, 10001:2`.
    [[nodiscard]] std::string events() const
    {
        std::string out;
        auto const text = got();
        constexpr std::string_view ref = "\"ref_id\":\"ACB";
        constexpr std::string_view seq = "\"seq\":";
        for (auto at = text.find(ref); at != text.npos; at = text.find(ref, at + 1)) {
            auto const from = text.find(seq, at) + seq.size();
            out += (out.empty() ? "" : ", ") + text.substr(at + ref.size(), 5) + ':' +
                   text.substr(from, text.find(',', from) - from);
        }
        return out;
    }
    [[nodiscard]] std::size_t unread() const { return unread_; }

private:
    mutable std::mutex mutex_;
    std::string got_;
    bool reads_ = true;
    std::atomic<std::size_t> unread_ = 0;
};

/// A store that fails when told, and counts how often it is read.
class watched_bookings {
public:
    std::vector<result<booking>> apply(std::span<change const> c) { return inner_.apply(c); }
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> k,
                                                        utc_time now)
    {
        return inner_.answers(k, now);
    }
    std::vector<result<booking>> find(std::span<booking_ref const> r) { return inner_.find(r); }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> r)
    {
        return inner_.history(r);
    }
    result<booking_page> list(booking_query const& q) { return inner_.list(q); }
    result<booking_figures> figures(figures_query const& q) { return inner_.figures(q); }
    result<log_page> log_after(log_query const& q)
    {
        ++looks;
        if (down) return refuse(errc::backend_down, "told to");
        if (throws) throw std::runtime_error("told to");
        return inner_.log_after(q);
    }
    result<ref_block> reserve_refs(std::uint64_t count) { return inner_.reserve_refs(count); }

    static inline std::atomic<int> looks = 0;
    static inline std::atomic<bool> down = false;
    static inline std::atomic<bool> throws = false;

private:
    memory_booking_store inner_;
};

class hub : public ::testing::Test {
protected:
    commit_signal committed;
    std::unique_ptr<any_booking_store> store =
        std::make_unique<signalling_bookings>(make_booking_store<watched_bookings>(), committed);
    event_hub::options options{.look_every = 1ms, .gather = 0ms, .after_failure = 1ms};
    std::unique_ptr<event_hub> events;
    std::vector<std::shared_ptr<listener>> here;

    hub()
    {
        watched_bookings::down = false;
        watched_bookings::throws = false;
        watched_bookings::looks = 0;
    }
    ~hub() override { events.reset(); }
    void start() { events = std::make_unique<event_hub>(*store, options); }

    booking book(std::string const& ref)
    {
        auto const b = a_booking(ref);
        auto const c = creation_of(b);
        return store->apply({&c, 1}).front().value();
    }
    booking act(change const& c) { return store->apply({&c, 1}).front().value(); }

    struct arrived {
        std::shared_ptr<fake_client> client = std::make_shared<fake_client>();
        std::shared_ptr<listener> who;
    };
    arrived listen(event_filter filter = {}, std::optional<log_position> after = {},
                   std::string const& caller = "me")
    {
        arrived a;
        std::promise<result<std::shared_ptr<listener>>> opened;
        auto const refused = events->open({std::move(filter), after, caller}, [&](auto answer) {
            opened.set_value(std::move(answer));
        });
        EXPECT_FALSE(refused.has_value());
        a.who = opened.get_future().get().value();
        a.who->attach(std::make_unique<fake_client::stream>(a.client));
        events->wake();
        return a;
    }
    [[nodiscard]] static bool hears(arrived const& a, std::string const& wanted)
    {
        return eventually([&] { return a.client->events().size() >= wanted.size(); }) &&
               a.client->events() == wanted;
    }
};

TEST_F(hub, ends_a_stream_in_time_and_another_goes_on_behind_it)
{
    options.longest = 20ms;
    start();
    auto const first = listen();
    EXPECT_TRUE(eventually([&] { return first.who->has_left(); }));
    EXPECT_FALSE(first.who->takes(1));
    (void)book("ACB10001");
    options.longest = 1h;
    start();
    EXPECT_TRUE(hears(listen({}, first.who->reached), "10001:1"));
}

TEST_F(hub, is_woken_no_more_once_it_is_forgotten)
{
    int heard = 0;
    committed.tell([&] { ++heard; });
    (void)book("ACB10001");
    committed.forget_all();
    (void)book("ACB10002");
    EXPECT_EQ(heard, 1);
}

TEST_F(hub, tells_what_happens_from_now_on)
{
    start();
    (void)book("ACB10001");
    auto const a = listen();
    auto const b = book("ACB10002");
    (void)act(depart(b));
    EXPECT_TRUE(hears(a, "10002:1, 10002:2")) << a.client->got();
    EXPECT_EQ(a.client->got().find("id: 2\ndata: {\"ref_id\":\"ACB10002\",\"origin\":\"DEL\""), 0U)
        << a.client->got();
}

TEST_F(hub, goes_on_behind_the_last_event_that_a_client_has)
{
    start();
    for (auto const* ref : {"ACB10001", "ACB10002", "ACB10003"}) (void)book(ref);
    auto const from_start = listen({}, log_start);
    auto const from_one = listen({}, log_position{1});
    EXPECT_TRUE(hears(from_start, "10001:1, 10002:1, 10003:1")) << from_start.client->got();
    EXPECT_TRUE(hears(from_one, "10002:1, 10003:1")) << from_one.client->got();
    (void)book("ACB10004");
    EXPECT_TRUE(hears(from_start, "10001:1, 10002:1, 10003:1, 10004:1"));
    EXPECT_TRUE(hears(from_one, "10002:1, 10003:1, 10004:1"));
}

TEST_F(hub, takes_nobody_who_stands_beyond_the_log)
{
    start();
    (void)book("ACB10001");
    auto const opened_after = [&](std::int64_t place) {
        std::promise<result<std::shared_ptr<listener>>> opened;
        EXPECT_FALSE(events->open({{}, log_position{place}, "me"},
                                  [&](auto answer) { opened.set_value(std::move(answer)); }));
        return opened.get_future().get().value();
    };
    EXPECT_NE(opened_after(1), nullptr);
    EXPECT_EQ(opened_after(2), nullptr);
    EXPECT_TRUE(eventually([&] { return events->listeners() == 1; })) << "its seat is free again";
}

TEST_F(hub, brings_a_client_over_a_long_way)
{
    start();
    std::string all;
    for (int i = 0; i < 1000; ++i) {
        (void)book("ACB" + std::to_string(10'000 + i));
        all += (all.empty() ? "" : ", ") + std::to_string(10'000 + i) + ":1";
    }
    auto const a = listen({}, log_start);
    auto const b = listen({}, log_start, "another");
    EXPECT_TRUE(hears(a, all));
    EXPECT_TRUE(hears(b, all));
}

TEST_F(hub, reads_on_at_once_while_the_log_has_more)
{
    options.look_every = 1h;
    start();
    auto const a = listen();
    std::vector<change> changes;
    std::string all;
    for (int i = 0; i < 1000; ++i) {
        auto const number = std::to_string(10'000 + i);
        changes.push_back(creation_of(a_booking("ACB" + number)));
        all += (all.empty() ? "" : ", ") + number + ":1";
    }
    (void)store->apply(changes);
    events->wake();
    EXPECT_TRUE(hears(a, all)) << a.client->events();
}

TEST_F(hub, leaves_out_what_is_not_wanted)
{
    start();
    auto const one = book("ACB10001");
    auto const departed = listen({.status = booking_status::departed});
    auto const of_one = listen({.of = one.terms.ref}, log_start);
    auto const from_bom = listen({.origin = airport("BOM")});
    auto const to_blr = listen({.origin = airport("DEL"), .destination = airport("BLR")});
    auto const two = book("ACB10002");
    (void)act(depart(two));
    (void)act(cancel(one));
    EXPECT_TRUE(hears(to_blr, "10002:1, 10002:2, 10001:2"));
    EXPECT_TRUE(hears(departed, "10002:2"));
    EXPECT_TRUE(hears(of_one, "10001:1, 10001:2"));
    EXPECT_EQ(from_bom.client->events(), "");
}

TEST_F(hub, keeps_what_a_slow_client_does_not_read_in_the_log)
{
    options.most_waiting = 1000;
    start();
    auto const slow = listen();
    auto const quick = listen();
    slow.client->read(false);
    std::string all;
    for (int i = 0; i < 500; ++i) {
        (void)book("ACB" + std::to_string(10'000 + i));
        all += (all.empty() ? "" : ", ") + std::to_string(10'000 + i) + ":1";
    }
    EXPECT_TRUE(hears(quick, all));
    // At most a page is under way when the bound is reached.
    EXPECT_LT(slow.client->unread(), 1000U + 200U * 300U);
    slow.client->read(true);
    EXPECT_TRUE(hears(slow, all)) << "nothing lost, nothing twice";
}

TEST_F(hub, reads_nothing_while_nobody_listens)
{
    start();
    (void)book("ACB10001");
    EXPECT_EQ(watched_bookings::looks, 0);
    {
        auto const a = listen();
        a.who->leave();
    }
    EXPECT_TRUE(eventually([&] { return events->listeners() == 0; }));
    auto const before = watched_bookings::looks.load();
    for (int i = 0; i < 100; ++i) (void)book("ACB" + std::to_string(20'000 + i));
    EXPECT_EQ(watched_bookings::looks, before);
    auto const b = listen();
    (void)book("ACB10002");
    EXPECT_TRUE(hears(b, "10002:1")) << b.client->got();
}

TEST_F(hub, tells_that_a_quiet_stream_lives_and_how_far_it_is)
{
    options.heartbeat = 1ms;
    start();
    auto const a = listen({.status = booking_status::delivered});
    (void)book("ACB10001");
    EXPECT_TRUE(eventually([&] {
        return a.client->got().find(": nothing new\nid: 1\n\n") != std::string::npos;
    })) << a.client->got();
    EXPECT_EQ(event_hub::first_words(*a.who).find("retry: 2000\nid: "), 0U);
}

TEST_F(hub, has_so_many_seats_and_so_many_for_one_caller)
{
    options.most_listeners = 3;
    options.most_of_one_caller = 2;
    start();
    auto const first = listen({}, {}, "me");
    {
        auto const second = listen({}, {}, "me");
        auto const never = [](auto const&) { FAIL(); };
        EXPECT_EQ(events->open({{}, {}, "me"}, never), seats::refusal::caller_has_enough);
        auto const third = listen({}, {}, "you");
        EXPECT_EQ(events->open({{}, {}, "others"}, never), seats::refusal::all_taken);
        second.who->leave();
        third.who->leave();
    }
    EXPECT_TRUE(eventually([&] { return events->listeners() == 1; }));
    auto const again = listen({}, {}, "me");
    EXPECT_EQ(events->listeners(), 2U);
}

TEST_F(hub, goes_on_when_the_store_comes_back)
{
    start();
    auto const a = listen();
    watched_bookings::down = true;
    (void)book("ACB10001");
    std::promise<result<std::shared_ptr<listener>>> opened;
    EXPECT_FALSE(events->open({{}, {}, "you"}, [&](auto x) { opened.set_value(std::move(x)); }));
    EXPECT_EQ(opened.get_future().get().error().code, errc::backend_down);
    watched_bookings::down = false;
    (void)book("ACB10002");
    EXPECT_TRUE(hears(a, "10001:1, 10002:1")) << a.client->got();
}

TEST_F(hub, goes_on_when_something_was_thrown)
{
    start();
    auto const a = listen();
    watched_bookings::throws = true;
    (void)book("ACB10001");
    std::promise<result<std::shared_ptr<listener>>> opened;
    EXPECT_FALSE(events->open({{}, {}, "you"}, [&](auto x) { opened.set_value(std::move(x)); }));
    EXPECT_EQ(opened.get_future().get().error().code, errc::internal_error);
    watched_bookings::throws = false;
    (void)book("ACB10002");
    EXPECT_TRUE(hears(a, "10001:1, 10002:1")) << a.client->got();
}

TEST_F(hub, drops_a_connection_that_ended_before_it_was_attached)
{
    start();
    auto client = std::make_shared<fake_client>();
    listener who({}, nullptr);
    who.leave();
    who.attach(std::make_unique<fake_client::stream>(client));
    EXPECT_EQ(client.use_count(), 1);
}

}  // namespace
}  // namespace aircargo::test
