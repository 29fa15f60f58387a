#pragma once

#include <aircargo/routing/query.hpp>
#include <aircargo/routing/schedule.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace aircargo {

/// What a search found, each list in the order of `itinerary_key` and cut at the limit.
struct route_answer {
    std::vector<itinerary> direct;
    std::vector<itinerary> transit;
    std::size_t direct_total = 0;  ///< without limit and cursor
    std::size_t transit_total = 0;
    bool more = false;  ///< a list was cut
    std::optional<no_route> reason{};
};

/// Every direct and one-stop itinerary of a day:
///  - the first leg departs on the day, the second before the end of the day after;
///  - the connection is `min_connection` or longer (exactly is enough);
///  - no itinerary passes through its origin or destination.
/// With a limit the rest is counted but not built. Thread-safe; the answer points into `s`.
[[nodiscard]] route_answer search(schedule const& s, route_query const& query);

/// One first leg and the second legs that it reaches.
struct connection_run {
    schedule::flight_index first;
    schedule::flight_range seconds;
};

/// All one-stop itineraries of a query as runs, in no particular order: a twelfth of the memory and
/// half the time of writing the pairs out. Keep one and use it again: then a search allocates
/// nothing.
class connections {
public:
    /// Pairs of flights.
    using pair = std::pair<schedule::flight_index, schedule::flight_index>;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::span<connection_run const> runs() const noexcept { return runs_; }
    /// Writes the pairs to `out`. \pre out.size() >= size()
    void copy_to(std::span<pair> out) const noexcept;

    void clear() noexcept;
    void add(connection_run run);

private:
    std::vector<connection_run> runs_;
    std::size_t size_ = 0;
};

/// Finds all one-stop itineraries of a query (limit and cursors play no part) into `found`, which
/// is cleared first.
void find_connections(schedule const& s, route_query const& query, connections& found);

inline void connections::clear() noexcept
{
    runs_.clear();
    size_ = 0;
}

inline void connections::add(connection_run run)
{
    runs_.push_back(run);
    size_ += run.seconds.size();
}

inline void connections::copy_to(std::span<pair> out) const noexcept
{
    auto* to = out.data();
    for (auto const& run : runs_) {
        for (auto second = run.seconds.first; second != run.seconds.last; ++second) {
            *to++ = {run.first, second};
        }
    }
}

namespace detail {

/// A query in the numbers of one schedule.
struct placed_query {
    schedule::airport_index origin;
    schedule::airport_index destination;
    schedule::seconds32 start;
    schedule::seconds32 end;
    schedule::seconds32 next_end;
    schedule::seconds32 min_connection;
};

/// Nothing when the schedule does not serve both ends, or they are one.
[[nodiscard]] inline std::optional<placed_query> place(schedule const& s, route_query const& q)
{
    auto const origin = s.find(q.origin);
    auto const destination = s.find(q.destination);
    if (!origin || !destination || origin == destination) return std::nullopt;
    return placed_query{
        *origin,
        *destination,
        s.to_seconds(q.day.start),
        s.to_seconds(q.day.end),
        s.to_seconds(q.day.next_end),
        static_cast<schedule::seconds32>(std::chrono::seconds(q.min_connection).count())};
}

/// Calls `use(first leg, second legs)` for every first leg that reaches any.
template <class Use>
void for_each_run(schedule const& s, placed_query const& q, Use use)
{
    s.for_each_between(q.origin, q.destination, [&](auto, auto in, auto out) {
        auto const firsts = s.departing(in, q.start, q.end);
        if (firsts.empty()) return;
        auto const begin = s.flights_of(out).first;
        auto const last = s.first_departing(out, q.next_end);
        auto second = s.first_departing(out, s.arrival(firsts.first) + q.min_connection);
        for (auto first = firsts.first; first != firsts.last; ++first) {
            auto const ready = s.arrival(first) + q.min_connection;
            // Arrivals nearly follow departures, so the place is never far from that of the first
            // leg before.
            while (second > begin && s.departure(second - 1) >= ready) --second;
            while (second < last && s.departure(second) < ready) ++second;
            if (second < last) use(first, schedule::flight_range{second, last});
        }
    });
}

/// The order of `itinerary_key` in the numbers of one schedule.
struct itinerary_rank {
    std::uint64_t times;    ///< arrival, then the later departure
    std::uint64_t numbers;  ///< of both legs
    itinerary what;

    itinerary_rank(schedule const& s, itinerary const& i)
        : times((std::uint64_t{s.arrival(i.last_index())} << 32) |
                static_cast<std::uint32_t>(~s.departure(i.first_index()))),
          numbers((std::uint64_t{s.number_rank(i.first_index())} << 32) |
                  s.number_rank(i.last_index())),
          what(i)
    {}

    friend bool operator<(itinerary_rank const& a, itinerary_rank const& b) noexcept
    {
        if (a.times != b.times) return a.times < b.times;
        if (a.numbers != b.numbers) return a.numbers < b.numbers;
        return a.what.ids() < b.what.ids();
    }
};

/// Keeps the first `limit` of the itineraries that are offered, behind `after`, and one more to
/// know of it.
class best_itineraries {
public:
    best_itineraries(schedule const& s, std::size_t limit,
                     std::optional<itinerary_key> const& after)
        : schedule_(s), capacity_(limit == unlimited ? limit : limit + 1), after_(after)
    {}

    /// No itinerary that arrives later than this can be kept any more.
    [[nodiscard]] schedule::seconds32 latest_arrival() const noexcept
    {
        bool const full = kept_.size() == capacity_;
        return full ? static_cast<schedule::seconds32>(kept_.front().times >> 32)
                    : std::numeric_limits<schedule::seconds32>::max();
    }

    void offer(itinerary const& i)
    {
        if (after_ && !(*after_ < itinerary_key(i))) return;
        itinerary_rank const rank(schedule_, i);
        if (kept_.size() == capacity_) {
            if (!(rank < kept_.front())) return;
            std::pop_heap(kept_.begin(), kept_.end());
            kept_.back() = rank;
            std::push_heap(kept_.begin(), kept_.end());
        } else {
            kept_.push_back(rank);
            if (kept_.size() == capacity_) std::make_heap(kept_.begin(), kept_.end());
        }
    }

    /// The kept ones in order, and whether others were left out.
    [[nodiscard]] std::pair<std::vector<itinerary>, bool> take()
    {
        std::sort(kept_.begin(), kept_.end());
        bool const more = kept_.size() == capacity_;
        if (more) kept_.pop_back();
        std::vector<itinerary> out;
        out.reserve(kept_.size());
        for (auto const& rank : kept_) out.push_back(rank.what);
        return {std::move(out), more};
    }

private:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    schedule const& schedule_;
    std::size_t capacity_;
    std::optional<itinerary_key> const& after_;
    std::vector<itinerary_rank> kept_;  // once it is full: a heap with the last one on top
};

[[nodiscard]] inline no_route why_none(schedule const& s, route_query const& q)
{
    if (q.origin == q.destination) return no_route::same_airport;
    auto const origin = s.find(q.origin);
    if (!origin || !s.find(q.destination)) return no_route::unknown_airport;
    auto const [first, last] = *s.horizon();
    if (q.day.end <= first || q.day.start > last) return no_route::outside_schedule;
    auto const [lane, end] = s.lanes_from(*origin);
    for (auto l = lane; l != end; ++l) {
        if (!s.departing(l, s.to_seconds(q.day.start), s.to_seconds(q.day.end)).empty()) {
            return no_route::no_valid_connection;
        }
    }
    return no_route::no_flight_that_day;
}

}  // namespace detail

inline void find_connections(schedule const& s, route_query const& query, connections& found)
{
    found.clear();
    if (auto const placed = detail::place(s, query)) {
        detail::for_each_run(s, *placed, [&](auto first, auto seconds) {
            found.add({first, seconds});
        });
    }
}

inline route_answer search(schedule const& s, route_query const& query)
{
    route_answer answer;
    auto const placed = detail::place(s, query);
    if (!placed) {
        answer.reason = detail::why_none(s, query);
        return answer;
    }

    detail::best_itineraries direct(s, query.limit, query.direct_after);
    if (auto const lane = s.lane_between(placed->origin, placed->destination)) {
        auto const flights = s.departing(*lane, placed->start, placed->end);
        answer.direct_total = flights.size();
        for (auto f = flights.first; f != flights.last; ++f) direct.offer(itinerary(s, f));
    }
    detail::best_itineraries transit(s, query.limit, query.transit_after);
    if (query.max_stops > 0) {
        detail::for_each_run(s, *placed, [&](auto first, auto seconds) {
            answer.transit_total += seconds.size();
            for (auto f = seconds.first; f != seconds.last; ++f) {
                if (s.least_arrival(f) > transit.latest_arrival()) break;  // nor does any later one
                transit.offer(itinerary(s, first, f));
            }
        });
    }
    bool direct_cut = false;
    bool transit_cut = false;
    std::tie(answer.direct, direct_cut) = direct.take();
    std::tie(answer.transit, transit_cut) = transit.take();
    answer.more = direct_cut || transit_cut;
    if (answer.direct_total + answer.transit_total == 0) answer.reason = detail::why_none(s, query);
    return answer;
}

}  // namespace aircargo
