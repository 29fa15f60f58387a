#pragma once

#include <aircargo/routing/connections.hpp>
#include <aircargo/routing/no_route.hpp>
#include <aircargo/routing/placed_query.hpp>
#include <aircargo/routing/query.hpp>
#include <aircargo/routing/search.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
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

/// The same as one table: a row of 64-bit numbers an itinerary, which are its legs, then departure
/// and arrival, each as in the columns above. It is what other languages call an array of structs.
struct batch_table {
    std::vector<std::int64_t> offsets{0};  ///< as above; rows
    std::size_t legs = 2;                  ///< numbers of a row that are legs
    number_column cells{};                 ///< row after row
    std::vector<std::int8_t> reasons{};    ///< as above

    [[nodiscard]] std::size_t queries() const noexcept { return offsets.size() - 1; }
    [[nodiscard]] std::size_t row_size() const noexcept { return legs + 2; }
    [[nodiscard]] std::size_t itineraries() const noexcept { return cells.size() / row_size(); }

    /// As above.
    void make_room(std::size_t most_legs);
};

namespace detail {

/// Makes places of counts. \return how many itineraries there are in all
inline std::size_t add_up(std::vector<std::int64_t>& offsets)
{
    for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
    return static_cast<std::size_t>(offsets.back());
}

}  // namespace detail

inline void batch_answer::make_room(std::size_t most_legs)
{
    auto const size = detail::add_up(offsets);
    legs.resize(most_legs);
    for (auto& column : legs) column.resize_for_overwrite(size);
    departures.resize_for_overwrite(size);
    arrivals.resize_for_overwrite(size);
}

inline void batch_table::make_room(std::size_t most_legs)
{
    auto const size = detail::add_up(offsets);
    legs = most_legs;
    cells.resize_for_overwrite(size * row_size());
}

namespace detail {

/// Writes itineraries into columns, one below the other.
class column_writer {
public:
    column_writer(batch_answer& to, std::size_t at)
        : to_(&to),
          first_(to.legs[0].data()),
          second_(to.legs[1].data()),
          departures_(to.departures.data()),
          arrivals_(to.arrivals.data()),
          begin_(at),
          at_(at)
    {}

    void put(std::int64_t first, std::int64_t second, std::int64_t departure, std::int64_t arrival)
    {
        first_[at_] = first;
        second_[at_] = second;
        departures_[at_] = departure;
        arrivals_[at_++] = arrival;
    }
    void put(std::span<std::int64_t const> row)
    {
        auto const* value = row.data();
        for (auto& column : to_->legs) column.data()[at_] = *value++;
        departures_[at_] = *value++;
        arrivals_[at_++] = *value;
    }
    /// Ends the legs of what was put with two of them or one.
    void finish()
    {
        for (std::size_t n = 2; n < to_->legs.size(); ++n) {
            std::fill(to_->legs[n].data() + begin_, to_->legs[n].data() + at_, no_leg);
        }
    }

private:
    batch_answer* to_;
    std::int64_t* first_;
    std::int64_t* second_;
    std::int64_t* departures_;
    std::int64_t* arrivals_;
    std::size_t begin_;
    std::size_t at_;
};

/// Writes itineraries into rows, one behind the other.
class row_writer {
public:
    row_writer(batch_table& to, std::size_t at)
        : next_(to.cells.data() + at * to.row_size()), legs_(to.legs)
    {}

    void put(std::int64_t first, std::int64_t second, std::int64_t departure, std::int64_t arrival)
    {
        *next_++ = first;
        *next_++ = second;
        for (std::size_t n = 2; n < legs_; ++n) *next_++ = no_leg;
        *next_++ = departure;
        *next_++ = arrival;
    }
    void put(std::span<std::int64_t const> row)
    {
        next_ = std::copy(row.begin(), row.end(), next_);
    }
    void finish() const noexcept {}

private:
    std::int64_t* next_;
    std::size_t legs_;
};

[[nodiscard]] inline column_writer writer_to(batch_answer& to, std::size_t at) { return {to, at}; }
[[nodiscard]] inline row_writer writer_to(batch_table& to, std::size_t at) { return {to, at}; }

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

/// What is known of the answer to one query before it is written.
struct noted_answer {
    std::uint32_t part = 0;  ///< whose rows
    std::int8_t reason = has_routes;
    bool is_plain = false;  ///< just counted: is found again when it is written
    std::size_t itineraries = 0;
    std::size_t first_row = 0;  ///< as a place among the numbers of all rows
};

}  // namespace detail

/// One worker's share of a batch. A first pass over the queries says how many itineraries each has;
/// then it is known where each answer belongs, and a second one writes them there. Where all that
/// fits in time is an answer, finding it twice is cheaper than keeping notes: finding takes a tenth
/// of the time of writing. Other answers are kept as rows.
///
/// Keeps its memory from batch to batch: then a query allocates nothing. One a thread.
template <class Schedule>
class basic_batch_part {
public:
    /// Forgets all rows. \param s must stay until everything is written
    void begin(Schedule const& s, std::size_t most_legs)
    {
        schedule_ = &s;
        most_legs_ = most_legs;
        rows_.clear();
    }
    /// Counts or notes what a query has. \pre it allows no more legs than `begin` says
    [[nodiscard]] detail::noted_answer find(route_query const& query);
    /// How many itineraries a query has, whatever its limit.
    [[nodiscard]] std::int64_t count(route_query const& query);
    /// Writes an answer that some part has noted to where it belongs: into columns or a table.
    template <class Answer>
    void write(basic_batch_part const& noted_by, detail::noted_answer const& noted,
               route_query const& query, Answer& to, std::int64_t at);

private:
    using lane_type = typename Schedule::lane_type;
    using itinerary_type = basic_itinerary<Schedule>;
    using placed = detail::placed_query<Schedule>;
    static constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

    /// Whether all that fits in time is an answer, in any order.
    [[nodiscard]] static bool is_plain(route_query const& q, placed const& p)
    {
        return q.limit == unlimited && q.max_stops <= 1 && !p.is_choosy() && !q.through_flights &&
               !q.direct_after && !q.transit_after;
    }
    /// Calls `use(lane, position)` for each direct flight of the day.
    template <class Use>
    void for_each_direct(placed const& p, Use use) const;
    /// Finds all connections. \return how many itineraries there are, direct flights counted
    [[nodiscard]] std::size_t find_all(route_query const& query, placed const& p);
    void note_best(route_query const& query);
    void note(itinerary_type const& i);
    template <class Writer>
    void write_all(route_query const& query, Writer to);
    template <class Writer>
    void write_rows(std::span<std::int64_t const> rows, std::size_t count, Writer to) const;

    [[nodiscard]] std::size_t row_size() const noexcept { return most_legs_ + 2; }
    [[nodiscard]] std::int64_t epoch(seconds32 t) const noexcept
    {
        return to_epoch(schedule_->to_time(t));
    }
    [[nodiscard]] static std::int64_t id_of(lane_type const& l, typename lane_type::position p)
    {
        return static_cast<std::int64_t>(l.at(p).id);
    }

    Schedule const* schedule_ = nullptr;
    std::size_t most_legs_ = 2;
    basic_connections<Schedule> found_;
    basic_no_route_finder<Schedule> why_;
    basic_route_search<Schedule> search_;
    basic_route_answer<Schedule> answer_;
    std::optional<route_query> unlimited_;
    std::vector<std::int64_t> rows_;  // of answers that are not plain: legs, departure, arrival
};

using batch_part = basic_batch_part<schedule>;

template <class Schedule>
detail::noted_answer basic_batch_part<Schedule>::find(route_query const& query)
{
    detail::noted_answer noted;
    noted.first_row = rows_.size();
    auto const p = placed::place(*schedule_, query);
    if (p && is_plain(query, *p)) {
        noted.is_plain = true;
        noted.itineraries = find_all(query, *p);
        answer_.clear();
        if (noted.itineraries == 0 && query.explain) answer_.reason = why_(*schedule_, query);
    } else {
        note_best(query);
        noted.itineraries = (rows_.size() - noted.first_row) / row_size();
    }
    if (answer_.reason) {
        noted.reason = static_cast<std::int8_t>(*answer_.reason);
    } else if (noted.itineraries == 0 && !answer_.more && !query.explain) {
        noted.reason = not_explained;
    }
    return noted;
}

template <class Schedule>
template <class Use>
void basic_batch_part<Schedule>::for_each_direct(placed const& p, Use use) const
{
    auto const* const lane = schedule_->lane_between(p.origin, p.destination);
    if (!lane) return;
    auto const last = lane->first_departing(p.end);
    for (auto at = lane->first_departing(p.start); at < last; at = lane->next(at)) use(*lane, at);
}

template <class Schedule>
std::size_t basic_batch_part<Schedule>::find_all(route_query const& query, placed const& p)
{
    std::size_t direct = 0;
    for_each_direct(p, [&](auto const&, auto) { ++direct; });
    if (query.max_stops == 0) return direct;
    found_.find(*schedule_, p);
    return direct + found_.size();
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
        rows_.push_back(static_cast<std::int64_t>(i.flight(n).id));
    }
    rows_.insert(rows_.end(), most_legs_ - legs, no_leg);
    rows_.push_back(to_epoch(i.departure()));
    rows_.push_back(to_epoch(i.arrival()));
}

template <class Schedule>
std::int64_t basic_batch_part<Schedule>::count(route_query const& query)
{
    auto const p = placed::place(*schedule_, query);
    if (!p) return 0;
    unlimited_ = query;
    unlimited_->limit = unlimited;
    if (is_plain(*unlimited_, *p)) return static_cast<std::int64_t>(find_all(query, *p));
    unlimited_->limit = 0;  // then nothing is built
    unlimited_->explain = false;
    search_.run(*schedule_, *unlimited_, answer_);
    return static_cast<std::int64_t>(answer_.direct_total + answer_.transit_total);
}

template <class Schedule>
template <class Answer>
void basic_batch_part<Schedule>::write(basic_batch_part const& noted_by,
                                       detail::noted_answer const& noted, route_query const& query,
                                       Answer& to, std::int64_t first)
{
    auto const writer = detail::writer_to(to, static_cast<std::size_t>(first));
    if (noted.is_plain) {
        if (noted.itineraries > 0) write_all(query, writer);
    } else {
        auto const rows = std::span(noted_by.rows_).subspan(noted.first_row);
        write_rows(rows, noted.itineraries, writer);
    }
}

template <class Schedule>
template <class Writer>
void basic_batch_part<Schedule>::write_all(route_query const& query, Writer to)
{
    auto const p = *placed::place(*schedule_, query);
    for_each_direct(p, [&](lane_type const& lane, auto flight) {
        to.put(id_of(lane, flight), no_leg, epoch(lane.departure(flight)),
               epoch(lane.arrival(flight)));
    });
    if (query.max_stops > 0) {
        found_.find(*schedule_, p);
        found_.for_each_run([&](auto const& lanes, connection_run const& run) {
            auto const id = id_of(*lanes.in, run.first);
            auto const departure = epoch(lanes.in->departure(run.first));
            for (auto second = run.second; second < run.last; second = lanes.out->next(second)) {
                to.put(id, id_of(*lanes.out, second), departure, epoch(lanes.out->arrival(second)));
            }
        });
    }
    to.finish();
}

template <class Schedule>
template <class Writer>
void basic_batch_part<Schedule>::write_rows(std::span<std::int64_t const> rows, std::size_t count,
                                            Writer to) const
{
    for (std::size_t n = 0; n < count; ++n) to.put(rows.subspan(n * row_size(), row_size()));
}

}  // namespace aircargo
