"""Two servers on one database, and many clients that use both: each booking keeps one legal history."""

import random
import threading
import unittest
from contextlib import ExitStack

from harness import NEW_BOOKING, Server, is_about_being_open
from histories import check_history
from private_postgres import PrivatePostgres

THREADS = 64      # of each kind
BOOKINGS = 50     # that the threads of one kind pull at
OWN_BOOKINGS = 2  # that each thread of the other kind has to itself
ACTS = ["depart", "arrive", "deliver", "cancel"]


class Instances(unittest.TestCase):
    def setUp(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        self.seed = seed
        self.postgres = PrivatePostgres()
        self.addCleanup(self.postgres.stop)
        self.servers = []
        for _ in range(2):
            self.servers.append(Server("--log-level", "warn", store=self.postgres.url()))
            self.addCleanup(self.servers[-1].stop)
        self.accepted = {}  # path: what was acknowledged; list.append is atomic
        self.odd = []

    def in_threads(self, *works):
        """Runs each of them as `work(number, choose, either)`, all at once, where `either()` is a client of one of
        the servers."""
        start = threading.Barrier(len(works))

        def run(number, work):
            choose = random.Random(self.seed * len(works) + number)
            with ExitStack() as stack:
                clients = [stack.enter_context(server.client()) for server in self.servers]
                start.wait()
                work(number, choose, lambda: choose.choice(clients))

        threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.odd, [])

    def book(self, client, **changes):
        path, answer = client.book(**changes)
        self.accepted[path] = [(answer.json["revision"], answer.json["status"])]
        return path

    def act(self, client, path, act, headers=None):
        answer = (client.delete(path, headers=headers) if act == "cancel"
                  else client.post(f"{path}/{act}", headers=headers))
        if answer.status == 200:
            self.accepted[path].append((answer.json["revision"], answer.json["status"]))
        return answer

    def check_all(self):
        client = self.servers[0].client()
        self.addCleanup(client.close)
        for path, accepted in self.accepted.items():
            with self.subTest(path):
                check_history(self, client, path, accepted)
        verified = self.servers[0].verify()
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.assertIn(f"{len(self.accepted)} bookings", verified.stdout)
        self.assertIn(", 0 differences", verified.stdout)
        self.assertNotIn("deadlock", self.postgres.log())
        for server in self.servers:
            self.assertEqual([line for line in server.log().splitlines() if not is_about_being_open(line)], [])

    def test_conflicting_and_distinct_acts(self):
        with self.servers[0].client() as client:
            shared = [self.book(client) for _ in range(BOOKINGS)]
        refused = []

        def pull(_, choose, either):
            for path in choose.sample(shared, BOOKINGS):
                answer = self.act(either(), path, choose.choice(ACTS))
                if answer.status != 200:
                    refused.append(answer.json["code"])
                    if (answer.status, refused[-1]) not in {(409, "illegal_transition"), (409, "stale_revision")}:
                        self.odd.append(str(answer))

        def live(_, choose, either):
            for _ in range(OWN_BOOKINGS):
                path = self.book(either())
                for act in ACTS[:choose.randrange(4)]:
                    answer = self.act(either(), path, act)
                    if answer.status != 200:
                        self.odd.append(str(answer))

        self.in_threads(*[pull] * THREADS, *[live] * THREADS)
        self.check_all()
        acknowledged = sum(map(len, self.accepted.values()))
        print(f"{acknowledged} acts acknowledged, refused as illegal {refused.count('illegal_transition')}, "
              f"as late {refused.count('stale_revision')}")

    def test_one_key_is_one_change_whoever_is_asked(self):
        """Twins of creations and acts, each pair with a key of its own, through both servers at once."""
        keys = 40
        with self.servers[0].client() as client:
            paths = [self.book(client) for _ in range(keys)]
        made = {number: [] for number in range(keys)}
        moved = {number: [] for number in range(keys)}

        def send(_, choose, either):
            for number in choose.sample(range(keys), keys):
                key = {"Idempotency-Key": f"pair-{number}"}
                for answers, answer in (
                        (made, either().post("/api/v1/bookings", {**NEW_BOOKING, "weight_kg": number + 1}, key)),
                        (moved, either().post(f"{paths[number]}/depart",
                                              headers={"Idempotency-Key": f"act-{number}"}))):
                    answers[number].append((answer.status, answer.raw))

        self.in_threads(*[send] * 16)
        for number in range(keys):
            self.assertEqual(len(set(made[number])), 1, made[number])
            self.assertEqual(len(set(moved[number])), 1, moved[number])
            self.assertEqual((made[number][0][0], moved[number][0][0]), (201, 200))
            self.accepted[paths[number]].append((2, "DEPARTED"))
        with self.servers[1].client() as client:
            self.assertEqual(client.get("/api/v1/bookings").json["total"], 2 * keys)
        self.assertEqual(self.servers[0].verify().returncode, 0)
        self.assertNotIn("deadlock", self.postgres.log())

    def test_keys_that_are_used_for_several_bookings(self):
        """What no client should do: few keys, on whatever booking. The first use of a key stands."""
        with self.servers[0].client() as client:
            paths = [self.book(client) for _ in range(BOOKINGS)]

        def confuse(_, choose, either):
            for path in choose.sample(paths, BOOKINGS):
                key = {"Idempotency-Key": f"key-{choose.randrange(8)}-{choose.randrange(8)}"}
                answer = either().post(f"{path}/{choose.choice(ACTS[:3])}", headers=key)
                if answer.status not in (200, 409, 422):
                    self.odd.append(str(answer))

        self.in_threads(*[confuse] * THREADS)
        verified = self.servers[0].verify()
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.assertNotIn("deadlock", self.postgres.log())


if __name__ == "__main__":
    unittest.main()
