"""Routes through a flight schedule: one query or a hundred thousand.

NumPy is needed only for what takes or gives arrays, and is imported when that is first asked for.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from aircargo import _core
from aircargo._core import Airport, Itinerary, Routes, airport, great_circle_km
from aircargo._extras import need
from aircargo.errors import InvalidInputError

if TYPE_CHECKING:
    import networkx
    import numpy as np
    import pandas
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Airport", "RouteBatch", "Routes", "Schedule", "airport", "great_circle_km"]

Sequence.register(Routes)

# What stands in RouteBatch.reasons, by number.
_REASONS = (
    "unknown_airport",
    "same_airport",
    "outside_schedule",
    "no_flight_that_day",
    "filtered_out",
    "connections_too_short",
    "needs_more_stops",
    "no_connection",
)


class Schedule(_core.Schedule):
    """An immutable flight schedule, arranged for search. Safe from any number of threads.

    Parameters
    ----------
    flights : sequence of Flight
        All with an id, or all without one: then they are numbered from 1.
    strict : bool, default False
        Refuse flights that can not be true, such as faster than 1,200 km/h, instead of leaving them out.

    Raises
    ------
    InvalidInputError
        If two flights have the same id, some have none, or, when `strict`, one can not be true.

    Examples
    --------
    >>> from aircargo import Flight, Schedule
    >>> from datetime import datetime, timezone
    >>> at = lambda hour: datetime(2026, 12, 1, hour, tzinfo=timezone.utc)
    >>> schedule = Schedule([Flight("AI101", "DEL", "BOM", at(3), at(5)), Flight("AI202", "BOM", "BLR", at(8), at(10))])
    >>> [flight.number for flight in schedule.search("DEL", "BLR", "2026-12-01")[0].flights]
    ['AI101', 'AI202']
    """

    @classmethod
    def from_csv(cls, path: str | os.PathLike[str], *, strict: bool = False) -> Schedule:
        """Read flights from a CSV file, plain or gzip.

        Its header names, in any order, ``flight_number``, ``airline_name``, ``origin``, ``destination``,
        ``departure_datetime`` and ``arrival_datetime``; times as RFC 3339, such as ``2026-12-01T06:00:00Z``.

        Parameters
        ----------
        path : str or os.PathLike
            The file, in UTF-8.
        strict : bool, default False
            Refuse a file with a bad line, instead of leaving that out.

        Returns
        -------
        Schedule
            All flights, numbered from 1; what was left out and why stands in `left_out`, by line.

        Raises
        ------
        NotFoundError
            If there is no such file.
        InvalidInputError
            If it can not be read or lacks a column, or, when `strict`, if a line is bad.
        """
        return cls(cls._from_csv(os.fspath(path), strict))

    @classmethod
    def from_arrays(
        cls,
        *,
        numbers: ArrayLike,
        origins: ArrayLike,
        destinations: ArrayLike,
        departures: ArrayLike,
        arrivals: ArrayLike,
        airline_names: ArrayLike | None = None,
        ids: ArrayLike | None = None,
        strict: bool = False,
    ) -> Schedule:
        """Take flights from columns: NumPy arrays of any stride, or whatever they can be made of.

        Parameters
        ----------
        numbers, origins, destinations : array of str, shape (n,)
            Flight numbers such as ``"AI101"``, and airport codes.
        departures, arrivals : array of datetime64 or int, shape (n,)
            UTC; whole numbers are seconds since 1970.
        airline_names : array of str, shape (n,), optional
            Names for people.
        ids : array of int, shape (n,), optional
            What results call the flights by; 1 to n unless given.
        strict : bool, default False
            Refuse flights that can not be true, instead of leaving them out.

        Returns
        -------
        Schedule
            What was left out and why stands in `left_out`, by position.

        Raises
        ------
        InvalidInputError
            If a value is not what it must be, or the columns differ in length.
        TypeError
            If a column is of another kind, such as times as floats.
        """
        made = cls._from_columns(
            _texts(numbers),
            _texts(origins),
            _texts(destinations),
            _seconds(departures, "departures"),
            _seconds(arrivals, "arrivals"),
            None if airline_names is None else _texts(airline_names),
            None if ids is None else _whole_numbers(ids, "ids"),
            strict,
        )
        return cls(made)

    @classmethod
    def from_pandas(cls, frame: pandas.DataFrame, *, strict: bool = False) -> Schedule:
        """Take flights from a table of pandas.

        Parameters
        ----------
        frame : pandas.DataFrame
            With the columns that `from_csv` names; ``airline_name`` may be missing, and ``id`` may be there. Times are
            aware, or texts as in a CSV file.
        strict : bool, default False
            Refuse flights that can not be true, instead of leaving them out.

        Returns
        -------
        Schedule
            What was left out and why stands in `left_out`, by position.

        Raises
        ------
        InvalidInputError
            If a column is missing, a time is naive or a value is not what it must be.
        """
        missing = [name for name in _COLUMNS if name not in frame.columns]
        if missing:
            raise InvalidInputError(f"the table has no column {missing[0]}", "invalid_request")
        return cls.from_arrays(
            numbers=frame["flight_number"].to_numpy(dtype=object),
            origins=frame["origin"].to_numpy(dtype=object),
            destinations=frame["destination"].to_numpy(dtype=object),
            departures=_utc_of(frame["departure_datetime"]),
            arrivals=_utc_of(frame["arrival_datetime"]),
            airline_names=frame["airline_name"].to_numpy(dtype=object) if "airline_name" in frame.columns else None,
            ids=frame["id"].to_numpy() if "id" in frame.columns else None,
            strict=strict,
        )

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Schedule:
        """Map a file that `save` wrote.

        Nothing is read or copied but what searches come to need, and all processes that have it open share one copy.

        Parameters
        ----------
        path : str or os.PathLike
            Must not be written to in place while it is open; saving over it is safe.

        Returns
        -------
        Schedule
            The one that was saved.

        Raises
        ------
        NotFoundError
            If there is no such file.
        InvalidInputError
            If it is not such a file, or damaged.
        """
        return cls(cls._open(path))

    @classmethod
    def demo(cls, first: datetime.date | str, days: int = 7) -> Schedule:
        """Make flights to try things with: cargo routes between about 100 airports.

        Who flies where is real, times and weekdays are not. Same arguments, same flights.

        Parameters
        ----------
        first : datetime.date or str
            The first day.
        days : int, default 7
            How many.

        Returns
        -------
        Schedule
            About 140 flights a day.
        """
        return cls(cls._demo(first, days))

    @classmethod
    def made_up(
        cls, flights: int = 1_000_000, days: int = 10, first: datetime.date | str = "2025-03-24", seed: int = 1
    ) -> Schedule:
        """Make a world of any size, to measure and to test with.

        Airports and distances are real, everything else is made up so that it looks like the world does.

        Parameters
        ----------
        flights : int, default 1,000,000
            Exactly so many.
        days : int, default 10
            Over so many days.
        first : datetime.date or str, default "2025-03-24"
            The first of them.
        seed : int, default 1
            Same arguments, same flights.

        Returns
        -------
        Schedule
            Between some 3,150 airports, or fewer where it is small.
        """
        return cls(cls._made_up(flights, days, first, seed))

    def search_many(
        self,
        origins: ArrayLike,
        destinations: ArrayLike,
        days: ArrayLike | datetime.date,
        *,
        threads: int | None = None,
        **options: Any,
    ) -> RouteBatch:
        """Answer many queries in one call, on all cores and without the GIL.

        Parameters
        ----------
        origins, destinations : array of str, shape (n,), or str
            Airport codes.
        days : array of datetime64, shape (n,), or date or str
            The calendar day of each. What is single is the same for all.
        threads : int, optional
            How many work on it; one a core unless given.
        **options
            As for `search`, but for ``cost``. ``limit``, 50 unless given, counts direct flights and connections
            together; without one (None) they come in no particular order.

        Returns
        -------
        RouteBatch
            The answers as NumPy arrays of the memory that they were written to.

        Raises
        ------
        InvalidInputError
            If a code or a day is not one, with its position.

        Examples
        --------
        >>> from aircargo import Schedule
        >>> schedule = Schedule.demo("2026-12-01", days=3)
        >>> found = schedule.search_many(["DEL", "FRA"], ["BLR", "JFK"], "2026-12-01", limit=3)
        >>> [len(itineraries) for itineraries in found]
        [3, 1]
        """
        asked = _queries(origins, destinations, days)
        np = need("numpy", "numpy")
        rows, legs, offsets, reasons = self._search_many(*asked, threads or _cores(), **options)
        return RouteBatch(self, np.asarray(rows), legs, np.asarray(offsets), np.asarray(reasons))

    def count_many(
        self,
        origins: ArrayLike,
        destinations: ArrayLike,
        days: ArrayLike | datetime.date,
        *,
        threads: int | None = None,
        **options: Any,
    ) -> NDArray[np.int64]:
        """Count the itineraries of many queries, which takes a fraction of the time of finding them.

        Parameters
        ----------
        origins, destinations : array of str, shape (n,), or str
            Airport codes.
        days : array of datetime64, shape (n,), or date or str
            The calendar day of each.
        threads : int, optional
            How many work on it; one a core unless given.
        **options
            As for `search_many`.

        Returns
        -------
        numpy.ndarray
            Direct flights and connections of each, whatever the limit; int64, shape (n,).

        Raises
        ------
        InvalidInputError
            If a code or a day is not one, with its position.
        """
        counts = self._count_many(*_queries(origins, destinations, days), threads or _cores(), **options)
        return need("numpy", "numpy").asarray(counts)  # type: ignore[no-any-return]

    def to_networkx(self) -> networkx.DiGraph[str]:
        """Show the lanes as a graph of NetworkX.

        Returns
        -------
        networkx.DiGraph
            A node an airport, with ``name``, ``city``, ``country``, ``latitude`` and ``longitude`` where it is known;
            an edge a lane, with ``flights``, how many there are, ``minutes`` of the fastest, and ``km`` of the great
            circle.

        Raises
        ------
        ImportError
            If NetworkX is not installed.
        """
        nx = need("networkx", "networkx")
        graph = nx.DiGraph()
        for code in self.airports:
            graph.add_node(str(code), **_place_of(code))
        for origin, destination, flights, minutes in self._lanes():
            km = great_circle_km(origin, destination)
            graph.add_edge(str(origin), str(destination), flights=flights, minutes=minutes, km=km)
        return graph  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self._bytes())


class RouteBatch(Sequence["NDArray[Any]"]):
    """The answers to many queries. As a sequence it holds the itineraries of each query.

    Everything is an array of memory that the search wrote, which lives as long as one of them does; nothing is copied.
    `Schedule.search_many` makes these.

    Parameters
    ----------
    schedule : Schedule
        What was searched.
    rows : numpy.ndarray
        All numbers of all itineraries.
    legs : int
        How many numbers of an itinerary are flights.
    offsets, reasons : numpy.ndarray
        As below.

    Attributes
    ----------
    itineraries : numpy.ndarray
        Structured, shape (m,): ``leg_1``, ``leg_2`` and so on, ids of flights as `Schedule.flight` finds them, -1
        behind the last; ``departure`` of the first and ``arrival`` of the last, datetime64[s] in UTC. Those of a query stand
        together.
    offsets : numpy.ndarray
        int64, shape (n + 1,): the itineraries of query i are those from ``offsets[i]`` to ``offsets[i + 1]``.
    reasons : numpy.ndarray
        int8, shape (n,): -1 where there are itineraries, else a number of `reason`.
    """

    itineraries: NDArray[Any]
    offsets: NDArray[np.int64]
    reasons: NDArray[np.int8]

    def __init__(
        self,
        schedule: Schedule,
        rows: NDArray[np.int64],
        legs: int,
        offsets: NDArray[np.int64],
        reasons: NDArray[np.int8],
    ) -> None:
        self._schedule = schedule
        self._legs = [f"leg_{n + 1}" for n in range(legs)]
        fields = [(name, "i8") for name in self._legs] + [("departure", "M8[s]"), ("arrival", "M8[s]")]
        self.itineraries = rows.view(fields)
        self.offsets = offsets
        self.reasons = reasons

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[NDArray[Any]]: ...
    def __getitem__(self, index: int | slice) -> NDArray[Any] | list[NDArray[Any]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError("there are fewer queries")
        some: NDArray[Any] = self.itineraries[self.offsets[index] : self.offsets[index + 1]]
        return some

    def __repr__(self) -> str:
        return f"RouteBatch({len(self.itineraries)} itineraries for {len(self)} queries)"

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many itineraries each query has: int64, shape (n,)."""
        return need("numpy", "numpy").diff(self.offsets)  # type: ignore[no-any-return]

    @property
    def queries(self) -> NDArray[np.int64]:
        """The query of each itinerary: int64, shape (m,)."""
        np = need("numpy", "numpy")
        return np.repeat(np.arange(len(self)), self.counts)  # type: ignore[no-any-return]

    def reason(self, query: int) -> str | None:
        """Tell why a query has no answer.

        Parameters
        ----------
        query : int
            Its position.

        Returns
        -------
        str or None
            Such as ``"needs_more_stops"``; None where there are itineraries, or with ``explain=False``.
        """
        number = int(self.reasons[query])
        return None if number < 0 else _REASONS[number]

    def itinerary(self, nth: int) -> Itinerary:
        """Give one itinerary with its flights.

        Parameters
        ----------
        nth : int
            Its position among all `itineraries`.

        Returns
        -------
        Itinerary
            As `Schedule.search` gives it.
        """
        row = self.itineraries[nth]
        ids = [int(row[name]) for name in self._legs]
        return Itinerary([self._schedule.flight(id) for id in ids if id >= 0])

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return (self[i] for i in range(len(self)))


_COLUMNS = ("flight_number", "origin", "destination", "departure_datetime", "arrival_datetime")


def _unpickled(cls: type[Schedule], data: bytes) -> Schedule:
    return cls(cls._from_bytes(data))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _place_of(code: str) -> dict[str, Any]:
    try:
        found = airport(code)
    except LookupError:
        return {}
    return {name: getattr(found, name) for name in ("name", "city", "country", "latitude", "longitude")}


def _texts(values: ArrayLike) -> NDArray[Any]:
    """A column of texts. Those that NumPy does not know as such stay objects, each of which is looked at."""
    np = need("numpy", "numpy")
    # NumPy would make texts of what is none, such as an airport of a NaN; an array of texts has nothing else in it.
    has_texts = isinstance(values, np.ndarray) and values.dtype.kind in "SU"
    return np.asarray(values) if has_texts else np.asarray(values, dtype=object)  # type: ignore[no-any-return]


def _whole_numbers(values: ArrayLike, name: str) -> NDArray[np.int64]:
    np = need("numpy", "numpy")
    column = np.asarray(values)
    if column.dtype.kind not in "iu":
        raise TypeError(f"{name} is not a column of whole numbers, but of {column.dtype}")
    if column.dtype.kind == "u" and column.size and column.max() > np.iinfo(np.int64).max:
        raise InvalidInputError(f"{name} has a number that is too large", "invalid_request")
    return column.astype(np.int64, copy=False)  # type: ignore[no-any-return]


def _seconds(values: ArrayLike, name: str) -> NDArray[np.int64]:
    """A column of instants as seconds since 1970."""
    np = need("numpy", "numpy")
    column = np.asarray(values)
    if column.dtype.kind != "M":
        return _whole_numbers(column, name)
    missing = np.flatnonzero(np.isnat(column))
    if missing.size:
        raise InvalidInputError(f"{name}[{missing[0]}] is not a time (NaT)", "invalid_time")
    return column.astype("M8[s]", copy=False).view(np.int64)  # type: ignore[no-any-return]


def _utc_of(series: pandas.Series[Any]) -> ArrayLike:
    """Instants of a column of pandas, which have to know what they mean."""
    np = need("numpy", "numpy")
    pd = need("pandas", "pandas")
    name = series.name
    if series.dtype.kind not in "M":
        series = pd.to_datetime(series, format="ISO8601", utc=True)
        return series.dt.tz_localize(None).to_numpy(dtype="M8[s]")  # type: ignore[no-any-return]
    if getattr(series.dtype, "tz", None) is None:
        mend = f"frame[{name!r}].dt.tz_localize('UTC') says that it is UTC"
        raise InvalidInputError(f"the times of {name} are naive; {mend}", "invalid_time")
    naive = series.dt.tz_convert("UTC").dt.tz_localize(None)
    return np.asarray(naive.to_numpy())  # type: ignore[no-any-return]


def _queries(
    origins: ArrayLike, destinations: ArrayLike, days: ArrayLike | datetime.date
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]]:
    """Three columns of one length."""
    np = need("numpy", "numpy")
    dates = np.asarray(days)
    if dates.dtype.kind != "M":
        dates = np.asarray(days, dtype="M8[D]")
    missing = np.flatnonzero(np.isnat(dates))
    if missing.size:
        raise InvalidInputError(f"days[{missing[0]}] is not a day (NaT)", "invalid_time")
    columns = (_texts(origins), _texts(destinations), dates.astype("M8[D]", copy=False).view(np.int64))
    try:
        wide = np.broadcast_arrays(*(np.atleast_1d(column) for column in columns))
    except ValueError as error:
        raise InvalidInputError("origins, destinations and days are not equally long", "invalid_request") from error
    return tuple(wide)
