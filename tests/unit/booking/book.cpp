#include "support/builders.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

result<event> booked_with(booking_terms const& terms) { return book(terms, {}, noon); }

booking_terms with_pieces(std::int32_t pieces)
{
    auto terms = terms_of("ACB10001");
    terms.pieces = pieces;
    return terms;
}

/// An itinerary through as many airports as there are flights, with two hours between any two of
/// them.
std::vector<flight> a_chain_of(std::size_t flights)
{
    std::vector<flight> chain;
    for (std::size_t i = 0; i < flights; ++i) {
        auto const place = [](std::size_t n) {
            return std::string{'A', 'A', static_cast<char>('A' + n)};
        };
        auto f = a_flight("AI1 " + place(i) + " 2025-12-02T06:00 " + place(i + 1) + " 08:00");
        f.id = static_cast<flight_id>(i + 1);
        f.departure += std::chrono::hours(4 * i);
        f.arrival += std::chrono::hours(4 * i);
        chain.push_back(f);
    }
    return chain;
}

TEST(book, makes_the_first_event)
{
    auto const fact =
        book(terms_of("ACB10001"), {"handle with care", "mira", "req-1"}, noon).value();

    EXPECT_EQ(fact, (event{.seq = 1,
                           .type = event_type::booked,
                           .previous = booking_status::booked,
                           .status = booking_status::booked,
                           .location = airport("DEL"),
                           .notes = "handle with care",
                           .actor = "mira",
                           .request_id = "req-1",
                           .created_at = noon}));
}

TEST(book, opens_the_booking_at_its_origin)
{
    auto const b = a_booking("ACB10001");

    EXPECT_EQ(b.status, booking_status::booked);
    EXPECT_EQ(b.at, airport("DEL"));
    EXPECT_EQ(b.revision, 1);
    EXPECT_EQ(b.next_leg, 0U);
    EXPECT_FALSE(b.misrouted);
    EXPECT_EQ(b.created_at, noon);
    EXPECT_EQ(b.updated_at, noon);
}

TEST(book, wants_two_airports)
{
    auto terms = terms_of("ACB10001");
    terms.destination = terms.origin;
    EXPECT_EQ(booked_with(terms).error(),
              refuse(errc::invalid_request, "origin and destination are the same airport"));
}

TEST(book, takes_one_piece_up_to_the_most)
{
    EXPECT_EQ(code_of(booked_with(with_pieces(1))), accepted);
    EXPECT_EQ(code_of(booked_with(with_pieces(booking_terms::max_pieces))), accepted);
}

TEST(book, refuses_pieces_beyond_its_bounds)
{
    for (std::int32_t pieces :
         {0, -1, booking_terms::max_pieces + 1, std::numeric_limits<std::int32_t>::min(),
          std::numeric_limits<std::int32_t>::max()}) {
        EXPECT_EQ(booked_with(with_pieces(pieces)).error(),
                  refuse(errc::invalid_request, "pieces must be 1 to 100000"));
    }
}

TEST(book, bounds_the_notes)
{
    std::string const longest(annotation::max_notes, 'n');
    EXPECT_EQ(code_of(book(terms_of("ACB10001"), {.notes = longest}, noon)), accepted);
    EXPECT_EQ(code_of(book(terms_of("ACB10001"), {.notes = longest + 'n'}, noon)),
              errc::invalid_request);
}

TEST(book, takes_an_itinerary_that_leads_there)
{
    EXPECT_EQ(code_of(booked_with(terms_of("ACB10001", via_bombay()))), accepted);
    EXPECT_EQ(code_of(booked_with(terms_of("ACB10001", a_chain_of(1)))), accepted);
    EXPECT_EQ(code_of(booked_with(terms_of("ACB10001", a_chain_of(booking_terms::max_legs)))),
              accepted);
}

TEST(book, bounds_the_number_of_flights)
{
    EXPECT_EQ(booked_with(terms_of("ACB10001", a_chain_of(booking_terms::max_legs + 1))).error(),
              refuse(errc::invalid_request, "an itinerary has at most 8 flights"));
}

TEST(book, takes_a_flight_that_leaves_the_moment_its_feeder_lands)
{
    auto flights = via_bombay();
    flights[1].departure = flights[0].arrival;
    EXPECT_EQ(code_of(booked_with(terms_of("ACB10001", flights))), accepted);
}

TEST(book, refuses_a_flight_that_leaves_before_its_feeder_lands)
{
    auto flights = via_bombay();
    flights[1].departure = flights[0].arrival - std::chrono::seconds(1);
    EXPECT_EQ(booked_with(terms_of("ACB10001", flights)).error(),
              refuse(errc::invalid_request,
                     "flight AI204 departs before the flight that feeds it arrives"));
}

TEST(book, refuses_a_flight_from_where_the_cargo_is_not)
{
    auto flights = via_bombay();
    flights[1].origin = airport("HYD");
    EXPECT_EQ(
        booked_with(terms_of("ACB10001", flights)).error(),
        refuse(errc::invalid_request, "flight AI204 departs from HYD, but the cargo is at BOM"));
}

TEST(book, refuses_flights_in_the_wrong_order)
{
    auto const flights = via_bombay();
    auto terms = terms_of("ACB10001", flights);
    terms.legs = {leg_of(flights[1]), leg_of(flights[0])};
    EXPECT_EQ(code_of(booked_with(terms)), errc::invalid_request);
}

TEST(book, refuses_an_itinerary_that_ends_elsewhere)
{
    auto terms = terms_of("ACB10001", via_bombay());
    terms.legs.pop_back();
    EXPECT_EQ(code_of(booked_with(terms)), errc::invalid_request);
}

TEST(book, refuses_an_itinerary_through_its_destination)
{
    auto flights = via_bombay();
    flights.push_back(a_flight("AI9 BLR 2025-12-02T14:00 MAA 15:00"));
    flights.push_back(a_flight("AI8 MAA 2025-12-02T17:00 BLR 18:00"));
    EXPECT_EQ(code_of(booked_with(terms_of("ACB10001", flights))), errc::invalid_request);
}

TEST(book, refuses_an_itinerary_back_through_its_origin)
{
    EXPECT_EQ(code_of(booked_with(
                  terms_of("ACB10001", {a_flight("AI1 DEL 2025-12-02T06:00 BOM 08:00"),
                                        a_flight("AI2 BOM 2025-12-02T10:00 DEL 12:00"),
                                        a_flight("AI3 DEL 2025-12-02T14:00 BLR 16:00")}))),
              errc::invalid_request);
}

}  // namespace
}  // namespace aircargo::test
