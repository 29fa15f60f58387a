#pragma once

#include <aircargo/routing/search.hpp>
#include <algorithm>
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
///  - of two flights the first departs on the asked day, the second two hours or more after the
///  first lands, and
///    before the end of the day after the asked one;
///  - nobody changes at the origin or at the destination;
///  - the answer is sorted by arrival, then the later departure, then the flight numbers, then the
///  ids.
class brute_force {
public:
    using ids = std::pair<flight_id, flight_id>;  // twice the same for a direct flight

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
            if (q.origin == q.destination || !that_day) continue;
            if (first.destination == q.destination) direct.push_back(of(first, first));
            if (first.destination == q.destination || first.destination == q.origin) continue;
            if (q.max_stops == 0) continue;
            for (auto const& second : leaving(first.destination)) {
                bool const leads_there = second.destination == q.destination;
                bool const reachable = second.departure - first.arrival >= q.min_connection;
                if (leads_there && reachable && second.departure < q.day.next_end) {
                    transit.push_back(of(first, second));
                }
            }
        }
        return {sorted(std::move(direct)), sorted(std::move(transit))};
    }

private:
    using found =
        std::tuple<std::int64_t, std::int64_t, std::string, std::string, flight_id, flight_id>;

    [[nodiscard]] std::vector<flight> const& leaving(airport_code origin) const
    {
        static std::vector<flight> const none;
        auto const at = leaving_.find(std::string(origin.str()));
        return at == leaving_.end() ? none : at->second;
    }
    [[nodiscard]] static found of(flight const& first, flight const& second)
    {
        return {to_epoch(second.arrival),
                -to_epoch(first.departure),
                std::string(first.number.str()),
                std::string(second.number.str()),
                first.id,
                second.id};
    }
    [[nodiscard]] static std::vector<ids> sorted(std::vector<found> all)
    {
        std::sort(all.begin(), all.end());
        std::vector<ids> out;
        for (auto const& f : all) out.emplace_back(std::get<4>(f), std::get<5>(f));
        return out;
    }

    std::map<std::string, std::vector<flight>> leaving_;
};

/// An answer of the search in the same form.
inline std::vector<brute_force::ids> ids_of(std::vector<itinerary> const& found)
{
    std::vector<brute_force::ids> out;
    for (auto const& i : found) out.emplace_back(i.first().id, i.last().id);
    return out;
}

}  // namespace aircargo::test
