#!/usr/bin/env python3
"""What a PostgreSQL store of many bookings answers in, beside one of few, in turns.

    scale.py PROGRAM [BOOKINGS] [--small BOOKINGS] [--rounds N] [--only WORD] [--url URL]

Loads both through the library, tells the rate and the size on disk a booking, and asks both for single
bookings, histories and lists. Each figure of a round is measured beside the other store's; told is the median
over the rounds. With --url, on a server of one's own, databases that are there from an earlier run are used as
they are, and stay.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from private_postgres import PrivatePostgres, environment, programs_folder  # noqa: E402

SETTINGS = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "2GB",
    "max_wal_size": "16GB", "checkpoint_timeout": "30min", "maintenance_work_mem": "1GB",
}
BYTES_A_BOOKING = 2_500  # on disk for a while, with the log and room to spare

SIZES = """
SELECT relname, pg_relation_size(oid), pg_table_size(oid) - pg_relation_size(oid), pg_indexes_size(oid)
FROM pg_class WHERE relname IN ('bookings', 'booking_events', 'booking_legs') ORDER BY relname
"""


class Server:
    """A PostgreSQL server, by its URL."""

    def __init__(self, url):
        self.url = url

    def url_of(self, database):
        return urlsplit(self.url)._replace(path="/" + database).geturl()

    def sql(self, text, database="postgres"):
        psql = [programs_folder() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url_of(database), "-c", text]
        return subprocess.run(psql, env=environment(), check=True, capture_output=True, text=True).stdout.strip()


class Store:
    """A database of so many bookings."""

    def __init__(self, server, program, bookings):
        self.server, self.program, self.bookings = server, program, bookings
        self.name = f"aircargo_scale_{bookings}"
        self.url = server.url_of(self.name)

    def fill(self):
        if self.server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'"):
            print(f"{self.bookings:,} bookings are there")
            return
        self.server.sql(f"CREATE DATABASE {self.name}")
        loaded = subprocess.run([self.program, "load", self.url, str(self.bookings)],
                                check=True, stdout=subprocess.PIPE, text=True)
        print(f"{self.bookings:,} bookings loaded: {loaded.stdout.strip()}", flush=True)
        self.server.sql("VACUUM ANALYZE", self.name)

    def tell_sizes(self):
        total = 0
        for line in self.server.sql(SIZES, self.name).splitlines():
            table, *sizes = line.split("|")
            rows, beside, indexes = (int(size) / self.bookings for size in sizes)
            total += rows + beside + indexes
            print(f"  {table:15} rows {rows:6.0f}  toast and maps {beside:4.1f}  indexes {indexes:6.0f}")
        print(f"  {total:.0f} bytes on disk a booking, {total * self.bookings / 1e9:.1f} GB")


def read(program, small, big, rounds, word):
    """The figures of each question, from each round: small p50, small p99, big p50, big p99, in us."""
    figures = {}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        answer = subprocess.run(
            [program, "read", small.url, str(small.bookings), big.url, str(big.bookings), word],
            check=True, stdout=subprocess.PIPE, text=True)
        for line in answer.stdout.splitlines():
            name, *values = line.split("|")
            figures.setdefault(name, []).append([float(value) for value in values[:4]])
    return figures


def tell(figures, small, big):
    print(f"\nus, {small.bookings:,} | {big.bookings:,} bookings | times")
    print(f"{'':42}{'median':>24}{'':8}{'99 %':>24}")
    for name, rounds in figures.items():
        p50, p99, big_p50, big_p99 = (statistics.median(column) for column in zip(*rounds))
        times, times_99 = (statistics.median(r[i + 2] / r[i] for r in rounds) for i in (0, 1))
        print(f"{name:42}{p50:9,.0f} |{big_p50:11,.0f} |{times:6.2f}  {p99:9,.0f} |{big_p99:11,.0f} |{times_99:6.2f}")


def run(server, arguments):
    small, big = (Store(server, arguments.program, count) for count in (arguments.small, arguments.bookings))
    for store in (small, big):
        store.fill()
        store.tell_sizes()
    tell(read(arguments.program, small, big, arguments.rounds, arguments.only), small, big)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("bookings", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="WORD", help="ask only what has this in its name")
    parser.add_argument("--url", help="of a server to use instead of one that is started for this")
    arguments = parser.parse_args()
    if arguments.url:
        run(Server(arguments.url), arguments)
        return
    room = shutil.disk_usage(tempfile.gettempdir()).free
    if room < arguments.bookings * BYTES_A_BOOKING:
        sys.exit(f"{tempfile.gettempdir()} has only {room / 1e9:.0f} GB; name another folder in TMPDIR")
    with PrivatePostgres(SETTINGS) as postgres:
        run(Server(postgres.url()), arguments)


if __name__ == "__main__":
    main()
