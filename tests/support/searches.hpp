#pragma once

#include "support/dijkstra_reference.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/profile.hpp>
#include <optional>
#include <vector>

/// The searches, asked and answering in the words of the reference that they are compared with.
namespace aircargo::test {

template <class Search>
auto earliest_by(Search& search, typename Search::network_type const& network, route_query q)
{
    q.connection = network.rule();
    return search(network, q);
}

template <class Search>
auto profile_by(Search& search, typename Search::network_type const& network, route_query q)
{
    q.connection = network.rule();
    return search(network, q);
}

template <class Itinerary>
journey_worth worth_of(Itinerary const& i)
{
    return {i.departure(), i.stops(), i.arrival()};
}

template <class Itineraries>
std::vector<journey_worth> worths_of(Itineraries const& found)
{
    std::vector<journey_worth> worths;
    for (auto const& i : found) worths.push_back(worth_of(i));
    return worths;
}

/// Whether cargo can fly like this, by the text of the rule.
template <class Itinerary>
bool can_be_flown(Itinerary const& i, route_query const& q, connection_rule const& rule)
{
    auto const legs = i.flights();
    bool good = legs.front().origin == q.origin && legs.back().destination == q.destination &&
                legs.front().departure >= q.day.start && legs.front().departure < q.day.end &&
                i.stops() <= q.max_stops;
    for (std::size_t leg = 1; leg < legs.size(); ++leg) {
        auto const& last = legs[leg - 1];
        auto const& next = legs[leg];
        good = good && next.origin == last.destination && next.departure < q.day.next_end &&
               next.departure >= last.arrival + rule.at(next.origin);
    }
    return good;
}

}  // namespace aircargo::test
