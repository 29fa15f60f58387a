#pragma once

#include <aircargo/routing/placed_query.hpp>
#include <aircargo/routing/schedule.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace aircargo::detail {

/// How long the way to a query's destination takes at least with so many legs or fewer: from
/// landing at an airport, over the shortest flight of each lane and the least connection at each
/// transit airport, as if one left whenever needed, around what the query avoids and through what
/// it asks for. Lanes that nobody flies while the query lasts do not count. Nothing that flies on a
/// clock is faster. Keeps its memory from query to query.
template <class Schedule>
class leg_bounds {
public:
    void compute(Schedule const& s, placed_query<Schedule> const& q, std::size_t max_legs);

    /// Seconds; `never` where there is no way.
    /// \param passed whether the cargo was at one of the airports to pass, or there are none
    /// \pre legs <= the `max_legs` computed for
    [[nodiscard]] seconds32 at(airport_index from, std::size_t legs, bool passed) const noexcept
    {
        return rows_[passed][std::min(legs, rounds_) * airports_ + from];
    }

private:
    using row = std::vector<seconds32>;
    /// What is longer only gets a bound that is too low: added to a time, it must stay one.
    static constexpr seconds32 longest = 45 * 24 * 60 * 60;

    /// One leg more in front of what the last round reached.
    void add_round(Schedule const& s, placed_query<Schedule> const& q);
    void fly_in(Schedule const& s, placed_query<Schedule> const& q, airport_index at, bool passed);
    void offer(airport_index from, seconds32 whole, bool passed);

    std::size_t airports_ = 0;
    std::size_t rounds_ = 0;
    std::array<row, 2> rows_;  // by passed; one row of airports a number of legs
    std::array<std::vector<airport_index>, 2> reached_;  // in the last round
    std::array<std::vector<airport_index>, 2> next_;
};

template <class Schedule>
void leg_bounds<Schedule>::compute(Schedule const& s, placed_query<Schedule> const& q,
                                   std::size_t max_legs)
{
    airports_ = s.airports().size();
    rounds_ = 0;
    for (auto& r : rows_) r.assign(airports_, never);
    for (auto& r : reached_) r.clear();
    rows_[true][q.destination] = 0;
    reached_[true].push_back(q.destination);
    while (rounds_ < max_legs && !(reached_[false].empty() && reached_[true].empty())) {
        add_round(s, q);
    }
}

template <class Schedule>
void leg_bounds<Schedule>::add_round(Schedule const& s, placed_query<Schedule> const& q)
{
    for (auto& r : rows_) {
        r.resize((rounds_ + 2) * airports_);
        auto const last = r.begin() + static_cast<std::ptrdiff_t>(rounds_ * airports_);
        std::copy_n(last, airports_, last + static_cast<std::ptrdiff_t>(airports_));
    }
    for (bool const passed : {false, true}) {
        for (auto const at : reached_[passed]) fly_in(s, q, at, passed);
    }
    ++rounds_;
    for (bool const passed : {false, true}) {
        reached_[passed].swap(next_[passed]);
        next_[passed].clear();
    }
}

template <class Schedule>
void leg_bounds<Schedule>::fly_in(Schedule const& s, placed_query<Schedule> const& q,
                                  airport_index at, bool passed)
{
    bool const is_transit = at != q.destination;
    if (is_transit && (at == q.origin || q.avoids(at))) return;
    bool const passes = is_transit && q.is_via(at);
    auto const to_go = rows_[passed][rounds_ * airports_ + at];
    for (auto const& l : s.arrivals(at).lanes()) {
        auto const from = l.other_end();
        bool const flies = l.first_departing(q.start) < l.first_departing(q.next_end);
        if (!flies || from == q.destination) continue;
        auto const whole = std::min(to_go + l.least_block() + q.connection_at(from), longest);
        if (!passes || passed) offer(from, whole, passed);
        if (passes && passed) offer(from, whole, false);
    }
}

template <class Schedule>
void leg_bounds<Schedule>::offer(airport_index from, seconds32 whole, bool passed)
{
    auto const place = (rounds_ + 1) * airports_ + from;
    auto& least = rows_[passed][place];
    if (whole >= least) return;
    // Once a round is enough: until now it is as it was in the last one.
    if (least == rows_[passed][place - airports_]) next_[passed].push_back(from);
    least = whole;
}

}  // namespace aircargo::detail
