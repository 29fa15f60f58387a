"""How much one caller may ask for, who is one caller, and which pages of others may call."""

import math
import threading
import time
import unittest

from harness import PATIENCE, Client, Server, run
from private_redis import PrivateRedis

THREADS = 32
SECONDS = 2.0


def limited(limit, **settings):
    return {"AIRCARGO_RATE_LIMIT": limit, "AIRCARGO_AUTH": "off", **{f"AIRCARGO_{name.upper()}": value for name, value in settings.items()}}


class Crowd:
    """Threads that ask all servers as fast as they can for a while, and count what they are allowed."""

    def __init__(self, ports, headers=lambda thread, count: {}, entries=0):
        self.ports = ports
        self.headers = headers
        self.batch = {"entries": [{}] * entries}  # of which none can be done
        self.units = max(1, math.ceil(entries / 100))
        self.allowed = 0
        self.refused = 0
        self.first_allowed = None
        self.last_allowed = None
        self.mutex = threading.Lock()
        self.began = time.monotonic()
        threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.seconds = time.monotonic() - self.began

    def call(self, client, headers):
        if self.batch["entries"]:
            return client.post("/api/v1/bookings/batch/status", self.batch, headers)
        return client.get("/api/v1/bookings/ACB10000", headers=headers)

    def ask(self, number):
        client = Client(self.ports[number % len(self.ports)])
        count = 0
        while time.monotonic() - self.began < SECONDS:
            answer = self.call(client, self.headers(number, count))
            now = time.monotonic()
            count += 1
            with self.mutex:
                if answer.status == 429:
                    self.refused += self.units
                elif answer.status in (207, 404):
                    self.allowed += self.units
                    self.first_allowed = self.first_allowed or now
                    self.last_allowed = now
                else:
                    raise AssertionError(str(answer))
        client.close()


class RateLimits(unittest.TestCase):
    def assert_exact(self, crowd, burst, rate):
        self.assertGreater(crowd.refused, crowd.allowed, "they asked for much more than is allowed")
        self.assertLessEqual(crowd.allowed, burst + rate * crowd.seconds, "never above")
        # Who asks all the time gets all: one may be on its way at either end.
        between = crowd.last_allowed - crowd.first_allowed
        self.assertGreaterEqual(crowd.allowed, burst + int(rate * between) - 2 * crowd.units)

    def test_answers_say_what_is_left(self):
        with Server(env=limited("60/min,burst=3")) as server, server.client() as client:
            answers = [client.get("/api/v1/bookings") for _ in range(4)]
            self.assertEqual([a.status for a in answers], [200, 200, 200, 429])
            self.assertEqual({a.headers["RateLimit-Policy"] for a in answers}, {'"address";q=3;w=3'})
            self.assertEqual([a.headers["RateLimit"] for a in answers],
                             ['"address";r=2;t=1', '"address";r=1;t=2', '"address";r=0;t=3', '"address";r=0;t=3'])
            refused = answers[-1]
            self.assertEqual(refused.headers["Retry-After"], "1")
            self.assertEqual(refused.json["code"], "rate_limited")
            self.assertEqual(client.get("/nowhere").status, 429, "what is not there counts too")
            for path in ("/health", "/health/detailed"):
                self.assertNotIn("RateLimit", client.get(path).headers)
                self.assertEqual(client.get(path).status, 200)

    def test_sixty_a_minute_unless_told_otherwise(self):
        with Server(env={"AIRCARGO_AUTH": "off"}) as server, server.client() as client:
            statuses = [client.get("/api/v1/bookings/ACB10000").status for _ in range(61)]
            self.assertNotIn(429, statuses[:60])
            self.assertIn(client.get("/api/v1/bookings/ACB10000").headers["RateLimit-Policy"], ('"address";q=60;w=60',))

    def test_exact_with_one_server(self):
        with Server(env=limited("20/s,burst=50")) as server:
            self.assert_exact(Crowd([server.port]), burst=50, rate=20)

    def test_exact_with_batches(self):
        for limiter in ("local", None):
            with PrivateRedis() as redis, Server(env=limited("20/s,burst=50", limiter=limiter or redis.url())) as server:
                self.assert_exact(Crowd([server.port], entries=250), burst=50, rate=20)

    def test_a_batch_is_a_request_a_hundred_entries(self):
        with Server(env=limited("1/h,burst=12")) as server, server.client() as client:
            def send(entries, path="/status"):
                answer = client.post(f"/api/v1/bookings/batch{path}", {"entries": [{}] * entries})
                return answer.status, answer.headers["RateLimit"].split(";")[1]

            self.assertEqual([send(1), send(100, ""), send(101), send(1000)],
                             [(207, "r=11"), (207, "r=10"), (207, "r=8"), (429, "r=8")])
            self.assertEqual([send(800), send(1)], [(207, "r=0"), (429, "r=0")])
        with Server(env=limited("1/h,burst=3")) as server, server.client() as client:
            large = {"entries": [{}] * 1000}
            answer = client.post("/api/v1/bookings/batch", large)
            self.assertEqual(answer.status, 207, "never more than there may be at once")
            refused = client.post("/api/v1/bookings/batch", large)
            self.assertEqual(refused.status, 429)
            self.assertGreater(int(refused.headers["Retry-After"]), 2.9 * 3600, "until all of it is back")

    def test_made_up_forwarding_changes_nothing(self):
        def made_up(thread, count):
            return {"X-Forwarded-For": f"198.51.{thread}.{count % 256}", "Forwarded": "for=198.51.100.1",
                    "X-Real-IP": f"198.51.100.{thread}", "Client-IP": f"198.51.100.{thread}"}

        with Server(env=limited("20/s,burst=50")) as server:
            self.assert_exact(Crowd([server.port], made_up), burst=50, rate=20)

    def test_exact_with_two_servers_that_share_a_redis(self):
        with PrivateRedis() as redis:
            env = limited("20/s,burst=50", limiter=redis.url())
            with Server(env=env) as one, Server(env=env) as two:
                self.assert_exact(Crowd([one.port, two.port]), burst=50, rate=20)
                redis.kill()
                with one.client() as client:
                    answer = client.get("/api/v1/bookings/ACB10000")
                    self.assertEqual(answer.status, 404, "while Redis is away each server counts for itself")
                    self.assertIn("r=49", answer.headers["RateLimit"])
                    self.assertEqual(client.get("/health/detailed").json["status"], "degraded")

    def test_clients_behind_a_trusted_proxy(self):
        with Server(env=limited("1/h,burst=2", trusted_proxies="127.0.0.0/8")) as server, server.client() as client:
            def left(forwarded):
                answer = client.get("/api/v1/bookings", headers={"X-Forwarded-For": forwarded})
                return answer.status if answer.status != 200 else answer.headers["RateLimit"].split(";")[1]

            self.assertEqual([left("192.0.2.1"), left("192.0.2.1"), left("192.0.2.1")], ["r=1", "r=0", 429])
            self.assertEqual(left("192.0.2.2"), "r=1")
            self.assertEqual(left("198.51.100.1, 192.0.2.1"), 429, "what the client wrote itself does not count")
            self.assertEqual([left("2001:db8::1"), left("2001:db8::2")], ["r=1", "r=0"])

    def test_bad_settings(self):
        for variable, value in (("RATE_LIMIT", "60/day"), ("USER_RATE_LIMIT", "0/s"), ("LOGIN_RATE_LIMIT", "x"),
                                ("MAX_CONNECTIONS", "0"), ("MAX_CONNECTIONS_PER_IP", "0"), ("LIMITER", "memcached://x"),
                                ("TRUSTED_PROXIES", "10.0.0.1/8"),
                                ("CORS_ORIGINS", "https://desk.example/page"), ("CORS_ORIGINS", "*")):
            done = run("serve", env={f"AIRCARGO_{variable}": value})
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(f"AIRCARGO_{variable}", done.stderr)


class Browsers(unittest.TestCase):
    def setUp(self):
        self.server = Server(env=limited("off", cors_origins="https://desk.example,http://localhost:3000"))
        self.client = self.server.client()

    def tearDown(self):
        self.client.close()
        self.server.stop()

    def test_pages_of_these_origins_may_read_answers(self):
        for origin in ("https://desk.example", "http://localhost:3000"):
            answer = self.client.get("/api/v1/bookings", headers={"Origin": origin})
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], origin)
            self.assertIn("ETag", answer.headers["Access-Control-Expose-Headers"])
            self.assertEqual(answer.headers["Vary"], "Origin")
            self.assertNotIn("Access-Control-Allow-Credentials", answer.headers)
        refused = self.client.get("/nowhere", headers={"Origin": "https://desk.example"})
        self.assertEqual(refused.headers["Access-Control-Allow-Origin"], "https://desk.example")

    def test_others_may_not(self):
        for origin in ("https://evil.example", "https://desk.example.evil.example", "null", "https://desk.example:8443",
                       "http://desk.example"):
            answer = self.client.get("/api/v1/bookings", headers={"Origin": origin})
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
            self.assertEqual(answer.headers["Vary"], "Origin")

    def test_a_browser_asks_beforehand(self):
        asks = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type"}
        answer = self.client.call("OPTIONS", "/api/v1/bookings", headers=asks)
        self.assertEqual((answer.status, answer.raw), (204, b""))
        self.assertEqual(answer.headers["Access-Control-Allow-Methods"], "POST, GET, HEAD")
        self.assertIn("Authorization", answer.headers["Access-Control-Allow-Headers"])
        self.assertEqual(answer.headers["Access-Control-Max-Age"], "600")
        self.assertEqual(self.client.call("OPTIONS", "/nowhere", headers=asks).status, 404)
        self.assertEqual(self.client.call("OPTIONS", "/api/v1/bookings",
                                          headers={**asks, "Origin": "https://evil.example"}).status, 405)

    def test_no_page_may_without_the_setting(self):
        with Server() as server, server.client() as client:
            answer = client.get("/api/v1/bookings", headers={"Origin": "https://desk.example"})
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
            self.assertNotIn("Vary", answer.headers)

    def test_every_answer_tells_browsers_to_be_careful(self):
        for answer in (self.client.get("/health"), self.client.get("/nowhere"), self.client.book()[1]):
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Content-Security-Policy"], "default-src 'none'; frame-ancestors 'none'")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        for path, kept in (("/health", "no-store"), ("/nowhere", "private, no-cache"),
                           ("/api/v1/bookings", "private, no-cache")):
            self.assertEqual(self.client.get(path).headers["Cache-Control"], kept)


if __name__ == "__main__":
    unittest.main()
