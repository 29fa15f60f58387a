#include "support/brute_force.hpp"
#include "support/random_schedule.hpp"
#include "support/schedule_text.hpp"
#include <aircargo/service/batch_search.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <stdexcept>
#include <tuple>
#include <vector>

namespace aircargo::test {
namespace {

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

/// Legs, departure, arrival.
using row = std::vector<std::int64_t>;
using rows = std::vector<row>;

rows rows_of(batch_answer const& answer, std::size_t query)
{
    rows out;
    for (auto i = answer.offsets[query]; i < answer.offsets[query + 1]; ++i) {
        auto const at = static_cast<std::size_t>(i);
        auto& r = out.emplace_back();
        for (auto const& column : answer.legs) r.push_back(column[at]);
        while (r.back() == no_leg) r.pop_back();
        r.push_back(answer.departures[at]);
        r.push_back(answer.arrivals[at]);
    }
    return out;
}

row row_of(itinerary const& i)
{
    row r;
    for (auto const id : i.flight_ids()) r.push_back(static_cast<std::int64_t>(id));
    r.push_back(to_epoch(i.departure()));
    r.push_back(to_epoch(i.arrival()));
    return r;
}

/// What a batch must say of a query: both lists of a search in one order, cut at the limit.
rows expected_rows(route_answer const& answer, route_query const& q)
{
    std::vector<itinerary> all = answer.direct;
    all.insert(all.end(), answer.transit.begin(), answer.transit.end());
    std::sort(all.begin(), all.end(),
              [&](auto const& a, auto const& b) { return key_of(a, q) < key_of(b, q); });
    rows out;
    for (auto const& i : all) {
        if (out.size() < q.limit) out.push_back(row_of(i));
    }
    return out;
}

void expect_same(batch_answer const& found, std::vector<route_query> const& queries,
                 schedule const& s)
{
    ASSERT_EQ(found.queries(), queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i) {
        auto const answer = search(s, queries[i]);
        auto expected = expected_rows(answer, queries[i]);
        auto mine = rows_of(found, i);
        if (queries[i].limit == unlimited) {  // then in no particular order
            std::sort(expected.begin(), expected.end());
            std::sort(mine.begin(), mine.end());
        }
        ASSERT_EQ(mine, expected);
        ASSERT_EQ(found.reasons[i],
                  answer.reason ? static_cast<std::int8_t>(*answer.reason) : has_routes);
    }
}

/// A table must hold what columns hold, side by side.
void expect_same(batch_table const& table, batch_answer const& columns)
{
    ASSERT_EQ(table.offsets, columns.offsets);
    ASSERT_EQ(table.reasons, columns.reasons);
    ASSERT_EQ(table.legs, columns.legs.size());
    ASSERT_EQ(table.itineraries(), columns.itineraries());
    for (std::size_t i = 0; i < table.itineraries(); ++i) {
        row expected;
        for (auto const& column : columns.legs) expected.push_back(column[i]);
        expected.push_back(columns.departures[i]);
        expected.push_back(columns.arrivals[i]);
        auto const* const mine = table.cells.data() + i * table.row_size();
        ASSERT_EQ(row(mine, mine + table.row_size()), expected) << "itinerary " << i;
    }
}

std::vector<route_query> some_queries(random_source& random, std::string_view asked)
{
    std::vector<route_query> queries;
    for (auto count = between(random, 0, 60); count > 0; --count) {
        auto& q = queries.emplace_back(chance(random, 0.6) ? random_query(random, asked)
                                                           : choosy_query(random, asked));
        if (chance(random, 0.4)) q.limit = one_of(random, std::array<std::size_t, 4>{0, 1, 3, 20});
        if (chance(random, 0.3))
            q.order = one_of(random, std::array{route_order::departure, route_order::duration});
    }
    return queries;
}

TEST(batch_search, answers_as_single_searches_do_with_any_number_of_threads)
{
    random_source random(printed_seed());
    std::vector<batch_search> batches;  // used again and again
    for (std::size_t threads : {1, 2, 7}) batches.emplace_back(threads);
    batch_answer found;
    batch_table table;
    std::vector<std::int64_t> counts;
    std::int64_t itineraries = 0;
    for (int i = 0; i < 300; ++i) {
        auto const asked = one_of(random, random_days);
        schedule const s(i % 10 == 0 ? wide_flights(random, asked) : random_flights(random, asked));
        auto const queries = some_queries(random, asked);
        auto& batch = batches[static_cast<std::size_t>(i) % batches.size()];

        batch.run(s, queries, found);
        batch.run(s, queries, table);
        batch.count(s, queries, counts);

        expect_same(found, queries, s);
        expect_same(table, found);
        ASSERT_EQ(counts.size(), queries.size());
        for (std::size_t q = 0; q < queries.size(); ++q) {
            auto const answer = search(s, queries[q]);
            ASSERT_EQ(static_cast<std::size_t>(counts[q]),
                      answer.direct_total + answer.transit_total);
        }
        itineraries += found.offsets.back();
    }
    EXPECT_GT(itineraries, 5000);
}

bool same_columns(batch_answer const& a, batch_answer const& b)
{
    auto const same = [&](number_column const& x, number_column const& y) {
        return std::equal(x.data(), x.data() + a.itineraries(), y.data(),
                          y.data() + b.itineraries());
    };
    return a.offsets == b.offsets && a.reasons == b.reasons &&
           std::equal(a.legs.begin(), a.legs.end(), b.legs.begin(), b.legs.end(), same) &&
           same(a.departures, b.departures) && same(a.arrivals, b.arrivals);
}

TEST(batch_search, gives_the_same_columns_with_any_number_of_threads)
{
    random_source random(printed_seed());
    schedule const s(wide_flights(random, "2025-12-01"));
    std::vector<route_query> queries;
    for (int i = 0; i < 2000; ++i) {
        queries.push_back(i % 3 == 0 ? choosy_query(random, "2025-12-01")
                                     : random_query(random, "2025-12-01"));
    }
    batch_answer one;
    batch_search(1).run(s, queries, one);
    for (std::size_t threads : {2, 3, 16}) {
        batch_answer many;
        batch_search(threads).run(s, queries, many);
        ASSERT_TRUE(same_columns(one, many)) << threads;
    }
    EXPECT_GT(one.itineraries(), 10'000U);
}

class small_batch : public ::testing::Test {
protected:
    schedule const s{
        flights_from_text("AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
                          "AI2 DEL 2025-12-01T05:00 BOM 06:00\n"
                          "AI3 BOM 2025-12-01T08:00 BLR 08:30\n"
                          "AI4 BOM 2025-12-01T11:00 BLR 12:00\n")};
    route_query const asked = query("DEL", "BLR", "2025-12-01");
    batch_search batch{2};
    batch_answer found;

    static std::int64_t time(std::string_view text) { return to_epoch(at(text)); }
};

TEST_F(small_batch, puts_the_answers_side_by_side)
{
    batch.run(s, std::vector{asked, query("BOM", "BLR", "2025-12-01")}, found);
    EXPECT_EQ(found.offsets, (std::vector<std::int64_t>{0, 3, 5}));
    EXPECT_EQ(found.reasons, (std::vector<std::int8_t>{has_routes, has_routes}));
    EXPECT_EQ(rows_of(found, 0),
              (rows{{1, time("2025-12-01T06:00"), time("2025-12-01T09:00")},
                    {2, 3, time("2025-12-01T05:00"), time("2025-12-01T08:30")},
                    {2, 4, time("2025-12-01T05:00"), time("2025-12-01T12:00")}}));
}

TEST_F(small_batch, cuts_direct_flights_and_connections_together_in_the_order_of_the_query)
{
    auto cheap = asked;
    cheap.cost = [](flight_view const& f) { return f.number == number("AI1") ? 9 : 1; };
    std::vector<route_query> queries(4, cheap);
    std::array const orders{route_order::arrival, route_order::departure, route_order::duration,
                            route_order::cost};
    for (std::size_t i = 0; i < 4; ++i) {
        queries[i].order = orders[i];
        queries[i].limit = 2;
    }
    batch.run(s, queries, found);
    auto const sizes_of = [&](std::size_t i) {
        auto const all = rows_of(found, i);
        return std::vector{all.at(0).size(), all.at(1).size()};
    };
    using sizes = std::vector<std::size_t>;  // 3: direct, 4: with a stop
    EXPECT_EQ(sizes_of(0), (sizes{4, 3}));
    EXPECT_EQ(sizes_of(1), (sizes{4, 4}));
    EXPECT_EQ(sizes_of(2), (sizes{3, 4}));
    EXPECT_EQ(sizes_of(3), (sizes{4, 4}));
}

TEST_F(small_batch, leaves_no_answer_where_there_is_none_and_says_why)
{
    auto queries =
        std::vector{query("DEL", "XXX", "2025-12-01"), asked, query("DEL", "DEL", "2025-12-01"),
                    query("BLR", "DEL", "2025-12-01")};
    batch.run(s, queries, found);
    EXPECT_EQ(found.offsets, (std::vector<std::int64_t>{0, 0, 3, 3, 3}));
    auto const code = [](no_route reason) { return static_cast<std::int8_t>(reason); };
    EXPECT_EQ(found.reasons,
              (std::vector{code(no_route::unknown_airport), has_routes,
                           code(no_route::same_airport), code(no_route::no_flight_that_day)}));

    for (auto& q : queries) q.explain = false;
    batch.run(s, queries, found);
    EXPECT_EQ(found.reasons,
              (std::vector{not_explained, has_routes, not_explained, not_explained}));
}

TEST_F(small_batch, has_a_column_for_each_leg_that_a_query_allows)
{
    auto deep = asked;
    deep.max_stops = 3;
    batch.run(s, std::vector{asked, deep}, found);
    ASSERT_EQ(found.legs.size(), 4U);
    EXPECT_EQ(found.legs[1][0], no_leg) << "direct";
    EXPECT_EQ(found.legs[1][1], 3);
    for (std::size_t i = 0; i < found.itineraries(); ++i) EXPECT_EQ(found.legs[3][i], no_leg);

    deep.max_stops = unlimited;
    batch.run(s, std::vector{asked, deep}, found);
    EXPECT_EQ(found.legs.size(), itinerary::max_legs);
}

TEST_F(small_batch, may_be_empty)
{
    batch.run(s, std::vector{asked}, found);
    batch.run(s, {}, found);
    EXPECT_EQ(found.queries(), 0U);
    EXPECT_EQ(found.itineraries(), 0U);
    std::vector<std::int64_t> counts{1};
    batch.count(s, {}, counts);
    EXPECT_TRUE(counts.empty());
}

TEST_F(small_batch, lets_the_caller_know_what_goes_wrong_in_any_thread)
{
    auto bad = asked;
    bad.limit = 1;
    bad.order = route_order::cost;
    bad.cost = [](flight_view const&) -> std::int64_t { throw std::bad_alloc(); };
    for (std::size_t where : {0, 999}) {
        std::vector<route_query> queries(1000, asked);
        queries[where] = bad;
        EXPECT_THROW(batch.run(s, queries, found), std::bad_alloc);
    }
    batch.run(s, std::vector{asked}, found);
    EXPECT_EQ(found.offsets.back(), 3) << "and goes on afterwards";
}

}  // namespace
}  // namespace aircargo::test
