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

/// What a search must answer, found by looking at every flight and every pair of flights. Written
/// from the rules as text and with nothing of the search but its question:
///  - a direct flight departs on the asked day;
///  - of two flights the first departs on the asked day, the second as long after the first lands
///  as the rule asks, and before the end of the day after the asked one;
///  - nobody changes at the origin or at the destination;
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

    [[nodiscard]] answer operator()(route_query const& q) const
    {
        std::vector<found> direct;
        std::vector<found> transit;
        for (auto const& first : leaving(q.origin)) {
            bool const that_day = first.departure >= q.day.start && first.departure < q.day.end;
            if (q.origin == q.destination || !that_day || !flies(q, first)) continue;
            if (first.destination == q.destination) {
                if (q.filter.via.empty()) add(q, {&first}, direct);
                continue;
            }
            if (first.destination == q.origin) continue;
            for (auto const& second : leaving(first.destination)) {
                if (second.destination != q.destination || !flies(q, second)) continue;
                if (!may_change_at(q, first.destination)) continue;
                auto const until =
                    q.onward ? q.onward(first.destination, first.arrival) : q.day.next_end;
                if (second.departure >= until) continue;
                auto const ground = second.departure - first.arrival;
                if (ground >= q.connection.between(first.destination, first.number.airline(),
                                                   second.number.airline())) {
                    if (q.max_stops > 0) add(q, {&first, &second}, transit);
                } else if (q.through_flights && first.number == second.number &&
                           ground >= ground.zero() && ground <= std::chrono::hours(3)) {
                    add(q, {&first, &second}, direct);
                }
            }
        }
        return {sorted(std::move(direct)), sorted(std::move(transit))};
    }

private:
    using found = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::vector<std::string>,
                             std::vector<flight_id>>;

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
    [[nodiscard]] static bool may_change_at(route_query const& q, airport_code a)
    {
        return (q.filter.via.empty() || has(q.filter.via, a)) && !has(q.filter.avoid, a);
    }
    static void add(route_query const& q, std::vector<flight const*> const& legs,
                    std::vector<found>& to)
    {
        auto const departure = legs.front()->departure;
        auto const arrival = legs.back()->arrival;
        auto const& f = q.filter;
        if (f.earliest_departure && departure < *f.earliest_departure) return;
        if (f.latest_arrival && arrival > *f.latest_arrival) return;
        if (f.longest && arrival - departure > *f.longest) return;
        std::int64_t value = 0;
        if (q.order == route_order::departure) value = to_epoch(departure);
        if (q.order == route_order::duration) value = (arrival - departure).count();
        std::vector<std::string> numbers;
        std::vector<flight_id> all;
        for (auto const* leg : legs) {
            if (q.order == route_order::cost && q.cost) {
                value += q.cost({leg->id, leg->number, leg->airline_name, leg->origin,
                                 leg->destination, leg->departure, leg->arrival});
            }
            numbers.emplace_back(leg->number.str());
            all.push_back(leg->id);
        }
        to.emplace_back(value, to_epoch(arrival), -to_epoch(departure), numbers, all);
    }
    [[nodiscard]] static std::vector<ids> sorted(std::vector<found> all)
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
