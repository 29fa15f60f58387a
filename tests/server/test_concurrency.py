"""Many clients pull at the same bookings: each keeps exactly one legal history."""

import random
import threading
import unittest

from harness import Server
from histories import check_history

THREADS = 64
BOOKINGS = 50
ROUNDS = 2  # that each thread makes over all bookings


class Concurrency(unittest.TestCase):
    def test_conflicting_acts_leave_one_legal_history_each(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        with Server("--log-level", "warn") as server:
            with server.client() as client:
                paths = [client.book()[0] for _ in range(BOOKINGS)]
            accepted = {path: [] for path in paths}  # what was acknowledged; list.append is atomic
            odd = []
            start = threading.Barrier(THREADS)

            def pull(number):
                choose = random.Random(seed * THREADS + number)
                with server.client() as client:
                    start.wait()
                    for path in choose.sample(paths, BOOKINGS) * ROUNDS:
                        act = choose.choice(["depart", "arrive", "deliver", "cancel"])
                        answer = client.delete(path) if act == "cancel" else client.post(f"{path}/{act}")
                        if answer.status == 200:
                            accepted[path].append((answer.json["revision"], answer.json["status"]))
                        elif answer.status != 409 or answer.json["code"] != "illegal_transition":
                            odd.append(str(answer))

            threads = [threading.Thread(target=pull, args=(n,)) for n in range(THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(odd, [])

            with server.client() as client:
                for path in paths:
                    with self.subTest(path):
                        check_history(self, client, path, [(1, "BOOKED"), *accepted[path]])
            while_running = server.verify()
            server.signal(15)
            self.assertEqual(server.wait(), 0)
            for verified in (while_running, server.verify()):
                self.assertEqual(verified.returncode, 0, verified.stdout)
                self.assertIn(f"{BOOKINGS} bookings", verified.stdout)
                self.assertIn(", 0 differences", verified.stdout)

    def test_one_key_makes_one_booking(self):
        """The same create from many connections at once, all with one idempotency key."""
        with Server("--log-level", "warn") as server:
            start, answers = threading.Barrier(16), []

            def book():
                with server.client() as client:
                    start.wait()
                    answers.append(client.post("/api/v1/bookings",
                                               {"origin": "DEL", "destination": "BLR", "pieces": 1, "weight_kg": 1},
                                               {"Idempotency-Key": "only-once"}))

            threads = [threading.Thread(target=book) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(len(answers), 16)
            self.assertEqual({a.status for a in answers}, {201}, list(map(str, answers)))
            self.assertEqual(len({a.json["ref_id"] for a in answers}), 1)
            with server.client() as client:
                self.assertEqual(client.get("/api/v1/bookings").json["total"], 1)


if __name__ == "__main__":
    unittest.main()
