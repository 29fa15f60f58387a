"""The log: every line is a JSON object whatever clients send, says what its level promises, and names the request
and the trace that it belongs to."""

import re
import unittest

from harness import PATIENCE, RawConnection, Server, log_line, run

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")

HOSTILE = [
    b'","level":"error","event":"forged', b"\\", b"\\u0022", b"\t", b"\x00", b"\x01\x1b[31m", b"\x7f", b"\x80\xff",
    b"\xc3\xa4", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\n{}", b"\r\n", b"%0a%0d", b"%00", b"%22", b"%E2%80%A8", b"%ff",
    b"'; DROP TABLE bookings; --", b"${jndi:ldap://x}", b"%s%n%p{}", b"a" * 9000,
]


def lines_of(server):
    return [log_line(text) for text in server.log().splitlines()]


def events(lines, name):
    return [line for line in lines if line["event"] == name]


class Logged:
    """Runs a server, and has its lines once it has ended."""

    def __init__(self, *flags, **settings):
        self.server = Server(*flags, **settings)
        self.lines = None

    def __enter__(self):
        return self

    def __exit__(self, *failed):
        try:
            self.server.end()
            self.lines = lines_of(self.server)
        finally:
            self.server.stop()


class Lines(unittest.TestCase):
    def test_hostile_bytes_break_no_line(self):
        requests = []
        for bad in HOSTILE:
            requests += [
                b"GET /" + bad + b" HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /api/v1/bookings/" + bad + b" HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /health?" + bad + b"=1 HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: " + bad + b"\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: a\r\nX-Request-ID: " + bad + b"\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: a\r\ntraceparent: " + bad + b"\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + bad + b"\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: a\r\n" + bad + b": 1\r\n\r\n",
                bad + b" /health HTTP/1.1\r\nHost: a\r\n\r\n",
            ]
        with Logged("--log-level", "debug", "--trusted-proxies", "127.0.0.1") as logged:
            for sent in requests:
                with RawConnection(logged.server.port) as raw:
                    raw.send(sent)
                    raw.end_of_sending()
                    raw.read_all()
            with logged.server.client() as client:
                self.assertEqual(client.get("/health").status, 200)
        self.assertEqual([line for line in logged.lines if line["event"] == "forged"], [])
        self.assertEqual([line for line in logged.lines if line["level"] == "error"], [])
        self.assertGreaterEqual(len(events(logged.lines, "request")), len(requests) / 2)
        for line in logged.lines:
            self.assertLess(max(len(str(value)) for value in line.values()), 600, line)

    def test_a_request_is_one_line_that_says_it_all(self):
        with Logged() as logged, logged.server.client() as client:
            path, made = client.book()
            client.get(f"{path}?colour=red", {"X-Request-ID": "mine-1"})
        create, refused = events(logged.lines, "request")
        self.assertEqual(create.keys(), {"time", "level", "event", "request_id", "trace_id", "method", "route", "path",
                                         "status", "duration_ms", "bytes", "peer"})
        self.assertRegex(create["time"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(
            [create[name] for name in ("level", "method", "route", "path", "status", "peer", "request_id")],
            ["info", "POST", "/api/v1/bookings", "/api/v1/bookings", 201, "127.0.0.1", made.headers["X-Request-ID"]])
        self.assertGreater(create["bytes"], len(made.raw))
        self.assertGreaterEqual(create["duration_ms"], 0)
        self.assertLess(create["duration_ms"], PATIENCE * 1000)
        self.assertEqual([refused[name] for name in ("request_id", "route", "path", "status")],
                         ["mine-1", "/api/v1/bookings/{ref_id}", path, 400])

    def test_info_tells_of_business_and_debug_of_cache_and_locks(self):
        for level in ("debug", "info", "warn", "off"):
            with self.subTest(level=level), Logged("--log-level", level, "--cache", "memory:") as logged:
                with logged.server.client() as client:
                    path, _ = client.book()
                    client.get(path)
                    client.post(f"{path}/depart")
                    client.get(path)
            told = {line["event"] for line in logged.lines}
            levels = {line["level"] for line in logged.lines if line["event"] != "auth.off"}
            business = {"booking.created", "booking.departed", "request"}
            technical = {"cache.get", "cache.hold", "cache.settle", "lock.acquire", "lock.release"}
            self.assertEqual(told & business, business if level in ("debug", "info") else set())
            self.assertEqual(told & technical, technical if level == "debug" else set())
            self.assertLessEqual(levels, {"debug": {"debug", "info"}, "info": {"info"}}.get(level, set()))
            if level == "debug":
                outcomes = [line["outcome"] for line in events(logged.lines, "cache.get")]
                self.assertIn("hit", outcomes)

    def test_a_server_that_does_not_start_says_so_in_words(self):
        done = run("--store", "sqlite:/nowhere/at/all.db")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr.splitlines()[-1], "^aircargo-server: .+")


class Traces(unittest.TestCase):
    def test_the_trace_of_the_caller_goes_through(self):
        sent = f"00-{TRACE}-{PARENT}-01"
        with Logged() as logged, logged.server.client() as client:
            path, made = client.book()  # before, without
            answer = client.post(f"{path}/depart", headers={"traceparent": sent})
            own, parent, flags = TRACEPARENT.fullmatch(answer.headers["traceparent"]).groups()
            self.assertEqual((own, flags), (TRACE, "01"))
            self.assertNotEqual(parent, PARENT)
        of_trace = {line["event"] for line in logged.lines if line.get("trace_id") == TRACE}
        self.assertEqual(of_trace, {"booking.departed", "request"})
        fresh = TRACEPARENT.fullmatch(made.headers["traceparent"]).group(1)
        of_fresh = {line["event"] for line in logged.lines if line.get("trace_id") == fresh}
        self.assertEqual(of_fresh, {"booking.created", "request"})

    def test_every_answer_has_one_of_its_own(self):
        with Server() as server:
            seen = []
            with server.client() as client:
                seen += [client.get("/health") for _ in range(3)]
                seen.append(client.get("/nowhere"))
            for sent in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\r\n\r\n"):
                with RawConnection(server.port) as raw:
                    raw.send(sent)
                    seen.append(raw.read_answer())
            ids = [TRACEPARENT.fullmatch(answer.headers["traceparent"]).groups() for answer in seen]
            self.assertEqual(len({trace for trace, _, _ in ids}), len(seen))
            self.assertEqual(len({parent for _, parent, _ in ids}), len(seen))

    def test_what_is_no_traceparent_begins_a_new_trace(self):
        with Server() as server, server.client() as client:
            for bad in ("", "00", f"00-{TRACE}-{PARENT}", f"00-{TRACE.upper()}-{PARENT}-01", f"ff-{TRACE}-{PARENT}-01",
                        f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE}-{PARENT}-01-more",
                        f"00-{TRACE}-{PARENT}-1", f"00-{TRACE}-{PARENT}-01, 00-{TRACE}-{PARENT}-01"):
                with self.subTest(bad=bad):
                    answer = client.get("/health", {"traceparent": bad})
                    self.assertEqual(answer.status, 200)
                    trace, _, flags = TRACEPARENT.fullmatch(answer.headers["traceparent"]).groups()
                    self.assertNotEqual(trace, TRACE)
                    self.assertEqual(flags, "00")


if __name__ == "__main__":
    unittest.main(verbosity=2)
