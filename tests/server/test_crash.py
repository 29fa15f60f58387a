"""kill -9 under load, again and again: nothing that was acknowledged is lost, no history is illegal.

AIRCARGO_CRASH_ROUNDS says how often; 5 when it is not set.
"""

import http.client
import os
import random
import shutil
import tempfile
import threading
import unittest

from harness import NEW_BOOKING, PATIENCE, Server

ROUNDS = int(os.environ.get("AIRCARGO_CRASH_ROUNDS", "5"))
CLIENTS = 16
ACTS = ["depart", "arrive", "deliver"]
STATUSES = ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED"]


class Load:
    """Clients that book and move bookings until the connection breaks, and keep a log of what was acknowledged."""

    def __init__(self, server):
        self.server = server
        self.acknowledged = {}  # path: the highest revision that a client was told of
        self.asked = {}         # path: the highest revision that a client asked for
        self.count = 0
        self.odd = []
        self.changed = threading.Condition()  # count or odd is another
        self.threads = [threading.Thread(target=self.run) for _ in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        for thread in self.threads:
            thread.join()

    def run(self):
        try:
            with self.server.client() as client:
                while True:
                    self.live(client)
        except (OSError, http.client.HTTPException):
            pass  # killed

    def live(self, client):
        """One booking's life."""
        path = self.note(client.post("/api/v1/bookings", NEW_BOOKING), 201)
        for revision, act in enumerate(ACTS, start=2):
            self.asked[path] = revision
            self.note(client.post(f"{path}/{act}"), 200)

    def note(self, answer, expected):
        if answer.status != expected:
            with self.changed:
                self.odd.append(str(answer))
                self.changed.notify_all()
            raise OSError("odd answer")
        booking = answer.json
        path = f"/api/v1/bookings/{booking['ref_id']}"
        self.acknowledged[path] = booking["revision"]
        self.asked.setdefault(path, 1)
        with self.changed:
            self.count += 1
            self.changed.notify_all()
        return path

    def wait_for(self, count):
        """Until so many changes were acknowledged, or an answer was odd."""
        with self.changed:
            reached = self.changed.wait_for(lambda: self.count >= count or self.odd, PATIENCE)
        if not reached:
            raise AssertionError(f"only {self.count} changes were acknowledged")


class Crash(unittest.TestCase):
    def test_kill_9_under_load(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose = random.Random(seed)
        folder = tempfile.mkdtemp(prefix="aircargo-test-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        changes, slowest = 0, 0.0
        history = {}  # path: (acknowledged, asked), of all rounds
        for number in range(ROUNDS):
            with self.subTest(round=number), Server("--log-level", "warn", folder=folder) as server:
                slowest = max(slowest, server.start_seconds)
                self.check_nothing_lost(server, history)
                with Load(server) as load:
                    least = choose.randrange(100, 400)  # any moment is as good to die at
                    load.wait_for(least)
                    server.kill()
                self.assertEqual(load.odd, [])
                changes += load.count
                for path, acknowledged in load.acknowledged.items():
                    history[path] = (acknowledged, load.asked[path])
                verified = server.verify()
                self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
                self.assertIn(", 0 differences", verified.stdout)
        with Server("--log-level", "warn", folder=folder) as server:
            slowest = max(slowest, server.start_seconds)
            self.check_nothing_lost(server, history)
        print(f"{ROUNDS} kills, {changes} acknowledged changes, none lost; slowest start {slowest:.3f} s")
        self.assertLess(slowest, 1.0)

    def check_nothing_lost(self, server, history):
        """Each booking stands where it was acknowledged, or at most one asked step further."""
        with server.client() as client:
            for path, (acknowledged, asked) in history.items():
                booking = client.get(path).json
                self.assertTrue(acknowledged <= booking["revision"] <= asked, (path, acknowledged, asked, booking))
                self.assertEqual(booking["status"], STATUSES[booking["revision"] - 1])
            last = dict(list(history.items())[-20:])
            for path in last:
                events = client.get(f"{path}/history").json["events"]
                self.assertEqual([e["status"] for e in events], STATUSES[:len(events)])


if __name__ == "__main__":
    unittest.main()
