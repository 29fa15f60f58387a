"""Each create is sent three times, with its Idempotency-Key, while the server is killed with kill -9 and started again:
each is done once, and answered alike every time.

AIRCARGO_CREATES says how many; 1000 when it is not set.
"""

import os
import queue
import random
import threading
import unittest

from harness import NEW_BOOKING, Server, wait_until
from visitors import Unanswered, Visitor

CREATES = int(os.environ.get("AIRCARGO_CREATES", "1000"))
TIMES = 3
KILLS = 3
CLIENTS = 16


class Sender:
    """One client of one life of the server: sends what is in the queue until that is empty or the server is gone.
    What has no answer then goes back into the queue."""

    def __init__(self, port, tasks):
        self.port, self.tasks = port, tasks
        self.answers = []  # number of the create, status and JSON
        self.cut = 0
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        visitor = Visitor(keeps=True)
        try:
            while True:
                number = self.tasks.get_nowait()
                order = {**NEW_BOOKING, "weight_kg": number + 1}
                answer = visitor.ask(self.port, "POST", "/api/v1/bookings", order, f"create-{number}")
                self.answers.append((number, answer))
        except queue.Empty:
            pass
        except (Unanswered, ConnectionRefusedError):
            self.cut += 1
            self.tasks.put(number)
        finally:
            visitor.close()


class Idempotency(unittest.TestCase):
    def test_creates_across_kills(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose = random.Random(seed)
        tasks = queue.SimpleQueue()
        order = list(range(CREATES)) * TIMES
        choose.shuffle(order)
        for number in order:
            tasks.put(number)
        self.told = [[] for _ in range(CREATES)]  # by create: the life of the server, status and JSON
        self.cut = 0
        # A kill somewhere in each of three quarters of the work, so that the last life has work too.
        kills = [CREATES * TIMES * (KILLS + 1 - life - choose.random()) / (KILLS + 1) for life in range(KILLS)]
        with Server("--log-level", "warn") as server:
            for life in range(KILLS + 1):
                senders = [Sender(server.port, tasks) for _ in range(CLIENTS)]
                if life < KILLS:
                    wait_until(lambda: tasks.qsize() <= kills[life], "there is little enough left")
                    server.kill()
                self.take_in(life, senders)
                if life < KILLS:
                    server.start()
            self.check(server)

    def take_in(self, life, senders):
        for sender in senders:
            sender.thread.join()
            self.cut += sender.cut
            for number, answer in sender.answers:
                self.told[number].append((life, answer))

    def check(self, server):
        self.assertEqual({len(told) for told in self.told}, {TIMES})
        refs = set()
        for number, told in enumerate(self.told):
            status, booking = told[0][1]
            self.assertEqual((status, booking["weight_kg"]), (201, number + 1), booking)
            self.assertEqual([answer for _, answer in told], [(status, booking)] * TIMES)
            refs.add(booking["ref_id"])
        self.assertEqual(len(refs), CREATES)
        self.assertEqual(self.stored(server), refs)
        verified = server.verify()
        self.assertIn(f"{CREATES} bookings", verified.stdout)
        self.assertIn(", 0 differences", verified.stdout)
        over_lives = sum(len({life for life, _ in told}) > 1 for told in self.told)
        self.assertGreater(over_lives, CREATES // 4)
        self.assertGreater(self.cut, 0)
        print(f"{CREATES} creates with {TIMES} answers each and {KILLS} times kill -9, which cut {self.cut} requests: "
              f"{CREATES} bookings, each create answered alike, {over_lives} of them by several lives of the server")

    def stored(self, server):
        found, cursor = set(), ""
        with server.client() as client:
            while cursor is not None:
                page = client.get("/api/v1/bookings?page_size=1000" + (f"&cursor={cursor}" if cursor else "")).json
                found |= {booking["ref_id"] for booking in page["items"]}
                cursor = page["next_cursor"]
        return found


if __name__ == "__main__":
    unittest.main()
