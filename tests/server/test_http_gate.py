"""Requests that no client should send: each is answered 4xx or cut, never 5xx, and the server serves on."""

import json
import threading
import unittest

from harness import RawConnection, Server, wait_until

HEALTH = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /api/v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
BOOKING = b'{"origin":"DEL","destination":"BLR","pieces":5,"weight_kg":120}'
SMUGGLED = b"DELETE /api/v1/bookings/ACB12345 HTTP/1.1\r\nHost: a\r\n\r\n"


def get(target, *fields, method=b"GET", version=b"HTTP/1.1", host=b"Host: a\r\n"):
    return method + b" " + target + b" " + version + b"\r\n" + host + b"".join(f + b"\r\n" for f in fields) + b"\r\n"


def sized(body, length=None):
    return POST + b"Content-Length: %d\r\n\r\n" % (len(body) if length is None else length) + body


def chunked(rest, *fields):
    return POST + b"".join(f + b"\r\n" for f in fields) + b"Transfer-Encoding: chunked\r\n\r\n" + rest


def chunk(data):
    return b"%x\r\n" % len(data) + data + b"\r\n"


# name: (bytes, the status that refuses them; None where the connection may also end without one)
MALFORMED = {
    # Host
    "no host": (get(b"/health", host=b""), 400),
    "two hosts": (get(b"/health", b"Host: b"), 400),
    "two equal hosts": (get(b"/health", b"Host: a"), 400),
    "empty host": (get(b"/health", host=b"Host:\r\n"), 400),
    "host with a path": (get(b"/health", host=b"Host: a/b\r\n"), 400),
    "host with a blank": (get(b"/health", host=b"Host: a b\r\n"), 400),
    "two hosts on 1.0": (get(b"/health", b"Host: b", version=b"HTTP/1.0"), 400),
    # framing
    "length and encoding": (chunked(chunk(BOOKING) + b"0\r\n\r\n", b"Content-Length: 5"), 400),
    "encoding and length": (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + SMUGGLED, 400),
    "two lengths": (POST + b"Content-Length: 0\r\nContent-Length: 58\r\n\r\n" + SMUGGLED, 400),
    "two equal lengths": (POST + b"Content-Length: 63\r\nContent-Length: 63\r\n\r\n" + BOOKING, 400),
    "list of lengths": (POST + b"Content-Length: 63, 63\r\n\r\n" + BOOKING, 400),
    "signed length": (POST + b"Content-Length: +63\r\n\r\n" + BOOKING, 400),
    "negative length": (POST + b"Content-Length: -1\r\n\r\n", 400),
    "hexadecimal length": (POST + b"Content-Length: 0x3f\r\n\r\n" + BOOKING, 400),
    "length with text": (POST + b"Content-Length: 63a\r\n\r\n" + BOOKING, 400),
    "empty length": (POST + b"Content-Length: \r\n\r\n", 400),
    "length beyond 64 bits": (POST + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
    "length of 64 bits": (POST + b"Content-Length: 18446744073709551615\r\n\r\n", 413),
    "length with a tab inside": (POST + b"Content-Length: 6\t3\r\n\r\n" + BOOKING, 400),
    "other encoding": (POST + b"Transfer-Encoding: gzip\r\n\r\n" + SMUGGLED, 400),
    "encoding before chunked": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "encoding after chunked": (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
    "chunked twice": (POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    "two encodings": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two encodings, one odd": (POST + b"Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n\r\n0\r\n\r\n", 400),
    "quoted chunked": (POST + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n', 400),
    "chunked with a form feed": (POST + b"Transfer-Encoding: \x0cchunked\r\n\r\n0\r\n\r\n", 400),
    "blank before the colon": (POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
    "folded encoding": (POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
    "chunked on 1.0": (get(b"/health", b"Transfer-Encoding: chunked", version=b"HTTP/1.0") + b"0\r\n\r\n", 400),
    # chunks
    "chunk size is no number": (chunked(b"zz\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk size negative": (chunked(b"-5\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk size with prefix": (chunked(b"0x5\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk size overflows": (chunked(b"fffffffffffffffff\r\nhello"), 400),
    "chunk size of 64 bits": (chunked(b"ffffffffffffffff\r\nhello"), 413),
    "chunk of 2 MiB": (chunked(b"200000\r\nhello"), 413),
    "chunks above 1 MiB": (chunked(chunk(b" " * 65536) * 17 + b"0\r\n\r\n"), 413),
    "chunk without its end": (chunked(b"5\r\nhelloX0\r\n\r\n"), 400),
    "chunk with bare newlines": (chunked(b"5\nhello\n0\n\n\r\n"), 400),
    "chunk extension": (chunked(b"5;a=b\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk extension on the last": (chunked(b"5\r\nhello\r\n0;x\r\n\r\n"), 400),
    "endless chunk header": (chunked(b"0" * 80_000), 400),
    "trailer": (chunked(chunk(BOOKING) + b"0\r\nX-More: 1\r\n\r\n"), 400),
    "trailer with a length": (chunked(chunk(BOOKING) + b"0\r\nContent-Length: 5\r\n\r\n"), 400),
    "announced trailer": (chunked(chunk(BOOKING) + b"0\r\n\r\n", b"Trailer: X-More"), 400),
    "trailer of 70 KB": (chunked(chunk(BOOKING) + b"0\r\nX-More: " + b"x" * 70_000 + b"\r\n\r\n"), 400),
    "trailer of 60 KB": (chunked(chunk(BOOKING) + b"0\r\nX-More: " + b"x" * 60_000 + b"\r\n\r\n"), 400),
    # sizes
    "header of 17 KB": (get(b"/health", b"X-Long: " + b"x" * 17_000), 431),
    "header of 70 KB": (get(b"/health", b"X-Long: " + b"x" * 70_000), 431),
    "header without an end": (b"GET /health HTTP/1.1\r\nX-Long: " + b"x" * 20_000, 431),
    "target of 20 KB": (get(b"/" + b"x" * 20_000), 414),
    "101 fields": (get(b"/health", *[b"X-%d: 1" % i for i in range(100)]), 431),
    "1000 fields": (get(b"/health", *[b"X-%d: 1" % i for i in range(1000)]), 431),
    "body above 1 MiB": (sized(b" " * (1024 * 1024 + 1)), 413),
    "promise of 1 GiB": (sized(b"{", 1 << 30), 413),
    # request line
    "no version": (b"GET /health\r\n\r\n", 400),
    "version 0.9": (get(b"/health", version=b"HTTP/0.9"), 400),
    "version 2.0": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "version 1.2": (get(b"/health", version=b"HTTP/1.2"), 400),
    "lower case version": (get(b"/health", version=b"http/1.1"), 400),
    "unknown method": (get(b"/health", method=b"BREW"), 400),
    "lower case method": (get(b"/health", method=b"get"), 400),
    "method with a slash": (get(b"/health", method=b"G/T"), 400),
    "two blanks": (b"GET  /health HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "bare newlines": (b"GET /health HTTP/1.1\nHost: a\n\n", 400),
    "bare carriage return": (b"GET /health HTTP/1.1\rHost: a\r\r", 400),
    "TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100), 400),
    "garbage": (bytes(range(256)), 400),
    # target
    "absolute form": (get(b"http://a/health"), 400),
    "authority form": (get(b"a:443", method=b"CONNECT"), 400),
    "asterisk form": (get(b"*", method=b"OPTIONS"), 400),
    "no slash": (get(b"health"), 400),
    "fragment": (get(b"/health#top"), 400),
    "raw UTF-8": (get("/héalth".encode()), 400),
    "bad percent": (get(b"/health%zz"), 400),
    "short percent": (get(b"/health%4"), 400),
    "percent alone": (get(b"/health%"), 400),
    "encoded NUL": (get(b"/health%00"), 400),
    "raw NUL": (get(b"/hea\0lth"), 400),
    "encoded newline": (get(b"/health%0d%0aX:1"), 400),
    "encoded slash": (get(b"/api%2fv1/bookings"), 400),
    "encoded overlong slash": (get(b"/api%c0%afv1/bookings"), 400),
    "dot dot": (get(b"/api/../health"), 400),
    "encoded dot dot": (get(b"/api/%2e%2e/health"), 400),
    "single dot": (get(b"/./health"), 400),
    "bad percent in the query": (get(b"/api/v1/bookings?origin=%"), 400),
    "NUL in the query": (get(b"/api/v1/bookings?origin=%00"), 400),
    "broken UTF-8 in the query": (get(b"/api/v1/bookings?origin=%ff"), 400),
    "empty query pair": (get(b"/api/v1/bookings?&page=1"), 400),
    "33 parameters": (get(b"/api/v1/bookings?" + b"&".join(b"p%d=1" % i for i in range(33))), 400),
    # fields
    "field without a name": (get(b"/health", b": x"), 400),
    "field without a colon": (get(b"/health", b"nonsense"), 400),
    "field name with a blank": (get(b"/health", b"X Y: 1"), 400),
    "field with NUL": (get(b"/health", b"X: a\0b"), 400),
    "field with a bare return": (get(b"/health", b"X: a\rHost: b"), 400),
    "field with a bare newline": (get(b"/health", b"X: a\nHost: b"), 400),
    "folded field": (get(b"/health", b"X: a\r\n b"), 400),
    "first field starts with a blank": (b"GET /health HTTP/1.1\r\n Host: a\r\n\r\n", 400),
    "odd expectation": (get(b"/health", b"Expect: tea"), 417),
    # JSON
    "depth bomb": (sized(b"[" * 500_000), 400),
    "object depth bomb": (sized(b'{"a":' * 100_000), 400),
    "duplicate keys": (sized(b'{"pieces":1,"pieces":2}'), 400),
    "bad UTF-8 in a body": (sized(b'{"notes":"\xff"}'), 400),
    "NUL in a body": (sized(b'{"notes":"\\u0000"}'), 400),
    "body that is no JSON": (sized(b"x" * 1000), 400),
}


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

    def test_malformed_requests(self):
        self.assertGreaterEqual(len(MALFORMED), 60)
        for name, (data, status) in MALFORMED.items():
            with self.subTest(name):
                raw = self.connect()
                raw.send(data)
                answer = self.assert_refused(raw, status)
                if answer.headers["Connection"] != "close":  # well-framed, so the connection may go on
                    raw.end_of_sending()
                self.assertEqual(raw.read_all(), b"", "something was answered behind the refusal")
                self.assert_serves()

    def test_malformed_requests_byte_by_byte(self):
        """Every way to cut them gives the same refusal."""
        for name, (data, status) in MALFORMED.items():
            if len(data) > 400:
                continue
            with self.subTest(name):
                raw = self.connect()
                for i in range(len(data)):
                    raw.send(data[i:i + 1])
                self.assert_refused(raw, status)
        self.assert_serves()

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

    def test_caps_on_connections(self):
        with Server("--max-connections-per-ip", 3, store="memory:") as server:
            held = [RawConnection(server.port) for _ in range(3)]
            for raw in held:
                raw.send(HEALTH)
                self.assertEqual(raw.read_answer().status, 200)
            with RawConnection(server.port) as raw:
                answer = raw.read_answer()
                self.assertEqual((answer.status, answer.json["code"]), (503, "too_many_connections"))
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
