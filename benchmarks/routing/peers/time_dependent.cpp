#include "airport_numbers.hpp"
#include "leg.hpp"
#include "peers.hpp"
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/property_map/function_property_map.hpp>
#include <limits>

namespace aircargo::bench {
namespace {

constexpr auto never = std::numeric_limits<seconds32>::max();

/// The flights of an ordered airport pair.
struct lane {
    std::vector<seconds32> departure;
    std::vector<seconds32> least_arrival;  ///< of this flight and all later ones

    explicit lane(std::vector<leg> const& legs = {})
        : departure(legs.size()), least_arrival(legs.size())
    {
        auto least = never;
        for (auto i = legs.size(); i-- > 0;) {
            departure[i] = legs[i].departure;
            least_arrival[i] = least = std::min(least, legs[i].arrival);
        }
    }

    [[nodiscard]] seconds32 arrival_from(seconds32 ready) const
    {
        auto const at = std::lower_bound(departure.begin(), departure.end(), ready);
        return at == departure.end()
                   ? never
                   : least_arrival[static_cast<std::size_t>(at - departure.begin())];
    }
};

using graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, lane>;

[[nodiscard]] graph graph_of(std::span<flight const> flights, airport_numbers const& airports)
{
    std::vector<std::pair<std::size_t, std::size_t>> ends;
    std::vector<lane> lanes;
    for (auto const& [codes, legs] : lanes_of(flights)) {
        ends.emplace_back(airports[codes.first], airports[codes.second]);
        lanes.emplace_back(legs);
    }
    return {boost::edges_are_sorted, ends.begin(), ends.end(), lanes.begin(), airports.size()};
}

struct arrived {};

/// Ends the search at the destination.
class until : public boost::default_dijkstra_visitor {
public:
    explicit until(std::size_t destination) : destination_(destination) {}

    void examine_vertex(std::size_t airport, graph const&) const
    {
        if (airport == destination_) throw arrived();
    }

private:
    std::size_t destination_;
};

/// The distance of an airport is its earliest arrival, the weight of an edge the lane itself, and
/// to combine both is to fly: wait for the connection, take the flight that lands first.
class dijkstra final : public solver {
public:
    explicit dijkstra(std::span<flight const> flights)
        : airports_(flights), graph_(graph_of(flights, airports_)), arrival_(airports_.size())
    {}

    void ask(question const& q) override
    {
        // No connection is needed at the origin: as if cargo had come in just that much earlier.
        auto const start = seconds_of(q.day.start) - connection;
        auto const index = get(boost::vertex_index, graph_);
        auto const fly = [](seconds32 arrival, lane const* l) {
            return arrival == never ? never : l->arrival_from(arrival + connection);
        };
        auto const lane_of = boost::make_function_property_map<graph::edge_descriptor>(
            [this](graph::edge_descriptor e) { return &graph_[e]; });
        destination_ = airports_[q.destination];
        try {
            boost::dijkstra_shortest_paths(
                graph_, airports_[q.origin], boost::dummy_property_map(),
                boost::make_iterator_property_map(arrival_.begin(), index), lane_of, index,
                std::less<>(), fly, never, start, until(destination_));
        } catch (arrived const&) {
            // What arrival_ says of the destination is final.
        }
    }
    [[nodiscard]] rows answer() const override
    {
        auto const arrival = arrival_[destination_];
        return arrival == never ? rows{} : rows{{arrival, 0, 0}};
    }

private:
    airport_numbers airports_;
    graph graph_;
    std::vector<seconds32> arrival_;
    std::size_t destination_ = 0;
};

}  // namespace

entrants time_dependent(std::span<flight const> flights)
{
    entrants out;
    out.push_back({.what = task::earliest,
                   .name = "Boost.Graph Dijkstra, time-dependent",
                   .solves = std::make_unique<dijkstra>(flights)});
    return out;
}

}  // namespace aircargo::bench
