#!/usr/bin/python3
"""Compares the table of aircargo-hubs with one that is computed here, by the definition, from the routes themselves.

usage: check_hubs.py PROGRAM ROUTES.csv
"""

import csv
import heapq
import re
import subprocess
import sys
from collections import Counter, defaultdict

CONNECTION = 120  # minutes
ROW = re.compile(r" *(\d+)  ([A-Z]{3})   \S.*\S +(\d+\.\d)% +(\d+) +(\d+)")


def lanes_of(routes):
    """origin: {destination: minutes of the shortest flight and the connection behind it}"""
    lanes = defaultdict(dict)
    with open(routes, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            minutes = int(row["aircraft_block_minutes"]) + CONNECTION
            known = lanes[row["origin"]].get(row["destination"], minutes)
            lanes[row["origin"]][row["destination"]] = min(known, minutes)
    return lanes


def shortest(lanes, origin):
    """{airport: (minutes, number of equally short ways)}"""
    found, ways, queue = {}, Counter({origin: 1}), [(0, origin)]
    least = {origin: 0}
    while queue:
        minutes, at = heapq.heappop(queue)
        if at in found:
            continue
        found[at] = (minutes, ways[at])
        for to, more in lanes[at].items():
            if minutes + more < least.get(to, minutes + more + 1):
                least[to], ways[to] = minutes + more, 0
                heapq.heappush(queue, (minutes + more, to))
            if minutes + more == least[to]:
                ways[to] += ways[at]
    return found


def hubs_of(lanes):
    airports = sorted(set(lanes) | {to for out in lanes.values() for to in out})
    ways = {origin: shortest(lanes, origin) for origin in airports}
    scores, pairs = Counter(), 0
    for origin in airports:
        pairs += len(ways[origin]) - 1
        for via, (minutes, ways_in) in ways[origin].items():
            for destination, (rest, ways_out) in ways[via].items():
                whole, all_ways = ways[origin][destination]
                if via not in (origin, destination) and minutes + rest == whole:
                    scores[via] += ways_in * ways_out / all_ways
    lanes_in = Counter(to for out in lanes.values() for to in out)
    best = sorted(scores, key=lambda code: (-round(scores[code], 6), code))[:20]
    return [(code, 100 * scores[code] / pairs, len(lanes[code]), lanes_in[code]) for code in best]


def main():
    program, routes = sys.argv[1:]
    output = subprocess.run([program], check=True, capture_output=True, encoding="utf-8").stdout
    print(output)
    rows = [match.groups() for match in map(ROW.fullmatch, output.splitlines()) if match]
    expected = hubs_of(lanes_of(routes))
    assert len(rows) == len(expected) == 20, rows
    for rank, (row, (code, share, lanes_out, lanes_in)) in enumerate(zip(rows, expected), 1):
        assert row[:2] == (str(rank), code), (row, code)
        assert abs(float(row[2]) - share) <= 0.051, (row, share)
        assert row[3:] == (str(lanes_out), str(lanes_in)), (row, lanes_out, lanes_in)
    widths = {len(line) for line in output.splitlines() if ROW.fullmatch(line)}
    assert len(widths) == 1, "columns do not line up"
    print("as computed from the routes")


if __name__ == "__main__":
    main()
