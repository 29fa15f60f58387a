#pragma once

#include "casters.hpp"
#include <aircargo/routing/query.hpp>
#include <span>
#include <string_view>

/// What is asked of a schedule, as Python says it.
namespace aircargo::python {

/// A day: a `datetime.date` that is no datetime, or a text such as "2026-12-01". \pre the GIL is
/// held
[[nodiscard]] date day_from(py::handle from);
/// Whether it is a `datetime.datetime`. \pre the GIL is held
[[nodiscard]] bool is_instant(py::handle from);

/// All of a query but where and when, and how its day is meant.
struct route_options {
    route_query query;  ///< its ends and its day mean nothing yet
    bool utc_day = false;
    py::object cost;  ///< what a flight costs, as a callable; null where there is none
};

/// How many itineraries an answer has of each list, unless more or less are asked for.
inline constexpr std::size_t usual_limit = 50;

/// Reads the keyword arguments of a search. \pre the GIL is held
/// \param without those that this search has not
[[nodiscard]] route_options options_from(py::kwargs const& given,
                                         std::span<std::string_view const> without = {});

/// The instants of a day as the options mean it. \throws what `raise` does
[[nodiscard]] day_window window_of(airport_code origin, date day, bool in_utc);

}  // namespace aircargo::python
