#include "support/schedule_text.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

template <class Backend>
class flight_store_contract : public store_test<Backend> {
protected:
    any_flight_store& flights = *this->backend.flights;

    std::vector<flight> all() { return flights.load({}).value(); }
    std::uint64_t version() { return flights.version().value(); }
    static std::vector<flight> two_flights()
    {
        return flights_from_text(
            "AI101 DEL 2025-12-01T06:00 BOM 08:10\n"
            "AI204 BOM 2025-12-01T10:10 BLR 11:55\n");
    }
    static std::string numbers(std::vector<flight> const& some)
    {
        std::string out;
        for (auto const& f : some) out += std::string(f.number.str()) + ' ';
        return out;
    }
};
TYPED_TEST_SUITE(flight_store_contract, store_backends, backend_names);

TYPED_TEST(flight_store_contract, is_empty_at_first) { EXPECT_TRUE(this->all().empty()); }

TYPED_TEST(flight_store_contract, gives_new_flights_ids_and_keeps_the_rest)
{
    auto const asked = this->two_flights();
    auto const stored = this->given(asked);

    ASSERT_EQ(stored.size(), 2U);
    EXPECT_NE(stored[0].id, stored[1].id);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_GT(static_cast<std::int64_t>(stored[i].id), 0);
        auto expected = asked[i];
        expected.id = stored[i].id;
        EXPECT_EQ(stored[i], expected);
    }
    EXPECT_EQ(this->all(), stored);
}

TYPED_TEST(flight_store_contract, knows_a_flight_by_number_ends_and_departure)
{
    auto const first = this->given(this->two_flights());
    auto changed = this->two_flights();
    changed[0].arrival += std::chrono::minutes(10);
    changed[0].airline_name = "Air India Cargo";
    auto const second = this->given(changed);

    EXPECT_EQ(second[0].id, first[0].id);
    EXPECT_EQ(second[0].arrival, changed[0].arrival);
    EXPECT_EQ(second[1], first[1]);
    EXPECT_EQ(this->all(), second);
}

TYPED_TEST(flight_store_contract, takes_any_difference_of_the_name_for_another_flight)
{
    auto const base = a_flight("AI101 DEL 2025-12-01T06:00 BOM 08:10");
    auto number_differs = base;
    number_differs.number = number("AI101A");
    auto origin_differs = base;
    origin_differs.origin = airport("MAA");
    auto destination_differs = base;
    destination_differs.destination = airport("HYD");
    auto departure_differs = base;
    departure_differs.departure += std::chrono::seconds(1);

    std::set<flight_id> ids;
    for (auto const& f : this->given(
             {base, number_differs, origin_differs, destination_differs, departure_differs})) {
        ids.insert(f.id);
    }
    EXPECT_EQ(ids.size(), 5U);
}

TYPED_TEST(flight_store_contract, lets_the_last_word_of_a_batch_stand)
{
    auto twice = this->two_flights();
    twice[1] = twice[0];
    twice[1].arrival += std::chrono::minutes(1);
    auto const stored = this->given(twice);

    EXPECT_EQ(stored[0].id, stored[1].id);
    ASSERT_EQ(this->all().size(), 1U);
    EXPECT_EQ(this->all().front().arrival, twice[1].arrival);
}

TYPED_TEST(flight_store_contract, loads_by_departure_and_then_by_id)
{
    (void)this->given(
        flights_from_text("AI9 DEL 2025-12-01T09:00 BOM 11:00\n"
                          "AI8 DEL 2025-12-01T06:00 BOM 08:00\n"
                          "AI7 DEL 2025-12-01T06:00 BOM 08:00\n"
                          "AI6 DEL 2025-11-30T06:00 BOM 08:00\n"));
    EXPECT_EQ(this->numbers(this->all()), "AI6 AI8 AI7 AI9 ");
}

TYPED_TEST(flight_store_contract, loads_a_half_open_window)
{
    (void)this->given(
        flights_from_text("AI1 DEL 2025-12-01T05:59:59 BOM 08:00\n"
                          "AI2 DEL 2025-12-01T06:00 BOM 08:00\n"
                          "AI3 DEL 2025-12-01T06:59:59 BOM 08:00\n"
                          "AI4 DEL 2025-12-01T07:00 BOM 08:00\n"));
    EXPECT_EQ(
        this->numbers(this->flights.load({at("2025-12-01T06:00"), at("2025-12-01T07:00")}).value()),
        "AI2 AI3 ");
    EXPECT_EQ(
        this->numbers(this->flights.load({at("2025-12-01T07:00"), at("2025-12-01T06:00")}).value()),
        "");
    EXPECT_EQ(this->numbers(this->flights.load({.from = at("2025-12-01T07:00")}).value()), "AI4 ");
    EXPECT_EQ(this->numbers(this->flights.load({.until = at("2025-12-01T06:00")}).value()), "AI1 ");
}

TYPED_TEST(flight_store_contract, finds_each_or_says_that_it_is_not_there)
{
    auto const stored = this->given(this->two_flights());
    auto const found =
        this->flights.find(std::vector{stored[1].id, flight_id(999'999), stored[0].id, flight_id(0),
                                       flight_id(-1), flight_id(INT64_MAX), flight_id(INT64_MIN)});
    ASSERT_EQ(found.size(), 7U);
    EXPECT_EQ(found[0].value(), stored[1]);
    EXPECT_EQ(found[1].error(), flight_not_found(flight_id(999'999)));
    EXPECT_EQ(found[2].value(), stored[0]);
    for (std::size_t i = 3; i < 7; ++i) EXPECT_EQ(code_of(found[i]), errc::not_found);
}

TYPED_TEST(flight_store_contract, moves_its_version_with_every_change)
{
    std::set<std::uint64_t> versions{this->version()};
    (void)this->given(this->two_flights());
    EXPECT_TRUE(versions.insert(this->version()).second) << "flights came in";
    auto changed = this->two_flights();
    changed[0].arrival += std::chrono::minutes(10);
    (void)this->given(changed);
    EXPECT_TRUE(versions.insert(this->version()).second) << "an arrival moved";
    (void)this->given(this->two_flights());
    EXPECT_TRUE(versions.insert(this->version()).second) << "and moved back";
    changed = this->two_flights();
    changed[1].airline_name = "Other";
    (void)this->given(changed);
    EXPECT_TRUE(versions.insert(this->version()).second) << "an airline got another name";
}

TYPED_TEST(flight_store_contract, leaves_its_version_when_nothing_changes)
{
    (void)this->given(this->two_flights());
    auto const before = this->version();
    (void)this->given(this->two_flights());
    (void)this->given({});
    (void)this->all();
    EXPECT_EQ(this->version(), before);
}

TYPED_TEST(flight_store_contract, keeps_every_field)
{
    auto f = a_flight("5X9999Z AAA 1914-01-01T00:00 ZZZ 2099-12-31T23:59:59");
    f.airline_name = "Ünïted 'Parcel' \"Service\" 易 😀";
    auto other = a_flight("AI1 DEL 2025-12-01T06:00 BOM 08:00");
    other.airline_name = "";
    auto const stored = this->given({f, other});
    EXPECT_EQ(this->all(), stored);
    EXPECT_EQ(stored[0].airline_name, f.airline_name);
    EXPECT_EQ(stored[0].number, f.number);
    EXPECT_EQ(stored[1].airline_name, "");
}

TYPED_TEST(flight_store_contract, takes_empty_batches)
{
    EXPECT_TRUE(this->given({}).empty());
    EXPECT_TRUE(this->flights.find({}).empty());
}

TYPED_TEST(flight_store_contract, takes_twenty_thousand_flights)
{
    std::vector<flight> many(20'000, a_flight("AI1 DEL 2025-12-01T06:00 BOM 08:00"));
    for (std::size_t i = 0; i < many.size(); ++i) many[i].departure -= std::chrono::minutes(i);
    EXPECT_EQ(this->given(many).size(), many.size());
    EXPECT_EQ(this->all().size(), many.size());
}

TYPED_TEST(flight_store_contract, gives_one_flight_one_id_whoever_brings_it)
{
    std::atomic<bool> differ = false;
    auto const first = this->given(this->two_flights());
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 10; ++n) {
                if (this->given(this->two_flights()) != first) differ = true;
                if (this->all() != first) differ = true;
            }
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_FALSE(differ);
}

}  // namespace
}  // namespace aircargo::test
