"""Two servers, one PostgreSQL, one Redis and 64 clients: together they behave as one, whatever becomes of Redis.

AIRCARGO_OPERATIONS says how many operations there are at least, AIRCARGO_REDIS_ROUNDS how often each blow falls.
"""

import os
import random
import signal
import socket
import subprocess
import threading
import time
import unittest
from contextlib import ExitStack, contextmanager

from crowd import Crowd
from harness import Server, wait_until
from private_postgres import PrivatePostgres
from private_redis import PrivateRedis

OPERATIONS = int(os.environ.get("AIRCARGO_OPERATIONS", "20000"))
ROUNDS = int(os.environ.get("AIRCARGO_REDIS_ROUNDS", "3"))
LEASE = 0.3  # seconds

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aircargo' AND wait_event_type = 'Lock'"

ALL_HOLDS = """
local told = ''
for _, name in ipairs(redis.call('KEYS', 'hold:booking:*')) do
    told = told .. ' ' .. name .. '=' .. (redis.call('GET', name) or '')
end
return {ok = told}
"""


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
        self.pair = self.servers_with_redis()
        blows = [self.kill_redis, self.pause_redis, self.empty_redis, self.stop_a_holder]
        choose = random.Random(self.seed)
        with Crowd(self.pair, self.seed) as crowd:
            for _ in range(ROUNDS):
                choose.shuffle(blows)
                for blow in blows:
                    # At times there is no cache again before the next blow falls.
                    crowd.wait_for(choose.choice((10, 300, 1000, 3000, 6000)))
                    blow(crowd, choose)
            crowd.wait_for(OPERATIONS // 10)
        print(f"{ROUNDS} times each of {', '.join(sorted(blow.__name__ for blow in blows))}")
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

    def stop_a_holder(self, crowd, choose):
        """While it holds bookings, until the last of its holds has run out."""
        while not self.stop_until_holds_have_run_out(choose.choice(self.pair)):
            crowd.wait_for(choose.randrange(100))

    def stop_until_holds_have_run_out(self, server):
        """Whether it had one; those of the other server come and go meanwhile."""
        with stopped(server):
            began, held = time.monotonic(), self.holds()
            wait_until(lambda: not held.items() & self.holds().items(), "its holds have run out")
            return time.monotonic() - began > LEASE / 2

    def holds(self):
        """Owners by name. Redis drops here what has run out."""
        told = self.redis.ask("EVAL", ALL_HOLDS, "0")
        return dict(pair.split("=") for pair in told.removeprefix("+").split())

    def test_a_change_that_is_made_after_its_hold_has_run_out(self):
        """Its server is stopped before it can tell. Whoever was shown it, in whatever way, is shown nothing older."""
        first, second = self.servers_with_redis()
        with first.client() as writer, second.client() as reader, ExitStack() as until:
            for cached, key, other in (("", "booking", "/history"), ("/history", "booking_history", "")):
                path, _ = writer.book()
                ref = path.rsplit("/", 1)[1]
                commit = until.enter_context(self.row_held(ref))
                writing = threading.Thread(target=lambda p=path: writer.post(f"{p}/depart"))
                writing.start()
                wait_until(lambda: self.postgres.sql(WAITING) == "1", "the change waits for the row")
                wait_until(lambda r=ref: f"hold:booking:{r}" not in self.holds(), "its hold has run out")
                wait_until(lambda p=path + cached, k=f"{key}:{ref}":
                           reader.get(p) and self.redis.ask("EXISTS", k) == ":1", "what was before is cached")
                with stopped(first):
                    commit()
                    wait_until(lambda r=ref: self.postgres.sql(
                        f"SELECT revision FROM bookings WHERE ref_id = '{r}'") == "2", "the change is made")
                    shown = [reader.get(path + each).json["status"] for each in (other, cached)]
                writing.join()
                self.assertEqual(shown, ["DEPARTED", "DEPARTED"])

    @contextmanager
    def row_held(self, ref):
        """By another transaction, until what this gives is called."""
        psql = subprocess.Popen([self.postgres.programs / "psql", "-XAtq", "-d", self.postgres.socket_url()],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        psql.stdin.write(f"BEGIN; SELECT 1 FROM bookings WHERE ref_id = '{ref}' FOR UPDATE;\n")
        psql.stdin.flush()
        psql.stdout.readline()
        try:
            yield lambda: psql.communicate("COMMIT;\n")
        finally:
            psql.kill()
            psql.communicate()

    def test_they_do_so_with_any_locks(self):
        caching, *others = (PrivateRedis() for _ in range(4))
        for redis in (caching, *others):
            self.addCleanup(redis.stop)
        redlock = ",".join(redis.url() for redis in others)
        for cache, locks in ((caching.url(), "off"), (caching.url(), "postgresql"), (caching.url(), redlock),
                             ("off", "off"), ("off", "postgresql"), ("off", caching.url()), ("off", redlock)):
            with self.subTest(cache=cache, locks=locks):
                servers = self.servers("--cache", cache, "--lock", locks)
                with Crowd(servers, self.seed) as crowd:
                    for redis in (caching, *others):
                        crowd.wait_for(OPERATIONS // 16)
                        redis.flush()
                    crowd.wait_for(OPERATIONS // 16)
                self.check(crowd, servers)
                for server in servers:
                    server.stop()

    def test_they_do_so_where_changes_go_on_without_redis(self):
        self.redis = PrivateRedis()
        self.addCleanup(self.redis.stop)
        servers = self.servers("--lock", self.redis.url(), "--on-lock-unavailable", "proceed")
        choose = random.Random(self.seed)
        with Crowd(servers, self.seed) as crowd:
            for _ in range(ROUNDS):
                for blow in (self.kill_redis, self.pause_redis, self.empty_redis):
                    crowd.wait_for(choose.randrange(200, 1000))
                    blow(crowd, choose)
            crowd.wait_for(OPERATIONS // 10)
        self.check(crowd, servers)
        self.assertNotIn("lock_unavailable", crowd.summary())

    def test_with_a_cache_in_each_they_would_not(self):
        """As nobody should have it."""
        servers = self.servers("--cache", "memory:")
        with Crowd(servers, self.seed) as crowd:
            crowd.wait_for(OPERATIONS // 4)
        found, stale = self.findings(crowd, servers)
        self.assertGreater(len(found), 0)
        self.assertGreater(stale, 0)

    def test_without_the_revision_check_they_would_not(self):
        """That this test sees what it looks for; nothing is locked."""
        servers = self.careless_servers("--cache", "off", "--lock", "off")
        self.allow_two_events_of_a_revision()
        with Crowd(servers, self.seed) as crowd:
            crowd.wait_for(OPERATIONS // 4)  # some hundred meet
        self.assertGreater(self.careless.checks_removed, 0)
        found, _ = self.findings(crowd, servers)
        verified = servers[0].verify()
        print(f"verify says {verified.stdout.splitlines()[-1:]}")
        self.assertGreater(len(found), 0)
        self.assertEqual(verified.returncode, 1)

    def test_without_the_revision_check_locks_are_not_enough(self):
        """Since Redis may forget them."""
        servers = self.careless_servers_with_redis()
        self.allow_two_events_of_a_revision()
        for attempt in range(50):
            found, _ = self.findings(self.while_locks_are_forgotten(servers, attempt), servers)
            if found:
                break
        self.assertGreater(len(found), 0)

    def test_without_the_revision_check_the_key_of_events_is_left(self):
        servers = self.careless_servers_with_redis()
        self.assertEqual(self.findings(self.while_locks_are_forgotten(servers, 0), servers), ([], 0))
        self.assertEqual(servers[0].verify().returncode, 0)

    def careless_servers_with_redis(self):
        self.redis = PrivateRedis()
        self.addCleanup(self.redis.stop)
        return self.careless_servers("--cache", self.redis.url(), "--lock", self.redis.url())

    def careless_servers(self, *flags):
        """The check is in the statements that the servers send, so it is taken out on the way to PostgreSQL."""
        self.careless = CarelessProxy(self.postgres.port)
        self.addCleanup(self.careless.close)
        store = self.postgres.url().replace(f":{self.postgres.port}/", f":{self.careless.port}/")
        return self.servers(*flags, store=store)

    def allow_two_events_of_a_revision(self):
        self.postgres.sql("ALTER TABLE booking_events DROP CONSTRAINT booking_events_pkey;"
                          "CREATE INDEX ON booking_events (booking_id, seq)")

    def while_locks_are_forgotten(self, servers, attempt):
        choose = random.Random(self.seed + attempt)
        with Crowd(servers, self.seed + attempt) as crowd:
            for _ in range(200):
                crowd.wait_for(choose.randrange(50))
                self.redis.flush()
        return crowd

    def findings(self, crowd, servers):
        print(crowd.summary())
        with servers[0].client() as client:
            found, stale = crowd.findings(client)
        print(f"{len(found)} violations, such as {found[:1]}, {stale} stale reads")
        return found, stale


@contextmanager
def stopped(server):
    server.signal(signal.SIGSTOP)
    try:
        os.waitid(os.P_PID, server.process.pid, os.WSTOPPED | os.WNOWAIT)
        yield
    finally:
        server.signal(signal.SIGCONT)


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
