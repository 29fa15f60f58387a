#!/usr/bin/env python3
"""How long requests take at the peak of the asked day (50,000 bookings and 150,000 updates), with login and limits on.

    latency.py PROGRAM [--seconds S] [--store URL] [--times N]

Every second 5 bookings, 15 updates, 200 reads and 20 route searches fall due, evenly spread, N times as many if asked
for; a wait counts from the moment a request was due, so a slow answer makes those behind it late too.
"""

import argparse
import os
import queue
import statistics
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEAK = {"create": 5, "update": 15, "read": 200, "search": 20}  # a second
CALLERS = 16
ACTS = ["depart", "arrive", "deliver"]


class Caller(threading.Thread):
    """Does what falls due, whoever of them is free first."""

    def __init__(self, server, headers, work, waits, bookings):
        super().__init__()
        self.client, self.headers = server.client(), headers
        self.work, self.waits, self.bookings = work, waits, bookings

    def run(self):
        while (item := self.work.get()) is not None:
            kind, due = item
            answer = getattr(self, kind)()
            self.waits[kind].append(time.monotonic() - due)
            assert answer.status < 300, f"{kind}: {answer}"
        self.client.close()

    def create(self):
        booked = {"origin": "DEL", "destination": "BLR", "pieces": 3, "weight_kg": 120}
        answer = self.client.post("/api/v1/bookings", booked, self.headers)
        self.bookings.put((answer.headers["Location"], 0))
        return answer

    def update(self):
        path, done = self.bookings.get()
        answer = self.client.post(f"{path}/{ACTS[done]}", None, self.headers)
        if done + 1 < len(ACTS):
            self.bookings.put((path, done + 1))
        return answer

    def read(self):
        path, done = self.bookings.get()
        self.bookings.put((path, done))
        return self.client.get(path, self.headers)

    def search(self):
        wanted = {"origin": "DEL", "destination": "BLR", "departure_date": str(date.today() + timedelta(days=1))}
        return self.client.post("/api/v1/routes/search", wanted, self.headers)


def due_times(times, seconds):
    """(moment, kind), in order."""
    return sorted((number / (rate * times), kind) for kind, rate in PEAK.items()
                  for number in range(int(rate * times * seconds)))


def run(server, arguments):
    with server.client() as client:
        me = {"name": "bench", "password": "only for this run"}
        assert client.post("/api/v1/auth/register", me).status == 201
        token = client.post("/api/v1/auth/login", me).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    work, bookings = queue.Queue(), queue.Queue()
    waits = {kind: [] for kind in PEAK}
    callers = [Caller(server, headers, work, waits, bookings) for _ in range(CALLERS)]
    for _ in range(100 * arguments.times):  # so that there is something to read and to update
        callers[0].create()
    for caller in callers:
        caller.start()
    began = time.monotonic()
    for moment, kind in due_times(arguments.times, arguments.seconds):
        time.sleep(max(0, began + moment - time.monotonic()))
        work.put((kind, began + moment))
    for _ in callers:
        work.put(None)
    for caller in callers:
        caller.join()
    for kind, took in waits.items():
        cuts = statistics.quantiles(took, n=1000, method="inclusive")
        p50, p95, p99 = (1000 * cuts[i] for i in (499, 949, 989))
        print(f"{kind:8} {len(took):7,} times: p50 {p50:7.2f} ms, p95 {p95:7.2f}, p99 {p99:7.2f}, "
              f"longest {1000 * max(took):7.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--store", help="an SQLite file in a folder that goes away, unless told otherwise")
    parser.add_argument("--times", type=int, default=1)
    arguments = parser.parse_args()
    os.environ["AIRCARGO_SERVER"] = arguments.program
    sys.path.insert(0, str(ROOT / "tests" / "server"))
    from harness import Server  # pylint: disable=import-outside-toplevel
    flags = ["--rate-limit", "1000000/s", "--login-rate-limit", "off"]
    with tempfile.TemporaryDirectory() as folder:
        store = arguments.store or f"sqlite:{folder}/aircargo.db"
        with Server(*flags, store=store, demo=True, env={}) as server:
            run(server, arguments)


if __name__ == "__main__":
    main()
