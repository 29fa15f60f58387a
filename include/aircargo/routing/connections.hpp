#pragma once

#include <aircargo/routing/placed_query.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
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

/// What can connect at one transit airport: first legs [first, first_end), second legs before
/// `last`.
template <class Lane>
struct transit_window {
    transit_lanes<Lane> lanes;
    typename Lane::position first;
    typename Lane::position first_end;
    typename Lane::position last;
    seconds32 least;  ///< seconds on the ground
};

/// Calls `use(transit_window)` for every transit airport that first legs reach on the asked day.
/// What a lane needs lies in three places that point to each other; asking for those of several
/// lanes before any is used lets the memory work on all of them at once.
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
            out->prefetch_flights(q.start);
        }
        for (auto const& l : lanes) {
            auto const first = l.in->first_departing(q.start);
            auto const first_end = l.in->first_departing(q.end);
            if (first >= first_end) continue;
            use(transit_window<lane_type>{l, first, first_end, l.out->first_departing(q.next_end),
                                          q.connection_at(l.via)});
        }
        count = 0;
    };
    s.for_each_between(q.origin, q.destination,
                       [&](airport_index via, lane_type const& in, lane_type const& out) {
                           ahead[count++] = {via, &in, &out};
                           if (count == ahead.size()) use_all();
                       });
    use_all();
}

/// How many runs were written, and how many itineraries they hold.
struct written_runs {
    std::size_t runs = 0;
    std::size_t itineraries = 0;
};

/// Writes a run for every first leg that reaches a second one in time.
/// \pre room for one more than the first legs
template <class Lane>
[[nodiscard]] written_runs write_runs(transit_window<Lane> const& w, connection_run* to)
{
    // Copies: the compiler need not fear that the runs overwrite what the lanes say.
    Lane const in = *w.lanes.in;
    Lane const out = *w.lanes.out;
    auto const last = w.last;
    auto const least = w.least;
    written_runs written;
    // Nobody lands sooner than the day's first flight could at best.
    auto const begin = out.not_behind(in.departure(w.first) + in.least_block() + least);
    for (auto first = w.first; first < w.first_end; first = in.next(first)) {
        auto const second = out.first_departing_within(begin, last, in.arrival(first) + least);
        to[written.runs] = {first, second, last};
        // No branch: whether a flight connects is hard to foresee.
        written.runs += second < last;
        written.itineraries += out.count(second, last);
    }
    return written;
}

inline constexpr std::size_t piece_of_run = 16;

/// Writes the pairs of a run. \return their end \pre room for a piece more than the pairs
template <class Lane>
[[nodiscard]] connection_pair* write_pairs(Lane const& out, connection_run const& run,
                                           connection_pair* to)
{
    for (auto second = run.second; second < run.last; second = out.next(second)) {
        *to++ = {run.first, second};
    }
    return to;
}

#if defined(__GNUC__)
/// Positions of a plain lane follow each other. Runs are short and of any length, so the branch
/// that ends them is the dearest part: writing pieces of a fixed size takes it once for most.
[[nodiscard]] inline connection_pair* write_pairs(lane const&, connection_run const& run,
                                                  connection_pair* to)
{
    using two_pairs [[gnu::vector_size(16)]] = std::uint32_t;
    two_pairs next{run.first, run.second, run.first, run.second + 1};
    auto const count = run.last - run.second;
    for (std::uint32_t done = 0; done < count; done += piece_of_run) {
#pragma GCC unroll 8
        for (std::uint32_t i = 0; i < piece_of_run; i += 2) {
            std::memcpy(to + done + i, &next, sizeof next);
            next += two_pairs{0, 2, 0, 2};
        }
    }
    return to + count;
}
#endif

/// Calls `use(lanes, run)` for each single connection of `runs` that a choosy query takes.
template <class Schedule, class Use>
void for_each_taken(placed_query<Schedule> const& q,
                    transit_lanes<typename Schedule::lane_type> const& lanes,
                    std::span<connection_run const> runs, Use use)
{
    auto const& [via, in, out] = lanes;
    if (!q.takes_transit(via)) return;
    for (auto const& run : runs) {
        if (!q.takes(*in, run.first)) continue;
        auto const until = q.onward_end(via, in->arrival(run.first));
        auto const last = std::min(run.last, out->first_departing(until));
        for (auto second = run.second; second < last; second = out->next(second)) {
            if (q.takes_times(in->departure(run.first), out->arrival(second)) &&
                q.takes(*out, second) && q.connects(lanes, run.first, second)) {
                use(connection_run{run.first, second, out->next(second)});
            }
        }
    }
}

}  // namespace detail

/// All one-stop itineraries of a query as runs, in no particular order: a twelfth of the memory and
/// half the time of writing the pairs out. Keep one and use it again: then a search allocates
/// nothing.
template <class Schedule>
class basic_connections {
public:
    using lane_type = typename Schedule::lane_type;
    using pair = connection_pair;
    /// Runs through one airport lie together.
    struct group {
        airport_index via;
        lane_type const* in;
        lane_type const* out;
        std::uint32_t first_run;
    };

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t run_count() const noexcept { return run_count_; }
    [[nodiscard]] std::span<group const> groups() const noexcept { return groups_; }
    [[nodiscard]] std::span<connection_run const> runs_of(group const& g) const noexcept
    {
        auto const last = &g == &groups_.back() ? run_count_ : std::size_t{(&g + 1)->first_run};
        return std::span(runs_).subspan(g.first_run, last - g.first_run);
    }

    /// Calls `use(group, pair)` for each itinerary.
    template <class Use>
    void for_each(Use use) const
    {
        for (auto const& g : groups_) {
            for (auto const& run : runs_of(g)) {
                for (auto second = run.second; second < run.last; second = g.out->next(second)) {
                    use(g, pair{run.first, second});
                }
            }
        }
    }
    /// Writes the pairs to the beginning of `buffer`, group by group; it grows where it is too
    /// small. \return the pairs in it
    std::span<pair const> copy_to(std::vector<pair>& buffer) const
    {
        // Runs are written in whole pieces, so the last one may reach beyond the pairs.
        if (buffer.size() < size_ + detail::piece_of_run)
            buffer.resize(size_ + detail::piece_of_run);
        auto* to = buffer.data();
        for (auto const& g : groups_) {
            for (auto const& run : runs_of(g)) to = detail::write_pairs(*g.out, run, to);
        }
        return std::span(buffer).first(size_);
    }

    /// Finds all one-stop itineraries of a query; limit, order and cursors play no part.
    void find(Schedule const& s, detail::placed_query<Schedule> const& query);

private:
    /// At least so much room behind the runs.
    void make_room(std::size_t runs)
    {
        if (runs_.size() < run_count_ + runs) runs_.resize(2 * (run_count_ + runs));
    }
    void take(detail::placed_query<Schedule> const& query,
              detail::transit_window<lane_type> const& window);
    void choose(detail::placed_query<Schedule> const& query, group const& g, std::size_t found);

    std::vector<group> groups_;
    std::vector<connection_run> runs_;  // the first run_count_; then what was used before
    std::size_t run_count_ = 0;
    std::size_t size_ = 0;
    std::vector<connection_run> in_time_;  // before a choosy query chose
};

template <class Schedule>
void basic_connections<Schedule>::find(Schedule const& s,
                                       detail::placed_query<Schedule> const& query)
{
    groups_.clear();
    run_count_ = 0;
    size_ = 0;
    detail::for_each_transit(s, query, [&](auto const& window) { take(query, window); });
}

template <class Schedule>
void basic_connections<Schedule>::take(detail::placed_query<Schedule> const& query,
                                       detail::transit_window<lane_type> const& window)
{
    auto const& lanes = window.lanes;
    make_room(lanes.in->count(window.first, window.first_end) + 1);
    auto const [found, itineraries] = detail::write_runs(window, runs_.data() + run_count_);
    if (found == 0) return;
    group const g{lanes.via, lanes.in, lanes.out, static_cast<std::uint32_t>(run_count_)};
    if (query.is_choosy()) {
        choose(query, g, found);
    } else {
        run_count_ += found;
        size_ += itineraries;
    }
    if (run_count_ > g.first_run) groups_.push_back(g);
}

template <class Schedule>
void basic_connections<Schedule>::choose(detail::placed_query<Schedule> const& query,
                                         group const& g, std::size_t found)
{
    in_time_.assign(runs_.begin() + g.first_run,
                    runs_.begin() + g.first_run + static_cast<std::ptrdiff_t>(found));
    detail::for_each_taken(query, {g.via, g.in, g.out}, in_time_, [&](connection_run const& run) {
        make_room(1);
        runs_[run_count_++] = run;
        ++size_;
    });
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
        found = {};
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
