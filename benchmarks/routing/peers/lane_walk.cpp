#include "airport_numbers.hpp"
#include "peers.hpp"
#include "walk_solvers.hpp"
#include <boost/graph/adjacency_list.hpp>

namespace aircargo::bench {
namespace {

/// Airports and lanes. Edges are added by origin, then destination: so both the edges out of a
/// vertex and those into one are in the order of their other end.
class walk {
public:
    explicit walk(std::span<flight const> flights) : airports_(flights), graph_(airports_.size())
    {
        for (auto& [ends, legs] : lanes_of(flights)) {
            add_edge(airports_[ends.first], airports_[ends.second], std::move(legs), graph_);
        }
    }

    template <class Use>
    void for_each(question const& q, Use use) const
    {
        auto const destination = airports_[q.destination];
        auto [out, out_end] = out_edges(airports_[q.origin], graph_);
        auto [in, in_end] = in_edges(destination, graph_);
        for (; out != out_end; ++out) {
            auto const transit = target(*out, graph_);
            if (transit == destination) {
                direct(q, graph_[*out], use);
                continue;
            }
            while (in != in_end && source(*in, graph_) < transit) ++in;
            if (in != in_end && source(*in, graph_) == transit) {
                pairs(q, graph_[*out], graph_[*in], use);
            }
        }
    }

private:
    using lane = std::vector<leg>;
    using graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS,
                                        boost::no_property, lane>;

    template <class Use>
    static void direct(question const& q, lane const& legs, Use& use)
    {
        auto const end = seconds_of(q.day.end);
        for (auto l = first_departing(legs, seconds_of(q.day.start));
             l != legs.end() && l->departure < end; ++l) {
            use(*l, *l);
        }
    }

    template <class Use>
    static void pairs(question const& q, lane const& firsts, lane const& seconds, Use& use)
    {
        auto const end = seconds_of(q.day.end);
        auto const next_end = seconds_of(q.day.next_end);
        auto first = first_departing(firsts, seconds_of(q.day.start));
        if (first == firsts.end() || first->departure >= end) return;
        auto from = first_departing(seconds, first->arrival + connection);
        for (; first != firsts.end() && first->departure < end; ++first) {
            // Arrivals nearly follow departures: the place is close to the one before.
            auto const ready = first->arrival + connection;
            while (from != seconds.begin() && std::prev(from)->departure >= ready) --from;
            while (from != seconds.end() && from->departure < ready) ++from;
            for (auto second = from; second != seconds.end() && second->departure < next_end;
                 ++second) {
                use(*first, *second);
            }
        }
    }

    airport_numbers airports_;
    graph graph_;
};

}  // namespace

entrants lane_walk(std::span<flight const> flights)
{
    return enter(std::make_shared<walk const>(flights), "Boost.Graph walk, an edge a lane");
}

}  // namespace aircargo::bench
