#include "support/builders.hpp"
#include <aircargo/tracking/next_activity.hpp>
#include <gtest/gtest.h>

namespace aircargo::test {
namespace {

using enum booking_act;

booking on_two_flights() { return a_booking("ACB10001", via_bombay()); }

std::optional<next_activity> on_flight(booking_act act, std::string_view place, flight const& f,
                                       utc_time when)
{
    return next_activity{act, airport(place), leg_of(f), when};
}
std::optional<next_activity> without_flight(booking_act act, std::string_view place)
{
    return next_activity{act, airport(place), {}, {}};
}

TEST(next_expected_activity, follows_a_booking_over_two_flights)
{
    auto const flights = via_bombay();
    auto b = on_two_flights();
    EXPECT_EQ(next_expected_activity(b),
              on_flight(depart, "DEL", flights[0], flights[0].departure));
    b = after(b, {command_of(depart)});
    EXPECT_EQ(next_expected_activity(b), on_flight(arrive, "BOM", flights[0], flights[0].arrival));
    b = after(b, {command_of(arrive, "BOM")});
    EXPECT_EQ(next_expected_activity(b),
              on_flight(depart, "BOM", flights[1], flights[1].departure));
    b = after(b, {command_of(depart)});
    EXPECT_EQ(next_expected_activity(b), on_flight(arrive, "BLR", flights[1], flights[1].arrival));
    b = after(b, {command_of(arrive)});
    EXPECT_EQ(next_expected_activity(b), without_flight(deliver, "BLR"));
    b = after(b, {command_of(deliver)});
    EXPECT_EQ(next_expected_activity(b), std::nullopt);
}

TEST(next_expected_activity, follows_a_booking_without_a_route)
{
    auto b = a_booking("ACB10001");
    EXPECT_EQ(next_expected_activity(b), without_flight(depart, "DEL"));
    b = after(b, {command_of(depart)});
    EXPECT_EQ(next_expected_activity(b), without_flight(arrive, "BLR"));
    b = after(b, {command_of(arrive)});
    EXPECT_EQ(next_expected_activity(b), without_flight(deliver, "BLR"));
}

TEST(next_expected_activity, is_what_the_lifecycle_takes_without_any_detail)
{
    auto b = on_two_flights();
    while (auto const expected = next_expected_activity(b)) {
        auto told = command_of(expected->act, expected->location.str());
        auto const fact = step(b, told, noon);
        ASSERT_EQ(code_of(fact), accepted);
        ASSERT_FALSE(fact->off_plan);
        b = evolve(b, *fact);
    }
    EXPECT_EQ(b.status, booking_status::delivered);
}

TEST(next_expected_activity, is_nothing_once_cancelled)
{
    EXPECT_EQ(next_expected_activity(after(on_two_flights(), {command_of(cancel)})), std::nullopt);
}

TEST(next_expected_activity, is_nothing_where_the_itinerary_does_not_lead_on_from)
{
    auto const stranded =
        after(on_two_flights(), {command_of(depart), off_plan(command_of(arrive, "DOH"))});
    EXPECT_EQ(next_expected_activity(stranded), std::nullopt);
}

TEST(next_expected_activity, does_not_send_cargo_back_to_where_it_just_left)
{
    auto const left =
        after(on_two_flights(),
              {command_of(depart), command_of(arrive, "BOM"),
               off_plan(on(a_flight("UK8 BOM 2025-12-02T12:00 HYD 13:30"), command_of(depart)))});

    auto const expected = next_expected_activity(left);

    EXPECT_FALSE(expected && expected->location == airport("BOM"))
        << "arrives where it has been already";
}

}  // namespace
}  // namespace aircargo::test
