#pragma once

#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/schedule.hpp>
#include <boost/graph/adjacency_iterator.hpp>
#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/property_map/function_property_map.hpp>
#include <boost/property_map/property_map.hpp>
#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

namespace aircargo {

/// A lane that somebody flies, as an edge of a graph. Edges are numbered from 0, by origin, then
/// destination, and compare like this too. Cheap to copy.
template <lane_form Lane>
struct lane_edge {
    Lane const* lane = nullptr;  ///< from the origin's board of departures
    std::uint32_t number = 0;
    airport_index origin = 0;
    airport_index destination = 0;

    friend bool operator==(lane_edge const& a, lane_edge const& b) noexcept
    {
        return a.origin == b.origin && a.destination == b.destination;
    }
    friend std::strong_ordering operator<=>(lane_edge const& a, lane_edge const& b) noexcept
    {
        return std::tie(a.origin, a.destination) <=> std::tie(b.origin, b.destination);
    }
};

/// What the property maps of a graph say of an edge.
struct number_of_edge {
    template <class Edge>
    [[nodiscard]] std::size_t operator()(Edge const& e) const noexcept
    {
        return e.number;
    }
};
struct lane_of_edge {
    template <class Edge>
    [[nodiscard]] auto const& operator()(Edge const& e) const noexcept
    {
        return *e.lane;
    }
};
struct least_block_of_edge {
    template <class Edge>
    [[nodiscard]] seconds32 operator()(Edge const& e) const noexcept
    {
        return e.lane->least_block();
    }
};

/// A schedule as Boost.Graph sees one, so that its algorithms run on it unchanged: a vertex is an
/// airport, by its number in the schedule, an edge is a lane. It models IncidenceGraph,
/// BidirectionalGraph, AdjacencyGraph, VertexListGraph, EdgeListGraph and AdjacencyMatrix. A lane
/// whose flights were all cancelled is no edge: nobody flies there. An airport that lost all its
/// lanes stays, so that numbers are those of the schedule.
///
/// | `get(tag, graph)` | is |
/// |---|---|
/// | `vertex_index`, `edge_index` | numbers that start at 0 and leave none out |
/// | `edge_weight` | seconds of the lane's shortest flight |
/// | `edge_bundle`, also `graph[edge]` | the lane itself |
///
/// `graph[vertex]` is the airport's code. Keep what an algorithm writes in vectors, and give it
/// `boost::make_iterator_property_map(vector.begin(), get(boost::vertex_index, graph))`: whether
/// plain pointers are property maps depends on which headers of Boost came first.
///
/// Made in one pass over the lanes, 32 bytes each; copies share that. Points into the schedule,
/// which must outlive it; safe from any number of threads. No search of this library uses it: they
/// are faster, and know when flights leave.
template <lane_form Lane>
class basic_lane_graph {
public:
    using schedule_type = basic_schedule<Lane>;

    using vertex_descriptor = airport_index;
    using edge_descriptor = lane_edge<Lane>;
    using vertex_iterator = boost::counting_iterator<airport_index>;
    using edge_iterator = edge_descriptor const*;
    using out_edge_iterator = edge_iterator;
    using in_edge_iterator = edge_iterator;
    using adjacency_iterator =
        typename boost::adjacency_iterator_generator<basic_lane_graph, vertex_descriptor,
                                                     out_edge_iterator>::type;
    using vertices_size_type = std::size_t;
    using edges_size_type = std::size_t;
    using degree_size_type = std::size_t;
    using directed_category = boost::bidirectional_tag;
    using edge_parallel_category = boost::disallow_parallel_edge_tag;
    struct traversal_category : boost::bidirectional_graph_tag,
                                boost::adjacency_graph_tag,
                                boost::vertex_list_graph_tag,
                                boost::edge_list_graph_tag,
                                boost::adjacency_matrix_tag {};

    explicit basic_lane_graph(schedule_type const& s);

    [[nodiscard]] static vertex_descriptor null_vertex() noexcept
    {
        return static_cast<airport_index>(-1);
    }
    [[nodiscard]] schedule_type const& schedule() const noexcept { return *schedule_; }
    [[nodiscard]] airport_code operator[](vertex_descriptor v) const noexcept
    {
        return schedule_->airports()[v];
    }
    [[nodiscard]] Lane const& operator[](edge_descriptor const& e) const noexcept
    {
        return *e.lane;
    }

    friend auto vertices(basic_lane_graph const& g)
    {
        return std::pair(vertex_iterator(0),
                         vertex_iterator(static_cast<airport_index>(num_vertices(g))));
    }
    friend vertices_size_type num_vertices(basic_lane_graph const& g)
    {
        return g.schedule_->airports().size();
    }
    friend auto edges(basic_lane_graph const& g)
    {
        auto const& all = g.out_->edges;
        return std::pair(edge_iterator(all.data()), edge_iterator(all.data() + all.size()));
    }
    friend edges_size_type num_edges(basic_lane_graph const& g) { return g.out_->edges.size(); }

    friend vertex_descriptor source(edge_descriptor const& e, basic_lane_graph const&)
    {
        return e.origin;
    }
    friend vertex_descriptor target(edge_descriptor const& e, basic_lane_graph const&)
    {
        return e.destination;
    }

    /// By destination.
    friend auto out_edges(vertex_descriptor v, basic_lane_graph const& g) { return g.out_->at(v); }
    /// By origin.
    friend auto in_edges(vertex_descriptor v, basic_lane_graph const& g) { return g.in_->at(v); }
    friend degree_size_type out_degree(vertex_descriptor v, basic_lane_graph const& g)
    {
        return g.out_->degree(v);
    }
    friend degree_size_type in_degree(vertex_descriptor v, basic_lane_graph const& g)
    {
        return g.in_->degree(v);
    }
    friend degree_size_type degree(vertex_descriptor v, basic_lane_graph const& g)
    {
        return g.out_->degree(v) + g.in_->degree(v);
    }
    friend auto adjacent_vertices(vertex_descriptor v, basic_lane_graph const& g)
    {
        auto const [first, last] = out_edges(v, g);
        return std::pair(adjacency_iterator(first, &g), adjacency_iterator(last, &g));
    }
    /// The edge between two airports, and whether there is one.
    friend std::pair<edge_descriptor, bool> edge(vertex_descriptor from, vertex_descriptor to,
                                                 basic_lane_graph const& g)
    {
        auto const [first, last] = out_edges(from, g);
        edge_descriptor const wanted{nullptr, 0, from, to};
        auto const at = std::lower_bound(first, last, wanted);
        return at != last && *at == wanted ? std::pair(*at, true)
                                           : std::pair(edge_descriptor(), false);
    }

    friend auto get(boost::vertex_index_t, basic_lane_graph const&)
    {
        return boost::typed_identity_property_map<vertex_descriptor>();
    }
    friend auto get(boost::edge_index_t, basic_lane_graph const&)
    {
        return boost::function_property_map<number_of_edge, edge_descriptor>();
    }
    friend auto get(boost::edge_weight_t, basic_lane_graph const&)
    {
        return boost::function_property_map<least_block_of_edge, edge_descriptor>();
    }
    friend auto get(boost::edge_bundle_t, basic_lane_graph const&)
    {
        return boost::function_property_map<lane_of_edge, edge_descriptor>();
    }
    template <class Tag, class Key>
    friend decltype(auto) get(Tag tag, basic_lane_graph const& g, Key const& key)
    {
        return get(get(tag, g), key);
    }

private:
    /// Edges by the vertex that they leave, or that they lead to.
    struct edges_by_vertex {
        std::vector<edge_descriptor> edges;
        std::vector<std::uint32_t> first;  // by vertex, and the end

        [[nodiscard]] auto at(vertex_descriptor v) const noexcept
        {
            return std::pair(edge_iterator(edges.data() + first[v]),
                             edge_iterator(edges.data() + first[v + 1U]));
        }
        [[nodiscard]] degree_size_type degree(vertex_descriptor v) const noexcept
        {
            return first[v + 1U] - first[v];
        }
    };

    [[nodiscard]] static edges_by_vertex edges_of(schedule_type const& s);
    [[nodiscard]] static edges_by_vertex turned(edges_by_vertex const& by_origin);

    schedule_type const* schedule_;
    std::shared_ptr<edges_by_vertex const> out_;
    std::shared_ptr<edges_by_vertex const> in_;
};

using lane_graph = basic_lane_graph<lane>;

template <lane_form Lane>
basic_lane_graph<Lane>::basic_lane_graph(schedule_type const& s)
    : schedule_(&s),
      out_(std::make_shared<edges_by_vertex>(edges_of(s))),
      in_(std::make_shared<edges_by_vertex>(turned(*out_)))
{}

template <lane_form Lane>
auto basic_lane_graph<Lane>::edges_of(schedule_type const& s) -> edges_by_vertex
{
    edges_by_vertex out{{}, {0}};
    out.edges.reserve(s.lane_count());
    for (std::size_t v = 0; v < s.airports().size(); ++v) {
        auto const origin = static_cast<airport_index>(v);
        for (auto const& l : s.departures(origin).lanes()) {
            if (l.size() == 0) continue;
            auto const number = static_cast<std::uint32_t>(out.edges.size());
            out.edges.push_back({&l, number, origin, l.other_end()});
        }
        out.first.push_back(static_cast<std::uint32_t>(out.edges.size()));
    }
    return out;
}

template <lane_form Lane>
auto basic_lane_graph<Lane>::turned(edges_by_vertex const& by_origin) -> edges_by_vertex
{
    edges_by_vertex in{std::vector<edge_descriptor>(by_origin.edges.size()),
                       std::vector<std::uint32_t>(by_origin.first.size())};
    for (auto const& e : by_origin.edges) ++in.first[e.destination + 1U];
    std::partial_sum(in.first.begin(), in.first.end(), in.first.begin());
    auto next = in.first;
    for (auto const& e : by_origin.edges) in.edges[next[e.destination]++] = e;
    return in;
}

}  // namespace aircargo

// What `get` returns, for algorithms that ask for it by name.
namespace boost {

template <class Lane>
struct property_map<aircargo::basic_lane_graph<Lane>, vertex_index_t> {
    using type = typed_identity_property_map<aircargo::airport_index>;
    using const_type = type;
};
template <class Lane>
struct property_map<aircargo::basic_lane_graph<Lane>, edge_index_t> {
    using type = function_property_map<aircargo::number_of_edge, aircargo::lane_edge<Lane>>;
    using const_type = type;
};
template <class Lane>
struct property_map<aircargo::basic_lane_graph<Lane>, edge_weight_t> {
    using type = function_property_map<aircargo::least_block_of_edge, aircargo::lane_edge<Lane>>;
    using const_type = type;
};
template <class Lane>
struct property_map<aircargo::basic_lane_graph<Lane>, edge_bundle_t> {
    using type = function_property_map<aircargo::lane_of_edge, aircargo::lane_edge<Lane>>;
    using const_type = type;
};

}  // namespace boost
