#include "events.hpp"
#include <algorithm>
#include <tuple>

namespace aircargo::bench {

events::events(std::span<flight const> flights) : airports_(flights), departures_(airports_.size())
{
    struct item {
        seconds32 time;
        bool is_departure;
        std::uint32_t place;
    };
    std::vector<item> items;
    items.reserve(2 * flights.size());
    for (std::size_t i = 0; i < flights.size(); ++i) {
        auto const l = leg::of(flights, i);
        items.push_back({l.departure, true, l.place});
        items.push_back({l.arrival, false, l.place});
    }
    std::sort(items.begin(), items.end(), [](item const& a, item const& b) {
        return std::tie(a.time, a.is_departure, a.place) <
               std::tie(b.time, b.is_departure, b.place);
    });

    std::vector<event> departure_of(flights.size());
    std::vector<event> arrival_of(flights.size());
    for (auto const& i : items) {
        auto const e = static_cast<event>(time_.size());
        auto const& f = flights[i.place];
        time_.push_back(i.time);
        if (i.is_departure) {
            departure_of[i.place] = e;
            departures_[airports_[f.origin]].push_back(e);
            lands_at_.push_back(nowhere);
        } else {
            arrival_of[i.place] = e;
            lands_at_.push_back(static_cast<std::uint16_t>(airports_[f.destination]));
        }
    }

    for (std::size_t i = 0; i < flights.size(); ++i) {
        edges_.emplace_back(departure_of[i], arrival_of[i]);
        auto const ready = time_[arrival_of[i]] + connection;
        auto const next = first_departure(airports_[flights[i].destination], ready);
        if (next != none) edges_.emplace_back(arrival_of[i], next);
    }
    for (auto const& all : departures_) {
        for (std::size_t i = 1; i < all.size(); ++i) edges_.emplace_back(all[i - 1], all[i]);
    }
    std::sort(edges_.begin(), edges_.end());
}

events::event events::first_departure(std::size_t airport, seconds32 t) const
{
    auto const& all = departures_[airport];
    auto const at = std::lower_bound(all.begin(), all.end(), t,
                                     [this](event e, seconds32 when) { return time_[e] < when; });
    return at == all.end() ? none : *at;
}

}  // namespace aircargo::bench
