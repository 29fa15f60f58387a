#pragma once

#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/lane.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace aircargo::detail {

/// What a search by bags is about.
struct bag_task {
    airport_index origin;
    airport_index destination;
    seconds32 from;    ///< the first leg departs then or later
    seconds32 until;   ///< and before this
    seconds32 before;  ///< later legs depart before this
    std::size_t max_legs;
    bool
        later_departure_counts;  ///< a journey that leaves later is not beaten by one that does not
};

/// The search by rounds where an earlier landing is not all that counts: round n keeps at every
/// airport a bag of journeys with n legs, none of which is beaten in landing, cost and (if asked
/// for) departure by another one of its bag or of a round before. Looks at flights one by one.
///
/// Where the connection depends on airlines, a journey can also only be beaten by one that came
/// with the same airline, and that has been nowhere where the other one has not been: else the
/// other could go on where the first can not.
///
/// Keeps its memory from task to task.
template <lane_form Lane>
class bag_rounds {
public:
    using network_type = basic_flight_network<Lane>;
    using itinerary_type = basic_itinerary<basic_schedule<Lane>>;

    /// A journey as far as one airport.
    struct label {
        seconds32 departure;  // of the first leg where that counts, else 0
        seconds32 arrival;
        std::int64_t cost;
        std::uint32_t parent;
        flight_place flight;
        std::uint16_t airline;  // where airlines matter, else 0
        std::uint16_t legs;
        bool beaten = false;  // by one of the same round
    };

    /// `cost(flight_view const&)` is what one flight costs, 0 or more.
    template <class Cost>
    void run(network_type const& network, bag_task const& task, Cost const& cost);

    /// The journeys to the destination that none beats.
    [[nodiscard]] std::vector<std::uint32_t> const& found() const noexcept
    {
        return bags_[task_.destination];
    }
    [[nodiscard]] label const& at(std::uint32_t nth) const noexcept { return labels_[nth]; }
    [[nodiscard]] itinerary_type itinerary_at(std::uint32_t nth) const;

private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    using bag = std::vector<std::uint32_t>;

    void begin(network_type const& network, bag_task const& task);
    template <class Cost>
    void start(Cost const& cost);
    template <class Cost>
    void extend(std::uint32_t nth, Cost const& cost);
    template <class Cost>
    void extend_over(Lane const& l, std::uint32_t nth, Cost const& cost);
    template <class Cost>
    [[nodiscard]] label next_label(flight_place place, seconds32 arrival, std::uint32_t parent,
                                   Cost const& cost) const;
    void add(label const& added);
    /// Whether a known journey to the destination beats all that `l` can become when it lands there
    /// at `landing` or later.
    [[nodiscard]] bool is_hopeless(label const& l, seconds32 landing) const noexcept;
    [[nodiscard]] bool beats(label const& a, label const& b) const noexcept;
    [[nodiscard]] bool has_visited(label const& l, airport_index at) const noexcept;
    [[nodiscard]] bool has_been_nowhere_else(label const& a, label const& b) const noexcept;

    network_type const* network_ = nullptr;
    bag_task task_{};
    bounds_row bounds_{nullptr};
    std::vector<label> labels_;
    std::vector<bag> bags_;  // by airport
    std::vector<airport_index> touched_;
};

template <lane_form Lane>
template <class Cost>
void bag_rounds<Lane>::run(network_type const& network, bag_task const& task, Cost const& cost)
{
    begin(network, task);
    if (!bounds_.leads_from(task.origin)) return;
    start(cost);
    std::size_t first = 0;
    for (std::size_t legs = 2; legs <= task.max_legs && first < labels_.size(); ++legs) {
        auto const last = labels_.size();
        for (; first < last; ++first) extend(static_cast<std::uint32_t>(first), cost);
    }
}

template <lane_form Lane>
void bag_rounds<Lane>::begin(network_type const& network, bag_task const& task)
{
    for (auto const at : touched_) bags_[at].clear();
    touched_.clear();
    labels_.clear();
    network_ = &network;
    task_ = task;
    bounds_ = network.least_time_to(task.destination);
    bags_.resize(std::max(bags_.size(), network.schedule().airports().size()));
}

template <lane_form Lane>
template <class Cost>
void bag_rounds<Lane>::start(Cost const& cost)
{
    for (auto const& l : network_->schedule().departures(task_.origin).lanes()) {
        auto const to = l.other_end();
        if (!bounds_.leads_from(to) || (task_.max_legs == 1 && to != task_.destination)) continue;
        for (auto p = l.first_departing(task_.from); p != l.end() && l.departure(p) < task_.until;
             p = l.next(p)) {
            add(next_label({task_.origin, to, p}, l.arrival(p), none, cost));
        }
    }
}

template <lane_form Lane>
template <class Cost>
void bag_rounds<Lane>::extend(std::uint32_t nth, Cost const& cost)
{
    auto const& from = labels_[nth];
    auto const at = from.flight.destination;
    if (from.beaten || at == task_.destination) return;
    if (is_hopeless(from, from.arrival + bounds_[at])) return;
    auto const& s = network_->schedule();
    // The way to the destination first: what it finds spares others.
    if (auto const* const last = s.lane_between(at, task_.destination)) {
        extend_over(*last, nth, cost);
    }
    if (labels_[nth].legs + std::size_t{1} == task_.max_legs) return;
    for (auto const& l : s.departures(at).lanes()) {
        auto const to = l.other_end();
        if (to == task_.destination || !bounds_.leads_from(to)) continue;
        if (!has_visited(labels_[nth], to)) extend_over(l, nth, cost);
    }
}

template <lane_form Lane>
template <class Cost>
void bag_rounds<Lane>::extend_over(Lane const& l, std::uint32_t nth, Cost const& cost)
{
    auto const from = labels_[nth];  // labels move when more come
    auto const at = from.flight.destination;
    auto const to = l.other_end();
    auto const ready = from.arrival + network_->connection_at(at);
    bool const airlines_matter = network_->rule().has_airlines();
    for (auto p = l.first_departing(ready); p != l.end(); p = l.next(p)) {
        auto const departure = l.departure(p);
        if (departure >= task_.before) return;
        if (is_hopeless(from, departure + l.least_block() + bounds_[to])) return;
        if (airlines_matter) {
            auto const& s = network_->schedule();
            auto const connection =
                network_->connection(at, s.at(from.flight).number, l.at(p).number);
            if (departure < from.arrival + connection) continue;
        }
        add(next_label({at, to, p}, l.arrival(p), nth, cost));
    }
}

template <lane_form Lane>
template <class Cost>
auto bag_rounds<Lane>::next_label(flight_place place, seconds32 arrival, std::uint32_t parent,
                                  Cost const& cost) const -> label
{
    auto const flight = network_->schedule().at(place);
    auto const airline = flight.number.airline();
    label next{0, arrival, cost(flight), parent, place, 0, 1};
    if (network_->rule().has_airlines()) {
        next.airline = static_cast<std::uint16_t>(airline[0] * 256 + airline[1]);
    }
    if (parent != none) {
        auto const& from = labels_[parent];
        next.departure = from.departure;
        next.cost += from.cost;
        next.legs = static_cast<std::uint16_t>(from.legs + 1);
    } else if (task_.later_departure_counts) {
        next.departure = network_->schedule().to_seconds(flight.departure);
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
bool bag_rounds<Lane>::is_hopeless(label const& l, seconds32 landing) const noexcept
{
    auto const& found = bags_[task_.destination];
    return std::any_of(found.begin(), found.end(), [&](auto nth) {
        auto const& known = labels_[nth];
        return known.arrival <= landing && known.cost <= l.cost && known.departure >= l.departure &&
               known.legs <= l.legs + 1U;
    });
}

template <lane_form Lane>
bool bag_rounds<Lane>::beats(label const& a, label const& b) const noexcept
{
    if (a.arrival > b.arrival || a.cost > b.cost || a.departure < b.departure) return false;
    if (b.flight.destination == task_.destination || !network_->rule().has_airlines()) return true;
    return a.airline == b.airline && has_been_nowhere_else(a, b);
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
