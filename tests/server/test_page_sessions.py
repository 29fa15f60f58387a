"""Logging in by cookie, as the web page does: what browsers keep, send, and must not be made to send."""

import http.cookies
import json
import unittest
from concurrent.futures import ThreadPoolExecutor

from event_stream import EventStream
from harness import NEW_BOOKING, Client, wait_until
from test_auth import OPEN, PASSWORD, Accounts, base64url, bearer, decoded, signed

SESSION = "/api/v1/auth/session"
PAGE = {"X-Aircargo-Page": "1"}
ACCESS, REFRESH = "aircargo_access", "aircargo_refresh"


class Browser:
    """Keeps cookies as one does, and sends what the page's script would."""

    def __init__(self, server, prefix=""):
        self.client = Client(server.port)
        self.prefix = prefix
        self.kept = {}

    def call(self, method, path, body=None, headers=None):
        sent = "; ".join(f"{name}={cookie.value}" for name, cookie in self.kept.items()
                         if path.split("?")[0].startswith(cookie["path"]))
        headers = {**PAGE, **({"Cookie": sent} if sent else {}), **(headers or {})}
        answer = self.client.call(method, path, body, {n: v for n, v in headers.items() if v is not None})
        for text in answer.headers.get_all("Set-Cookie", []):
            for name, cookie in http.cookies.SimpleCookie(text).items():
                self.kept[name] = cookie
                if cookie["max-age"] == "0":
                    del self.kept[name]
        return answer

    def log_in(self, name="ada", password=PASSWORD, headers=None):
        return self.call("POST", SESSION, {"name": name, "password": password}, headers)

    def renew(self):
        return self.call("POST", f"{SESSION}/refresh")

    def value(self, name):
        return self.kept[self.prefix + name].value


class Sessions(Accounts):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        self.user("add", "ada")

    def browser(self, server=None, **settings):
        browser = Browser(server or self.server, **settings)
        self.addCleanup(browser.client.close)
        return browser

    def logged_in(self, server=None, **settings):
        browser = self.browser(server, **settings)
        answer = browser.log_in()
        self.assertEqual(answer.status, 200, answer)
        return browser


class LoggingIn(Sessions):
    def test_from_logging_in_to_logging_out(self):
        browser = self.browser()
        nobody = browser.call("GET", SESSION)
        self.assertEqual((nobody.status, nobody.json["code"]), (401, "unauthenticated"))
        answer = browser.log_in()
        self.assertEqual((answer.status, answer.json), (200, {"name": "ada", "role": "agent", "expires_in": 900}))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(set(browser.kept), {ACCESS, REFRESH})
        for token in (browser.value(ACCESS), browser.value(REFRESH)):
            self.assertNotIn(token, answer.raw.decode(), "no script sees it")

        again = browser.call("GET", SESSION)
        self.assertEqual((again.status, {**again.json, "expires_in": 900}), (200, answer.json))
        self.assertTrue(800 < again.json["expires_in"] <= 900, again)
        booked = browser.call("POST", "/api/v1/bookings", NEW_BOOKING)
        self.assertEqual(booked.status, 201, booked)
        history = browser.call("GET", booked.headers["Location"] + "/history")
        self.assertEqual(history.json["events"][0]["actor"], "ada")

        refresh = browser.value(REFRESH)
        over = browser.call("DELETE", SESSION)
        self.assertEqual((over.status, over.raw, browser.kept), (204, b"", {}))
        self.assertEqual(browser.call("GET", SESSION).status, 401)
        self.assertEqual(browser.call("DELETE", SESSION).status, 204, "it is as good the second time")
        late = browser.call("POST", f"{SESSION}/refresh", headers={"Cookie": f"{REFRESH}={refresh}"})
        self.assertEqual((late.status, late.json["code"]), (401, "invalid_credentials"))

    def test_what_the_browser_keeps(self):
        given = self.browser().log_in().headers.get_all("Set-Cookie")
        token = r"[A-Za-z0-9_.-]+"
        self.assertEqual(len(given), 2)
        self.assertRegex(given[0], f"^{ACCESS}={token}; Path=/api/v1; Max-Age=900; HttpOnly; SameSite=Strict$")
        self.assertRegex(given[1], f"^{REFRESH}={token}; Path={SESSION}; Max-Age=2592000; HttpOnly; SameSite=Strict$")

    def test_over_https_names_and_cookies_are_for_https_alone(self):
        server = self.serve("--behind-https")
        browser = self.browser(server, prefix="__Secure-")
        answer = browser.log_in(headers={"Origin": f"https://127.0.0.1:{server.port}"})
        self.assertEqual(answer.status, 200, answer)
        for text in answer.headers.get_all("Set-Cookie"):
            self.assertRegex(text, "^__Secure-aircargo_.*; Secure$")
        self.assertEqual(browser.call("GET", SESSION).status, 200)
        plain = {"Cookie": f"{ACCESS}={browser.value(ACCESS)}"}
        self.assertEqual(browser.call("GET", SESSION, headers=plain).status, 401, "anybody on the way could set it")
        for text in browser.call("DELETE", SESSION).headers.get_all("Set-Cookie"):
            self.assertRegex(text, "^__Secure-aircargo_.*=; .*Max-Age=0.*; Secure$")

    def test_wrong_credentials_give_no_cookie(self):
        browser = self.browser()
        for name, password in (("ada", "wrong horse"), ("nobody", PASSWORD)):
            answer = browser.log_in(name, password)
            self.assertEqual((answer.status, answer.json["code"]), (401, "invalid_credentials"))
            self.assertNotIn("Set-Cookie", answer.headers)
        for body in ({}, {"name": "ada"}, {"name": "ada", "password": PASSWORD, "role": "admin"}):
            self.assertEqual(browser.call("POST", SESSION, body).status, 400)

    def test_attempts_are_counted_as_those_of_logins(self):
        server = self.serve(login_rate_limit="3/min")
        browser = self.browser(server)
        statuses = [browser.log_in("ada", "wrong horse").status for _ in range(4)]
        self.assertEqual(statuses, [401, 401, 401, 429])
        with server.client() as client:
            bearer_login = client.post("/api/v1/auth/login", {"name": "ada", "password": PASSWORD})
        self.assertEqual(bearer_login.status, 429, "together with those for a token")

    def test_without_logins_everybody_is_an_administrator_without_a_name(self):
        server = self.serve(auth="off")
        for cookie in (None, f"{ACCESS}=nonsense"):
            answer = self.browser(server).call("GET", SESSION, headers={"Cookie": cookie})
            self.assertEqual((answer.status, answer.json), (200, {"role": "admin"}))

    def test_a_new_role_and_a_disabled_account_are_heeded(self):
        browser = self.logged_in()
        self.user("role", "ada", "viewer")
        wait_until(lambda: browser.call("GET", SESSION).json["role"] == "viewer", "the role is heeded")
        refused = browser.call("POST", "/api/v1/bookings", NEW_BOOKING)
        self.assertEqual((refused.status, refused.json["code"]), (403, "forbidden"))
        self.user("disable", "ada")
        wait_until(lambda: browser.call("GET", SESSION).status == 401, "the account is shut out")
        self.assertEqual(browser.renew().status, 401)
        self.assertEqual(browser.kept, {})

    def test_tokens_are_in_no_log(self):
        browser = self.logged_in()
        tokens = [browser.value(ACCESS), browser.value(REFRESH)]
        browser.renew()
        browser.call("GET", "/api/v1/bookings", headers={"Cookie": f"{ACCESS}={tokens[0]}x"})
        browser.call("DELETE", SESSION)
        wait_until(lambda: self.server.log().count(SESSION) >= 3, "the log is written")
        for token in (*tokens, PASSWORD):
            self.assertNotIn(token, self.server.log())


class Refreshing(Sessions):
    def test_both_cookies_are_new(self):
        browser = self.logged_in()
        before = browser.value(REFRESH)
        answer = browser.renew()
        self.assertEqual((answer.status, answer.json), (200, {"name": "ada", "role": "agent", "expires_in": 900}))
        self.assertNotEqual(browser.value(REFRESH), before)
        self.assertEqual(before.split(".")[0], browser.value(REFRESH).split(".")[0], "of the same session")
        self.assertEqual(browser.call("GET", SESSION).status, 200)

    def test_a_session_outlives_its_access_token(self):
        server = self.serve(token_time="1")
        browser = self.logged_in(server)
        self.assertIn("Max-Age=1;", browser.renew().headers.get_all("Set-Cookie")[0])
        del browser.kept[ACCESS]  # as the browser does after that second
        self.assertEqual(browser.call("GET", SESSION).status, 401)
        self.assertEqual(browser.renew().status, 200)
        self.assertEqual(browser.call("GET", SESSION).status, 200)

    def test_pages_that_refresh_at_once_stay_logged_in(self):
        for _ in range(5):
            browser = self.logged_in()
            cookie = {"Cookie": f"{REFRESH}={browser.value(REFRESH)}"}
            tabs = [self.browser() for _ in range(6)]
            with ThreadPoolExecutor(len(tabs)) as pool:
                answers = list(pool.map(lambda t, c=cookie: t.call("POST", f"{SESSION}/refresh", headers=c), tabs))
            self.assertEqual({a.status for a in answers}, {200})
            self.assertEqual(len({t.value(REFRESH) for t in tabs}), 1, "whichever answer comes last")
            self.assertEqual(tabs[0].renew().status, 200)

    def test_a_token_that_was_used_long_ago_ends_the_session(self):
        """For tokens that are sent in bodies there is no grace, and both know the same sessions."""
        browser = self.logged_in()
        stolen = browser.value(REFRESH)
        self.assertEqual(browser.renew().status, 200)
        thief = browser.client.post("/api/v1/auth/refresh", {"refresh_token": stolen})
        self.assertEqual(thief.status, 401)
        over = browser.renew()
        self.assertEqual((over.status, over.json["code"]), (401, "invalid_credentials"))
        self.assertEqual(browser.kept, {}, "the cookies are taken away")

    def test_what_is_no_session(self):
        browser = self.browser()
        for cookie in (None, f"{REFRESH}=", f"{REFRESH}=x", f"{REFRESH}=x.y", f"{REFRESH}={'x' * 4000}",
                       f"{REFRESH}=a.b; {REFRESH}=a.b"):
            answer = browser.call("POST", f"{SESSION}/refresh", headers={"Cookie": cookie})
            self.assertEqual((answer.status, answer.json["code"]), (401, "invalid_credentials"), cookie)
            for text in answer.headers.get_all("Set-Cookie"):
                self.assertIn("=; ", text)
                self.assertIn("Max-Age=0;", text)


class OtherPages(Sessions):
    """What a page of another site makes the browser send, or could if SameSite failed."""

    def elsewhere(self):
        here = f"http://127.0.0.1:{self.server.port}"
        return {
            "without the mark": {"X-Aircargo-Page": None},
            "another mark": {"X-Aircargo-Page": "2"},
            "from another origin": {"Origin": "https://evil.example"},
            "from another port": {"Origin": "http://127.0.0.1:1"},
            "from a longer name": {"Origin": here + ".evil.example"},
            "from a shorter name": {"Origin": here[:-1]},
            "from a sandbox": {"Origin": "null"},
            "from an origin without a name": {"Origin": ""},
            "from another site": {"Sec-Fetch-Site": "cross-site", "Origin": here},
            "from a neighbour": {"Sec-Fetch-Site": "same-site", "Origin": here},
            "from a site without a name": {"Sec-Fetch-Site": ""},
        }

    def here(self):
        own = f"127.0.0.1:{self.server.port}"
        return {
            "a browser that says nothing": {},
            "an older browser": {"Origin": f"http://{own}"},
            "behind a proxy that makes HTTPS": {"Origin": f"https://{own}"},
            "a newer browser": {"Origin": f"http://{own}", "Sec-Fetch-Site": "same-origin"},
            "behind a proxy with another Host": {"Origin": "https://desk.example", "Sec-Fetch-Site": "same-origin"},
        }

    def changes(self):
        """Of every kind, each with a status that says it was let in."""
        return (("POST", "/api/v1/bookings", NEW_BOOKING, 201), ("POST", "/api/v1/bookings/ACB00042/depart", None, 404),
                ("DELETE", "/api/v1/bookings/ACB00042", None, 404), ("POST", "/api/v1/api-keys", {"name": "dock"}, 201))

    def test_changes_are_refused(self):
        browser = self.logged_in()
        before = browser.call("GET", "/api/v1/bookings").json["total"]
        for name, headers in self.elsewhere().items():
            for method, path, body, _ in self.changes():
                with self.subTest(sent=name, path=path):
                    answer = browser.call(method, path, body, headers)
                    self.assertEqual((answer.status, answer.json["code"]), (403, "cross_site"))
        self.assertEqual(browser.call("GET", "/api/v1/bookings").json["total"], before)

    def test_the_page_itself_gets_through(self):
        browser = self.logged_in()
        for name, headers in self.here().items():
            for method, path, body, status in self.changes():
                with self.subTest(sent=name, path=path):
                    answer = browser.call(method, path, body, headers)
                    self.assertEqual(answer.status, status, answer)

    def test_nobody_is_logged_in_or_out_by_others(self):
        browser = self.logged_in()
        kept = dict(browser.kept)
        for name, headers in self.elsewhere().items():
            with self.subTest(sent=name):
                for answer in (browser.log_in(headers=headers), browser.call("POST", f"{SESSION}/refresh", headers=headers),
                               browser.call("DELETE", SESSION, headers=headers)):
                    self.assertEqual((answer.status, answer.json["code"]), (403, "cross_site"))
        self.assertEqual(browser.kept, kept)
        self.assertEqual(browser.renew().status, 200, "the session goes on")

    def test_two_of_a_field_are_refused(self):
        browser = self.logged_in()
        for twice in (("X-Aircargo-Page", "1"), ("Origin", f"http://127.0.0.1:{self.server.port}"), ("Sec-Fetch-Site", "same-origin")):
            connection = browser.client.connection
            connection.putrequest("DELETE", SESSION)
            for name, value in (*PAGE.items(), twice, twice):
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            self.assertEqual((response.status, json.loads(response.read())["code"]), (403, "cross_site"), twice)

    def test_a_program_needs_no_mark(self):
        browser = self.logged_in()
        token = self.token(browser.client, "ada")
        answer = browser.client.post("/api/v1/bookings", NEW_BOOKING, {**bearer(token), "Origin": "https://evil.example"})
        self.assertEqual(answer.status, 201, "no browser adds its token by itself")

    def test_reading_needs_no_mark(self):
        browser = self.logged_in()
        self.assertEqual(browser.call("GET", "/api/v1/bookings", headers={"X-Aircargo-Page": None}).status, 200)
        self.assertEqual(browser.call("HEAD", "/api/v1/bookings", headers={"X-Aircargo-Page": None}).status, 200)

    def test_what_anybody_may_is_done_for_nobody_in_particular(self):
        server = self.serve(rate_limit="1000/min", user_rate_limit="500/min")
        browser = self.logged_in(server)
        search = {"origin": "DEL", "destination": "BLR", "departure_date": "2026-12-01"}
        for headers, counted in (({}, "user"), ({"X-Aircargo-Page": None}, "address")):
            answer = browser.call("POST", "/api/v1/routes/search", search, headers)
            self.assertEqual(answer.status, 200, answer)
            self.assertIn(f'"{counted}"', answer.headers["RateLimit"])

    def test_a_key_for_repeats_is_refused(self):
        browser = self.logged_in()
        key = {"Idempotency-Key": "order-1"}
        for answer in (browser.log_in(headers=key), browser.call("POST", f"{SESSION}/refresh", headers=key),
                       browser.call("DELETE", SESSION, headers=key)):
            self.assertEqual((answer.status, answer.json["errors"][0]["field"]), (400, "Idempotency-Key"))
        self.assertEqual(browser.renew().status, 200)

    def test_named_origins_get_no_cookies(self):
        """CORS lets pages of others read with a token; with cookies it would be anybody who has logged in here."""
        server = self.serve(cors_origins="https://desk.example")
        browser = self.logged_in(server)
        answer = browser.call("GET", "/api/v1/bookings", headers={"Origin": "https://desk.example"})
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "https://desk.example")
        self.assertNotIn("Access-Control-Allow-Credentials", answer.headers)
        asked = browser.call("OPTIONS", "/api/v1/bookings", headers={
            "Origin": "https://desk.example", "Access-Control-Request-Method": "POST", "Cookie": None})
        self.assertEqual(asked.status, 204)
        self.assertNotIn("x-aircargo-page", asked.headers["Access-Control-Allow-Headers"].lower())


class Credentials(Sessions):
    """Which cookie is a credential, and where."""

    def status(self, cookie, headers=None):
        return self.browser().call("GET", "/api/v1/bookings", headers={"Cookie": cookie, **(headers or {})}).status

    def test_tokens_are_taken_from_their_own_place_alone(self):
        browser = self.logged_in()
        access, refresh = browser.value(ACCESS), browser.value(REFRESH)
        self.assertEqual(self.status(f"{ACCESS}={access}"), 200)
        self.assertEqual(self.status(f"x=1; {ACCESS}={access} ; y=2"), 200)
        for cookie in (f"{REFRESH}={access}", f"{ACCESS}={refresh}", f"{ACCESS.upper()}={access}", f"x{ACCESS}={access}",
                       f"x={ACCESS}={access}", f"{ACCESS}={access}; {ACCESS}={access}", f"{ACCESS}=Bearer {access}",
                       f"{ACCESS}=\"{access}\"", f"__Secure-{ACCESS}={access}", access):
            self.assertEqual(self.status(cookie), 401, cookie)
        with self.server.client() as client:
            for query in (f"access_token={access}", f"{ACCESS}={access}"):
                self.assertIn(client.get(f"/api/v1/bookings?{query}").status, (400, 401))
            answer = client.post("/api/v1/bookings", {**NEW_BOOKING, "access_token": access})
            self.assertEqual(answer.status, 401)

    def test_an_api_key_is_not_for_cookies(self):
        browser = self.logged_in()
        key = browser.call("POST", "/api/v1/api-keys", {"name": "dock"}).json["key"]
        self.assertEqual(self.status(None, bearer(key)), 200)
        self.assertEqual(self.status(f"{ACCESS}={key}"), 401)

    def test_an_authorization_goes_before_the_cookie(self):
        self.user("add", "grace", "--role", "viewer")
        browser = self.logged_in()
        token = self.token(browser.client, "grace")
        self.assertEqual(browser.call("GET", SESSION, headers=bearer(token)).json, {"name": "grace", "role": "viewer"})
        self.assertEqual(browser.call("GET", SESSION, headers=bearer("nonsense")).status, 401)
        self.assertEqual(browser.call("POST", "/api/v1/bookings", NEW_BOOKING, bearer(token)).status, 403)

    def test_bad_tokens(self):
        browser = self.logged_in()
        header, claims, signature = browser.value(ACCESS).split(".")
        ours, said = decoded(header), decoded(claims)
        past = {**said, "iat": said["iat"] - 7200, "exp": said["iat"] - 3600}
        for token in (signed(ours, past), signed(ours, said, "another secret of 32 bytes or so, or more"),
                      f"{base64url(json.dumps({**ours, 'alg': 'none'}).encode())}.{claims}.", f"{header}.{claims}.", ""):
            answer = self.browser().call("GET", SESSION, headers={"Cookie": f"{ACCESS}={token}"})
            self.assertEqual((answer.status, answer.json["code"]), (401, "invalid_token"), token)

    def test_events_are_streamed_by_cookie(self):
        """As EventSource asks, which sends no other field."""
        browser = self.logged_in()
        cookie = {"Cookie": f"{ACCESS}={browser.value(ACCESS)}"}
        with EventStream(self.server.port, headers=cookie) as stream:
            self.assertEqual(stream.status, 200)
            ref = browser.call("POST", "/api/v1/bookings", NEW_BOOKING).json["ref_id"]
            self.assertEqual(stream.next().data["ref_id"], ref)
        with EventStream(self.server.port, path=f"/api/v1/bookings/{ref}/events", headers=cookie) as stream:
            self.assertEqual(stream.next().data["ref_id"], ref)
        with EventStream(self.server.port, headers={"Cookie": f"{ACCESS}=x"}) as stream:
            self.assertEqual(stream.status, 401)


if __name__ == "__main__":
    unittest.main()
