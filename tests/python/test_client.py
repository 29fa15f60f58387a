"""The client against a server that answers as it is told: retries, logins, pages, streams, errors."""

import asyncio
import inspect
import json
import re
import threading
from datetime import datetime, timezone

import httpx
import pytest

import aircargo
from aircargo.client import AsyncClient, Client, ForbiddenError, Retry, UnauthenticatedError

AT = "2026-12-01T06:00:00Z"
BOOKING = {
    "ref_id": "ACB12345",
    "origin": "DEL",
    "destination": "BLR",
    "pieces": 3,
    "weight_kg": 120,
    "status": "BOOKED",
    "location": "DEL",
    "flight_ids": [],
    "created_at": AT,
    "updated_at": AT,
    "revision": 1,
}


class Server(httpx.MockTransport):
    """Answers from a list, or from a function of the request; remembers what it was sent."""

    def __init__(self, *answers):
        self.requests = []
        self._answers = iter(answers)
        super().__init__(self._answer)

    def _answer(self, request):
        self.requests.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def sent(self, nth=-1):
        return json.loads(self.requests[nth].content)


def problem(status, code, detail="No.", **headers):
    body = {"status": status, "code": code, "detail": detail, "request_id": "r-1"}
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def ok(body=BOOKING, status=200):
    return httpx.Response(status, json=body)


def sudden_end(request):
    raise httpx.ReadError("the connection broke", request=request)


def client_of(server, **options):
    """A client that notes its waits instead of waiting."""
    options = {"token": "t"} | options
    client = Client("http://cargo.test", transport=server, **options)
    client.waits = []
    client._sleep = client.waits.append
    return client


# ------------------------------------------------------------------------------------------------ what is sent


def test_a_booking_is_sent_with_a_key_and_read_as_the_librarys_own():
    server = Server(ok(status=201))
    booking = client_of(server).book("DEL", "BLR", pieces=3, weight_kg=120, notes="fragile")

    assert isinstance(booking, aircargo.Booking)
    assert (booking.ref, booking.weight_kg, booking.status) == ("ACB12345", 120, aircargo.Status.BOOKED)
    assert booking.created_at == datetime(2026, 12, 1, 6, tzinfo=timezone.utc)
    assert server.sent() == {"origin": "DEL", "destination": "BLR", "pieces": 3, "weight_kg": 120, "notes": "fragile"}
    request = server.requests[0]
    assert (request.method, request.url.path) == ("POST", "/api/v1/bookings")
    assert request.headers["Authorization"] == "Bearer t"
    assert len(request.headers["Idempotency-Key"]) == 36


def test_each_call_has_a_key_of_its_own_unless_one_is_given():
    server = Server(ok(), ok(), ok())
    client = client_of(server)
    client.depart("ACB12345")
    client.arrive("ACB12345")
    client.deliver("ACB12345", idempotency_key="mine")
    keys = [request.headers["Idempotency-Key"] for request in server.requests]
    assert keys[0] != keys[1]
    assert keys[2] == "mine"


def test_acts_say_where_on_which_flight_and_at_which_revision():
    server = Server(ok(), ok())
    client = client_of(server)
    client.act("ACB12345", "depart", location="BOM", flight=7, off_plan=True, if_revision=2)
    assert server.sent() == {"location": "BOM", "flight_id": 7, "off_plan": True}
    assert server.requests[0].headers["If-Match"] == '"2"'
    client.cancel("acb12345", notes="asked for")
    assert (server.requests[1].method, server.requests[1].url.path) == ("DELETE", "/api/v1/bookings/ACB12345")


@pytest.mark.parametrize("wrong", ["", "../users", "ACB1", "ACB12345/history", "ACB12345?x"])
def test_what_is_no_reference_is_never_sent(wrong):
    server = Server()
    with pytest.raises(aircargo.InvalidInputError):
        client_of(server).get(wrong)
    assert server.requests == []


def test_naive_times_and_half_kilograms_are_refused_before_anything_is_sent():
    client = client_of(Server())
    with pytest.raises(aircargo.InvalidInputError, match="naive"):
        client.list(created_from=datetime(2026, 12, 1))
    with pytest.raises(aircargo.InvalidInputError, match="whole kilograms"):
        client.book("DEL", "BLR", pieces=1, weight_kg=1.5)
    with pytest.raises(aircargo.InvalidInputError, match="no-such-order"):
        client.list(order="no-such-order")
    with pytest.raises(TypeError, match="datetime.date"):
        client.routes.search("DEL", "BLR", datetime(2026, 12, 1, tzinfo=timezone.utc))


# ------------------------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_airport_code", aircargo.InvalidInputError),
        (401, "invalid_token", UnauthenticatedError),
        (403, "forbidden", ForbiddenError),
        (404, "not_found", aircargo.NotFoundError),
        (409, "illegal_transition", aircargo.ConflictError),
        (412, "precondition_failed", aircargo.ConflictError),
        (413, "content_too_large", aircargo.InvalidInputError),
        (422, "idempotency_mismatch", aircargo.InvalidInputError),
        (429, "rate_limited", aircargo.UnavailableError),
        (500, "internal_error", aircargo.UnavailableError),
        (503, "backend_down", aircargo.UnavailableError),
    ],
)
def test_problems_are_the_librarys_errors(status, code, kind):
    client = client_of(Server(problem(status, code, "It can not be.")), retry=Retry(attempts=1))
    with pytest.raises(kind) as raised:
        client.get("ACB12345")
    assert (raised.value.code, raised.value.detail) == (code, "It can not be.")
    assert "request id r-1" in raised.value.__notes__


def test_an_answer_of_something_in_between_is_an_error_too():
    client = client_of(Server(httpx.Response(502, text="<html>bad gateway</html>")))
    with pytest.raises(aircargo.UnavailableError, match="502") as raised:
        client.get("ACB12345")
    assert raised.value.code == "http_502"


def test_a_server_that_is_not_there_is_named():
    with Client("http://127.0.0.1:9", retry=Retry(attempts=1)) as client:
        with pytest.raises(aircargo.UnavailableError, match="http://127.0.0.1:9 can not be reached"):
            client.health()


# ----------------------------------------------------------------------------------------------------- retries


def test_what_can_not_be_answered_now_is_sent_again_under_the_same_key():
    server = Server(problem(503, "backend_down"), sudden_end, problem(429, "rate_limited"), ok())
    client = client_of(server)
    assert client.book("DEL", "BLR", pieces=1, weight_kg=1).ref == "ACB12345"
    keys = {request.headers["Idempotency-Key"] for request in server.requests}
    assert (len(server.requests), len(keys)) == (4, 1)
    assert len(client.waits) == 3


def test_waits_double_and_are_drawn():
    client = client_of(Server(*[problem(503, "overloaded")] * 5), retry=Retry(base=0.5, jitter=lambda most: most))
    with pytest.raises(aircargo.UnavailableError):
        client.get("ACB12345")
    assert client.waits == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize(("asked", "waited"), [("7", [7.0]), ("0", [0.0]), ("soon", [0.0]), ("-1", [0.0])])
def test_a_server_says_how_long_to_wait(asked, waited):
    client = client_of(
        Server(problem(429, "rate_limited", Retry_After=asked), ok()), retry=Retry(jitter=lambda most: 0.0)
    )
    client.get("ACB12345")
    assert client.waits == waited


def test_it_may_also_say_until_when():
    past = "Tue, 01 Dec 2020 06:00:00 GMT"
    client = client_of(Server(problem(503, "overloaded", Retry_After=past), ok()), retry=Retry(jitter=lambda most: 0.0))
    client.get("ACB12345")
    assert client.waits == [0.0]


def test_nobody_waits_longer_than_he_said():
    client = client_of(Server(problem(429, "rate_limited", Retry_After="61")))
    with pytest.raises(aircargo.UnavailableError):
        client.get("ACB12345")
    assert client.waits == []


def test_what_might_happen_twice_is_not_sent_again():
    server = Server(sudden_end)
    with pytest.raises(aircargo.UnavailableError):
        client_of(server).register("ada", "a good long one")
    assert len(server.requests) == 1

    server = Server(
        httpx.ConnectError("refused", request=httpx.Request("GET", "http://cargo.test")), ok({"name": "ada"})
    )
    assert client_of(server).register("ada", "a good long one") == {"name": "ada"}


@pytest.mark.parametrize("status", [400, 404, 409, 412, 422, 500])
def test_a_refusal_is_not_sent_again(status):
    server = Server(problem(status, "some_code"))
    with pytest.raises(aircargo.AirCargoError):
        client_of(server).depart("ACB12345")
    assert len(server.requests) == 1


# ------------------------------------------------------------------------------------------------------ logins


class LoginServer:
    """Gives tokens that it counts, takes the last one, and takes each refresh token once."""

    def __init__(self, *, expired=0):
        self.logins = self.refreshes = 0
        self.given = 0
        self.expired = expired  # so many requests find their token expired
        self.lock = threading.Lock()

    def __call__(self, request):
        with self.lock:
            return self.answer(request)

    def answer(self, request):
        body = json.loads(request.content or b"{}")
        if request.url.path == "/api/v1/auth/login":
            self.logins += 1
            return self.grant() if body["password"] == "right" else problem(401, "invalid_credentials")
        if request.url.path == "/api/v1/auth/refresh":
            self.refreshes += 1
            return self.grant() if body["refresh_token"] == f"r{self.given}" else problem(401, "invalid_token")
        if request.headers.get("Authorization") != f"Bearer a{self.given}" or self.expired > 0:
            self.expired -= 1
            return problem(401, "invalid_token")
        return ok()

    def grant(self):
        self.given += 1
        tokens = {"access_token": f"a{self.given}", "refresh_token": f"r{self.given}", "expires_in": 900}
        return ok(tokens | {"token_type": "Bearer"})


def test_a_client_logs_in_when_it_is_needed_and_stays_so():
    server = LoginServer()
    client = Client("http://cargo.test", name="ada", password="right", transport=httpx.MockTransport(server))
    for _ in range(3):
        client.get("ACB12345")
    assert (server.logins, server.refreshes) == (1, 0)


def test_an_expired_token_is_renewed_once_and_the_request_sent_again():
    server = LoginServer(expired=1)
    client = Client("http://cargo.test", name="ada", password="right", transport=httpx.MockTransport(server))
    assert client.get("ACB12345").ref == "ACB12345"
    assert (server.logins, server.refreshes) == (1, 1)


def test_a_server_that_takes_no_token_is_not_asked_for_ever():
    server = LoginServer(expired=10)
    client = Client("http://cargo.test", name="ada", password="right", transport=httpx.MockTransport(server))
    with pytest.raises(UnauthenticatedError):
        client.get("ACB12345")
    assert (server.logins, server.refreshes) == (1, 1)


def test_a_session_that_ended_begins_anew_where_the_password_is_known():
    server = LoginServer()
    transport = httpx.MockTransport(server)
    client = Client("http://cargo.test", name="ada", password="right", transport=transport)
    client.get("ACB12345")
    server.given = 10  # somebody else logged in, and the old session is gone
    assert client.get("ACB12345").ref == "ACB12345"
    assert (server.logins, server.refreshes) == (2, 1)

    only_tokens = Client("http://cargo.test", token="a1", refresh_token="r1", transport=transport)
    with pytest.raises(UnauthenticatedError):
        only_tokens.get("ACB12345")


def test_a_wrong_password_is_said_so():
    client = Client("http://cargo.test", name="ada", password="wrong", transport=httpx.MockTransport(LoginServer()))
    with pytest.raises(UnauthenticatedError) as raised:
        client.get("ACB12345")
    assert raised.value.code == "invalid_credentials"


def test_threads_that_find_a_token_expired_renew_it_together():
    server = LoginServer()
    client = Client("http://cargo.test", name="ada", password="right", transport=httpx.MockTransport(server))
    client.get("ACB12345")
    client._session.access = "a0"  # as if it had expired
    found = []
    threads = [threading.Thread(target=lambda: found.append(client.get("ACB12345"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert (server.logins, server.refreshes) == (1, 1)


def test_a_task_that_is_cancelled_does_not_take_the_others_login_with_it():
    server = LoginServer()
    refreshing, go_on = asyncio.Event(), asyncio.Event()

    async def answer(request):
        if request.url.path == "/api/v1/auth/refresh":
            refreshing.set()
            await go_on.wait()
        return server(request)

    async def main():
        async with AsyncClient(
            "http://cargo.test", name="ada", password="right", transport=httpx.MockTransport(answer)
        ) as client:
            await client.get("ACB12345")
            client._session.access = "a0"
            first = asyncio.create_task(client.get("ACB12345"))
            await refreshing.wait()
            others = [asyncio.create_task(client.get("ACB12345")) for _ in range(5)]
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            go_on.set()
            assert all(booking.ref == "ACB12345" for booking in await asyncio.gather(*others))

    asyncio.run(main())
    assert (server.logins, server.refreshes) == (1, 1)


@pytest.mark.parametrize(
    "ways",
    [
        {"token": "t", "api_key": "k"},
        {"name": "ada"},
        {"password": "p"},
        {"token": "t", "name": "a", "password": "p"},
        {"api_key": "k", "refresh_token": "r"},
    ],
)
def test_there_is_one_way_to_say_who_asks(ways):
    with pytest.raises(TypeError):
        Client("http://cargo.test", **ways)


# ------------------------------------------------------------------------------------------------------- lists


def page(refs, cursor):
    items = [BOOKING | {"ref_id": ref} for ref in refs]
    return ok({"items": items, "page_size": 2, "total": 3, "total_exact": True, "next_cursor": cursor})


def test_pages_are_asked_for_as_they_are_needed():
    # A page may be empty, though its cursor leads on.
    server = Server(page(["ACB10001", "ACB10002"], "c1"), page([], "c2"), page(["ACB10003"], None))
    bookings = client_of(server).bookings(status="BOOKED", page_size=2)
    assert server.requests == []
    assert next(bookings).ref == "ACB10001"
    assert len(server.requests) == 1
    assert [booking.ref for booking in bookings] == ["ACB10002", "ACB10003"]
    assert [request.url.params.get("cursor") for request in server.requests] == [None, "c1", "c2"]
    assert all(request.url.params["status"] == "BOOKED" for request in server.requests)


def test_a_page_by_itself_is_the_librarys():
    found = client_of(Server(page(["ACB10001"], "c1"))).list(page_size=2)
    assert isinstance(found, aircargo.Page)
    assert (found.total, found.total_is_exact, found.next_cursor) == (3, True, "c1")


# ----------------------------------------------------------------------------------------------------- batches


def results(*entries):
    return httpx.Response(207, json={"results": [*entries]})


DONE = {"status": 201, "booking": BOOKING}
BUSY = {"status": 503, "problem": {"status": 503, "code": "timed_out", "detail": "Later."}}
WRONG = {"status": 400, "problem": {"status": 400, "code": "invalid_weight", "detail": "Too heavy."}}
NEW = {"origin": "DEL", "destination": "BLR", "pieces": 1, "weight_kg": 1}


def test_many_go_a_thousand_a_request():
    server = Server(results(*[DONE] * 1000), results(*[DONE] * 3))
    assert len(client_of(server).book_many([NEW] * 1003)) == 1003
    assert [len(server.sent(nth)["entries"]) for nth in (0, 1)] == [1000, 3]
    keys = [request.headers["Idempotency-Key"] for request in server.requests]
    assert keys[0] != keys[1]


def test_a_batch_is_sent_again_as_long_as_an_entry_is_refused_only_for_now():
    server = Server(results(DONE, BUSY), results(DONE, DONE))
    client = client_of(server)
    assert len(client.book_many([NEW, NEW])) == 2
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 1
    assert len(client.waits) == 1


def test_refusals_stand_in_their_places_or_are_raised_together():
    server = Server(results(DONE, WRONG), results(DONE, WRONG))
    client = client_of(server)
    booked, refused = client.book_many([NEW, NEW], return_exceptions=True)
    assert booked.ref == "ACB12345"
    assert isinstance(refused, aircargo.InvalidInputError)
    assert refused.code == "invalid_weight"
    with pytest.raises(aircargo.BatchError):
        client.book_many([NEW, NEW])


def test_acts_on_many_bookings_are_one_request():
    server = Server(results(DONE, DONE))
    client_of(server).arrive_many(["ACB12345", "ACB12346"], location="BLR", notes="dry")
    assert server.sent() == {
        "entries": [
            {"ref_id": ref, "act": "arrive", "location": "BLR", "notes": "dry"} for ref in ("ACB12345", "ACB12346")
        ]
    }


def test_an_import_is_cut_between_lines_and_told_as_one(tmp_path):
    header = b"flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n"
    lines = [b"AI%d,Air,DEL,BLR,2026-12-01T06:00:00Z,2026-12-01T08:00:00Z\n" % (n % 9999 + 1) for n in range(40_000)]
    file = tmp_path / "flights.csv"
    file.write_bytes(header + b"".join(lines))
    sent = []

    def take(request):
        got = request.content.splitlines(keepends=True)
        assert len(request.content) <= 1024 * 1024
        assert got[0] == header
        sent.extend(got[1:])
        bad = [{"line": 2, "reason": "first of its part"}]
        return ok({"lines": len(got) - 1, "imported": len(got) - 2, "bad": 1, "bad_lines": bad})

    server = Server(*[take] * 3)
    told = []
    report = client_of(server).flights.import_csv(file, progress=told.append)
    assert sent == lines
    assert (report.lines, report.bad) == (40_000, 3)
    assert [lines_before for lines_before, _ in report.bad_lines] == [2] + [told[0] + 2, told[1] + 2]
    assert told[-1] == 40_000
    with pytest.raises(aircargo.InvalidInputError, match="all or nothing"):
        client_of(Server()).flights.import_csv(file, strict=True)


# ------------------------------------------------------------------------------------------------------ events


def event(seq, id, type="BOOKED", status="BOOKED"):
    data = {
        "ref_id": "ACB12345",
        "origin": "DEL",
        "destination": "BLR",
        "seq": seq,
        "event_type": type,
        "status": status,
        "created_at": AT,
    }
    return f"id: {id}\ndata: {json.dumps(data)}\n\n"


def stream(*texts, end=None):
    def content():
        for text in texts:
            yield text.encode()
        if end is not None:
            raise end

    return httpx.Response(200, content=content(), headers={"Content-Type": "text/event-stream"})


def test_a_stream_goes_on_behind_the_last_event_whatever_breaks():
    broken = httpx.ReadError("the connection broke")
    server = Server(
        stream("retry: 250\nid: 40\n\n", event(1, 41), ": still there\n\n", end=broken),
        problem(503, "overloaded"),
        stream(event(2, 42, "DEPARTED", "DEPARTED"), "id: 50\n\n"),
        stream(event(3, 51, "ARRIVED", "ARRIVED")),
    )
    client = client_of(server)
    following = client.events(destination="BLR")
    got = [next(following) for _ in range(3)]
    following.close()

    assert [(each.id, each.event.seq, each.event.type) for each in got] == [
        ("41", 1, "BOOKED"),
        ("42", 2, "DEPARTED"),
        ("51", 3, "ARRIVED"),
    ]
    assert [each.event.previous for each in got] == ["BOOKED", "BOOKED", "DEPARTED"]
    assert [request.headers.get("Last-Event-ID") for request in server.requests] == [None, "41", "41", "50"]
    assert client.waits[0] == 0.25


def test_a_follower_can_begin_where_he_was():
    server = Server(stream(event(7, 99, "CANCELLED", "CANCELLED")))
    assert next(client_of(server).events_of("ACB12345", after="98")).id == "99"
    assert server.requests[0].headers["Last-Event-ID"] == "98"


def test_a_stream_that_is_refused_is_an_error():
    with pytest.raises(aircargo.NotFoundError):
        next(client_of(Server(problem(404, "not_found"))).events_of("ACB12345"))


def test_a_stream_can_be_followed_from_coroutines():
    server = Server(stream("retry: 0\n\n", event(1, 41)), stream(event(2, 42, "DEPARTED", "DEPARTED")))

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            answer = server.handler(request)

            async def content():
                for part in answer.stream:
                    yield part

            return httpx.Response(answer.status_code, headers=answer.headers, content=content())

    async def main():
        async with AsyncClient("http://cargo.test", token="t", transport=Transport()) as client:
            got = []
            async for each in client.events():
                got.append(each.id)
                if len(got) == 2:
                    return got

    assert asyncio.run(main()) == ["41", "42"]


# ------------------------------------------------------------------------------------------- one description


def test_both_clients_have_the_same_methods_texts_and_arguments():
    def public(cls):
        return {name for name in vars(cls) if not name.startswith("_")}

    assert public(Client) == public(AsyncClient)
    for name in public(Client) - {"close", "log_out"}:
        one, other = getattr(Client, name), getattr(AsyncClient, name)
        assert inspect.signature(one) == inspect.signature(other)
        assert one.__doc__ == other.__doc__


def test_signatures_are_shown_as_they_are_called():
    assert [*inspect.signature(Client.get).parameters] == ["self", "ref"]
    assert [*inspect.signature(client_of(Server()).get).parameters] == ["ref"]


def test_what_needs_httpx_says_how_to_get_it():
    from aircargo._extras import need

    with pytest.raises(ImportError, match=re.escape("pip install 'aircargo[client]'")):
        need("no_such_module", "client")
