"""Streams of events: what they tell, from where, and that nothing is lost or doubled."""

import json
import threading
import time
import unittest
from itertools import groupby

from event_stream import EventStream, all_events, follow
from harness import NEW_BOOKING, OPEN, Server, wait_until


def act(client, path, what):
    answer = client.post(f"{path}/{what}")
    assert answer.status == 200, str(answer)


class Streams(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def stream(self, path="/api/v1/events", last_id=None):
        stream = EventStream(self.server.port, path, last_id)
        self.addCleanup(stream.close)
        return stream

    def test_an_event_is_told_as_it_happens(self):
        stream = self.stream()
        self.assertEqual(stream.status, 200)
        self.assertEqual(stream.response.headers["Content-Type"], "text/event-stream")
        self.assertEqual(stream.response.headers["Cache-Control"], "no-store")
        self.assertGreater(stream.retry, 0)
        path, made = self.client.book(notes="two lines\nof it")
        event = stream.next()
        self.assertEqual(event.data["ref_id"], made.json["ref_id"])
        self.assertEqual(event.data["origin"], "DEL")
        self.assertEqual(event.data["destination"], "BLR")
        history = self.client.get(f"{path}/history").json["events"]
        self.assertEqual({k: event.data[k] for k in history[0]}, history[0])
        self.assertEqual(event.data["notes"], "two lines\nof it")
        act(self.client, path, "depart")
        self.assertEqual(stream.next().data["status"], "DEPARTED")

    def test_it_begins_with_what_happens_after_the_client_was_told_that_it_began(self):
        self.client.book()
        for _ in range(20):
            with EventStream(self.server.port) as stream:
                path, _ = self.client.book()
                self.assertEqual(stream.next().data["ref_id"], path.rsplit("/", 1)[1])

    def test_filters_choose(self):
        departed = self.stream("/api/v1/events?status=DEPARTED")
        from_bom = self.stream("/api/v1/events?origin=bom&destination=MAA")
        path, _ = self.client.book()
        act(self.client, path, "depart")
        self.client.book(origin="BOM")
        self.client.book(origin="BOM", destination="MAA")
        event = departed.next()
        self.assertEqual((event.data["ref_id"], event.data["seq"]), (path.rsplit("/", 1)[1], 2))
        self.assertEqual(from_bom.next().data["destination"], "MAA")

    def test_a_booking_is_told_from_its_beginning(self):
        path, _ = self.client.book()
        self.client.book()
        act(self.client, path, "depart")
        stream = self.stream(f"{path}/events")
        self.assertEqual([e.data["seq"] for e in stream.take(2)], [1, 2])
        act(self.client, path, "arrive")
        event = stream.next()
        self.assertEqual(event.data["status"], "ARRIVED")
        act(self.client, path, "deliver")
        again = self.stream(f"{path}/events", event.id)
        self.assertEqual([e.data["seq"] for e in again.take(1)], [4])

    def test_it_goes_on_behind_the_last_event(self):
        for _ in range(5):
            self.client.book()
        all_of_them = all_events(self.server.port)
        self.assertEqual(len(all_of_them), 5)
        rest = self.stream(last_id=all_of_them[2].id)
        self.assertEqual([e.what for e in rest.take(2)], [e.what for e in all_of_them[3:]])

    def test_a_client_that_knows_more_than_the_log_is_told(self):
        path, _ = self.client.book()
        end = all_events(self.server.port)[-1].id
        for place in ("/api/v1/events", f"{path}/events"):
            refused = self.client.get(place, {"Last-Event-ID": str(end + 1)})
            self.assertEqual((refused.status, refused.json["code"]), (409, "beyond_the_log"), refused)
            self.assertIn("without Last-Event-ID", refused.json["detail"])
        act(self.client, path, "depart")
        self.assertEqual(self.stream(last_id=end).next().data["seq"], 2)

    def test_what_can_not_be_is_refused(self):
        for path, header, status in [
            ("/api/v1/events?status=LOST", None, 400), ("/api/v1/events?origin=1", None, 400),
            ("/api/v1/events?page=1", None, 400), ("/api/v1/events", "x", 400), ("/api/v1/events", "-1", 400),
            ("/api/v1/events", "9223372036854775808", 400), ("/api/v1/events", "1 2", 400),
            ("/api/v1/bookings/ACB99999/events", None, 404), ("/api/v1/bookings/x/events", None, 400),
        ]:
            with self.subTest(path=path, header=header):
                answer = self.client.get(path, {"Last-Event-ID": header} if header else None)
                self.assertEqual(answer.status, status, str(answer))
        self.assertEqual(self.client.post("/api/v1/events").status, 405)

    def test_a_quiet_stream_says_that_it_lives(self):
        with Server("--event-heartbeat", 1) as server:
            with EventStream(server.port, "/api/v1/events?status=DELIVERED") as stream, server.client() as client:
                client.book()
                wait_until(lambda: stream.block() == {"": "nothing new", "id": str(stream.last_id)}, "a heartbeat")
                self.assertGreater(stream.last_id, 0)

    def test_a_stream_ends_in_time_and_goes_on_with_a_login_that_is_good(self):
        with Server("--stream-time", 1, env={"AIRCARGO_RATE_LIMIT": "off"}) as server, server.client() as client:
            me = {"name": "ada", "password": "only for this test"}
            self.assertEqual(client.post("/api/v1/auth/register", me).status, 201)
            token = client.post("/api/v1/auth/login", me).json["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            with EventStream(server.port, headers=headers) as stream:
                self.assertIsNone(stream.next())
                last = stream.last_id
            client.call("POST", "/api/v1/bookings", NEW_BOOKING, headers)
            with EventStream(server.port, last_id=last, headers=headers) as stream:
                self.assertEqual(stream.next().data["seq"], 1)
            with EventStream(server.port, last_id=last) as stream:
                self.assertEqual(stream.status, 401)

    def test_when_the_server_ends_the_streams_end(self):
        streams = [self.stream() for _ in range(10)]
        self.client.book()
        for stream in streams:
            self.assertEqual(stream.next().data["seq"], 1)
        began = time.monotonic()
        self.server.end()
        self.assertLess(time.monotonic() - began, 5)
        for stream in streams:
            self.assertIsNone(stream.next())


class Limits(unittest.TestCase):
    def setUp(self):
        settings = {**OPEN, "AIRCARGO_TRUSTED_PROXIES": "127.0.0.1"}
        self.server = Server("--max-streams", 3, "--max-streams-per-caller", 2, env=settings)
        self.addCleanup(self.server.stop)

    def stream(self, address):
        """Of a client behind a proxy."""
        return EventStream(self.server.port, headers={"X-Forwarded-For": address})

    def expect_refused(self, address, status):
        with self.stream(address) as refused:
            self.assertEqual(refused.status, status)
            self.assertEqual(json.loads(refused.response.read())["code"], "too_many_streams")
            self.assertGreater(int(refused.response.headers["Retry-After"]), 0)

    def test_streams_are_limited_by_caller_and_in_all(self):
        with self.stream("10.0.0.7") as one, self.stream("10.0.0.7") as two:
            self.assertEqual((one.status, two.status), (200, 200))
            self.expect_refused("10.0.0.7", 429)
            with self.stream("10.0.0.8") as three:
                self.assertEqual(three.status, 200)
                self.expect_refused("10.0.0.9", 503)
        wait_until(lambda: self.opens("10.0.0.9"), "a free seat")

    def test_a_network_of_ipv6_is_one_caller(self):
        with self.stream("2001:db8::1"), self.stream("2001:db8::2"):
            self.expect_refused("2001:db8::3", 429)
            with self.stream("2001:db8:0:1::1") as other:
                self.assertEqual(other.status, 200)

    def opens(self, address):
        with self.stream(address) as stream:
            return stream.status == 200


class Restarts(unittest.TestCase):
    """A client comes again with the last id that it has, while the server is ended and killed."""

    ROUNDS = 6
    EACH = 40

    def test_nothing_is_lost_or_doubled(self):
        with Server() as server:
            made, seen, came_again = [], [], []
            done = threading.Event()
            total = lambda: len(made) if done.is_set() else float("inf")  # noqa: E731
            reader = threading.Thread(target=follow, args=(server, total, seen, came_again))
            reader.start()
            for number in range(self.ROUNDS):
                with server.client() as client:
                    for _ in range(self.EACH):
                        path, _ = client.book()
                        act(client, path, "depart")
                        act(client, path, "arrive")
                        made += [(path.rsplit("/", 1)[1], seq) for seq in (1, 2, 3)]
                server.kill() if number % 2 else server.end()
                if number == self.ROUNDS - 1:
                    done.set()
                server.start()
            reader.join()
            self.assertEqual([e.what for e in seen], made)
            self.assertGreaterEqual(len(came_again), self.ROUNDS // 2, "a busy client may miss some")
            self.assertEqual([e.what for e in all_events(server.port)], made)
            ids = [e.id for e in seen]
            self.assertEqual(ids, [key for key, _ in groupby(sorted(ids))])


if __name__ == "__main__":
    unittest.main()
