#include "airport_numbers.hpp"
#include "peers.hpp"
#include "walk_solvers.hpp"
#include <boost/graph/adjacency_list.hpp>
#include <ranges>

namespace aircargo::bench {
namespace {

/// Airports and flights as a multigraph. The edges of a vertex are in the order of departure, so
/// that those of a time can be found by bisection.
class walk {
public:
    explicit walk(std::span<flight const> flights) : airports_(flights), graph_(airports_.size())
    {
        for (auto const place : by_departure(flights)) {
            auto const& f = flights[place];
            add_edge(airports_[f.origin], airports_[f.destination], leg::of(flights, place),
                     graph_);
        }
    }

    template <class Use>
    void for_each(question const& q, Use use) const
    {
        auto const destination = airports_[q.destination];
        auto const next_end = seconds_of(q.day.next_end);
        auto const [begin, end] =
            departing(airports_[q.origin], seconds_of(q.day.start), seconds_of(q.day.end));
        for (auto first = begin; first != end; ++first) {
            auto const& one = graph_[*first];
            auto const transit = target(*first, graph_);
            if (transit == destination) {
                use(one, one);
                continue;
            }
            auto const ready = one.arrival + connection;
            if (ready >= next_end) continue;
            auto const [second_begin, second_end] = departing(transit, ready, next_end);
            for (auto second = second_begin; second != second_end; ++second) {
                if (target(*second, graph_) == destination) use(one, graph_[*second]);
            }
        }
    }

private:
    using graph =
        boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, leg>;
    using edges = std::pair<graph::out_edge_iterator, graph::out_edge_iterator>;

    /// The edges of a vertex that depart within [from, until).
    [[nodiscard]] edges departing(std::size_t vertex, seconds32 from, seconds32 until) const
    {
        // The standard bisections would take single steps: for them the iterators are not of random
        // access, since they make descriptors.
        auto const first = out_edges(vertex, graph_).first;
        auto const places = std::views::iota(
            std::ptrdiff_t{0}, static_cast<std::ptrdiff_t>(out_degree(vertex, graph_)));
        auto const place_of = [&](seconds32 t) {
            return *std::ranges::lower_bound(
                places, t, {}, [&](std::ptrdiff_t i) { return graph_[*(first + i)].departure; });
        };
        return {first + place_of(from), first + place_of(until)};
    }

    airport_numbers airports_;
    graph graph_;
};

}  // namespace

entrants flight_walk(std::span<flight const> flights)
{
    return enter(std::make_shared<walk const>(flights), "Boost.Graph walk, an edge a flight");
}

}  // namespace aircargo::bench
