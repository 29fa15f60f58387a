"""SIGTERM under load: every request that was taken in is answered in full, then the program ends with 0.

AIRCARGO_DRAIN_ROUNDS says how often; 3 when it is not set.
"""

import os
import random
import signal
import threading
import unittest

from harness import NEW_BOOKING, RawConnection, Server, wait_until
from visitors import Unanswered, Visitor

CLIENTS = 32
ROUNDS = int(os.environ.get("AIRCARGO_DRAIN_ROUNDS", "3"))


class Load:
    """Clients that book until nobody listens any more. Half of them keep their connection. Each booking is known by
    its weight."""

    def __init__(self, port, weights, enough):
        self.port, self.weights, self.enough = port, weights, enough
        self.answered, self.refused, self.unanswered, self.odd = [], [], [], []
        self.had_enough = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        visitor = Visitor(keeps=number % 2 == 0)
        try:
            while not self.odd:
                weight = next(self.weights)
                status, told = visitor.ask(self.port, "POST", "/api/v1/bookings", {**NEW_BOOKING, "weight_kg": weight})
                if (status, told.get("weight_kg")) != (201, weight):
                    self.odd.append((status, told))
                self.answered.append(weight)
                if len(self.answered) >= self.enough:
                    self.had_enough.set()
        except ConnectionRefusedError:
            self.refused.append(weight)
        except Unanswered as cut:
            self.unanswered.append(f"{'kept' if visitor.keeps else 'new'} connection: {cut}")
        finally:
            self.had_enough.set()
            visitor.close()

    def join(self):
        for thread in self.threads:
            thread.join()


class Drain(unittest.TestCase):
    def test_no_accepted_request_is_cut(self):
        """Whoever was connected is answered: nobody finds the connection closed behind a request that was sent. What
        was refused is not in the store, and all that was answered is."""
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose = random.Random(seed)
        answered, refused, weights = [], 0, iter(range(1, 10**6))
        with Server("--log-level", "warn") as server:
            for number in range(ROUNDS):
                with self.subTest(round=number):
                    load = Load(server.port, weights, choose.randrange(100, 600))
                    self.assertTrue(load.had_enough.wait(60))
                    server.signal(signal.SIGTERM)
                    load.join()
                    self.assertEqual(server.wait(), 0)
                    answered += load.answered
                    refused += len(load.refused)
                    server.start()
                    self.assertEqual((load.odd, load.unanswered), ([], []))
                    self.assertEqual(len(load.refused), CLIENTS)
            self.assertEqual(self.stored(server), sorted(answered))
            self.assertIn(", 0 differences", server.verify().stdout)
        print(f"{ROUNDS} times SIGTERM: {len(answered)} requests answered and stored, {refused} refused at the door, "
              "none cut")

    def stored(self, server):
        found, cursor = [], ""
        with server.client() as client:
            while cursor is not None:
                page = client.get("/api/v1/bookings?page_size=1000" + (f"&cursor={cursor}" if cursor else "")).json
                found += [booking["weight_kg"] for booking in page["items"]]
                cursor = page["next_cursor"]
        return sorted(found)

    def test_idle_connections_end_and_a_request_under_way_is_finished(self):
        with Server() as server:
            idle, amid = RawConnection(server.port), RawConnection(server.port)
            body = b'{"origin":"DEL","destination":"BLR","pieces":5,"weight_kg":120}'
            idle.send(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual(idle.read_answer().status, 200)
            amid.send(b"POST /api/v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                      b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
            self.assertEqual(amid.read_answer().status, 100)  # so the server has taken it in

            server.signal(signal.SIGTERM)
            self.assertEqual(idle.read_all(), b"")
            amid.send(body)
            answer = amid.read_answer()
            self.assertEqual((answer.status, answer.headers["Connection"]), (201, "close"))
            self.assertEqual(server.wait(), 0)
            idle.close()
            amid.close()

    def test_a_second_signal_ends_at_once(self):
        with Server() as server:
            with RawConnection(server.port) as amid:
                amid.send(b"GET /health HTTP/1.1\r\n")  # never finished
                with server.client() as client:
                    self.assertEqual(client.get("/health").status, 200)
                server.signal(signal.SIGTERM)
                wait_until(lambda: "server.draining" in server.log(), "it drains")
                server.signal(signal.SIGTERM)
                self.assertEqual(server.wait(), -signal.SIGTERM)

    def test_it_ends_though_a_client_hangs(self):
        with Server("--header-time", 1) as server, RawConnection(server.port) as amid:
            amid.send(b"GET /health HTTP/1.1\r\n")
            with server.client() as client:
                self.assertEqual(client.get("/health").status, 200)
            server.signal(signal.SIGINT)
            self.assertEqual(amid.read_answer().status, 408)
            amid.close()
            self.assertEqual(server.wait(), 0)


if __name__ == "__main__":
    unittest.main()
