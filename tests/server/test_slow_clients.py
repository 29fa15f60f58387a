"""A thousand clients that send a byte now and then, and a thousand that send nothing, are no burden to the others.

AIRCARGO_CROWD_SECONDS says how long each round of the load is measured, 1 when it is not set. From 10 on the slow
ones are cut, and come back, in every round.
"""

import heapq
import itertools
import math
import multiprocessing
import os
import resource
import selectors
import socket
import statistics
import time
import unittest

from harness import NEW_BOOKING, PATIENCE, Server, wait_until
from visitors import request

SECONDS = float(os.environ.get("AIRCARGO_CROWD_SECONDS", "1"))
PAIRS = 7           # of rounds, one without the crowd and one with it, by turns
SLOW = IDLE = 1000
BYTE_EVERY = 1.0    # seconds
CONNECTIONS = 16    # of the load, each with one request at a time; every tenth request books
MOST = 2.0          # times the 99th percentile without the crowd

HEALTH = request("GET", "/health")
SLOW_HEADER = b"GET /health HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 1000
SLOW_BODY = b"POST /api/v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + b" " * 1000


class Crowd:
    """The slow and the idle in a process of their own, while the `with` lasts."""

    def __init__(self, port):
        self.port = port
        context = multiprocessing.get_context("fork")
        self.settled, self.ending = context.Event(), context.Event()
        self.returned = context.Value("i", 0)  # connections that the server ended, and were made again
        self.process = context.Process(target=self._run)

    def __enter__(self):
        self.process.start()
        if not self.settled.wait(PATIENCE):
            raise AssertionError("the crowd did not come in")
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.process.join(PATIENCE)

    def _run(self):
        self.selector = selectors.DefaultSelector()
        self.due = []  # of the slow ones: when, a number that makes no two alike, and what is left of whom
        self.order = itertools.count()
        for number in range(SLOW):
            self._come(SLOW_HEADER if number % 2 else SLOW_BODY, number / SLOW * BYTE_EVERY)
        for _ in range(IDLE):
            self._come(HEALTH, None)
        self.settled.set()
        while not self.ending.is_set():
            for key, _ in self.selector.select(min(0.05, max(0.0, self.due[0][0] - time.monotonic()))):
                self._hear(key.fileobj, *key.data)
            while self.due[0][0] <= time.monotonic():
                self._drip(*heapq.heappop(self.due)[1:])

    def _come(self, sends, offset):
        """`offset` is when a slow one sends its first byte; the idle send all at once, and then nothing more."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        if offset is None:
            connection.sendall(sends)
        else:
            # All of a header at once where the body is what is slow.
            start = sends.find(b"\r\n\r\n") + 4 if sends is SLOW_BODY else 0
            connection.sendall(sends[:start])
            heapq.heappush(self.due, (time.monotonic() + offset, next(self.order), connection, sends, start))
        connection.setblocking(False)
        self.selector.register(connection, selectors.EVENT_READ, (sends, offset))

    def _drip(self, _, connection, sends, at):
        if connection.fileno() < 0:
            return
        try:
            connection.send(sends[at:at + 1])
        except OSError:
            return  # it is heard of
        heapq.heappush(self.due, (time.monotonic() + BYTE_EVERY, next(self.order), connection, sends, at + 1))

    def _hear(self, connection, sends, offset):
        try:
            ended = connection.recv(4096) == b""
        except OSError:
            ended = True
        if ended:
            self.selector.unregister(connection)
            connection.close()
            self.returned.value += 1
            self._come(sends, None if offset is None else BYTE_EVERY)


class Load:
    """Latencies of reads and of bookings over CONNECTIONS connections, by one thread."""

    def __init__(self, port, path):
        self.read, self.book = request("GET", path), request("POST", "/api/v1/bookings", NEW_BOOKING)
        self.selector = selectors.DefaultSelector()
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(CONNECTIONS)]
        for each in self.sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(each, selectors.EVENT_READ)

    def run(self, seconds):
        """The 99th percentiles in milliseconds, of reads and of bookings, and how many requests there were."""
        self.asked, self.count = {}, 0  # by socket: when, and whether it books
        latencies = {False: [], True: []}
        until = time.monotonic() + seconds
        for each in self.sockets:
            self._ask(each)
        while self.asked:
            for key, _ in self.selector.select(PATIENCE):
                answer = key.fileobj.recv(65536)  # they are small: one segment each
                began, books = self.asked.pop(key.fileobj)
                assert answer.startswith(b"HTTP/1.1 201 " if books else b"HTTP/1.1 200 "), answer
                now = time.monotonic()
                latencies[books].append(now - began)
                if now < until:
                    self._ask(key.fileobj)
        return percentile_99(latencies[False]), percentile_99(latencies[True]), self.count

    def _ask(self, connection):
        self.count += 1
        books = self.count % 10 == 0
        self.asked[connection] = (time.monotonic(), books)
        connection.sendall(self.book if books else self.read)

    def close(self):
        for each in self.sockets:
            each.close()


def percentile_99(seconds):
    return 1000 * sorted(seconds)[math.ceil(0.99 * len(seconds)) - 1]


class SlowClients(unittest.TestCase):
    def test_they_are_no_burden_to_the_others(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        quiet, crowded, returned = [], [], 0
        with Server("--log-level", "error", "--max-connections-per-ip", SLOW + IDLE + 100) as server:
            with server.client() as client:
                path = client.book()[0]
                load = Load(server.port, path)
                self.addCleanup(load.close)
                load.run(SECONDS)
                for _ in range(PAIRS):
                    quiet.append(load.run(SECONDS))
                    with Crowd(server.port) as crowd:
                        wait_until(lambda: self.connections(client) > SLOW + IDLE, "the crowd was let in")
                        crowded.append(load.run(SECONDS))
                    returned += crowd.returned.value
                    wait_until(lambda: self.connections(client) < 100, "the crowd has left")
        for number, what in enumerate(("reads", "bookings")):
            before, after = (statistics.median(r[number] for r in rounds) for rounds in (quiet, crowded))
            rounds = ", ".join(f"{q[number]:.2f}/{c[number]:.2f}" for q, c in zip(quiet, crowded))
            print(f"{what}: 99th percentile {before:.2f} ms, with the crowd {after:.2f} ms, {after / before:.2f} times "
                  f"that; by rounds {rounds}")
            with self.subTest(what):
                self.assertLess(after, MOST * before)
        counts = [statistics.median(r[2] for r in rounds) for rounds in (quiet, crowded)]
        print(f"{SLOW} slow and {IDLE} idle connections, {PAIRS} pairs of rounds of {SECONDS:.0f} s with {counts[0]:.0f} "
              f"and {counts[1]:.0f} requests; the server ended {returned} of the crowd's connections")

    def connections(self, client):
        lines = client.get("/metrics").raw.decode().splitlines()
        return float(next(line for line in lines if line.startswith("aircargo_http_connections ")).split()[1])


if __name__ == "__main__":
    unittest.main()
