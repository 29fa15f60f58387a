#include "support/builders.hpp"
#include <aircargo/routing/flight_check.hpp>
#include <gtest/gtest.h>

namespace aircargo::test {
namespace {

struct aircargo::airport const delhi{airport("DEL"), "Indira Gandhi", "Delhi",       "IN",
                                     28.5665,        77.1031,         "Asia/Kolkata"};
struct aircargo::airport const bengaluru{airport("BLR"), "Kempegowda", "Bengaluru",   "IN",
                                         13.1979,        77.7063,      "Asia/Kolkata"};
struct aircargo::airport const auckland{airport("AKL"), "Auckland", "Auckland",        "NZ",
                                        -37.0082,       174.785,    "Pacific/Auckland"};
struct aircargo::airport const honolulu{airport("HNL"), "Inouye",  "Honolulu",        "US",
                                        21.3187,        -157.9225, "Pacific/Honolulu"};

struct aircargo::airport const* known(airport_code code)
{
    for (auto const* a : {&delhi, &bengaluru, &auckland, &honolulu}) {
        if (a->code == code) return a;
    }
    return nullptr;
}

TEST(great_circle, is_as_long_as_the_map_says)
{
    EXPECT_NEAR(great_circle_km(delhi, bengaluru), 1710, 10);
    EXPECT_NEAR(great_circle_km(auckland, honolulu), 7086, 40) << "over the date line";
    EXPECT_EQ(great_circle_km(delhi, delhi), 0);
}

TEST(flight_check, passes_a_flight_that_can_be_true)
{
    EXPECT_EQ(fault_of(a_flight("AI101 DEL 2025-12-01T06:00 BLR 08:40"), known), std::nullopt);
}

TEST(flight_check, finds_an_arrival_that_is_not_after_the_departure)
{
    EXPECT_EQ(fault_of(a_flight("AI101 DEL 2025-12-01T06:00 BLR 06:00")),
              flight_fault::arrival_not_after_departure);
}

TEST(flight_check, finds_a_flight_to_where_it_came_from)
{
    EXPECT_EQ(fault_of(a_flight("AI101 DEL 2025-12-01T06:00 DEL 08:00")),
              flight_fault::same_airport);
}

TEST(flight_check, allows_two_days_and_not_a_second_more)
{
    auto f = a_flight("AI101 DEL 2025-12-01T06:00 BLR 08:00");
    f.arrival = f.departure + std::chrono::hours(48);
    EXPECT_EQ(fault_of(f, known), std::nullopt);
    f.arrival += std::chrono::seconds(1);
    EXPECT_EQ(fault_of(f, known), flight_fault::longer_than_two_days);
}

TEST(flight_check, finds_a_flight_faster_than_1200_km_an_hour)
{
    auto f = a_flight("AI101 DEL 2025-12-01T06:00 BLR 08:00");
    f.arrival = f.departure + std::chrono::minutes(86);  // 1,193 km/h
    EXPECT_EQ(fault_of(f, known), std::nullopt);
    f.arrival = f.departure + std::chrono::minutes(85);  // 1,207 km/h
    EXPECT_EQ(fault_of(f, known), flight_fault::faster_than_sound);
    EXPECT_EQ(fault_of(f), std::nullopt) << "nobody said where the airports are";
}

TEST(flight_check, finds_an_airport_that_nobody_knows)
{
    EXPECT_EQ(fault_of(a_flight("AI101 DEL 2025-12-01T06:00 ZZZ 08:00"), known),
              flight_fault::unknown_airport);
}

}  // namespace
}  // namespace aircargo::test
