"""TLS by certificate files: what it speaks, that a new certificate is taken over without a connection lost, and that
a bad one changes nothing."""

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from harness import NEW_BOOKING, PATIENCE, Server, log_line, run, wait_until
from prometheus_text import parse

AUTHORITY = "the authority of the tests"


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=PATIENCE)


class Certificates:
    """An authority, and certificates of 127.0.0.1 that it signs."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.authority, self.authority_key = self.folder / "ca.pem", self.folder / "ca.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", f"/CN={AUTHORITY}", "-keyout", self.authority_key, "-out", self.authority)

    def make(self, name, days=90, key=("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")):
        """Certificate, key. The name is the certificate's too."""
        request, made, made_key = (self.folder / f"{name}.{end}" for end in ("csr", "pem", "key"))
        openssl("req", "-new", *key, "-nodes", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
                "-keyout", made_key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", self.authority_key, "-days", days,
                "-copy_extensions", "copy", "-out", made)
        return made, made_key


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.mkdtemp(prefix="aircargo-test-")
        cls.addClassCleanup(shutil.rmtree, cls.made, ignore_errors=True)
        cls.certificates = Certificates(cls.made)
        cls.first, cls.second = (cls.certificates.make(name) for name in ("first", "second"))

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.files = self.folder / "server.pem", self.folder / "server.key"

    def install(self, identity):
        """Each file is replaced as a whole."""
        for source, target in zip(identity, self.files, strict=True):
            shutil.copy(source, target.with_suffix(".new"))
            os.replace(target.with_suffix(".new"), target)

    def serve(self, *flags, identity=None):
        self.install(identity or self.first)
        server = Server("--tls-cert", self.files[0], "--tls-key", self.files[1], *flags)
        self.addCleanup(server.stop)
        return server

    def context(self, **settings):
        context = ssl.create_default_context(cafile=self.certificates.authority)
        for name, value in settings.items():
            setattr(context, name, value)
        return context

    def connect(self, server, context=None):
        raw = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        try:
            return (context or self.context()).wrap_socket(raw, server_hostname="127.0.0.1")
        except BaseException:
            raw.close()
            raise

    def shown(self, server):
        """The name in the certificate that a new connection sees."""
        with self.connect(server) as connection:
            return dict(pair[0] for pair in connection.getpeercert()["subject"])["commonName"]

    def client(self, server, context=None):
        context = context or self.context()
        made = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=PATIENCE, context=context)
        self.addCleanup(made.close)
        return made

    def get(self, client, path):
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read().decode()

    def said(self, server, name):
        whole = server.log().rpartition("\n")[0]
        return [line for line in map(log_line, whole.splitlines()) if line["event"] == name]

    def reload(self, server, event):
        before = len(self.said(server, event))
        server.signal(signal.SIGHUP)
        wait_until(lambda: len(self.said(server, event)) > before, f"{event} is said")
        return self.said(server, event)[-1]

    # ------------------------------------------------------------------------------------------ what it speaks

    def test_it_serves(self):
        client = self.client(self.serve())
        for _ in range(3):  # over one connection
            self.assertEqual(self.get(client, "/livez"), (200, '{"status":"alive"}'))
        body = '{"origin":"DEL","destination":"BLR","pieces":5,"weight_kg":120}'
        client.request("POST", "/api/v1/bookings", body, {"Content-Type": "application/json"})
        answer = client.getresponse()
        self.assertEqual((answer.status, b"BOOKED" in answer.read()), (201, True))

    def test_large_bodies_and_large_answers(self):
        server = self.serve("--demo-schedule")
        client = self.client(server)
        line = "AI101,Air India,DEL,BOM,2026-12-01T06:00:00Z,2026-12-01T08:10:00Z\n"
        head = "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n"
        body = head + line * 14_000  # close to the most that is taken
        client.request("POST", "/api/v1/flights/import", body, {"Content-Type": "text/csv"})
        answer = client.getresponse()
        self.assertEqual(answer.status, 200, answer.read())
        answer.read()
        status, flights = self.get(client, "/api/v1/flights?page_size=1000")
        self.assertEqual((status, len(flights) > 100_000), (200, True))
        client.request("POST", "/api/v1/flights/import", "x" * 2_000_000, {"Content-Type": "text/csv"})
        self.assertEqual(client.getresponse().status, 413, "the answer arrives, although much was not read")

    def test_many_requests_in_one_write_and_the_end_of_a_connection(self):
        server = self.serve()
        one = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
        with self.connect(server) as connection:
            connection.sendall(one * 20 + one.replace(b"Host", b"Connection: close\r\nHost"))
            answered = b""
            while more := connection.recv(65536):  # a cut, without a word of TLS, would raise here
                answered += more
        self.assertEqual(answered.count(b"HTTP/1.1 200"), 21)

    def test_versions(self):
        server = self.serve()
        for version, expected in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
            with self.connect(server, self.context(minimum_version=version, maximum_version=version)) as connection:
                self.assertEqual(connection.version(), expected)
        for old in ("-tls1", "-tls1_1"):
            tried = subprocess.run(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", old, "-cipher", "ALL:@SECLEVEL=0"],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False)
            self.assertNotEqual(tried.returncode, 0, tried.stdout)
            self.assertIn("alert protocol version", tried.stderr)

    def test_ciphers_without_forward_secrecy_are_not_spoken(self):
        rsa = self.certificates.make("rsa", key=("-newkey", "rsa:2048"))
        server = self.serve(identity=rsa)
        for ciphers, spoken in (("ECDHE-RSA-AES128-GCM-SHA256", True), ("ECDHE-RSA-CHACHA20-POLY1305", True),
                                ("AES128-GCM-SHA256", False), ("ECDHE-RSA-AES128-SHA", False)):
            context = self.context(maximum_version=ssl.TLSVersion.TLSv1_2)
            context.set_ciphers(ciphers)
            with self.subTest(ciphers=ciphers):
                if spoken:
                    self.connect(server, context).close()
                else:
                    self.assertRaises(ssl.SSLError, self.connect, server, context)

    def test_alpn(self):
        server = self.serve()
        for offered, chosen in ((["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), ([], None)):
            context = self.context()
            if offered:
                context.set_alpn_protocols(offered)
            with self.connect(server, context) as connection:
                self.assertEqual(connection.selected_alpn_protocol(), chosen)
        context = self.context()
        context.set_alpn_protocols(["h2"])
        with self.assertRaisesRegex(ssl.SSLError, "(?i)no.application.protocol"):
            self.connect(server, context)

    def test_plain_http_is_not_spoken_nor_are_other_bytes(self):
        server = self.serve()
        for sent in (b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", b"\x00" * 500, b"\x16\x03\x01\xff\xff" + b"x" * 70_000,
                     b"", b"\x16\x03\x01"):
            with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as raw:
                try:
                    raw.sendall(sent)
                    raw.shutdown(socket.SHUT_WR)
                    answered = b"".join(iter(lambda: raw.recv(65536), b""))  # noqa: B023
                except (ConnectionResetError, BrokenPipeError):
                    answered = b""
                self.assertNotIn(b"HTTP", answered)
        self.assertEqual(self.get(self.client(server), "/livez")[0], 200)

    def test_a_client_that_says_nothing_is_let_go(self):
        server = self.serve("--header-time", "1")
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as silent:
            self.assertEqual(silent.recv(100), b"")

    def test_events_are_streamed(self):
        server = self.serve()
        listener = self.client(server)
        listener.request("GET", "/api/v1/events")
        stream = listener.getresponse()
        self.assertEqual(stream.status, 200)
        client = self.client(server)
        body = '{"origin":"DEL","destination":"BLR","pieces":5,"weight_kg":120}'
        client.request("POST", "/api/v1/bookings", body, {"Content-Type": "application/json"})
        self.assertEqual(client.getresponse().status, 201)
        for line in stream:
            if line.startswith(b"data:"):
                break
        self.assertIn(b"BOOKED", line)

    def test_sigterm_cuts_no_request_that_was_taken_in(self):
        server = self.serve("--log-level", "warn")
        acknowledged, cut, enough = [], [], threading.Event()

        def load(number):
            client = self.client(server)
            for count in range(1, 100_000):
                try:
                    client.request("POST", "/api/v1/bookings", json.dumps({**NEW_BOOKING, "pieces": number + 1,
                                   "weight_kg": count}), {"Content-Type": "application/json"})
                    answer = client.getresponse()
                    told = json.loads(answer.read())
                except http.client.IncompleteRead as partial:
                    return cut.append(str(partial))
                except (OSError, http.client.HTTPException):
                    return None  # refused at the door
                if answer.status != 201:
                    return cut.append(told)
                acknowledged.append((told["pieces"], told["weight_kg"]))
                if len(acknowledged) > 300:
                    enough.set()

        threads = [threading.Thread(target=load, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        self.assertTrue(enough.wait(PATIENCE))
        server.signal(signal.SIGTERM)
        for thread in threads:
            thread.join()
        self.assertEqual((server.wait(), cut), (0, []))
        server.start()
        stored, cursor, client = set(), "", self.client(server)
        while cursor is not None:
            page = json.loads(self.get(client, f"/api/v1/bookings?page_size=1000{cursor and '&cursor=' + cursor}")[1])
            stored |= {(b["pieces"], b["weight_kg"]) for b in page["items"]}
            cursor = page["next_cursor"]
        self.assertEqual(stored, set(acknowledged), "neither less nor more than was answered")

    # ------------------------------------------------------------------------------------------- the certificate

    def test_a_new_certificate_costs_no_connection(self):
        server = self.serve()
        self.assertEqual(self.shown(server), "first")
        kept = [self.client(server) for _ in range(10)]
        failures, answers, stop = [], [0], threading.Event()

        def call_all_the_time(fresh):
            client = self.client(server)
            while not stop.is_set():
                try:
                    if self.get(client, "/api/v1/bookings")[0] != 200:
                        failures.append("another status")
                    answers[0] += 1
                    if fresh:
                        client.close()
                except (OSError, http.client.HTTPException) as failure:
                    failures.append(repr(failure))
                    return

        for client in kept:
            self.get(client, "/livez")
        sockets = [client.sock for client in kept]
        callers = [threading.Thread(target=call_all_the_time, args=(fresh,)) for fresh in (False, True, True)]
        for caller in callers:
            caller.start()
        for turn in range(20):
            name = ("second", "first")[turn % 2]
            self.install({"first": self.first, "second": self.second}[name])
            self.reload(server, "tls.reloaded")
            wait_until(lambda n=name: self.shown(server) == n, "the new one is shown")
        stop.set()
        for caller in callers:
            caller.join()
        self.assertEqual(failures, [])
        self.assertGreater(answers[0], 100)
        for client, connection in zip(kept, sockets, strict=True):
            self.assertEqual(self.get(client, "/livez")[0], 200)
            self.assertIs(client.sock, connection, "the connection is the one of before")

    def test_a_bad_certificate_leaves_the_old_one(self):
        server = self.serve()
        kept = self.client(server)
        self.get(kept, "/livez")
        bad_files = {
            "AIRCARGO_TLS_CERT": [(self.folder / "nothing", self.first[1]), (self.first[1], self.first[1])],
            "AIRCARGO_TLS_KEY": [(self.first[0], self.second[1]), (self.first[0], self.first[0])],
        }
        (self.folder / "nothing").write_text("")
        for setting, identities in bad_files.items():
            for identity in identities:
                self.install(identity)
                failed = self.reload(server, "tls.reload_failed")
                self.assertEqual((failed["level"], setting in failed["detail"]), ("warning", True), failed)
                self.assertEqual(self.shown(server), "first")
        self.files[0].unlink()
        self.reload(server, "tls.reload_failed")
        self.assertEqual(self.shown(server), "first")
        self.assertEqual(self.get(kept, "/livez")[0], 200)
        self.install(self.second)
        self.reload(server, "tls.reloaded")
        self.assertEqual(self.shown(server), "second")

    def test_days_left_are_told(self):
        careless = self.context(check_hostname=False, verify_mode=ssl.CERT_NONE)

        def days_left():
            page = parse(self.get(self.client(server, careless), "/metrics")[1])
            return page["aircargo_tls_certificate_days_left"].samples["aircargo_tls_certificate_days_left", ()]

        server = self.serve()
        self.assertAlmostEqual(days_left(), 90, delta=0.1)
        self.install(self.certificates.make("ended", days=-1))
        self.reload(server, "tls.reloaded")
        self.assertAlmostEqual(days_left(), -1, delta=0.1)
        self.assertEqual(len(self.said(server, "tls.expired")), 1)

    def test_files_that_do_not_fit_are_said_at_the_start(self):
        locked = self.folder / "locked.key"
        openssl("ec", "-in", self.first[1], "-aes256", "-passout", "pass:hush", "-out", locked)
        for flags, setting, status in (
                (["--tls-cert", self.first[0]], "AIRCARGO_TLS_KEY", 2),
                (["--tls-key", self.first[1]], "AIRCARGO_TLS_CERT", 2),
                (["--tls-cert", "/nonexistent", "--tls-key", self.first[1]], "AIRCARGO_TLS_CERT", 1),
                (["--tls-cert", self.first[0], "--tls-key", "/nonexistent"], "AIRCARGO_TLS_KEY", 1),
                (["--tls-cert", self.first[0], "--tls-key", self.second[1]], "AIRCARGO_TLS_KEY", 1),
                (["--tls-cert", self.first[0], "--tls-key", locked], "AIRCARGO_TLS_KEY", 1)):
            with self.subTest(flags=flags):
                done = run("serve", "--listen", "127.0.0.1:0", "--store", "memory:", *flags)
                self.assertEqual(done.returncode, status, done)
                self.assertRegex(done.stderr, r"^aircargo-server: .+\n$")
                self.assertIn(setting, done.stderr)

    def test_without_tls_sighup_changes_nothing(self):
        with Server() as server, server.client() as client:
            server.signal(signal.SIGHUP)
            wait_until(lambda: self.said(server, "reload.nothing"), "it is said")
            self.assertEqual(client.get("/livez").status, 200)
            self.assertNotIn("aircargo_tls", client.get("/metrics").raw.decode())


if __name__ == "__main__":
    unittest.main()
