// Earliest arrivals, profiles and Pareto sets in small schedules are those of all journeys.

#include "decoded.hpp"
#include "support/all_journeys.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/pareto.hpp>
#include <aircargo/routing/profile.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace {

using namespace aircargo;
using namespace aircargo::test;

/// Three numbers, the smaller the better.
using worth = std::array<std::int64_t, 3>;

std::int64_t cost_of(flight_id id) { return static_cast<std::int64_t>(id) * 7 % 5 * 10; }

worth in_profile(journey const& j)
{
    return {-to_epoch(j.front().departure), to_epoch(j.back().arrival),
            static_cast<std::int64_t>(j.size())};
}
worth in_pareto_set(journey const& j)
{
    std::int64_t cost = 0;
    for (auto const& f : j) cost += cost_of(f.id);
    return {to_epoch(j.back().arrival), static_cast<std::int64_t>(j.size()), cost};
}

std::vector<worth> sorted(std::vector<worth> all)
{
    std::sort(all.begin(), all.end());
    return all;
}

template <class WorthOf>
std::vector<worth> unbeaten(std::vector<journey> const& all, WorthOf worth_of)
{
    std::vector<worth> worths;
    for (auto const& j : all) worths.push_back(worth_of(j));
    return test::unbeaten(std::move(worths));
}

struct question {
    std::vector<flight> flights;
    route_query about;
    std::vector<journey> all;

    [[nodiscard]] journey known(itinerary const& found) const
    {
        auto const j = journey_of(found, flights);
        demand(std::find(all.begin(), all.end(), j) != all.end(), "a journey that is none",
               test::to_text(j) + '\n' + test::to_text(flights, about));
        return j;
    }
};

void check_earliest(flight_network const& network, question const& q)
{
    earliest_search search;
    auto const found = search(network, q.about);
    demand(found.has_value() == !q.all.empty(), "whether there is a journey",
           test::to_text(q.flights, q.about));
    if (!found) return;
    auto const rank = [](journey const& j) { return std::pair(j.back().arrival, j.size()); };
    auto const best =
        std::min_element(q.all.begin(), q.all.end(),
                         [&](auto const& a, auto const& b) { return rank(a) < rank(b); });
    demand(rank(q.known(*found)) == rank(*best), "the earliest landing",
           test::to_text(q.flights, q.about));
}

void check_profile(flight_network const& network, question const& q)
{
    profile_search search;
    std::vector<worth> found;
    for (auto const& i : search(network, q.about)) {
        found.push_back(in_profile(q.known(i)));
    }
    demand(sorted(found) == unbeaten(q.all, in_profile), "the profile",
           test::to_text(q.flights, q.about));
}

void check_pareto(flight_network const& network, question const& q)
{
    pareto_search search;
    std::vector<worth> found;
    for (auto const& [i, sum] : search(network, q.about)) {
        found.push_back(in_pareto_set(q.known(i)));
        demand(found.back()[2] == sum, "the cost");
    }
    demand(sorted(found) == unbeaten(q.all, in_pareto_set), "the Pareto set",
           test::to_text(q.flights, q.about));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    byte_source bytes(std::span(data, size));
    auto flights = flights_from(bytes, 24);
    auto const rule = rule_from(bytes);
    question q{.flights = std::move(flights), .about = query_from(bytes), .all = {}};
    auto& about = q.about;
    about.cost = [](flight_view const& f) { return cost_of(f.id); };
    about.max_stops = static_cast<std::size_t>(bytes.one_of(std::array{15, 0, 1, 2, 3, 4}));
    if (bytes.one_in(2)) about.connection = rule;
    q.all = brute_force(q.flights).journeys(about);

    schedule const s(q.flights);
    flight_network const network(s, rule);
    check_earliest(network, q);
    check_profile(network, q);
    check_pareto(network, q);
    return 0;
}
