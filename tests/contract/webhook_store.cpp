#include "support/backends.hpp"
#include "support/builders.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using kind = attempt_end::kind;

constexpr auto lease = 60s;

webhook a_webhook(std::string const& id)
{
    return {.id = id,
            .url = "https://example.com/" + id,
            .secret = "secret of " + id,
            .created_at = noon};
}

template <class Backend>
class webhook_contract : public ::testing::Test {
protected:
    Backend backend;
    any_webhook_store& store = *backend.webhooks;

    webhook given(webhook const& w)
    {
        store.add(w).value();
        return w;
    }
    /// Passes events on, such as `10001:1`, to a webhook; their places count up.
    void pass_on(std::string const& hook, std::vector<std::string> const& events,
                 utc_time now = noon)
    {
        std::vector<new_delivery> added;
        for (auto const& e : events) {
            auto const colon = e.find(':');
            added.push_back({hook, log_position{++last_place}, a_ref("ACB" + e.substr(0, colon)),
                             std::stoll(e.substr(colon + 1))});
        }
        auto const from = store.cursor().value();
        EXPECT_TRUE(store.pass_on(from, log_position{last_place}, added, now).value());
    }
    std::vector<webhook_delivery> claimed(std::string const& hook, std::size_t limit,
                                          utc_time now = noon)
    {
        std::vector const wishes{claim_wish{hook, limit}};
        auto out = store.claim(wishes, now, lease).value();
        std::sort(out.begin(), out.end(),
                  [](auto const& a, auto const& b) { return a.position < b.position; });
        return out;
    }
    static std::string words_of(std::vector<webhook_delivery> const& deliveries)
    {
        std::string out;
        for (auto const& d : deliveries)
            out += (out.empty() ? "" : " ") + std::to_string(d.ref.number()) + ':' +
                   std::to_string(d.seq);
        return out;
    }
    std::string claim(std::string const& hook, std::size_t limit = 100, utc_time now = noon)
    {
        return words_of(claimed(hook, limit, now));
    }
    static attempt_end end_of(webhook_delivery const& d, kind how, utc_time again = noon + 10s)
    {
        return {d.webhook_id, d.position, d.ref, d.attempts, how, how == kind::arrived ? "" : "500",
                again};
    }
    void end(webhook_delivery const& d, kind how, utc_time now = noon, utc_time again = noon + 10s)
    {
        std::vector const ends{end_of(d, how, again)};
        store.end_attempts(ends, now).value();
    }
    std::vector<webhook_delivery> list(std::string const& hook, delivery_state state)
    {
        return store.deliveries({.webhook_id = hook, .state = state}).value();
    }

    std::int64_t last_place = 0;
};
TYPED_TEST_SUITE(webhook_contract, store_backends, backend_names);

TYPED_TEST(webhook_contract, keeps_webhooks_as_they_are)
{
    auto w = a_webhook("b");
    w.statuses = {booking_status::departed, booking_status::delivered};
    w.airports = {airport("BOM"), airport("DEL")};
    w.after = log_position{77};
    this->given(w);
    auto off = a_webhook("a");
    off.enabled = false;
    this->given(off);
    EXPECT_EQ(this->store.find("b").value(), w);
    EXPECT_EQ(this->store.list().value(), (std::vector{off, w})) << "of one second: by id";
    auto older = a_webhook("z");
    older.created_at = noon - 1h;
    this->given(older);
    EXPECT_EQ(this->store.list().value(), (std::vector{older, off, w}));
    EXPECT_EQ(code_of(this->store.find("c")), errc::not_found);
}

TYPED_TEST(webhook_contract, takes_no_id_twice)
{
    auto const w = this->given(a_webhook("a"));
    EXPECT_EQ(code_of(this->store.add(w)), accepted) << "sent again, it is made once";
    auto other = w;
    other.url = "https://elsewhere.example";
    EXPECT_EQ(code_of(this->store.add(other)), errc::already_exists);
    EXPECT_EQ(this->store.list().value(), std::vector{w});
}

TYPED_TEST(webhook_contract, changes_what_is_named)
{
    auto w = a_webhook("a");
    w.statuses = {booking_status::departed};
    w.airports = {airport("DEL")};
    this->given(w);
    w.url = "http://new.example";
    EXPECT_EQ(this->store.change("a", {.url = w.url}).value(), w);
    w.statuses = {};
    w.enabled = false;
    EXPECT_EQ(this->store.change("a", {.statuses = w.statuses, .enabled = false}).value(), w);
    w.airports = {airport("BOM"), airport("BLR")};
    w.after = log_position{12};
    EXPECT_EQ(this->store.change("a", {.airports = w.airports, .after = w.after}).value(), w);
    EXPECT_EQ(this->store.change("a", {}).value(), w);
    EXPECT_EQ(this->store.find("a").value(), w);
    EXPECT_EQ(code_of(this->store.change("b", {.enabled = true})), errc::not_found);
}

TYPED_TEST(webhook_contract, removes_a_webhook_with_what_is_on_its_way)
{
    this->given(a_webhook("a"));
    this->given(a_webhook("b"));
    this->pass_on("a", {"10001:1", "10002:1"});
    this->pass_on("b", {"10003:1"});
    EXPECT_EQ(this->claim("a", 1), "10001:1");
    EXPECT_EQ(code_of(this->store.remove("a")), accepted);
    EXPECT_EQ(code_of(this->store.remove("a")), errc::not_found);
    EXPECT_EQ(code_of(this->store.find("a")), errc::not_found);
    EXPECT_EQ(code_of(this->store.deliveries({.webhook_id = "a"})), errc::not_found);
    EXPECT_EQ(this->claim("a"), "");
    this->given(a_webhook("a"));
    EXPECT_EQ(this->claim("a"), "") << "nothing of the one before";
    EXPECT_EQ(this->claim("b"), "10003:1");
}

TYPED_TEST(webhook_contract, passes_each_part_of_the_log_on_once)
{
    this->given(a_webhook("a"));
    EXPECT_EQ(this->store.cursor().value(), log_start);
    std::vector const added{new_delivery{"a", log_position{5}, a_ref("ACB10001"), 1},
                            new_delivery{"gone", log_position{6}, a_ref("ACB10002"), 1}};
    EXPECT_TRUE(this->store.pass_on(log_start, log_position{9}, added, noon).value());
    EXPECT_EQ(this->store.cursor().value(), log_position{9});
    EXPECT_FALSE(this->store.pass_on(log_start, log_position{9}, added, noon).value());
    EXPECT_EQ(this->claim("a"), "10001:1");
    EXPECT_EQ(this->claim("a"), "");
    EXPECT_TRUE(this->store.pass_on(log_position{9}, log_position{12}, {}, noon).value());
    EXPECT_EQ(this->store.cursor().value(), log_position{12});
}

TYPED_TEST(webhook_contract, tells_of_a_claimed_delivery_what_it_is)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:4"});
    auto const d = this->claimed("a", 1, noon + 5s).at(0);
    webhook_delivery const wanted{.webhook_id = "a",
                                  .position = log_position{1},
                                  .ref = a_ref("ACB10001"),
                                  .seq = 4,
                                  .attempts = 1,
                                  .due_since = noon + 5s,
                                  .next_attempt_at = noon + 5s + lease};
    EXPECT_EQ(d, wanted);
    EXPECT_EQ(this->list("a", delivery_state::pending), std::vector{wanted});
}

TYPED_TEST(webhook_contract, gives_no_more_than_is_wished_for)
{
    this->given(a_webhook("a"));
    this->given(a_webhook("b"));
    this->pass_on("a", {"10001:1", "10002:1", "10003:1"});
    this->pass_on("b", {"10004:1"});
    EXPECT_EQ(this->claim("a", 2), "10001:1 10002:1");
    EXPECT_EQ(this->claim("a", 0), "");
    std::vector const wishes{claim_wish{"a", 5}, claim_wish{"b", 5}, claim_wish{"none", 5}};
    EXPECT_EQ(this->store.claim(wishes, noon, lease)->size(), 2U);
    EXPECT_EQ(code_of(this->store.claim({}, noon, lease)), accepted);
}

TYPED_TEST(webhook_contract, has_one_of_a_booking_under_way_in_the_order_of_seq)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10002:1", "10001:2", "10001:3", "10002:2"});
    auto const first = this->claimed("a", 100);
    EXPECT_EQ(this->words_of(first), "10001:1 10002:1");
    EXPECT_EQ(this->claim("a"), "");
    this->end(first[0], kind::arrived);
    EXPECT_EQ(this->claim("a", 100), "10001:2") << "at once";
    this->end(first[1], kind::arrived);
    EXPECT_EQ(this->claim("a", 100), "10002:2");
}

TYPED_TEST(webhook_contract, keeps_bookings_of_different_webhooks_apart)
{
    this->given(a_webhook("a"));
    this->given(a_webhook("b"));
    this->pass_on("a", {"10001:1"});
    this->pass_on("b", {"10001:2"});
    EXPECT_EQ(this->claim("b"), "10001:2");
    EXPECT_EQ(this->claim("a"), "10001:1");
}

TYPED_TEST(webhook_contract, tries_again_what_failed_when_it_is_time)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10001:2"});
    this->end(this->claimed("a", 1).at(0), kind::failed, noon, noon + 10s);
    EXPECT_EQ(this->list("a", delivery_state::pending).at(0).last_error, "500");
    EXPECT_EQ(this->claim("a", 9, noon + 9s), "") << "the next one of the booking waits as well";
    auto const again = this->claimed("a", 9, noon + 10s);
    ASSERT_EQ(this->words_of(again), "10001:1");
    EXPECT_EQ(again[0].attempts, 2);
    EXPECT_EQ(again[0].due_since, noon);
    this->end(again[0], kind::arrived, noon + 11s);
    EXPECT_EQ(this->claim("a", 9, noon + 11s), "10001:2");
}

TYPED_TEST(webhook_contract, gives_up_what_failed_for_good_and_goes_on_with_the_booking)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10001:2"});
    this->end(this->claimed("a", 1).at(0), kind::failed_for_good);
    EXPECT_EQ(this->claim("a"), "10001:2");
    auto const dead = this->list("a", delivery_state::dead);
    ASSERT_EQ(this->words_of(dead), "10001:1");
    EXPECT_EQ(dead[0].state, delivery_state::dead);
    EXPECT_EQ(dead[0].attempts, 1);
    EXPECT_EQ(dead[0].last_error, "500");
    EXPECT_EQ(this->words_of(this->list("a", delivery_state::pending)), "10001:2");
}

TYPED_TEST(webhook_contract, counts_from_the_first_attempt_of_each_and_not_while_nobody_tries)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10001:2"});
    this->end(this->claimed("a", 1).at(0), kind::failed_for_good, noon + 80h);
    auto d = this->claimed("a", 9, noon + 80h).at(0);
    EXPECT_EQ(d.due_since, noon + 80h);
    this->end(d, kind::failed, noon + 80h, noon + 80h + 10s);
    d = this->claimed("a", 9, noon + 80h + 10s).at(0);
    EXPECT_EQ(d.due_since, noon + 80h);

    this->end(d, kind::failed, noon + 81h, noon + 82h);
    d = this->claimed("a", 9, noon + 182h).at(0);
    EXPECT_EQ(d.due_since, noon + 180h) << "nobody came for 100 hours";
    d = this->claimed("a", 9, noon + 182h + lease + 50h).at(0);
    EXPECT_EQ(d.due_since, noon + 230h) << "nor after one that was lost";
}

TYPED_TEST(webhook_contract, does_not_count_what_an_end_says)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1"});
    auto const d = this->claimed("a", 1).at(0);
    auto end = this->end_of(d, kind::failed, noon + 2h);
    end.due_since = noon + 1h;
    std::vector const ends{end};
    this->store.end_attempts(ends, noon).value();
    this->store.end_attempts(ends, noon).value();
    EXPECT_EQ(this->list("a", delivery_state::pending).at(0).due_since, noon + 1h);
    EXPECT_EQ(this->claimed("a", 1, noon + 2h).at(0).due_since, noon + 1h);
}

TYPED_TEST(webhook_contract, begins_anew_what_a_stopped_process_had_begun)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10001:2"});
    auto const lost = this->claimed("a", 1).at(0);
    EXPECT_EQ(this->claim("a", 9, noon + lease - 1s), "");
    auto const again = this->claimed("a", 9, noon + lease).at(0);
    EXPECT_EQ(again.position, lost.position);
    EXPECT_EQ(again.attempts, 2);
    this->end(lost, kind::failed, noon + lease, noon + lease);
    EXPECT_EQ(this->claim("a", 9, noon + lease), "") << "the end of an attempt that is over";
    this->end(lost, kind::failed_for_good, noon + lease);
    EXPECT_TRUE(this->list("a", delivery_state::dead).empty());
    this->end(lost, kind::arrived, noon + lease);
    EXPECT_EQ(this->claim("a", 9, noon + lease), "10001:2") << "it did arrive";
    this->end(again, kind::failed, noon + lease);
    EXPECT_EQ(this->list("a", delivery_state::pending).size(), 1U);
}

TYPED_TEST(webhook_contract, lets_the_next_one_go_only_once)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10001:2"});
    auto const by_a = this->claimed("a", 1).at(0);
    auto const later = noon + lease;
    auto const by_b = this->claimed("a", 1, later).at(0);
    ASSERT_EQ(by_b.position, by_a.position);
    this->end(by_a, kind::arrived, later);
    auto const by_c = this->claimed("a", 9, later);
    ASSERT_EQ(this->words_of(by_c), "10001:2");
    this->end(by_b, kind::arrived, later);
    EXPECT_EQ(this->claim("a", 9, later), "") << "it is under way";
    this->end(by_b, kind::failed_for_good, later);
    EXPECT_EQ(this->claim("a", 9, later), "");
}

TYPED_TEST(webhook_contract, lets_nothing_go_behind_one_that_was_given_up_before_it_arrived)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10001:2"});
    auto const by_a = this->claimed("a", 1).at(0);
    auto const later = noon + lease;
    this->end(this->claimed("a", 1, later).at(0), kind::failed_for_good, later);
    EXPECT_EQ(this->claim("a", 9, later), "10001:2");
    this->end(by_a, kind::failed_for_good, later);
    EXPECT_EQ(this->claim("a", 9, later), "");
    this->end(by_a, kind::arrived, later);
    EXPECT_EQ(this->claim("a", 9, later), "") << "it is under way";
    EXPECT_TRUE(this->list("a", delivery_state::dead).empty()) << "it did arrive";
}

TYPED_TEST(webhook_contract, lets_one_that_is_under_way_again_be_when_a_later_one_arrives)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10001:2", "10001:3"});
    this->end(this->claimed("a", 1).at(0), kind::failed_for_good);
    auto const second = this->claimed("a", 9);
    ASSERT_EQ(this->words_of(second), "10001:2");
    EXPECT_EQ(this->store.redeliver("a", {}, noon).value(), 1U);
    auto const first = this->claimed("a", 9);
    ASSERT_EQ(this->words_of(first), "10001:1");
    this->end(second[0], kind::arrived);
    EXPECT_EQ(this->claim("a", 9), "") << "the first one is under way, and the third waits for it";
    this->end(first[0], kind::arrived);
    EXPECT_EQ(this->claim("a", 9), "10001:3");
}

TYPED_TEST(webhook_contract, sends_nothing_to_who_is_disabled_and_goes_on_later)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1"});
    (void)this->store.change("a", {.enabled = false}).value();
    EXPECT_EQ(this->claim("a"), "");
    (void)this->store.change("a", {.enabled = true}).value();
    EXPECT_EQ(this->claim("a"), "10001:1");
}

TYPED_TEST(webhook_contract, lists_deliveries_in_parts)
{
    this->given(a_webhook("a"));
    this->pass_on("a", {"10001:1", "10002:1", "10003:1"});
    delivery_query query{.webhook_id = "a", .state = delivery_state::pending, .page_size = 2};
    auto const part = this->store.deliveries(query).value();
    EXPECT_EQ(this->words_of(part), "10001:1 10002:1");
    query.after = part.back().position;
    EXPECT_EQ(this->words_of(this->store.deliveries(query).value()), "10003:1");
    query.state = delivery_state::dead;
    EXPECT_TRUE(this->store.deliveries(query)->empty());
    for (std::size_t size : {std::size_t{0}, delivery_query::max_page_size + 1}) {
        query.page_size = size;
        EXPECT_EQ(code_of(this->store.deliveries(query)), errc::invalid_request);
    }
}

TYPED_TEST(webhook_contract, sends_what_is_dead_again_when_told)
{
    this->given(a_webhook("a"));
    this->given(a_webhook("b"));
    this->pass_on("a", {"10001:1", "10002:1", "10001:2"});
    for (auto const& d : this->claimed("a", 9)) this->end(d, kind::failed_for_good);
    this->end(this->claimed("a", 9).at(0), kind::failed_for_good);
    EXPECT_EQ(this->claim("a"), "");

    auto const later = noon + 100h;
    EXPECT_EQ(this->store.redeliver("b", {}, later).value(), 0U);
    std::vector const second{log_position{2}, log_position{77}};
    EXPECT_EQ(this->store.redeliver("a", second, later).value(), 1U);
    auto const again = this->claimed("a", 9, later);
    ASSERT_EQ(this->words_of(again), "10002:1");
    EXPECT_EQ(again[0].attempts, 1);
    EXPECT_EQ(again[0].due_since, later);

    EXPECT_EQ(this->store.redeliver("a", {}, later).value(), 2U);
    auto const first = this->claimed("a", 9, later);
    EXPECT_EQ(this->words_of(first), "10001:1") << "in their order";
    this->end(first[0], kind::arrived, later);
    EXPECT_EQ(this->claim("a", 9, later), "10001:2");
    EXPECT_EQ(code_of(this->store.redeliver("none", {}, later)), errc::not_found);
}

TYPED_TEST(webhook_contract, forgets_what_is_dead_in_parts_and_nothing_else)
{
    this->given(a_webhook("a"));
    this->given(a_webhook("b"));
    this->pass_on("a", {"10001:1", "10002:1", "10003:1", "10004:1"});
    this->pass_on("b", {"10001:1"});
    auto const begun = this->claimed("a", 9);
    this->end(begun[0], kind::failed_for_good, noon);
    this->end(begun[1], kind::failed_for_good, noon + 1h);
    this->end(begun[2], kind::failed_for_good, noon + 2h);
    this->end(begun[3], kind::failed, noon);
    this->end(this->claimed("b", 9).at(0), kind::failed_for_good, noon + 1h);
    EXPECT_EQ(this->list("a", delivery_state::dead).at(1).next_attempt_at, noon + 1h);

    EXPECT_EQ(this->store.forget_dead(noon, 9).value(), 0U);
    EXPECT_EQ(this->store.forget_dead(noon + 2h, 2).value(), 2U);
    EXPECT_EQ(this->store.forget_dead(noon + 2h, 2).value(), 1U);
    EXPECT_EQ(this->store.forget_dead(noon + 2h, 2).value(), 0U);
    EXPECT_EQ(this->words_of(this->list("a", delivery_state::dead)), "10003:1");
    EXPECT_EQ(this->words_of(this->list("a", delivery_state::pending)), "10004:1");
    EXPECT_TRUE(this->list("b", delivery_state::dead).empty());

    EXPECT_EQ(this->store.redeliver("a", {}, noon + 3h).value(), 1U);
    EXPECT_EQ(this->store.forget_dead(noon + 100h, 9).value(), 0U) << "it is on its way again";
    EXPECT_EQ(this->claim("a", 9, noon + 3h), "10003:1 10004:1");
}

TYPED_TEST(webhook_contract, looks_at_what_has_to_wait_only_when_it_may_go)
{
    this->given(a_webhook("a"));
    std::vector<std::string> events;
    for (int seq = 1; seq <= 50; ++seq) events.push_back("10001:" + std::to_string(seq));
    events.emplace_back("10002:1");
    this->pass_on("a", events);
    EXPECT_EQ(this->claim("a", 1), "10001:1");
    // Those that wait for it stand before it, and are passed over.
    std::string got;
    for (int tries = 0; tries < 60 && got.empty(); ++tries) got = this->claim("a", 1);
    EXPECT_EQ(got, "10002:1");
}

TYPED_TEST(webhook_contract, lets_several_processes_work_side_by_side)
{
    constexpr int workers = 4;
    constexpr int bookings = 40;
    constexpr int events = 5;
    this->given(a_webhook("a"));
    std::vector<std::string> all;
    for (int seq = 1; seq <= events; ++seq)
        for (int b = 0; b < bookings; ++b)
            all.push_back(std::to_string(10'000 + b) + ':' + std::to_string(seq));
    this->pass_on("a", all);

    std::mutex mutex;
    std::map<std::string, std::int64_t> arrived;  // the last seq of each booking
    std::set<std::string> under_way;
    std::atomic<int> left = bookings * events;
    std::atomic<int> wrong = 0;
    auto const work = [&](int number) {
        std::vector const wishes{claim_wish{"a", 7}};
        // In time that passes, since what was put off is looked at again later.
        for (int round = 0; left > 0 && round < 3000; ++round) {
            auto const now = noon + std::chrono::seconds(round / 50);
            auto const got = this->store.claim(wishes, now, 1h).value();
            {
                std::scoped_lock const lock(mutex);
                for (auto const& d : got) {
                    if (!under_way.insert(d.ref.str()).second) ++wrong;
                    if (d.seq != ++arrived[d.ref.str()]) ++wrong;
                }
                for (auto const& d : got) under_way.erase(d.ref.str());
            }
            std::vector<attempt_end> ends;
            for (auto const& d : got) ends.push_back(this->end_of(d, kind::arrived));
            if (number % 2 == 0) std::reverse(ends.begin(), ends.end());
            this->store.end_attempts(ends, now).value();
            left -= static_cast<int>(got.size());
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < workers; ++i) threads.emplace_back(work, i);
    for (auto& t : threads) t.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(left, 0);
    EXPECT_TRUE(this->list("a", delivery_state::pending).empty());
}

TYPED_TEST(webhook_contract, lets_one_of_many_pass_a_part_on)
{
    constexpr int relays = 4;
    constexpr int parts = 25;
    this->given(a_webhook("a"));
    std::atomic<int> passed = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < relays; ++i) {
        threads.emplace_back([&] {
            for (;;) {
                auto const from = static_cast<std::int64_t>(this->store.cursor().value());
                if (from >= parts) return;
                std::vector const added{new_delivery{
                    "a", log_position{from + 1}, a_ref("ACB" + std::to_string(10'001 + from)), 1}};
                if (this->store.pass_on(log_position{from}, log_position{from + 1}, added, noon)
                        .value())
                    ++passed;
            }
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(passed, parts);
    EXPECT_EQ(this->list("a", delivery_state::pending).size(), static_cast<std::size_t>(parts));
}

}  // namespace
}  // namespace aircargo::test
