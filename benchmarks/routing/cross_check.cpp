#include "cross_check.hpp"
#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace aircargo::bench {
namespace {

/// The pair is an itinerary that answers the question.
[[nodiscard]] bool is_valid(flight const& first, flight const& last, question const& q)
{
    bool const ends = first.origin == q.origin && last.destination == q.destination;
    bool const that_day = first.departure >= q.day.start && first.departure < q.day.end;
    bool const connects =
        first.id == last.id ||
        (first.destination == last.origin && last.departure - first.arrival >= default_connection &&
         last.departure < q.day.next_end);
    return ends && that_day && connects;
}

/// Two may differ in which of several equally good ones come last, so times are compared; that the
/// pairs are itineraries, and no two the same, is checked apart.
[[nodiscard]] rows times_of(rows const& pairs, std::span<flight const> flights, question const& q)
{
    auto const at = [&](std::int64_t id) -> flight const& {
        return flights[static_cast<std::size_t>(id) - 1];
    };
    rows times;
    for (auto const& pair : pairs) {
        auto const& first = at(pair[0]);
        auto const& last = at(pair[1]);
        if (!is_valid(first, last, q)) throw std::runtime_error("a pair that is no itinerary");
        times.push_back({to_epoch(first.departure), to_epoch(last.arrival), 0});
    }
    return times;
}

[[nodiscard]] rows comparable(entrant const& e, std::span<flight const> flights, question const& q)
{
    auto found = e.solves->answer();
    std::sort(found.begin(), found.end());
    if (std::adjacent_find(found.begin(), found.end()) != found.end()) {
        throw std::runtime_error("an answer twice");
    }
    if (e.what == task::top) {
        found = times_of(found, flights, q);
        std::sort(found.begin(), found.end());
    }
    return found;
}

[[nodiscard]] std::string text_of(question const& q)
{
    return std::string(q.origin.str()) + "-" + std::string(q.destination.str()) + " from " +
           to_string(q.day.start);
}

[[nodiscard]] std::size_t differences(std::vector<entrant const*> const& asked,
                                      std::span<flight const> flights,
                                      std::span<question const> questions)
{
    std::size_t different = 0;
    std::size_t answers = 0;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        auto const& q = questions[i];
        rows first;
        for (auto const* e : asked) {
            if (i >= e->checks) continue;
            e->solves->ask(q);
            auto const found = comparable(*e, flights, q);
            if (e == asked.front()) {
                first = found;
                answers += found.size();
            } else if (found != first) {
                ++different;
                std::cerr << "difference: " << name_of(e->what) << ", " << text_of(q) << ": "
                          << asked.front()->name << " has " << first.size() << " rows, " << e->name
                          << " has " << found.size() << '\n';
            }
        }
    }
    std::cerr << "checked: " << name_of(asked.front()->what) << ": " << asked.size()
              << (asked.size() == 1 ? " solver, so nothing to compare with, " : " solvers, ")
              << answers << " rows, " << different << " differences\n";
    for (auto const* e : asked) {
        if (e->checks < questions.size()) {
            std::cerr << "    of these only the first " << e->checks << " questions by " << e->name
                      << '\n';
        }
    }
    return different;
}

}  // namespace

std::size_t cross_check(entrants const& all, std::span<flight const> flights,
                        std::span<question const> questions)
{
    std::size_t different = 0;
    for (auto const what : all_tasks) {
        std::vector<entrant const*> asked;
        for (auto const& e : all) {
            if (e.what == what) asked.push_back(&e);
        }
        if (!asked.empty()) different += differences(asked, flights, questions);
    }
    return different;
}

}  // namespace aircargo::bench
