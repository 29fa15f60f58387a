#include "support/random_schedule.hpp"
#include "support/schedule_text.hpp"
#include <aircargo/routing/schedule.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <vector>

namespace aircargo::test {
namespace {

std::vector<flight> by_id(std::vector<flight> flights)
{
    std::sort(flights.begin(), flights.end(),
              [](auto const& a, auto const& b) { return a.id < b.id; });
    return flights;
}

std::vector<flight> const two = flights_from_text(
    "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
    "AI2 DEL 2025-12-01T07:00 BOM 09:00\n");

template <class... Change>
result<schedule> changed(Change... change)
{
    return schedule(two).with(std::vector<flight_change>{change...});
}

flight new_flight(std::string_view text)
{
    auto f = a_flight(std::string(text));
    f.id = flight_id(77);
    return f;
}

TEST(flight_change, adds_a_flight_to_a_lane)
{
    auto const added = new_flight("LH9 DEL 2025-12-01T05:00 BLR 08:00");
    auto const s = changed(add_flight(added)).value();
    EXPECT_EQ(by_id(s.flights()), (std::vector{two[0], two[1], added}));
    EXPECT_EQ(s.size(), 3U);
}

TEST(flight_change, adds_a_lane_and_airports_that_were_not_there)
{
    auto const added = new_flight("LH9 FRA 2025-12-05T05:00 JFK 12:00");
    auto const s = changed(add_flight(added)).value();
    EXPECT_EQ(by_id(s.flights()), (std::vector{two[0], two[1], added}));
    EXPECT_EQ(to_text(search(s, query("FRA", "JFK", "2025-12-05"))), "LH9 FRA-JFK: 7h00m\n");
    EXPECT_EQ(s.horizon()->second, added.departure);
}

TEST(flight_change, cancels_and_retimes)
{
    auto later = two[1];
    later.departure += std::chrono::hours(3);
    later.arrival += std::chrono::hours(4);
    auto const s =
        changed(cancel_flight(two[0]), retime_flight(two[1], later.departure, later.arrival))
            .value();
    EXPECT_EQ(s.flights(), std::vector{later});
}

TEST(flight_change, leaves_the_schedule_before_it_as_it_was)
{
    schedule const before(two);
    auto const after = before.with(std::vector{cancel_flight(two[0])}).value();
    EXPECT_EQ(by_id(before.flights()), two);
    EXPECT_EQ(after.size(), 1U);
}

TEST(flight_change, is_refused_for_a_flight_that_is_not_there)
{
    auto unknown = two[0];
    unknown.id = flight_id(99);
    EXPECT_EQ(changed(cancel_flight(unknown)).error().code, errc::not_found);
    EXPECT_EQ(changed(retime_flight(unknown, unknown.departure, unknown.arrival)).error().code,
              errc::not_found);
}

TEST(flight_change, is_refused_for_a_flight_that_is_there_already)
{
    EXPECT_EQ(changed(add_flight(two[0])).error().code, errc::already_exists);
}

TEST(flight_change, is_refused_for_what_can_not_be_true)
{
    EXPECT_EQ(changed(retime_flight(two[0], two[0].arrival, two[0].departure)).error().code,
              errc::invalid_request);
    EXPECT_EQ(changed(add_flight(new_flight("LH9 FRA 2025-11-05T05:00 JFK 12:00"))).error().code,
              errc::invalid_request)
        << "before the schedule's time";
}

TEST(flight_change, happens_with_all_others_or_not_at_all)
{
    schedule const before(two);
    auto unknown = two[1];
    unknown.id = flight_id(99);
    auto const after = before.with(std::vector{cancel_flight(two[0]), cancel_flight(unknown)});
    EXPECT_TRUE(after.has_error());
    EXPECT_EQ(by_id(before.flights()), two);
}

TEST(flight_change, leads_where_a_schedule_built_anew_leads)
{
    random_source random(printed_seed());
    for (int i = 0; i < 200; ++i) {
        auto const asked = one_of(random, random_days);
        auto flights = random_flights(random, asked);
        if (flights.empty()) continue;
        schedule s(flights);
        for (int k = 0; k < 20 && !flights.empty(); ++k) {
            auto const at =
                static_cast<std::size_t>(between(random, 0, static_cast<int>(flights.size()) - 1));
            auto& f = flights[at];
            auto const what = between(random, 0, 2);
            if (what == 0) {
                auto const delay = std::chrono::minutes(between(random, 0, 3000));
                f.departure += delay;
                f.arrival += delay;
                s = s.with(std::vector{retime_flight(f, f.departure, f.arrival)}).value();
            } else if (what == 1) {
                s = s.with(std::vector{cancel_flight(f)}).value();
                flights.erase(flights.begin() + static_cast<std::ptrdiff_t>(at));
            } else {
                auto added = f;
                added.id = flight_id(1000 + k);
                if (chance(random, 0.2)) std::swap(added.origin, added.destination);
                if (chance(random, 0.2) && added.destination != airport("NEW")) {
                    added.origin = airport("NEW");
                }
                s = s.with(std::vector{add_flight(added)}).value();
                flights.push_back(added);
            }
        }
        ASSERT_EQ(by_id(s.flights()), by_id(flights));
        schedule const anew(flights);
        for (int k = 0; k < 20; ++k) {
            auto const q = choosy_query(random, asked);
            ASSERT_EQ(to_text(search(s, q)), to_text(search(anew, q)));
        }
    }
}

}  // namespace
}  // namespace aircargo::test
