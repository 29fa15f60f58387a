"""`aircargo-server demo`: what it does to a running server, and that it leaves a sound store."""

import collections
import re
import signal
import subprocess
import time
import unittest

from harness import PATIENCE, PROGRAM, Server, environment, run
from test_auth import OPEN as WITH_LOGINS
from test_auth import PASSWORD

ACTS = 300


def demo(server, *flags, env=None):
    return run("demo", "--url", f"http://127.0.0.1:{server.port}", "--pace", 0, *flags, env=env)


def lived(done):
    """What happened, with bookings by the order in which they were made instead of by reference."""
    order = {}
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()[1:-1]]
    return [(order.setdefault(ref, len(order)), act) for ref, act in lines]


class Demo(unittest.TestCase):
    def serve(self, **settings):
        server = Server(demo=True, **settings)
        self.addCleanup(server.stop)
        return server

    def test_what_it_does(self):
        server = self.serve()
        done = demo(server, "--count", ACTS, "--seed", 7)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], "^seed 7, http://127.0.0.1:")
        self.assertRegex(lines[-1], rf"^{ACTS} acts: \d+ bookings made, \d+ delivered or cancelled, 0 left to others$")
        acts = collections.Counter(act.split()[0] for _, act in lived(done))
        self.assertEqual(sum(acts.values()), ACTS)
        for name in ("book", "depart", "arrive", "deliver", "cancel"):
            self.assertGreater(acts[name], 0, acts)
        with server.client() as client:
            items = client.get("/api/v1/bookings?page_size=1000").json["items"]
            self.assertEqual(len(items), acts["book"])
            self.assertGreaterEqual({b["status"] for b in items}, {"BOOKED", "DEPARTED", "DELIVERED", "CANCELLED"})
            self.assertTrue(any(len(b.get("legs", [])) > 1 for b in items), "some change planes")
            self.assertTrue(any(b.get("misrouted") for b in items), "some land elsewhere")
        verified = server.verify()
        self.assertEqual(verified.returncode, 0, verified)
        self.assertIn(f" {ACTS} events, 0 differences", verified.stdout)
        print(done.stdout.splitlines()[-1], dict(acts))

    def test_the_same_seed_does_the_same(self):
        lives = [lived(demo(self.serve(), "--count", 60, "--seed", seed)) for seed in (3, 3, 4)]
        self.assertEqual(len(lives[0]), 60)
        self.assertEqual(lives[0], lives[1])
        self.assertNotEqual(lives[0], lives[2])

    def test_it_ends_when_it_is_told_to(self):
        server = self.serve()
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen(
                [PROGRAM, "demo", "--url", f"http://127.0.0.1:{server.port}", "--pace", "1"],
                env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.kill)
            for _ in range(2):
                self.assertTrue(process.stdout.readline())  # the seed, and a booking; then it waits a minute
            began = time.monotonic()
            process.send_signal(number)
            rest, errors = process.communicate(timeout=PATIENCE)
            self.assertEqual((process.returncode, errors), (0, ""))
            self.assertRegex(rest, "^1 acts: 1 bookings made")
            self.assertLess(time.monotonic() - began, 20)

    def test_bookings_that_others_touch_are_left_to_them(self):
        server = self.serve()
        with server.client() as client, subprocess.Popen(
                [PROGRAM, "demo", "--url", f"http://127.0.0.1:{server.port}", "--pace", "0", "--count", "400", "--seed", "5"],
                env=environment(), stdout=subprocess.PIPE, text=True) as process:
            self.addCleanup(process.kill)
            cancelled = 0
            for line in process.stdout:
                if " book " in line:
                    cancelled += client.delete(f"/api/v1/bookings/{line.split()[0]}").status == 200
                last = line
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertGreater(cancelled, 0)
        left = int(re.search(r"(\d+) left to others", last)[1])
        self.assertGreater(left, 0)
        self.assertEqual(server.verify().returncode, 0)

    def test_it_logs_in_and_makes_its_account_where_it_may(self):
        env = {**WITH_LOGINS, "AIRCARGO_TOKEN_TIME": "1"}
        server = self.serve(env=env)
        for _ in range(2):
            done = demo(server, "--count", 30, env={"AIRCARGO_PASSWORD": PASSWORD})
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        ref = done.stdout.splitlines()[1].split()[0]
        with server.client() as client:
            token = client.post("/api/v1/auth/login", {"name": "demo", "password": PASSWORD}).json["access_token"]
            history = client.get(f"/api/v1/bookings/{ref}/history", {"Authorization": f"Bearer {token}"})
            self.assertEqual(history.json["events"][0]["actor"], "demo")
        wrong = demo(server, "--count", 1, env={"AIRCARGO_PASSWORD": PASSWORD + "x"})
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("logging in as demo was answered 401", wrong.stderr)
        self.assertIn("aircargo-server user add demo", wrong.stderr)
        self.assertNotIn(PASSWORD, wrong.stdout + wrong.stderr)

    def test_where_it_may_not_book(self):
        server = self.serve(env={**WITH_LOGINS, "AIRCARGO_REGISTRATION": "viewer"})
        done = demo(server, "--count", 1, env={"AIRCARGO_PASSWORD": PASSWORD})
        self.assertEqual(done.returncode, 1)
        self.assertIn("booking was answered 403: this is for the role agent", done.stderr)

    def test_it_keeps_to_the_limit_of_requests(self):
        server = self.serve(env={"AIRCARGO_AUTH": "off", "AIRCARGO_RATE_LIMIT": "2/s,burst=4"})
        done = demo(server, "--count", 8)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(lived(done)), 8)

    def test_a_server_that_is_not_there(self):
        server = self.serve()
        port = server.port
        server.end()
        began = time.monotonic()
        done = run("demo", "--url", f"http://127.0.0.1:{port}", "--count", 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"http://127.0.0.1:{port} can not be reached", done.stderr)
        self.assertLess(time.monotonic() - began, 30)

    def test_bad_flags(self):
        for flags in (["--pace", -1], ["--pace", "x"], ["--count", -1], ["--seed", -1], ["--store"], ["--url"]):
            self.assertEqual(run("demo", *flags).returncode, 2, flags)


if __name__ == "__main__":
    unittest.main()
