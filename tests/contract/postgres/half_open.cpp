#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <future>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// A network that swallows everything, and connections that broke while nobody used them.
class postgres_half_open : public postgres_behind_proxy {
protected:
    void SetUp() override
    {
        postgres_behind_proxy::SetUp();
        if (!proxy) return;
        database = open_quiet({.connections = 4,
                               .connect_timeout = 2s,  // libpq's shortest
                               .answer_timeout = 1s,
                               .settle_timeout = 2s});
        store = make_booking_store<postgres_booking_store>(database);
        (void)apply_one(*store, creation_of(b)).value();
    }
    /// Opens all connections that the pool may have.
    void fill_pool()
    {
        somebody_else holder(prepared->owner_url);
        holder.run("BEGIN; LOCK TABLE bookings");
        std::vector<std::future<result<booking>>> readers;
        for (int i = 0; i < 4; ++i)
            readers.push_back(
                std::async(std::launch::async, [this] { return find_one(*store, b.terms.ref); }));
        EXPECT_TRUE(eventually([this] { return sessions("wait_event_type = 'Lock'") == 4; }));
        holder.run("COMMIT");
        for (auto& r : readers) EXPECT_EQ(r.get().value(), b);
        EXPECT_EQ(database->counts().open, 4U);
    }
    void expect_nobody_noticed()
    {
        EXPECT_EQ(find_one(*store, b.terms.ref).value(), b);
        EXPECT_EQ(code_of(apply_one(*store, depart(b))), accepted);
        EXPECT_EQ(database->counts().lost, 0U);
        EXPECT_EQ(database->counts().settled, 0U);
        EXPECT_EQ(history_of(*store, b.terms.ref)->size(), 2U);
    }

    booking b = a_booking("ACB10001");
    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_booking_store> store;
};

TEST_F(postgres_half_open, connection_is_given_up_by_a_reader_and_the_pool_recovers)
{
    proxy->stall(true);
    EXPECT_EQ(code_of(find_one(*store, b.terms.ref)), errc::backend_down);
    EXPECT_EQ(database->counts().lost, 1U);
    EXPECT_EQ(database->counts().failures, 0U) << "it was silent for long enough";
    proxy->stall(false);
    EXPECT_EQ(find_one(*store, b.terms.ref).value(), b);
}

TEST_F(postgres_half_open, connection_costs_one_of_the_readers_that_come_after_it_its_patience)
{
    fill_pool();
    proxy->stall(true);
    EXPECT_EQ(code_of(find_one(*store, b.terms.ref)), errc::backend_down);
    proxy->stall(false);  // what stood is gone with the first that was found broken
    EXPECT_EQ(database->counts().open, 0U);
    EXPECT_EQ(find_one(*store, b.terms.ref).value(), b);
    EXPECT_EQ(database->counts().lost, 1U);
}

TEST_F(postgres_half_open, connection_leaves_a_writer_in_the_dark)
{
    proxy->stall(true);
    EXPECT_EQ(code_of(apply_one(*store, depart(b))), errc::commit_unknown);
    EXPECT_EQ(database->counts().unsettled, 1U);
    proxy->stall(false);
    // What was held arrives now, after all: it is done once, whenever that is.
    ASSERT_TRUE(eventually([this] {
        auto const again = apply_one(*store, depart(b));
        return again.has_value() || code_of(again) == errc::stale_revision;
    }));
    EXPECT_TRUE(eventually([this] { return proxy->held() == 0; }));
    EXPECT_TRUE(eventually([this] { return sessions("state = 'active'") == 0; }));
    EXPECT_EQ(find_one(*store, b.terms.ref).value(), depart(b).after);
    EXPECT_EQ(history_of(*store, b.terms.ref)->size(), 2U);
}

TEST_F(postgres_half_open, connection_is_replaced_by_a_writer_when_the_network_is_there_again)
{
    auto const other = a_booking("ACB10002");
    std::vector const batch{depart(b), creation_of(other), depart(other), cancel(b)};
    proxy->stall(true);
    auto answers = std::async(std::launch::async, [&] { return store->apply(batch); });
    ASSERT_TRUE(eventually([this] { return database->counts().lost == 1; }));
    proxy->stall(false);  // now the first sending arrives, and the second beside it

    auto const known = answers.get();
    EXPECT_EQ(known[0].value(), depart(b).after);
    EXPECT_EQ(known[1].value(), other);
    EXPECT_EQ(known[2].value(), depart(other).after);
    EXPECT_EQ(code_of(known[3]), errc::stale_revision);
    EXPECT_EQ(database->counts().settled, 1U);
    EXPECT_EQ(history_of(*store, b.terms.ref)->size(), 2U);
    EXPECT_EQ(history_of(*store, other.terms.ref)->size(), 2U);
}

TEST_F(postgres_half_open, connections_that_were_reset_while_idle_cost_nobody_an_error)
{
    fill_pool();
    proxy->cut_all();
    expect_nobody_noticed();
}

TEST_F(postgres_half_open, connections_that_the_server_ended_while_idle_cost_nobody_an_error)
{
    fill_pool();
    // Past the proxy, since what the server says last must have come when the next caller looks.
    auto const direct = open({.connections = 4});
    EXPECT_EQ(postgres_booking_store(direct).list({}).value().total, 1U);
    EXPECT_GE(terminate(), 6);
    EXPECT_EQ(postgres_booking_store(direct).list({}).value().total, 1U);
    EXPECT_EQ(direct->counts().lost, 0U);
}

TEST_F(postgres_half_open, connections_all_ended_in_use_cost_no_reader_an_error)
{
    auto const patient = open({.connections = 4});
    auto const reads = [&] { return postgres_booking_store(patient).find({&b.terms.ref, 1})[0]; };
    somebody_else holder(prepared->owner_url);
    holder.run("BEGIN; LOCK TABLE bookings");
    std::vector<std::future<result<booking>>> readers;
    for (int i = 0; i < 4; ++i) readers.push_back(std::async(std::launch::async, reads));
    EXPECT_TRUE(eventually([this] { return sessions("wait_event_type = 'Lock'") == 4; }));
    EXPECT_EQ(terminate("wait_event_type = 'Lock'"), 4);
    holder.run("COMMIT");
    for (auto& r : readers) EXPECT_EQ(r.get().value(), b);
    EXPECT_EQ(patient->counts().lost, 4U);
}

TEST_F(postgres_half_open, leave_a_silent_replica_alone_for_a_while)
{
    auto const with_replica = postgres_database::open(
        prepared->url,
        {.connections = 1, .list_url = url_through_proxy(), .answer_timeout = 200ms});
    postgres_booking_store lists(with_replica.value());
    cuts.only_count();
    EXPECT_EQ(code_of(lists.list({})), accepted);
    EXPECT_GT(cuts.requests(), 0U) << "lists are read where they should be";

    proxy->stall(true);
    EXPECT_EQ(code_of(lists.list({})), accepted) << "from the store itself";
    cuts.only_count();
    auto const connections = proxy->connections();
    EXPECT_EQ(code_of(lists.list({})), accepted);
    EXPECT_EQ(cuts.requests(), 0U);
    EXPECT_EQ(proxy->connections(), connections);
}

TEST_F(postgres_half_open, lists_that_take_too_long_stay_with_the_replica)
{
    auto const with_replica = postgres_database::open(
        prepared->url, {.connections = 1, .list_url = url_through_proxy(), .lock_timeout = 50ms});
    postgres_booking_store lists(with_replica.value());
    somebody_else holder(prepared->owner_url);
    holder.run("BEGIN; LOCK TABLE bookings");
    EXPECT_EQ(code_of(lists.list({})), errc::timed_out);
    holder.run("COMMIT");

    cuts.only_count();
    EXPECT_EQ(code_of(lists.list({})), accepted);
    EXPECT_GT(cuts.requests(), 0U) << "it is there, and is asked again";
}

}  // namespace
}  // namespace aircargo::test
