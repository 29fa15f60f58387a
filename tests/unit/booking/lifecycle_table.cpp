#include "support/builders.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using ::testing::HasSubstr;
using enum booking_act;
using enum booking_status;

/// A state that a booking can be in; DEPARTED is two, since cargo that waits at a transfer airport
/// is DEPARTED too.
struct situation {
    char const* name;
    booking now;
    std::array<std::optional<booking_status>, 4>
        after;  ///< depart, arrive, deliver, cancel; nothing: refused
};

constexpr std::nullopt_t refused = std::nullopt;

std::vector<situation> the_table(std::vector<flight> const& flights)
{
    auto const b = a_booking("ACB10001", flights);
    auto const flying = after(b, {command_of(depart)});
    auto const landed = after(flying, {command_of(arrive)});
    // clang-format off
    return {
        //                                                   depart    arrive   deliver    cancel
        {"booked",    b,                                    {departed, refused, refused,   cancelled}},
        {"flying",    flying,                               {refused,  arrived, refused,   cancelled}},
        {"arrived",   landed,                               {refused,  refused, delivered, refused}},
        {"delivered", after(landed, {command_of(deliver)}), {refused,  refused, refused,   refused}},
        {"cancelled", after(b, {command_of(cancel)}),       {refused,  refused, refused,   refused}},
        {"cancelled in the air", after(flying, {command_of(cancel)}), {refused, refused, refused, refused}},
    };
    // clang-format on
}

void expect_the_table(std::vector<situation> const& table)
{
    for (auto const& row : table) {
        for (std::size_t i = 0; i < all_booking_acts.size(); ++i) {
            SCOPED_TRACE(std::string(row.name) + ", " + std::string(name_of(all_booking_acts[i])));
            auto const fact = step(row.now, command_of(all_booking_acts[i]), noon);
            if (row.after[i]) {
                ASSERT_EQ(code_of(fact), accepted);
                EXPECT_EQ(fact->previous, row.now.status);
                EXPECT_EQ(fact->status, row.after[i]);
                EXPECT_EQ(evolve(row.now, *fact).status, row.after[i]);
                EXPECT_EQ(fact->seq, row.now.revision + 1);
            } else {
                EXPECT_EQ(code_of(fact), errc::illegal_transition);
            }
        }
    }
}

TEST(booking_lifecycle, answers_every_state_and_act_as_the_table_says)
{
    expect_the_table(the_table({}));
}

TEST(booking_lifecycle, answers_the_same_with_a_direct_flight)
{
    expect_the_table(the_table({a_flight("AI505 DEL 2025-12-02T06:00 BLR 08:50")}));
}

TEST(booking_lifecycle, answers_the_same_for_a_transit_of_which_only_the_ends_are_told)
{
    expect_the_table(the_table(via_bombay()));
}

TEST(booking_lifecycle, lets_cargo_go_on_or_stop_at_a_transfer_airport)
{
    auto const waiting =
        after(a_booking("ACB10001", via_bombay()), {command_of(depart), command_of(arrive, "BOM")});

    expect_the_table(
        {{"at the transfer airport", waiting, {departed, arrived, refused, cancelled}}});
}

class refusal
    : public ::testing::TestWithParam<std::tuple<booking_status, booking_act, char const*>> {};

TEST_P(refusal, names_the_state_that_is_and_the_one_that_was_asked_for)
{
    auto const [status, act, wanted] = GetParam();
    auto now = a_booking("ACB10001");
    now.status = status;
    if (status == departed) now.at = std::nullopt;

    auto const sentence = detail_of(step(now, command_of(act), noon));

    EXPECT_THAT(sentence, HasSubstr("ACB10001"));
    EXPECT_THAT(sentence, HasSubstr(std::string(name_of(status))));
    EXPECT_THAT(sentence, HasSubstr(wanted));
}

INSTANTIATE_TEST_SUITE_P(
    booking_lifecycle, refusal,
    ::testing::Values(
        std::tuple(booked, arrive, "ARRIVED"), std::tuple(booked, deliver, "DELIVERED"),
        std::tuple(departed, depart, "DEPARTED"), std::tuple(departed, deliver, "DELIVERED"),
        std::tuple(arrived, depart, "DEPARTED"), std::tuple(arrived, arrive, "ARRIVED"),
        std::tuple(arrived, cancel, "CANCELLED"), std::tuple(delivered, depart, "DEPARTED"),
        std::tuple(delivered, arrive, "ARRIVED"), std::tuple(delivered, deliver, "DELIVERED"),
        std::tuple(delivered, cancel, "CANCELLED"), std::tuple(cancelled, depart, "DEPARTED"),
        std::tuple(cancelled, arrive, "ARRIVED"), std::tuple(cancelled, deliver, "DELIVERED"),
        std::tuple(cancelled, cancel, "CANCELLED")));

TEST(booking_lifecycle, refuses_with_a_sentence)
{
    EXPECT_EQ(detail_of(step(a_booking("ACB10001"), command_of(deliver), noon)),
              "cannot deliver ACB10001: it is BOOKED, and from there DELIVERED is not allowed");
}

}  // namespace
}  // namespace aircargo::test
