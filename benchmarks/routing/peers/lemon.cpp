#include "events.hpp"
#include "peers.hpp"
#include <lemon/bin_heap.h>
#include <lemon/dijkstra.h>
#include <lemon/maps.h>
#include <lemon/static_graph.h>
#include <optional>

namespace aircargo::bench {
namespace {

using graph = lemon::StaticDigraph;

/// Where a node is in the heap. Forgets all of them at once: LEMON clears a word of each of all
/// nodes for every search, which here would cost more than the search.
class heap_places {
public:
    using Key = graph::Node;
    using Value = int;

    explicit heap_places(std::size_t nodes) : places_(nodes) {}

    void forget() noexcept { ++search_; }
    void set(graph::Node n, int place)
    {
        if (place != unseen) places_[index(n)] = {search_, place};
    }
    [[nodiscard]] int operator[](graph::Node n) const
    {
        auto const& p = places_[index(n)];
        return p.search == search_ ? p.place : unseen;
    }

private:
    struct place_in_search {
        std::uint32_t search = 0;
        int place = 0;
    };
    static constexpr int unseen = -1;  // BinHeap::PRE_HEAP

    [[nodiscard]] static std::size_t index(graph::Node n)
    {
        return static_cast<std::size_t>(graph::index(n));
    }

    std::vector<place_in_search> places_;
    std::uint32_t search_ = 1;
};

using heap = lemon::BinHeap<int, heap_places>;
static_assert(heap::PRE_HEAP == -1);
using no_predecessors = lemon::NullMap<graph::Node, graph::Arc>;
using lengths = graph::ArcMap<int>;
using search = lemon::Dijkstra<graph, lengths>::SetHeap<heap, heap_places>::Create::SetPredMap<
    no_predecessors>::Create;

class dijkstra final : public solver {
public:
    explicit dijkstra(std::span<flight const> flights)
        : events_(flights),
          built_(built()),
          lengths_(graph_),
          places_(events_.size()),
          heap_(places_),
          search_(graph_, lengths_)
    {
        for (graph::ArcIt a(graph_); a != lemon::INVALID; ++a) {
            lengths_[a] = static_cast<int>(time(graph_.target(a)) - time(graph_.source(a)));
        }
        search_.heap(heap_, places_).predMap(none_);
    }

    void ask(question const& q) override
    {
        arrival_.reset();
        auto const start = seconds_of(q.day.start);
        auto const source = events_.first_departure(events_.airports()[q.origin], start);
        if (source == events::none) return;
        auto const destination = events_.airports()[q.destination];
        places_.forget();
        search_.init();
        search_.addSource(graph::node(static_cast<int>(source)), 0);
        while (!search_.emptyQueue()) {
            auto const next = static_cast<events::event>(graph::index(search_.nextNode()));
            if (events_.is_arrival_at(next, destination)) {
                arrival_ = events_.time(next);
                return;
            }
            search_.processNextNode();
        }
    }
    [[nodiscard]] rows answer() const override
    {
        return arrival_ ? rows{{*arrival_, 0, 0}} : rows{};
    }

private:
    [[nodiscard]] bool built()
    {
        auto const edges = events_.edges();
        std::vector<std::pair<int, int>> arcs(edges.begin(), edges.end());
        graph_.build(static_cast<int>(events_.size()), arcs.begin(), arcs.end());
        return true;
    }
    [[nodiscard]] seconds32 time(graph::Node n) const
    {
        return events_.time(static_cast<events::event>(graph::index(n)));
    }

    events events_;
    graph graph_;
    bool built_;  // the maps below take their size from the graph
    lengths lengths_;
    heap_places places_;
    heap heap_;
    no_predecessors none_;
    search search_;
    std::optional<seconds32> arrival_;
};

}  // namespace

entrants lemon_time_expanded(std::span<flight const> flights)
{
    entrants out;
    out.push_back({.what = task::earliest,
                   .name = "LEMON Dijkstra, time-expanded",
                   .solves = std::make_unique<dijkstra>(flights)});
    return out;
}

}  // namespace aircargo::bench
