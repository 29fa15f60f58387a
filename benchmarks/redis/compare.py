#!/usr/bin/env python3
"""What Redis costs and saves, beside PostgreSQL alone, on private servers.

    compare.py FOLDER_OF_PROGRAMS [--rounds N] [--seconds S]

Three parts: round trips in turns within one process; updates a second with 256 callers with and without the hold
in Redis, in turns; and a day's load with its share of hits, once for real and once in virtual time.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from private_postgres import PrivatePostgres  # noqa: E402
from private_redis import PrivateRedis  # noqa: E402

SETTINGS = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "1GB",
    "max_wal_size": "8GB", "checkpoint_timeout": "30min",
}


def run(*command, **environment):
    return subprocess.run([str(word) for word in command], env={**os.environ, **environment}, check=True,
                          stdout=subprocess.PIPE, text=True).stdout


def updates(arguments, postgres, redis):
    kinds = {"without locks": {}, "with holds in Redis": {"AIRCARGO_BENCH_REDIS": redis.url()}}
    rates = {kind: [] for kind in kinds}
    for _ in range(arguments.rounds):
        for kind, environment in kinds.items():
            told = run(arguments.programs / "postgres_load", "updates", 256, arguments.seconds,
                       AIRCARGO_BENCH_POSTGRES=postgres.url(), **environment)
            rates[kind].append(float(told.split()[0]))
    for kind, values in rates.items():
        print(f"{statistics.median(values):10,.0f} updates a second {kind}   ({', '.join(f'{v:,.0f}' for v in values)})")
    ratios = [b / a for a, b in zip(*rates.values())]
    print(f"{statistics.median(ratios):10.2f} times: with holds / without")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    arguments = parser.parse_args()
    with PrivatePostgres(SETTINGS) as postgres, PrivateRedis() as redis:
        postgres.sql("CREATE DATABASE trips; CREATE DATABASE day")
        print(run(arguments.programs / "redis_round_trips", redis.url(), postgres.url(database="trips")), end="")
        updates(arguments, postgres, redis)
        redis.flush()
        print("a day as fast as it goes, entries live 300 s:")
        print(run(arguments.programs / "redis_day", "real", redis.url(), postgres.url(database="day")), end="")
    for ttl in (300, 3600):
        print(f"a day of 86,400 virtual seconds, entries live {ttl} s:")
        print(run(arguments.programs / "redis_day", "virtual", ttl), end="")


if __name__ == "__main__":
    main()
