"""Two servers over one PostgreSQL and one Redis are restarted in turn: a client that goes to the other one when its
connection is refused, and tries nothing else again, sees no error.

AIRCARGO_DRAIN_ROUNDS says how often; 3 when it is not set.
"""

import os
import random
import signal
import threading
import time
import unittest

from harness import NEW_BOOKING, PATIENCE, Server
from private_postgres import PrivatePostgres
from private_redis import PrivateRedis
from visitors import Unanswered, Visitor

CLIENTS = 16
ROUNDS = int(os.environ.get("AIRCARGO_DRAIN_ROUNDS", "3"))


class Client:
    """Books, departs and reads, each at one of the servers. Half of them keep their connections."""

    def __init__(self, number, servers):
        self.servers = servers
        self.choose = random.Random(number)
        self.visitors = [Visitor(keeps=number % 2 == 0) for _ in servers]
        self.answered = self.refused = self.booked = 0
        self.slowest = 0.0
        self.odd = []

    def run(self, ending):
        try:
            while not ending.is_set() and not self.odd:
                ref = self.ask("POST", "/api/v1/bookings", 201, NEW_BOOKING)["ref_id"]
                self.booked += 1
                self.ask("POST", f"/api/v1/bookings/{ref}/depart", 200)
                self.ask("GET", f"/api/v1/bookings/{ref}", 200)
        except Unanswered as cut:
            self.odd.append(str(cut))
        finally:
            for visitor in self.visitors:
                visitor.close()

    def ask(self, method, path, expected, body=None):
        """Goes on to the other one as long as it is refused. Nothing else is tried again."""
        began = time.monotonic()
        turn = self.choose.randrange(2)
        while True:
            try:
                status, told = self.visitors[turn].ask(self.servers[turn].port, method, path, body)
                break
            except ConnectionRefusedError as refused:
                self.refused += 1
                turn = 1 - turn
                if time.monotonic() - began > PATIENCE:
                    raise Unanswered(b"", refused) from refused
        if status != expected:
            self.odd.append((method, path, status, told))
        self.answered += 1
        self.slowest = max(self.slowest, time.monotonic() - began)
        return told


class RollingRestart(unittest.TestCase):
    def test_clients_see_no_error(self):
        with PrivatePostgres() as postgres, PrivateRedis() as redis:
            flags = ("--log-level", "warn", "--cache", redis.url(), "--lock", redis.url())
            with Server(*flags, store=postgres.url()) as first, Server(*flags, store=postgres.url()) as second:
                self.restart_under_load([first, second])

    def restart_under_load(self, servers):
        clients = [Client(number, servers) for number in range(CLIENTS)]
        ending = threading.Event()
        threads = [threading.Thread(target=client.run, args=(ending,)) for client in clients]
        for thread in threads:
            thread.start()
        try:
            for _ in range(ROUNDS):
                for server in servers:
                    server.signal(signal.SIGTERM)
                    self.assertEqual(server.wait(), 0)
                    server.start()
        finally:
            ending.set()
            for thread in threads:
                thread.join()
        self.assertEqual([odd for client in clients for odd in client.odd], [])
        verified = servers[0].verify().stdout
        self.assertIn(f" {sum(c.booked for c in clients)} bookings", f" {verified}")
        self.assertIn(", 0 differences", verified)
        print(f"{ROUNDS} times both restarted: {sum(c.answered for c in clients)} requests answered as they should be, "
              f"{sum(c.refused for c in clients)} connections refused and made to the other, "
              f"slowest answer {max(c.slowest for c in clients):.2f} s")


if __name__ == "__main__":
    unittest.main()
