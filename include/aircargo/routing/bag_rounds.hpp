#pragma once

#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/placed_query.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace aircargo::detail {

/// The search by rounds where an earlier landing is not all that counts: round n keeps at every
/// airport a bag of journeys with n legs, none of which is beaten in landing, cost and (if asked
/// for) departure by another one of its bag or of a round before. Looks at flights one by one and
/// knows all that a query can ask for.
///
/// Where it matters how one came to an airport (by which airline, over which stops, until when one
/// may fly on), a journey can only be beaten by one that may go on as it may, and that has been
/// nowhere where it has not been: else the other could go on where the first can not.
///
/// Keeps its memory from query to query.
template <lane_form Lane>
class bag_rounds {
public:
    using network_type = basic_flight_network<Lane>;
    using itinerary_type = basic_itinerary<basic_schedule<Lane>>;
    using placed = placed_query<basic_schedule<Lane>>;

    /// What makes a journey to the destination worth a place in the answer, beside its stops.
    enum class criteria : std::uint8_t { arrival, arrival_and_cost, arrival_and_departure };

    /// A journey as far as one airport.
    struct label {
        seconds32 departure;  // of the first leg where that counts, else 0
        seconds32 arrival;
        seconds32 until;  // the next leg departs before this
        std::int64_t cost;
        std::uint32_t parent;
        flight_place flight;
        std::uint16_t airline;  // where airlines matter, else 0
        std::uint16_t legs;
        bool via;             // has made one of the stops that are asked for
        bool beaten = false;  // by one of the same round
    };

    /// \pre flights cost 0 or more
    void run(network_type const& network, placed const& query, criteria what);

    /// The journeys to the destination that none beats.
    [[nodiscard]] std::vector<std::uint32_t> const& found() const noexcept
    {
        return bags_[query_->destination];
    }
    [[nodiscard]] label const& at(std::uint32_t nth) const noexcept { return labels_[nth]; }
    [[nodiscard]] itinerary_type itinerary_at(std::uint32_t nth) const;

private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    using bag = std::vector<std::uint32_t>;

    void begin(network_type const& network, placed const& query, criteria what);
    void start();
    void extend(std::uint32_t nth);
    void extend_over(Lane const& l, std::uint32_t nth);
    [[nodiscard]] label next_label(flight_place place, seconds32 arrival,
                                   std::uint32_t parent) const;
    void add(label const& added);
    [[nodiscard]] bool is_at_destination(label const& l) const noexcept
    {
        return l.flight.destination == query_->destination;
    }
    [[nodiscard]] bool may_stop_at(airport_index at) const
    {
        return bounds_.leads_from(at) && at != query_->origin && !query_->avoids(at);
    }
    /// Whether all that `l` can become when it lands at the destination at `landing` or later is
    /// beaten by a journey that is known, or not what is asked for.
    [[nodiscard]] bool is_hopeless(label const& l, seconds32 landing) const;
    [[nodiscard]] bool beats(label const& a, label const& b) const noexcept;
    [[nodiscard]] bool may_go_on_as(label const& a, label const& b) const noexcept;
    [[nodiscard]] bool has_visited(label const& l, airport_index at) const noexcept;
    [[nodiscard]] bool has_been_nowhere_else(label const& a, label const& b) const noexcept;

    network_type const* network_ = nullptr;
    placed const* query_ = nullptr;
    criteria what_ = criteria::arrival;
    std::size_t max_legs_ = 0;
    bool keeps_departures_ = false;
    bool the_way_matters_ = false;
    bounds_row bounds_{nullptr};
    std::vector<label> labels_;
    std::vector<bag> bags_;  // by airport
    std::vector<airport_index> touched_;
};

template <lane_form Lane>
void bag_rounds<Lane>::run(network_type const& network, placed const& query, criteria what)
{
    begin(network, query, what);
    if (!bounds_.leads_from(query.origin)) return;
    start();
    std::size_t first = 0;
    for (std::size_t legs = 2; legs <= max_legs_ && first < labels_.size(); ++legs) {
        auto const last = labels_.size();
        for (; first < last; ++first) extend(static_cast<std::uint32_t>(first));
    }
}

template <lane_form Lane>
void bag_rounds<Lane>::begin(network_type const& network, placed const& query, criteria what)
{
    for (auto const at : touched_) bags_[at].clear();
    touched_.clear();
    labels_.clear();
    network_ = &network;
    query_ = &query;
    what_ = what;
    max_legs_ = query.max_legs();
    keeps_departures_ = what == criteria::arrival_and_departure || query.limits_duration();
    the_way_matters_ = query.has_airline_rules() || query.has_via() || query.has_onward_limit();
    bounds_ = network.least_time_to(query.destination);
    bags_.resize(std::max(bags_.size(), network.schedule().airports().size()));
}

template <lane_form Lane>
void bag_rounds<Lane>::start()
{
    for (auto const& l : network_->schedule().departures(query_->origin).lanes()) {
        auto const to = l.other_end();
        bool const is_last = to == query_->destination;
        if (is_last ? !query_->takes_direct() : max_legs_ == 1 || !may_stop_at(to)) continue;
        for (auto p = l.first_departing(query_->start);
             p != l.end() && l.departure(p) < query_->end; p = l.next(p)) {
            if (query_->takes(l, p)) add(next_label({query_->origin, to, p}, l.arrival(p), none));
        }
    }
}

template <lane_form Lane>
void bag_rounds<Lane>::extend(std::uint32_t nth)
{
    auto const& from = labels_[nth];
    auto const at = from.flight.destination;
    if (from.beaten || is_at_destination(from)) return;
    if (is_hopeless(from, from.arrival + bounds_[at])) return;
    auto const& s = network_->schedule();
    // The way to the destination first: what it finds spares others.
    if (auto const* const last = s.lane_between(at, query_->destination);
        last && (from.via || !query_->has_via())) {
        extend_over(*last, nth);
    }
    if (labels_[nth].legs + std::size_t{1} == max_legs_) return;
    for (auto const& l : s.departures(at).lanes()) {
        auto const to = l.other_end();
        if (to == query_->destination || !may_stop_at(to)) continue;
        if (!has_visited(labels_[nth], to)) extend_over(l, nth);
    }
}

template <lane_form Lane>
void bag_rounds<Lane>::extend_over(Lane const& l, std::uint32_t nth)
{
    auto const from = labels_[nth];  // labels move when more come
    auto const at = from.flight.destination;
    auto const to = l.other_end();
    auto const ready = from.arrival + network_->connection_at(at);
    for (auto p = l.first_departing(ready); p != l.end(); p = l.next(p)) {
        auto const departure = l.departure(p);
        if (departure >= from.until) return;
        if (is_hopeless(from, departure + l.least_block() + bounds_[to])) return;
        if (query_->has_airline_rules()) {
            auto const& s = network_->schedule();
            auto const connection =
                network_->connection(at, s.at(from.flight).number, l.at(p).number);
            if (departure < from.arrival + connection) continue;
        }
        if (query_->takes(l, p)) add(next_label({at, to, p}, l.arrival(p), nth));
    }
}

template <lane_form Lane>
auto bag_rounds<Lane>::next_label(flight_place place, seconds32 arrival, std::uint32_t parent) const
    -> label
{
    auto const& s = network_->schedule();
    auto const to = place.destination;
    label next{0, arrival,           query_->onward_end(to, arrival), 0, parent, place, 0,
               1, query_->is_via(to)};
    if (what_ == criteria::arrival_and_cost && query_->query().cost) {
        next.cost = query_->query().cost(s.at(place));
    }
    if (query_->has_airline_rules()) {
        auto const number = s.at(place).number;
        auto const airline = number.airline();
        next.airline = static_cast<std::uint16_t>(airline[0] * 256 + airline[1]);
    }
    if (parent != none) {
        auto const& from = labels_[parent];
        next.departure = from.departure;
        next.cost += from.cost;
        next.legs = static_cast<std::uint16_t>(from.legs + 1);
        next.via = next.via || from.via;
    } else if (keeps_departures_) {
        next.departure = s.lane_between(place.origin, to)->departure(place.position);
    }
    return next;
}

template <lane_form Lane>
void bag_rounds<Lane>::add(label const& added)
{
    auto const at = added.flight.destination;
    if (is_hopeless(added, added.arrival + bounds_[at])) return;
    auto& here = bags_[at];
    for (auto const nth : here) {
        if (beats(labels_[nth], added)) return;
    }
    here.erase(std::remove_if(here.begin(), here.end(),
                              [&](auto nth) {
                                  auto& old = labels_[nth];
                                  old.beaten = old.legs == added.legs && beats(added, old);
                                  return old.beaten;
                              }),
               here.end());
    if (here.empty()) touched_.push_back(at);
    here.push_back(static_cast<std::uint32_t>(labels_.size()));
    labels_.push_back(added);
}

template <lane_form Lane>
bool bag_rounds<Lane>::is_hopeless(label const& l, seconds32 landing) const
{
    if (!query_->takes_times(l.departure, landing)) return true;
    bool const departure_counts = what_ == criteria::arrival_and_departure;
    auto const& found = bags_[query_->destination];
    return std::any_of(found.begin(), found.end(), [&](auto nth) {
        auto const& known = labels_[nth];
        return known.arrival <= landing && known.cost <= l.cost && known.legs <= l.legs + 1U &&
               (!departure_counts || known.departure >= l.departure);
    });
}

template <lane_form Lane>
bool bag_rounds<Lane>::beats(label const& a, label const& b) const noexcept
{
    if (a.arrival > b.arrival || a.cost > b.cost) return false;
    if (is_at_destination(b)) {
        return what_ != criteria::arrival_and_departure || a.departure >= b.departure;
    }
    return a.departure >= b.departure && (!the_way_matters_ || may_go_on_as(a, b));
}

template <lane_form Lane>
bool bag_rounds<Lane>::may_go_on_as(label const& a, label const& b) const noexcept
{
    return a.airline == b.airline && a.until >= b.until && (a.via || !b.via) &&
           has_been_nowhere_else(a, b);
}

template <lane_form Lane>
bool bag_rounds<Lane>::has_visited(label const& l, airport_index at) const noexcept
{
    for (auto const* step = &l;; step = &labels_[step->parent]) {
        if (step->flight.origin == at) return true;
        if (step->parent == none) return false;
    }
}

template <lane_form Lane>
bool bag_rounds<Lane>::has_been_nowhere_else(label const& a, label const& b) const noexcept
{
    for (auto const* step = &a;; step = &labels_[step->parent]) {
        if (!has_visited(b, step->flight.origin)) return false;
        if (step->parent == none) return true;
    }
}

template <lane_form Lane>
auto bag_rounds<Lane>::itinerary_at(std::uint32_t nth) const -> itinerary_type
{
    std::array<flight_place, itinerary_type::max_legs> legs;
    std::size_t const count = labels_[nth].legs;
    for (auto leg = count; leg-- > 0; nth = labels_[nth].parent) legs[leg] = labels_[nth].flight;
    return {network_->schedule(), std::span(legs).first(count)};
}

}  // namespace aircargo::detail
