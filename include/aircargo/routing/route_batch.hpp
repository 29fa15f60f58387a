#pragma once

#include <aircargo/routing/connections.hpp>
#include <aircargo/routing/no_route.hpp>
#include <aircargo/routing/placed_query.hpp>
#include <aircargo/routing/query.hpp>
#include <aircargo/routing/search.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace aircargo {

/// A column of numbers in one piece of memory. Growing it neither keeps nor clears what it held, so
/// that memory is touched first by whoever writes the numbers.
class number_column {
public:
    /// Gives room for `size` numbers, whatever they are.
    void resize_for_overwrite(std::size_t size)
    {
        if (size > capacity_) {
            values_.reset();
            capacity_ = 0;
            values_ = std::make_unique_for_overwrite<std::int64_t[]>(size);
            capacity_ = size;
        }
        size_ = size;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::int64_t* data() noexcept { return values_.get(); }
    [[nodiscard]] std::int64_t const* data() const noexcept { return values_.get(); }
    [[nodiscard]] std::int64_t operator[](std::size_t i) const noexcept { return values_[i]; }

private:
    std::unique_ptr<std::int64_t[]> values_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// In `batch_answer::reasons`, for a query that has itineraries.
inline constexpr std::int8_t has_routes = -1;
/// There, for one that has none, where nobody asked why.
inline constexpr std::int8_t not_explained = -2;
/// In `batch_answer::legs`, behind an itinerary's last leg.
inline constexpr std::int64_t no_leg = -1;

/// The answers to many queries as plain columns, which other languages can use where they lie. The
/// itineraries of query i are those from `offsets[i]` to `offsets[i + 1]`, numbers of all columns.
/// Values only: lives without the schedule. One that is used again keeps its memory.
struct batch_answer {
    std::vector<std::int64_t> offsets{0};  ///< one more than queries
    /// Flight ids of all first legs, of all second legs, and so on: 2 columns, or as many as the
    /// query with the most stops allows; `no_leg` where an itinerary has no such leg.
    std::vector<number_column> legs{};
    number_column departures{};  ///< of the first leg, in seconds since 1970
    number_column arrivals{};    ///< of the last leg, in seconds since 1970
    /// By query: `has_routes`, or a `no_route` as a number, or `not_explained`.
    std::vector<std::int8_t> reasons{};

    [[nodiscard]] std::size_t queries() const noexcept { return offsets.size() - 1; }
    [[nodiscard]] std::size_t itineraries() const noexcept { return departures.size(); }

    /// Room for the answers to queries that have so many itineraries each. What stands in the
    /// columns is to be written then. \pre one number a query stands in `offsets`, from the second
    /// on
    void make_room(std::size_t most_legs);
};

inline void batch_answer::make_room(std::size_t most_legs)
{
    for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
    auto const size = static_cast<std::size_t>(offsets.back());
    legs.resize(most_legs);
    for (auto& column : legs) column.resize_for_overwrite(size);
    departures.resize_for_overwrite(size);
    arrivals.resize_for_overwrite(size);
}

namespace detail {

/// Where the answer to one query stands in the notes that were taken of it.
struct noted_answer {
    std::uint32_t part = 0;  ///< whose notes
    std::int8_t reason = has_routes;
    std::size_t itineraries = 0;
    std::size_t first_row = 0;  ///< as places among the numbers of all rows
    std::size_t last_row = 0;
    std::size_t first_group = 0;
    std::size_t last_group = 0;
};

/// Whether an itinerary comes before another in the order of the query.
template <class Itinerary>
[[nodiscard]] bool comes_before(Itinerary const& a, Itinerary const& b, route_query const& q)
{
    auto const rank = [&](Itinerary const& i) {
        auto value = std::int64_t{0};
        if (q.order == route_order::departure) value = to_epoch(i.departure());
        if (q.order == route_order::duration) value = i.duration().count();
        if (q.order == route_order::cost && q.cost) {
            for (std::size_t n = 0; n <= i.stops(); ++n) value += q.cost(i.flight(n));
        }
        return std::tuple(value, i.arrival(), -to_epoch(i.departure()));
    };
    auto const mine = rank(a);
    auto const other = rank(b);
    if (mine != other) return mine < other;
    auto const both = std::min(a.stops(), b.stops());
    for (std::size_t n = 0; n <= both; ++n) {
        if (a.flight(n).number != b.flight(n).number)
            return a.flight(n).number < b.flight(n).number;
    }
    if (a.stops() != b.stops()) return a.stops() < b.stops();
    for (std::size_t n = 0; n <= both; ++n) {
        if (a.flight(n).id != b.flight(n).id) return a.flight(n).id < b.flight(n).id;
    }
    return false;
}

inline constexpr std::size_t piece_of_rows = 8;

/// A first leg and the second legs that it reaches, as they are written.
struct run_values {
    std::int64_t first;
    std::int64_t departure;
    std::int64_t const* seconds;   ///< ids, and a piece of whatever behind them
    std::int64_t const* arrivals;  ///< likewise
    std::size_t count;
};

/// Where the connections of a query are written to.
struct pair_columns {
    std::int64_t* first;
    std::int64_t* second;
    std::int64_t* departure;
    std::int64_t* arrival;
    std::size_t room;  ///< for so many

    /// Writes a run and moves behind it. Runs are short and of any length: pieces of a fixed size
    /// are quicker than a loop that ends where the run does. What reaches beyond the run is written
    /// over by the next one, but never goes beyond the room, where another thread may be writing.
    void write(run_values const& run)
    {
        for (std::size_t done = 0; done < run.count; done += piece_of_rows) {
            auto const left = room - done;
            if (left >= piece_of_rows) {
                copy(run, done, piece_of_rows);  // a number that the compiler knows
            } else {
                copy(run, done, left);
            }
        }
        first += run.count;
        second += run.count;
        departure += run.count;
        arrival += run.count;
        room -= run.count;
    }

private:
    [[gnu::always_inline]] void copy(run_values const& run, std::size_t from,
                                     std::size_t count) const
    {
        std::memcpy(second + from, run.seconds + from, count * sizeof *second);
        std::memcpy(arrival + from, run.arrivals + from, count * sizeof *arrival);
        std::fill_n(first + from, count, run.first);
        std::fill_n(departure + from, count, run.departure);
    }
};

}  // namespace detail

/// One worker's share of a batch. Finding takes notes of what there is, a byte or two an itinerary;
/// once all workers have found theirs, it is known where each answer belongs, and everyone writes
/// those in his notes there. So nothing is searched twice, and nothing is copied about.
///
/// Keeps its memory from batch to batch: then a query allocates nothing, unless it has no answer
/// and somebody wants to know why. One a thread.
template <class Schedule>
class basic_batch_part {
public:
    /// Forgets all notes. \param s must stay until everything is written
    void begin(Schedule const& s, std::size_t most_legs, bool explain)
    {
        schedule_ = &s;
        most_legs_ = most_legs;
        explain_ = explain;
        notes_.rows.clear();
        notes_.groups.clear();
        notes_.runs.clear();
    }
    /// Finds and notes what a query has. \pre it allows no more legs than `begin` says
    [[nodiscard]] detail::noted_answer find(route_query const& query);
    /// How many itineraries a query has, whatever its limit.
    [[nodiscard]] std::int64_t count(route_query const& query);
    /// Writes an answer that some part has noted to where it belongs.
    void write(basic_batch_part const& noted_by, detail::noted_answer const& noted,
               batch_answer& to, std::int64_t at);

private:
    using lane_type = typename Schedule::lane_type;
    using position = typename Schedule::position;
    using itinerary_type = basic_itinerary<Schedule>;
    using placed = detail::placed_query<Schedule>;

    /// Connections at one airport.
    struct noted_group {
        lane_type const* in;
        lane_type const* out;
        std::size_t first_run;
        std::size_t last_run;

        [[nodiscard]] auto runs_of(std::span<connection_run const> all) const
        {
            return all.subspan(first_run, last_run - first_run);
        }
    };
    struct notes {
        std::vector<std::int64_t> rows;  // of direct flights and sorted answers: legs, times
        std::vector<noted_group> groups;
        std::vector<connection_run> runs;
    };
    struct direct_flights {
        lane_type const* lane = nullptr;
        position first{};
        position last{};

        [[nodiscard]] std::size_t size() const { return lane ? lane->count(first, last) : 0; }
    };

    /// Whether all that fits in time is an answer, in any order.
    [[nodiscard]] static bool is_plain(route_query const& q, placed const& p)
    {
        return q.limit == std::numeric_limits<std::size_t>::max() && q.max_stops <= 1 &&
               !p.is_choosy() && !q.through_flights && !q.direct_after && !q.transit_after;
    }
    [[nodiscard]] direct_flights find_direct(placed const& p) const;
    [[nodiscard]] std::size_t note_all(route_query const& query, placed const& p);
    void note_connections();
    void note_best(route_query const& query);
    void note(itinerary_type const& i);
    [[nodiscard]] std::int8_t reason_of_answer() const
    {
        return explain_ ? static_cast<std::int8_t>(*answer_.reason) : not_explained;
    }

    void write_rows(std::span<std::int64_t const> rows, detail::noted_answer const& noted,
                    batch_answer& to, std::size_t at) const;
    void load_legs(notes const& from, std::span<noted_group const> groups);
    void load_second_legs(lane_type const& out, std::span<connection_run const> runs);
    void write_pairs(notes const& from, std::span<noted_group const> groups,
                     detail::pair_columns to) const;

    [[nodiscard]] std::size_t row_size() const noexcept { return most_legs_ + 2; }
    [[nodiscard]] std::int64_t epoch(seconds32 t) const noexcept
    {
        return to_epoch(schedule_->to_time(t));
    }

    Schedule const* schedule_ = nullptr;
    std::size_t most_legs_ = 2;
    bool explain_ = true;
    basic_connections<Schedule> found_;
    basic_route_search<Schedule> search_;
    basic_route_answer<Schedule> answer_;
    std::optional<route_query> unlimited_;
    notes notes_;

    // The legs of one query's connections as they will be written.
    struct loaded_leg {
        std::int64_t id;
        std::int64_t time;
    };
    std::vector<loaded_leg> first_legs_;         // by run
    std::vector<std::int64_t> second_ids_;       // by group
    std::vector<std::int64_t> second_arrivals_;  // likewise
    std::vector<std::size_t> second_ends_;       // of each group in these
};

using batch_part = basic_batch_part<schedule>;

template <class Schedule>
detail::noted_answer basic_batch_part<Schedule>::find(route_query const& query)
{
    detail::noted_answer noted;
    noted.first_row = notes_.rows.size();
    noted.first_group = notes_.groups.size();
    auto const p = placed::place(*schedule_, query);
    std::size_t pairs = 0;
    if (!p) {
        noted.reason = static_cast<std::int8_t>(why_no_route(*schedule_, query));
    } else if (is_plain(query, *p)) {
        pairs = note_all(query, *p);
        bool const any = pairs > 0 || notes_.rows.size() > noted.first_row;
        if (!any && explain_) answer_.reason = why_no_route(*schedule_, query);
        noted.reason = any ? has_routes : reason_of_answer();
    } else {
        note_best(query);
        noted.reason = answer_.reason ? reason_of_answer() : has_routes;
    }
    noted.last_row = notes_.rows.size();
    noted.last_group = notes_.groups.size();
    noted.itineraries = (noted.last_row - noted.first_row) / row_size() + pairs;
    return noted;
}

template <class Schedule>
auto basic_batch_part<Schedule>::find_direct(placed const& p) const -> direct_flights
{
    auto const* const lane = schedule_->lane_between(p.origin, p.destination);
    if (!lane) return {};
    auto const first = lane->first_departing(p.start);
    return {lane, first, std::max(first, lane->first_departing(p.end))};
}

/// \return how many connections there are
template <class Schedule>
std::size_t basic_batch_part<Schedule>::note_all(route_query const& query, placed const& p)
{
    auto const direct = find_direct(p);
    for (auto at = direct.first; at < direct.last; at = direct.lane->next(at)) {
        notes_.rows.push_back(static_cast<std::int64_t>(direct.lane->at(at).id));
        notes_.rows.insert(notes_.rows.end(), most_legs_ - 1, no_leg);
        notes_.rows.push_back(epoch(direct.lane->departure(at)));
        notes_.rows.push_back(epoch(direct.lane->arrival(at)));
    }
    if (query.max_stops == 0) return 0;
    found_.find(*schedule_, p);
    note_connections();
    return found_.size();
}

template <class Schedule>
void basic_batch_part<Schedule>::note_connections()
{
    for (auto const& g : found_.groups()) {
        auto const runs = found_.runs_of(g);
        notes_.groups.push_back(
            {g.in, g.out, notes_.runs.size(), notes_.runs.size() + runs.size()});
        notes_.runs.insert(notes_.runs.end(), runs.begin(), runs.end());
    }
}

/// The two lists of a search as one, in its order.
template <class Schedule>
void basic_batch_part<Schedule>::note_best(route_query const& query)
{
    search_.run(*schedule_, query, answer_);
    auto direct = answer_.direct.begin();
    auto transit = answer_.transit.begin();
    for (std::size_t n = 0; n < query.limit; ++n) {
        bool const has_direct = direct != answer_.direct.end();
        bool const has_transit = transit != answer_.transit.end();
        if (!has_direct && !has_transit) return;
        bool const takes_transit =
            has_transit && (!has_direct || detail::comes_before(*transit, *direct, query));
        note(takes_transit ? *transit++ : *direct++);
    }
}

template <class Schedule>
void basic_batch_part<Schedule>::note(itinerary_type const& i)
{
    auto const legs = i.stops() + 1;
    for (std::size_t n = 0; n < legs; ++n) {
        notes_.rows.push_back(static_cast<std::int64_t>(i.flight(n).id));
    }
    notes_.rows.insert(notes_.rows.end(), most_legs_ - legs, no_leg);
    notes_.rows.push_back(to_epoch(i.departure()));
    notes_.rows.push_back(to_epoch(i.arrival()));
}

template <class Schedule>
std::int64_t basic_batch_part<Schedule>::count(route_query const& query)
{
    auto const p = placed::place(*schedule_, query);
    if (!p) return 0;
    unlimited_ = query;
    unlimited_->limit = std::numeric_limits<std::size_t>::max();
    if (!is_plain(*unlimited_, *p)) {
        unlimited_->limit = 0;  // then nothing is built
        search_.run(*schedule_, *unlimited_, answer_);
        return static_cast<std::int64_t>(answer_.direct_total + answer_.transit_total);
    }
    auto total = find_direct(*p).size();
    if (query.max_stops > 0) {
        found_.find(*schedule_, *p);
        total += found_.size();
    }
    return static_cast<std::int64_t>(total);
}

template <class Schedule>
void basic_batch_part<Schedule>::write(basic_batch_part const& noted_by,
                                       detail::noted_answer const& noted, batch_answer& to,
                                       std::int64_t first)
{
    auto const at = static_cast<std::size_t>(first);
    auto const& from = noted_by.notes_;
    write_rows(from.rows, noted, to, at);
    auto const groups =
        std::span(from.groups).subspan(noted.first_group, noted.last_group - noted.first_group);
    if (groups.empty()) return;
    auto const begin = at + (noted.last_row - noted.first_row) / row_size();
    auto const end = at + noted.itineraries;
    load_legs(from, groups);
    write_pairs(from, groups,
                {to.legs[0].data() + begin, to.legs[1].data() + begin, to.departures.data() + begin,
                 to.arrivals.data() + begin, end - begin});
    for (std::size_t n = 2; n < most_legs_; ++n) {
        std::fill(to.legs[n].data() + begin, to.legs[n].data() + end, no_leg);
    }
}

template <class Schedule>
void basic_batch_part<Schedule>::write_rows(std::span<std::int64_t const> rows,
                                            detail::noted_answer const& noted, batch_answer& to,
                                            std::size_t at) const
{
    for (auto row = noted.first_row; row < noted.last_row; row += row_size(), ++at) {
        auto const* value = rows.data() + row;
        for (auto& column : to.legs) column.data()[at] = *value++;
        to.departures.data()[at] = *value++;
        to.arrivals.data()[at] = *value;
    }
}

/// What people read of flights seldom lies in a cache. Loading it for all groups before any is
/// written lets the memory work on many flights at once.
template <class Schedule>
void basic_batch_part<Schedule>::load_legs(notes const& from, std::span<noted_group const> groups)
{
    first_legs_.clear();
    second_ids_.clear();
    second_arrivals_.clear();
    second_ends_.clear();
    for (auto const& g : groups) {
        auto const runs = g.runs_of(from.runs);
        for (auto const& run : runs) {
            first_legs_.push_back({static_cast<std::int64_t>(g.in->at(run.first).id),
                                   epoch(g.in->departure(run.first))});
        }
        load_second_legs(*g.out, runs);
    }
    // Runs are written in whole pieces, which may reach beyond the last leg.
    second_ids_.resize(second_ids_.size() + detail::piece_of_rows);
    second_arrivals_.resize(second_arrivals_.size() + detail::piece_of_rows);
}

/// Those of the longest run; all others end where it does.
template <class Schedule>
void basic_batch_part<Schedule>::load_second_legs(lane_type const& out,
                                                  std::span<connection_run const> runs)
{
    auto const last = runs.front().last;
    auto second = last;
    for (auto const& run : runs) second = std::min(second, run.second);
    auto i = second_ids_.size();
    auto const end = i + out.count(second, last);
    second_ids_.resize(end);
    second_arrivals_.resize(end);
    auto const zero = epoch(0);
    for (; i < end; ++i, second = out.next(second)) {
        second_ids_[i] = static_cast<std::int64_t>(out.at(second).id);
        second_arrivals_[i] = zero + out.arrival(second);
    }
    second_ends_.push_back(end);
}

template <class Schedule>
void basic_batch_part<Schedule>::write_pairs(notes const& from, std::span<noted_group const> groups,
                                             detail::pair_columns to) const
{
    auto first = first_legs_.begin();
    auto end = second_ends_.begin();
    for (auto const& g : groups) {
        for (auto const& run : g.runs_of(from.runs)) {
            auto const count = g.out->count(run.second, run.last);
            to.write({first->id, first->time, second_ids_.data() + *end - count,
                      second_arrivals_.data() + *end - count, count});
            ++first;
        }
        ++end;
    }
}

}  // namespace aircargo
