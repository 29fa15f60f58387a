"""Two servers, one PostgreSQL, one Redis and 64 clients: together they behave as one, whatever becomes of Redis.

AIRCARGO_OPERATIONS says how many operations there are at least, AIRCARGO_REDIS_ROUNDS how often each blow falls.
"""

import os
import random
import signal
import socket
import threading
import time
import unittest

from crowd import Crowd
from harness import Server, wait_until
from private_postgres import PrivatePostgres
from private_redis import PrivateRedis

OPERATIONS = int(os.environ.get("AIRCARGO_OPERATIONS", "20000"))
ROUNDS = int(os.environ.get("AIRCARGO_REDIS_ROUNDS", "3"))
LEASE = 0.3  # seconds


class Instances(unittest.TestCase):
    def setUp(self):
        self.seed = random.randrange(2**32)
        print(f"seed {self.seed}")
        self.postgres = PrivatePostgres()
        self.addCleanup(self.postgres.stop)

    def servers(self, *flags, store=None):
        made = []
        for _ in range(2):
            made.append(Server("--log-level", "warn", "--lock-ttl", int(LEASE * 1000), *flags,
                               store=store or self.postgres.url()))
            self.addCleanup(made[-1].stop)
        return made

    def servers_with_redis(self):
        self.redis = PrivateRedis()
        self.addCleanup(self.redis.stop)
        return self.servers("--cache", self.redis.url(), "--lock", self.redis.url())

    def check(self, crowd, servers):
        print(crowd.summary())
        self.assertEqual(crowd.odd, [])
        with servers[0].client() as client:
            found, stale = crowd.findings(client)
            told = client.get("/health/detailed").json
        print(f"{len(found)} violations, {stale} stale reads; the first server's cache: {told['cache']}, "
              f"locks: {told['lock']}")
        self.assertEqual((found, stale), ([], 0))
        verified = servers[0].verify()
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.assertNotIn("deadlock", self.postgres.log())

    def test_they_behave_as_one(self):
        servers = self.servers_with_redis()
        began = time.monotonic()
        with Crowd(servers, self.seed) as crowd:
            crowd.wait_for(OPERATIONS)
        print(f"{crowd.count() / (time.monotonic() - began):.0f} operations a second")
        self.check(crowd, servers)

    def test_they_do_so_whatever_becomes_of_redis_or_of_one_of_them(self):
        self.pair, self.stops = self.servers_with_redis(), []
        blows = [self.kill_redis, self.pause_redis, self.empty_redis, self.stop_a_server]
        choose = random.Random(self.seed)
        with Crowd(self.pair, self.seed) as crowd:
            for _ in range(ROUNDS):
                choose.shuffle(blows)
                for blow in blows:
                    crowd.wait_for(choose.randrange(200, 1000))  # any moment is as good
                    blow(crowd, choose)
            crowd.wait_for(OPERATIONS // 10)
        caught = [sum(o.act is not None and o.asked < began and o.answered > ended
                      for operations in crowd.operations.values() for o in operations) for began, ended in self.stops]
        print(f"{ROUNDS} times each of {', '.join(sorted(blow.__name__ for blow in blows))}; "
              f"in {sum(map(bool, caught))} of the stops {sum(caught)} changes were under way")
        self.check(crowd, self.pair)

    def kill_redis(self, crowd, choose):
        self.redis.kill()
        crowd.wait_for(choose.randrange(500))
        self.redis.start()

    def pause_redis(self, crowd, choose):
        self.redis.pause()
        crowd.wait_for(choose.randrange(500))
        self.redis.resume()

    def empty_redis(self, *_):
        self.redis.flush()

    def stop_a_server(self, crowd, choose):
        """For longer than its leases, in the middle of whatever it does."""
        server = choose.choice(self.pair)
        began = time.monotonic_ns()
        server.signal(signal.SIGSTOP)
        past_its_leases = time.monotonic() + LEASE * choose.uniform(1.1, 2)
        wait_until(lambda: time.monotonic() > past_its_leases, "its leases have run out")
        self.stops.append((began, time.monotonic_ns()))
        server.signal(signal.SIGCONT)

    def test_without_the_revision_check_they_would_not(self):
        """That this test sees what it looks for. The check is in the statements that the servers send, so it is taken
        out on the way to PostgreSQL; and nothing is locked."""
        careless = CarelessProxy(self.postgres.port)
        self.addCleanup(careless.close)
        store = self.postgres.url().replace(f":{self.postgres.port}/", f":{careless.port}/")
        servers = self.servers("--cache", "off", "--lock", "off", store=store)
        self.postgres.sql("ALTER TABLE booking_events DROP CONSTRAINT booking_events_pkey")  # it would see it too
        with Crowd(servers, self.seed) as crowd:
            crowd.wait_for(OPERATIONS // 4)  # some hundred meet
        print(crowd.summary())
        self.assertGreater(careless.checks_removed, 0)
        with servers[0].client() as client:
            found, stale = crowd.findings(client)
        verified = servers[0].verify()
        print(f"{len(found)} violations, such as {found[:1]}, {stale} stale reads; verify says "
              f"{verified.stdout.splitlines()[-1:]}")
        self.assertGreater(len(found), 0)
        self.assertEqual(verified.returncode, 1)


class CarelessProxy:
    """Passes on what is said to PostgreSQL, but for the comparisons of revisions in statements that change bookings:
    in their place stands something of the same length that is always true."""

    CHECKS = [(b"revision = a.seq - 1", b"revision > 0        "),
              (b"b.revision = f.seq - 1", b"b.revision > 0        ")]

    def __init__(self, port):
        self.server_port = port
        self.checks_removed = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = [self.listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        for each in self.open:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is closed already
            each.close()

    def _accept(self):
        try:
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server_port))
                self.open += [client, server]
                for source, target, change in ((client, server, self._without_checks), (server, client, bytes)):
                    threading.Thread(target=self._pass_on, args=(source, target, change), daemon=True).start()
        except OSError:
            return

    def _pass_on(self, source, target, change):
        try:
            while data := source.recv(1 << 20):
                target.sendall(change(data))
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def _without_checks(self, data):
        for check, always in self.CHECKS:
            self.checks_removed += data.count(check)
            data = data.replace(check, always)
        return data


if __name__ == "__main__":
    unittest.main()
