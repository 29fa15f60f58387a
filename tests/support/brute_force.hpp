#pragma once

#include <aircargo/routing/search.hpp>
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace aircargo::test {

/// Flights that follow each other.
using journey = std::vector<flight>;

/// What a search must answer, found by looking at every flight after every other. Written from the
/// rules as text and with nothing of the search but its question:
///  - the first flight departs on the asked day, the others before the end of the day after;
///  - a flight leaves where the one before landed, as long after it as the rule asks;
///  - no airport is visited twice, the destination only at the end;
///  - the filter leaves out what it names;
///  - a number that flies on too soon for a connection counts as direct, where that is asked for;
///  - the answer is sorted by what is asked for, then arrival, then the later departure, then the
///  flight numbers, then the ids.
class brute_force {
public:
    using ids = std::vector<flight_id>;

    struct answer {
        std::vector<ids> direct;
        std::vector<ids> transit;
    };

    explicit brute_force(std::vector<flight> const& flights)
    {
        for (auto const& f : flights) leaving_[std::string(f.origin.str())].push_back(f);
    }

    /// Every journey there is with the stops that are allowed; without through flights.
    [[nodiscard]] std::vector<journey> journeys(route_query const& q) const
    {
        std::vector<journey> found;
        std::vector<flight const*> so_far;
        if (q.origin != q.destination) extend(q, so_far, found);
        return found;
    }

    [[nodiscard]] answer operator()(route_query const& q) const
    {
        std::vector<ranked> direct;
        std::vector<ranked> transit;
        for (auto const& j : journeys(q)) add(q, j, j.size() == 1 ? direct : transit);
        if (q.through_flights) {
            for (auto const& j : through_flights(q)) add(q, j, direct);
        }
        return {sorted(std::move(direct)), sorted(std::move(transit))};
    }

private:
    using ranked = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::vector<std::string>,
                              std::vector<flight_id>>;

    void extend(route_query const& q, std::vector<flight const*>& so_far,
                std::vector<journey>& to) const
    {
        for (auto const& f : leaving(so_far.empty() ? q.origin : so_far.back()->destination)) {
            if (!flies(q, f) || !(so_far.empty() ? is_that_day(q, f) : leads_on(q, so_far, f))) {
                continue;
            }
            so_far.push_back(&f);
            if (f.destination == q.destination) {
                if (passes(q, so_far)) to.push_back(flights_of(so_far));
            } else if (so_far.size() <= q.max_stops && !has(q.filter.avoid, f.destination) &&
                       f.destination != q.origin) {
                extend(q, so_far, to);
            }
            so_far.pop_back();
        }
    }

    [[nodiscard]] std::vector<journey> through_flights(route_query const& q) const
    {
        std::vector<journey> all;
        for (auto const& first : leaving(q.origin)) {
            bool const stops = first.destination != q.destination && first.destination != q.origin;
            if (q.origin == q.destination || !stops || !is_that_day(q, first)) continue;
            for (auto const& second : leaving(first.destination)) {
                auto const ground = second.departure - first.arrival;
                if (second.destination == q.destination && first.number == second.number &&
                    ground >= ground.zero() && ground <= std::chrono::hours(3) &&
                    ground < connection(q, first, second) && second.departure < until(q, first) &&
                    flies(q, first) && flies(q, second) &&
                    !has(q.filter.avoid, first.destination) && passes(q, {&first, &second})) {
                    all.push_back({first, second});
                }
            }
        }
        return all;
    }

    [[nodiscard]] static bool is_that_day(route_query const& q, flight const& f)
    {
        return f.departure >= q.day.start && f.departure < q.day.end;
    }
    [[nodiscard]] static std::chrono::seconds connection(route_query const& q, flight const& from,
                                                         flight const& to)
    {
        return q.connection.between(to.origin, from.number.airline(), to.number.airline());
    }
    [[nodiscard]] static utc_time until(route_query const& q, flight const& landed)
    {
        return q.onward ? q.onward(landed.destination, landed.arrival) : q.day.next_end;
    }
    [[nodiscard]] static bool leads_on(route_query const& q,
                                       std::vector<flight const*> const& so_far, flight const& f)
    {
        auto const& last = *so_far.back();
        return f.departure < until(q, last) &&
               f.departure - last.arrival >= connection(q, last, f) &&
               std::none_of(so_far.begin(), so_far.end(),
                            [&](flight const* leg) { return leg->origin == f.destination; });
    }
    /// What the filter says of a journey as a whole.
    [[nodiscard]] static bool passes(route_query const& q, std::vector<flight const*> const& legs)
    {
        auto const departure = legs.front()->departure;
        auto const arrival = legs.back()->arrival;
        auto const& f = q.filter;
        bool const via = f.via.empty() ||
                         std::any_of(legs.begin() + 1, legs.end(),
                                     [&](flight const* leg) { return has(f.via, leg->origin); });
        return via && !(f.earliest_departure && departure < *f.earliest_departure) &&
               !(f.latest_arrival && arrival > *f.latest_arrival) &&
               !(f.longest && arrival - departure > *f.longest);
    }
    [[nodiscard]] static journey flights_of(std::vector<flight const*> const& legs)
    {
        journey j;
        for (auto const* leg : legs) j.push_back(*leg);
        return j;
    }
    [[nodiscard]] std::vector<flight> const& leaving(airport_code origin) const
    {
        static std::vector<flight> const none;
        auto const at = leaving_.find(std::string(origin.str()));
        return at == leaving_.end() ? none : at->second;
    }
    template <class T, class U>
    [[nodiscard]] static bool has(std::vector<T> const& all, U const& one)
    {
        return std::count(all.begin(), all.end(), one) > 0;
    }
    [[nodiscard]] static bool of_airline(route_query const& q, flight const& f)
    {
        return q.filter.airlines.empty() || has(q.filter.airlines, f.number.airline());
    }
    [[nodiscard]] bool flies(route_query const& q, flight const& f) const
    {
        if (!of_airline(q, f)) return false;
        if (!q.collapse_codeshares) return true;
        auto const& all = leaving(f.origin);
        return std::none_of(all.begin(), all.end(), [&](flight const& other) {
            return other.destination == f.destination && other.departure == f.departure &&
                   other.arrival == f.arrival && of_airline(q, other) &&
                   std::pair(other.number, other.id) < std::pair(f.number, f.id);
        });
    }
    static void add(route_query const& q, journey const& legs, std::vector<ranked>& to)
    {
        auto const departure = legs.front().departure;
        auto const arrival = legs.back().arrival;
        std::int64_t value = 0;
        if (q.order == route_order::departure) value = to_epoch(departure);
        if (q.order == route_order::duration) value = (arrival - departure).count();
        std::vector<std::string> numbers;
        std::vector<flight_id> all;
        for (auto const& leg : legs) {
            if (q.order == route_order::cost && q.cost) {
                value += q.cost({leg.id, leg.number, leg.airline_name, leg.origin, leg.destination,
                                 leg.departure, leg.arrival});
            }
            numbers.emplace_back(leg.number.str());
            all.push_back(leg.id);
        }
        to.emplace_back(value, to_epoch(arrival), -to_epoch(departure), numbers, all);
    }
    [[nodiscard]] static std::vector<ids> sorted(std::vector<ranked> all)
    {
        std::sort(all.begin(), all.end());
        std::vector<ids> out;
        for (auto const& f : all) out.push_back(std::get<4>(f));
        return out;
    }

    std::map<std::string, std::vector<flight>> leaving_;
};

/// An answer of the search in the same form.
template <class Schedule>
std::vector<brute_force::ids> ids_of(std::vector<basic_itinerary<Schedule>> const& found)
{
    std::vector<brute_force::ids> out;
    for (auto const& i : found) out.push_back(i.flight_ids());
    return out;
}

}  // namespace aircargo::test
