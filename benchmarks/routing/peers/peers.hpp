#pragma once

#include "../solver.hpp"

namespace aircargo::bench {

// The peers, each in its own file. They know the flights and nothing of our search. Ids of the
// flights are their places, counted from 1.

/// Boost.Graph with an edge a flight: walks out_edges and filters by target.
[[nodiscard]] entrants flight_walk(std::span<flight const> flights);
/// Boost.Graph with an edge a lane (all flights of one ordered airport pair): walks the lanes out
/// of the origin and those into the destination side by side.
[[nodiscard]] entrants lane_walk(std::span<flight const> flights);
/// Boost.Graph's Dijkstra over lanes: the weight of a lane depends on the time of arrival before.
[[nodiscard]] entrants time_dependent(std::span<flight const> flights);
/// Boost.Graph's Dijkstra over events: vertices are departures and arrivals.
[[nodiscard]] entrants time_expanded(std::span<flight const> flights);
/// The same with LEMON's Dijkstra.
[[nodiscard]] entrants lemon_time_expanded(std::span<flight const> flights);
/// Profiles: a Dijkstra over (airport, stops) for every departure of the origin, the last first;
/// labels of later departures stay and dominate.
[[nodiscard]] entrants range_dijkstra(std::span<flight const> flights);
/// Profiles as plainly as they can be had, to check the others.
[[nodiscard]] entrants referee(std::span<flight const> flights);
/// SQLite in memory: one statement a question.
[[nodiscard]] entrants sqlite_join(std::span<flight const> flights);
/// PostgreSQL at `server` (a libpq connection string): one prepared statement a question.
[[nodiscard]] entrants postgres_join(std::span<flight const> flights, std::string const& server);

}  // namespace aircargo::bench
