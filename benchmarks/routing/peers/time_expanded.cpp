#include "events.hpp"
#include "peers.hpp"
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <optional>
#include <queue>

namespace aircargo::bench {
namespace {

using graph = boost::compressed_sparse_row_graph<boost::directedS>;

struct arrived {
    events::event at;
};

/// Ends the search at the first arrival at the destination, and remembers what was touched.
class until : public boost::default_bfs_visitor {
public:
    until(events const& e, std::size_t destination, std::vector<events::event>& touched)
        : events_(&e), destination_(destination), touched_(&touched)
    {}

    template <class Vertex>
    void discover_vertex(Vertex v, graph const&) const
    {
        touched_->push_back(static_cast<events::event>(v));
    }
    template <class Vertex>
    void examine_vertex(Vertex v, graph const&) const
    {
        auto const e = static_cast<events::event>(v);
        if (events_->is_arrival_at(e, destination_)) throw arrived{e};
    }

private:
    events const* events_;
    std::size_t destination_;
    std::vector<events::event>* touched_;
};

/// Dijkstra as Boost.Graph defines it, a visit with a priority queue as its buffer. Here a
/// distance is the event's own time and never decreases, so that the queue of the standard library
/// does. `dijkstra_shortest_paths` would clear a word of each of all events for every question.
class dijkstra final : public solver {
public:
    explicit dijkstra(std::span<flight const> flights)
        : events_(flights),
          graph_(boost::edges_are_sorted, events_.edges().begin(), events_.edges().end(),
                 events_.size()),
          colors_(events_.size(), boost::white_color)
    {}

    void ask(question const& q) override
    {
        arrival_.reset();
        auto const source =
            events_.first_departure(events_.airports()[q.origin], seconds_of(q.day.start));
        if (source == events::none) return;
        queue waiting;
        try {
            until const stop(events_, events_.airports()[q.destination], touched_);
            boost::breadth_first_visit(graph_, graph::vertex_descriptor{source}, waiting, stop,
                                       boost::make_iterator_property_map(
                                           colors_.begin(), get(boost::vertex_index, graph_)));
        } catch (arrived const& a) {
            arrival_ = events_.time(a.at);
        }
        for (auto const e : touched_) colors_[e] = boost::white_color;
        touched_.clear();
    }
    [[nodiscard]] rows answer() const override
    {
        return arrival_ ? rows{{*arrival_, 0, 0}} : rows{};
    }

private:
    using queue = std::priority_queue<graph::vertex_descriptor,
                                      std::vector<graph::vertex_descriptor>, std::greater<>>;

    events events_;
    graph graph_;
    std::vector<boost::default_color_type> colors_;
    std::vector<events::event> touched_;
    std::optional<seconds32> arrival_;
};

}  // namespace

entrants time_expanded(std::span<flight const> flights)
{
    entrants out;
    out.push_back({.what = task::earliest,
                   .name = "Boost.Graph Dijkstra, time-expanded",
                   .solves = std::make_unique<dijkstra>(flights)});
    return out;
}

}  // namespace aircargo::bench
