"""Who may do what: logging in, tokens, API keys, roles on every route of the table."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import NEW_BOOKING, PATIENCE, PROGRAM, Client, RawConnection, Server, run, store_in, wait_until

SECRET = "a secret of the tests: 0123456789abcdef"
PASSWORD = "correct horse"
ROLES = ["anyone", "viewer", "agent", "admin"]
OPEN = {"AIRCARGO_RATE_LIMIT": "off", "AIRCARGO_LOGIN_RATE_LIMIT": "off", "AIRCARGO_JWT_SECRET": SECRET}
LOGIN_ONLY = {("POST", "/api/v1/api-keys"), ("POST", "/api/v1/auth/password")}
HEEDED = 5  # seconds until a change of an account is heeded everywhere
PATH_VALUES = {
    "ref_id": "ACB00042", "id": "1", "name": "nobody", "key_id": "0123456789ab", "hook_id": "0123456789ab", "version": "0123456789ab", "file": "start.js",
}


def bearer(credential):
    return {"Authorization": f"Bearer {credential}"}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signed(header, claims, secret=SECRET):
    text = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{base64url(hmac.digest(secret.encode(), text.encode(), hashlib.sha256))}"


def routes():
    return [json.loads(line) for line in run("routes").stdout.splitlines()]


class Accounts(unittest.TestCase):
    """A store of its own, and words for what people do with it."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.store = store_in(self.folder)

    def serve(self, *flags, **settings):
        env = {**OPEN, **{f"AIRCARGO_{name.upper()}": value for name, value in settings.items()}}
        server = Server(*flags, store=self.store, env={n: v for n, v in env.items() if v is not None})
        self.addCleanup(server.stop)
        return server

    def client_of(self, server):
        client = server.client()
        self.addCleanup(client.close)
        return client

    def user(self, *arguments, password=PASSWORD):
        if self.store.startswith("sqlite:") and not Path(self.store.removeprefix("sqlite:")).exists():
            self.assertEqual(run("migrate", "--store", self.store).returncode, 0)
        done = run("user", *arguments, "--store", self.store, env={"AIRCARGO_PASSWORD": password})
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def log_in(self, client, name, password=PASSWORD):
        answer = client.post("/api/v1/auth/login", {"name": name, "password": password})
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def token(self, client, name):
        return self.log_in(client, name)["access_token"]

    def role_of(self, client, credential):
        answer = client.get("/api/v1/auth/me", bearer(credential))
        return answer.json.get("role") if answer.status == 200 else answer.status

    def assert_heeded(self, began):
        self.assertLess(time.monotonic() - began, HEEDED + 2, "with time for a busy machine")


class RoleMatrix(Accounts):
    def credentials(self, server):
        """What a request may bring, and the role that it must be taken for; None for no good."""
        client = self.client_of(server)
        good = {}
        for role in ROLES[1:]:
            self.user("add", f"a-{role}", "--role", role)
            token = self.token(client, f"a-{role}")
            made = client.post("/api/v1/api-keys", {"name": "matrix"}, bearer(token))
            self.assertEqual(made.status, 201, made)
            good[role] = (bearer(token), role)
            good[f"{role}'s key"] = (bearer(made.json["key"]), role)
        admin = good["admin"][0]["Authorization"].removeprefix("Bearer ")
        header, claims, signature = admin.split(".")
        kid, said = decoded(header)["kid"], decoded(claims)
        ours = {"alg": "HS256", "kid": kid, "typ": "JWT"}
        past = {**said, "iat": said["iat"] - 7200, "exp": said["iat"] - 3600}
        middle = len(signature) // 2
        other = signature[:middle] + ("A" if signature[middle] != "A" else "B") + signature[middle + 1:]
        mine = {**said, "sub": "somebody"}
        bad = {
            "expired": signed(ours, past),
            "tampered signature": f"{header}.{claims}.{other}",
            "tampered claims": f"{header}.{base64url(json.dumps(mine).encode())}.{signature}",
            "alg none": f"{base64url(json.dumps({**ours, 'alg': 'none'}).encode())}.{claims}.",
            "alg none, signed": signed({**ours, "alg": "none"}, said),
            "another alg": signed({**ours, "alg": "HS512"}, said),
            "wrong key": signed(ours, said, "another secret of 32 bytes or so, or more"),
            "wrong kid": signed({**ours, "kid": "nobodys"}, said),
            "no kid": signed({"alg": "HS256"}, said),
            "jku": signed({**ours, "jku": "https://evil.example/keys"}, said),
            "an account that is not there": signed(ours, mine),
            "for somebody else": signed(ours, {**said, "aud": "other"}),
            "an unknown key": "ack_" + base64url(b"x" * 32),
            "nonsense": "nonsense",
        }
        return {
            "none": ({}, "anyone"),
            **good,
            **{name: (bearer(token), None) for name, token in bad.items()},
            "another scheme": ({"Authorization": f"Basic {admin}"}, None),
            "an empty one": ({"Authorization": ""}, None),
        }

    @staticmethod
    def status(connection, route, headers):
        """Of the answer; the body may never end."""
        path = re.sub(r"\{(\w+)\}", lambda m: PATH_VALUES[m[1]], route["path"])
        headers = {**headers, "X-Aircargo-Page": "1"}  # as if from our own page, where that is asked
        body = "{}" if route["method"] in ("POST", "PATCH", "PUT") else None
        if body is not None:
            headers = {**headers, "Content-Type": "application/json"}
        connection.request(route["method"], path, body, headers)
        answer = connection.getresponse()
        if answer.length is None:
            connection.close()
        else:
            answer.read()
        return answer.status, answer.headers

    def test_every_route_with_every_credential(self):
        server = self.serve(registration="agent")
        credentials = self.credentials(server)
        table = routes()
        self.assertGreater(len(table), 25)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        cases = 0
        for route in table:
            for name, (headers, has) in credentials.items():
                with self.subTest(method=route["method"], path=route["path"], needs=route["role"], brings=name):
                    status, fields = self.status(connection, route, headers)
                    cases += 1
                    if route["role"] == "anyone":
                        self.assertNotIn(status, (401, 403))
                    elif has is None or has == "anyone":
                        self.assertEqual(status, 401)
                        self.assertRegex(fields["WWW-Authenticate"], "^Bearer")
                        self.assertEqual('error="invalid_token"' in fields["WWW-Authenticate"], has is None)
                    elif ROLES.index(has) < ROLES.index(route["role"]):
                        self.assertEqual(status, 403)
                    elif name.endswith("key") and (route["method"], route["path"]) in LOGIN_ONLY:
                        self.assertEqual(status, 403)
                    else:
                        self.assertNotIn(status, (401, 403))
                    self.assertLess(status, 500)
        print(f"{len(table)} routes with {len(credentials)} credentials each: {cases} cases")

    def test_the_table_is_all_that_there_is(self):
        server = self.serve()
        client = self.client_of(server)
        document = client.get("/openapi.json").json
        described = {(method.upper(), path): operation.get("x-role", "anyone")
                     for path, item in document["paths"].items() for method, operation in item.items()}
        self.assertEqual(described, {(r["method"], r["path"]): r["role"] for r in routes()})
        for (method, path), role in described.items():
            statuses = document["paths"][path][method.lower()]["responses"]
            if role != "anyone":
                self.assertLessEqual({"401", "403"}, set(statuses), (method, path))
        for path in ("/admin", "/api/v1", "/api/v1/users/", "/api/v1/auth", "/api/v2/bookings", "/API/V1/users"):
            self.assertIn(client.get(path).status, (404, 405), path)
        self.assertEqual({r["role"] for r in routes() if "/users" in r["path"]}, {"admin"})

    def test_a_refusal_says_what_to_do(self):
        client = self.client_of(self.serve())
        nobody = client.get("/api/v1/bookings")
        self.assertEqual((nobody.status, nobody.json["code"]), (401, "unauthenticated"))
        self.assertEqual(nobody.headers["WWW-Authenticate"], "Bearer")
        self.assertEqual(nobody.headers["Content-Type"], "application/problem+json")
        self.user("add", "vera", "--role", "viewer")
        viewer = self.token(client, "vera")
        refused = client.post("/api/v1/bookings", NEW_BOOKING, bearer(viewer))
        self.assertEqual((refused.status, refused.json["code"]), (403, "forbidden"))
        self.assertIn("agent", refused.json["detail"])


class LoggingIn(Accounts):
    def test_register_log_in_book(self):
        client = self.client_of(self.serve())
        made = client.post("/api/v1/auth/register", {"name": "Ada", "password": PASSWORD})
        self.assertEqual((made.status, made.json["name"], made.json["role"]), (201, "ada", "agent"))
        self.assertNotIn("password", str(made))
        grant = client.post("/api/v1/auth/login", {"name": "ADA", "password": PASSWORD})
        self.assertEqual(grant.headers["Cache-Control"], "no-store")
        self.assertEqual((grant.json["token_type"], grant.json["expires_in"]), ("Bearer", 900))
        token = grant.json["access_token"]
        booked = client.post("/api/v1/bookings", NEW_BOOKING, bearer(token))
        self.assertEqual(booked.status, 201, booked)
        history = client.get(booked.headers["Location"] + "/history", bearer(token))
        self.assertEqual([e["actor"] for e in history.json["events"]], ["ada"])
        me = client.get("/api/v1/auth/me", bearer(token))
        self.assertEqual(me.json, {"name": "ada", "role": "agent"})

    def test_who_registers_becomes_what_the_server_says(self):
        body = {"name": "ada", "password": PASSWORD}
        for setting, status in (("viewer", 201), ("agent", 409), ("off", 403)):
            with self.subTest(registration=setting):
                server = self.serve(registration=setting)
                with server.client() as client:
                    answer = client.post("/api/v1/auth/register", body)
                    self.assertEqual(answer.status, status, answer)
                    if status == 201:
                        self.assertEqual(answer.json["role"], "viewer")
                    if status == 403:
                        self.assertEqual(answer.json["code"], "registration_off")
                server.stop()

    def test_nobody_registers_as_more(self):
        client = self.client_of(self.serve())
        for field in ({"role": "admin"}, {"enabled": True}, {"id": "x"}, {"created_at": "2026-01-01T00:00:00Z"}):
            answer = client.post("/api/v1/auth/register", {"name": "eve", "password": PASSWORD, **field})
            self.assertEqual(answer.status, 400, answer)
            self.assertEqual([e["field"] for e in answer.json["errors"]], list(field))
        for body, field in (({"name": "eve"}, "password"), ({"password": PASSWORD}, "name"),
                            ({"name": "e v e", "password": PASSWORD}, "name"), ({"name": "eve", "password": "short"}, "password"),
                            ({"name": "eve", "password": "x" * 257}, "password"), ({"name": 7, "password": PASSWORD}, "name")):
            answer = client.post("/api/v1/auth/register", body)
            self.assertEqual(answer.status, 400, answer)
            self.assertEqual([e["field"] for e in answer.json["errors"]], [field])
        nul = client.post("/api/v1/auth/register", '{"name":"eve","password":"1234567\\u0000"}')
        self.assertEqual(nul.status, 400, nul)
        wrong = client.post("/api/v1/auth/login", {"name": "eve", "password": PASSWORD})
        self.assertEqual(wrong.status, 401, wrong)

    def test_a_wrong_name_looks_like_a_wrong_password(self):
        client = self.client_of(self.serve())
        for name in ("ada", "off"):
            self.user("add", name)
        self.user("disable", "off")
        answers, times = {}, {}
        for name, password in (("ada", "wrong horse"), ("nobody", PASSWORD), ("off", PASSWORD)):
            took = []
            for _ in range(5):
                began = time.monotonic()
                answers[name] = client.post("/api/v1/auth/login", {"name": name, "password": password})
                took.append(time.monotonic() - began)
            times[name] = statistics.median(took)
        for answer in answers.values():
            self.assertEqual(answer.status, 401, answer)
            body = {**answer.json, "request_id": ""}
            self.assertEqual(body, {**answers["ada"].json, "request_id": ""})
            self.assertEqual(body["code"], "invalid_credentials")
        print("medians of refused logins:", {name: f"{1000 * t:.0f} ms" for name, t in times.items()})
        self.assertLess(max(times.values()), 3 * min(times.values()), "the same work for all")

    def test_refresh_tokens_are_used_once(self):
        client = self.client_of(self.serve())
        self.user("add", "ada")
        first = self.log_in(client, "ada")
        refresh = lambda token: client.post("/api/v1/auth/refresh", {"refresh_token": token})  # noqa: E731
        second = refresh(first["refresh_token"])
        self.assertEqual(second.status, 200, second)
        self.assertEqual(self.role_of(client, second.json["access_token"]), "agent")
        third = refresh(second.json["refresh_token"])
        self.assertEqual(third.status, 200, third)
        elsewhere = self.log_in(client, "ada")
        again = refresh(first["refresh_token"])
        self.assertEqual((again.status, again.json["code"]), (401, "invalid_credentials"))
        self.assertEqual(refresh(third.json["refresh_token"]).status, 401, "the whole session ended")
        self.assertEqual(refresh(elsewhere["refresh_token"]).status, 200, "and no other")
        for token in ("", "x", ".", "x" * 128, first["access_token"][:128]):
            self.assertEqual(refresh(token).status, 401, token)
        self.assertEqual(refresh("x" * 129).status, 400)

    def test_of_many_who_refresh_at_once_one_gets_on(self):
        server = self.serve()
        client = self.client_of(server)
        self.user("add", "ada")
        for _ in range(10):
            token = self.log_in(client, "ada")["refresh_token"]

            def refresh(_, token=token):
                with Client(server.port) as own:
                    return own.post("/api/v1/auth/refresh", {"refresh_token": token}).status

            with ThreadPoolExecutor(4) as pool:
                statuses = sorted(pool.map(refresh, range(4)))
            self.assertEqual(statuses, [200, 401, 401, 401])

    def test_log_out(self):
        client = self.client_of(self.serve())
        self.user("add", "ada")
        token = self.log_in(client, "ada")["refresh_token"]
        for _ in range(2):
            done = client.post("/api/v1/auth/logout", {"refresh_token": token})
            self.assertEqual((done.status, done.raw), (204, b""))
        self.assertEqual(client.post("/api/v1/auth/refresh", {"refresh_token": token}).status, 401)

    def test_a_session_outlives_the_server_and_its_drawn_key(self):
        server = self.serve(jwt_secret=None)
        self.user("add", "ada")
        with server.client() as client:
            grant = self.log_in(client, "ada")
        server.stop()
        client = self.client_of(self.serve(jwt_secret=None))
        self.assertEqual(self.role_of(client, grant["access_token"]), 401, "another key was drawn")
        again = client.post("/api/v1/auth/refresh", {"refresh_token": grant["refresh_token"]})
        self.assertEqual(self.role_of(client, again.json["access_token"]), "agent")

    def test_change_of_password(self):
        client = self.client_of(self.serve())
        self.user("add", "ada")
        grant = self.log_in(client, "ada")
        change = lambda old, new: client.post(  # noqa: E731
            "/api/v1/auth/password", {"password": old, "new_password": new}, bearer(grant["access_token"]))
        wrong = change("wrong horse", "battery staple")
        self.assertEqual((wrong.status, wrong.json["code"]), (401, "invalid_credentials"))
        self.assertEqual(change(PASSWORD, "short").status, 400)
        changed = change(PASSWORD, "battery staple")
        self.assertEqual((changed.status, changed.json), (200, {"api_keys": 0}))
        self.log_in(client, "ada", "battery staple")
        old = client.post("/api/v1/auth/login", {"name": "ada", "password": PASSWORD})
        self.assertEqual(old.status, 401)
        over = client.post("/api/v1/auth/refresh", {"refresh_token": grant["refresh_token"]})
        self.assertEqual(over.status, 401)

    def test_what_becomes_of_api_keys(self):
        client = self.client_of(self.serve())
        self.user("add", "ada")
        token = self.token(client, "ada")
        key = client.post("/api/v1/api-keys", {"name": "dock"}, bearer(token)).json["key"]

        def change(old, new, **fields):
            answer = client.post("/api/v1/auth/password", {"password": old, "new_password": new, **fields}, bearer(token))
            self.assertEqual(answer.status, 200, answer)
            return answer.json

        self.assertEqual(change(PASSWORD, "battery staple"), {"api_keys": 1})
        self.assertEqual(self.role_of(client, key), "agent")
        began = time.monotonic()
        self.assertEqual(change("battery staple", PASSWORD, revoke_api_keys=True), {"api_keys": 0})
        wait_until(lambda: self.role_of(client, key) == 401, "the key is refused")
        self.assert_heeded(began)

        key = client.post("/api/v1/api-keys", {"name": "dock"}, bearer(token)).json["key"]
        arguments = ["user", "password", "ada", "--store", self.store]
        done = run(*arguments, env={"AIRCARGO_PASSWORD": PASSWORD})
        self.assertEqual((done.returncode, "1 API keys of ada go on" in done.stderr), (0, True), done)
        self.assertEqual(self.role_of(client, key), "agent")
        done = run(*arguments, "--revoke-api-keys", env={"AIRCARGO_PASSWORD": PASSWORD})
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        wait_until(lambda: self.role_of(client, key) == 401, "the key is refused")

        key = client.post("/api/v1/api-keys", {"name": "dock"}, bearer(token)).json["key"]
        self.user("disable", "ada")
        for credential in (key, token):
            wait_until(lambda c=credential: self.role_of(client, c) == 401, "whoever is disabled has nothing left")

    def test_too_many_attempts(self):
        limited = {"login_rate_limit": "1/h,burst=3", "trusted_proxies": "127.0.0.0/8"}
        client = self.client_of(self.serve(**limited))
        self.user("add", "ada")
        self.user("add", "grace")

        def attempt(address, name="ada", password="wrong horse", path="login"):
            return client.post(f"/api/v1/auth/{path}", {"name": name, "password": password},
                               {"X-Forwarded-For": address})

        self.assertEqual([attempt("192.0.2.1", name).status for name in ("x", "y", "z", "grace")],
                         [401, 401, 401, 429], "by address, whatever the name")
        self.assertEqual(attempt("192.0.2.1", "new", PASSWORD, "register").status, 429, "registering too")
        tried = [attempt("198.51.100.0").status for _ in range(5)]
        self.assertEqual(tried, [401] * 3 + [429] * 2)
        self.assertEqual(attempt("198.51.100.1", password=PASSWORD).status, 200, "nobody alone can lock an account")
        tried = [attempt(f"198.51.100.{n // 3 + 2}").status for n in range(27)]
        self.assertEqual(tried, [401] * 26 + [429], "but ten addresses are as many as may try")
        refused = attempt("198.51.100.99", password=PASSWORD)
        self.assertEqual((refused.status, refused.json["code"]), (429, "rate_limited"))
        self.assertGreater(int(refused.headers["Retry-After"]), 100)
        self.assertEqual(attempt("198.51.100.99", "grace", PASSWORD).status, 200, "others are not held up")

    def test_requests_are_counted_by_account(self):
        settings = {"rate_limit": "1/h,burst=20", "user_rate_limit": "1/h,burst=3", "trusted_proxies": "127.0.0.0/8"}
        client = self.client_of(self.serve(**settings))
        for name in ("ada", "grace"):
            self.user("add", name)
        tokens = {name: self.token(client, name) for name in ("ada", "grace")}
        for name, token in tokens.items():
            answers = [client.get("/api/v1/bookings", {**bearer(token), "X-Forwarded-For": f"192.0.2.{n}"})
                       for n in range(4)]
            self.assertEqual([a.status for a in answers], [200, 200, 200, 429], name)
            self.assertIn('"user"', answers[0].headers["RateLimit"])
        bad = [client.get("/api/v1/bookings", {**bearer("x.y.z"), "X-Forwarded-For": "192.0.2.99"}).status
               for _ in range(21)]
        self.assertEqual(bad, [401] * 20 + [429], "who shows no good token is counted by address")

    def test_bad_credentials_are_no_longer_looked_up(self):
        client = self.client_of(self.serve(rate_limit="1/h,burst=3", user_rate_limit="off", trusted_proxies="127.0.0.0/8"))
        self.user("add", "ada")
        token = self.token(client, "ada")
        keys = [client.post("/api/v1/api-keys", {"name": "dock"}, bearer(token)).json["key"] for _ in range(4)]

        def status(credential, address, path="/api/v1/bookings"):
            answer = client.get(path, {**bearer(credential), "X-Forwarded-For": address})
            self.assertEqual(answer.status == 429, "Retry-After" in answer.headers, answer)
            return answer.status

        self.assertEqual(status(keys[0], "192.0.2.1"), 200)
        bad = ("ack_" + base64url(b"x" * 32), "x.y.z", "ack_")
        self.assertEqual([status(credential, "192.0.2.1") for credential in bad], [401] * 3)
        self.assertEqual(status(keys[1], "192.0.2.1"), 429, "good, but not looked up: it could be one of a flood")
        self.assertEqual(status(bad[0], "192.0.2.1"), 429)
        for known in (token, keys[0]):
            self.assertEqual(status(known, "192.0.2.1"), 200, "who was let in before is not held up")
        self.assertEqual(status(keys[1], "192.0.2.2"), 200, "nor is anybody elsewhere")
        self.assertEqual([status(keys[2], "2001:db8::1"), status(keys[1], "192.0.2.1")], [200, 200])
        anonymous = [client.get("/api/v1/routes", {"X-Forwarded-For": "192.0.2.3"}).status for _ in range(4)]
        self.assertEqual(anonymous, [400, 400, 400, 429])
        self.assertEqual(status(keys[3], "192.0.2.3"), 200, "requests without credentials do not count as bad ones")

    def test_a_crowd_that_logs_in_leaves_the_server_to_others(self):
        server = self.serve()
        self.user("add", "ada")

        def attempt(_):
            with Client(server.port) as client:
                answer = client.post("/api/v1/auth/login", {"name": "ada", "password": PASSWORD})
                if answer.status == 503:
                    self.assertEqual(answer.json["code"], "overloaded")
                    self.assertTrue(answer.headers["Retry-After"])
                return answer.status

        with ThreadPoolExecutor(40) as pool:
            attempts = [pool.submit(attempt, n) for n in range(200)]
            with server.client() as client:
                took = []
                while not all(a.done() for a in attempts):
                    began = time.monotonic()
                    self.assertEqual(client.get("/api/v1/bookings").status, 401)
                    took.append(time.monotonic() - began)
        statuses = [a.result() for a in attempts]
        self.assertEqual(set(statuses), {200, 503})
        print(f"{statuses.count(200)} of 200 logins at once were let in; others waited "
              f"{1000 * statistics.median(took):.1f} ms in the median")


class ApiKeys(Accounts):
    def setUp(self):
        super().setUp()
        self.client = self.client_of(self.serve())
        for name, role in (("ada", "agent"), ("vera", "viewer"), ("root", "admin")):
            self.user("add", name, "--role", role)
        self.tokens = {name: bearer(self.token(self.client, name)) for name in ("ada", "vera", "root")}

    def make(self, who, **fields):
        return self.client.post("/api/v1/api-keys", {"name": "dock", **fields}, self.tokens[who])

    def keys(self, who, query=""):
        return self.client.get(f"/api/v1/api-keys{query}", self.tokens[who])

    def revoke(self, who, key_id):
        return self.client.delete(f"/api/v1/api-keys/{key_id}", headers=self.tokens[who])

    def test_the_life_of_a_key(self):
        made = self.make("ada")
        self.assertEqual(made.status, 201, made)
        self.assertEqual(made.headers["Cache-Control"], "no-store")
        key = made.json["key"]
        self.assertTrue(key.startswith(made.json["prefix"]) and key.startswith("ack_"))
        listed = self.keys("ada")
        self.assertEqual([k["id"] for k in listed.json["items"]], [made.json["id"]])
        self.assertNotIn(key, str(listed.raw), "it is shown once")
        booked = self.client.post("/api/v1/bookings", NEW_BOOKING, bearer(key))
        self.assertEqual(booked.status, 201, booked)
        history = self.client.get(booked.headers["Location"] + "/history", bearer(key))
        self.assertEqual(history.json["events"][0]["actor"], "ada")

        began = time.monotonic()
        revoked = self.revoke("ada", made.json["id"])
        self.assertEqual(revoked.status, 200, revoked)
        self.assertIn("revoked_at", revoked.json)
        wait_until(lambda: self.role_of(self.client, key) == 401, "the key is refused")
        self.assert_heeded(began)
        self.assertEqual(self.keys("ada").json["items"], [])
        self.assertEqual(self.revoke("ada", made.json["id"]).status, 404)

    def test_keys_of_others_are_for_admins(self):
        mine = self.make("ada").json["id"]
        for answer in (self.make("vera", account="ada"), self.keys("vera", "?account=ada")):
            self.assertEqual((answer.status, answer.json["code"]), (403, "forbidden"))
        self.assertEqual(self.revoke("vera", mine).status, 404)
        self.assertEqual(self.make("vera", account="vera").status, 201, "one's own by name")

        made = self.make("root", account="ADA")
        self.assertEqual(made.status, 201, made)
        self.assertEqual(self.role_of(self.client, made.json["key"]), "agent", "with ada's role")
        self.assertEqual({k["id"] for k in self.keys("root", "?account=ada").json["items"]}, {mine, made.json["id"]})
        self.assertEqual(self.keys("root").json["items"], [])
        self.assertEqual(self.revoke("root", mine).status, 200)
        self.assertEqual(self.make("root", account="nobody").status, 404)
        self.assertEqual(self.keys("root", "?account=nobody").status, 404)

    def test_a_key_makes_no_keys_and_changes_no_password(self):
        key = self.make("root").json["key"]
        for path, body in (("api-keys", {"name": "another"}), ("api-keys", {"name": "another", "account": "ada"}),
                           ("auth/password", {"password": PASSWORD, "new_password": "battery staple"})):
            refused = self.client.post(f"/api/v1/{path}", body, bearer(key))
            self.assertEqual((refused.status, refused.json["code"]), (403, "login_required"), path)
        self.assertEqual(len(self.keys("root").json["items"]), 1)
        self.assertEqual(self.keys("ada").json["items"], [])
        self.log_in(self.client, "root")
        listed = self.client.get("/api/v1/api-keys", bearer(key))
        self.assertEqual(listed.status, 200, listed)
        revoked = self.client.delete(f"/api/v1/api-keys/{listed.json['items'][0]['id']}", headers=bearer(key))
        self.assertEqual(revoked.status, 200, "it may end itself")

    def test_bad_bodies(self):
        for body in ({}, {"name": "x" * 101}, {"name": "x", "role": "admin"}, {"name": "x", "account": "a b"}):
            answer = self.client.post("/api/v1/api-keys", body, self.tokens["ada"])
            self.assertEqual(answer.status, 400, answer)


class Users(Accounts):
    def test_roles_and_disabling_are_heeded_on_every_server(self):
        servers = [self.serve(), self.serve()]
        clients = [self.client_of(server) for server in servers]
        self.user("add", "ada", "--role", "viewer")
        self.user("add", "root", "--role", "admin")
        root = bearer(self.token(clients[0], "root"))
        grant = self.log_in(clients[0], "ada")
        token = grant["access_token"]
        change = lambda **what: clients[0].call("PATCH", "/api/v1/users/ada", what, root)  # noqa: E731

        for client in clients:
            self.assertEqual(self.role_of(client, token), "viewer", "one secret for both")
        for what, expected in (({"role": "agent"}, "agent"), ({"enabled": False}, 401), ({"enabled": True}, "agent")):
            began = time.monotonic()
            changed = change(**what)
            self.assertEqual(changed.status, 200, changed)
            for client in clients:
                wait_until(lambda c=client, e=expected: self.role_of(c, token) == e, f"{what} is heeded")
            self.assert_heeded(began)
        over = clients[1].post("/api/v1/auth/refresh", {"refresh_token": grant["refresh_token"]})
        self.assertEqual(over.status, 401, "who was disabled logs in anew")
        self.log_in(clients[1], "ada")

    def test_list_and_change(self):
        client = self.client_of(self.serve())
        for name in ("zoe", "ada", "mia"):
            self.user("add", name)
        self.user("add", "root", "--role", "admin")
        root = bearer(self.token(client, "root"))
        pages = []
        cursor = ""
        while True:
            page = client.get(f"/api/v1/users?page_size=3{cursor}", root).json
            pages.append([u["name"] for u in page["items"]])
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        self.assertEqual(pages, [["ada", "mia", "root"], ["zoe"]])
        self.assertNotIn("hash", str(client.get("/api/v1/users", root).raw))
        for body in ({}, {"role": "king"}, {"enabled": "no"}, {"role": "agent", "password": "x"}, {"name": "eve"}):
            self.assertEqual(client.call("PATCH", "/api/v1/users/ada", body, root).status, 400, body)
        self.assertEqual(client.call("PATCH", "/api/v1/users/nobody", {"enabled": False}, root).status, 404)
        for own in ({"role": "viewer"}, {"enabled": False}):
            refused = client.call("PATCH", "/api/v1/users/root", own, root)
            self.assertEqual((refused.status, refused.json["code"]), (409, "own_account"), refused)
        self.assertEqual(self.role_of(client, self.token(client, "root")), "admin")
        for query in ("page_size=0", "page_size=501", "cursor=A%20B", "cursor="):
            self.assertEqual(client.get(f"/api/v1/users?{query}", root).status, 400, query)

    def test_keys_of_requests_are_by_account(self):
        client = self.client_of(self.serve())
        for name in ("ada", "grace"):
            self.user("add", name)
        book = lambda name: client.post(  # noqa: E731
            "/api/v1/bookings", NEW_BOOKING, {**tokens[name], "Idempotency-Key": "order-1"})
        tokens = {name: bearer(self.token(client, name)) for name in ("ada", "grace")}
        first, again, others = book("ada"), book("ada"), book("grace")
        self.assertEqual([a.status for a in (first, again, others)], [201, 201, 201])
        self.assertEqual(again.json["ref_id"], first.json["ref_id"])
        self.assertNotEqual(others.json["ref_id"], first.json["ref_id"])

    def test_commands(self):
        self.assertRegex(self.user("add", "Root", "--role", "admin"), r"^root\tadmin\tenabled\t\d{4}-")
        self.user("add", "ada")
        self.assertRegex(self.user("role", "ada", "viewer"), "^ada\tviewer\t")
        self.assertRegex(self.user("disable", "ada"), "^ada\tviewer\tdisabled\t")
        self.assertRegex(self.user("enable", "ada"), "^ada\tviewer\tenabled\t")
        self.user("password", "ada", password="battery staple")
        self.assertEqual([line.split("\t")[:3] for line in self.user("list").splitlines()],
                         [["ada", "viewer", "enabled"], ["root", "admin", "enabled"]])
        client = self.client_of(self.serve())
        self.log_in(client, "ada", "battery staple")
        piped = subprocess.run([PROGRAM, "user", "add", "piped", "--store", self.store],
                               input=PASSWORD + "\n", capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(piped.returncode, 0, piped)
        self.log_in(client, "piped")

        for arguments, words in ((["add", "ada"], "taken"), (["add", "b c"], "not a name"),
                                 (["add", "eve", "--role", "king"], "viewer, agent or admin"),
                                 (["role", "nobody", "admin"], "no such account"), (["disable", "nobody"], "no such account")):
            done = run("user", *arguments, "--store", self.store, env={"AIRCARGO_PASSWORD": PASSWORD})
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(words, done.stderr)
        for arguments in (["add"], [], ["role", "ada"], ["add", "eve", "--password", PASSWORD]):
            self.assertEqual(run("user", *arguments, "--store", self.store).returncode, 2, arguments)
        weak = run("user", "add", "eve", "--store", self.store, env={"AIRCARGO_PASSWORD": "short"})
        self.assertEqual(weak.returncode, 1)
        self.assertEqual(run("user", "list", "--store", "memory:").returncode, 1)

    def test_a_store_that_is_not_there_is_not_made(self):
        mistyped = self.folder / "aircargo.bd"
        for arguments in (["add", "root", "--role", "admin"], ["list"], ["password", "ada"]):
            done = run("user", *arguments, "--store", f"sqlite:{mistyped}", env={"AIRCARGO_PASSWORD": PASSWORD})
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(f"there is no file {mistyped}", done.stderr)
            self.assertFalse(mistyped.exists())


class Keys(Accounts):
    def key_file(self, name):
        path = self.folder / name
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path], check=True, timeout=PATIENCE)
        return path

    def public_half(self, path):
        public = path.with_suffix(".pub")
        subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-out", public], check=True, timeout=PATIENCE)
        return public

    def test_keys_can_be_changed_without_logging_anybody_out(self):
        self.user("add", "ada")
        one, two = self.key_file("one.pem"), self.key_file("two.pem")
        steps = [
            ({"jwt_secret": SECRET}, "HS256"),
            ({"jwt_secret": SECRET + "x", "jwt_old_secret": SECRET}, "HS256"),
            ({"jwt_key_file": str(one), "jwt_secret": SECRET + "x"}, "EdDSA"),
            ({"jwt_key_file": str(two), "jwt_old_key_file": str(self.public_half(one)), "jwt_secret": None}, "EdDSA"),
        ]
        before = None
        oldest = None
        for settings, algorithm in steps:
            with self.subTest(settings=list(settings)):
                server = self.serve(**settings)
                with server.client() as client:
                    if before:
                        self.assertEqual(self.role_of(client, before), "agent", "the key before is still good")
                    before = self.token(client, "ada")
                    oldest = oldest or before
                    self.assertEqual(decoded(before.split(".")[0])["alg"], algorithm)
                    self.assertEqual(self.role_of(client, before), "agent")
                    last = self.role_of(client, oldest)
                server.stop()
        self.assertEqual(last, 401, "the key of long before is not")

    def test_bad_settings(self):
        public = self.public_half(self.key_file("key.pem"))
        for variable, value, words in (
                ("JWT_SECRET", "too short", "9 bytes"), ("JWT_KEY_FILE", "/nonexistent", "/nonexistent"),
                ("JWT_KEY_FILE", str(public), "private key"), ("JWT_OLD_SECRET", SECRET, "does not sign"),
                ("AUTH", "maybe", "required or off"), ("REGISTRATION", "admin", "agent, viewer"),
                ("REGISTRATION", "", "agent, viewer"),
                ("HOSTS", "cargo.test:80", "without ports"), ("HOSTS", "http://cargo.test", "names"),
                ("TOKEN_TIME", "0", "1 to 86400"), ("REFRESH_TIME", "99999999", "seconds")):
            with self.subTest(variable=variable):
                done = run("serve", env={f"AIRCARGO_{variable}": value})
                self.assertEqual(done.returncode, 2, done)
                self.assertIn(words, done.stderr)
                self.assertIn("AIRCARGO_" + variable.replace("OLD_", ""), done.stderr)
                self.assertNotIn("too short", done.stderr)

    def test_what_is_not_safe_is_said(self):
        for settings, event in (({"auth": "off"}, "auth.off"), ({"jwt_secret": None}, "auth.keys_drawn"), ({}, None)):
            with self.subTest(settings=list(settings)):
                server = self.serve(**settings)
                with server.client() as client:
                    self.assertEqual(client.get("/api/v1/bookings").status, 200 if event == "auth.off" else 401)
                wait_until(lambda s=server: '"request"' in s.log(), "the log is written")
                said = [e for e in ("auth.off", "auth.keys_drawn") if e in server.log()]
                self.assertEqual(said, [event] if event else [])
                server.stop()

    def test_secrets_are_in_no_log(self):
        server = self.serve()
        client = self.client_of(server)
        client.post("/api/v1/auth/register", {"name": "ada", "password": PASSWORD})
        client.post("/api/v1/auth/login", {"name": "ada", "password": PASSWORD + "x"})
        grant = self.log_in(client, "ada")
        key = client.post("/api/v1/api-keys", {"name": "dock"}, bearer(grant["access_token"])).json["key"]
        client.get("/api/v1/bookings", bearer(key))
        client.get("/api/v1/bookings", bearer(grant["access_token"] + "x"))
        next_one = client.post("/api/v1/auth/refresh", {"refresh_token": grant["refresh_token"]}).json
        client.post("/api/v1/auth/refresh", {"refresh_token": grant["refresh_token"]})
        wait_until(lambda: "auth.token_reused" in server.log(), "the log is written")
        log = server.log()
        for event in ("auth.registered", "auth.login_failed", "auth.logged_in", "auth.api_key_created", "auth.refused"):
            self.assertIn(f'"{event}"', log)
        for secret in (PASSWORD, SECRET, key, key[4:], grant["access_token"], grant["refresh_token"],
                       grant["refresh_token"].split(".")[1], next_one["refresh_token"], "argon2"):
            self.assertNotIn(secret, log)


class AuthOff(Accounts):
    def test_everybody_may_do_everything(self):
        client = self.client_of(self.serve(auth="off"))
        self.assertEqual(client.post("/api/v1/bookings", NEW_BOOKING).status, 201)
        self.assertEqual(client.get("/api/v1/bookings", bearer("nonsense")).status, 200)
        self.assertEqual(client.get("/api/v1/auth/me").json, {"name": "", "role": "admin"})
        self.user("add", "ada")
        self.assertEqual([u["name"] for u in client.get("/api/v1/users").json["items"]], ["ada"])
        made = client.post("/api/v1/api-keys", {"name": "dock", "account": "ada"})
        self.assertEqual(made.status, 201, made)
        self.assertEqual(client.post("/api/v1/api-keys", {"name": "dock"}).status, 404, "whose would it be?")

    def test_it_is_called_by_names_of_this_machine_only(self):
        server = self.serve(auth="off", hosts="cargo.test,192.0.2.7")
        client = self.client_of(server)
        port = server.port
        for host in ("localhost", f"LOCALHOST:{port}", f"127.0.0.1:{port}", "127.1.2.3", f"[::1]:{port}", "[::1]",
                     "cargo.test", f"Cargo.test:{port}", "192.0.2.7"):
            self.assertEqual(client.get("/api/v1/bookings", {"Host": host}).status, 200, host)
        for host in ("evil.example", f"evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example",
                     "notcargo.test", "cargo.test.", "192.0.2.8", "0.0.0.0", "[::2]", "[2001:db8::1]", "2130706433"):
            for method, path in (("GET", "/api/v1/bookings"), ("POST", "/api/v1/bookings"), ("GET", "/nowhere"),
                                 ("GET", "/docs"), ("GET", "/metrics"), ("DELETE", "/docs")):
                refused = client.call(method, path, headers={"Host": host})
                self.assertEqual((refused.status, refused.json["code"]), (421, "wrong_host"), (host, method, path))
        self.assertEqual(client.get("/api/v1/bookings").json["total"], 0)
        with RawConnection(port) as raw:
            raw.send(b"GET /livez HTTP/1.0\r\n\r\n")
            self.assertIn(b" 200 ", raw.read_all().splitlines()[0], "no browser leaves it out")
        with self.client_of(self.serve()) as others:
            self.assertEqual(others.get("/livez", {"Host": "evil.example"}).status, 200, "where people log in any will do")

    def test_pages_of_others_change_nothing(self):
        server = self.serve(auth="off", cors_origins="https://desk.example")
        client = self.client_of(server)
        own = f"http://127.0.0.1:{server.port}"

        def books(**fields):
            fields = {name.replace("_", "-"): value for name, value in fields.items()}
            answer = client.post("/api/v1/bookings", NEW_BOOKING, fields)
            self.assertEqual(answer.status in (403,), answer.status != 201, answer)
            if answer.status == 403:
                self.assertEqual(answer.json["code"], "foreign_page")
            return answer.status == 201

        for fields in ({}, {"Origin": own}, {"Origin": own, "Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "none"},
                       {"Origin": "https://desk.example"}, {"Origin": "https://desk.example", "Sec_Fetch_Site": "cross-site"}):
            self.assertTrue(books(**fields), fields)
        before = client.get("/api/v1/bookings").json["total"]
        for fields in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"},
                       {"Origin": "https://desk.example.evil.example"}, {"Sec_Fetch_Site": "cross-site"},
                       {"Sec_Fetch_Site": "same-site"}, {"Origin": own, "Sec_Fetch_Site": "cross-site"}):
            self.assertFalse(books(**fields), fields)
        evil = {"Origin": "https://evil.example"}
        path = client.get("/api/v1/bookings").json["items"][0]["ref_id"]
        for method, path in (("DELETE", f"/api/v1/bookings/{path}"), ("POST", f"/api/v1/bookings/{path}/depart"),
                             ("PATCH", "/api/v1/users/ada"), ("POST", "/api/v1/routes/search"), ("POST", "/nowhere")):
            self.assertEqual(client.call(method, path, headers=evil).status, 403, (method, path))
        self.assertEqual(client.get("/api/v1/bookings").json["total"], before)
        read = client.get("/api/v1/bookings", evil)
        self.assertEqual(read.status, 200)
        self.assertNotIn("Access-Control-Allow-Origin", read.headers, "which the page can not see")


if __name__ == "__main__":
    unittest.main()
