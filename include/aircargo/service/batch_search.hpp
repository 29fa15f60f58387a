#pragma once

#include <aircargo/routing/route_batch.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

namespace aircargo {

/// Answers many route queries in one call, on several threads. Any number of threads gives the same
/// answer, and that of a search for each query:
///  - with a limit, the first so many itineraries in the order of the query, direct flights and
///    connections together;
///  - without one all of them in no particular order, since sorting takes many times as long as
///    finding; ask for a huge limit to have them sorted;
///  - nothing for a query that can not be answered, and why; it never makes the batch fail.
///
/// Keeps its memory from batch to batch; for one caller at a time.
class batch_search {
public:
    /// \param threads that work on a batch at most, the caller's counted
    explicit batch_search(std::size_t threads = std::thread::hardware_concurrency());

    void run(schedule const& s, std::span<route_query const> queries, batch_answer& answer);
    void run(schedule const& s, std::span<route_query const> queries, batch_table& answer);

    /// Just how many itineraries each query has, direct ones and connections, whatever its limit.
    void count(schedule const& s, std::span<route_query const> queries,
               std::vector<std::int64_t>& counts);

private:
    template <class Answer>
    void run_into(schedule const& s, std::span<route_query const> queries, Answer& answer);
    void begin(schedule const& s, std::span<route_query const> queries, std::size_t most_legs);
    /// Calls `use(part, query)` for every query of the batch; each part is one thread's at a time.
    template <class Use>
    void spread(Use const& use);

    struct place_in_order {
        std::uint64_t key;
        std::size_t query;
    };

    std::vector<batch_part> parts_;            // by thread
    std::vector<place_in_order> order_;        // in which the queries are answered
    std::vector<detail::noted_answer> noted_;  // by query
};

}  // namespace aircargo
