#pragma once

#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/query.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::bench {

/// From where, to where, on which day of the origin's calendar.
struct question {
    airport_code origin;
    airport_code destination;
    day_window day;
};

/// What is asked. Everywhere a connection takes what `connection_rule` has as its standard, or
/// longer, and nobody changes at the origin or the destination.
enum class task : std::uint8_t {
    all,              ///< every direct flight of the day, and every pair whose second leg departs
                      ///< before `next_end`
    top,              ///< the first `top_size` of these by arrival, then the later departure
    earliest,         ///< the earliest arrival from `start` on, any number of stops, any day
    earliest_1_stop,  ///< the earliest arrival among those of `all`
    profile_1_stop,   ///< see below, 1 stop at most
    profile_3_stops,  ///< see below, 3 stops at most
};
// A profile is the Pareto set of (departure, arrival, stops): later, earlier, fewer. First legs
// depart on the day and all others before `next_end`; what departs after the day dominates nothing.

inline constexpr std::array all_tasks{task::all,
                                      task::top,
                                      task::earliest,
                                      task::earliest_1_stop,
                                      task::profile_1_stop,
                                      task::profile_3_stops};
inline constexpr std::size_t top_size = 20;

[[nodiscard]] constexpr std::string_view name_of(task t) noexcept
{
    switch (t) {
        case task::all: return "all itineraries of a day";
        case task::top: return "20 earliest arrivals of a day";
        case task::earliest: return "earliest arrival, any number of stops";
        case task::earliest_1_stop: return "earliest arrival, 1 stop at most";
        case task::profile_1_stop: return "profile of a day, 1 stop at most";
        case task::profile_3_stops: return "profile of a day, 3 stops at most";
    }
    return "?";
}

/// An answer in the form in which all solvers can be compared:
///  - `all`, `top`: a row is the ids of the first and the last flight, a direct one's id twice;
///  - `earliest...`: no row or one, the arrival as seconds since 1970;
///  - `profile...`: departure, arrival, stops.
using row = std::array<std::int64_t, 3>;
using rows = std::vector<row>;

/// One way to answer the questions of one task.
class solver {
public:
    solver() = default;
    solver(solver const&) = delete;
    solver& operator=(solver const&) = delete;
    virtual ~solver() = default;

    /// Answers, and keeps the answer in a buffer that the next question reuses. This is timed.
    virtual void ask(question const& q) = 0;
    /// The last answer, in any order. This is not timed.
    [[nodiscard]] virtual rows answer() const = 0;
};

/// A solver that takes part in a task.
struct entrant {
    task what;
    std::string name;
    std::unique_ptr<solver> solves;
    int repetitions = 9;       ///< 0: only its answers are used, to check those of others
    std::size_t checks = 500;  ///< so many questions are cross-checked
    bool cold = false;         ///< also timed with cold caches
};
using entrants = std::vector<entrant>;

}  // namespace aircargo::bench
