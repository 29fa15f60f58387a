#include "support/brute_force.hpp"
#include "support/all_journeys.hpp"
#include "support/random_schedule.hpp"
#include <aircargo/routing/search.hpp>
#include <gtest/gtest.h>
#include <algorithm>

namespace aircargo::test {
namespace {

TEST(route_search, answers_as_brute_force_does_on_random_schedules)
{
    random_source random(printed_seed());
    constexpr int schedules = 1200;
    constexpr int queries = 50;
    std::size_t direct = 0;
    std::size_t transit = 0;
    for (int i = 0; i < schedules; ++i) {
        auto const asked = one_of(random, random_days);
        auto const flights = random_flights(random, asked);
        schedule const s(flights);
        brute_force const reference(flights);
        for (int k = 0; k < queries; ++k) {
            auto const q = random_query(random, asked);
            auto const expected = reference(q);
            auto const answer = search(s, q);
            ASSERT_EQ(ids_of(answer.direct), expected.direct) << to_text(flights, q);
            ASSERT_EQ(ids_of(answer.transit), expected.transit) << to_text(flights, q);
            ASSERT_EQ(answer.direct_total, expected.direct.size());
            ASSERT_EQ(answer.transit_total, expected.transit.size());
            ASSERT_EQ(answer.reason.has_value(),
                      expected.direct.empty() && expected.transit.empty());
            ASSERT_FALSE(answer.more);
            direct += expected.direct.size();
            transit += expected.transit.size();
        }
    }
    // The comparison means something only when there was something to find.
    EXPECT_GT(direct, 10'000U);
    EXPECT_GT(transit, 20'000U);
}

TEST(route_search, answers_choosy_queries_as_brute_force_does)
{
    random_source random(printed_seed());
    std::size_t direct = 0;
    std::size_t transit = 0;
    for (int i = 0; i < 1200; ++i) {
        auto const asked = one_of(random, random_days);
        auto const flights = random_flights(random, asked);
        schedule const s(flights);
        brute_force const reference(flights);
        for (int k = 0; k < 50; ++k) {
            auto q = choosy_query(random, asked);
            auto expected = reference(q);
            auto const answer = search(s, q);
            ASSERT_EQ(ids_of(answer.direct), expected.direct) << to_text(flights, q);
            ASSERT_EQ(ids_of(answer.transit), expected.transit) << to_text(flights, q);
            ASSERT_EQ(answer.reason.has_value(),
                      expected.direct.empty() && expected.transit.empty());
            direct += expected.direct.size();
            transit += expected.transit.size();

            q.limit = 2;
            expected.transit.resize(std::min<std::size_t>(expected.transit.size(), 2));
            ASSERT_EQ(ids_of(search(s, q).transit), expected.transit) << to_text(flights, q);
        }
    }
    EXPECT_GT(direct, 5'000U);
    EXPECT_GT(transit, 5'000U);
}

TEST(route_search, answers_as_brute_force_does_through_hundreds_of_airports)
{
    random_source random(printed_seed());
    std::size_t transit = 0;
    for (int i = 0; i < 20; ++i) {
        auto const asked = one_of(random, random_days);
        auto const flights = wide_flights(random, asked);
        schedule const s(flights);
        brute_force const reference(flights);
        for (int k = 0; k < 20; ++k) {
            auto q = random_query(random, asked);
            auto const expected = reference(q);
            ASSERT_EQ(ids_of(search(s, q).direct), expected.direct) << to_text({}, q);
            ASSERT_EQ(ids_of(search(s, q).transit), expected.transit) << to_text({}, q);
            q.limit = 5;
            auto first = expected.transit;
            first.resize(std::min<std::size_t>(first.size(), 5));
            ASSERT_EQ(ids_of(search(s, q).transit), first) << to_text({}, q);
            transit += expected.transit.size();
        }
    }
    EXPECT_GT(transit, 1000U);
}

TEST(find_connections, finds_the_transits_of_brute_force_without_their_order)
{
    random_source random(printed_seed());
    connections found;  // used again and again, as is the buffer
    std::vector<connection_pair> buffer;
    for (int i = 0; i < 200; ++i) {
        auto const asked = one_of(random, random_days);
        auto const flights = i % 10 == 0   ? wide_flights(random, asked)
                             : i % 10 == 1 ? busy_flights(random, asked)
                                           : random_flights(random, asked);
        schedule const s(flights);
        auto q = random_query(random, asked);
        q.max_stops = 1;
        auto expected = brute_force(flights)(q).transit;

        find_connections(s, q, found);
        auto const pairs = found.copy_to(buffer);
        auto pair = pairs.begin();
        std::vector<brute_force::ids> ids;
        found.for_each([&](auto const& lanes, connection_pair p) {
            ids.push_back({lanes.in->at(p.first).id, lanes.out->at(p.second).id});
            ASSERT_NE(pair, pairs.end());
            ASSERT_EQ(*pair++, p);
        });
        ASSERT_EQ(found.size(), ids.size());
        ASSERT_EQ(pairs.size(), ids.size());
        ASSERT_EQ(count_connections(s, q), ids.size());

        std::sort(expected.begin(), expected.end());
        std::sort(ids.begin(), ids.end());
        ASSERT_EQ(ids, expected) << to_text(i % 10 < 2 ? std::vector<flight>() : flights, q);
    }
}

/// The whole answer, a page of `limit` at a time.
route_answer in_pages(schedule const& s, route_query q, std::size_t limit,
                      route_answer const& whole)
{
    route_answer all;
    q.limit = limit;
    for (bool more = true; more;) {
        auto const page = search(s, q);
        if (all.direct.size() > whole.direct.size() || all.transit.size() > whole.transit.size()) {
            ADD_FAILURE() << "pages repeat themselves";
            break;
        }
        EXPECT_LE(page.direct.size(), limit);
        EXPECT_LE(page.transit.size(), limit);
        all.direct.insert(all.direct.end(), page.direct.begin(), page.direct.end());
        all.transit.insert(all.transit.end(), page.transit.begin(), page.transit.end());
        all.direct_total = page.direct_total;
        all.transit_total = page.transit_total;
        if (!page.direct.empty()) q.direct_after = key_of(page.direct.back(), q);
        if (!page.transit.empty()) q.transit_after = key_of(page.transit.back(), q);
        more = page.more;
    }
    return all;
}

TEST(route_search, gives_in_pages_what_it_gives_as_a_whole)
{
    random_source random(printed_seed());
    std::size_t found = 0;
    for (int i = 0; i < 600; ++i) {
        auto const asked = one_of(random, random_days);
        schedule const s(random_flights(random, asked));
        auto const q = i % 2 == 0 ? random_query(random, asked) : choosy_query(random, asked);
        auto const whole = search(s, q);
        for (std::size_t limit : {1, 2, 7, 1000}) {
            auto const paged = in_pages(s, q, limit, whole);
            ASSERT_EQ(ids_of(paged.direct), ids_of(whole.direct))
                << to_text({}, q) << "limit " << limit;
            ASSERT_EQ(ids_of(paged.transit), ids_of(whole.transit))
                << to_text({}, q) << "limit " << limit;
            ASSERT_EQ(paged.direct_total, whole.direct_total);
            ASSERT_EQ(paged.transit_total, whole.transit_total);
        }
        found += whole.direct_total + whole.transit_total;
    }
    EXPECT_GT(found, 300U);
}

TEST(route_search, finds_with_more_stops_what_brute_force_finds)
{
    random_source random(printed_seed());
    route_search search_again;  // used again and again, as is the answer
    route_answer found;
    std::size_t deep = 0;
    for (int i = 0; i < 4000; ++i) {
        auto const flights = few_flights(random);
        schedule const s(flights);
        brute_force const reference(flights);
        auto q = some_query(random);
        q.max_stops = between<std::size_t>(random, 2, 5);
        q.order = one_of(random, std::array{route_order::arrival, route_order::departure,
                                            route_order::duration, route_order::cost});
        q.cost = [](flight_view const& f) { return static_cast<std::int64_t>(f.id) * 7 % 5; };
        auto const expected = reference(q);
        search_again.run(s, q, found);
        ASSERT_EQ(ids_of(found.transit), expected.transit) << to_text(flights, q);
        ASSERT_EQ(ids_of(found.direct), expected.direct) << to_text(flights, q);
        ASSERT_EQ(found.reason.has_value(), expected.transit.empty() && expected.direct.empty());
        auto const whole = found;
        for (std::size_t limit : {1, 3, 20}) {
            auto const paged = in_pages(s, q, limit, whole);
            ASSERT_EQ(ids_of(paged.transit), expected.transit) << to_text(flights, q) << limit;
        }
        for (auto const& j : found.transit) deep += j.stops() > 1 ? 1 : 0;
    }
    EXPECT_GT(deep, 1000U);
}

TEST(route_search, says_that_there_is_more_only_when_there_is)
{
    auto const flights = [] {
        std::vector<flight> two{a_flight("AI1 DEL 2025-12-01T06:00 BLR 09:00"),
                                a_flight("AI2 DEL 2025-12-01T07:00 BLR 10:00")};
        two[0].id = flight_id(1);
        two[1].id = flight_id(2);
        return two;
    }();
    schedule const s(flights);
    utc_time const start = std::chrono::sys_days(day("2025-12-01"));
    route_query q{.origin = airport("DEL"),
                  .destination = airport("BLR"),
                  .day = {start, start + std::chrono::hours(24), start + std::chrono::hours(48)}};

    q.limit = 2;
    EXPECT_FALSE(search(s, q).more);
    q.limit = 1;
    EXPECT_TRUE(search(s, q).more);
    q.limit = 0;
    EXPECT_TRUE(search(s, q).more);
    EXPECT_TRUE(search(s, q).direct.empty());
    EXPECT_EQ(search(s, q).direct_total, 2U);
}

}  // namespace
}  // namespace aircargo::test
