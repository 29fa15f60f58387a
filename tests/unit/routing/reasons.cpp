#include "support/schedule_text.hpp"
#include <aircargo/routing/search.hpp>
#include <gtest/gtest.h>
#include <set>
#include <string_view>

namespace aircargo::test {

inline void PrintTo(no_route reason, std::ostream* out) { *out << name_of(reason); }

namespace {

std::unique_ptr<schedule> two_days()
{
    return schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
        "AI204 BOM 2025-12-01T09:00 BLR 10:45\n"
        "AI300 BLR 2025-12-02T09:00 DEL 11:45\n");
}

std::optional<no_route> why_not(std::string_view from, std::string_view to, std::string_view asked)
{
    auto const s = two_days();
    return search(*s, query(from, to, asked)).reason;
}

TEST(no_route, is_not_said_where_there_is_one)
{
    EXPECT_EQ(why_not("DEL", "BOM", "2025-12-01"), std::nullopt);
}

TEST(no_route, from_an_airport_to_itself)
{
    EXPECT_EQ(why_not("DEL", "DEL", "2025-12-01"), no_route::same_airport);
    EXPECT_EQ(why_not("XXX", "XXX", "2025-12-01"), no_route::same_airport);
}

TEST(no_route, where_no_flight_goes)
{
    EXPECT_EQ(why_not("DEL", "XXX", "2025-12-01"), no_route::unknown_airport);
    EXPECT_EQ(why_not("XXX", "DEL", "2025-12-01"), no_route::unknown_airport);
}

TEST(no_route, beyond_the_schedule)
{
    EXPECT_EQ(why_not("DEL", "BLR", "2025-11-30"), no_route::outside_schedule);
    EXPECT_EQ(why_not("DEL", "BLR", "2025-12-03"), no_route::outside_schedule);
}

TEST(no_route, on_a_day_when_nothing_leaves)
{
    EXPECT_EQ(why_not("DEL", "BLR", "2025-12-02"), no_route::no_flight_that_day);
    EXPECT_EQ(why_not("BLR", "DEL", "2025-12-01"), no_route::no_flight_that_day);
}

TEST(no_route, where_flights_meet_for_too_short_a_time)
{
    EXPECT_EQ(why_not("DEL", "BLR", "2025-12-01"), no_route::connections_too_short);
}

TEST(no_route, where_nothing_leads_on_in_time)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
        "AI204 BOM 2025-12-01T08:00 BLR 10:45\n");
    EXPECT_EQ(search(*s, query("DEL", "BLR", "2025-12-01")).reason, no_route::no_connection);
}

TEST(no_route, where_only_more_stops_lead_there)
{
    auto const s = schedule_from_text(
        "AI101 DEL 2025-12-01T06:00 BOM 08:00\n"
        "AI204 BOM 2025-12-01T10:00 MAA 12:00\n"
        "AI300 MAA 2025-12-01T14:00 BLR 15:00\n");
    EXPECT_EQ(search(*s, query("DEL", "BLR", "2025-12-01")).reason, no_route::needs_more_stops);
}

TEST(no_route, where_the_filter_leaves_none)
{
    auto const s = two_days();
    auto asked = query("DEL", "BOM", "2025-12-01");
    asked.filter.airlines = {"LH"};
    EXPECT_EQ(search(*s, asked).reason, no_route::filtered_out);
    asked.filter = {};
    asked.filter.via = {airport("BLR")};
    EXPECT_EQ(search(*s, asked).reason, no_route::filtered_out);
}

TEST(no_route, where_the_only_way_has_a_stop_that_was_not_allowed)
{
    auto const s = two_days();
    auto asked = query("DEL", "BLR", "2025-12-01");
    asked.connection = connection_rule(std::chrono::minutes(50));
    EXPECT_EQ(search(*s, asked).reason, std::nullopt);
    asked.max_stops = 0;
    EXPECT_EQ(search(*s, asked).reason, no_route::needs_more_stops);
}

TEST(no_route, in_an_empty_schedule)
{
    EXPECT_EQ(search(schedule(), query("DEL", "BLR", "2025-12-01")).reason,
              no_route::unknown_airport);
}

TEST(no_route, is_not_said_for_a_page_behind_the_last_route)
{
    auto const s = two_days();
    auto asked = query("DEL", "BOM", "2025-12-01");
    asked.direct_after = itinerary_key(search(*s, asked).direct.front());

    auto const behind = search(*s, asked);

    EXPECT_TRUE(behind.direct.empty());
    EXPECT_EQ(behind.direct_total, 1U);
    EXPECT_EQ(behind.reason, std::nullopt);
}

TEST(no_route, has_a_name_of_its_own_for_each_reason)
{
    using enum no_route;
    std::set<std::string_view> names;
    for (auto reason : {unknown_airport, same_airport, outside_schedule, no_flight_that_day,
                        filtered_out, connections_too_short, needs_more_stops, no_connection}) {
        names.insert(name_of(reason));
    }
    EXPECT_EQ(names.size(), 8U);
    EXPECT_FALSE(names.contains("?"));
}

}  // namespace
}  // namespace aircargo::test
