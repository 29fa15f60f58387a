#pragma once

#include <aircargo/core/assert.hpp>
#include <aircargo/routing/connection_rule.hpp>
#include <aircargo/routing/flight_change.hpp>
#include <aircargo/routing/lower_bounds.hpp>
#include <aircargo/routing/placed_query.hpp>
#include <aircargo/routing/schedule.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace aircargo {

/// A schedule under one connection rule, ready for searches with any number of stops: it knows how
/// long a connection takes at each airport, and lower bounds for the time to each destination,
/// which come into being as they are needed. Belongs next to its schedule, which must outlive it;
/// safe from any number of threads.
template <lane_form Lane>
class basic_flight_network {
public:
    using schedule_type = basic_schedule<Lane>;

    explicit basic_flight_network(schedule_type const& s, connection_rule rule = {});
    /// The network after some changes: `s` is the schedule of `before` with them. Keeps every row
    /// of bounds that is still low enough: cancellations and delays leave all of them, a flight
    /// that is new or faster only those that it can not beat.
    basic_flight_network(basic_flight_network const& before, schedule_type const& s,
                         std::span<flight_change const> changes);

    [[nodiscard]] schedule_type const& schedule() const noexcept { return *schedule_; }
    [[nodiscard]] connection_rule const& rule() const noexcept { return rule_; }
    /// Seconds on the ground that no connection at an airport goes below; exactly what one needs
    /// where airlines do not matter.
    [[nodiscard]] seconds32 connection_at(airport_index at) const noexcept
    {
        return connections_[at];
    }
    /// What flights from one airline to another need.
    [[nodiscard]] seconds32 connection(airport_index at, flight_number const& from,
                                       flight_number const& to) const
    {
        if (!rule_.has_airlines()) return connections_[at];
        return detail::to_seconds(
            rule_.between(schedule_->airports()[at], from.airline(), to.airline()));
    }
    [[nodiscard]] bounds_row least_time_to(airport_index destination) const
    {
        return bounds_->to(destination, [&] {
            return detail::least_minutes(*schedule_, connections_, destination);
        });
    }

private:
    /// Whether a row of the network before is still low enough after the changes.
    [[nodiscard]] bool is_low(bounds_row row, schedule_type const& before,
                              std::span<flight_change const> changes) const;

    schedule_type const* schedule_;
    connection_rule rule_;
    std::vector<seconds32> connections_;  // by airport
    std::unique_ptr<lower_bounds> bounds_;
};

using flight_network = basic_flight_network<lane>;

namespace detail {

/// The network that fits a query: the one that was given, or one of its own for another connection
/// rule, which computes its bounds anew. Whoever often asks under a rule has a network for it.
template <lane_form Lane>
class fitting_network {
public:
    [[nodiscard]] basic_flight_network<Lane> const& of(basic_flight_network<Lane> const& given,
                                                       connection_rule const& rule)
    {
        if (rule == given.rule()) return given;
        return own_.emplace(given.schedule(), rule);
    }

private:
    std::optional<basic_flight_network<Lane>> own_;
};

}  // namespace detail

template <lane_form Lane>
basic_flight_network<Lane>::basic_flight_network(schedule_type const& s, connection_rule rule)
    : schedule_(&s),
      rule_(std::move(rule)),
      connections_(s.airports().size(), detail::to_seconds(rule_.least())),
      bounds_(std::make_unique<lower_bounds>(s.airports().size()))
{
    if (rule_.is_standard_everywhere()) return;
    std::transform(s.airports().begin(), s.airports().end(), connections_.begin(),
                   [&](airport_code code) { return detail::to_seconds(rule_.least_at(code)); });
}

template <lane_form Lane>
basic_flight_network<Lane>::basic_flight_network(basic_flight_network const& before,
                                                 schedule_type const& s,
                                                 std::span<flight_change const> changes)
    : basic_flight_network(s, before.rule_)
{
    // A changed schedule has the numbers of the one before, and perhaps a new airport, of which no
    // row knows.
    if (s.airports().size() != before.schedule().airports().size()) return;
    bounds_->take_over(*before.bounds_,
                       [&](bounds_row row) { return is_low(row, before.schedule(), changes); });
}

template <lane_form Lane>
bool basic_flight_network<Lane>::is_low(bounds_row row, schedule_type const& before,
                                        std::span<flight_change const> changes) const
{
    // The bound at an airport is at most that at the next one and the way to there. As long as no
    // lane breaks this, adding up along any journey shows that its bound is low enough.
    return std::all_of(changes.begin(), changes.end(), [&](flight_change const& c) {
        auto const from = *schedule_->find(c.origin);
        auto const to = *schedule_->find(c.destination);
        auto const* const now = schedule_->lane_between(from, to);
        auto const* const then = before.lane_between(from, to);
        if (now->size() == 0) return true;
        if (then && then->size() > 0 && then->least_block() <= now->least_block()) return true;
        if (!row.leads_from(to)) return true;
        if (!row.leads_from(from)) return false;
        // What was rounded off could make the bound at `from` too high by most of a minute.
        return row[from] + 60 <= row[to] + now->least_block() + connections_[from];
    });
}

}  // namespace aircargo
