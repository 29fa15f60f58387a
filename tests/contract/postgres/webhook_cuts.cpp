#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using kind = attempt_end::kind;

/// A store of webhooks whose connection is cut before or after one of the requests of a call.
class postgres_cut_webhooks : public postgres_behind_proxy {
protected:
    void SetUp() override
    {
        postgres_behind_proxy::SetUp();
        if (!proxy) return;
        database = open_quiet();
        store = make_webhook_store<postgres_webhook_store>(database);
        cuts.only_count();
    }
    /// A new webhook with so many deliveries, that are dead. \return its id
    std::string given_dead(int count)
    {
        auto const id = given(count);
        auto const ends = ends_of(claim(id), kind::failed_for_good);
        store->end_attempts(ends, noon).value();
        return id;
    }
    std::string given(int count)
    {
        auto const id = "hook" + std::to_string(++hooks_);
        store->add({.id = id, .url = "https://a", .secret = "s", .created_at = noon}).value();
        std::vector<new_delivery> added;
        for (int i = 0; i < count; ++i) {
            auto const ref = a_ref("ACB" + std::to_string(10'000 + i));
            added.push_back({id, log_position{++last_place_}, ref, 1});
        }
        auto const from = store->cursor().value();
        EXPECT_TRUE(store->pass_on(from, log_position{last_place_}, added, noon).value());
        return id;
    }
    std::vector<webhook_delivery> claim(std::string const& id, utc_time now = noon)
    {
        std::vector const wishes{claim_wish{id, 100}};
        return store->claim(wishes, now, 60s).value();
    }
    static std::vector<attempt_end> ends_of(std::vector<webhook_delivery> const& all, kind how)
    {
        std::vector<attempt_end> ends;
        for (auto const& d : all)
            ends.push_back({d.webhook_id, d.position, d.ref, d.attempts, how, "500", noon + 10s});
        return ends;
    }
    std::size_t count(std::string const& id, delivery_state state)
    {
        cuts.only_count();
        return store->deliveries({.webhook_id = id, .state = state})->size();
    }
    /// Calls `check(arrange)`, which is to call `arrange` before what may be cut: wherever the cut
    /// may fall.
    void wherever_it_falls(std::function<void(std::function<void()> const&)> const& check)
    {
        constexpr unsigned more_than_a_call_asks = 3;
        for (unsigned n = 1; n <= more_than_a_call_asks; ++n) {
            SCOPED_TRACE("request " + std::to_string(n));
            check([&] { cuts.before(n); });
            check([&] { cuts.after(n); });
            check([&] {  // a new connection first says what its session needs
                cuts.after(n);
                cuts.also_after(n + 2);
            });
        }
        cuts.only_count();
    }

    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_webhook_store> store;

private:
    int hooks_ = 0;
    std::int64_t last_place_ = 0;
};

TEST_F(postgres_cut_webhooks, are_removed_and_it_is_said)
{
    wherever_it_falls([&](auto const& arrange) {
        auto const id = given_dead(2);
        arrange();
        EXPECT_EQ(code_of(store->remove(id)), accepted);
        cuts.only_count();
        EXPECT_EQ(code_of(store->find(id)), errc::not_found);
        EXPECT_EQ(code_of(store->remove(id)), errc::not_found);
    });
}

TEST_F(postgres_cut_webhooks, that_are_not_there_are_not_removed)
{
    wherever_it_falls([&](auto const& arrange) {
        arrange();
        EXPECT_EQ(code_of(store->remove("none")), errc::not_found);
        cuts.only_count();
        arrange();
        EXPECT_EQ(code_of(store->redeliver("none", {}, noon)), errc::not_found);
        cuts.only_count();
    });
}

TEST_F(postgres_cut_webhooks, tell_how_many_are_sent_again)
{
    wherever_it_falls([&](auto const& arrange) {
        auto const id = given_dead(3);
        auto const first = store->deliveries({.webhook_id = id})->at(0).position;
        arrange();
        EXPECT_EQ(store->redeliver(id, std::vector{first, log_position{999'999}}, noon).value(),
                  1U);
        EXPECT_EQ(count(id, delivery_state::pending), 1U);
        EXPECT_EQ(count(id, delivery_state::dead), 2U);
        arrange();
        EXPECT_EQ(store->redeliver(id, {}, noon).value(), 2U);
        EXPECT_EQ(count(id, delivery_state::pending), 3U);
        EXPECT_EQ(store->redeliver(id, {}, noon).value(), 0U);
    });
}

TEST_F(postgres_cut_webhooks, end_attempts_once)
{
    wherever_it_falls([&](auto const& arrange) {
        auto const id = given(3);
        auto const begun = claim(id);
        ASSERT_EQ(begun.size(), 3U);
        auto ends = ends_of(begun, kind::failed);
        ends[0].how = kind::arrived;
        ends[1].how = kind::failed_for_good;
        ends[2].due_since = noon + 5s;
        arrange();
        EXPECT_EQ(code_of(store->end_attempts(ends, noon)), accepted);
        EXPECT_EQ(count(id, delivery_state::dead), 1U);
        EXPECT_EQ(count(id, delivery_state::pending), 1U);
        auto const again = claim(id, noon + 10s);
        ASSERT_EQ(again.size(), 1U);
        EXPECT_EQ(again[0].attempts, 2);
        EXPECT_EQ(again[0].due_since, noon + 5s);
    });
}

TEST_F(postgres_cut_webhooks, forget_no_more_than_they_should)
{
    wherever_it_falls([&](auto const& arrange) {
        auto const id = given_dead(2);
        auto const later = given(1);
        arrange();
        EXPECT_EQ(code_of(store->forget_dead(noon + 1s, 100)), accepted);
        EXPECT_EQ(count(id, delivery_state::dead), 0U);
        EXPECT_EQ(count(later, delivery_state::pending), 1U);
    });
}

}  // namespace
}  // namespace aircargo::test
