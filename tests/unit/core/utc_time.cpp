#include "support/builders.hpp"
#include "support/utf8.hpp"
#include <aircargo/core/utc_time.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <array>
#include <cstdio>
#include <string>

namespace aircargo::test {
namespace {

/// The rules of the calendar as people say them, counted day by day; nothing of <chrono>.
class plain_calendar {
public:
    int year = 0, month = 1, day = 1;

    static bool leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }
    static int days_in(int y, int m)
    {
        constexpr std::array lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        return m == 2 && leap(y) ? 29 : lengths[static_cast<std::size_t>(m - 1)];
    }
    void next()
    {
        if (++day <= days_in(year, month)) return;
        day = 1;
        if (++month <= 12) return;
        month = 1;
        ++year;
    }
    [[nodiscard]] std::string str() const
    {
        std::array<char, 40> text{};
        std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year, month, day);
        return text.data();
    }
};

constexpr std::int64_t first_second_of_year_0 = -62'167'219'200;
constexpr std::int64_t end_of_year_9999 = 253'402'300'800;

TEST(utc_time, knows_every_day_of_ten_thousand_years)
{
    plain_calendar today;
    int wrong = 0;
    for (std::int64_t t = first_second_of_year_0; t < end_of_year_9999; t += 86'400, today.next()) {
        auto const text = today.str() + "T00:00:00Z";
        auto const read = parse_utc_time(text);
        if (!read || to_epoch(*read) != t || to_string(from_epoch(t)) != text) ++wrong;
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(today.year, 10'000);
}

TEST(utc_time, refuses_every_day_that_does_not_exist)
{
    int wrong = 0;
    for (int y : {1900, 1999, 2000, 2023, 2024, 2100}) {
        for (int m = 0; m <= 99; ++m) {
            for (int d = 0; d <= 99; ++d) {
                plain_calendar asked;
                asked.year = y;
                asked.month = m;
                asked.day = d;
                bool const exists =
                    m >= 1 && m <= 12 && d >= 1 && d <= plain_calendar::days_in(y, m);
                if (parse_date(asked.str()).has_value() != exists) ++wrong;
            }
        }
    }
    EXPECT_EQ(wrong, 0);
}

RC_GTEST_PROP(utc_time, reads_back_what_it_wrote, ())
{
    auto const seconds = *rc::gen::inRange(first_second_of_year_0, end_of_year_9999);
    RC_ASSERT(to_epoch(parse_utc_time(to_string(from_epoch(seconds))).value()) == seconds);
}

RC_GTEST_PROP(utc_time, takes_the_offset_off, ())
{
    auto const local = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000);
    auto const minutes = *rc::gen::inRange(0, 24 * 60);
    bool const west = *rc::gen::arbitrary<bool>();
    std::array<char, 16> offset{};
    std::snprintf(offset.data(), offset.size(), "%c%02d:%02d", west ? '-' : '+', minutes / 60,
                  minutes % 60);
    auto text = to_string(from_epoch(local));
    text.replace(19, 1, offset.data());

    auto const utc = to_epoch(parse_utc_time(text).value());

    RC_ASSERT(utc == (west ? local + minutes * 60 : local - minutes * 60));
}

class a_time : public ::testing::TestWithParam<std::pair<char const*, std::int64_t>> {};

TEST_P(a_time, is_read_to_the_second)
{
    EXPECT_EQ(to_epoch(parse_utc_time(GetParam().first).value()), GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(utc_time, a_time,
                         ::testing::Values(std::pair("1970-01-01T00:00:00Z", 0),
                                           std::pair("1969-12-31T23:59:59Z", -1),
                                           std::pair("2008-01-15T17:30:05Z", 1'200'418'205),
                                           std::pair("2024-02-29T12:00:00Z", 1'709'208'000),
                                           std::pair("2026-12-01t06:00:00z", 1'796'104'800),
                                           std::pair("2026-12-01T11:30:00+05:30", 1'796'104'800),
                                           std::pair("2026-11-30T20:00:00-10:00", 1'796'104'800),
                                           std::pair("2026-12-01T06:00:00-00:00", 1'796'104'800),
                                           std::pair("2038-01-19T03:14:08Z", 2'147'483'648)));

class not_a_time : public ::testing::TestWithParam<std::string> {};

TEST_P(not_a_time, is_refused_by_name)
{
    EXPECT_EQ(code_of(parse_utc_time(GetParam())), errc::invalid_time);
}

INSTANTIATE_TEST_SUITE_P(
    utc_time, not_a_time,
    ::testing::Values("", "2026-12-01", "2026-12-01T06:00:00", "2026-12-01T06:00Z",
                      "2026-12-01 06:00:00Z", "2026-12-01T06:00:00.5Z", "2026-12-01T06:00:00,5Z",
                      "2016-12-31T23:59:60Z",  // a leap second that there was
                      "2026-12-01T24:00:00Z", "2026-12-01T06:60:00Z", "2023-02-29T12:00:00Z",
                      "1900-02-29T12:00:00Z", "2026-04-31T12:00:00Z", "2026-00-01T12:00:00Z",
                      "2026-13-01T12:00:00Z", "2026-12-00T12:00:00Z", "26-12-01T06:00:00Z",
                      "+2026-12-01T06:00:00Z", "-026-12-01T06:00:00Z", "12026-12-01T06:00:00Z",
                      "2026-12-1T06:00:00Z", "2026/12/01T06:00:00Z", "2026-12-01T6:00:00Z",
                      "2026-12-01T06.00.00Z", "2026-12-01T+6:00:00Z", "2026-12-01T06:-1:00Z",
                      "2026-12-01T06: 0:00Z"));

INSTANTIATE_TEST_SUITE_P(
    utc_time_with_a_bad_end, not_a_time,
    ::testing::Values("2026-12-01T06:00:00ZZ", "2026-12-01T06:00:00Z ", " 2026-12-01T06:00:00Z",
                      "2026-12-01T06:00:00+24:00", "2026-12-01T06:00:00+05:60",
                      "2026-12-01T06:00:00+0530", "2026-12-01T06:00:00+05",
                      "2026-12-01T06:00:00+5:30", "2026-12-01T06:00:00+05:30Z",
                      "2026-12-01T06:00:00 +05:30",
                      "2026-12-01T06:00:00\xE2\x88\x92"
                      "05:30",
                      "2026-12-01T06:00:00UTC", std::string("2026-12-01T06:00:00\0", 20),
                      std::string("2026-12-01T06:00:00Z\0", 21),
                      std::string("2026-12-01T06:0\0:00Z", 20), "２０２６-12-01T06:00:00Z",
                      "2026-12-01T06:00:00Z" + std::string(1 << 20, ' ')));

TEST(utc_time, reads_no_instant_that_it_can_not_write)
{
    for (char const* text : {"0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
        auto const read = parse_utc_time(text);
        if (read)
            EXPECT_EQ(parse_utc_time(to_string(*read)), read)
                << text << " became " << to_string(*read);
    }
}

TEST(utc_time, is_written_in_twenty_characters)
{
    EXPECT_EQ(to_string(from_epoch(first_second_of_year_0)), "0000-01-01T00:00:00Z");
    EXPECT_EQ(to_string(from_epoch(-1)), "1969-12-31T23:59:59Z");
    EXPECT_EQ(to_string(from_epoch(end_of_year_9999 - 1)), "9999-12-31T23:59:59Z");
}

TEST(utc_time, names_the_text_that_it_refuses)
{
    EXPECT_EQ(detail_of(parse_utc_time("noon")),
              "'noon' is not a time such as 2026-12-01T06:00:00Z");
    EXPECT_EQ(detail_of(parse_date("today")), "'today' is not a date such as 2026-12-01");
}

TEST(utc_time, never_cuts_a_letter_of_the_text_in_two)
{
    for (std::string const lead : {"", "a", "ab", "abc"}) {
        auto const text = lead + "éééééééééééééééééé✈✈✈✈😀😀😀😀😀";
        EXPECT_TRUE(is_utf8(detail_of(parse_utc_time(text)))) << detail_of(parse_utc_time(text));
        EXPECT_TRUE(is_utf8(detail_of(parse_date(text)))) << detail_of(parse_date(text));
    }
}

RC_GTEST_PROP(utc_time, never_fails_but_by_refusing, (std::string const& noise))
{
    auto text = std::string("2026-12-01T06:00:00Z");
    text.replace(*rc::gen::inRange<std::size_t>(0, text.size()), noise.size() % 4, noise);
    auto const read = parse_utc_time(text);
    if (read.has_error()) RC_ASSERT(read.error().code == errc::invalid_time);
}

class not_a_date : public ::testing::TestWithParam<std::string> {};

TEST_P(not_a_date, is_refused_by_name)
{
    EXPECT_EQ(code_of(parse_date(GetParam())), errc::invalid_time);
}

INSTANTIATE_TEST_SUITE_P(date, not_a_date,
                         ::testing::Values("", "2026-12-1", "2026-12-011", "2026-12-01T",
                                           "2026-12-01 ", "20261201", "2026-W49-2", "2026/12/01",
                                           "2026-1 -01", "-026-12-01", "2026-02-29", "0000-00-00",
                                           std::string("2026-12-0\0", 10), "२०२६-12-01",
                                           std::string(1 << 20, '1')));

TEST(date, is_written_as_it_is_read) { EXPECT_EQ(to_string(day("2024-02-29")), "2024-02-29"); }

}  // namespace
}  // namespace aircargo::test
