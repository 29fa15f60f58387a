"""Answers as JSON and tables, and how far a long import is."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, TextIO

from aircargo import Booking, Event, ImportReport, Routes, Tracked
from aircargo._tables import clock, table, text_of

__all__ = ["Progress", "count_lines", "show"]


_ROUTES = ("direct", "transit", "direct_total", "transit_total", "more", "reason")


def show(answer: Any, as_json: bool) -> None:
    """Prints an answer."""
    print(json.dumps(plain(answer), indent=2, ensure_ascii=False) if as_json else _text_of(answer))


def plain(value: Any) -> Any:
    """A value of the library as what JSON has."""
    names = _ROUTES if isinstance(value, Routes) else getattr(type(value), "__match_args__", ())
    if names:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def _text_of(answer: Any) -> str:
    if isinstance(answer, Routes):
        return text_of(answer)
    if isinstance(answer, Tracked):
        return f"{_bookings([answer.booking])}\n\n{_events(answer.history)}"
    if isinstance(answer, Booking):
        return _bookings([answer])
    if isinstance(answer, ImportReport):
        return _report(answer)
    return _bookings(answer)


def _bookings(bookings: Iterable[Booking]) -> str:
    header = ("Reference", "Status", "Way", "At", "Pieces", "Weight", "Flights", "Updated (UTC)")
    return table(header, map(_booking, bookings))


def _booking(booking: Booking) -> tuple[str, ...]:
    return (
        booking.ref,
        booking.status + (", misrouted" if booking.misrouted else ""),
        f"{booking.origin}-{booking.destination}",
        booking.location or "",
        str(booking.pieces),
        f"{booking.weight_kg} kg",
        " ".join(leg.number for leg in booking.legs),
        clock(booking.updated_at),
    )


def _events(events: Iterable[Event]) -> str:
    header = ("No", "Event", "At", "Flight", "When (UTC)", "By", "Notes")
    return table(header, map(_event, events))


def _event(event: Event) -> tuple[str, ...]:
    what = event.type + (", off plan" if event.off_plan else "")
    notes = " ".join(event.notes.split())
    return (
        str(event.seq),
        what,
        event.location or "",
        event.flight_number or "",
        clock(event.created_at),
        event.actor,
        notes,
    )


def _report(report: ImportReport) -> str:
    lines = [f"{report.imported:,} flights imported of {report.lines:,} lines"]
    if report.bad:
        lines[0] += f", {report.bad:,} bad ones left out"
    lines += [f"line {line}: {reason}" for line, reason in report.bad_lines[:10]]
    if report.bad > 10:
        lines.append(f"and {report.bad - 10:,} more; --json has the first thousand")
    return "\n".join(lines)


class Progress:
    """How far an import is, on the terminal as a bar, elsewhere as a line now and then."""

    width = 40
    seconds_between = 0.1
    seconds_between_lines = 5.0

    def __init__(self, total: int, to: TextIO | None = None) -> None:
        self._total = max(total, 1)
        self._to = to or sys.stderr
        self._bar = self._to.isatty()
        self._told = time.monotonic()

    def __call__(self, lines: int) -> None:
        now = time.monotonic()
        if now - self._told < (self.seconds_between if self._bar else self.seconds_between_lines):
            return
        self._told = now
        done = min(lines / self._total, 1.0)
        if self._bar:
            filled = int(done * self.width)
            self._to.write(f"\r[{'#' * filled}{'.' * (self.width - filled)}] {done:4.0%} {lines:,} lines")
        else:
            self._to.write(f"{done:.0%}, {lines:,} lines\n")
        self._to.flush()

    def end(self) -> None:
        """Leaves the terminal as it was."""
        if self._bar:
            self._to.write("\r\x1b[K")
            self._to.flush()


def count_lines(path: str) -> int:
    """Lines of a file, plain or gzip."""
    with open(path, "rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if is_gzip else open(path, "rb") as text:
        return sum(block.count(b"\n") for block in iter(lambda: text.read(1 << 20), b""))
