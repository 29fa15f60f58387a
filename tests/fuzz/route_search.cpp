// Searches in small schedules answer as looking at every pair of flights does.

#include "decoded.hpp"
#include "support/brute_force.hpp"
#include <aircargo/routing/search.hpp>
#include <algorithm>
#include <array>
#include <span>

namespace {

using namespace aircargo;
using namespace aircargo::test;

void check_cut(schedule const& s, route_query q, brute_force::answer expected, std::size_t limit)
{
    q.limit = limit;
    expected.direct.resize(std::min(expected.direct.size(), limit));
    expected.transit.resize(std::min(expected.transit.size(), limit));
    auto const answer = search(s, q);
    demand(ids_of(answer.direct) == expected.direct, "the first direct flights");
    demand(ids_of(answer.transit) == expected.transit, "the first connections");
}

void check(schedule const& s, route_query const& q, std::vector<flight> const& flights)
{
    auto const expected = brute_force(flights)(q);
    auto const answer = search(s, q);
    demand(ids_of(answer.direct) == expected.direct, "direct flights", list_of(flights));
    demand(ids_of(answer.transit) == expected.transit, "connections", list_of(flights));
    demand(answer.direct_total == expected.direct.size(), "the number of direct flights");
    demand(answer.transit_total == expected.transit.size(), "the number of connections");
    demand(answer.reason.has_value() == (expected.direct.empty() && expected.transit.empty()),
           "a reason where there is no route, and only there");
    for (auto const limit : std::array<std::size_t, 3>{0, 1, 3}) check_cut(s, q, expected, limit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    byte_source bytes(std::span(data, size));
    auto const flights = flights_from(bytes, 40);
    schedule const s(flights);
    for (int left = 3; left > 0; --left) check(s, query_from(bytes), flights);
    return 0;
}
