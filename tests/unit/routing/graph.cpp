#include "support/all_journeys.hpp"
#include "support/schedule_text.hpp"
#include <aircargo/routing/graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/range/iterator_range.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace aircargo::test {
namespace {

using vertex = boost::graph_traits<lane_graph>::vertex_descriptor;
using edge_type = boost::graph_traits<lane_graph>::edge_descriptor;

BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<lane_graph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<lane_graph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<lane_graph>));
BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<lane_graph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<lane_graph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyMatrixConcept<lane_graph>));
BOOST_CONCEPT_ASSERT(
    (boost::ReadablePropertyGraphConcept<lane_graph, vertex, boost::vertex_index_t>));
BOOST_CONCEPT_ASSERT(
    (boost::ReadablePropertyGraphConcept<lane_graph, edge_type, boost::edge_index_t>));
BOOST_CONCEPT_ASSERT(
    (boost::ReadablePropertyGraphConcept<lane_graph, edge_type, boost::edge_weight_t>));
BOOST_CONCEPT_ASSERT(
    (boost::ReadablePropertyGraphConcept<lane_graph, edge_type, boost::edge_bundle_t>));
static_assert(std::is_trivially_copyable_v<edge_type> && sizeof(edge_type) <= 16);

std::string to_text(edge_type const& e, lane_graph const& g)
{
    return std::string(g[source(e, g)].str()) + '-' + std::string(g[target(e, g)].str());
}

template <class Edges>
std::set<std::string> texts(Edges const& range, lane_graph const& g)
{
    std::set<std::string> all;
    for (auto const& e : boost::make_iterator_range(range)) all.insert(to_text(e, g));
    return all;
}

using names = std::set<std::string>;

std::vector<flight> const some_flights = flights_from_text(
    "AI1 DEL 2025-12-01T06:00 BOM 08:10\n"
    "AI2 DEL 2025-12-01T09:00 BOM 11:00\n"
    "AI3 BOM 2025-12-01T10:10 DEL 12:30\n"
    "AI4 BOM 2025-12-01T10:10 BLR 11:55\n"
    "AI5 DEL 2025-12-01T06:00 BLR 08:40\n");

TEST(lane_graph, has_an_edge_for_each_lane)
{
    schedule const s(some_flights);
    lane_graph const g(s);
    auto const del = *s.find(airport("DEL"));
    auto const bom = *s.find(airport("BOM"));
    auto const blr = *s.find(airport("BLR"));

    EXPECT_EQ(num_vertices(g), 3U);
    EXPECT_EQ(num_edges(g), 4U);
    EXPECT_EQ(texts(edges(g), g), (names{"DEL-BOM", "BOM-DEL", "BOM-BLR", "DEL-BLR"}));
    EXPECT_EQ(texts(out_edges(del, g), g), (names{"DEL-BOM", "DEL-BLR"}));
    EXPECT_EQ(texts(in_edges(blr, g), g), (names{"BOM-BLR", "DEL-BLR"}));
    EXPECT_EQ(out_degree(bom, g), 2U);
    EXPECT_EQ(in_degree(bom, g), 1U);
    EXPECT_EQ(degree(bom, g), 3U);
    EXPECT_EQ(out_degree(blr, g), 0U);
    auto const next = boost::make_iterator_range(adjacent_vertices(del, g));
    EXPECT_EQ((std::set<vertex>(next.begin(), next.end())), (std::set<vertex>{bom, blr}));
}

TEST(lane_graph, tells_lane_code_and_least_block)
{
    schedule const s(some_flights);
    lane_graph const g(s);
    auto const [e, found] = edge(*s.find(airport("DEL")), *s.find(airport("BOM")), g);
    ASSERT_TRUE(found);
    EXPECT_EQ(g[source(e, g)], airport("DEL"));
    EXPECT_EQ(g[e].size(), 2U);
    EXPECT_EQ(&get(boost::edge_bundle, g, e), &g[e]);
    EXPECT_EQ(get(boost::edge_weight, g, e), seconds32{2 * 60 * 60});
    EXPECT_EQ(g[e].other_end(), target(e, g));
    EXPECT_FALSE(edge(*s.find(airport("BLR")), *s.find(airport("BOM")), g).second);
}

TEST(lane_graph, has_no_edge_for_a_lane_whose_flights_were_cancelled)
{
    schedule const before(some_flights);
    auto const s =
        before.with(std::vector{cancel_flight(some_flights[2]), cancel_flight(some_flights[0])})
            .value();
    ASSERT_EQ(s.lane_count(), 4U);
    lane_graph const g(s);
    auto const del = *s.find(airport("DEL"));
    auto const bom = *s.find(airport("BOM"));

    EXPECT_EQ(texts(edges(g), g), (names{"DEL-BOM", "BOM-BLR", "DEL-BLR"}));
    EXPECT_FALSE(edge(bom, del, g).second);
    EXPECT_EQ(in_degree(del, g), 0U);
    EXPECT_EQ(out_degree(bom, g), 1U);
    EXPECT_EQ(num_edges(lane_graph(before)), 4U) << "the schedule before is as it was";
}

TEST(lane_graph, keeps_an_airport_that_lost_its_lanes)
{
    schedule const before(some_flights);
    std::vector<flight_change> all;
    for (auto const& f : some_flights) all.push_back(cancel_flight(f));
    auto const s = before.with(all).value();
    lane_graph const g(s);
    EXPECT_EQ(num_vertices(g), 3U);
    EXPECT_EQ(num_edges(g), 0U);
    auto const [first, last] = edges(g);
    EXPECT_TRUE(first == last);
}

TEST(lane_graph, of_nothing_is_empty)
{
    schedule const s;
    lane_graph const g(s);
    EXPECT_EQ(num_vertices(g), 0U);
    auto const [first, last] = vertices(g);
    EXPECT_TRUE(first == last);
    EXPECT_EQ(num_edges(g), 0U);
}

/// Some flights of a random schedule are cancelled.
schedule thinned_out(random_source& random, std::vector<flight> const& flights)
{
    std::vector<flight_change> changes;
    for (auto const& f : flights) {
        if (chance(random, 0.5)) changes.push_back(cancel_flight(f));
    }
    return schedule(flights).with(changes).value();
}

TEST(lane_graph, agrees_with_itself_on_random_schedules)
{
    random_source random(printed_seed());
    for (int i = 0; i < 500; ++i) {
        auto const s = thinned_out(random, few_flights(random));
        lane_graph const g(s);
        std::set<std::pair<airport_code, airport_code>> flown;
        for (auto const& f : s.flights()) flown.emplace(f.origin, f.destination);
        ASSERT_EQ(num_edges(g), flown.size());

        std::size_t number = 0;
        for (auto const& e : boost::make_iterator_range(edges(g))) {
            ASSERT_EQ(get(boost::edge_index, g, e), number++);
            ASSERT_TRUE(flown.count({g[source(e, g)], g[target(e, g)]}));
            ASSERT_EQ(edge(source(e, g), target(e, g), g), std::pair(e, true));
        }
        std::vector<edge_type> out;
        std::vector<edge_type> in;
        for (auto const v : boost::make_iterator_range(vertices(g))) {
            auto const leaving = boost::make_iterator_range(out_edges(v, g));
            auto const coming = boost::make_iterator_range(in_edges(v, g));
            ASSERT_EQ(leaving.size(), out_degree(v, g));
            ASSERT_EQ(coming.size(), in_degree(v, g));
            for (auto const& e : leaving) ASSERT_EQ(source(e, g), v);
            for (auto const& e : coming) ASSERT_EQ(target(e, g), v);
            out.insert(out.end(), leaving.begin(), leaving.end());
            in.insert(in.end(), coming.begin(), coming.end());
        }
        auto const all = boost::make_iterator_range(edges(g));
        ASSERT_TRUE(std::equal(all.begin(), all.end(), out.begin(), out.end()));
        // Both ways round it is the same edge, with the same number and lane.
        auto const by_number = [](auto const& a, auto const& b) { return a.number < b.number; };
        std::sort(in.begin(), in.end(), by_number);
        ASSERT_TRUE(std::equal(all.begin(), all.end(), in.begin(), in.end(),
                               [](auto const& a, auto const& b) {
                                   return a == b && a.number == b.number && a.lane == b.lane;
                               }));
    }
}

TEST(lane_graph, is_searched_by_dijkstra_with_its_own_weights_both_ways)
{
    schedule const s(some_flights);
    lane_graph const g(s);
    auto const index = get(boost::vertex_index, g);
    std::vector<seconds32> time(num_vertices(g));
    auto const map = boost::make_iterator_property_map(time.begin(), index);

    boost::dijkstra_shortest_paths(g, *s.find(airport("BOM")), boost::distance_map(map));
    EXPECT_EQ(time[*s.find(airport("DEL"))], seconds32{140 * 60});
    EXPECT_EQ(time[*s.find(airport("BLR"))], seconds32{105 * 60});

    auto const backwards = boost::make_reverse_graph(g);
    boost::dijkstra_shortest_paths(backwards, *s.find(airport("BLR")),
                                   boost::distance_map(map).vertex_index_map(index));
    EXPECT_EQ(time[*s.find(airport("DEL"))], seconds32{160 * 60});
    EXPECT_EQ(time[*s.find(airport("BOM"))], seconds32{105 * 60});
}

TEST(lane_graph, tells_where_one_can_not_come_back_from)
{
    schedule const s(some_flights);
    lane_graph const g(s);
    auto const index = get(boost::vertex_index, g);
    std::vector<int> part(num_vertices(g));
    auto const parts =
        boost::strong_components(g, boost::make_iterator_property_map(part.begin(), index));
    EXPECT_EQ(parts, 2);
    EXPECT_EQ(part[*s.find(airport("DEL"))], part[*s.find(airport("BOM"))]);
    EXPECT_NE(part[*s.find(airport("DEL"))], part[*s.find(airport("BLR"))]);
}

}  // namespace
}  // namespace aircargo::test
