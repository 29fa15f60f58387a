#pragma once

#include <aircargo/routing/placed_query.hpp>
#include <aircargo/routing/wide_vectors.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace aircargo {

/// A first and a second leg: positions in the lanes of a transit airport.
struct connection_pair {
    std::uint32_t first;
    std::uint32_t second;

    friend bool operator==(connection_pair const&, connection_pair const&) = default;
};

/// One first leg and the second legs that it reaches: positions [second, last) of the lane out.
struct connection_run {
    std::uint32_t first;
    std::uint32_t second;
    std::uint32_t last;
};

namespace detail {

/// Calls `use(transit_lanes)` for every transit airport between origin and destination. What a lane
/// needs lies in three places that point to each other; asking for those of several lanes before
/// any is used lets the memory work on all of them at once.
template <class Schedule, class Use>
void for_each_transit(Schedule const& s, placed_query<Schedule> const& q, Use use)
{
    using lane_type = typename Schedule::lane_type;
    std::array<transit_lanes<lane_type>, 48> ahead;
    std::size_t count = 0;
    auto const use_all = [&] {
        auto const lanes = std::span(ahead).first(count);
        for (auto const& [via, in, out] : lanes) {
            in->prefetch_day(q.start);
            out->prefetch_day(q.start);
        }
        for (auto const& [via, in, out] : lanes) {
            in->prefetch_flights(q.start);
            out->prefetch_departures(q.start);
        }
        for (auto const& l : lanes) use(l);
        count = 0;
    };
    s.for_each_between(q.origin, q.destination,
                       [&](airport_index via, lane_type const& in, lane_type const& out) {
                           ahead[count++] = {via, &in, &out};
                           if (count == ahead.size()) use_all();
                       });
    use_all();
}

/// Which flights connect at a transit airport: first legs [first, first_end), second legs up to
/// `last`.
template <class Lane>
struct found_seconds {
    typename Lane::position first;
    typename Lane::position first_end;
    typename Lane::position last;
    std::size_t itineraries = 0;
};

/// Finds for each first leg of the asked day the second leg from which on they leave the airport in
/// time, and writes its position; `last` where none does. \pre room for all first legs
template <class Vectors, class Schedule>
[[nodiscard]] auto find_seconds(Vectors, placed_query<Schedule> const& q,
                                transit_lanes<typename Schedule::lane_type> const& lanes,
                                seconds32 least, std::uint32_t* to)
{
    auto const& [via, in, out] = lanes;
    found_seconds<typename Schedule::lane_type> found{
        in->first_departing(q.start), in->first_departing(q.end), out->first_departing(q.next_end)};
    for (auto first = found.first; first < found.first_end; first = in->next(first)) {
        auto const second = std::min(out->first_departing(in->arrival(first) + least), found.last);
        *to++ = second;
        found.itineraries += out->count(second, found.last);
    }
    return found;
}

/// The same in plain lanes, where times lie side by side.
template <class Vectors>
[[nodiscard]] found_seconds<lane> find_seconds(Vectors, placed_query<basic_schedule<lane>> const& q,
                                               transit_lanes<lane> const& lanes, seconds32 least,
                                               std::uint32_t* to)
{
    auto const& [via, in, out] = lanes;
    auto const first_at = [](lane const& l, seconds32 day, seconds32 t) {
        auto const flights = l.on_day(day);
        return Vectors::first_not_below(l.departures(), flights.begin, flights.end, t);
    };
    auto const first = first_at(*in, q.days.start, q.start);
    auto const first_end = first_at(*in, q.days.end, q.end);
    if (first >= first_end) return {first, first, 0};
    auto const last = first_at(*out, q.days.next_end, q.next_end);
    // Nobody lands sooner than the day's first flight could at best.
    auto const soonest = q.start + in->least_block() + least;
    auto const begin = std::min(out->on_day(soonest / day_length).begin, last);
    auto const* const arrivals = in->arrivals();
    std::uint32_t missed = 0;
    Vectors::with_window(out->departures() + begin, last - begin, [&](auto const& below) {
        for (auto p = first; p < first_end; ++p) {
            auto const early = below(arrivals[p] + least);
            *to++ = begin + early;
            missed += early;
        }
    });
    return {first, first_end, last, std::size_t{first_end - first} * (last - begin) - missed};
}

/// Writes a first leg with all second legs of [second, last). \return the end of the pairs
/// \pre room for a piece more than the pairs
template <class Vectors, class Lane>
[[nodiscard]] connection_pair* write_pairs(Vectors, Lane const& out, connection_run const& run,
                                           connection_pair* to)
{
    return out.write_each(run.second, run.last, to, [&](auto second) {
        return connection_pair{run.first, second};
    });
}

/// Positions of a plain lane follow each other. Runs are short and of any length, so the branch
/// that ends them is the dearest part: writing pieces of a fixed size takes it once for most.
template <class Vectors>
[[nodiscard]] connection_pair* write_pairs(Vectors, lane const&, connection_run const& run,
                                           connection_pair* to)
{
    auto const count = run.last - run.second;
    std::uint32_t done = 0;
    do {
        Vectors::store_steps(to + done, run.first, run.second + done);
        done += piece_of_run;
    } while (done < count);
    return to + count;
}

/// Calls `use(run)` for each single connection of `run` that a choosy query takes.
template <class Schedule, class Use>
void for_each_taken(placed_query<Schedule> const& q,
                    transit_lanes<typename Schedule::lane_type> const& lanes,
                    connection_run const& run, Use use)
{
    auto const& [via, in, out] = lanes;
    if (!q.takes_transit(via) || !q.takes(*in, run.first)) return;
    auto const until = q.onward_end(via, in->arrival(run.first));
    auto const last = std::min(run.last, out->first_departing(until));
    for (auto second = run.second; second < last; second = out->next(second)) {
        if (q.takes_times(in->departure(run.first), out->arrival(second)) &&
            q.takes(*out, second) && q.connects(lanes, run.first, second)) {
            use(connection_run{run.first, second, out->next(second)});
        }
    }
}

}  // namespace detail

/// All one-stop itineraries of a query, in no particular order: for each first leg the second legs
/// that it reaches, which takes a twentieth of the memory and half the time of writing the pairs
/// out. Keep one and use it again: then a search allocates nothing.
template <class Schedule>
class basic_connections {
public:
    using lane_type = typename Schedule::lane_type;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// There are no more runs than this.
    [[nodiscard]] std::size_t most_runs() const noexcept { return chosen_.size() + firsts_; }

    /// Calls `use(transit_lanes, connection_run)` for each first leg and the second legs that it
    /// reaches; where single connections had to be chosen, for each of them.
    template <class Use>
    void for_each_run(Use use) const
    {
        for (auto const& g : groups_) {
            auto const* second = seconds_.data() + g.begin;
            for (auto first = g.first; first < g.first_end; first = g.lanes.in->next(first)) {
                connection_run const run{first, *second++, g.last};
                if (run.second < run.last) use(g.lanes, run);
            }
        }
        for (auto const& g : chosen_groups_) {
            for (auto const& run : std::span(chosen_).subspan(g.begin, g.count)) use(g.lanes, run);
        }
    }
    /// Calls `use(transit_lanes, connection_pair)` for each itinerary.
    template <class Use>
    void for_each(Use use) const
    {
        for_each_run([&](auto const& lanes, connection_run const& run) {
            for (auto second = run.second; second < run.last; second = lanes.out->next(second)) {
                use(lanes, connection_pair{run.first, second});
            }
        });
    }
    /// Writes the pairs to the beginning of `buffer`, in the order of `for_each`; it grows where it
    /// is too small. \return the pairs in it
    std::span<connection_pair const> copy_to(std::vector<connection_pair>& buffer) const
    {
        // Runs are written in whole pieces, so the last one may reach beyond the pairs.
        auto const room = size_ + detail::piece_of_run;
        if (buffer.size() < room) buffer.resize(room);
        detail::with_wide_vectors([this, to = buffer.data()](auto vectors) mutable {
            for_each_run([&](auto const& lanes, connection_run const& run) {
                to = detail::write_pairs(vectors, *lanes.out, run, to);
            });
        });
        return std::span(buffer).first(size_);
    }

    void clear() noexcept
    {
        groups_.clear();
        chosen_groups_.clear();
        chosen_.clear();
        size_ = firsts_ = 0;
    }
    /// Finds all one-stop itineraries of a query; limit, order and cursors play no part.
    void find(Schedule const& s, detail::placed_query<Schedule> const& query);

private:
    using lanes_type = detail::transit_lanes<lane_type>;
    /// What connects at one airport: first legs [first, first_end), and for each its second legs,
    /// from `seconds_[begin + n]` until `last`.
    struct group {
        lanes_type lanes;
        typename lane_type::position first;
        typename lane_type::position first_end;
        typename lane_type::position last;
        std::uint32_t begin;
    };
    struct chosen_group {
        lanes_type lanes;
        std::uint32_t begin;
        std::uint32_t count;
    };

    [[gnu::noinline]] void make_room(std::size_t seconds) { seconds_.resize(2 * seconds); }
    template <class Vectors>
    void find_all(Vectors vectors, Schedule const& s, detail::placed_query<Schedule> const& query);
    void choose(detail::placed_query<Schedule> const& query);

    std::vector<group> groups_;
    std::vector<std::uint32_t> seconds_;  // positions; behind those of the last group anything
    std::size_t size_ = 0;
    std::size_t firsts_ = 0;  // first legs in all groups
    std::vector<chosen_group> chosen_groups_;
    std::vector<connection_run> chosen_;
};

template <class Schedule>
void basic_connections<Schedule>::find(Schedule const& s,
                                       detail::placed_query<Schedule> const& query)
{
    clear();
    detail::with_wide_vectors([&](auto vectors) { find_all(vectors, s, query); });
    if (query.is_choosy()) choose(query);
}

template <class Schedule>
template <class Vectors>
void basic_connections<Schedule>::find_all(Vectors vectors, Schedule const& s,
                                           detail::placed_query<Schedule> const& query)
{
    std::size_t end = 0;
    detail::for_each_transit(s, query, [&](lanes_type const& lanes) {
        auto const room = end + lanes.in->size();
        if (seconds_.size() < room) make_room(room);
        auto const least = query.connection_at(lanes.via);
        auto const found =
            detail::find_seconds(vectors, query, lanes, least, seconds_.data() + end);
        if (found.itineraries == 0) return;
        size_ += found.itineraries;
        groups_.push_back(
            {lanes, found.first, found.first_end, found.last, static_cast<std::uint32_t>(end)});
        end += lanes.in->count(found.first, found.first_end);
    });
    firsts_ = end;
}

/// Replaces what connects in time by the single connections that a choosy query takes.
template <class Schedule>
void basic_connections<Schedule>::choose(detail::placed_query<Schedule> const& query)
{
    for (auto const& g : groups_) {
        auto const begin = chosen_.size();
        auto const* second = seconds_.data() + g.begin;
        for (auto first = g.first; first < g.first_end; first = g.lanes.in->next(first)) {
            detail::for_each_taken(query, g.lanes, {first, *second++, g.last},
                                   [&](connection_run const& run) { chosen_.push_back(run); });
        }
        if (chosen_.size() == begin) continue;
        chosen_groups_.push_back({g.lanes, static_cast<std::uint32_t>(begin),
                                  static_cast<std::uint32_t>(chosen_.size() - begin)});
    }
    groups_.clear();
    firsts_ = 0;
    size_ = chosen_.size();
}

using connections = basic_connections<schedule>;

/// Finds all one-stop itineraries of a query into `found`, which points into `s` then.
template <class Schedule>
void find_connections(Schedule const& s, route_query const& query,
                      basic_connections<Schedule>& found)
{
    if (auto const q = detail::placed_query<Schedule>::place(s, query)) {
        found.find(s, *q);
    } else {
        found.clear();
    }
}

/// How many one-stop itineraries a query has, without building any.
template <class Schedule>
[[nodiscard]] std::size_t count_connections(Schedule const& s, route_query const& query)
{
    basic_connections<Schedule> found;
    find_connections(s, query, found);
    return found.size();
}

}  // namespace aircargo
