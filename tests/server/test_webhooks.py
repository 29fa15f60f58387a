"""Webhooks: the routes, and that every event arrives, in the order of its booking, whatever the receiver does.

AIRCARGO_WEBHOOK_EVENTS says how many events the receiver that fails, hangs and dies is to get.
"""

import base64
import hashlib
import hmac
import json
import os
import queue
import random
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import OPEN, PATIENCE, STORE, Server, environment, wait_until
from private_server import reserve_port
from test_tls import Certificates

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
EVENTS = int(os.environ.get("AIRCARGO_WEBHOOK_EVENTS", "400"))
QUICK = {**OPEN, "AIRCARGO_WEBHOOK_NETWORKS": "127.0.0.1", "AIRCARGO_WEBHOOK_TIMEOUT": "1",
         "AIRCARGO_WEBHOOK_RETRY_FIRST": "1", "AIRCARGO_WEBHOOK_RETRY_LONGEST": "1"}
PATH = "/api/v1/webhooks"
WRITERS = 8


def signature(secret, message_id, sent_at, body):
    """As Standard Webhooks has it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{sent_at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


class Receiver:
    """Answers with what `behave(message)` says: a status, or nothing, then it hangs until it is closed. With an
    `identity`, a certificate and its key, over TLS."""

    def __init__(self, behave=lambda message: 204, port=0, identity=None):
        self.behave = behave
        self.seen = queue.Queue()
        self.closing = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = {"headers": self.headers, "body": body, "json": json.loads(body), "path": self.path}
                status = receiver.behave(message)
                receiver.seen.put((message, status))
                if status is None:
                    receiver.closing.wait(PATIENCE)
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Threads(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_):  # the client went away: it does
                pass

        self.server = Threads(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        if identity:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*identity)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def next(self):
        return self.seen.get(timeout=PATIENCE)[0]

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Case(unittest.TestCase):
    settings = QUICK

    def setUp(self):
        self.server = Server(env=self.settings)
        self.addCleanup(self.server.stop)
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def receiver(self, *behave):
        receiver = Receiver(*behave)
        self.addCleanup(receiver.close)
        return receiver

    def hook(self, url, **more):
        answer = self.client.post(PATH, {"url": url, **more})
        self.assertEqual(answer.status, 201, answer)
        return answer.json

    def deliveries(self, hook, state):
        answer = self.client.get(f"{PATH}/{hook['id']}/deliveries?state={state}")
        self.assertEqual(answer.status, 200, answer)
        return answer.json["items"]

    def act(self, path, what):
        self.assertEqual(self.client.post(f"{path}/{what}").status, 200)


class Routes(Case):
    def test_a_webhook_is_made_shown_changed_and_removed(self):
        answer = self.client.post(PATH, {"url": "https://example.com/a", "statuses": ["ARRIVED"], "airports": ["del"]})
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        hook = answer.json
        self.assertEqual(answer.headers["Location"], f"{PATH}/{hook['id']}")
        self.assertRegex(hook.pop("secret"), r"^whsec_[A-Za-z0-9+/]{43}=$")
        self.assertEqual({**hook, "id": "", "created_at": ""},
                         {"id": "", "url": "https://example.com/a", "statuses": ["ARRIVED"], "airports": ["DEL"],
                          "enabled": True, "created_at": ""})
        place = f"{PATH}/{hook['id']}"
        self.assertEqual(self.client.get(place).json, hook)
        self.assertEqual(self.client.get(PATH).json, {"items": [hook]})
        changed = self.client.call("PATCH", place, {"url": "https://example.com/b", "statuses": [], "enabled": False})
        self.assertEqual(changed.json, {**hook, "url": "https://example.com/b", "statuses": [], "enabled": False})
        self.assertEqual(self.client.call("PATCH", place, {}).json, changed.json)
        self.assertEqual(self.client.delete(place).status, 204)
        self.assertEqual(self.client.get(PATH).json, {"items": []})
        for method, path in [("GET", place), ("DELETE", place), ("GET", f"{place}/deliveries"), ("POST", f"{place}/test"),
                             ("POST", f"{place}/redeliver")]:
            self.assertEqual(self.client.call(method, path).status, 404, path)
        self.assertEqual(self.client.call("PATCH", place, {"enabled": True}).status, 404)

    def test_what_can_not_be_is_refused(self):
        for body, field in [
            ({}, "url"), ({"url": 7}, "url"), ({"url": "example.com"}, "url"), ({"url": "ftp://example.com"}, "url"),
            ({"url": "https://user:secret@example.com"}, "url"), ({"url": "https://10.0.0.1/"}, "url"),
            ({"url": "http://169.254.169.254/latest"}, "url"), ({"url": "https://example.com/" + 2048 * "a"}, "url"),
            ({"url": "https://example.com", "statuses": ["LOST"]}, "statuses"),
            ({"url": "https://example.com", "airports": ["D"]}, "airports"),
            ({"url": "https://example.com", "airports": 101 * ["DEL"]}, "airports"),
            ({"url": "https://example.com", "secret": "mine"}, "secret"),
        ]:
            with self.subTest(body=str(body)[:80]):
                answer = self.client.post(PATH, body)
                self.assertEqual(answer.status, 400, answer)
                self.assertEqual(answer.json["errors"][0]["field"], field)
        hook = self.hook("https://example.com")
        for query in ("state=lost", "cursor=x", "page_size=0", "page_size=1001"):
            self.assertEqual(self.client.get(f"{PATH}/{hook['id']}/deliveries?{query}").status, 400, query)
        self.assertEqual(self.client.post(f"{PATH}/{hook['id']}/redeliver", {"event_ids": ["x"]}).status, 400)

    def test_there_are_so_many_and_no_more(self):
        with Server("--max-webhooks", 2, env=QUICK) as server, server.client() as client:
            made = [client.post(PATH, {"url": "https://example.com"}) for _ in range(3)]
        self.assertEqual([answer.status for answer in made], [201, 201, 409])
        self.assertEqual(made[2].json["code"], "too_many_webhooks")

    def test_a_test_tells_what_came_of_it(self):
        receiver = self.receiver()
        hook = self.hook(receiver.url, enabled=False)
        place = f"{PATH}/{hook['id']}/test"
        answer = self.client.post(place)
        self.assertEqual((answer.status, answer.json["arrived"], answer.json["status"]), (200, True, 204), answer)
        message = receiver.next()
        self.assertEqual(message["json"]["type"], "webhook.test")
        headers = message["headers"]
        self.assertEqual(headers["webhook-signature"],
                         signature(hook["secret"], headers["webhook-id"], headers["webhook-timestamp"], message["body"]))
        receiver.behave = lambda message: 503
        self.assertEqual(self.client.post(place).json["error"], "HTTP 503")
        receiver.behave = lambda message: None
        answer = self.client.post(place).json
        self.assertEqual((answer["arrived"], "status" in answer), (False, False))
        self.assertGreaterEqual(answer["took_ms"], 900)


class ManyTests(Case):
    settings = {**QUICK, "AIRCARGO_WEBHOOK_TIMEOUT": "60"}
    MOST = 8

    def test_so_many_are_sent_at_a_time_and_the_next_when_one_has_ended(self):
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        receiver = self.receiver(lambda message: 204 if go_on.wait(PATIENCE) else 500)
        place = f"{PATH}/{self.hook(receiver.url)['id']}/test"
        answers = queue.Queue()

        def ask():
            with self.server.client() as client:
                answers.put(client.post(place))

        threads = [threading.Thread(target=ask) for _ in range(self.MOST + 3)]
        for thread in threads:
            thread.start()
        refused = [answers.get(timeout=PATIENCE) for _ in range(3)]  # the others wait for the receiver
        self.assertEqual([answer.status for answer in refused], 3 * [503])
        self.assertEqual({answer.json["code"] for answer in refused}, {"overloaded"})
        self.assertIn("Retry-After", refused[0].headers)
        self.assertTrue(answers.empty())
        go_on.set()
        told = [answers.get(timeout=PATIENCE) for _ in range(self.MOST)]
        self.assertEqual([(answer.status, answer.json["arrived"]) for answer in told], self.MOST * [(200, True)])
        for thread in threads:
            thread.join()
        self.assertTrue(self.client.post(place).json["arrived"], "there is room again")


class Addresses(Case):
    settings = OPEN

    def test_an_address_that_is_not_public_gets_nothing(self):
        receiver = self.receiver()
        self.assertEqual(self.client.post(PATH, {"url": receiver.url}).status, 400)
        hook = self.hook(f"https://localhost:{receiver.port}/")
        self.client.book()
        answer = self.client.post(f"{PATH}/{hook['id']}/test").json
        self.assertFalse(answer["arrived"])
        self.assertIn("is not public", answer["error"])
        errors = lambda: [d.get("last_error", "") for d in self.deliveries(hook, "pending")]  # noqa: E731
        wait_until(lambda: any("is not public" in error for error in errors()), "an attempt")
        self.assertTrue(receiver.seen.empty())


class Tls(Case):
    """Receivers with certificates of an authority of one's own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        (cls.folder / "other").mkdir()
        ours, other = Certificates(cls.folder), Certificates(cls.folder / "other")
        cls.good, cls.expired = ours.make("good"), ours.make("expired", days=-1)
        cls.strange = other.make("strange")
        cls.settings = {**QUICK, "AIRCARGO_WEBHOOK_CA_FILE": str(ours.authority)}

    def told(self, identity, host="127.0.0.1"):
        """What came of a test message to a new webhook, that, and its receiver."""
        receiver = Receiver(identity=identity)
        self.addCleanup(receiver.close)
        hook = self.hook(f"https://{host}:{receiver.port}/hook")
        return self.client.post(f"{PATH}/{hook['id']}/test").json, hook, receiver

    def test_a_certificate_of_the_authority_is_trusted(self):
        outcome, hook, receiver = self.told(self.good)
        self.assertTrue(outcome["arrived"], outcome)
        self.assertEqual(receiver.next()["json"]["type"], "webhook.test")
        path, _ = self.client.book()
        self.assertEqual(receiver.next()["json"]["data"]["ref_id"], path.rsplit("/", 1)[1])
        wait_until(lambda: not self.deliveries(hook, "pending"), "that nothing is on its way")

    def check_refused(self, why, identity, host="127.0.0.1"):
        outcome, hook, receiver = self.told(identity, host)
        self.assertFalse(outcome["arrived"])
        self.assertNotIn("status", outcome)
        self.assertRegex(outcome["error"], why)
        self.client.book()
        errors = lambda: [d.get("last_error", "") for d in self.deliveries(hook, "pending")]  # noqa: E731
        wait_until(lambda: any(re.search(why, error) for error in errors()), "an attempt")
        self.assertTrue(receiver.seen.empty())

    def test_one_of_another_authority_is_not(self):
        self.check_refused("certificate problem: (unable to get local issuer|self-signed)", self.strange)

    def test_one_that_has_expired_is_not(self):
        self.check_refused("certificate has expired", self.expired)

    def test_one_of_another_host_is_not(self):
        self.check_refused("subject name .*'localhost'", self.good, "localhost")

    def test_without_the_setting_the_system_decides(self):
        with Server(env=QUICK) as server, server.client() as client, Receiver(identity=self.good) as receiver:
            hook = client.post(PATH, {"url": f"https://127.0.0.1:{receiver.port}/"}).json
            outcome = client.post(f"{PATH}/{hook['id']}/test").json
        self.assertRegex(outcome["error"], "certificate problem: ")


class Deliveries(Case):
    def test_a_webhook_is_told_what_it_wants_to_know(self):
        receiver = self.receiver()
        hook = self.hook(receiver.url, statuses=["DEPARTED", "ARRIVED"], airports=["DEL"])
        self.client.book(origin="BOM", destination="MAA")
        path, _ = self.client.book()
        for what in ("depart", "arrive", "deliver"):
            self.act(path, what)
        messages = [receiver.next(), receiver.next()]
        self.assertEqual([m["json"]["data"]["status"] for m in messages], ["DEPARTED", "ARRIVED"])
        history = self.client.get(f"{path}/history").json["events"]
        data = messages[0]["json"]["data"]
        self.assertEqual({k: data[k] for k in history[1]}, history[1])
        self.assertEqual((data["ref_id"], data["origin"]), (path.rsplit("/", 1)[1], "DEL"))
        headers = messages[0]["headers"]
        self.assertEqual(headers["webhook-signature"],
                         signature(hook["secret"], headers["webhook-id"], headers["webhook-timestamp"],
                                   messages[0]["body"]))
        self.assertLess(abs(time.time() - int(headers["webhook-timestamp"])), 60)
        wait_until(lambda: not self.deliveries(hook, "pending"), "that nothing is on its way")
        self.assertTrue(receiver.seen.empty())

    def test_it_begins_with_what_happens_after_it_was_made(self):
        self.client.book()
        receiver = self.receiver()
        self.hook(receiver.url)
        for _ in range(10):
            path, _ = self.client.book()
            self.assertEqual(receiver.next()["json"]["data"]["ref_id"], path.rsplit("/", 1)[1])

    def test_while_it_is_disabled_nothing_is_kept_for_it(self):
        receiver = self.receiver()
        hook = self.hook(receiver.url)
        place = f"{PATH}/{hook['id']}"
        self.client.call("PATCH", place, {"enabled": False})
        self.client.book()
        self.client.call("PATCH", place, {"enabled": True})
        path, _ = self.client.book()
        self.assertEqual(receiver.next()["json"]["data"]["ref_id"], path.rsplit("/", 1)[1])

    def test_one_that_hangs_holds_up_nobody_else(self):
        silent, other = self.receiver(lambda message: None), self.receiver()
        self.hook(silent.url)
        for _ in range(40):
            self.client.book()
        silent.next()
        self.hook(other.url)
        path, _ = self.client.book()
        self.assertEqual(other.next()["json"]["data"]["ref_id"], path.rsplit("/", 1)[1])

    def test_metrics_tell(self):
        receiver = self.receiver()
        self.hook(receiver.url)
        self.client.book()
        receiver.next()
        arrived = re.compile(rb'^aircargo_webhook_attempts_total\{outcome="arrived"\} 1$', re.MULTILINE)
        wait_until(lambda: arrived.search(self.client.get("/metrics").raw), "the number")


class DeadLetters(Case):
    settings = {**QUICK, "AIRCARGO_WEBHOOK_GIVE_UP": "1"}

    def test_what_was_given_up_is_listed_and_sent_again_when_told(self):
        receiver = self.receiver(lambda message: 500)
        hook = self.hook(receiver.url)
        path, _ = self.client.book()
        self.act(path, "depart")
        wait_until(lambda: len(self.deliveries(hook, "dead")) == 2, "two dead letters")
        dead = self.deliveries(hook, "dead")
        self.assertEqual([d["seq"] for d in dead], [1, 2])
        self.assertEqual({d["last_error"] for d in dead}, {"HTTP 500"})
        self.assertTrue(all(d["due_since"] <= d["given_up_at"] for d in dead), dead)
        place = f"{PATH}/{hook['id']}"
        part = self.client.get(f"{place}/deliveries?page_size=1").json
        self.assertEqual(part["items"], dead[:1])
        rest = self.client.get(f"{place}/deliveries?cursor={part['next_cursor']}").json
        self.assertEqual((rest["items"], rest["next_cursor"]), (dead[1:], None))

        receiver.behave = lambda message: 200
        again = self.client.post(f"{place}/redeliver", {"event_ids": [dead[1]["event_id"]]})
        self.assertEqual(again.json, {"redelivered": 1})
        wait_until(lambda: self.deliveries(hook, "dead") == dead[:1], "one dead letter")
        self.assertEqual(self.client.post(f"{place}/redeliver").json, {"redelivered": 1})
        wait_until(lambda: not self.deliveries(hook, "dead") and not self.deliveries(hook, "pending"), "no dead letter")
        taken = [m["headers"]["webhook-id"] for m, status in list(receiver.seen.queue) if status == 200]
        self.assertEqual(sorted(int(taken_id.partition("-")[0]) for taken_id in taken), [d["event_id"] for d in dead])


class OldDeadLetters(Case):
    settings = {**QUICK, "AIRCARGO_WEBHOOK_GIVE_UP": "1", "AIRCARGO_WEBHOOK_KEEP_DEAD": "1"}

    def test_what_was_given_up_is_removed_in_time(self):
        receiver = self.receiver(lambda message: 500)
        hook = self.hook(receiver.url)
        self.client.book()
        removed = re.compile(rb"^aircargo_webhook_dead_letters_removed_total 1$", re.MULTILINE)
        wait_until(lambda: removed.search(self.client.get("/metrics").raw), "that it is removed")
        self.assertEqual(self.deliveries(hook, "dead") + self.deliveries(hook, "pending"), [])
        self.assertEqual(self.client.post(f"{PATH}/{hook['id']}/redeliver").json, {"redelivered": 0})


class Page(Case):
    """The receiver of docs/webhooks.md."""

    def test_the_receiver_of_the_docs_works(self):
        page = (SOURCE / "docs/webhooks.md").read_text(encoding="utf-8")
        source = re.search(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL).group(1)
        self.assertLessEqual(len([line for line in source.splitlines() if line]), 15)
        reserved, port = reserve_port()
        self.addCleanup(reserved.close)
        hook = self.hook(f"http://127.0.0.1:{port}/")
        forged = self.hook(f"http://127.0.0.1:{port}/")  # with a secret that the receiver does not have
        receiver = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, text=True,
                                    env={**environment(), "SECRET": hook["secret"], "PORT": str(port)})
        self.addCleanup(receiver.stdout.close)
        self.addCleanup(receiver.wait)
        self.addCleanup(receiver.kill)
        wait_until(lambda: self.client.post(f"{PATH}/{hook['id']}/test").json["arrived"], "the receiver")
        self.assertIn("webhook.test", receiver.stdout.readline())
        path, _ = self.client.book()
        line = receiver.stdout.readline()
        while "webhook.test" in line:
            line = receiver.stdout.readline()
        self.assertIn(path.rsplit("/", 1)[1], line)
        self.assertEqual(self.client.post(f"{PATH}/{forged['id']}/test").json["error"], "HTTP 401")


class Misfortune:
    """How a receiver behaves that fails and hangs at times, and what it took."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.lock = threading.Lock()
        self.count = Counter()
        self.arrived = defaultdict(list)  # by booking: seq, each time that it was taken
        self.taken = set()                # (ref, seq)

    def __call__(self, message):
        data = message["json"]["data"]
        with self.lock:
            dice = self.chance.random()
            if dice < 0.05:
                self.count["failed"] += 1
                return 500
            if dice < 0.055:
                self.count["hung"] += 1
                return None
            self.count["taken"] += 1
            self.arrived[data["ref_id"]].append(data["seq"])
            self.taken.add((data["ref_id"], data["seq"]))
            return 200

    def doubled(self):
        return sum(len(seqs) - len(set(seqs)) for seqs in self.arrived.values())

    def out_of_order(self):
        """Bookings of which an event was taken after a later one."""
        return sum(seqs != sorted(seqs) for seqs in self.arrived.values())

    def wait_for(self, count):
        """Until so many events have arrived; as long as there is progress, however slow."""
        while (before := len(self.taken)) < count:
            wait_until(lambda: len(self.taken) > before, f"more than {before} of {count} arrive")


class Everything(unittest.TestCase):
    """The receiver fails, hangs and dies, and the servers are ended and killed: every event arrives, and in order."""

    ROUNDS = 4  # after each the receiver dies, and a server too

    def setUp(self):
        self.servers = [Server("--log-level", "warn", env=QUICK)]
        self.addCleanup(lambda: [server.stop() for server in reversed(self.servers)])
        if STORE == "postgres":  # which two servers may share
            self.servers.append(Server("--log-level", "warn", env=QUICK, store=self.servers[0].store))

    def test_arrives_and_in_order(self):
        behave = Misfortune(4711)
        receiver = Receiver(behave)
        self.addCleanup(lambda: receiver.close())
        with self.servers[0].client() as client:
            hook = client.post(PATH, {"url": receiver.url}).json
        made, began, dead_for = set(), time.monotonic(), 0
        for number in range(self.ROUNDS):
            self.write(EVENTS // self.ROUNDS, made)
            behave.wait_for(len(made) // 2)
            port = receiver.port
            receiver.close()  # dies, with connections open
            died = time.monotonic()
            server = self.servers[number % len(self.servers)]
            server.kill() if number % 2 else server.end()
            server.start()
            self.write(8, made)  # happens while the receiver is dead
            with server.client() as client:
                wait_until(lambda: self.refused(client, hook), "that somebody noticed")
            dead_for += time.monotonic() - died
            receiver = Receiver(behave, port)
        behave.wait_for(len(made))
        took = time.monotonic() - began
        self.assertEqual(behave.taken, made)
        self.assertEqual(behave.out_of_order(), 0)
        with self.servers[0].client() as client:
            place = f"{PATH}/{hook['id']}/deliveries?state="
            wait_until(lambda: not client.get(place + "pending").json["items"], "that nothing is on its way")
            self.assertEqual(client.get(place + "dead").json["items"], [])
        print(f"{len(made)} events in {took:.1f} s, {dead_for:.1f} s of them dead; answers {dict(behave.count)}; "
              f"{behave.doubled()} came twice, {behave.out_of_order()} out of order")

    @staticmethod
    def refused(client, hook):
        items = client.get(f"{PATH}/{hook['id']}/deliveries?state=pending&page_size=1000").json["items"]
        return any("onnect" in item.get("last_error", "") for item in items)

    def write(self, count, made):
        """So many events, from several clients at once, four to a booking."""
        each = max(1, count // (4 * WRITERS))
        done = []

        def work(number):
            with self.servers[number % len(self.servers)].client() as client:
                for _ in range(each):
                    path, _ = client.book()
                    for act in ("depart", "arrive", "deliver"):
                        answer = client.post(f"{path}/{act}")
                        assert answer.status == 200, str(answer)
                    done.extend((path.rsplit("/", 1)[1], seq) for seq in (1, 2, 3, 4))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(done), 4 * WRITERS * each)
        made.update(done)


if __name__ == "__main__":
    unittest.main()
