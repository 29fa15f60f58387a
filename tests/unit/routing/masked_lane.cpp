#include "support/all_journeys.hpp"
#include "support/brute_force.hpp"
#include "support/random_schedule.hpp"
#include "support/schedule_text.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/masked_lane.hpp>
#include <aircargo/routing/pareto.hpp>
#include <aircargo/routing/profile.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <iostream>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using std::chrono::days, std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

bool same(lane_flight const& a, lane_flight const& b)
{
    return std::tie(a.departure, a.arrival, a.number, a.id, a.airline) ==
           std::tie(b.departure, b.arrival, b.number, b.id, b.airline);
}

/// The same flights in the same order.
void expect_same_flights(lane const& plain, masked_lane const& compact)
{
    ASSERT_EQ(compact.size(), plain.size());
    ASSERT_EQ(compact.least_block(), plain.least_block());
    auto p = plain.begin();
    auto c = compact.begin();
    for (; p != plain.end(); p = plain.next(p)) {
        ASSERT_LT(c, compact.end());
        ASSERT_TRUE(same(compact.at(c), plain.at(p))) << p;
        ASSERT_EQ(compact.departure(c), plain.departure(p));
        ASSERT_EQ(compact.arrival(c), plain.arrival(p));
        ASSERT_EQ(compact.least_arrival(c), plain.least_arrival(p));
        auto const next = compact.next(c);
        ASSERT_LT(c, next);
        c = next;
    }
    ASSERT_EQ(c, compact.end());
}

/// The same answers for the flights that depart from `t` on, and those before `until`.
void expect_same_window(lane const& plain, masked_lane const& compact, seconds32 t, seconds32 until)
{
    auto const p = plain.first_departing(t);
    auto const c = compact.first_departing(t);
    ASSERT_EQ(c == compact.end(), p == plain.end());
    if (p != plain.end()) ASSERT_TRUE(same(compact.at(c), plain.at(p)));
    ASSERT_EQ(compact.count(compact.begin(), c), p);
    ASSERT_EQ(compact.count(c, compact.end()), plain.size() - p);

    auto const plain_last = plain.first_departing(until);
    auto const last = compact.first_departing(until);
    ASSERT_EQ(compact.count(c, last), p < plain_last ? plain_last - p : 0);
    std::vector<masked_lane::position> one_by_one;
    for (auto at = c; at < last; at = compact.next(at)) one_by_one.push_back(at);
    std::vector<masked_lane::position> together(one_by_one.size() + detail::piece_of_run);
    auto const* const end =
        compact.write_each(c, last, together.data(), [](auto position) { return position; });
    together.resize(static_cast<std::size_t>(end - together.data()));
    ASSERT_EQ(together, one_by_one);
}

void expect_same_lanes(schedule const& plain, compact_schedule const& compact,
                       random_source& random)
{
    ASSERT_EQ(compact.flights(), plain.flights());
    ASSERT_EQ(compact.horizon(), plain.horizon());
    auto const end = plain.horizon() ? plain.to_seconds(plain.horizon()->second) : 0;
    for (airport_index a = 0; a < plain.airports().size(); ++a) {
        for (auto const& l : plain.departures(a).lanes()) {
            auto const& c = *compact.lane_between(a, l.other_end());
            ASSERT_NO_FATAL_FAILURE(expect_same_flights(l, c));
            for (int i = 0; i < 20; ++i) {
                auto const t = between<seconds32>(random, 0, end + 2 * day_length);
                auto const until = chance(random, 0.5)
                                       ? t + between<seconds32>(random, 0, 3 * day_length)
                                       : between<seconds32>(random, 0, end + day_length);
                ASSERT_NO_FATAL_FAILURE(expect_same_window(l, c, t, until));
            }
            ASSERT_NO_FATAL_FAILURE(expect_same_window(l, c, 0, never));
            ASSERT_NO_FATAL_FAILURE(expect_same_window(l, c, never, never));
        }
    }
}

void expect_same_lanes(std::vector<flight> const& flights, random_source& random)
{
    compact_schedule const compact(flights);
    ASSERT_EQ(detail::fault_of_bytes<masked_lane>(compact.bytes()), std::nullopt);
    ASSERT_NO_FATAL_FAILURE(expect_same_lanes(schedule(flights), compact, random));
}

flight a_flight_of_some_lane(random_source& random, utc_time departure, seconds block)
{
    bool const out = chance(random, 0.7);
    return {.id = static_cast<flight_id>(between(random, 1, 1'000'000)),
            .number = number("AI" + std::to_string(between(random, 1, 9))),
            .airline_name = chance(random, 0.9) ? "Some" : "Other",
            .origin = airport(out ? "AAA" : "BBB"),
            .destination = airport(out ? "BBB" : "AAA"),
            .departure = departure,
            .arrival = departure + block};
}

/// Flights that mostly repeat: numbers that fly every day, on some days of the week or for a
/// season, move with the clocks of summer, rest for weeks, change their block and are flown twice.
std::vector<flight> repeating_flights(random_source& random, int horizon, bool with_seconds)
{
    std::vector<flight> flights;
    for (int n = between(random, 0, 12); n > 0; --n) {
        auto const summer = between(random, 0, horizon);
        auto const from = between(random, -horizon, horizon);
        auto const until = from + between(random, 1, 2 * horizon);
        auto const week = between(random, 1, 127);
        seconds const clock(with_seconds ? between(random, 0, 86'399)
                                         : 60 * between(random, 0, 1439));
        seconds const block(with_seconds ? between(random, 1, 20'000)
                                         : 60 * between(random, 1, 1600));
        auto f = a_flight_of_some_lane(random, first_day, block);
        for (int d = std::max(from, 0); d < std::min(until, horizon); ++d) {
            if ((week >> (d % 7) & 1) == 0) continue;
            f.departure = first_day + days(d) + clock + hours(d >= summer ? 1 : 0);
            f.arrival = f.departure + block + minutes(chance(random, 0.05) ? 1 : 0);
            for (bool again = true; again; again = chance(random, 0.03)) {
                f.id = static_cast<flight_id>(between(random, 1, 1'000'000));
                flights.push_back(f);
            }
        }
    }
    return flights;
}

/// Flights of which none is like another.
std::vector<flight> unlike_flights(random_source& random, int count, int horizon)
{
    std::vector<flight> flights;
    for (int i = 0; i < count; ++i) {
        auto const departure = first_day + minutes(between(random, 0, horizon * 1440));
        flights.push_back(
            a_flight_of_some_lane(random, departure, minutes(between(random, 1, 600))));
    }
    return flights;
}

TEST(masked_lane, holds_what_a_plain_lane_does)
{
    random_source random(printed_seed());
    for (int i = 0; i < 150; ++i) {
        auto const horizon = one_of(random, std::array{1, 7, 63, 64, 65, 128, 130, 500});
        auto const flights = repeating_flights(random, horizon, chance(random, 0.3));
        ASSERT_NO_FATAL_FAILURE(expect_same_lanes(flights, random)) << horizon;
    }
}

TEST(masked_lane, holds_flights_that_never_repeat)
{
    random_source random(printed_seed());
    for (int i = 0; i < 20; ++i) {
        auto const horizon = one_of(random, std::array{1, 3, 70, 400});
        auto const flights = unlike_flights(random, between(random, 1, 400), horizon);
        ASSERT_NO_FATAL_FAILURE(expect_same_lanes(flights, random)) << horizon;
    }
}

TEST(masked_lane, holds_few_flights_far_apart)
{
    random_source random(printed_seed());
    for (int i = 0; i < 20; ++i) {
        auto const flights = unlike_flights(random, between(random, 1, 4), 20'000);
        ASSERT_NO_FATAL_FAILURE(expect_same_lanes(flights, random));
    }
}

TEST(masked_lane, holds_blocks_of_months)
{
    random_source random(printed_seed());
    std::vector const flights{a_flight_of_some_lane(random, first_day, days(100))};
    ASSERT_NO_FATAL_FAILURE(expect_same_lanes(flights, random));
}

TEST(masked_lane, holds_ids_of_any_size)
{
    random_source random(printed_seed());
    using ids = std::numeric_limits<std::int64_t>;
    for (auto const last : {ids::min(), std::int64_t{-1}, std::int64_t{0}, ids::max()}) {
        for (auto const first : {ids::min(), std::int64_t{7}, last - (last > 0 ? 7 : 0)}) {
            auto flights = unlike_flights(random, 3, 2);
            flights[0].id = flight_id(first);
            flights[2].id = flight_id(last);
            ASSERT_NO_FATAL_FAILURE(expect_same_lanes(flights, random));
        }
    }
}

std::string numbers_and_ids(compact_schedule const& s)
{
    std::string text;
    for (auto const& f : s.flights()) {
        text += std::string(f.number.str()) + ':' +
                std::to_string(static_cast<std::int64_t>(f.id)) + ' ';
    }
    return text;
}

/// Two flights of a number leave together every day, with blocks that differ, and which of them has
/// the lower id changes from day to day.
TEST(masked_lane, keeps_flights_that_leave_together_in_the_order_of_their_ids)
{
    auto flights = flights_from_text(
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI1 DEL 2025-12-01T06:00 BLR 08:00\n"
        "AI0 DEL 2025-12-01T06:00 BLR 08:00\n"
        "AI1 DEL 2025-12-02T06:00 BLR 08:00\n"
        "AI1 DEL 2025-12-02T06:00 BLR 09:00\n");
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(i);
    EXPECT_EQ(numbers_and_ids(compact_schedule(flights)), "AI0:2 AI1:0 AI1:1 AI1:3 AI1:4 ");
}

TEST(masked_lane, keeps_flights_that_only_their_ids_tell_apart)
{
    auto flights = flights_from_text(
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI1 DEL 2025-12-02T06:00 BLR 09:00\n");
    for (std::size_t i = 0; i < flights.size(); ++i) flights[i].id = static_cast<flight_id>(9 - i);
    EXPECT_EQ(numbers_and_ids(compact_schedule(flights)), "AI1:8 AI1:9 AI1:7 ");
}

TEST(masked_lane, is_empty_once_all_is_cancelled)
{
    auto const flights = flights_from_text("AI1 DEL 2025-12-01T06:00 BLR 09:00\n");
    compact_schedule const before(flights);
    auto const after = before.with(std::vector{cancel_flight(flights[0])}).value();
    auto const& l = *after.lane_between(*after.find(airport("DEL")), *after.find(airport("BLR")));
    EXPECT_EQ(l.size(), 0U);
    EXPECT_EQ(l.begin(), l.end());
    EXPECT_EQ(l.first_departing(0), l.end());
    EXPECT_EQ(l.first_departing(never), l.end());
    EXPECT_TRUE(search(after, query("DEL", "BLR", "2025-12-01")).direct.empty());
    EXPECT_EQ(compact_schedule().size(), 0U);
}

template <class Answer>
void expect_same_answer(Answer const& compact, route_answer const& plain)
{
    ASSERT_EQ(ids_of(compact.direct), ids_of(plain.direct));
    ASSERT_EQ(ids_of(compact.transit), ids_of(plain.transit));
    ASSERT_EQ(compact.direct_total, plain.direct_total);
    ASSERT_EQ(compact.transit_total, plain.transit_total);
    ASSERT_EQ(compact.more, plain.more);
    ASSERT_EQ(compact.reason, plain.reason);
}

template <class Answer>
void go_on_behind(Answer const& page, route_query& q)
{
    if (!page.direct.empty()) q.direct_after = key_of(page.direct.back(), q);
    if (!page.transit.empty()) q.transit_after = key_of(page.transit.back(), q);
}

void expect_same_pages(compact_schedule const& compact, schedule const& plain, route_query q)
{
    auto compact_query = q;
    for (bool more = true; more;) {
        auto const expected = search(plain, q);
        auto const page = search(compact, compact_query);
        ASSERT_NO_FATAL_FAILURE(expect_same_answer(page, expected));
        go_on_behind(expected, q);
        go_on_behind(page, compact_query);
        more = expected.more;
    }
}

TEST(compact_schedule, answers_searches_as_the_plain_one_does)
{
    random_source random(printed_seed());
    std::size_t found = 0;
    for (int i = 0; i < 400; ++i) {
        auto const asked = one_of(random, random_days);
        auto const flights = i % 50 == 0    ? wide_flights(random, asked)
                             : i % 50 == 25 ? busy_flights(random, asked)
                                            : random_flights(random, asked);
        schedule const plain(flights);
        compact_schedule const compact(flights);
        for (int k = 0; k < 30; ++k) {
            auto q = k % 2 == 0 ? random_query(random, asked) : choosy_query(random, asked);
            auto const expected = search(plain, q);
            ASSERT_NO_FATAL_FAILURE(expect_same_answer(search(compact, q), expected));
            ASSERT_EQ(count_connections(compact, q), count_connections(plain, q));
            found += expected.direct_total + expected.transit_total;
            q.limit = one_of(random, std::array<std::size_t, 4>{0, 1, 3, 20});
            ASSERT_NO_FATAL_FAILURE(expect_same_answer(search(compact, q), search(plain, q)));
        }
    }
    EXPECT_GT(found, 5'000U);
}

TEST(compact_schedule, has_the_pages_of_the_plain_one)
{
    random_source random(printed_seed());
    for (int i = 0; i < 200; ++i) {
        auto const asked = one_of(random, random_days);
        auto const flights = random_flights(random, asked);
        auto q = i % 2 == 0 ? random_query(random, asked) : choosy_query(random, asked);
        q.limit = between<std::size_t>(random, 1, 7);
        ASSERT_NO_FATAL_FAILURE(expect_same_pages(compact_schedule(flights), schedule(flights), q));
    }
}

TEST(compact_schedule, writes_out_the_pairs_of_the_plain_one)
{
    random_source random(printed_seed());
    std::size_t count = 0;
    basic_connections<compact_schedule> found;
    std::vector<connection_pair> buffer;
    for (int i = 0; i < 50; ++i) {
        auto const asked = one_of(random, random_days);
        auto const flights = i % 2 == 0 ? wide_flights(random, asked) : busy_flights(random, asked);
        auto const q = random_query(random, asked);
        compact_schedule const compact(flights);
        find_connections(compact, q, found);
        auto const pairs = found.copy_to(buffer);
        auto pair = pairs.begin();
        found.for_each([&](auto const&, connection_pair p) { EXPECT_EQ(*pair++, p); });
        EXPECT_EQ(pair, pairs.end());
        ASSERT_EQ(pairs.size(), count_connections(schedule(flights), q));
        count += pairs.size();
    }
    EXPECT_GT(count, 100U);
}

template <lane_form Lane>
std::vector<brute_force::ids> earliest(basic_flight_network<Lane> const& network,
                                       route_query const& q)
{
    basic_earliest_search<Lane> search;
    auto const found = search(network, q);
    if (!found) return {};
    return {found->flight_ids()};
}

template <lane_form Lane>
std::vector<brute_force::ids> profile(basic_flight_network<Lane> const& network,
                                      route_query const& q)
{
    basic_profile_search<Lane> search;
    std::vector<brute_force::ids> all;
    for (auto const& found : search(network, q)) all.push_back(found.flight_ids());
    return all;
}

template <lane_form Lane>
std::vector<brute_force::ids> pareto(basic_flight_network<Lane> const& network,
                                     route_query const& q)
{
    basic_pareto_search<Lane> search;
    std::vector<brute_force::ids> all;
    for (auto const& found : search(network, q)) all.push_back(found.itinerary.flight_ids());
    return all;
}

TEST(compact_schedule, finds_the_journeys_of_the_plain_one)
{
    random_source random(printed_seed());
    std::size_t found = 0;
    for (int i = 0; i < 500; ++i) {
        auto const flights = few_flights(random);
        schedule const plain(flights);
        compact_schedule const compact(flights);
        auto const rule = some_rule(random, chance(random, 0.3));
        basic_flight_network<lane> const plain_network(plain, rule);
        basic_flight_network<masked_lane> const compact_network(compact, rule);
        for (int k = 0; k < 10; ++k) {
            auto q = some_query(random);
            if (chance(random, 0.5)) q.connection = rule;
            q.cost = [](flight_view const& f) { return static_cast<std::int64_t>(f.id) * 7 % 5; };
            ASSERT_EQ(earliest(compact_network, q), earliest(plain_network, q))
                << to_text(flights, q);
            ASSERT_EQ(pareto(compact_network, q), pareto(plain_network, q)) << to_text(flights, q);
            auto const expected = profile(plain_network, q);
            ASSERT_EQ(profile(compact_network, q), expected) << to_text(flights, q);
            found += expected.size();
            q.limit = 5;
            ASSERT_NO_FATAL_FAILURE(expect_same_answer(search(compact, q), search(plain, q)))
                << to_text(flights, q);
        }
    }
    EXPECT_GT(found, 1'000U);
}

flight_change some_change(random_source& random, std::vector<flight>& flights, flight_id fresh)
{
    auto const nth = between<std::size_t>(random, 0, flights.size() - 1);
    auto& f = flights[nth];
    if (chance(random, 0.3)) {
        auto added = f;
        added.id = fresh;
        added.departure += minutes(between(random, 0, 100'000));
        added.arrival = added.departure + minutes(between(random, 1, 600));
        flights.push_back(added);
        return add_flight(added);
    }
    auto const gone = f;
    if (chance(random, 0.5)) {
        flights.erase(flights.begin() + static_cast<std::ptrdiff_t>(nth));
        return cancel_flight(gone);
    }
    f.departure += seconds(between(random, 0, 5'000));
    f.arrival = f.departure + seconds(between(random, 1, 30'000));
    return retime_flight(gone, f.departure, f.arrival);
}

TEST(compact_schedule, changes_as_the_plain_one_does)
{
    random_source random(printed_seed());
    for (int i = 0; i < 20; ++i) {
        auto flights = repeating_flights(random, one_of(random, std::array{3, 90}), false);
        for (std::size_t k = 0; k < flights.size(); ++k) flights[k].id = static_cast<flight_id>(k);
        schedule plain(flights);
        compact_schedule compact(flights);
        for (int k = 0; k < 10 && !flights.empty(); ++k) {
            std::vector const change{some_change(random, flights, flight_id(2'000'000 + k))};
            plain = plain.with(change).value();
            compact = compact.with(change).value();
            ASSERT_NO_FATAL_FAILURE(expect_same_lanes(plain, compact, random));
        }
    }
}

double hot_bytes_a_flight(compact_schedule const& s)
{
    return static_cast<double>(s.hot_memory()) / static_cast<double>(s.size());
}

/// Between `airports` airports, each to each other, `daily` flights a day; after `summer` days
/// their clocks are put forward.
std::vector<flight> daily_flights(int airports, int daily, int horizon, int summer)
{
    auto const place = [](int n) {
        return airport(
            std::string{'A', static_cast<char>('A' + n / 26), static_cast<char>('A' + n % 26)});
    };
    std::vector<flight> flights;
    for (int pair = 0; pair < airports * airports; ++pair) {
        if (pair / airports == pair % airports) continue;
        for (int i = 0; i < daily * horizon; ++i) {
            auto const departure = first_day + days(i / daily) + hours(i / daily >= summer) +
                                   minutes(pair % 300 + i % daily * 170);
            flights.push_back({.id = static_cast<flight_id>(flights.size()),
                               .number = number("AI" + std::to_string(i % daily + 1)),
                               .airline_name = "Some",
                               .origin = place(pair / airports),
                               .destination = place(pair % airports),
                               .departure = departure,
                               .arrival = departure + minutes(90)});
        }
    }
    return flights;
}

TEST(compact_schedule, takes_two_bytes_a_flight_or_less_for_a_month_of_daily_flights)
{
    compact_schedule const s(daily_flights(50, 3, 30, 30));
    std::cout << hot_bytes_a_flight(s) << " bytes a flight are hot, "
              << static_cast<double>(s.bytes().size()) / static_cast<double>(s.size())
              << " of the block in all\n";
    EXPECT_LE(hot_bytes_a_flight(s), 2.0);
    EXPECT_LE(s.bytes().size(), 6 * s.size());
}

TEST(compact_schedule, takes_no_more_for_longer_horizons_and_summer_time)
{
    compact_schedule const s(daily_flights(12, 3, 420, 120));
    std::cout << hot_bytes_a_flight(s) << " bytes a flight are hot\n";
    EXPECT_LE(hot_bytes_a_flight(s), 0.5);
}

TEST(compact_schedule, takes_no_more_than_the_plain_one_where_no_flight_repeats)
{
    random_source random(printed_seed());
    auto const flights = unlike_flights(random, 5'000, 60);
    EXPECT_LE(compact_schedule(flights).hot_memory(), schedule(flights).hot_memory());
}

}  // namespace
}  // namespace aircargo::test
