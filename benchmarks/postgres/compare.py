#!/usr/bin/env python3
"""Changes a second through the library, and through the server, beside pgbench on one PostgreSQL, in turns.

    compare.py FOLDER_OF_PROGRAMS [--seconds S] [--rounds N] [--workers W] [--only NAME]

pgbench does the same two-row change one at a time: booking and event in one statement, prepared, each commit
flushed to disk, with 32 clients or one. Medians over the rounds; every figure of a round is measured beside
the others of that round, so a slow moment of the machine weighs on all of them.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from private_postgres import PrivatePostgres, programs_folder  # noqa: E402

SETTINGS = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "1GB",
    "max_wal_size": "8GB", "checkpoint_timeout": "30min",
}

CREATE = """
\\set no random(1, 9000000000000000)
WITH made AS (
    INSERT INTO bookings (ref_id, origin, destination, pieces, weight_kg, status, flight_ids, location, next_leg,
                          misrouted, created_at, updated_at, revision)
    VALUES ('ACB9' || lpad((:no)::text, 16, '0'), 'DEL', 'BLR', 3, 120, 'BOOKED', '{}', 'DEL', 0, false, now(), now(), 1)
    RETURNING id)
INSERT INTO booking_events (booking_id, seq, event_type, previous_status, new_status, location, off_plan, notes,
                            actor, request_id, created_at, change_no)
SELECT id, 1, 'BOOKED', 'BOOKED', 'BOOKED', 'DEL', false, '', '', '', now(), :no FROM made;
"""

UPDATE = """
\\set no random(1, :bookings)
WITH moved AS (
    UPDATE bookings SET status = CASE status WHEN 'DEPARTED' THEN 'ARRIVED' ELSE 'DEPARTED' END, location = NULL,
                        next_leg = 0, misrouted = false, updated_at = now(), revision = revision + 1
    WHERE ref_id = 'ACB8' || lpad((:no)::text, 16, '0') RETURNING id, revision, status)
INSERT INTO booking_events (booking_id, seq, event_type, previous_status, new_status, location, off_plan, notes,
                            actor, request_id, created_at, change_no)
SELECT id, revision, 'DEPARTED', 'BOOKED', status, NULL, false, '', '', '', now(), :no FROM moved;
"""

BOOKINGS = 200_000  # that pgbench moves
FILL = f"""
INSERT INTO bookings (ref_id, origin, destination, pieces, weight_kg, status, flight_ids, location, next_leg,
                      misrouted, created_at, updated_at, revision)
SELECT 'ACB8' || lpad(n::text, 16, '0'), 'DEL', 'BLR', 3, 120, 'BOOKED', '{{}}', 'DEL', 0, false, now(), now(), 1
FROM generate_series(1, {BOOKINGS}) AS n;
INSERT INTO booking_events (booking_id, seq, event_type, previous_status, new_status, location, off_plan, notes,
                            actor, request_id, created_at, change_no)
SELECT id, 1, 'BOOKED', 'BOOKED', 'BOOKED', 'DEL', false, '', '', '', now(), id FROM bookings
WHERE ref_id LIKE 'ACB8%' AND length(ref_id) = 20;
VACUUM ANALYZE;
"""


WRK = {
    "creates": """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.path = "/api/v1/bookings"
wrk.body = '{"origin":"DEL","destination":"BLR","pieces":3,"weight_kg":120}'
""",
    # Departs all, then lands all, then hands all over: no two requests for one booking are under way at once.
    "updates": """
local refs, turn, tried, acts = {}, 0, false, {"depart", "arrive", "deliver"}
for ref in io.lines(os.getenv("AIRCARGO_BENCH_REFS")) do refs[#refs + 1] = ref end
wrk.method = "POST"
request = function()
    local act = acts[math.floor(turn / #refs) + 1]
    local ref = refs[turn % #refs + 1]
    if tried then turn = turn + 1 end  -- wrk calls once to try the script, and sends nothing
    tried = true
    return wrk.format(nil, "/api/v1/bookings/" .. ref .. "/" .. act)
end
""",
}
TO_MOVE = 50_000  # bookings, of which each takes three updates; more than a turn can use up


class Bench:
    def __init__(self, arguments, postgres, folder):
        self.arguments = arguments
        self.postgres = postgres
        self.url = postgres.url()
        self.environment = {**os.environ, "AIRCARGO_BENCH_POSTGRES": self.url}
        self.scripts = {}
        for name, text in (("creates", CREATE), ("updates", UPDATE)):
            self.scripts[name] = folder / f"{name}.sql"
            self.scripts[name].write_text(text)
        self.samples = {}
        self.folder = folder

    def note(self, name, value):
        self.samples.setdefault(name, []).append(value)

    def pgbench(self, what, clients):
        seconds = str(int(self.arguments.seconds))
        answer = subprocess.run(
            [programs_folder() / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
             "-T", seconds, "-D", f"bookings={BOOKINGS}", "-f", self.scripts[what], self.url],
            capture_output=True, text=True, check=True)
        tps = float(re.search(r"tps = ([\d.]+)", answer.stdout).group(1))
        self.note(f"pgbench {what}, {clients} clients, a second", tps)
        if clients == 1:
            self.note(f"pgbench {what}, 1 client, us", 1e6 / tps)

    def library(self, what, callers):
        answer = subprocess.run(
            [self.arguments.programs / "postgres_load", what, str(callers), str(self.arguments.seconds),
             str(self.arguments.workers if callers > 1 else 1)],
            env=self.environment, capture_output=True, text=True, check=True)
        rate, latency, batch = map(float, answer.stdout.split())
        self.note(f"library {what}, {callers} callers, a second", rate)
        self.note(f"library {what}, {callers} callers, median us", latency)
        self.note(f"library {what}, {callers} callers, mean batch", batch)

    def http(self, what, connections=256):
        refs = self.postgres.sql(
            f"SELECT ref_id FROM bookings WHERE status = 'BOOKED' AND length(ref_id) < 15 ORDER BY id DESC "
            f"LIMIT {TO_MOVE}").split()
        (self.folder / "refs").write_text("\n".join(refs))
        script = self.folder / f"{what}.lua"
        script.write_text(WRK[what])
        with Server(self.arguments.programs, self.url, self.arguments.server_flags) as server:
            answer = subprocess.run(
                ["wrk", "-t1", f"-c{connections}", f"-d{int(self.arguments.seconds)}s", "-s", script, server.url],
                env={**self.environment, "AIRCARGO_BENCH_REFS": str(self.folder / "refs")},
                capture_output=True, text=True, check=True)
        if "Non-2xx" in answer.stdout:
            raise SystemExit(answer.stdout)
        self.note(f"HTTP {what}, {connections} connections, a second",
                  float(re.search(r"Requests/sec: +([\d.]+)", answer.stdout).group(1)))

    def round(self):
        for what in ("creates", "updates"):
            if self.arguments.only and self.arguments.only not in what:
                continue
            self.pgbench(what, 32)
            self.library(what, 256)
            self.http(what)
            self.pgbench(what, 1)
            self.library(what, 1)

    def report(self):
        for name, values in sorted(self.samples.items()):
            print(f"{statistics.median(values):12,.1f}  {name}   ({', '.join(f'{v:,.0f}' for v in values)})")
        for what in ("creates", "updates"):
            self.ratio(f"library {what}, 256 callers, a second", f"pgbench {what}, 32 clients, a second")
            self.ratio(f"HTTP {what}, 256 connections, a second", f"pgbench {what}, 32 clients, a second")
            self.ratio(f"library {what}, 1 callers, median us", f"pgbench {what}, 1 client, us")

    def ratio(self, ours, theirs):
        if ours in self.samples and theirs in self.samples:
            ratios = [a / b for a, b in zip(self.samples[ours], self.samples[theirs])]
            print(f"{statistics.median(ratios):12.2f}  times: {ours} / {theirs}")


class Server:
    """aircargo-server on the database, as long as the `with`."""

    def __init__(self, programs, store, flags):
        self.process = subprocess.Popen(
            [programs / "aircargo-server", "serve", "--listen", "127.0.0.1:0", "--store", store,
             "--log-level", "warn", "--rate-limit", "off", "--auth", "off", *flags], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.url = line.split()[-1]
                return
        raise SystemExit("the server did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=Path)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--server-flags", type=str.split, default=[])
    arguments = parser.parse_args()
    with PrivatePostgres(SETTINGS) as postgres, tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, postgres, Path(folder))
        bench.library("creates", 1)  # makes the tables
        postgres.sql(FILL)
        bench.samples.clear()
        for number in range(arguments.rounds):
            print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
            bench.round()
        bench.report()


if __name__ == "__main__":
    main()
