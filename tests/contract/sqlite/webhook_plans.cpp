#include "support/sqlite_words.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using kind = attempt_end::kind;

/// What SQLite does for webhooks, however many deliveries there are.
class sqlite_webhooks : public ::testing::Test {
protected:
    heard_statements heard;
    sqlite_stores stores;
    any_webhook_store& store = *stores.webhooks;
    utc_time now = noon;

    sqlite_webhooks()
    {
        store.add({.id = "a", .url = "https://a", .secret = "s", .created_at = noon}).value();
    }
    /// Deliveries to `a`: so many bookings from this number on, so many events of each.
    void given(int from, int bookings, int events = 1)
    {
        std::vector<new_delivery> added;
        for (int b = from; b < from + bookings; ++b) {
            auto const ref = a_ref("ACB" + std::to_string(b));
            for (int seq = 1; seq <= events; ++seq)
                added.push_back({"a", log_position{++last_place_}, ref, seq});
        }
        auto const at = store.cursor().value();
        ASSERT_TRUE(store.pass_on(at, log_position{last_place_}, added, now).value());
    }
    std::vector<webhook_delivery> claim(std::size_t limit)
    {
        std::vector const wishes{claim_wish{"a", limit}};
        return store.claim(wishes, now, 1h).value();
    }
    void end(std::vector<webhook_delivery> const& all, kind how)
    {
        std::vector<attempt_end> ends;
        for (auto const& d : all)
            ends.push_back({d.webhook_id, d.position, d.ref, d.attempts, how, "500", now + 10h});
        store.end_attempts(ends, now).value();
    }

    struct cost {
        int work = 0;  ///< steps of SQLite's machine
        std::chrono::duration<double, std::micro> took{};
    };
    /// Of a claim of ten deliveries that came last.
    cost cost_of_a_claim()
    {
        given(next_booking_, 10);
        next_booking_ += 10;
        (void)heard.take("");
        auto const began = std::chrono::steady_clock::now();
        auto const got = claim(10);
        cost c{0, std::chrono::steady_clock::now() - began};
        EXPECT_EQ(got.size(), 10U);
        for (auto const& s : heard.take("webhook")) c.work += s.work;
        end(got, kind::arrived);
        return c;
    }
    /// With 100,000 deliveries that `prepare` leaves behind, beside a store without them.
    template <class Prepare>
    void expect_the_same_cost_with_many(std::string const& what, Prepare prepare)
    {
        auto const cheapest = [&] {
            std::vector<cost> some;
            for (int i = 0; i < 20; ++i) some.push_back(cost_of_a_claim());
            cost least = some.front();
            for (auto const& c : some) {
                least.work = std::min(least.work, c.work);
                least.took = std::min(least.took, c.took);
            }
            return least;
        };
        auto const alone = cheapest();
        prepare();
        auto const among_many = cheapest();
        std::cout << what << ": a claim takes " << among_many.work << " steps and "
                  << among_many.took.count() << " us, alone " << alone.work << " and "
                  << alone.took.count() << " us, ratio " << among_many.took / alone.took << '\n';
        EXPECT_LE(among_many.work, alone.work + alone.work / 10);
        EXPECT_LT(among_many.took, 50 * alone.took)
            << "looking at all would take hundreds of times";
    }

    static constexpr int many = 100'000;

private:
    std::int64_t last_place_ = 0;
    int next_booking_ = 900'000;
};

TEST_F(sqlite_webhooks, are_looked_up_by_an_index)
{
    (void)heard.take("");
    given(10'000, 3, 2);
    auto const got = claim(3);
    end({got[0]}, kind::arrived);
    end({got[1]}, kind::failed);
    end({got[2]}, kind::failed_for_good);
    EXPECT_EQ(store.deliveries({.webhook_id = "a"})->size(), 1U);
    EXPECT_EQ(store.deliveries({.webhook_id = "a", .state = delivery_state::pending})->size(), 4U);
    EXPECT_EQ(store.forget_dead(noon - 1h, 9).value(), 0U);
    EXPECT_EQ(store.redeliver("a", {}, noon).value(), 1U);
    store.remove("a").value();
    auto const statements = heard.take("webhook_deliveries");
    EXPECT_GT(statements.size(), 10U);
    for (auto const& s : statements) {
        for (auto const& step : plan_of(stores.folder / "aircargo.db", s.sql)) {
            EXPECT_EQ(step.find("TEMP B-TREE"), step.npos) << step << '\n' << s.sql;
            EXPECT_EQ(step.find("SCAN webhook_deliveries"), step.npos) << step << '\n' << s.sql;
            bool const all_of_the_webhook = step.ends_with("(webhook_id=?)");
            bool const wants_all =
                s.sql.starts_with("DELETE FROM webhook_deliveries WHERE webhook_id = ?") ||
                s.sql.find("AND dead = 1 ORDER BY") != s.sql.npos;
            EXPECT_TRUE(wants_all || !all_of_the_webhook) << step << '\n' << s.sql;
        }
    }
}

TEST_F(sqlite_webhooks, are_claimed_in_the_order_of_an_index)
{
    (void)heard.take("");
    (void)claim(1);
    auto const claims = heard.take("ORDER BY next_attempt_at");
    ASSERT_EQ(claims.size(), 1U);
    auto const plan = plan_of(stores.folder / "aircargo.db", claims.front().sql);
    ASSERT_EQ(plan.size(), 1U);
    EXPECT_NE(
        plan.front().find("INDEX webhook_deliveries_by_time (webhook_id=? AND next_attempt_at<?"),
        plan.front().npos)
        << plan.front();
}

TEST_F(sqlite_webhooks, cost_the_same_however_many_wait_for_earlier_ones)
{
    expect_the_same_cost_with_many("waiting", [&] {
        given(10'000, 10, many / 10);
        EXPECT_EQ(claim(100).size(), 10U);
        EXPECT_EQ(claim(100).size(), 0U) << "the others wait";
    });
}

TEST_F(sqlite_webhooks, cost_the_same_however_many_failed)
{
    expect_the_same_cost_with_many("failed", [&] {
        given(10'000, many);
        end(claim(many), kind::failed);
    });
}

TEST_F(sqlite_webhooks, cost_the_same_however_many_are_dead)
{
    expect_the_same_cost_with_many("dead", [&] {
        given(10'000, many);
        end(claim(many), kind::failed_for_good);
    });
}

TEST_F(sqlite_webhooks, cost_the_same_however_many_are_due)
{
    expect_the_same_cost_with_many("due", [&] { given(10'000, many); });
}

}  // namespace
}  // namespace aircargo::test
