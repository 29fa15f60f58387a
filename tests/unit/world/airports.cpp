#include "support/builders.hpp"
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/time_zones.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <set>
#include <string>

namespace aircargo::test {
namespace {

TEST(airports, are_thousands) { EXPECT_GT(all_airports().size(), 7000U); }

TEST(airports, are_sorted_and_stand_once)
{
    auto const all = all_airports();
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                               [](auto const& a, auto const& b) { return a.code < b.code; }));
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end(),
                                 [](auto const& a, auto const& b) { return a.code == b.code; }),
              all.end());
}

TEST(airports, are_found_by_code)
{
    for (auto const& a : all_airports()) ASSERT_EQ(find_airport(a.code), &a);
    EXPECT_EQ(find_airport(airport("ZZZ")), nullptr);
}

TEST(airports, hold_what_people_know)
{
    auto const* const del = find_airport(airport("DEL"));
    ASSERT_NE(del, nullptr);
    EXPECT_NE(del->name.find("Indira Gandhi"), std::string::npos);
    EXPECT_EQ(del->country, "IN");
    EXPECT_EQ(del->zone, "Asia/Kolkata");
    EXPECT_NEAR(del->latitude, 28.57, 0.1);
    EXPECT_NEAR(del->longitude, 77.1, 0.1);

    auto const* const blr = find_airport(airport("BLR"));
    ASSERT_NE(blr, nullptr);
    EXPECT_EQ(blr->zone, "Asia/Kolkata");
    EXPECT_NEAR(blr->latitude, 13.2, 0.1);
    for (char const* code : {"BOM", "FRA", "LHR", "JFK", "ORD", "LAX", "DXB", "DOH", "HKG", "SIN",
                             "GRU", "NBO", "SYD", "AKL", "ANC", "MEM", "LEJ", "SDF"}) {
        EXPECT_NE(find_airport(airport(code)), nullptr) << code;
    }
}

TEST(airports, lie_on_the_earth)
{
    for (auto const& a : all_airports()) {
        EXPECT_LE(std::abs(a.latitude), 90) << a.code.str();
        EXPECT_LE(std::abs(a.longitude), 180) << a.code.str();
        EXPECT_FALSE(a.latitude == 0 && a.longitude == 0) << a.code.str();
        EXPECT_FALSE(a.name.empty()) << a.code.str();
        EXPECT_EQ(a.country.size(), 2U) << a.code.str();
    }
}

TEST(airports, have_zones_that_this_system_knows)
{
    std::set<std::string> zones;
    for (auto const& a : all_airports()) zones.insert(a.zone);
    for (auto const& zone : zones)
        EXPECT_EQ(code_of(local_day(day("2025-12-01"), zone)), accepted) << zone;
    EXPECT_GT(zones.size(), 200U);
}

}  // namespace
}  // namespace aircargo::test
