// The searches of search.py in C++, on the same schedule and queries, one measurement at a time:
// reads commands, and answers each with a line.
//
//   pace SCHEDULE QUERIES      a file of save_schedule; a line a query: origin, destination, day
//   batch LIMIT THREADS        one batch of all queries, 0 for no limit: nanoseconds, itineraries
//   again LIMIT THREADS        the same with the memory of the batch before
//   single LIMIT               the queries one by one, and the day of each: nanoseconds,
//   itineraries

#include <aircargo/service/batch_search.hpp>
#include <aircargo/service/schedule_file.hpp>
#include <aircargo/world/time_zones.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace aircargo;
using clock_type = std::chrono::steady_clock;

struct question {
    airport_code origin;
    airport_code destination;
    date day;
};

[[nodiscard]] std::vector<question> questions_in(char const* path)
{
    std::vector<question> all;
    std::ifstream file(path);
    for (std::string origin, destination, day; file >> origin >> destination >> day;) {
        all.push_back({airport_code::parse(origin).value(),
                       airport_code::parse(destination).value(), parse_date(day).value()});
    }
    return all;
}

[[nodiscard]] route_query query_of(question const& q, std::size_t limit)
{
    route_query query{q.origin, q.destination, day_at(q.origin, q.day).value()};
    query.limit = limit == 0 ? std::numeric_limits<std::size_t>::max() : limit;
    return query;
}

[[nodiscard]] std::vector<route_query> queries_of(std::vector<question> const& all,
                                                  std::size_t limit)
{
    std::vector<route_query> queries;
    for (auto const& q : all) queries.push_back(query_of(q, limit));
    return queries;
}

void tell(clock_type::duration took, std::size_t itineraries)
{
    std::cout << std::chrono::nanoseconds(took).count() << ' ' << itineraries << std::endl;
}

void run_batch(schedule const& s, std::vector<question> const& all, std::size_t limit,
               std::size_t threads, batch_table& into)
{
    auto const queries = queries_of(all, limit);
    batch_search batch(threads);
    auto const begin = clock_type::now();
    batch.run(s, queries, into);
    tell(clock_type::now() - begin, into.itineraries());
}

void run_single(schedule const& s, std::vector<question> const& all, std::size_t limit)
{
    route_search search;
    route_answer answer;
    std::size_t itineraries = 0;
    auto const begin = clock_type::now();
    for (auto const& q : all) {
        search.run(s, query_of(q, limit), answer);
        itineraries += answer.direct.size() + answer.transit.size();
    }
    tell(clock_type::now() - begin, itineraries);
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: pace SCHEDULE QUERIES\n", stderr);
        return 2;
    }
    auto const s = open_schedule(argv[1]).value();
    auto const all = questions_in(argv[2]);
    batch_table kept;
    std::string command;
    for (std::size_t limit = 0, threads = 0; std::cin >> command >> limit;) {
        if (command != "single") std::cin >> threads;
        if (command == "batch") {
            batch_table fresh;
            run_batch(s, all, limit, threads, fresh);
        } else if (command == "again") {
            run_batch(s, all, limit, threads, kept);
        } else {
            run_single(s, all, limit);
        }
    }
}
