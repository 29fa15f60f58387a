"""Clients that book and move bookings while a test breaks something, and the ledger of what they were told."""

import http.client
import itertools
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass

from harness import NEW_BOOKING, PATIENCE

CLIENTS = 16
BOOKINGS = "/api/v1/bookings"
ACTS = ["depart", "arrive", "deliver"]
STATUSES = ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED"]


@dataclass
class Request:
    path: str
    body: dict = None
    key: str = None

    def send(self, client):
        return client.post(self.path, self.body, {"Idempotency-Key": self.key} if self.key else None)


@dataclass
class Booking:
    """A path is known once the creation was acknowledged; revisions are those that a client was told of and that
    it asked for."""

    path: str = None
    acknowledged: int = 0
    asked: int = 1


@dataclass
class Told:
    bookings: dict  # path and acknowledged revision, by number
    replies: list


class Ledger:
    """What clients asked for and were told, over all that happens in a test."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.bookings = {}   # by number, which is the booking's weight in kilograms
        self.replies = []    # requests with a key and their first answers
        self.unanswered = []  # requests with a key that were under way when the server went

    def acknowledged(self):
        return sum(booking.acknowledged for booking in self.bookings.values())

    def so_far(self):
        """What clients have been told by now."""
        return Told(
            {number: (booking.path, booking.acknowledged)
             for number, booking in self.bookings.copy().items() if booking.acknowledged},
            self.replies.copy())

    def check_restored(self, case, server, told):
        """A store that went back to a moment after `told`: all of that is there, nothing that was not asked for, and
        a key that is sent again gets its first answer. Bookings in it, by number, with their revisions."""
        with server.client() as client:
            stored = self.stored(client)
            for number, (path, acknowledged) in told.bookings.items():
                case.assertEqual(len(stored.get(number, [])), 1, (number, path, acknowledged))
                found = stored[number][0]
                case.assertEqual(f"{BOOKINGS}/{found['ref_id']}", path)
                case.assertGreaterEqual(found["revision"], acknowledged)
            for number, found in stored.items():
                case.assertEqual(len(found), 1, number)
                case.assertLessEqual(found[0]["revision"], self.bookings[number].asked)
                case.assertEqual(found[0]["status"], STATUSES[found[0]["revision"] - 1])
            for request, status, answer in told.replies[-100:]:
                again = request.send(client)
                case.assertEqual((again.status, again.json), (status, answer), request)
        verified = server.verify()
        case.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        return {number: found[0]["revision"] for number, found in stored.items()}

    def check(self, case, server):
        """Everything that was acknowledged is there, nothing is there that was not asked for or that was refused,
        nothing is there twice, and a key that is sent again gets its first answer."""
        with server.client() as client:
            for number, request in self.unanswered:
                answer = request.send(client)
                case.assertIn(answer.status, (200, 201), (request, answer))
                self.note(number, answer.json)
            self.unanswered.clear()
            stored = self.stored(client)
            for number, booking in self.bookings.items():
                found = stored.pop(number, [])
                case.assertLessEqual(len(found), 1, booking)
                revision = found[0]["revision"] if found else 0
                case.assertTrue(booking.acknowledged <= revision <= booking.asked, (number, booking, found))
                if found and booking.path:
                    case.assertEqual(booking.path, f"{BOOKINGS}/{found[0]['ref_id']}")
                if found:
                    case.assertEqual(found[0]["status"], STATUSES[revision - 1])
            case.assertEqual(stored, {}, "nobody asked for these")
            for booking in [b for b in self.bookings.values() if b.path][-50:]:
                events = client.get(f"{booking.path}/history").json["events"]
                case.assertEqual([e["status"] for e in events], STATUSES[:len(events)])
            for request, status, told in self.replies[-100:]:
                again = request.send(client)
                case.assertEqual((again.status, again.json), (status, told), request)
        verified = server.verify()
        case.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        case.assertIn(", 0 differences", verified.stdout)

    def note(self, number, told):
        booking = self.bookings[number]
        booking.path = f"{BOOKINGS}/{told['ref_id']}"
        booking.acknowledged = max(booking.acknowledged, told["revision"])

    def stored(self, client):
        found, cursor = {}, ""
        while cursor is not None:
            answer = client.get(f"{BOOKINGS}?page_size=1000" + (f"&cursor={cursor}" if cursor else ""))
            for booking in answer.json["items"]:
                found.setdefault(booking["weight_kg"], []).append(booking)
            cursor = answer.json["next_cursor"]
        return found


class Refused(Exception):
    """503, to a request without a key."""

    def __init__(self, code):
        super().__init__(code)
        self.is_certain = code != "commit_unknown"


class Ended(Exception):
    """The client has nothing more to do."""


class Load:
    """Clients until the `with` ends or the server is gone. With `outages` an answer may be 503 for a while."""

    def __init__(self, server, ledger, seed, *, outages=False, keyed=0.0):
        self.server, self.ledger = server, ledger
        self.outages, self.keyed = outages, keyed
        self.count = 0             # changes that were acknowledged
        self.odd = []
        self.unavailable = Counter()  # answers of 503, by code
        self.cut = 0               # connections that ended without an answer
        self.slowest = 0.0         # answer, in seconds
        self.ending = threading.Event()
        self.changed = threading.Condition()  # count, odd or unavailable is another
        self.threads = [
            threading.Thread(target=self.run, args=(random.Random(seed * CLIENTS + n),)) for n in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def wait_for(self, count):
        """Until so many changes were acknowledged, or an answer was odd."""
        self.wait_until(lambda: self.count >= count)

    def wait_until(self, condition):
        with self.changed:
            if not self.changed.wait_for(lambda: condition() or self.odd, PATIENCE):
                raise AssertionError(f"{self.count} changes were acknowledged, and 503 was {dict(self.unavailable)}")

    def seconds_until_more(self, more=CLIENTS):
        began = time.monotonic()
        self.wait_for(self.count + more)
        return time.monotonic() - began

    # ------------------------------------------------------------------------------------------- one client

    def run(self, choose):
        try:
            with self.server.client() as client:
                while not self.ending.is_set():
                    self.live(client, choose)
        except Ended:
            pass

    def live(self, client, choose):
        """One booking's life, up to where it is refused."""
        number = next(self.ledger.numbers)
        booking = self.ledger.bookings[number] = Booking()
        order = {**NEW_BOOKING, "weight_kg": number}
        revision = 1
        try:
            self.change(client, number, Request(BOOKINGS, order, self.key(choose, number, 1)), 201)
            for revision, act in enumerate(ACTS, start=2):
                booking.asked = revision
                self.change(client, number, Request(f"{booking.path}/{act}", None, self.key(choose, number, revision)))
        except Refused as refused:
            if refused.is_certain:
                booking.asked = revision - 1

    def key(self, choose, number, revision):
        return f"{number}-{revision}" if choose.random() < self.keyed else None

    def change(self, client, number, request, expected=200):
        """Sends it until it is answered; one without a key only once, since nobody could tell it from another."""
        give_up = time.monotonic() + PATIENCE
        while True:
            answer = self.answer(client, number, request)
            if answer.status == expected:
                return self.acknowledge(number, request, answer)
            if answer.status != 503 or not self.outages or time.monotonic() > give_up:
                self.note_odd(f"{request} {answer}")
            with self.changed:
                self.unavailable[answer.json["code"]] += 1
                self.changed.notify_all()
            self.ending.wait(0.02)  # as a client does before it tries again
            if not request.key:
                raise Refused(answer.json["code"])

    def answer(self, client, number, request):
        began = time.monotonic()
        try:
            return request.send(client)
        except TimeoutError:
            self.note_odd(f"{request}: no answer")
        except (OSError, http.client.HTTPException):  # killed
            self.cut += 1
            if request.key:
                self.ledger.unanswered.append((number, request))
            raise Ended from None
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)

    def acknowledge(self, number, request, answer):
        self.ledger.note(number, answer.json)
        if request.key:
            self.ledger.replies.append((request, answer.status, answer.json))
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def note_odd(self, what):
        with self.changed:
            self.odd.append(what)
            self.changed.notify_all()
        raise Ended
