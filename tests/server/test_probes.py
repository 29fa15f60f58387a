"""/livez and /readyz, the grace time after SIGTERM, and what systemd is told."""

import signal
import socket
import tempfile
import time
import unittest
from pathlib import Path

from harness import OPEN, PATIENCE, Server, wait_until
from private_postgres import PrivatePostgres
from private_redis import PrivateRedis


def probe(server, path):
    """Status and word, over a connection of its own."""
    with server.client() as client:
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store", answer.headers
        return answer.status, answer.json["status"]


class Probes(unittest.TestCase):
    def test_all_is_well(self):
        with Server() as server:
            self.assertEqual(probe(server, "/livez"), (200, "alive"))
            self.assertEqual(probe(server, "/readyz"), (200, "ready"))

    def test_without_its_store_it_is_alive_but_not_ready(self):
        with PrivatePostgres() as postgres, Server(store=postgres.url()) as server:
            self.assertEqual(probe(server, "/readyz"), (200, "ready"))
            postgres.stop()
            wait_until(lambda: probe(server, "/readyz") == (503, "unready"), "the outage shows")
            self.assertEqual(probe(server, "/livez"), (200, "alive"))

    def test_without_redis_it_is_ready_but_degraded(self):
        with PrivateRedis() as redis, Server("--cache", redis.url(), "--lock", redis.url()) as server:
            self.assertEqual(probe(server, "/readyz"), (200, "ready"))
            redis.stop()
            wait_until(lambda: probe(server, "/readyz") == (200, "degraded"), "the outage shows")
            self.assertEqual(probe(server, "/livez"), (200, "alive"))


class Grace(unittest.TestCase):
    def test_it_goes_on_serving_while_it_says_that_it_will_stop(self):
        grace = 3
        with Server("--drain-grace", grace) as server:
            told = time.monotonic()
            server.signal(signal.SIGTERM)
            wait_until(lambda: probe(server, "/readyz") == (503, "stopping"), "it says so")
            noticed = time.monotonic() - told
            served = 0
            while time.monotonic() - told < grace - 1:
                with server.client() as client:  # new connections too
                    client.book()
                served += 1
            self.assertEqual(probe(server, "/livez"), (200, "alive"))
            self.assertEqual(server.wait(), 0)
            lasted = time.monotonic() - told
            self.assertLess(noticed, 1)
            self.assertGreaterEqual(lasted, grace)
            self.assertLess(lasted, grace + PATIENCE / 4)
            self.assertGreater(served, 10)

    def test_without_grace_it_stops_at_once(self):
        with Server() as server:
            told = time.monotonic()
            server.signal(signal.SIGTERM)
            self.assertEqual(server.wait(), 0)
            self.assertLess(time.monotonic() - told, PATIENCE / 4)

    def test_a_second_signal_ends_it(self):
        with Server("--drain-grace", 3600) as server:
            server.signal(signal.SIGTERM)
            wait_until(lambda: probe(server, "/readyz") == (503, "stopping"), "it says so")
            server.signal(signal.SIGTERM)
            self.assertEqual(server.wait(), -signal.SIGTERM)


class ServiceManager(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aircargo-test-")
        self.addCleanup(folder.cleanup)
        self.place = str(Path(folder.name) / "notify")

    def server_that_tells(self, place):
        return Server(env={**OPEN, "NOTIFY_SOCKET": place})

    def listen(self, place):
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(told.close)
        told.settimeout(PATIENCE)
        told.bind(place.replace("@", "\0", 1) if place.startswith("@") else place)
        return told

    def test_it_hears_when_the_server_serves_and_when_it_stops(self):
        for place in (self.place, f"@{self.place}"):
            with self.subTest(place=place):
                told = self.listen(place)
                with self.server_that_tells(place) as server:
                    self.assertEqual(told.recv(100), b"READY=1")
                    self.assertEqual(probe(server, "/readyz"), (200, "ready"))
                    server.signal(signal.SIGTERM)
                    self.assertEqual(told.recv(100), b"STOPPING=1")
                    self.assertEqual(server.wait(), 0)

    def test_one_that_is_not_there_is_no_reason_to_stop(self):
        for place in (self.place, "x" * 200):
            with self.subTest(place=place), self.server_that_tells(place) as server:
                self.assertEqual(probe(server, "/readyz"), (200, "ready"))
                wait_until(lambda: "service_manager.unreachable" in server.log(), "it is logged")


if __name__ == "__main__":
    unittest.main(verbosity=2)
