"""Answers as tables: for people at a terminal and in notebooks."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from aircargo._core import Itinerary, Routes

__all__ = ["html_of", "line_of", "table", "text_of"]

# A notebook that is saved keeps what is shown.
_MOST_ROWS = 50

_REASONS = {
    "unknown_airport": "no flight of the schedule serves the origin or the destination",
    "same_airport": "the origin is the destination",
    "outside_schedule": "the schedule has no flights on that day",
    "no_flight_that_day": "no flight leaves the origin on that day",
    "filtered_out": "there are routes, but none that passes the filters",
    "connections_too_short": "flights meet, but not with the time on the ground that is asked for",
    "needs_more_stops": "with more stops than allowed there is a way",
    "no_connection": "flights leave, but lead nowhere in time",
}

_HEADER = ("Flights", "Way", "Departure (UTC)", "Arrival (UTC)", "Duration", "On the ground")


def line_of(routes: Routes) -> str:
    """One line about what was found."""
    if not len(routes):
        return f"<Routes: none, {routes.reason}>" if routes.reason else "<Routes: none>"
    first = routes[0]
    more = ", more were cut" if routes.more else ""
    return (
        f"<Routes: {len(routes.direct)} direct and {len(routes.transit)} with stops, "
        f"{first.origin} to {first.destination}{more}>"
    )


def text_of(routes: Routes) -> str:
    """What was found, as lines of text."""
    return table(_HEADER, map(_cells, routes)) if len(routes) else why(routes)


def html_of(routes: Routes) -> str:
    """What was found, as a table of HTML."""
    if not len(routes):
        return f"<p>{html.escape(why(routes))}</p>"
    head = "".join(f"<th>{html.escape(name)}</th>" for name in _HEADER)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(itinerary)) + "</tr>"
        for itinerary in routes[:_MOST_ROWS]
    )
    rest = len(routes) - _MOST_ROWS
    below = f"<p>and {rest} more</p>" if rest > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{below}"


def why(routes: Routes) -> str:
    """Why nothing was found, as a sentence."""
    reason = routes.reason or ""
    return f"No route: {_REASONS.get(reason, reason)}." if reason else "No route."


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of text, each as wide as it must be."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def span(time: timedelta) -> str:
    """Hours and minutes, such as 5h05m."""
    minutes = int(time.total_seconds()) // 60
    return f"{minutes // 60}h{minutes % 60:02}m"


def clock(time: datetime) -> str:
    """An instant to the minute."""
    return f"{time:%Y-%m-%d %H:%M}"


def _cells(itinerary: Itinerary) -> tuple[str, ...]:
    flights = itinerary.flights
    return (
        " ".join(flight.number for flight in flights),
        "-".join([str(itinerary.origin), *(str(flight.destination) for flight in flights)]),
        clock(itinerary.departure),
        clock(itinerary.arrival),
        span(itinerary.duration),
        " ".join(span(after.departure - before.arrival) for before, after in pairwise(flights)),
    )
