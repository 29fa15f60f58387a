#include "support/printers.hpp"
#include <aircargo/booking/booking.hpp>
#include <aircargo/booking/status.hpp>
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

TEST(booking_status, reads_back_its_names)
{
    for (auto status : all_booking_statuses)
        EXPECT_EQ(parse_booking_status(name_of(status)), status);
}

TEST(booking_status, is_written_as_the_api_writes_it)
{
    std::string names;
    for (auto status : all_booking_statuses) names += std::string(name_of(status)) + ' ';
    EXPECT_EQ(names, "BOOKED DEPARTED ARRIVED DELIVERED CANCELLED ");
}

TEST(booking_status, is_no_other_text)
{
    for (char const* text : {"", "booked", "BOOKED ", "?", "LOST", "BOOKEDX"}) {
        EXPECT_EQ(parse_booking_status(text), std::nullopt) << text;
    }
}

TEST(booking_act, is_written_as_the_api_writes_it)
{
    std::string names;
    for (auto act : all_booking_acts) names += std::string(name_of(act)) + ' ';
    EXPECT_EQ(names, "depart arrive deliver cancel ");
}

TEST(event_type, reads_back_its_names)
{
    using enum event_type;
    for (auto type : {booked, departed, arrived, delivered, cancelled}) {
        EXPECT_EQ(parse_event_type(name_of(type)), type);
    }
    EXPECT_EQ(name_of(cancelled), "CANCELLED");
}

TEST(event_type, is_no_other_text)
{
    for (char const* text : {"", "departed", "DEPART", "?"})
        EXPECT_EQ(parse_event_type(text), std::nullopt) << text;
}

}  // namespace
}  // namespace aircargo::test
