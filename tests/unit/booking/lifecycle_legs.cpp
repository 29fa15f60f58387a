#include "support/builders.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <gtest/gtest.h>

namespace aircargo::test {
namespace {

using enum booking_act;
using enum booking_status;

booking on_two_flights() { return a_booking("ACB10001", via_bombay()); }
booking at_bombay()
{
    return after(on_two_flights(), {command_of(depart), command_of(arrive, "BOM")});
}

event::flight_mark mark(flight const& f) { return {f.id, f.number}; }

TEST(booking_legs, carry_cargo_from_end_to_end)
{
    auto b = on_two_flights();
    struct expected {
        command act;
        booking_status status;
        std::optional<airport_code> at;
        std::size_t next_leg;
    };
    for (auto const& want : {expected{command_of(depart), departed, {}, 1},
                             expected{command_of(arrive, "BOM"), departed, airport("BOM"), 1},
                             expected{command_of(depart), departed, {}, 2},
                             expected{command_of(arrive), arrived, airport("BLR"), 2},
                             expected{command_of(deliver), delivered, airport("BLR"), 2}}) {
        b = after(b, {want.act});
        EXPECT_EQ(b.status, want.status);
        EXPECT_EQ(b.at, want.at);
        EXPECT_EQ(b.next_leg, want.next_leg);
        EXPECT_FALSE(b.misrouted);
    }
    EXPECT_EQ(b.revision, 6);
}

TEST(booking_legs, put_place_and_flight_on_record_where_nobody_said)
{
    auto const first = step(on_two_flights(), command_of(depart), noon).value();
    auto const landing =
        step(after(on_two_flights(), {command_of(depart)}), command_of(arrive, "BOM"), noon)
            .value();
    auto const second = step(at_bombay(), command_of(depart), noon).value();

    EXPECT_EQ(first.location, airport("DEL"));
    EXPECT_EQ(first.flight, mark(via_bombay()[0]));
    EXPECT_EQ(landing.location, airport("BOM"));
    EXPECT_EQ(landing.flight, mark(via_bombay()[0]));
    EXPECT_EQ(second.location, airport("BOM"));
    EXPECT_EQ(second.flight, mark(via_bombay()[1]));
}

TEST(booking_legs, may_go_unmentioned)
{
    auto const b =
        after(on_two_flights(), {command_of(depart), command_of(arrive), command_of(deliver)});

    EXPECT_EQ(b.status, delivered);
    EXPECT_EQ(b.at, airport("BLR"));
    EXPECT_FALSE(b.misrouted);
}

TEST(booking_legs, take_the_place_from_the_flight)
{
    auto const landing =
        after(on_two_flights(), {command_of(depart), on(via_bombay()[0], command_of(arrive))});

    EXPECT_EQ(landing.at, airport("BOM"));
    EXPECT_EQ(landing.status, departed);
}

TEST(booking_legs, forgive_a_departure_that_nobody_reported)
{
    auto const b = after(at_bombay(), {command_of(arrive, "BLR")});

    EXPECT_EQ(b.status, arrived);
    EXPECT_EQ(b.next_leg, 2U);
    EXPECT_FALSE(b.misrouted);
}

TEST(booking_legs, forgive_a_whole_transfer_that_nobody_reported)
{
    auto flights = via_bombay();
    flights.back() = a_flight("AI5 BOM 2025-12-02T10:10 HYD 11:40");
    flights.push_back(a_flight("AI6 HYD 2025-12-02T14:00 BLR 15:00"));

    auto const b =
        after(a_booking("ACB10001", flights), {command_of(depart), command_of(arrive, "HYD")});

    EXPECT_EQ(b.next_leg, 2U);
    EXPECT_EQ(after(b, {command_of(depart), command_of(arrive)}).status, arrived);
}

TEST(booking_legs, do_not_land_twice_at_one_place)
{
    EXPECT_EQ(detail_of(step(at_bombay(), command_of(arrive, "BOM"), noon)),
              "cannot arrive ACB10001: it is DEPARTED, and already ARRIVED at BOM");
}

TEST(booking_legs, do_not_depart_from_the_air)
{
    auto const refused =
        step(after(on_two_flights(), {command_of(depart)}), command_of(depart), noon);

    EXPECT_EQ(code_of(refused), errc::illegal_transition);
    EXPECT_EQ(detail_of(refused),
              "cannot depart ACB10001: it is DEPARTED, and only ARRIVED at a transfer airport "
              "lets it become DEPARTED again");
}

TEST(booking_legs, end_with_a_cancellation_at_the_transfer_airport)
{
    auto const fact = step(at_bombay(), command_of(cancel), noon).value();

    EXPECT_EQ(fact.location, airport("BOM"));
    EXPECT_EQ(evolve(at_bombay(), fact).status, cancelled);
}

TEST(booking_legs, cancelled_in_the_air_are_cancelled_nowhere)
{
    EXPECT_EQ(
        step(after(on_two_flights(), {command_of(depart)}), command_of(cancel), noon)->location,
        std::nullopt);
}

TEST(booking_legs, keep_what_was_said_beside_the_fact)
{
    auto said = command_of(depart);
    said.note = {"pallet PMC 12345", "mira", "req-7"};

    auto const fact = step(on_two_flights(), said, at("2025-12-02T06:04")).value();

    EXPECT_EQ(fact.notes, "pallet PMC 12345");
    EXPECT_EQ(fact.actor, "mira");
    EXPECT_EQ(fact.request_id, "req-7");
    EXPECT_EQ(fact.created_at, at("2025-12-02T06:04"));
    EXPECT_EQ(evolve(on_two_flights(), fact).updated_at, at("2025-12-02T06:04"));
    EXPECT_EQ(evolve(on_two_flights(), fact).created_at, noon);
}

}  // namespace
}  // namespace aircargo::test
