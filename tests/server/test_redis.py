"""A server whose cache and locks are in Redis: what it takes for settings, what it tells, and what becomes of reads
and changes while Redis is away."""

import json
import time
import unittest

import prometheus_text
from harness import PATIENCE, Server, run, wait_until
from private_postgres import PrivatePostgres
from private_redis import PrivateRedis

FIRST = 1.5   # seconds that the first change may take to be refused
BACK = 2.0    # seconds from the moment that Redis answers again


def events(server, name):
    """Of the log, those of this name."""
    lines = (json.loads(line) for line in server.log().splitlines() if line.startswith("{"))
    return [line for line in lines if line.get("event") == name]


def seconds_of(call):
    began = time.monotonic()
    answer = call()
    return time.monotonic() - began, answer


class Settings(unittest.TestCase):
    def test_bad_ones_give_one_sentence(self):
        at = "redis://:secret"
        for flags, words in (
                (["--cache", "memcached://u:secret@h"], "memory:, off, redis://HOST"),
                (["--cache", "redis:"], "redis://HOST"),
                (["--cache", f"{at}@"], "HOST"),
                (["--cache", f"{at}@h:99999"], "HOST:PORT"),
                (["--cache", f"{at}@h/one"], "number of a database"),
                (["--cache", "redis://secret@h"], "USER:PASSWORD@"),
                (["--cache", "rediss://:secret@h"], "TLS"),
                (["--cache", f"{at}@h", "--store", "memory:"], "outlive"),
                (["--lock", "zookeeper://u:secret@h"], "local, off"),
                (["--lock", f"{at}@a,{at}@b"], "odd number"),
                (["--lock", f"{at}@a,{at}@b,{at}@b"], "twice"),
                (["--lock", f"{at}@a,{at}@b,redis://secret@c"], "USER:PASSWORD@"),
                (["--lock", f"{at}@a,"], "comma"), (["--lock", f"{at}@a,b"], "comma"),
                (["--lock-ttl", "99"], "100 to 600000"), (["--lock-ttl", "600001"], "100 to 600000"),
                (["--on-lock-unavailable", "hope"], "reject or proceed")):
            with self.subTest(flags=flags):
                done = run(*flags)
                self.assertEqual(done.returncode, 2, done)
                self.assertRegex(done.stderr, r"^aircargo-server: .+\n$")
                self.assertIn(words, done.stderr)
                self.assertNotIn("secret", done.stderr)

    def test_they_are_told_without_passwords(self):
        with PrivateRedis({"requirepass": "secret,redis"}) as redis, PrivateRedis() as b, PrivateRedis() as c:
            locks = ",".join(server.url() for server in (redis, b, c))
            with Server("--cache", redis.url(1), "--lock", locks) as server, server.client() as client:
                told = client.get("/health/detailed")
                self.assertEqual((told.json["status"], told.json["cache"]["kind"], told.json["lock"]["kind"]),
                                 ("healthy", "redis", "redlock"))
                self.assertEqual([(node["node"], node["cache"], node["lock"]) for node in told.json["redis"]],
                                 [(f"redis://127.0.0.1:{redis.port}/1", True, False),
                                  *[(f"redis://127.0.0.1:{s.port}/0", False, True) for s in (redis, b, c)]])
                path, _ = client.book()
                self.assertEqual(client.post(f"{path}/depart").status, 200)
                self.assertNotIn("secret", told.raw.decode() + server.log())

    def test_the_cache_holds_where_it_is_the_lock_too(self):
        with PrivateRedis() as redis:
            with Server("--cache", redis.url(), "--lock", redis.url(), "--lock-ttl", "3000") as server:
                with server.client() as client:
                    told = client.get("/health/detailed").json
                    self.assertEqual([(node["cache"], node["lock"]) for node in told["redis"]], [(True, True)])
                    self.assertEqual((told["lock"]["kind"], told["lock"]["ttl_ms"]), ("redis", 3000))
                    path, _ = client.book()
                    self.assertEqual(client.post(f"{path}/depart").status, 200)

    def test_metrics_tell_of_each_redis(self):
        with PrivateRedis({"requirepass": "secret"}) as cache, PrivateRedis() as lock:
            with Server("--cache", cache.url(), "--lock", lock.url()) as server, server.client() as client:
                def up():
                    text = client.get("/metrics").raw.decode()
                    self.assertNotIn("secret", text)
                    samples = prometheus_text.parse(text)["aircargo_redis_up"].samples
                    return {dict(labels)["node"]: value for (_, labels), value in samples.items()}
                places = [f"redis://127.0.0.1:{redis.port}/0" for redis in (cache, lock)]
                self.assertEqual(up(), dict.fromkeys(places, 1))
                lock.stop()
                wait_until(lambda: up() == {places[0]: 1, places[1]: 0}, "that the lock's is away shows")

    def test_a_redis_that_does_not_suit_is_warned_of(self):
        for settings, words in (({"maxmemory-policy": "allkeys-lru"}, ["noeviction"]),
                                ({"save": "3600 1"}, ["save ''"]), ({"appendonly": "yes"}, ["appendonly no"]),
                                ({"rename-command": ["CONFIG", ""]}, ["could not be checked"]), ({}, [])):
            with self.subTest(settings=settings), PrivateRedis(settings) as redis:
                with Server("--cache", redis.url(), "--lock", redis.url()) as server, server.client() as client:
                    [node] = client.get("/health/detailed").json["redis"]
                    self.assertEqual(node["status"], "up")
                    logged = [line["detail"] for line in events(server, "redis.settings")]
                self.assertEqual(node["warnings"], logged)
                self.assertEqual(len(logged), len(words))
                for word, warning in zip(words, logged):
                    self.assertIn(word, warning)


class Away(unittest.TestCase):
    """Two servers on one PostgreSQL and one Redis, which goes and comes back."""

    def setUp(self):
        self.postgres = PrivatePostgres()
        self.addCleanup(self.postgres.stop)
        self.redis = PrivateRedis()
        self.addCleanup(self.redis.stop)

    def servers(self, *flags):
        made = []
        for _ in range(2):
            made.append(Server("--cache", self.redis.url(), "--lock", self.redis.url(), *flags,
                               store=self.postgres.url()))
            self.addCleanup(made[-1].stop)
        return made

    def client(self, server):
        client = server.client()
        self.addCleanup(client.close)
        return client

    def status(self, client):
        self.assertEqual(client.get("/health").status, 200)
        answer = client.get("/health/detailed")
        self.assertEqual(answer.status, 200)
        return answer.json["status"]

    def test_each_sees_at_once_what_the_other_one_changes(self):
        one, other = (self.client(server) for server in self.servers("--lock-ttl", "100"))
        path, _ = one.book()

        def is_cached():
            one.get(path)
            return self.hits(one) > 0

        wait_until(is_cached, "the cache keeps what is read")  # not so soon after it was emptied
        for _ in range(20):
            path, _ = one.book()
            for here, there, act in ((one, other, "depart"), (other, one, "arrive"), (one, other, "deliver")):
                for client in (here, there):  # so that it is cached
                    client.get(path), client.get(f"{path}/history")
                told = here.post(f"{path}/{act}").json
                for client in (there, here):
                    self.assertEqual(client.get(path).json, told)
                    self.assertEqual(len(client.get(f"{path}/history").json["events"]), told["revision"])
        self.assertGreater(self.hits(other), 20)

    def hits(self, client):
        return client.get("/health/detailed").json["cache"]["hits"]

    def test_changes_are_refused_and_reads_go_on(self):
        [server, second] = self.servers("--lock-ttl", "1000")
        client, other = self.client(server), self.client(second)
        paths = [client.book()[0] for _ in range(60)]
        before = sorted(seconds_of(lambda p=path: client.post(f"{p}/depart"))[0] for path in paths[:20])[10]
        outages = ((self.redis.kill, self.redis.start), (self.redis.pause, self.redis.resume))
        for number, (away, back) in enumerate(outages, start=1):
            with self.subTest(away.__name__):
                degraded = client.get("/health/detailed").json["redis"][0]["degraded_s"]
                wait_until(lambda: self.status(client) == "healthy", "all is well")
                away()
                first, refused = seconds_of(lambda: client.post(f"{paths[20]}/depart"))
                self.assertEqual((refused.status, refused.json["code"]), (409, "lock_unavailable"), refused)
                self.assertLess(first, FIRST)
                times = []
                for path in paths[20:40]:
                    seconds, refused = seconds_of(lambda p=path: client.post(f"{p}/depart"))
                    times.append(seconds)
                    self.assertEqual((refused.status, refused.json["code"]), (409, "lock_unavailable"), refused)
                print(f"{away.__name__}: a change takes {1000 * before:.1f} ms; the first one was refused in "
                      f"{first:.2f} s, the others in {1000 * sorted(times)[10]:.1f} ms, {1000 * max(times):.1f} at "
                      "most")
                self.assertLess(sorted(times)[10], max(2 * before, 0.01))
                for path in paths:
                    for each in (client, other):
                        self.assertEqual(each.get(path).status, 200)
                        self.assertEqual(each.get(f"{path}/history").status, 200)
                self.assertEqual(client.post("/api/v1/bookings", {
                    "origin": "DEL", "destination": "BLR", "pieces": 1, "weight_kg": 1}).status, 201)
                self.assertEqual(self.status(client), "degraded")
                [node] = client.get("/health/detailed").json["redis"]
                self.assertEqual(node["status"], "down")
                self.assertGreater(node["degraded_s"], degraded)
                back()
                began = time.monotonic()
                wait_until(lambda: client.post(f"{paths[40]}/depart").status == 200, "changes go on")
                seconds = time.monotonic() - began
                print(f"{back.__name__}: back after {seconds:.2f} s")
                self.assertLess(seconds, BACK)
                paths = paths[:40] + paths[41:]
                wait_until(lambda: self.status(other) == "healthy", "the other one is well again")
                for each in (server, second):
                    wait_until(lambda e=each, n=number: len(events(e, "redis.back")) == n, "it has said so")
                    self.assertEqual(len(events(each, "redis.degraded")), number)

    def test_with_proceed_changes_go_on(self):
        servers = self.servers("--on-lock-unavailable", "proceed")
        one, other = map(self.client, servers)
        told = one.get("/health/detailed").json
        self.assertEqual((told["cache"]["kind"], told["lock"]["on_unavailable"]), ("off", "proceed"))
        self.assertIn("not cached", told["cache"]["detail"])
        self.assertEqual(len(events(servers[0], "cache.off")), 1)
        paths = [one.book()[0] for _ in range(20)]
        self.redis.kill()
        for path in paths:
            seconds, moved = seconds_of(lambda p=path: one.post(f"{p}/depart"))
            self.assertEqual(moved.status, 200, moved)
            self.assertLess(seconds, FIRST)
            self.assertEqual(other.get(path).json, moved.json)
        self.assertEqual(self.status(one), "degraded")
        self.redis.start()
        wait_until(lambda: self.status(one) == "healthy", "it is back")
        self.assertEqual(one.post(f"{paths[0]}/arrive").status, 200)

    def test_a_server_starts_while_redis_is_away(self):
        self.redis.kill()
        server, _ = self.servers()
        self.assertLess(server.start_seconds, PATIENCE / 10)
        client = self.client(server)
        self.assertEqual(self.status(client), "degraded")
        self.assertEqual(len(events(server, "redis.degraded")), 1)
        path, _ = client.book()
        self.assertEqual(client.get(path).status, 200)
        self.redis.start()
        wait_until(lambda: client.post(f"{path}/depart").status == 200, "changes go on")
        wait_until(lambda: self.status(client) == "healthy", "it is back")
        wait_until(lambda: len(events(server, "redis.back")) == 1, "it has said so")


if __name__ == "__main__":
    unittest.main()
