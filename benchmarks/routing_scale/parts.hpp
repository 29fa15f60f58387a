#pragma once

#include "../routing/data.hpp"
#include <aircargo/routing/schedule.hpp>

/// The parts of the measurement; each prints its figures.
namespace aircargo::bench {

/// Bytes a flight.
void measure_memory(data_set const& data);
/// Building, saving and opening.
void measure_build(data_set const& data);
/// Updates of a schedule that is searched meanwhile.
void measure_live(data_set const& data, schedule const& s);
/// What an answer costs; compare schedules of different size.
void measure_search(data_set const& data, schedule const& s);

/// Queries for the first 20 itineraries.
struct drawn_queries {
    std::vector<route_query> with_route;
    std::vector<route_query> without_route;  ///< here the answer says why
};
[[nodiscard]] drawn_queries draw_queries(data_set const& data, schedule const& s);

inline constexpr std::uint64_t question_seed = 20'080'101;
inline constexpr std::uint64_t change_seed = 20'250'324;

}  // namespace aircargo::bench
