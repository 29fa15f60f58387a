#include "support/schedule_text.hpp"
#include <aircargo/service/route_service.hpp>
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <thread>

namespace aircargo::test {
namespace {

/// A flight store that can be told to fail.
class fallible_flights final : public any_flight_store {
public:
    bool down = false;

    result<std::vector<flight>> upsert(std::span<flight const> f) override
    {
        return inner_.upsert(f);
    }
    result<std::vector<flight>> load(flight_window window) override
    {
        if (down) return refuse(errc::backend_down, "told to");
        return inner_.load(window);
    }
    std::vector<result<flight>> find(std::span<flight_id const> ids) override
    {
        return inner_.find(ids);
    }
    result<std::uint64_t> version() override { return inner_.version(); }

private:
    memory_flight_store inner_;
};

class route_services : public ::testing::Test {
protected:
    fallible_flights flights;
    route_service routes{flights};

    void given(std::string const& text) { (void)flights.upsert(flights_from_text(text)).value(); }
    std::string found() { return to_text(routes.search(query("DEL", "BLR", "2025-12-01")).answer); }
};

TEST_F(route_services, find_nothing_before_the_first_load)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    EXPECT_EQ(found(), "");
    EXPECT_EQ(routes.search(query("DEL", "BLR", "2025-12-01")).answer.reason,
              no_route::unknown_airport);
}

TEST_F(route_services, take_flights_in_when_they_have_moved)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
    EXPECT_FALSE(routes.refresh().value()) << "nothing moved";

    given("AI505 DEL 2025-12-01T06:00 BLR 09:00\n");
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 3h00m\n");
}

TEST_F(route_services, take_an_empty_schedule_for_a_schedule)
{
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_FALSE(routes.refresh().value());
}

TEST_F(route_services, keep_the_old_flights_while_the_store_is_down)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    (void)routes.refresh();
    given("AI507 DEL 2025-12-01T07:00 BLR 09:50\n");
    flights.down = true;
    EXPECT_EQ(code_of(routes.refresh()), errc::backend_down);
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
    flights.down = false;
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\nAI507 DEL-BLR: 2h50m\n");
}

TEST_F(route_services, are_not_misled_by_years_that_are_typing_errors)
{
    given(
        "AI501 DEL 1008-12-01T06:00 BLR 08:50\n"
        "AI505 DEL 2025-12-01T06:00 BLR 08:50\n"
        "AI507 DEL 9025-12-01T06:00 BLR 08:50\n");
    EXPECT_TRUE(routes.refresh().value());
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
}

TEST_F(route_services, set_flights_aside_that_can_not_be_true)
{
    given(
        "AI505 DEL 2025-12-01T06:00 BLR 08:50\n"
        "AI507 DEL 2025-12-01T06:00 BLR 2025-12-04T08:50\n");
    (void)routes.refresh();
    EXPECT_EQ(found(), "AI505 DEL-BLR: 2h50m\n");
    ASSERT_EQ(routes.set_aside().size(), 1U);
    EXPECT_EQ(routes.set_aside().front().what.number, number("AI507"));
    EXPECT_EQ(routes.set_aside().front().fault, flight_fault::longer_than_two_days);
}

TEST_F(route_services, let_an_answer_outlive_its_schedule)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    (void)routes.refresh();
    auto const answer = routes.search(query("DEL", "BLR", "2025-12-01"));
    given("AI507 DEL 2025-12-01T07:00 BLR 09:50\n");
    (void)routes.refresh();
    EXPECT_EQ(to_text(answer.answer), "AI505 DEL-BLR: 2h50m\n");
}

TEST_F(route_services, answer_while_the_schedule_is_swapped)
{
    given("AI505 DEL 2025-12-01T06:00 BLR 08:50\n");
    (void)routes.refresh();
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            std::size_t seen = 1;
            do {
                auto const now =
                    routes.search(query("DEL", "BLR", "2025-12-01")).answer.direct_total;
                if (now < seen) ++wrong;
                seen = now;
            } while (!done);
        });
    }
    for (int i = 0; i < 50; ++i) {
        given("AI" + std::to_string(1000 + i) + " DEL 2025-12-01T07:00 BLR 09:50\n");
        EXPECT_TRUE(routes.refresh().value());
    }
    done = true;
    for (auto& r : readers) r.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(routes.snapshot()->size(), 51U);
}

}  // namespace
}  // namespace aircargo::test
