"""Compares the days of every airport's zone with Python's own reading of the same zone data.

A day starts with the first instant that a clock of the zone shows on that date: midnight, or, where
clocks skip midnight, the first instant after the gap.
"""

import datetime as dt
import subprocess
import sys
import zoneinfo

LEAST_ZONES = 300


def start_of(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """By bisection over real instants, so it needs no rule about gaps and repeated hours."""
    quarter = dt.timedelta(minutes=15)  # every offset of these years is a multiple of it
    base = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(hours=15)
    low, high = 0, 120
    while high - low > 1:
        middle = (low + high) // 2
        if (base + middle * quarter).astimezone(zone).date() >= day:
            high = middle
        else:
            low = middle
    start = base + high * quarter
    if (start - dt.timedelta(seconds=1)).astimezone(zone).date() >= day:
        raise ValueError(f"{zone} does not start {day} at a quarter of an hour")
    return start


def main(program: str) -> int:
    zoneinfo.reset_tzpath(to=["/usr/share/zoneinfo"])
    zones: dict[str, zoneinfo.ZoneInfo] = {}
    compared = 0
    differences = 0
    with subprocess.Popen([program], stdout=subprocess.PIPE, text=True) as printed:
        for line in printed.stdout:
            name, date, start, *joins = line.split()
            zone = zones.setdefault(name, zoneinfo.ZoneInfo(name))
            expected = start_of(dt.date.fromisoformat(date), zone).strftime("%Y-%m-%dT%H:%M:%SZ")
            compared += 1
            if start != expected or joins:
                differences += 1
                print(f"{name} {date}: starts {start}, expected {expected} {' '.join(joins)}")
    print(f"{compared} days in {len(zones)} zones compared, {differences} differences")
    complete = printed.returncode == 0 and len(zones) >= LEAST_ZONES
    return 0 if complete and differences == 0 and compared == 1461 * len(zones) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
