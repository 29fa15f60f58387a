#pragma once

#include <aircargo/routing/bag_rounds.hpp>
#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/label_rounds.hpp>
#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/lane_steps.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace aircargo {

/// Finds the itinerary that lands first. Of those that land at the same time it is one with the
/// fewest stops, and of those over its airports one whose every flight departs as late as possible;
/// the same question always gets the same answer. No itinerary visits an airport twice.
///
/// Of a query, order, limit, cursors, cost and through flights play no part. Where it filters,
/// tells airlines apart in its rule, limits the onward flight apart or collapses codeshares, an
/// earlier landing can be worth less than a later one. Such a search looks at flights one by one
/// and takes hundreds of times as long; it gives the fewest stops, too, but any departure.
///
/// Keeps its memory from search to search, so that one allocates nothing; for one thread at a time.
template <lane_form Lane>
class basic_earliest_search {
public:
    using network_type = basic_flight_network<Lane>;
    using itinerary_type = basic_itinerary<basic_schedule<Lane>>;

    /// Nothing when no journey is possible; else one that points into the network's schedule.
    [[nodiscard]] std::optional<itinerary_type> operator()(network_type const& network,
                                                           route_query const& query);

private:
    using placed = detail::placed_query<basic_schedule<Lane>>;

    [[nodiscard]] std::optional<itinerary_type> by_flights(network_type const& network,
                                                           placed const& query);

    detail::fitting_network<Lane> network_;
    detail::label_rounds<Lane> rounds_;
    detail::bag_rounds<Lane> bags_;  // where flights are looked at one by one
};

using earliest_search = basic_earliest_search<lane>;

namespace detail {

/// The best journey with one stop or none.
struct short_journey {
    seconds32 direct = never;   ///< landing
    seconds32 landing = never;  ///< with one stop, where that is earlier
    airport_index via{};
};

template <lane_form Lane>
[[nodiscard]] short_journey earliest_short(basic_flight_network<Lane> const& network,
                                           journey_task const& task, seconds32 ready)
{
    short_journey best;
    auto const& s = network.schedule();
    if (auto const* const l = s.lane_between(task.origin, task.destination)) {
        best.direct = earliest_landing(*l, ready, task.before_from(task.origin));
    }
    best.landing = best.direct;
    if (task.max_legs == 1) return best;
    s.for_each_between(
        task.origin, task.destination, [&](airport_index via, Lane const& in, Lane const& out) {
            auto const rest = network.connection_at(via) + out.least_block();
            if (ready + in.least_block() + rest >= best.landing) return;
            auto const first = earliest_landing(in, ready, task.before_from(task.origin));
            if (first == never || first + rest >= best.landing) return;
            auto const last =
                earliest_landing(out, first + network.connection_at(via), task.before);
            if (last >= best.landing) return;
            best.landing = last;
            best.via = via;
        });
    return best;
}

}  // namespace detail

template <lane_form Lane>
auto basic_earliest_search<Lane>::operator()(network_type const& given, route_query const& query)
    -> std::optional<itinerary_type>
{
    auto const& s = given.schedule();
    auto const q = placed::place(s, query);
    if (!q) return std::nullopt;
    auto const& network = network_.of(given, query.connection);
    if (q->is_choosy()) return by_flights(network, *q);
    detail::journey_task const task{q->origin, q->destination, q->next_end, q->max_legs(), q->end};
    detail::departure_limits const limits{q->start, q->end, q->next_end};

    // Most often one stop is enough; and if not, only what is better than that need be looked at.
    detail::short_journey known;
    detail::with_wide_vectors(
        [&](auto) { known = detail::earliest_short(network, task, q->start); });
    if (task.max_legs > 2 && network.least_time_to(q->destination).leads_from(q->origin)) {
        rounds_.begin(network, task, detail::label_rounds<Lane>::keeping::one_departure);
        rounds_.know(1, known.direct);
        rounds_.know(2, known.landing);
        rounds_.run_from(q->start);
        if (auto const landing = rounds_.best(task.max_legs); landing < known.landing) {
            std::size_t legs =
                1;  // fewer than three only where damaged bytes contradict themselves
            while (rounds_.best(legs) > landing) ++legs;
            return detail::latest_flights(network, rounds_.airports(legs), limits, landing);
        }
    }
    if (known.landing == never) return std::nullopt;
    std::array const airports{q->origin, known.via, q->destination};
    std::array const direct{q->origin, q->destination};
    bool const stops = known.landing < known.direct;
    return detail::latest_flights(
        network, stops ? std::span<airport_index const>(airports) : std::span(direct), limits,
        known.landing);
}

template <lane_form Lane>
auto basic_earliest_search<Lane>::by_flights(network_type const& network, placed const& query)
    -> std::optional<itinerary_type>
{
    bags_.run(network, query, detail::bag_rounds<Lane>::criteria::arrival);
    auto const& found = bags_.found();
    if (found.empty()) return std::nullopt;
    // With more stops each is earlier than the ones before.
    return bags_.itinerary_at(found.back());
}

}  // namespace aircargo
