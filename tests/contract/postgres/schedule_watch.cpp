#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

/// The version of the schedule, as one program hears of what another one does.
class postgres_schedule_watch : public postgres_behind_proxy {
protected:
    void SetUp() override
    {
        postgres_behind_proxy::SetUp();
        if (!proxy) return;
        database = open_quiet();
        here = make_flight_store<postgres_flight_store>(database);
        there = make_flight_store<postgres_flight_store>(
            postgres_database::open(prepared->owner_url, {.connections = 1}).value());
        ASSERT_TRUE(eventually([this] { return sessions(listens) == 1; }));
        cuts.only_count();
    }
    /// Another program changes the schedule. \return the version after that
    std::uint64_t changed()
    {
        auto flights = via_bombay();
        flights[0].airline_name = "Airline number " + std::to_string(++changes);
        (void)there->upsert(flights).value();
        return there->version().value();
    }
    [[nodiscard]] bool hears(std::uint64_t version)
    {
        return eventually([&] { return here->version().value() == version; });
    }

    int changes = 0;
    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_flight_store> here;
    std::unique_ptr<any_flight_store> there;
};

TEST_F(postgres_schedule_watch, hears_of_changes_without_asking)
{
    auto const before = here->version().value();
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(here->version().value(), before);
    EXPECT_EQ(cuts.requests(), 0U);
    for (int i = 0; i < 3; ++i) {
        auto const version = changed();
        EXPECT_GT(version, before);
        EXPECT_TRUE(hears(version));
    }
}

TEST_F(postgres_schedule_watch, hears_again_after_its_connection_was_ended)
{
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(terminate(listens), 1);
        EXPECT_TRUE(hears(changed()));
        ASSERT_TRUE(eventually([this] { return sessions(listens) == 1; }));
        EXPECT_TRUE(hears(changed()));
    }
}

TEST_F(postgres_schedule_watch, asks_while_it_can_not_hear)
{
    (void)here->load({}).value();  // the pool has a connection, which stays
    proxy->refuse(true);
    ASSERT_EQ(terminate(listens), 1);
    auto const version = changed();
    EXPECT_TRUE(hears(version));
    cuts.only_count();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(here->version().value(), changed());
    EXPECT_GE(cuts.requests(), 3U);

    proxy->refuse(false);
    ASSERT_TRUE(eventually([this] { return sessions(listens) == 1; }));
    EXPECT_TRUE(hears(changed()));
    EXPECT_TRUE(eventually([this] {
        cuts.only_count();
        (void)here->version().value();
        return cuts.requests() == 0;
    }));
}

TEST_F(postgres_schedule_watch, ends_quickly_whatever_it_waits_for)
{
    auto const started = std::chrono::steady_clock::now();
    here.reset();
    database.reset();  // listens, and would for half a minute
    {
        auto const asks = open_quiet();
    }
    proxy->refuse(true);
    EXPECT_EQ(code_of(postgres_database::open(url_through_proxy())), errc::backend_down);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(10));
}

TEST_F(postgres_schedule_watch, takes_no_version_from_strangers)
{
    auto const before = here->version().value();
    for (auto const& payload : {"", "nonsense", "-5", "99999999999999999999999999"})
        owner->run(std::string("SELECT pg_notify('aircargo_schedule', '") + payload + "')");
    auto const version = changed();
    EXPECT_TRUE(hears(version));
    EXPECT_EQ(version, before + 1);
}

}  // namespace
}  // namespace aircargo::test
