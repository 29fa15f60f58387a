#include "support/random_schedule.hpp"
#include "support/seed.hpp"
#include <aircargo/routing/flight_list.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

std::vector<flight> some_flights()
{
    std::vector<flight> flights{a_flight("AI101 DEL 2025-12-01T06:00 BOM 08:10"),
                                a_flight("AI204 BOM 2025-12-01T10:10 BLR 11:55"),
                                a_flight("AI101 DEL 2025-12-02T06:00 BOM 08:10"),
                                a_flight("6E11 DEL 2025-12-02T06:00 BLR 08:50"),
                                a_flight("LH761 DEL 2025-12-04T02:00 FRA 10:30")};
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = flight_id(i + 1);
    return flights;
}

std::string ids(std::vector<flight_view> const& flights)
{
    std::string out;
    for (auto const& f : flights)
        out += (out.empty() ? "" : " ") + std::to_string(static_cast<std::int64_t>(f.id));
    return out;
}

std::string ids(schedule const& s, flight_list_query const& query)
{
    return ids(list_flights(s, query).flights);
}

/// All pages, one after the other, with `/` between; each leads on from the one before.
std::string pages(schedule const& s, flight_list_query query)
{
    std::string out;
    for (int i = 0; i < 1000; ++i) {
        auto const page = list_flights(s, query);
        EXPECT_LE(page.flights.size(), query.limit);
        out += ids(page.flights);
        if (!page.next) return out;
        EXPECT_TRUE(!query.after || *query.after < *page.next) << "a page must lead on";
        out += " / ";
        query.after = page.next;
    }
    return out + "...";
}

TEST(flight_list, goes_by_departure_and_then_by_number)
{
    schedule const s(some_flights());
    EXPECT_EQ(ids(s, {}), "1 2 4 3 5");
    EXPECT_EQ(pages(s, {.limit = 2}), "1 2 / 4 3 / 5");
    EXPECT_EQ(pages(s, {.limit = 1}), "1 / 2 / 4 / 3 / 5");
    EXPECT_EQ(pages(s, {.limit = 5}), "1 2 4 3 5");
}

TEST(flight_list, filters)
{
    schedule const s(some_flights());
    EXPECT_EQ(ids(s, {.origin = airport("DEL")}), "1 4 3 5");
    EXPECT_EQ(ids(s, {.destination = airport("BLR")}), "2 4");
    EXPECT_EQ(ids(s, {.origin = airport("DEL"), .destination = airport("BOM")}), "1 3");
    EXPECT_EQ(ids(s, {.origin = airport("BOM"), .destination = airport("DEL")}), "");
    EXPECT_EQ(ids(s, {.origin = airport("JFK")}), "");
    EXPECT_EQ(ids(s, {.destination = airport("JFK")}), "");
    EXPECT_EQ(ids(s, {.number = number("AI101")}), "1 3");
    EXPECT_EQ(ids(s, {.departure_from = at("2025-12-02T06:00")}), "4 3 5");
    EXPECT_EQ(ids(s, {.departure_to = at("2025-12-02T06:00")}), "1 2");
    EXPECT_EQ(
        ids(s, {.departure_from = at("2025-12-02T06:01"), .departure_to = at("2025-12-04T02:00")}),
        "");
}

TEST(flight_list, shows_all_that_is_known_of_a_flight)
{
    schedule const s(some_flights());
    auto const page = list_flights(s, {.number = number("6E11")});
    ASSERT_EQ(page.flights.size(), 1U);
    auto const& f = page.flights.front();
    auto const wanted = some_flights()[3];
    EXPECT_EQ(f.id, wanted.id);
    EXPECT_EQ(f.number, wanted.number);
    EXPECT_EQ(f.airline_name, wanted.airline_name);
    EXPECT_EQ(std::tuple(f.origin, f.destination), std::tuple(wanted.origin, wanted.destination));
    EXPECT_EQ(std::tuple(f.departure, f.arrival), std::tuple(wanted.departure, wanted.arrival));
}

TEST(flight_list, of_an_empty_schedule_is_empty)
{
    auto const page = list_flights(schedule(), {});
    EXPECT_TRUE(page.flights.empty());
    EXPECT_FALSE(page.next);
}

TEST(flight_list, looks_no_further_than_asked)
{
    std::vector<flight> flights;
    for (int i = 0; i < 100; ++i) {
        auto f = a_flight("AI101 DEL 2025-12-01T06:00 BOM 08:10");
        f.number = number("AI" + std::to_string(i + 1));
        f.departure += i * 24h;
        f.arrival += i * 24h;
        f.id = flight_id(i + 1);
        flights.push_back(f);
    }
    schedule const s(flights);
    flight_list_query query{.number = number("AI77"), .look_up_to = 20};
    auto const first = list_flights(s, query);
    EXPECT_TRUE(first.flights.empty());
    ASSERT_TRUE(first.next);
    EXPECT_LT(first.next->departure, at("2026-01-01T00:00"));
    query.look_up_to = flight_list_query().look_up_to;
    EXPECT_EQ(ids(s, query), "77");
}

TEST(flight_list, is_what_looking_at_all_flights_finds)
{
    random_source random(printed_seed());
    for (int round = 0; round < 500; ++round) {
        auto const asked = one_of(random, random_days);
        auto flights = random_flights(random, asked);
        std::erase_if(flights, [](auto const& f) { return f.arrival <= f.departure; });
        schedule const s(flights);
        auto const some_time = [&] {
            return utc_time(std::chrono::sys_days(day(asked))) +
                   std::chrono::hours(between(random, -8, 58));
        };
        flight_list_query q{.limit = between<std::size_t>(random, 1, 8)};
        if (chance(random, 0.4)) q.origin = airport(one_of(random, random_airports));
        if (chance(random, 0.4)) q.destination = airport(one_of(random, random_airports));
        if (chance(random, 0.2)) q.number = number("AI" + std::to_string(between(random, 1, 20)));
        if (chance(random, 0.3)) q.departure_from = some_time();
        if (chance(random, 0.3)) q.departure_to = some_time();

        std::vector<flight> wanted;
        std::copy_if(flights.begin(), flights.end(), std::back_inserter(wanted),
                     [&](auto const& f) {
                         return (!q.origin || f.origin == *q.origin) &&
                                (!q.destination || f.destination == *q.destination) &&
                                (!q.number || f.number == *q.number) &&
                                f.departure >= q.departure_from && f.departure < q.departure_to;
                     });
        std::sort(wanted.begin(), wanted.end(), [](auto const& a, auto const& b) {
            return std::tie(a.departure, a.number, a.id) < std::tie(b.departure, b.number, b.id);
        });
        std::string text;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (i > 0) text += i % q.limit == 0 ? " / " : " ";
            text += std::to_string(static_cast<std::int64_t>(wanted[i].id));
        }
        EXPECT_EQ(pages(s, q), text) << "round " << round;

        q.look_up_to = between<std::size_t>(random, 1, 30);
        auto shorter = pages(s, q);
        std::erase(shorter, '/');
        std::erase(shorter, ' ');
        std::erase(text, '/');
        std::erase(text, ' ');
        EXPECT_EQ(shorter, text) << "round " << round;
    }
}

}  // namespace
}  // namespace aircargo::test
