#pragma once

#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/itinerary.hpp>
#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/lane_steps.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace aircargo::detail {

/// What a search for journeys of at most `max_legs` legs is about.
struct journey_task {
    airport_index origin;
    airport_index destination;
    seconds32 before;  ///< later legs depart before this
    std::size_t max_legs;
    seconds32 first_before = never;  ///< the first leg departs before this

    [[nodiscard]] seconds32 before_from(airport_index at) const noexcept
    {
        return at == origin ? first_before : before;
    }
};

/// The search by rounds: round n finds the earliest landing at every airport that n legs reach, by
/// extending what round n - 1 found. An earlier landing with as many legs or fewer is never worse,
/// so one landing an airport and round is enough; and what the lower bounds say can not be in time
/// for a better landing at the destination is not followed, most of it without looking at a flight.
///
/// Landings can be kept from one departure to the one before (`rounds_kept`): what leaves earlier
/// must land earlier to be of use. Else each round forgets the one before.
///
/// Keeps its memory from task to task.
template <lane_form Lane>
class label_rounds {
public:
    using network_type = basic_flight_network<Lane>;
    static constexpr std::size_t max_legs = basic_itinerary<basic_schedule<Lane>>::max_legs;
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    enum class keeping { one_departure, rounds_kept };

    void begin(network_type const& network, journey_task const& task, keeping keep);

    /// The earliest landing at the destination that is known with so many legs or fewer.
    [[nodiscard]] seconds32 best(std::size_t legs) const noexcept { return best_[legs]; }
    /// A journey that was found elsewhere; from now on only better ones count.
    void know(std::size_t legs, seconds32 landing) noexcept { offer(legs, landing, none); }

    /// Finds all that leaves the origin at `ready` or later.
    void run_from(seconds32 ready);
    /// A flight from the origin; `run` goes on from there.
    void start_with(airport_index to, seconds32 landing);
    void run();

    /// Whether the best journey with exactly so many legs came from a round since `begin`.
    [[nodiscard]] bool found(std::size_t legs) const noexcept { return parent_[legs] != none; }
    /// Its airports, from the origin to the destination.
    [[nodiscard]] std::span<airport_index const> airports(std::size_t legs) noexcept;
    /// Forgets that something was found, but not how good it was.
    void take(std::size_t legs) noexcept { parent_[legs] = none; }

private:
    /// A landing from which to go on.
    struct label {
        seconds32 ready;  // for the next departure
        std::uint32_t parent;
        airport_index airport;
    };

    [[nodiscard]] seconds32& landed(std::size_t legs, airport_index at) noexcept
    {
        return landed_[kept_rounds_ == 1 ? at : legs * airport_count_ + at];
    }
    void offer(std::size_t legs, seconds32 landing, std::uint32_t parent) noexcept;
    /// Writes down an earlier landing.
    void improve(std::size_t legs, airport_index at, seconds32 landing) noexcept;
    /// In the round that is being made. \return its place
    std::uint32_t add_label(airport_index at, seconds32 landing, std::uint32_t parent);
    void run_rounds(std::size_t legs);
    void extend(std::uint32_t nth, std::size_t legs);
    void extend_to_destination(label const& from, std::uint32_t nth, std::size_t legs);
    void extend_to_all(label const& from, std::uint32_t nth, std::size_t legs);
    void extend_by_last_two(label const& from, std::uint32_t nth, std::size_t legs);
    void clear();

    network_type const* network_ = nullptr;
    journey_task task_{};
    bounds_row bounds_{nullptr};
    std::size_t airport_count_ = 0;
    std::size_t kept_rounds_ = 0;
    std::vector<seconds32> landed_;       // earliest landing, by round where they are kept
    std::vector<airport_index> touched_;  // whose landings are not `never`
    std::vector<label> labels_;
    std::vector<std::uint32_t> newest_;  // label by airport; anything where there was none
    std::size_t round_ = 0;              // the first label of the newest round
    std::array<seconds32, max_legs + 2> best_{};
    std::array<std::uint32_t, max_legs + 2> parent_{};
    std::array<airport_index, max_legs + 1> airports_{};
};

template <lane_form Lane>
void label_rounds<Lane>::clear()
{
    for (auto const at : touched_) {
        for (std::size_t r = 0; r < kept_rounds_; ++r) landed_[r * airport_count_ + at] = never;
    }
    touched_.clear();
}

template <lane_form Lane>
void label_rounds<Lane>::begin(network_type const& network, journey_task const& task, keeping keep)
{
    clear();
    network_ = &network;
    task_ = task;
    bounds_ = network.least_time_to(task.destination);
    airport_count_ = network.schedule().airports().size();
    kept_rounds_ = keep == keeping::one_departure ? 1 : task.max_legs + 1;
    if (landed_.size() < kept_rounds_ * airport_count_) {
        landed_.resize(kept_rounds_ * airport_count_, never);
    }
    labels_.clear();
    newest_.resize(std::max(newest_.size(), airport_count_));
    round_ = 0;
    best_.fill(never);
    parent_.fill(none);
    // Nobody changes at the origin or at the destination: as if one had always been there.
    improve(0, task.origin, 0);
    improve(0, task.destination, 0);
}

template <lane_form Lane>
void label_rounds<Lane>::offer(std::size_t legs, seconds32 landing, std::uint32_t parent) noexcept
{
    parent_[legs] = parent;
    for (; legs < best_.size() && landing < best_[legs]; ++legs) best_[legs] = landing;
}

template <lane_form Lane>
void label_rounds<Lane>::improve(std::size_t legs, airport_index at, seconds32 landing) noexcept
{
    if (landed(task_.max_legs, at) == never) touched_.push_back(at);
    if (kept_rounds_ == 1) {
        landed_[at] = landing;
        return;
    }
    for (; legs < kept_rounds_ && landing < landed(legs, at); ++legs) landed(legs, at) = landing;
}

template <lane_form Lane>
std::uint32_t label_rounds<Lane>::add_label(airport_index at, seconds32 landing,
                                            std::uint32_t parent)
{
    label const added{landing + network_->connection_at(at), parent, at};
    // A later landing of the same round is of no use any more. One of the round before is: it took
    // one leg less.
    auto& newest = newest_[at];
    if (newest >= round_ && newest < labels_.size() && labels_[newest].airport == at) {
        labels_[newest] = added;
    } else {
        newest = static_cast<std::uint32_t>(labels_.size());
        labels_.push_back(added);
    }
    return newest;
}

template <lane_form Lane>
void label_rounds<Lane>::run_from(seconds32 ready)
{
    labels_.push_back({ready, none, task_.origin});
    round_ = labels_.size() - 1;
    with_wide_vectors([this](auto) { run_rounds(1); });
}

template <lane_form Lane>
void label_rounds<Lane>::start_with(airport_index to, seconds32 landing)
{
    if (landing + bounds_[to] >= best_[2] || landing >= landed(1, to)) return;
    improve(1, to, landing);
    add_label(to, landing, none);
}

template <lane_form Lane>
void label_rounds<Lane>::run()
{
    with_wide_vectors([this](auto) { run_rounds(2); });
    round_ = labels_.size();
}

template <lane_form Lane>
void label_rounds<Lane>::run_rounds(std::size_t legs)
{
    for (; legs <= task_.max_legs && round_ < labels_.size(); ++legs) {
        auto const first = static_cast<std::uint32_t>(round_);
        auto const last = static_cast<std::uint32_t>(labels_.size());
        round_ = last;
        for (auto nth = first; nth < last; ++nth) extend(nth, legs);
    }
}

template <lane_form Lane>
void label_rounds<Lane>::extend(std::uint32_t nth, std::size_t legs)
{
    auto const from = labels_[nth];  // labels move when more come
    bool const is_origin = from.airport == task_.origin;
    if (!is_origin) {
        // Better has been found since the label was made, perhaps.
        auto const landing = from.ready - network_->connection_at(from.airport);
        if (landing + bounds_[from.airport] >= best_[legs]) return;
    }
    extend_to_destination(from, nth, legs);
    if (legs == task_.max_legs) return;
    // A first journey, however long, is a limit for all others.
    if (legs + 1 == task_.max_legs || best_[legs + 1] == never) extend_by_last_two(from, nth, legs);
    if (legs + 1 < task_.max_legs) extend_to_all(from, nth, legs);
}

template <lane_form Lane>
void label_rounds<Lane>::extend_to_destination(label const& from, std::uint32_t nth,
                                               std::size_t legs)
{
    auto const* const l = network_->schedule().lane_between(from.airport, task_.destination);
    if (!l || from.ready + l->least_block() >= best_[legs]) return;
    auto const landing = earliest_landing(*l, from.ready, task_.before_from(from.airport));
    if (landing < best_[legs]) offer(legs, landing, nth);
}

template <lane_form Lane>
void label_rounds<Lane>::extend_to_all(label const& from, std::uint32_t nth, std::size_t legs)
{
    auto const cut = best_[legs + 1];
    auto const* const earliest = &landed(legs, 0);
    for (auto const& l : network_->schedule().departures(from.airport).lanes()) {
        auto const to = l.other_end();
        auto const soonest = from.ready + l.least_block();
        if (soonest >= earliest[to] || soonest + bounds_[to] >= cut) continue;
        auto const landing = earliest_landing(l, from.ready, task_.before_from(from.airport));
        if (landing >= earliest[to] || landing + bounds_[to] >= cut) continue;
        improve(legs, to, landing);
        add_label(to, landing, nth);
    }
}

template <lane_form Lane>
void label_rounds<Lane>::extend_by_last_two(label const& from, std::uint32_t nth, std::size_t legs)
{
    auto const& s = network_->schedule();
    auto const use = [&](Lane const& in, Lane const& out) {
        auto const via = in.other_end();
        auto const cut = best_[legs + 1];
        auto const soonest = from.ready + in.least_block();
        if (soonest >= landed(legs, via) || soonest + bounds_[via] >= cut) return;
        auto const landing = earliest_landing(in, from.ready, task_.before_from(from.airport));
        if (landing >= landed(legs, via) || landing + bounds_[via] >= cut) return;
        improve(legs, via, landing);
        auto const label_there = add_label(via, landing, nth);
        auto const last = earliest_landing(out, labels_[label_there].ready, task_.before);
        if (last < cut) offer(legs + 1, last, label_there);
    };
    s.departures(from.airport).for_each_common(s.arrivals(task_.destination), use);
}

template <lane_form Lane>
std::span<airport_index const> label_rounds<Lane>::airports(std::size_t legs) noexcept
{
    airports_[0] = task_.origin;
    airports_[legs] = task_.destination;
    auto nth = parent_[legs];
    for (auto leg = legs; leg-- > 1; nth = labels_[nth].parent) {
        airports_[leg] = labels_[nth].airport;
    }
    return std::span(airports_).first(legs + 1);
}

}  // namespace aircargo::detail
