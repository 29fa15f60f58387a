#include "support/builders.hpp"
#include <aircargo/world/time_zones.hpp>
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// `2025-03-29T23:00:00Z 23h 24h`: when the day starts, how long it and the next are.
std::string local(std::string_view asked, std::string_view zone)
{
    auto const w = local_day(day(asked), zone).value();
    auto const length = [](std::chrono::seconds s) {
        auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(s).count();
        return std::to_string(minutes / 60) + "h" +
               (minutes % 60 == 0 ? "" : std::to_string(minutes % 60));
    };
    return to_string(w.start) + ' ' + length(w.end - w.start) + ' ' + length(w.next_end - w.end);
}

struct local_day_case {
    char const* what;
    char const* asked;
    char const* zone;
    char const* window;
};

class a_local_day : public ::testing::TestWithParam<local_day_case> {};

TEST_P(a_local_day, starts_and_ends_at_local_midnight)
{
    EXPECT_EQ(local(GetParam().asked, GetParam().zone), GetParam().window) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    time_zones, a_local_day,
    ::testing::Values(local_day_case{"half an hour off", "2025-12-01", "Asia/Kolkata",
                                     "2025-11-30T18:30:00Z 24h 24h"},
                      local_day_case{"east of all", "2025-12-01", "Pacific/Kiritimati",
                                     "2025-11-30T10:00:00Z 24h 24h"},
                      local_day_case{"no zone at all", "2025-12-01", "Etc/UTC",
                                     "2025-12-01T00:00:00Z 24h 24h"},
                      local_day_case{"clocks go forward", "2025-03-30", "Europe/Berlin",
                                     "2025-03-29T23:00:00Z 23h 24h"},
                      local_day_case{"and did so the day after", "2025-03-29", "Europe/Berlin",
                                     "2025-03-28T23:00:00Z 24h 23h"},
                      local_day_case{"clocks go back", "2025-10-26", "Europe/Berlin",
                                     "2025-10-25T22:00:00Z 25h 24h"},
                      local_day_case{"in America", "2008-11-02", "America/Chicago",
                                     "2008-11-02T05:00:00Z 25h 24h"},
                      local_day_case{"by half an hour", "2025-04-06", "Australia/Lord_Howe",
                                     "2025-04-05T13:00:00Z 24h30 24h"},
                      local_day_case{"midnight is skipped", "2018-11-04", "America/Sao_Paulo",
                                     "2018-11-04T03:00:00Z 23h 24h"},
                      local_day_case{"the hour before midnight comes twice", "2018-02-17",
                                     "America/Sao_Paulo", "2018-02-17T02:00:00Z 25h 24h"},
                      local_day_case{"midnight comes twice", "2024-11-03", "America/Havana",
                                     "2024-11-03T04:00:00Z 25h 24h"},
                      local_day_case{"the next midnight is skipped", "2024-03-30", "Asia/Beirut",
                                     "2024-03-29T22:00:00Z 24h 23h"},
                      local_day_case{"a day that never was", "2011-12-30", "Pacific/Apia",
                                     "2011-12-30T10:00:00Z 0h 24h"}));

TEST(local_day, of_an_unknown_zone_is_refused)
{
    for (char const* zone :
         {"", "Mars/Olympus", "Europe/berlin ", "../../etc/passwd", "Asia/Kolkata\n"}) {
        EXPECT_EQ(code_of(local_day(day("2025-12-01"), zone)), errc::invalid_time) << zone;
    }
    EXPECT_EQ(code_of(local_day(day("2025-12-01"), std::string("Asia/Kolkata\0", 13))),
              errc::invalid_time);
}

TEST(local_day, follows_on_the_day_before)
{
    for (char const* zone : {"Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Pacific/Apia",
                             "Asia/Beirut", "Asia/Kolkata"}) {
        auto const first = std::chrono::sys_days(day("2010-01-01"));
        for (int i = 0; i < 4000; ++i) {
            auto const today = local_day(date(first + std::chrono::days(i)), zone).value();
            auto const tomorrow = local_day(date(first + std::chrono::days(i + 1)), zone).value();
            ASSERT_EQ(today.end, tomorrow.start) << zone << " day " << i;
            ASSERT_EQ(today.next_end, tomorrow.end) << zone << " day " << i;
            ASSERT_LE(today.start, today.end);
        }
    }
}

TEST(utc_day, has_24_hours)
{
    auto const w = utc_day(day("2024-02-29"));
    EXPECT_EQ(w.start, at("2024-02-29T00:00"));
    EXPECT_EQ(w.end, at("2024-03-01T00:00"));
    EXPECT_EQ(w.next_end, at("2024-03-02T00:00"));
}

TEST(day_at, is_the_day_of_the_origin)
{
    EXPECT_EQ(day_at(airport("DEL"), day("2025-12-01"))->start, at("2025-11-30T18:30"));
    EXPECT_EQ(day_at(airport("FRA"), day("2025-03-30"))->end, at("2025-03-30T22:00"));
}

TEST(day_at, is_the_utc_day_of_a_place_that_nobody_knows)
{
    EXPECT_EQ(day_at(airport("ZZZ"), day("2025-12-01"))->start, at("2025-12-01T00:00"));
}

utc_time shown(std::string_view asked, std::chrono::minutes clock, std::string_view zone)
{
    return at_local_clock(day(asked), clock, zone).value();
}

TEST(at_local_clock, is_when_the_clock_shows_it)
{
    EXPECT_EQ(shown("2025-12-01", 6h, "Asia/Kolkata"), at("2025-12-01T00:30"));
    EXPECT_EQ(shown("2025-12-01", 0h, "Asia/Kolkata"), at("2025-11-30T18:30"));
    EXPECT_EQ(shown("2025-12-01", 23h + 59min, "America/Los_Angeles"), at("2025-12-02T07:59"));
}

TEST(at_local_clock, moves_on_over_a_gap)
{
    EXPECT_EQ(shown("2025-03-30", 1h + 59min, "Europe/Berlin"), at("2025-03-30T00:59"));
    EXPECT_EQ(shown("2025-03-30", 2h, "Europe/Berlin"), at("2025-03-30T01:00"));
    EXPECT_EQ(shown("2025-03-30", 2h + 30min, "Europe/Berlin"), at("2025-03-30T01:00"));
    EXPECT_EQ(shown("2025-03-30", 3h, "Europe/Berlin"), at("2025-03-30T01:00"));
}

TEST(at_local_clock, means_the_first_of_two)
{
    EXPECT_EQ(shown("2025-10-26", 2h + 30min, "Europe/Berlin"), at("2025-10-26T00:30"));
    EXPECT_EQ(shown("2025-10-26", 3h, "Europe/Berlin"), at("2025-10-26T02:00"));
}

TEST(at_local_clock, of_an_unknown_zone_is_refused)
{
    EXPECT_EQ(code_of(at_local_clock(day("2025-12-01"), 6h, "Mars/Olympus")), errc::invalid_time);
}

}  // namespace
}  // namespace aircargo::test
