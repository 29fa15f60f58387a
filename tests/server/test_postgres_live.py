"""Streams of events on two servers with one database: each tells what either did, once and in order."""

import threading
import time
import unittest
from collections import Counter

from event_stream import EventStream, all_events
from harness import Server
from private_postgres import PrivatePostgres

WRITERS = 8   # on each server
BOOKINGS = 40  # of each writer, with three events each


class Instances(unittest.TestCase):
    def setUp(self):
        self.postgres = PrivatePostgres()
        self.addCleanup(self.postgres.stop)
        self.servers = []
        for _ in range(2):
            self.servers.append(Server("--log-level", "warn", store=self.postgres.url()))
            self.addCleanup(self.servers[-1].stop)

    def test_what_the_other_server_does_is_told_soon(self):
        one, two = self.servers
        with EventStream(one.port) as stream, two.client() as client:
            delays = []
            for _ in range(20):
                client.book()
                began = time.monotonic()
                stream.next()
                delays.append(time.monotonic() - began)
        print(f"median delay {sorted(delays)[10] * 1000:.0f} ms")
        self.assertLess(sorted(delays)[10], 2)

    def test_everybody_hears_everything_once_and_in_order(self):
        expected = 2 * WRITERS * BOOKINGS * 3
        heard = [[] for _ in range(4)]
        streams = [EventStream(self.servers[i % 2].port) for i in range(len(heard))]
        threads = [threading.Thread(target=self.listen, args=(stream, into, expected))
                   for stream, into in zip(streams, heard)]
        threads += [threading.Thread(target=self.write, args=(self.servers[i % 2], self.servers[(i + 1) % 2]))
                    for i in range(2 * WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for stream in streams:
            stream.close()
        first = heard[0]
        self.assertEqual(len(first), expected)
        self.check_order(first)
        for other in heard[1:]:
            self.assertEqual(other, first)
        self.assertEqual([(e.id, e.what) for e in all_events(self.servers[0].port)], first)

    def check_order(self, events):
        self.assertEqual([number for number, _ in events], sorted({number for number, _ in events}))
        count = Counter()
        for _, (ref, seq) in events:
            count[ref] += 1
            self.assertEqual(seq, count[ref], ref)

    @staticmethod
    def listen(stream, into, expected):
        for _ in range(expected):
            event = stream.next()
            into.append((event.id, event.what))

    @staticmethod
    def write(one, other):
        with one.client() as here, other.client() as there:
            for _ in range(BOOKINGS):
                path, _ = here.book()
                for client, act in ((there, "depart"), (here, "arrive")):
                    answer = client.post(f"{path}/{act}")
                    assert answer.status == 200, str(answer)


if __name__ == "__main__":
    unittest.main()
