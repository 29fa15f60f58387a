"""What may be said on the command line."""

from __future__ import annotations

import argparse
from datetime import datetime

from aircargo import __version__
from aircargo._values import Act

__all__ = ["parser"]

_WHERE = """\
where the data is:
  --store URL    sqlite:///cargo.db, postgresql://..., or the environment's AIRCARGO_STORE
  --server URL   http://..., or AIRCARGO_URL; who asks is AIRCARGO_API_KEY, AIRCARGO_TOKEN,
                 or AIRCARGO_NAME and AIRCARGO_PASSWORD
"""


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """All commands and what they take."""
    top = _Parser(
        prog="aircargo",
        description="Find routes, book air cargo and track it.",
        epilog=_WHERE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"aircargo {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=_WHERE,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        where = made.add_mutually_exclusive_group()
        where.add_argument("--store", metavar="URL", help="the store to work on")
        where.add_argument("--server", metavar="URL", help="the server to ask")
        made.add_argument("--json", action="store_true", help="print JSON instead of a table")
        return made

    _add_search(command("search", "find routes for a day"))
    _add_book(command("book", "book a shipment"))
    track = command("track", "show a booking and all that happened to it")
    track.add_argument("ref", metavar="REF", help="such as ACB12345")
    for act in Act:
        _add_act(command(act.value, f"record that a booking's next act is done: {act.value}"))
    _add_list(command("list", "list bookings, the newest first"))
    import_ = command("import", "import flights from a CSV file, plain or gzip")
    import_.add_argument("file", metavar="FILE")
    import_.add_argument("--strict", action="store_true", help="import nothing when a line is bad")
    return top


def _add_search(search: argparse.ArgumentParser) -> None:
    search.add_argument("origin", metavar="ORIGIN", help="such as DEL")
    search.add_argument("destination", metavar="DESTINATION")
    search.add_argument("day", metavar="DAY", help="such as 2026-12-01")
    search.add_argument("--zone", choices=("origin", "utc"), default="origin", help="whose day it is")
    search.add_argument("--max-stops", type=int, default=1, metavar="N")
    search.add_argument("--limit", type=int, default=10, metavar="N", help="of direct flights and of others")
    search.add_argument("--order", choices=("arrival", "departure", "duration"), default="arrival")
    search.add_argument("--via", type=_names, default=(), metavar="AIRPORT,...", help="one of the stops is among them")
    search.add_argument("--avoid", type=_names, default=(), metavar="AIRPORT,...", help="none of the stops is")
    search.add_argument("--airlines", type=_names, default=(), metavar="AI,...", help="every flight is of one of them")
    search.add_argument("--earliest-departure", type=_time, metavar="TIME", help="such as 2026-12-01T06:00:00Z")
    search.add_argument("--latest-arrival", type=_time, metavar="TIME")
    search.add_argument("--longest-minutes", type=int, metavar="N")
    search.add_argument("--min-connection-minutes", type=int, default=120, metavar="N")


def _add_book(book: argparse.ArgumentParser) -> None:
    book.add_argument("origin", metavar="ORIGIN")
    book.add_argument("destination", metavar="DESTINATION")
    book.add_argument("--pieces", type=int, required=True, metavar="N")
    book.add_argument("--weight-kg", type=float, required=True, metavar="KG")
    book.add_argument("--flights", type=_numbers, default=(), metavar="ID,...", help="as search --json tells them")
    book.add_argument("--notes", default="", metavar="TEXT")
    book.add_argument("--idempotency-key", metavar="KEY", help="sent again with the same key it happens once")


def _add_act(act: argparse.ArgumentParser) -> None:
    act.add_argument("ref", metavar="REF", help="such as ACB12345")
    act.add_argument("--notes", default="", metavar="TEXT")
    act.add_argument("--if-revision", type=int, metavar="N", help="only while the booking is at this revision")
    if act.prog.endswith(" cancel"):
        return
    act.add_argument("--location", metavar="AIRPORT", help="where, if not as planned")
    act.add_argument("--off-plan", action="store_true", help="record it although it is not on the itinerary")
    if not act.prog.endswith(" deliver"):
        act.add_argument("--flight", type=int, metavar="ID", help="on which flight, if not as planned")


def _add_list(list_: argparse.ArgumentParser) -> None:
    list_.add_argument("--status", type=str.upper, metavar="STATUS", help="such as BOOKED")
    list_.add_argument("--origin", metavar="AIRPORT")
    list_.add_argument("--destination", metavar="AIRPORT")
    list_.add_argument("--limit", type=int, default=50, dest="page_size", metavar="N")


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]


_numbers.__name__ = "list of flights"  # what a message calls it


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no time zone, such as Z")
    return time
