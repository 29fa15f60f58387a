#include "support/allocations.hpp"
#include "support/random_schedule.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/pareto.hpp>
#include <aircargo/routing/profile.hpp>
#include <aircargo/routing/route_batch.hpp>
#include <aircargo/routing/search.hpp>
#include <gtest/gtest.h>
#include <array>
#include <cstddef>
#include <vector>

namespace aircargo::test {
namespace {

/// Questions that have answers: an explanation why there is none may allocate.
class warm_search : public ::testing::Test {
protected:
    random_source random{printed_seed()};
    schedule const s{wide_flights(random, "2025-12-01")};

    [[nodiscard]] std::vector<route_query> answered(bool choosy)
    {
        std::vector<route_query> queries;
        while (queries.size() < 100) {
            auto q =
                choosy ? choosy_query(random, "2025-12-01") : random_query(random, "2025-12-01");
            q.max_stops = 1;
            auto const answer = search(s, q);
            if (answer.direct_total + answer.transit_total > 0) queries.push_back(q);
        }
        return queries;
    }
    /// The same in all four orders, cut.
    [[nodiscard]] std::vector<route_query> answered_in_order(bool choosy)
    {
        auto queries = answered(choosy);
        std::size_t i = 0;
        for (auto& q : queries) {
            q.order = std::array{route_order::arrival, route_order::departure,
                                 route_order::duration, route_order::cost}[i % 4];
            q.cost = [](flight_view const& f) { return static_cast<std::int64_t>(f.id) % 7; };
            q.limit = std::array<std::size_t, 3>{1, 5, 1000}[i % 3];
            ++i;
        }
        return queries;
    }
};

TEST(counting, sees_allocations)
{
    std::vector<int> values;
    EXPECT_EQ(allocations_when_warm([&] { values = std::vector<int>(100); }), 1U);
}

TEST_F(warm_search, finds_connections_without_allocating)
{
    for (bool const choosy : {false, true}) {
        auto const queries = answered(choosy);
        connections found;
        std::vector<connection_pair> buffer;
        std::size_t pairs = 0;
        EXPECT_EQ(allocations_when_warm([&] {
                      for (auto const& q : queries) {
                          find_connections(s, q, found);
                          pairs += found.copy_to(buffer).size();
                      }
                  }),
                  0U);
        EXPECT_GT(pairs, 100U);
    }
}

TEST_F(warm_search, finds_the_best_without_allocating)
{
    for (bool const choosy : {false, true}) {
        auto const queries = answered_in_order(choosy);
        route_search search;
        route_answer answer;
        std::size_t found = 0;
        EXPECT_EQ(allocations_when_warm([&] {
                      for (auto const& q : queries) {
                          search.run(s, q, answer);
                          found += answer.direct.size() + answer.transit.size();
                      }
                  }),
                  0U);
        EXPECT_GT(found, 100U);
    }
}

TEST_F(warm_search, finds_journeys_of_any_length_without_allocating)
{
    auto queries = answered(false);
    connection_rule by_airline(std::chrono::minutes(90));
    by_airline.set("AI", "AI", std::chrono::minutes(45));
    for (auto& q : queries) {
        q.max_stops = 3;
        q.cost = [](flight_view const& f) { return static_cast<std::int64_t>(f.id) % 7; };
    }
    for (auto const& rule : {connection_rule(), by_airline}) {
        flight_network const network(s, rule);
        for (auto& q : queries) q.connection = rule;
        earliest_search earliest;
        profile_search profile;
        pareto_search pareto;
        std::size_t found = 0;
        EXPECT_EQ(allocations_when_warm([&] {
                      for (auto const& q : queries) found += earliest(network, q) ? 1 : 0;
                  }),
                  0U);
        EXPECT_EQ(allocations_when_warm([&] {
                      for (auto const& q : queries) found += profile(network, q).size();
                  }),
                  0U);
        EXPECT_EQ(allocations_when_warm([&] {
                      for (auto const& q : queries) found += pareto(network, q).size();
                  }),
                  0U);
        EXPECT_GT(found, 300U);
    }
}

TEST_F(warm_search, answers_a_batch_without_allocating)
{
    auto queries = answered(false);
    for (bool const choosy : {false, true}) {
        auto const ordered = answered_in_order(choosy);
        queries.insert(queries.end(), ordered.begin(), ordered.end());
    }
    batch_part part;
    batch_answer answer;
    std::vector<detail::noted_answer> noted(queries.size());
    std::int64_t counted = 0;
    auto const answer_all = [&] {
        part.begin(s, 2);
        answer.offsets.assign(1, 0);
        for (std::size_t i = 0; i < queries.size(); ++i) {
            noted[i] = part.find(queries[i]);
            answer.offsets.push_back(static_cast<std::int64_t>(noted[i].itineraries));
        }
        answer.make_room(2);
        for (std::size_t i = 0; i < queries.size(); ++i) {
            part.write(part, noted[i], queries[i], answer, answer.offsets[i]);
        }
        for (auto const& q : queries) counted += part.count(q);
    };
    EXPECT_EQ(allocations_when_warm(answer_all), 0U);
    EXPECT_GT(answer.itineraries(), 1000U);
    EXPECT_GT(counted, 1000);
}

}  // namespace
}  // namespace aircargo::test
