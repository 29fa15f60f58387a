#include "world/made_up/network.hpp"
#include <aircargo/routing/great_circle.hpp>
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <unordered_map>
#include <utility>

namespace aircargo::detail {
namespace {

constexpr date any_monday = std::chrono::year(2025) / 1 / 6;
constexpr std::size_t place_count = 3'250;
constexpr std::size_t pair_count = 18'400;  // of places, to fly between both ways

/// Airports of the demonstration are large, as many routes as they have there; those that call
/// themselves international come next.
[[nodiscard]] std::vector<airport const*> by_size(draw& random)
{
    std::unordered_map<airport_code, int> demo_flights;
    for (auto const& f : demo_schedule(any_monday, 7)) ++demo_flights[f.origin];

    std::vector<std::pair<double, airport const*>> ranked;
    for (auto const& a : all_airports()) {
        auto const known = demo_flights.find(a.code);
        bool const international = a.name.find("International") != std::string::npos;
        int const rank =
            known != demo_flights.end() ? 2 + known->second : static_cast<int>(international);
        ranked.emplace_back(rank + random.share(), &a);
    }
    std::sort(ranked.begin(), ranked.end(),
              [](auto const& a, auto const& b) { return a.first > b.first; });
    std::vector<airport const*> sorted;
    for (auto const& [rank, a] : ranked) sorted.push_back(a);
    return sorted;
}

[[nodiscard]] std::vector<made_up_place> make_places(draw& random)
{
    std::vector<made_up_place> places;
    for (auto const* const about : by_size(random)) {
        if (places.size() == place_count) break;
        // This system's time zone data may lack a zone.
        if (local_day(any_monday, about->zone).has_error()) continue;
        // Somewhat steeper than the number of destinations falls in the world, from 240 to one.
        auto const nth = static_cast<double>(places.size());
        places.push_back({about, std::exp(-0.08 * std::pow(nth, 0.571))});
    }
    return places;
}

/// A point on a sphere of radius 1; distances between such are quicker to find than those between
/// longitudes and latitudes.
struct point {
    double x;
    double y;
    double z;

    explicit point(airport const& a)
    {
        constexpr double radian = std::numbers::pi / 180;
        auto const level = std::cos(a.latitude * radian);
        x = level * std::cos(a.longitude * radian);
        y = level * std::sin(a.longitude * radian);
        z = std::sin(a.latitude * radian);
    }
    [[nodiscard]] double km_to(point const& other) const
    {
        constexpr double radius_km = 6371;
        return radius_km *
               std::acos(std::clamp(x * other.x + y * other.y + z * other.z, -1.0, 1.0));
    }
};

struct place_pair {
    double opens = 0;  ///< when somebody starts to fly between them
    std::uint32_t one = 0;
    std::uint32_t other = 0;

    friend bool operator<(place_pair const& a, place_pair const& b) { return a.opens < b.opens; }
};

/// How attractive a lane of this length is.
[[nodiscard]] double by_distance(double km)
{
    constexpr double shortest_km = 60;
    return km < shortest_km ? 0 : std::exp(-km / 1'200) + 0.005;
}

/// Every pair with the time at which it opens, which comes the sooner the larger and nearer both
/// are.
[[nodiscard]] std::vector<place_pair> all_pairs(std::vector<made_up_place> const& places,
                                                draw& random)
{
    std::vector<point> points;
    for (auto const& p : places) points.emplace_back(*p.about);
    std::vector<place_pair> pairs;
    pairs.reserve(places.size() * places.size() / 2);
    for (std::uint32_t i = 0; i < places.size(); ++i) {
        for (std::uint32_t j = 0; j < i; ++j) {
            auto const pull =
                places[i].size * places[j].size * by_distance(points[i].km_to(points[j]));
            if (pull > 0) pairs.push_back({random.wait() / pull, i, j});
        }
    }
    return pairs;
}

/// The first pair of every place, so that none is left out, and then the first of all.
[[nodiscard]] std::vector<place_pair> first_pairs(std::vector<place_pair> pairs, std::size_t places)
{
    std::vector<double> first(places, std::numeric_limits<double>::max());
    for (auto const& p : pairs) {
        for (auto const place : {p.one, p.other}) first[place] = std::min(first[place], p.opens);
    }
    for (auto& p : pairs) {
        if (p.opens == first[p.one] || p.opens == first[p.other]) p.opens = 0;
    }
    auto const count = std::min(pair_count, pairs.size());
    std::nth_element(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(count),
                     pairs.end());
    pairs.resize(count);
    return pairs;
}

}  // namespace

made_up_network make_network(draw& random)
{
    made_up_network network;
    network.places = make_places(random);
    auto const& places = network.places;
    for (auto const& p : first_pairs(all_pairs(places, random), places.size())) {
        auto const km = great_circle_km(*places[p.one].about, *places[p.other].about);
        network.lanes.push_back({p.one, p.other, km});
        network.lanes.push_back({p.other, p.one, km});
    }
    std::sort(network.lanes.begin(), network.lanes.end(), [](auto const& a, auto const& b) {
        return std::pair(a.origin, a.destination) < std::pair(b.origin, b.destination);
    });
    return network;
}

}  // namespace aircargo::detail
