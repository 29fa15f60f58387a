#include "support/builders.hpp"
#include <aircargo/store/booking_list.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <limits>
#include <string>

namespace aircargo::test {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

result<list_place> position(std::string cursor)
{
    return list_position({.cursor = std::move(cursor)});
}

TEST(list_position, is_the_top_without_a_cursor)
{
    EXPECT_EQ(position("").value(), top_of_lists);
    EXPECT_LT((list_place{utc_time::max(), largest - 1}), top_of_lists);
}

TEST(list_position, goes_by_creation_and_then_by_number)
{
    EXPECT_LT((list_place{noon, 7}), (list_place{noon + std::chrono::seconds(1), 1}));
    EXPECT_LT((list_place{noon, 6}), (list_place{noon, 7}));
}

TEST(list_position, reads_what_a_list_gives)
{
    EXPECT_EQ(cursor_of({from_epoch(1'764'667'200), 4711}), "1764667200-4711");
    EXPECT_EQ(position("1764667200-4711").value(), (list_place{from_epoch(1'764'667'200), 4711}));
    EXPECT_EQ(position("-5-3").value(), (list_place{from_epoch(-5), 3}));
    for (auto seconds : {smallest, std::int64_t{-1}, std::int64_t{0}, largest}) {
        list_place const place{from_epoch(seconds), largest};
        EXPECT_EQ(position(cursor_of(place)).value(), place);
    }
}

RC_GTEST_PROP(list_position, leads_back_to_any_place, (std::int64_t seconds))
{
    list_place const place{from_epoch(seconds), *rc::gen::inRange<std::int64_t>(1, largest)};
    RC_ASSERT(position(cursor_of(place)).value() == place);
}

TEST(list_position, names_its_order)
{
    booking_query oldest{.order = list_order::oldest_first};
    EXPECT_EQ(list_position(oldest).value(), bottom_of_lists);
    oldest.cursor = cursor_of({from_epoch(-5), 3}, list_order::oldest_first);
    EXPECT_EQ(oldest.cursor, "-5.3");
    EXPECT_EQ(list_position(oldest).value(), (list_place{from_epoch(-5), 3}));
    EXPECT_EQ(code_of(position(oldest.cursor)), errc::invalid_request);
    oldest.cursor = "5-3";
    EXPECT_EQ(code_of(list_position(oldest)), errc::invalid_request);
}

TEST(list_position, refuses_what_no_list_gave)
{
    for (char const* cursor : {"x",
                               "5",
                               "-",
                               "--",
                               "-1",
                               "1-",
                               "-1-",
                               "1-0",
                               "1--1",
                               "--1-1",
                               "1-1-",
                               "1-1-1",
                               "+1-1",
                               "1-+1",
                               "-0-1",
                               "01-1",
                               "1-01",
                               " 1-1",
                               "1 -1",
                               "1- 1",
                               "1-1 ",
                               "1-1\n",
                               "1-1x",
                               "1.0-1",
                               "1-1.0",
                               "0x1-1",
                               "1_1",
                               "1:1",
                               "9223372036854775808-1",
                               "1-9223372036854775808",
                               "-9223372036854775809-1",
                               "99999999999999999999-1",
                               "1-1; DROP TABLE bookings",
                               "١-١"}) {
        EXPECT_EQ(code_of(position(cursor)), errc::invalid_request) << cursor;
    }
    EXPECT_EQ(code_of(position(std::string("1-1\0", 4))), errc::invalid_request);
    EXPECT_EQ(code_of(position(std::string("\0", 1))), errc::invalid_request);
}

}  // namespace
}  // namespace aircargo::test
