"""Every write of the route table, sent again with its Idempotency-Key: done once, and answered alike, also by the
server that was started after a kill -9. A write that is in none of the tables below fails the test.
"""

import json
import os
import queue
import random
import sqlite3
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import NEW_BOOKING, STORE, Server, day, run, shared_postgres, sql, wait_until
from visitors import Unanswered, Visitor

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
SECRET = "a secret of the tests: 0123456789abcdef"
OTHER_SECRET = "another secret of the tests: 9876543210"
PASSWORD = "correct horse"
SETTINGS = {"AIRCARGO_RATE_LIMIT": "off", "AIRCARGO_LOGIN_RATE_LIMIT": "off", "AIRCARGO_JWT_SECRET": SECRET,
            "AIRCARGO_WEBHOOK_NETWORKS": "127.0.0.1"}
HOOKS, KEYS, BOOKINGS = "/api/v1/webhooks", "/api/v1/api-keys", "/api/v1/bookings"
FLIGHTS = "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\nZZ7,Test,DEL,BLR,{},{}\n"


class Receiver:
    """Takes every message, and notes their ids."""

    def __init__(self):
        self.ids = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                receiver.ids.append(self.headers["webhook-id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def rows(store, query):
    """What a query finds in a store, past the program; a text for each row."""
    if STORE == "postgres":
        return shared_postgres().sql(query, store.rsplit("/", 1)[1]).splitlines()
    with closing(sqlite3.connect(store.removeprefix("sqlite:"))) as database:
        return ["|".join(map(str, row)) for row in database.execute(query)]


class Accounts(unittest.TestCase):
    """A server with an administrator, who has logged in: API keys may not do everything."""

    def setUp(self):
        self.server = Server(env=dict(SETTINGS))
        self.addCleanup(self.server.stop)
        self.user("add", "grace", "--role", "admin")
        self.credential = self.token("grace")

    def client_call(self, method, path, body=None, headers=None):
        with self.server.client() as client:
            return client.call(method, path, body, headers)

    def user(self, *arguments, password=PASSWORD):
        done = run("user", *arguments, "--store", self.server.store, env={"AIRCARGO_PASSWORD": password})
        self.assertEqual(done.returncode, 0, done)

    def token(self, name):
        return self.client_call("POST", "/api/v1/auth/login", {"name": name, "password": PASSWORD}).json["access_token"]

    def ask(self, method, path, body=None, key=None, by=None):
        """By the administrator unless somebody else's credential is named."""
        headers = {"Authorization": f"Bearer {by or self.credential}"}
        if key:
            headers["Idempotency-Key"] = key
        if isinstance(body, str):
            headers["Content-Type"] = "text/csv"
        return self.client_call(method, path, body, headers)

    def good(self, *arguments, **more):
        answer = self.ask(*arguments, **more)
        self.assertIn(answer.status, (200, 201, 204, 207), answer)
        return answer

    def restart(self, **settings):
        self.server.kill()
        self.server.env = {**self.server.env, **settings}
        self.server.start()
        self.credential = self.token("grace")

    # What there is, so that it can be seen whether something was done.

    def account(self, name):
        found = [a for a in self.good("GET", "/api/v1/users?page_size=500").json["items"] if a["name"] == name]
        self.assertLessEqual(len(found), 1)
        return found

    def logs_in(self, name, password):
        return self.client_call("POST", "/api/v1/auth/login", {"name": name, "password": password}).status

    def keys_named(self, name):
        return [key["id"] for key in self.good("GET", KEYS).json["items"] if key["name"] == name]

    def hooks(self, url):
        return [hook for hook in self.good("GET", HOOKS).json["items"] if hook["url"] == url]

    def hook(self, **more):
        return self.good("POST", HOOKS, {"url": "http://127.0.0.1:9/hook", **more}).json["id"]

    def booking(self, *acts):
        ref = self.good("POST", BOOKINGS, NEW_BOOKING).json["ref_id"]
        for act in acts:
            self.good("POST", f"{BOOKINGS}/{ref}/{act}", {})
        return ref

    def history(self, ref):
        return len(self.good("GET", f"{BOOKINGS}/{ref}/history").json["events"])

    def bookings(self):
        return self.good("GET", BOOKINGS).json["total"]


class Write:
    """A write as it is sent again and again, and another one with the same key."""

    def __init__(self, path, body=None, other=None, other_path=None, state=lambda: None, meanwhile=lambda: None,
                 by=None):
        self.path, self.body, self.by = path, body, by
        self.other_path = other_path or path
        self.other = body if other is None else other
        self.state = state          # what shows whether it was done once more
        self.meanwhile = meanwhile  # somebody else undoes it, so that doing it again would show


class Writes:
    """The writes of the route table that take a key; each makes what it needs."""

    def __init__(self, test, receiver):
        self.test, self.receiver = test, receiver

    def create_booking(self):
        return Write(BOOKINGS, {**NEW_BOOKING, "weight_kg": 711}, {**NEW_BOOKING, "weight_kg": 712},
                     state=self.test.bookings)

    def act(self, act, *before):
        ref = self.test.booking(*before)
        return Write(f"{BOOKINGS}/{ref}/{act}", {}, {"notes": "another"}, state=lambda: self.test.history(ref))

    def depart(self):
        return self.act("depart")

    def arrive(self):
        return self.act("arrive", "depart")

    def deliver(self):
        return self.act("deliver", "depart", "arrive")

    def cancel(self):
        ref = self.test.booking()
        return Write(f"{BOOKINGS}/{ref}", None, {"notes": "another"}, state=lambda: self.test.history(ref))

    def create_bookings(self):
        entry = {**NEW_BOOKING, "weight_kg": 713}
        return Write(f"{BOOKINGS}/batch", {"entries": [entry]}, {"entries": [{**entry, "pieces": 1}]},
                     state=self.test.bookings)

    def change_bookings(self):
        ref = self.test.booking()
        entry = {"ref_id": ref, "act": "depart"}
        return Write(f"{BOOKINGS}/batch/status", {"entries": [entry]}, {"entries": [{**entry, "act": "cancel"}]},
                     state=lambda: self.test.history(ref))

    def create_webhook(self):
        url = "http://127.0.0.1:9/created"
        return Write(HOOKS, {"url": url}, {"url": url, "enabled": False}, state=lambda: self.test.hooks(url))

    def change_webhook(self):
        path = f"{HOOKS}/{self.test.hook()}"
        return Write(path, {"enabled": False}, {"enabled": True},
                     state=lambda: self.test.good("GET", path).json,
                     meanwhile=lambda: self.test.good("PATCH", path, {"enabled": True}))

    def remove_webhook(self):
        path, other = f"{HOOKS}/{self.test.hook()}", f"{HOOKS}/{self.test.hook()}"
        return Write(path, other_path=other,
                     state=lambda: [self.test.ask("GET", one).status for one in (path, other)])

    def test_webhook(self):
        path = f"{HOOKS}/{self.test.hook(url=self.receiver.url)}/test"
        other = f"{HOOKS}/{self.test.hook(url=self.receiver.url)}/test"
        return Write(path, other_path=other, state=lambda: len(self.receiver.ids))

    def redeliver(self):
        hook = self.test.hook(enabled=False)
        dead, then = ("true", "now()") if STORE == "postgres" else ("1", "0")
        sql(self.test.server.store, "INSERT INTO webhook_deliveries (webhook_id, log_position, ref_id, seq, dead,"
            " attempts, due_since, next_attempt_at, last_error) VALUES"
            f" ('{hook}', 1, 'ACB10001', 1, {dead}, 3, {then}, {then}, 'no answer')")

        def dead_again():
            sql(self.test.server.store, f"UPDATE webhook_deliveries SET dead = {dead} WHERE webhook_id = '{hook}'")
        return Write(f"{HOOKS}/{hook}/redeliver", {}, {"event_ids": [1]}, meanwhile=dead_again,
                     state=lambda: len(self.test.good("GET", f"{HOOKS}/{hook}/deliveries").json["items"]))

    def import_flights(self):
        departure = f"{day(5)}T06:00:00Z"
        first, second = (FLIGHTS.format(departure, f"{day(5)}T{hour}:45:00Z") for hour in ("08", "09"))
        path = "/api/v1/flights/import"
        return Write(path, first, second, meanwhile=lambda: self.test.good("POST", path, second),
                     state=lambda: self.test.good("GET", "/api/v1/flights?flight_number=ZZ7").json["items"])

    def register(self):
        return Write("/api/v1/auth/register", {"name": "walter", "password": PASSWORD},
                     {"name": "walter", "password": "battery staple"}, state=lambda: self.test.account("walter"))

    def log_out(self):
        def session():
            return self.test.client_call(
                "POST", "/api/v1/auth/login", {"name": "grace", "password": PASSWORD}).json["refresh_token"]
        return Write("/api/v1/auth/logout", {"refresh_token": session()}, {"refresh_token": session()})

    def change_password(self):
        self.test.user("add", "sue", "--role", "viewer")
        return Write("/api/v1/auth/password", {"password": PASSWORD, "new_password": "battery staple"},
                     {"password": PASSWORD, "new_password": "another staple"}, by=self.test.token("sue"),
                     meanwhile=lambda: self.test.user("password", "sue", password="third staple"),
                     state=lambda: self.test.logs_in("sue", "third staple"))

    def create_api_key(self):
        return Write(KEYS, {"name": "robot"}, {"name": "another"},
                     state=lambda: self.test.keys_named("robot") + self.test.keys_named("another"))

    def revoke_api_key(self):
        one, other = (self.test.good("POST", KEYS, {"name": "gone"}).json["id"] for _ in range(2))
        return Write(f"{KEYS}/{one}", other_path=f"{KEYS}/{other}", state=lambda: self.test.keys_named("gone"))

    def change_user(self):
        self.test.user("add", "tom", "--role", "viewer")
        path = "/api/v1/users/tom"
        return Write(path, {"role": "agent"}, {"role": "admin"}, state=lambda: self.test.account("tom"),
                     meanwhile=lambda: self.test.good("PATCH", path, {"role": "viewer"}))


DONE_ONCE = {
    ("POST", "/api/v1/bookings"): Writes.create_booking,
    ("DELETE", "/api/v1/bookings/{ref_id}"): Writes.cancel,
    ("POST", "/api/v1/bookings/{ref_id}/depart"): Writes.depart,
    ("POST", "/api/v1/bookings/{ref_id}/arrive"): Writes.arrive,
    ("POST", "/api/v1/bookings/{ref_id}/deliver"): Writes.deliver,
    ("POST", "/api/v1/bookings/batch"): Writes.create_bookings,
    ("POST", "/api/v1/bookings/batch/status"): Writes.change_bookings,
    ("POST", "/api/v1/webhooks"): Writes.create_webhook,
    ("PATCH", "/api/v1/webhooks/{hook_id}"): Writes.change_webhook,
    ("DELETE", "/api/v1/webhooks/{hook_id}"): Writes.remove_webhook,
    ("POST", "/api/v1/webhooks/{hook_id}/test"): Writes.test_webhook,
    ("POST", "/api/v1/webhooks/{hook_id}/redeliver"): Writes.redeliver,
    ("POST", "/api/v1/flights/import"): Writes.import_flights,
    ("POST", "/api/v1/auth/register"): Writes.register,
    ("POST", "/api/v1/auth/logout"): Writes.log_out,
    ("POST", "/api/v1/auth/password"): Writes.change_password,
    ("POST", "/api/v1/api-keys"): Writes.create_api_key,
    ("DELETE", "/api/v1/api-keys/{key_id}"): Writes.revoke_api_key,
    ("PATCH", "/api/v1/users/{name}"): Writes.change_user,
}
IN_ENTRIES = {"/api/v1/bookings/batch", "/api/v1/bookings/batch/status"}  # each entry has the status of its own
REFUSES_KEYS = {("POST", "/api/v1/auth/login"), ("POST", "/api/v1/auth/refresh"), ("POST", "/api/v1/auth/session"),
                ("POST", "/api/v1/auth/session/refresh"), ("DELETE", "/api/v1/auth/session")}
ONLY_READS = {("POST", "/api/v1/routes/search")}


class EveryWrite(Accounts):
    def test_every_write_of_the_table_is_here(self):
        table = {(r["method"], r["path"]) for r in map(json.loads, run("routes").stdout.splitlines())}
        self.assertEqual({row for row in table if row[0] not in ("GET", "HEAD")},
                         DONE_ONCE.keys() | REFUSES_KEYS | ONLY_READS)

    def test_the_description_says_so(self):
        document = json.loads((SOURCE / "docs/openapi.json").read_text(encoding="utf-8"))
        described = {(method.upper(), path) for path, item in document["paths"].items()
                     for method, operation in item.items()
                     if {"$ref": "#/components/parameters/Idempotency-Key"} in operation.get("parameters", [])}
        self.assertEqual(described, set(DONE_ONCE))

    def send(self, write, method, key):
        return self.ask(method, write.path, write.body, key, write.by)

    def test_each_is_done_once_and_answered_alike(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        writes = Writes(self, receiver)
        sent = []
        for number, ((method, template), make) in enumerate(DONE_ONCE.items()):
            with self.subTest(method=method, path=template):
                write, key = make(writes), f"key-{number}"
                first = self.send(write, method, key)
                self.assertIn(first.status, (200, 201, 204, 207), first)
                write.meanwhile()
                state = write.state()
                self.assert_same(self.send(write, method, key), first)
                self.assertEqual(write.state(), state)
                sent.append((write, method, template, key, first, state))
        self.assertEqual(len(sent), len(DONE_ONCE))
        before = [write.state() for write, *_ in sent]
        self.restart()
        for write, method, template, key, first, _ in sent:
            with self.subTest(method=method, path=template, again="by the next life of the server"):
                self.assert_same(self.send(write, method, key), first)
                self.assert_mismatch(self.ask(method, write.other_path, write.other, key, write.by), template)
        self.assertEqual([write.state() for write, *_ in sent], before)
        self.assertEqual(len(receiver.ids), 1)
        self.assertEqual(receiver.ids[0][:5], "test-")

    def assert_same(self, answer, first):
        self.assertEqual((answer.status, answer.raw), (first.status, first.raw))
        for name in ("Location", "ETag", "Cache-Control", "Content-Type"):
            self.assertEqual(answer.headers[name], first.headers[name])

    def assert_mismatch(self, answer, template):
        refusal = answer.json
        if template in IN_ENTRIES:
            refusal = refusal["results"][0]["problem"]
        self.assertEqual((refusal["status"], refusal["code"]), (422, "idempotency_mismatch"), answer)
        self.assertIn("key-", refusal["detail"])

    def test_where_tokens_are_given_keys_are_refused(self):
        session = self.client_call("POST", "/api/v1/auth/login", {"name": "grace", "password": PASSWORD}).json
        for path, body in (("login", {"name": "grace", "password": PASSWORD}),
                           ("refresh", {"refresh_token": session["refresh_token"]})):
            self.assertIn(("POST", f"/api/v1/auth/{path}"), REFUSES_KEYS)
            refused = self.client_call("POST", f"/api/v1/auth/{path}", body, {"Idempotency-Key": "k"})
            self.assertEqual((refused.status, refused.json["errors"][0]["field"]), (400, "Idempotency-Key"), refused)
            self.assertEqual(self.client_call("POST", f"/api/v1/auth/{path}", body).status, 200)


class Keys(Accounts):
    def test_a_key_is_of_its_account_and_its_route(self):
        self.user("add", "ada", "--role", "admin")
        adas = self.token("ada")
        mine = self.good("POST", KEYS, {"name": "same"}, key="k").json
        hers = self.good("POST", KEYS, {"name": "same"}, key="k", by=adas).json
        self.assertNotEqual(mine["id"], hers["id"])
        self.good("POST", HOOKS, {"url": "http://127.0.0.1:9/"}, key="k")
        self.assertEqual(self.good("POST", KEYS, {"name": "same"}, key="k").json, mine)

    def test_the_order_of_members_and_white_space_do_not_count(self):
        headers = {"Authorization": f"Bearer {self.credential}", "Idempotency-Key": "k"}
        texts = (b'{"url":"http://127.0.0.1:9/","enabled":false}',
                 b' { "enabled" : false, "url":"http://127.0.0.1:9/" }')
        answers = [self.client_call("POST", HOOKS, text, headers) for text in texts]
        self.assertEqual([a.status for a in answers], [201, 201])
        self.assertEqual(answers[0].raw, answers[1].raw)

    def test_keys_that_are_none_are_refused(self):
        hook = self.hook()
        for method, path, body in (("POST", HOOKS, {"url": "http://127.0.0.1:9/"}), ("DELETE", f"{HOOKS}/{hook}", None),
                                   ("POST", f"{HOOKS}/{hook}/test", None), ("DELETE", f"{KEYS}/0123456789ab", None)):
            answer = self.ask(method, path, body, key="k" * 256)
            self.assertEqual((answer.status, answer.json["errors"][0]["field"]), (400, "Idempotency-Key"), answer)
        self.assertEqual(len(self.good("GET", HOOKS).json["items"]), 1)

    def test_what_was_refused_is_decided_anew(self):
        for body, status in (({"url": "ftp://127.0.0.1/"}, 400), ({"url": "http://127.0.0.1:9/"}, 201)):
            self.assertEqual(self.ask("POST", HOOKS, body, key="k").status, status)
        self.assertEqual(self.ask("DELETE", f"{HOOKS}/0123456789ab", key="d").status, 404)
        self.assertEqual(self.ask("DELETE", f"{HOOKS}/{self.hook()}", key="d").status, 204)
        for name, status in (("grace", 409), ("walter", 201)):
            answer = self.ask("POST", "/api/v1/auth/register", {"name": name, "password": PASSWORD}, key="r")
            self.assertEqual(answer.status, status, answer)
        for old, status in (("wrong horse", 401), (PASSWORD, 200)):
            body = {"password": old, "new_password": "battery staple"}
            self.assertEqual(self.ask("POST", "/api/v1/auth/password", body, key="p").status, status)

    def test_of_twins_at_the_same_moment_one_is_done(self):
        url = "http://127.0.0.1:9/twins"
        for path, body, count in ((HOOKS, {"url": url}, lambda: len(self.hooks(url))),
                                  (KEYS, {"name": "twin"}, lambda: len(self.keys_named("twin")))):
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: self.ask("POST", path, body, key="twins"), range(16)))
            self.assertEqual({a.status for a in answers}, {201})
            self.assertEqual(len({a.raw for a in answers}), 1)
            self.assertEqual(count(), 1)

    def test_a_test_message_is_sent_once_though_twins_ask_for_it(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        path = f"{HOOKS}/{self.hook(url=receiver.url)}/test"
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.ask("POST", path, key="twins"), range(16)))
        told = {a.raw for a in answers if a.status == 200}
        self.assertEqual(len(told), 1)
        for answer in answers:
            if answer.status != 200:
                self.assertEqual((answer.status, answer.json["code"]), (409, "in_progress"), answer)
                self.assertEqual(answer.headers["Retry-After"], "1")
        self.assertEqual(self.good("POST", path, key="twins").raw, told.pop())
        self.assertEqual(len(receiver.ids), 1)
        self.good("POST", path)
        self.good("POST", path, key="another")
        self.assertEqual(len(set(receiver.ids)), 3)


class Secrets(Accounts):
    def test_the_store_has_none_of_them_in_clear(self):
        key = self.good("POST", KEYS, {"name": "robot"}, key="my own key").json["key"]
        secret = self.good("POST", HOOKS, {"url": "http://127.0.0.1:9/"}, key="my own key").json["secret"]
        self.good("POST", "/api/v1/auth/register", {"name": "walter", "password": "battery staple"}, key="my own key")
        kept = rows(self.server.store, "SELECT scope, key, fingerprint, answer FROM answers")
        self.assertEqual(sum("POST /api/v1" in row for row in kept), 3, kept)
        for word in (key, key[4:], secret, secret.removeprefix("whsec_"), "battery staple", "my own key"):
            self.assertNotIn(word, "\n".join(kept))
        who = self.client_call("GET", "/api/v1/auth/me", headers={"Authorization": f"Bearer {key}"})
        self.assertEqual(who.json["name"], "grace")

    def test_they_can_be_told_again_while_the_old_signing_key_is_known(self):
        body = {"name": "robot"}
        first = self.good("POST", KEYS, body, key="k")
        plain = self.good("POST", "/api/v1/auth/register", {"name": "walter", "password": PASSWORD}, key="k")
        self.restart(AIRCARGO_JWT_SECRET=OTHER_SECRET, AIRCARGO_JWT_OLD_SECRET=SECRET)
        self.assertEqual(self.good("POST", KEYS, body, key="k").raw, first.raw)
        self.restart(AIRCARGO_JWT_SECRET=OTHER_SECRET, AIRCARGO_JWT_OLD_SECRET="")
        lost = self.ask("POST", KEYS, body, key="k")
        self.assertEqual((lost.status, lost.json["code"]), (409, "answer_unreadable"), lost)
        self.assertEqual(len(self.keys_named("robot")), 1)
        again = self.good("POST", "/api/v1/auth/register", {"name": "walter", "password": PASSWORD}, key="k")
        self.assertEqual(again.raw, plain.raw)

    def test_they_are_told_again_by_a_server_without_a_signing_key_of_its_own(self):
        self.restart(AIRCARGO_JWT_SECRET="")
        first = self.good("POST", KEYS, {"name": "robot"}, key="k")
        self.restart()
        self.assertEqual(self.good("POST", KEYS, {"name": "robot"}, key="k").raw, first.raw)


class Age(Accounts):
    def test_answers_go_after_two_days(self):
        self.good("POST", KEYS, {"name": "robot"}, key="k")
        back = "created_at - interval '50 hours'" if STORE == "postgres" else "created_at - 50 * 3600"
        sql(self.server.store, f"UPDATE answers SET created_at = {back}")
        self.good("POST", KEYS, {"name": "another"}, key="k")
        self.restart()  # PostgreSQL's are removed at the start, and from time to time
        wait_until(lambda: rows(self.server.store, "SELECT count(*) FROM answers") == ["1"], "the old one is gone")
        self.assertEqual(len(self.keys_named("robot") + self.keys_named("another")), 2)


class Kills(Accounts):
    """API keys, each asked for three times while the server is killed with kill -9 and started again."""

    COUNT, TIMES, KILLS, CLIENTS = 90, 3, 3, 4

    def test_each_is_made_once(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose = random.Random(seed)
        self.server.stop()
        with Server() as self.server:
            self.user("add", "robot", "--role", "agent")
            order = list(range(self.COUNT)) * self.TIMES
            choose.shuffle(order)
            tasks = queue.SimpleQueue()
            for number in order:
                tasks.put(number)
            told, lock, cut = [[] for _ in range(self.COUNT)], threading.Lock(), []
            kills = [len(order) * (self.KILLS + 1 - life - choose.random()) / (self.KILLS + 1)
                     for life in range(self.KILLS)]
            for life in range(self.KILLS + 1):
                clients = [threading.Thread(target=self.work, args=(self.server.port, tasks, told, lock, cut))
                           for _ in range(self.CLIENTS)]
                for client in clients:
                    client.start()
                if life < self.KILLS:
                    wait_until(lambda: tasks.qsize() <= kills[life], "there is little enough left")
                    self.server.kill()
                for client in clients:
                    client.join()
                if life < self.KILLS:
                    self.server.start()
            for answers in told:
                self.assertEqual(len(answers), self.TIMES)
                self.assertEqual(answers[0][0], 201, answers)
                self.assertEqual(answers, [answers[0]] * self.TIMES)
            there = self.client_call("GET", f"{KEYS}?account=robot").json["items"]
            self.assertEqual({key["id"] for key in there}, {answers[0][1]["id"] for answers in told})
            self.assertEqual(len(there), self.COUNT)
            print(f"{self.COUNT} API keys asked for {self.TIMES} times, {self.KILLS} times kill -9, which cut {len(cut)} "
                  f"requests: {len(there)} keys, each request answered alike")

    def work(self, port, tasks, told, lock, cut):
        visitor = Visitor(keeps=True)
        try:
            while True:
                number = tasks.get_nowait()
                body = {"name": f"key {number}", "account": "robot"}
                answer = visitor.ask(port, "POST", KEYS, body, f"key-{number}")
                with lock:
                    told[number].append(answer)
        except queue.Empty:
            pass
        except (Unanswered, ConnectionRefusedError):
            tasks.put(number)
            cut.append(number)
        finally:
            visitor.close()


if __name__ == "__main__":
    unittest.main()
