#include "support/builders.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

using enum booking_act;
using enum booking_status;

flight const elsewhere = [] {
    auto f = a_flight("QR571 DEL 2025-12-02T04:00 DOH 08:20");
    f.id = flight_id(77);
    return f;
}();

booking on_two_flights() { return a_booking("ACB10001", via_bombay()); }
booking without_route() { return a_booking("ACB10001"); }

class off_plan_fact : public ::testing::TestWithParam<std::tuple<char const*, booking, command>> {};

TEST_P(off_plan_fact, is_refused_unless_the_caller_says_so)
{
    auto const& [what, now, fact] = GetParam();
    EXPECT_EQ(code_of(step(now, fact, noon)), errc::off_plan) << what;
}

TEST_P(off_plan_fact, is_recorded_and_marks_the_booking_when_the_caller_says_so)
{
    auto const& [what, now, fact] = GetParam();
    auto const recorded = step(now, off_plan(fact), noon);

    ASSERT_EQ(code_of(recorded), accepted) << what;
    EXPECT_TRUE(recorded->off_plan);
    EXPECT_TRUE(evolve(now, *recorded).misrouted);
}

booking const flying = after(on_two_flights(), {command_of(depart)});
booking const at_bombay = after(flying, {command_of(arrive, "BOM")});
booking const landed = after(flying, {command_of(arrive)});

INSTANTIATE_TEST_SUITE_P(
    booking_lifecycle, off_plan_fact,
    ::testing::Values(
        std::tuple("departs from elsewhere", on_two_flights(), command_of(depart, "BOM")),
        std::tuple("departs from elsewhere without a route", without_route(),
                   command_of(depart, "BOM")),
        std::tuple("departs on another flight", on_two_flights(),
                   on(elsewhere, command_of(depart))),
        std::tuple("departs on the second flight first", on_two_flights(),
                   on(via_bombay()[1], command_of(depart))),
        std::tuple("lands elsewhere", flying, command_of(arrive, "DOH")),
        std::tuple("lands elsewhere without a route", after(without_route(), {command_of(depart)}),
                   command_of(arrive, "DOH")),
        std::tuple("lands where it came from", flying, command_of(arrive, "DEL")),
        std::tuple("lands with another flight", flying, on(elsewhere, command_of(arrive))),
        std::tuple("leaves the transfer airport with the first flight", at_bombay,
                   command_of(depart, "DEL")),
        std::tuple("is handed over elsewhere", landed, command_of(deliver, "MAA"))));

TEST(off_plan, is_said_in_a_sentence)
{
    EXPECT_EQ(detail_of(step(on_two_flights(), on(elsewhere, command_of(depart)), noon)),
              "depart at DEL on QR571 is not what the itinerary of ACB10001 expects; say off_plan "
              "to record it all the "
              "same");
}

TEST(off_plan, does_not_mark_what_is_on_the_plan)
{
    auto const fact = step(on_two_flights(), off_plan(command_of(depart)), noon).value();

    EXPECT_FALSE(fact.off_plan);
    EXPECT_FALSE(evolve(on_two_flights(), fact).misrouted);
}

TEST(off_plan, heals_no_illegal_act)
{
    EXPECT_EQ(code_of(step(on_two_flights(), off_plan(command_of(arrive, "DOH")), noon)),
              errc::illegal_transition);
    EXPECT_EQ(code_of(step(flying, off_plan(command_of(depart, "DOH")), noon)),
              errc::illegal_transition);
    EXPECT_EQ(code_of(step(landed, off_plan(command_of(cancel)), noon)), errc::illegal_transition);
}

TEST(misrouted_cargo, stays_departed_where_it_should_not_be_and_can_go_on)
{
    auto const stranded = after(flying, {off_plan(command_of(arrive, "DOH"))});

    EXPECT_EQ(stranded.status, departed);
    EXPECT_EQ(stranded.at, airport("DOH"));

    auto const home =
        after(stranded, {off_plan(command_of(depart)), command_of(arrive), command_of(deliver)});
    EXPECT_EQ(home.status, delivered);
    EXPECT_TRUE(home.misrouted);
}

TEST(misrouted_cargo, is_back_on_its_itinerary_at_a_transfer_airport)
{
    auto const back = after(
        on_two_flights(), {off_plan(on(elsewhere, command_of(depart))), command_of(arrive, "BOM")});

    EXPECT_EQ(back.next_leg, 1U);
    EXPECT_EQ(step(back, command_of(depart), noon)->flight,
              (event::flight_mark{flight_id(2), number("AI204")}));
}

TEST(misrouted_cargo, leaves_the_flight_that_it_missed_on_the_plan)
{
    auto const gone = after(on_two_flights(), {off_plan(on(elsewhere, command_of(depart)))});

    EXPECT_EQ(gone.next_leg, 0U);
    EXPECT_EQ(after(gone, {off_plan(command_of(arrive, "DOH"))}).next_leg, 0U);
}

TEST(misrouted_cargo, arrives_on_no_flight_that_nobody_named)
{
    auto const gone = after(on_two_flights(), {off_plan(on(elsewhere, command_of(depart)))});

    EXPECT_EQ(step(gone, command_of(arrive, "BOM"), noon)->flight, std::nullopt)
        << "it left on another one than the itinerary's";
}

TEST(misrouted_cargo, without_a_route_goes_on_from_where_it_is)
{
    auto const stranded =
        after(without_route(), {command_of(depart), off_plan(command_of(arrive, "DOH"))});

    EXPECT_EQ(after(stranded, {command_of(depart), command_of(arrive)}).status, arrived);
}

TEST(contradiction, of_place_and_flight_is_refused_whatever_the_plan)
{
    EXPECT_EQ(
        step(on_two_flights(), off_plan(on(elsewhere, command_of(depart, "BOM"))), noon).error(),
        refuse(errc::invalid_request, "QR571 departs from DEL, not at BOM"));
    EXPECT_EQ(step(flying, off_plan(on(elsewhere, command_of(arrive, "BOM"))), noon).error(),
              refuse(errc::invalid_request, "QR571 arrives at DOH, not at BOM"));
}

TEST(contradiction, is_a_flight_where_none_can_be)
{
    EXPECT_EQ(step(landed, on(elsewhere, command_of(deliver)), noon).error(),
              refuse(errc::invalid_request, "only depart and arrive take a flight"));
    EXPECT_EQ(code_of(step(on_two_flights(), on(elsewhere, command_of(cancel)), noon)),
              errc::invalid_request);
}

TEST(contradiction, is_heard_only_for_an_act_that_is_allowed)
{
    EXPECT_EQ(code_of(step(landed, on(elsewhere, command_of(depart, "BOM")), noon)),
              errc::illegal_transition);
}

TEST(notes, are_bounded_for_every_act)
{
    std::string const longest(annotation::max_notes, 'n');
    EXPECT_EQ(code_of(step(on_two_flights(), noted(longest, command_of(cancel)), noon)), accepted);
    EXPECT_EQ(code_of(step(on_two_flights(), noted(longest + 'n', command_of(cancel)), noon)),
              errc::invalid_request);
}

}  // namespace
}  // namespace aircargo::test
