#pragma once

#include <aircargo/routing/query.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aircargo::detail {

/// Minutes on the ground as seconds of a schedule; beyond a year, nothing connects anyway.
[[nodiscard]] inline seconds32 to_seconds(std::chrono::minutes m) noexcept
{
    constexpr std::chrono::minutes year = std::chrono::days(366);
    return static_cast<seconds32>(
        std::chrono::seconds(std::clamp(m, std::chrono::minutes(0), year)).count());
}

/// A through flight stands no longer than this.
inline constexpr seconds32 longest_through_stop = 3 * 60 * 60;

/// What a query orders by, of an itinerary with these times; costs come on top.
[[nodiscard]] inline std::int64_t value_of_times(route_order order, seconds32 departure,
                                                 seconds32 arrival) noexcept
{
    switch (order) {
        case route_order::departure: return departure;
        case route_order::duration: return std::int64_t{arrival} - departure;
        case route_order::arrival:
        case route_order::cost: break;
    }
    return 0;
}

/// What a query orders by, where it is not the cost, then the arrival: quick to compare.
using time_rank = std::uint64_t;

[[nodiscard]] inline time_rank rank_of(route_order order, seconds32 departure,
                                       seconds32 arrival) noexcept
{
    auto const value = static_cast<time_rank>(value_of_times(order, departure, arrival));
    return (value << 32) | arrival;
}

/// A lane into a transit airport and one out of it.
template <class Lane>
struct transit_lanes {
    airport_index via;
    Lane const* in;
    Lane const* out;
};

/// What of a query not to ask for, to find out what stands in the way.
enum class leniency : std::uint8_t { none, no_filter, no_filter_and_no_connection };

/// A query in the numbers of one schedule, with its rule and filter ready to be asked per flight.
template <class Schedule>
class placed_query {
public:
    using lane_type = typename Schedule::lane_type;
    using position = typename Schedule::position;

    airport_index origin;
    airport_index destination;
    seconds32 start;
    seconds32 end;
    seconds32 next_end;
    /// The UTC days of these, counted from the schedule's origin of time.
    struct {
        seconds32 start;
        seconds32 end;
        seconds32 next_end;
    } days{};

    /// Nothing when the schedule does not serve both ends, or they are one.
    [[nodiscard]] static std::optional<placed_query> place(Schedule const& s, route_query const& q,
                                                           leniency let = leniency::none)
    {
        auto const from = s.find(q.origin);
        auto const to = s.find(q.destination);
        if (!from || !to || from == to) return std::nullopt;
        return placed_query(s, q, *from, *to, let);
    }

    /// Seconds on the ground that no connection at the airport may fall below.
    [[nodiscard]] seconds32 connection_at(airport_index via) const
    {
        return one_connection_ ? standard_ : least_at(via);
    }

    /// Whether single flights and connections must be asked for; else all that fit in time do.
    [[nodiscard]] bool is_choosy() const noexcept { return choosy_; }
    [[nodiscard]] bool takes_direct() const noexcept { return !has_via(); }

    /// As the only stop.
    [[nodiscard]] bool takes_transit(airport_index via) const
    {
        return !avoids(via) && (filter_->via.empty() || is_via(via));
    }
    [[nodiscard]] bool avoids(airport_index at) const
    {
        return !filter_->avoid.empty() && contains(filter_->avoid, schedule_->airports()[at]);
    }
    /// Whether a stop here is one of those that are asked for.
    [[nodiscard]] bool is_via(airport_index at) const
    {
        return !filter_->via.empty() && contains(filter_->via, schedule_->airports()[at]);
    }
    [[nodiscard]] bool filters() const { return *filter_ != route_filter{}; }
    [[nodiscard]] bool has_via() const noexcept { return !filter_->via.empty(); }
    [[nodiscard]] bool limits_duration() const noexcept { return longest_ != never; }
    [[nodiscard]] bool has_onward_limit() const noexcept
    {
        return static_cast<bool>(query_->onward);
    }
    [[nodiscard]] bool has_airline_rules() const noexcept
    {
        return query_->connection.has_airlines();
    }
    [[nodiscard]] route_query const& query() const noexcept { return *query_; }
    [[nodiscard]] std::size_t max_legs() const noexcept
    {
        constexpr auto most = basic_itinerary<Schedule>::max_legs;
        return std::min(query_->max_stops, most - 1) + 1;
    }
    [[nodiscard]] bool takes(lane_type const& lane, position p) const
    {
        if (!takes_airline(lane, p)) return false;
        if (!query_->collapse_codeshares) return true;
        auto const departure = lane.departure(p);
        for (auto other = lane.first_departing(departure); other < p; other = lane.next(other)) {
            if (lane.arrival(other) == lane.arrival(p) && takes_airline(lane, other)) return false;
        }
        return true;
    }
    /// First departure and last arrival.
    [[nodiscard]] bool takes_times(seconds32 departure, seconds32 arrival) const
    {
        return arrival <= latest_arrival_ && arrival - departure <= longest_;
    }
    [[nodiscard]] bool connects(transit_lanes<lane_type> const& lanes, position first,
                                position second) const
    {
        auto const& [via, in, out] = lanes;
        auto const ready = in->arrival(first) + connection_at(via);
        if (!query_->connection.has_airlines()) return out->departure(second) >= ready;
        auto const least =
            query_->connection.between(schedule_->airports()[via], in->at(first).number.airline(),
                                       out->at(second).number.airline());
        return out->departure(second) >= in->arrival(first) + to_seconds(least);
    }
    /// Cargo that landed then must be off again before this.
    [[nodiscard]] seconds32 onward_end(airport_index via, seconds32 landed) const
    {
        if (!query_->onward) return next_end;
        return schedule_->to_seconds(
            query_->onward(schedule_->airports()[via], schedule_->to_time(landed)));
    }

private:
    placed_query(Schedule const& s, route_query const& q, airport_index from, airport_index to,
                 leniency let)
        : origin(from),
          destination(to),
          start(s.to_seconds(q.day.start)),
          end(s.to_seconds(q.day.end)),
          next_end(q.onward ? never : s.to_seconds(q.day.next_end)),
          schedule_(&s),
          query_(&q),
          filter_(let == leniency::none ? &q.filter : &no_filter),
          standard_(to_seconds(q.connection.standard())),
          one_connection_(q.connection.is_standard_everywhere())
    {
        if (let == leniency::no_filter_and_no_connection) {
            standard_ = 0;
            one_connection_ = true;
        }
        auto const& f = *filter_;
        if (f.earliest_departure) start = std::max(start, s.to_seconds(*f.earliest_departure));
        if (f.latest_arrival) {
            bool const ever = *f.latest_arrival > s.origin_of_time();
            latest_arrival_ = ever ? s.to_seconds(*f.latest_arrival) : 0;
        }
        if (f.longest) longest_ = to_seconds(*f.longest);
        days = {start / day_length, end / day_length, next_end / day_length};
        choosy_ = filters() || q.connection.has_airlines() || q.onward || q.collapse_codeshares;
    }

    // Apart, so that those who have one connection for all airports do not carry it along.
    [[nodiscard, gnu::noinline]] seconds32 least_at(airport_index via) const
    {
        return to_seconds(query_->connection.least_at(schedule_->airports()[via]));
    }

    [[nodiscard]] bool takes_airline(lane_type const& lane, position p) const
    {
        auto const& airlines = filter_->airlines;
        return airlines.empty() || contains(airlines, lane.at(p).number.airline());
    }
    template <class T, class U>
    [[nodiscard]] static bool contains(std::vector<T> const& all, U const& one)
    {
        return std::find(all.begin(), all.end(), one) != all.end();
    }

    static inline route_filter const no_filter{};

    Schedule const* schedule_;
    route_query const* query_;
    route_filter const* filter_;
    seconds32 standard_;
    bool one_connection_;
    seconds32 latest_arrival_ = never;
    seconds32 longest_ = never;
    bool choosy_ = false;
};

}  // namespace aircargo::detail
