"""Requests that no client should send: each is answered 4xx or cut, never 5xx, and the server serves on.

AIRCARGO_GATE_ROUNDS says how often all of them are sent in a row to see what memory they take; 8 when it is not set.
"""

import json
import os
import socket
import threading
import time
import unittest
from pathlib import Path

from harness import NEW_BOOKING, PROGRAM, RawConnection, Server, wait_until
from malformed import BOOKING, CASES, GROUPS, HEALTH, POST, chunk, chunked, get, sized

ROUNDS = int(os.environ.get("AIRCARGO_GATE_ROUNDS", "8"))
WARM_ROUNDS = 4            # until the allocator has what it keeps
LARGE = sized(BOOKING + b" " * (1024**2 - len(BOOKING)))
MOST_GROWTH = 1024**2      # bytes, in all rounds behind those: less than one of the largest bodies


def resident(server):
    """Bytes of memory that the server has now."""
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def bytes_on_the_way_to(port):
    """Sent by clients on this machine and not read by the server that listens there."""
    def port_of(address):
        return int(address.rsplit(":", 1)[1], 16)
    waiting = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, queues = line.split()[:5]
        to_send, to_read = (int(size, 16) for size in queues.split(":"))
        if port_of(remote) == port:
            waiting += to_send
        elif port_of(local) == port:
            waiting += to_read
    return waiting


def is_sanitized():
    program = Path(PROGRAM).read_bytes()
    return b"__asan_init" in program or b"__tsan_init" in program


class HttpGate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--header-time", 1, store="memory:")
        cls.addClassCleanup(cls.server.stop)

    def connect(self):
        raw = RawConnection(self.server.port)
        self.addCleanup(raw.close)
        return raw

    def assert_serves(self):
        with RawConnection(self.server.port) as raw:
            raw.send(HEALTH)
            self.assertEqual(raw.read_answer().status, 200)

    def assert_refused(self, raw, status):
        answer = raw.read_answer()
        self.assertIsNotNone(answer)
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.json["status"], status)
        return answer

    def assert_answers(self, raw, sent, expected):
        """Exactly these answers, and then the end of the connection, which is ours to ask for where it may go on."""
        is_head = sent.startswith(b"HEAD")
        closing = False
        for status in expected:
            answer = raw.read_answer(is_head)
            self.assertIsNotNone(answer, f"closed before {status}")
            self.assertEqual(answer.status, status, answer)
            if status >= 400 and not is_head:
                self.assertEqual(answer.json["status"], status)
            closing = answer.headers["Connection"] == "close"
        if not closing:
            raw.end_of_sending()
        self.assertEqual(raw.read_all(), b"", "something was answered behind")

    def test_there_are_enough_cases(self):
        self.assertGreaterEqual(len({sent for sent, _ in CASES.values()}), 400)
        self.assertEqual(len(CASES), sum(len(group) for group in GROUPS), "two cases have one name")

    def test_malformed_requests(self):
        for name, (sent, expected) in CASES.items():
            with self.subTest(name):
                raw = self.connect()
                raw.send(sent)
                self.assert_answers(raw, sent, expected)
                self.assert_serves()

    def test_malformed_requests_byte_by_byte(self):
        """Every way to cut them gives the same answers."""
        for name, (sent, expected) in CASES.items():
            if len(sent) > 400:
                continue
            with self.subTest(name):
                raw = self.connect()
                for i in range(len(sent)):
                    raw.send(sent[i:i + 1])
                self.assert_answers(raw, sent, expected)
        self.assert_serves()

    def test_malformed_requests_take_no_memory(self):
        # With more threads each keeps the memory of the largest request that it ever had, some later than others.
        with Server("--log-level", "error", "--threads", 1, store="memory:") as server:
            def one_round():
                """Without a look at the answers, which are those of the other tests."""
                for sent, _ in CASES.values():
                    with RawConnection(server.port) as raw:
                        raw.send(sent)
                        raw.end_of_sending()
                        raw.read_all()
                with server.client() as client:
                    self.assertEqual(client.get("/health").status, 200)
                return resident(server)

            sizes = [one_round() for _ in range(WARM_ROUNDS + ROUNDS)]
        growth = max(sizes[WARM_ROUNDS:]) - max(sizes[:WARM_ROUNDS])
        print(f"{len(CASES) * len(sizes)} malformed requests in {len(sizes)} rounds; resident set in KiB after each: "
              f"{', '.join(str(size // 1024) for size in sizes)}; growth {growth // 1024} KiB")
        if not is_sanitized():  # such a build keeps what was freed
            self.assertLess(growth, MOST_GROWTH)

    def test_large_bodies_take_no_memory_once_they_are_answered(self):
        with Server("--log-level", "error", "--threads", 1, store="memory:") as server:
            raws = self.hold_large_bodies(server, 60)
            held = resident(server)
            self.finish(raws)
            self.assertEqual([raw.read_answer().status for raw in raws], [201] * len(raws))
            after = resident(server)  # of connections that are all still open
            print(f"{len(raws)} bodies of 1 MiB: {held // 1024**2} MiB with all but a byte of each, "
                  f"{after // 1024**2} MiB with all of them answered")
            if not is_sanitized():
                self.assertLess(after, held - 45 * 1024**2)
            for raw in raws:
                raw.send(HEALTH)
                self.assertEqual(raw.read_answer().status, 200, "the connection lives on")

    def test_connections_keep_no_memory_of_what_they_answered(self):
        count, body = 2000, sized(BOOKING + b" " * (60 * 1024))
        with Server("--log-level", "error", "--threads", 1, store="memory:") as server:
            raws = [RawConnection(server.port) for _ in range(count)]
            for raw in raws:
                self.addCleanup(raw.close)
            before = self.answers_of(server, raws, HEALTH, 200)
            after = self.answers_of(server, raws, body, 201)
            print(f"{count} connections: {before // 1024**2} MiB with a small request each, "
                  f"{after // 1024**2} MiB after a body of 60 KiB each")
            if not is_sanitized():
                self.assertLess(after - before, count * 8 * 1024)

    def answers_of(self, server, raws, sent, status):
        """One request a connection, one after the other; the memory of the server behind that."""
        for raw in raws:
            raw.send(sent)
            self.assertEqual(raw.read_answer().status, status)
        return resident(server)

    def test_large_bodies_have_a_budget(self):
        with Server("--log-level", "error", store="memory:") as server:
            raws = self.hold_large_bodies(server, 100)
            with RawConnection(server.port) as raw:
                raw.send(sized(BOOKING))
                self.assertEqual(raw.read_answer().status, 201, "small ones go on")
            self.finish(raws)
            answers = [raw.read_answer() for raw in raws]
            refused = [(raw, answer) for raw, answer in zip(raws, answers) if answer.status != 201]
            # 64 MiB hold at least 64 bodies; each that is refused gives back what it held, so others may fit.
            self.assertGreaterEqual(len(raws) - len(refused), 64)
            self.assertGreater(len(refused), 0)
            for raw, answer in refused:
                self.assertEqual((answer.status, answer.json["code"]), (503, "overloaded"))
                self.assertEqual((answer.headers["Retry-After"], answer.headers["Connection"]), ("1", "close"))
                self.assertEqual(raw.read_all(), b"")
            raws = self.hold_large_bodies(server, 64)  # all that was held was given back
            self.finish(raws)
            self.assertEqual([raw.read_answer().status for raw in raws], [201] * len(raws))

    def hold_large_bodies(self, server, count):
        """Connections that each have sent 1 MiB but for its last byte, which the server has taken in."""
        raws = []
        for _ in range(count):
            raws.append(RawConnection(server.port))
            self.addCleanup(raws[-1].close)
            raws[-1].send(LARGE[:-1])
        wait_until(lambda: bytes_on_the_way_to(server.port) == 0, "the bodies were taken in")
        return raws

    def finish(self, raws):
        for raw in raws:
            raw.send(LARGE[-1:])

    def test_good_requests_byte_by_byte(self):
        for name, data, status in (
            ("get", HEALTH, 200),
            ("sized", sized(BOOKING), 201),
            ("chunked", chunked(chunk(BOOKING[:5]) + chunk(BOOKING[5:6]) + chunk(BOOKING[6:]) + b"0\r\n\r\n"), 201),
            ("empty chunked", POST.replace(b"bookings", b"routes/search") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("empty line before", b"\r\n" + HEALTH, 200),
        ):
            with self.subTest(name):
                raw = self.connect()
                for i in range(len(data)):
                    raw.send(data[i:i + 1])
                self.assertEqual(raw.read_answer().status, status)
                raw.send(HEALTH)  # the connection lives on
                self.assertEqual(raw.read_answer().status, 200)

    def test_limits_are_reachable(self):
        raw = self.connect()
        raw.send(get(b"/health", *[b"X-%d: 1" % i for i in range(99)]))
        self.assertEqual(raw.read_answer().status, 200)
        start = get(b"/health", b"X-Long: ")
        raw.send(start[:-4] + b"x" * (16 * 1024 - len(start)) + b"\r\n\r\n")
        self.assertEqual(raw.read_answer().status, 200)
        body = BOOKING + b" " * (1024 * 1024 - len(BOOKING))
        raw.send(sized(body))
        self.assertEqual(raw.read_answer().status, 201)
        raw.send(chunked(chunk(body[:500_000]) + chunk(body[500_000:]) + b"0\r\n\r\n"))
        self.assertEqual(raw.read_answer().status, 201)

    def test_http_1_0(self):
        raw = self.connect()
        raw.send(b"GET /health HTTP/1.0\r\n\r\n")
        answer = raw.read_answer()
        self.assertEqual((answer.status, answer.headers["Connection"]), (200, "close"))
        self.assertEqual(raw.read_all(), b"")
        raw = self.connect()
        for _ in range(2):
            raw.send(b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            self.assertEqual(raw.read_answer().headers["Connection"], "keep-alive")

    def test_connection_close(self):
        raw = self.connect()
        raw.send(get(b"/health", b"Connection: close") + HEALTH)
        self.assertEqual(raw.read_answer().headers["Connection"], "close")
        self.assertEqual(raw.read_all(), b"")

    def test_half_closed_client_gets_its_answer(self):
        raw = self.connect()
        raw.send(sized(BOOKING))
        raw.end_of_sending()
        self.assertEqual(raw.read_answer().status, 201)
        self.assertEqual(raw.read_all(), b"")

    def test_expect_continue(self):
        raw = self.connect()
        raw.send(POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BOOKING))
        self.assertEqual(raw.read_answer().status, 100)
        raw.send(BOOKING)
        self.assertEqual(raw.read_answer().status, 201)
        raw.send(POST + b"Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n")
        self.assert_refused(raw, 413)  # without asking for the body

    def test_slow_header_is_cut(self):
        slow, dripping, idle = self.connect(), self.connect(), self.connect()
        slow.send(b"GET /health HTTP/1.1\r\nHost: a\r\n")
        ended = threading.Event()

        def drip():  # never silent for long, yet never done: the deadline is for the whole header
            while not ended.wait(0.05):
                dripping.send(b"X: 1\r\n")

        dripper = threading.Thread(target=drip)
        dripping.send(b"GET /health HTTP/1.1\r\nHost: a\r\n")
        dripper.start()
        self.addCleanup(dripper.join)
        self.addCleanup(ended.set)
        for raw in (slow, dripping):
            self.assert_refused(raw, 408)
        idle.send(HEALTH)
        self.assertEqual(idle.read_answer().status, 200)

    def test_a_silent_connection_ends_in_time(self):
        with Server("--idle-time", 1, store="memory:") as server, RawConnection(server.port) as raw:
            raw.send(HEALTH)
            self.assertEqual(raw.read_answer().status, 200)
            began = time.monotonic()
            self.assertEqual(raw.read_all(), b"")
            self.assertGreater(time.monotonic() - began, 0.9)

    def test_a_client_that_reads_slowly_gets_all_of_a_long_answer(self):
        with Server("--idle-time", 1, store="memory:") as server, server.client() as client:
            made = client.post("/api/v1/bookings/batch", {"entries": [NEW_BOOKING] * 1000})
            self.assertEqual(made.status, 207)
            page = client.get("/api/v1/bookings?page_size=1000").raw
            with socket.socket() as slow:
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # little is on its way unread
                slow.connect(("127.0.0.1", server.port))
                slow.sendall(get(b"/api/v1/bookings?page_size=1000", b"Connection: close"))
                began, answer, pace = time.monotonic(), b"", threading.Event()
                while more := slow.recv(4096):
                    answer += more
                    pace.wait(0.03)
            self.assertGreater(time.monotonic() - began, 1.5)
            self.assertEqual(answer.partition(b"\r\n\r\n")[2], page)

    def test_slow_body_is_cut(self):
        raw = self.connect()
        raw.send(sized(b"{", 1000))
        self.assert_refused(raw, 408)

    def test_many_pipelined_requests(self):
        raw = self.connect()
        count = 5000
        sender = threading.Thread(target=raw.send, args=(HEALTH * count,))
        sender.start()
        self.addCleanup(sender.join)
        for _ in range(count):
            self.assertEqual(raw.read_answer().status, 200)

    def test_a_client_that_never_reads_costs_little(self):
        raw = self.connect()
        raw.socket.setblocking(False)
        sent, data = 0, HEALTH * 1000
        try:
            while sent < 200_000_000:
                sent += raw.socket.send(data)
        except BlockingIOError:
            pass  # the server has stopped reading
        self.assertLess(sent, 200_000_000)
        self.assert_serves()

    def test_a_long_name_is_not_cut_amid_a_character(self):
        raw = self.connect()
        raw.send(get(b"/health?x" + b"%C3%A9" * 40 + b"=1"))
        answer = raw.read_answer()
        self.assertEqual((answer.status, answer.json["errors"][0]["field"]), (400, "(a long name)"))

    def test_caps_on_connections(self):
        with Server("--max-connections-per-ip", 3, store="memory:") as server:
            held = [RawConnection(server.port) for _ in range(3)]
            for raw in held:
                raw.send(HEALTH)
                self.assertEqual(raw.read_answer().status, 200)
            with RawConnection(server.port) as raw:
                answer = raw.read_answer()
                self.assertEqual(raw.read_all(), b"")
            self.assertEqual((answer.status, answer.json["code"]), (503, "too_many_connections"))
            self.assertEqual(answer.json["title"], "Service Unavailable")
            self.assertEqual(answer.json["request_id"], answer.headers["X-Request-ID"])
            self.assertEqual((answer.headers["Retry-After"], answer.headers["Connection"]), ("1", "close"))
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            with self.server.client() as client:
                problem = client.get("/openapi.json").json["components"]["schemas"]["Problem"]
            self.assertIn(answer.json["code"], problem["properties"]["code"]["enum"])
            wait_until(lambda: '"connections.refused"' in server.log(), "it is logged")
            held.pop().close()

            def free_again():
                with RawConnection(server.port) as raw:
                    raw.send(HEALTH)
                    try:
                        return raw.read_answer().status == 200
                    except ConnectionResetError:
                        return False

            wait_until(free_again, "the place is free again")
            for raw in held:
                raw.close()

    def test_a_proxy_has_the_connections_of_many(self):
        with Server("--max-connections-per-ip", 2, "--max-connections", 4, "--trusted-proxies", "127.0.0.0/8",
                    store="memory:") as server:
            raws = [RawConnection(server.port) for _ in range(5)]
            for raw in raws:
                self.addCleanup(raw.close)
                raw.send(HEALTH)
            statuses = sorted(raw.read_answer().status for raw in raws)
            self.assertEqual(statuses, [200] * 4 + [503], "all together are bounded as ever")

    def test_the_log_can_not_be_forged(self):
        with RawConnection(self.server.port) as raw:
            raw.send(get(b'/x%22,%22status%22:200%7d', b"X-Request-ID: forged"))
            self.assertEqual(raw.read_answer().status, 404)
        wait_until(lambda: '"forged"' in self.server.log(), "the line is logged")
        for line in self.server.log().splitlines():
            record = json.loads(line)
            if record.get("request_id") == "forged":
                self.assertEqual((record["status"], record["path"]), (404, '/x","status":200}'))


if __name__ == "__main__":
    unittest.main()
