#include "figures.hpp"
#include "parts.hpp"
#include <aircargo/routing/search.hpp>

namespace aircargo::bench {
namespace {

constexpr std::size_t question_count = 500;
constexpr int rounds = 9;

/// Microseconds a query, asking all by `ask(query)` several times.
template <class Ask>
[[nodiscard]] double microseconds_each(std::vector<route_query> const& queries, Ask ask)
{
    std::vector<double> us;
    for (int round = 0; round < rounds; ++round) {
        auto const seconds = seconds_of([&] {
            for (auto const& q : queries) ask(q);
        });
        us.push_back(seconds * 1e6 / static_cast<double>(queries.size()));
    }
    return median(us);
}

}  // namespace

drawn_queries draw_queries(data_set const& data, schedule const& s)
{
    drawn_queries drawn;
    route_search searching;
    route_answer answer;
    for (auto const& q : draw_questions(data.flights, question_count, question_seed)) {
        route_query const query{q.origin, q.destination, q.day, 1, top_size};
        searching.run(s, query, answer);
        (answer.reason ? drawn.without_route : drawn.with_route).push_back(query);
    }
    return drawn;
}

void measure_search(data_set const& data, schedule const& s)
{
    print_heading("search: " + data.name);
    auto const queries = draw_queries(data, s);
    auto const& asked = queries.with_route;
    std::size_t itineraries = 0;
    for (auto const& q : asked) itineraries += count_connections(s, q);
    auto const each = static_cast<double>(itineraries) / static_cast<double>(asked.size());
    print_figure("one-stop itineraries of a question that has any", each, "");

    connections found;
    std::vector<connection_pair> pairs;
    auto const runs_us =
        microseconds_each(asked, [&](auto const& q) { find_connections(s, q, found); });
    auto const pairs_us = microseconds_each(asked, [&](auto const& q) {
        find_connections(s, q, found);
        (void)found.copy_to(pairs);
    });
    print_figure("all as runs, a question", runs_us, "us");
    print_figure("all as runs, an itinerary", runs_us * 1e3 / each, "ns");
    print_figure("all as pairs, a question", pairs_us, "us");
    print_figure("all as pairs, an itinerary", pairs_us * 1e3 / each, "ns");

    route_search searching;
    route_answer answer;
    auto const run = [&](route_query const& q) { searching.run(s, q, answer); };
    print_figure("20 earliest, a question", microseconds_each(asked, run), "us");
    if (queries.without_route.empty()) return;
    print_figure("no route and why, a question", microseconds_each(queries.without_route, run),
                 "us");
}

}  // namespace aircargo::bench
