#!/usr/bin/env python3
"""Route search from Python beside the same in C++, in turns: medians over the rounds.

    search.py PROGRAM [--queries N] [--rounds N] [--threads N]

PROGRAM is python_pace. The flights are those of the file that AIRCARGO_FLIGHTS_CSV names, or of the US in January 2008
where they lie beside the checkout, and else a made-up world of a million. Both sides search the same saved schedule,
and must find as many itineraries. What Python is timed for is all of a call: three columns of texts and days go in, arrays
come out. C++ is timed for the batch alone, into memory that is new as Python's is, and into memory that it had before.
Ends with 1 when the two find different numbers, or Python misses a target that a flag sets.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import aircargo

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "flights_us_2008_01.csv.gz"


def flights():
    """A schedule and what it is called."""
    named = os.environ.get("AIRCARGO_FLIGHTS_CSV") or (str(BESIDE) if BESIDE.exists() else "")
    if named:
        return aircargo.Schedule.from_csv(named), Path(named).name
    return aircargo.Schedule.made_up(1_000_000, days=10), "a made-up world of 1,000,000 flights"


def questions(schedule, count):
    """As shippers would ask: an airport comes up as often as flights leave it."""
    random = np.random.default_rng(1)
    origins = np.array([flight.origin for flight in schedule.flights()])
    first, last = (np.datetime64(end.replace(tzinfo=None), "D") for end in schedule.horizon)
    days = first + 1 + random.integers(0, max(int((last - first).astype(int)) - 3, 1), count)
    return random.choice(origins, count), random.choice(origins, count), days


class Pace:
    """The program, which is told what to do next."""

    def __init__(self, program, schedule, queries):
        self.process = subprocess.Popen(
            [program, schedule, queries], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, *command):
        """Seconds, and itineraries."""
        print(*command, file=self.process.stdin, flush=True)
        nanoseconds, itineraries = self.process.stdout.readline().split()
        return int(nanoseconds) / 1e9, int(itineraries)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def batch(schedule, asked, limit, threads):
    began = time.perf_counter()
    found = schedule.search_many(*asked, limit=limit, threads=threads)
    return time.perf_counter() - began, len(found.itineraries)


def single(schedule, asked, limit):
    search = schedule.search
    itineraries = 0
    began = time.perf_counter()
    for origin, destination, day in asked:
        itineraries += len(search(origin, destination, day, limit=limit))
    return time.perf_counter() - began, itineraries


def peak():
    """Megabytes that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_turns(rounds, **ways):
    """The median seconds of each way, which must all find the same."""
    seconds = {name: [] for name in ways}
    for _ in range(rounds):
        found = set()
        for name, way in ways.items():
            took, itineraries = way()
            seconds[name].append(took)
            found.add(itineraries)
        if len(found) > 1:
            sys.exit(f"Python and C++ find different numbers of itineraries: {found}")
    return {name: statistics.median(took) for name, took in seconds.items()}, found.pop()


def compare_batches(pace, schedule, asked, limit, arguments):
    shown = f"the {limit} best" if limit else "all"
    before = peak()
    median, itineraries = in_turns(
        arguments.rounds,
        python=lambda: batch(schedule, asked, limit, arguments.threads),
        cpp=lambda: pace("batch", limit or 0, arguments.threads),
        again=lambda: pace("again", limit or 0, arguments.threads),
    )
    speed = median["cpp"] / median["python"]
    print(
        f"{len(asked[0]):,} queries, {shown}: {itineraries:,} itineraries; Python {median['python']:.3f} s, "
        f"C++ {median['cpp']:.3f} s ({median['again']:.3f} s into memory that it had): "
        f"{speed:.0%} of the speed; peak {before:,.0f} MB before, {peak():,.0f} MB after"
    )
    return speed


def compare_singles(pace, schedule, asked, limit, rounds):
    queries = [(str(origin), str(destination), day.item()) for origin, destination, day in zip(*asked)]
    median, _ = in_turns(
        rounds,
        python=lambda: single(schedule, queries, limit),
        cpp=lambda: pace("single", limit),
    )
    python, cpp = (median[name] / len(queries) * 1e6 for name in ("python", "cpp"))
    print(f"one search, {limit} of each list: Python {python:.2f} us, C++ {cpp:.2f} us: {python - cpp:.2f} us above")
    return python - cpp


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--least-speed", type=float, help="of the C++ batch, such as 0.9")
    parser.add_argument("--most-overhead", type=float, help="microseconds of one search above C++")
    arguments = parser.parse_args()

    schedule, name = flights()
    print(f"{name}: {schedule!r}, {arguments.threads} threads, {arguments.rounds} rounds")
    asked = questions(schedule, arguments.queries)
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder, "schedule")
        schedule.save(saved)
        schedule = aircargo.Schedule.open(saved)

        def beside(count, compare, *settings):
            some = [column[:count] for column in asked]
            queries = Path(folder, "queries")
            queries.write_text("".join(f"{origin} {destination} {day}\n" for origin, destination, day in zip(*some)))
            pace = Pace(arguments.program, saved, queries)
            try:
                return compare(pace, schedule, some, *settings)
            finally:
                pace.end()

        # All itineraries of 100,000 queries would be gigabytes, three times over: a tenth of the queries shows as much.
        speeds = [
            beside(arguments.queries, compare_batches, 20, arguments),
            beside(arguments.queries // 10, compare_batches, None, arguments),
        ]
        overheads = [beside(arguments.queries // 5, compare_singles, limit, arguments.rounds) for limit in (1, 20)]
    missed = (arguments.least_speed and min(speeds) < arguments.least_speed) or (
        arguments.most_overhead and max(overheads) > arguments.most_overhead
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
