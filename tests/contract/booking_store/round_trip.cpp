#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

template <class Backend>
class booking_round_trip : public store_test<Backend> {
protected:
    /// Stores the booking with the event that made it, and reads both back.
    void expect_kept(change const& c)
    {
        EXPECT_EQ(apply_one(this->store, c).value(), c.after);
        EXPECT_EQ(this->now(c.after), c.after);
        EXPECT_EQ(history_of(this->store, c.after.terms.ref).value().back(), c.fact);
    }
};
TYPED_TEST_SUITE(booking_round_trip, store_backends, backend_names);

TYPED_TEST(booking_round_trip, keeps_the_smallest_terms)
{
    auto terms = terms_of("ACB00000");
    terms.pieces = 1;
    terms.gross = weight::from_grams(1).value();
    auto const fact = book(terms, {}, from_epoch(0)).value();
    this->expect_kept({open_booking(terms, fact), fact});
}

TYPED_TEST(booking_round_trip, keeps_the_largest_terms)
{
    auto terms = terms_of("ACB99999999999999999");
    terms.pieces = booking_terms::max_pieces;
    terms.gross = kg(weight::max_kg);
    auto const fact = book(terms, {}, at("9999-12-31T23:59:59")).value();
    this->expect_kept({open_booking(terms, fact), fact});
}

TYPED_TEST(booking_round_trip, keeps_times_before_1970)
{
    this->expect_kept(creation_of(a_booking("ACB10001", {}, at("1914-01-01T00:00"))));
}

TYPED_TEST(booking_round_trip, keeps_an_itinerary_of_as_many_flights_as_there_may_be)
{
    std::vector<flight> flights;
    for (int i = 0; i < static_cast<int>(booking_terms::max_legs); ++i) {
        auto const place = [](int n) { return std::string{'A', 'A', static_cast<char>('A' + n)}; };
        auto f = a_flight("AI" + std::to_string(9999 - i) + "Z " + place(i) + " 2025-12-02T06:00 " +
                          place(i + 1) + " 08:00");
        f.departure += std::chrono::hours(4 * i);
        f.arrival += std::chrono::hours(4 * i);
        flights.push_back(f);
    }
    this->expect_kept(creation_of(a_booking("ACB10001", this->given(flights))));
}

TYPED_TEST(booking_round_trip, keeps_the_itinerary_as_it_was_planned)
{
    auto const flights = this->given(via_bombay());
    auto const b = this->stored(a_booking("ACB10001", flights));
    auto retimed = flights;
    for (auto& f : retimed) f.arrival += std::chrono::minutes(5);
    (void)this->given(retimed);

    EXPECT_EQ(this->now(b), b);
}

TYPED_TEST(booking_round_trip, keeps_words_of_any_language)
{
    auto const b = a_booking("ACB10001");
    this->expect_kept(
        creation_of(b, {.notes = "Vorsicht: Öl! 易碎 😀 \"quoted\", 'single', \\ back; \t tab\nline",
                        .actor = "मीरा",
                        .request_id = "req-ÿ"}));
}

TYPED_TEST(booking_round_trip, keeps_words_as_long_as_they_may_be)
{
    auto const b = a_booking("ACB10001");
    this->expect_kept(creation_of(b, {.notes = std::string(annotation::max_notes, 'n'),
                                      .actor = std::string(500, 'a'),
                                      .request_id = std::string(500, 'r')}));
}

TYPED_TEST(booking_round_trip, keeps_words_that_look_like_commands)
{
    auto const b = a_booking("ACB10001");
    this->expect_kept(creation_of(
        b,
        {.notes = "'); DROP TABLE bookings; --", .actor = "\" OR 1=1", .request_id = "?1 :x $y"}));
}

TYPED_TEST(booking_round_trip, keeps_every_kind_of_event)
{
    auto const flights = this->given(via_bombay());
    auto b = this->stored(a_booking("ACB10001", flights));
    for (auto const& act : {on(flights[0], command_of(booking_act::depart, "DEL")),
                            noted("two of twelve wet", command_of(booking_act::arrive, "BOM")),
                            command_of(booking_act::depart), command_of(booking_act::arrive),
                            command_of(booking_act::deliver)}) {
        auto const c = decided(b, act, b.updated_at + std::chrono::seconds(1));
        this->expect_kept(c);
        b = c.after;
    }
}

TYPED_TEST(booking_round_trip, keeps_a_cancellation_in_the_air)
{
    auto const flying = apply_one(this->store, depart(this->stored(a_booking("ACB10001")))).value();
    ASSERT_EQ(cancel(flying).fact.location, std::nullopt);
    this->expect_kept(cancel(flying));
}

TYPED_TEST(booking_round_trip, keeps_facts_that_are_off_plan)
{
    auto const elsewhere = this->given({a_flight("QR571 DEL 2025-12-02T04:00 DOH 08:20")}).front();
    auto const b = this->stored(a_booking("ACB10001", this->given(via_bombay())));
    auto const left = decided(b, off_plan(on(elsewhere, command_of(booking_act::depart))));
    auto const landed =
        decided(left.after, off_plan(on(elsewhere, command_of(booking_act::arrive))));

    this->expect_kept(left);
    this->expect_kept(landed);
    EXPECT_TRUE(this->now(b).misrouted);
    EXPECT_EQ(this->now(b).at, airport("DOH"));
}

}  // namespace
}  // namespace aircargo::test
