#include "lane_network.hpp"
#include <algorithm>

namespace aircargo::bench {

lane::lane(std::size_t to, std::vector<leg> const& legs)
    : to_(to), legs_(legs), departures_(legs.size()), best_from_(legs.size())
{
    auto best = static_cast<std::uint32_t>(legs.size() - 1);
    for (auto i = best + 1; i-- > 0;) {
        if (legs[i].arrival < legs[best].arrival) best = i;
        best_from_[i] = best;
        departures_[i] = legs[i].departure;
    }
}

seconds32 lane::arrival_within(seconds32 ready, seconds32 until) const
{
    auto const at = std::lower_bound(departures_.begin(), departures_.end(), ready);
    if (at == departures_.end() || *at >= until) return never;
    auto i = static_cast<std::size_t>(at - departures_.begin());
    auto const& best = legs_[best_from_[i]];
    if (best.departure < until) return best.arrival;
    // Rare: one that departs too late overtakes all of these.
    auto least = never;
    for (; i < legs_.size() && legs_[i].departure < until; ++i) {
        least = std::min(least, legs_[i].arrival);
    }
    return least;
}

lane_network::lane_network(std::span<flight const> flights)
    : airports_(flights), from_(airports_.size())
{
    for (auto const& [ends, legs] : lanes_of(flights)) {
        from_[airports_[ends.first]].emplace_back(airports_[ends.second], legs);
    }
}

void lane_network::departing(std::size_t airport, seconds32 start, seconds32 end,
                             std::vector<start_leg>& out) const
{
    out.clear();
    for (auto const& l : from_[airport]) {
        auto const legs = l.legs();
        auto at = std::lower_bound(legs.begin(), legs.end(), start,
                                   [](leg const& a, seconds32 t) { return a.departure < t; });
        for (; at != legs.end() && at->departure < end; ++at) {
            out.push_back({at->departure, at->arrival, l.to()});
        }
    }
    std::sort(out.begin(), out.end(),
              [](start_leg const& a, start_leg const& b) { return a.departure < b.departure; });
}

}  // namespace aircargo::bench
