"""GET /metrics: well-formed, and each number moves with what it counts."""

import os
import re
import threading
import time
import unittest

import prometheus_text
from event_stream import EventStream
from harness import NEW_BOOKING, RawConnection, Server, day, wait_until

BOOKINGS = "/api/v1/bookings"
BOOKING = "/api/v1/bookings/{ref_id}"
PLAIN_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One look at a server's metrics."""

    def __init__(self, client):
        answer = client.get("/metrics")
        assert answer.status == 200, str(answer)
        self.text = answer.raw.decode()
        self.families = prometheus_text.parse(self.text)

    def __call__(self, name, **labels):
        """The value of one series; 0 when it is not there."""
        family = self.families.get(name) or self.families[re.sub("_(bucket|sum|count)$", "", name)]
        return family.samples.get((name, tuple(sorted(labels.items()))), 0)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--cache", "memory:", demo=True)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def moved(self, act):
        """What the series do while `act` runs: a function like `Metrics`."""
        before = Metrics(self.client)
        act()
        after = Metrics(self.client)
        return lambda name, **labels: after(name, **labels) - before(name, **labels)

    def test_is_text_of_prometheus(self):
        answer = self.client.get("/metrics")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, PLAIN_TEXT))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        names = prometheus_text.parse(answer.raw.decode()).keys()
        self.assertTrue(all(re.match("(aircargo|process)_[a-z_]+$", name) for name in names), names)

    def test_counts_requests_by_route_method_and_status_class(self):
        def act():
            path, _ = self.client.book()
            for _ in range(3):
                self.client.get(path)
            self.client.call("HEAD", path)
            self.client.get(f"{BOOKINGS}/ACB99999")
            self.client.delete(path)
        moved = self.moved(act)
        name = "aircargo_http_requests_total"
        self.assertEqual(moved(name, route=BOOKINGS, method="POST", status="2xx"), 1)
        self.assertEqual(moved(name, route=BOOKING, method="GET", status="2xx"), 4)
        self.assertEqual(moved(name, route=BOOKING, method="GET", status="4xx"), 1)
        self.assertEqual(moved(name, route=BOOKING, method="DELETE", status="2xx"), 1)
        self.assertEqual(moved(name, route="/metrics", method="GET", status="2xx"), 1)
        self.assertEqual(moved("aircargo_http_errors_total", code="not_found"), 1)
        took = "aircargo_http_request_duration_seconds"
        self.assertEqual(moved(f"{took}_count", route=BOOKING, method="GET"), 5)
        self.assertEqual(moved(f"{took}_bucket", route=BOOKING, method="GET", le="+Inf"), 5)
        self.assertGreater(moved(f"{took}_sum", route=BOOKING, method="GET"), 0)

    def test_paths_that_nobody_knows_make_no_series(self):
        name = "aircargo_http_requests_total"
        series = len(Metrics(self.client).families[name].samples)

        def act():
            for i in range(50):
                self.client.get(f"/no/such/path/{i}")
            with RawConnection(self.server.port) as raw:
                raw.send(b"GET \x01 HTTP/1.1\r\n\r\n")
                raw.read_all()
        moved = self.moved(act)
        self.assertEqual(moved(name, route="unmatched", method="any", status="4xx"), 51)
        self.assertEqual(moved("aircargo_http_errors_total", code="no_such_path"), 50)
        now = Metrics(self.client)
        self.assertLessEqual(len(now.families[name].samples) - series, 4)
        self.assertNotIn("/no/such", now.text)

    def test_counts_changes_of_bookings(self):
        def act():
            path, _ = self.client.book()
            for step in ("depart", "arrive", "deliver"):
                self.assertEqual(self.client.post(f"{path}/{step}").status, 200)
            other, _ = self.client.book()
            self.client.delete(other)
            self.client.delete(other)  # refused, so not counted
        moved = self.moved(act)
        counted = {to: moved("aircargo_booking_changes_total", to=to)
                   for to in ("BOOKED", "DEPARTED", "ARRIVED", "DELIVERED", "CANCELLED")}
        self.assertEqual(counted, {"BOOKED": 2, "DEPARTED": 1, "ARRIVED": 1, "DELIVERED": 1, "CANCELLED": 1})

    def test_counts_cache_hits_and_misses(self):
        path, _ = self.client.book()
        moved = self.moved(lambda: [self.client.get(path) for _ in range(4)])
        name = "aircargo_cache_requests_total"
        hits, misses = moved(name, result="hit"), moved(name, result="miss")
        self.assertEqual(hits + misses, 4)
        self.assertGreaterEqual(hits, 3)

    def test_counts_batches(self):
        def crowd():
            with self.server.client() as client:
                for number in range(50):  # not there, so not in the cache either
                    client.get(f"/api/v1/bookings/ACB{number:05}")

        def act():
            threads = [threading.Thread(target=crowd) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        moved = self.moved(act)
        self.assertEqual(moved("aircargo_funnel_requests_total", funnel="finds"), 400)
        self.assertEqual(moved("aircargo_funnel_batch_size_sum", funnel="finds"), 400)
        self.assertLessEqual(moved("aircargo_funnel_batch_size_count", funnel="finds"), 400)
        self.assertEqual(Metrics(self.client)("aircargo_funnel_waiting", funnel="finds"), 0)

    def test_counts_connections(self):
        before = Metrics(self.client)
        with self.server.client() as second:
            second.get("/health")
            during = Metrics(self.client)
        opened = "aircargo_http_connections"
        self.assertGreaterEqual(during(opened), 2)
        total = "aircargo_http_connections_total"
        self.assertEqual(during(total, outcome="accepted") - before(total, outcome="accepted"), 1)

    def test_counts_streams(self):
        streams = "aircargo_event_streams"
        before = Metrics(self.client)(streams)
        with EventStream(self.server.port), EventStream(self.server.port):
            self.assertEqual(Metrics(self.client)(streams), before + 2)
        wait_until(lambda: Metrics(self.client)(streams) == before, "that both are seen to be gone")

    def test_tells_of_the_process(self):
        metrics = Metrics(self.client)
        pid = self.server.process.pid
        self.assertAlmostEqual(metrics("process_start_time_seconds"), time.time(), delta=600)
        self.assertEqual(metrics("process_threads"), len(os.listdir(f"/proc/{pid}/task")))
        self.assertAlmostEqual(metrics("process_open_fds"), len(os.listdir(f"/proc/{pid}/fd")), delta=3)
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            resident = 1024 * int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1))
        self.assertAlmostEqual(metrics("process_resident_memory_bytes"), resident, delta=resident / 4)
        wait_until(lambda: Metrics(self.client)("process_cpu_seconds_total") > metrics("process_cpu_seconds_total"),
                   "the looks at it have taken CPU time")

    def test_tells_of_schedule_and_build(self):
        metrics = Metrics(self.client)
        health = self.client.get("/health/detailed").json
        self.assertEqual(metrics("aircargo_schedule_flights"), health["schedule"]["flights"])
        self.assertEqual(metrics("aircargo_schedule_version"), health["schedule"]["version"])
        info = metrics.families["aircargo_build_info"].samples
        self.assertEqual(list(info.values()), [1])
        ((_, labels),) = info.keys()
        self.assertEqual(dict(labels)["version"], health["version"])
        self.assertEqual(dict(labels)["store"], health["store"]["kind"])

    def test_the_pool_of_the_store(self):
        metrics = Metrics(self.client)
        if not self.server.store.startswith("postgresql:"):
            self.assertNotIn("aircargo_store_connections", metrics.families)
            return
        self.client.post(BOOKINGS, NEW_BOOKING)
        metrics = Metrics(self.client)
        opened = sum(metrics("aircargo_store_connections", state=state) for state in ("idle", "in_use"))
        self.assertGreaterEqual(opened, 1)
        self.assertLessEqual(opened, metrics("aircargo_store_connections_limit"))
        self.assertGreaterEqual(metrics("aircargo_store_connects_total"), opened)

    def test_large_counts_keep_their_digits(self):
        body = {"origin": "DEL", "destination": "BLR", "departure_date": day(1)}
        self.client.post("/api/v1/routes/search", body)
        started = re.search(r"^process_start_time_seconds (\S+)$", Metrics(self.client).text, re.M).group(1)
        self.assertNotIn("e", started)


GOOD = """# HELP a_total Of a \\\\ b.
# TYPE a_total counter
a_total{x="1",y="q\\"\\n"} 3
a_total 4.5e+06
# HELP t_seconds T.
# TYPE t_seconds histogram
t_seconds_bucket{le="0.1"} 1
t_seconds_bucket{le="+Inf"} 2
t_seconds_sum 3
t_seconds_count 2
"""


class Reader(unittest.TestCase):
    """The reader that the tests above rest on."""

    def test_reads_what_is_good(self):
        families = prometheus_text.parse(GOOD)
        self.assertEqual(families["a_total"].samples[("a_total", (("x", "1"), ("y", 'q"\n')))], 3)
        self.assertEqual(families["t_seconds"].type, "histogram")

    def test_refuses_what_is_bad(self):
        for change in (
            (GOOD, GOOD[:-1]), ("a_total 4.5e+06", 'a_total{y="q\\"\\n",x="1"} 1'), ("counter", "count"),
            ("# HELP a_total Of a \\\\ b.\n", ""), ("# TYPE a_total counter\n", ""), ("Of a \\\\ b.", "\\x"),
            ('x="1"', 'x="\\x"'), ('x="1"', "x=1"), ('x="1"', '1x="1"'), ('y="q', 'x="q'), (" 3\n", " three\n"),
            ("# HELP t", "# a comment\n# HELP t"), ("a_total", "a_count"), ("t_seconds", "t_milliseconds"),
            ('le="0.1"} 1', 'le="0.1"} 3'), ("t_seconds_count 2", "t_seconds_count 3"),
            ("t_seconds_count 2\n", ""), ('le="+Inf"', 'le="5"'), ("t_seconds_sum 3\n", "\n"),
            ("a_total 4.5e+06", "a_total -1"), ("a_total 4.5e+06", "b_total 1"),
        ):
            with self.subTest(change=change):
                self.assertIn(change[0], GOOD)
                self.assertRaises(prometheus_text.Malformed, prometheus_text.parse, GOOD.replace(*change))


if __name__ == "__main__":
    unittest.main(verbosity=2)
