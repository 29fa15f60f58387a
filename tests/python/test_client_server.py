"""The client and the real server, named by AIRCARGO_SERVER."""

import asyncio
import os
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import aircargo
from aircargo.client import AsyncClient, Client, ForbiddenError, UnauthenticatedError

sys.path.append(str(Path(__file__).resolve().parents[1] / "server"))
if "AIRCARGO_SERVER" not in os.environ:
    pytest.skip("AIRCARGO_SERVER names no server", allow_module_level=True)
from harness import Server, run  # noqa: E402

TOMORROW = (datetime.now(timezone.utc) + timedelta(days=1)).date()
GUARDED = {"AIRCARGO_RATE_LIMIT": "off", "AIRCARGO_LOGIN_RATE_LIMIT": "off"}


@pytest.fixture(scope="module")
def server():
    with Server(demo=True) as running:
        yield running


@pytest.fixture
def client(server):
    with Client(f"http://127.0.0.1:{server.port}") as made:
        yield made


def test_a_shipments_life(client):
    routes = client.routes.search("DEL", "BLR", TOMORROW, limit=3)
    assert len(routes.transit) == 3
    chosen = routes.transit[0]

    booking = client.book("DEL", "BLR", pieces=3, weight_kg=120, flights=chosen, notes="fragile")
    assert booking.flight_ids == chosen.flight_ids
    assert booking.next_activity.location == "DEL"
    first, second = chosen.flights
    assert client.depart(booking.ref).next_activity.act == "arrive"
    assert client.arrive(booking.ref, location=first.destination).next_activity.leg.flight_id == second.id
    assert client.depart(booking.ref).location is None
    client.arrive(booking.ref)
    assert client.deliver(booking.ref, notes="dry and whole").status == "DELIVERED"

    tracked = client.track(booking.ref)
    assert isinstance(tracked, aircargo.Tracked)
    assert [event.type for event in tracked.history] == [
        "BOOKED",
        "DEPARTED",
        "ARRIVED",
        "DEPARTED",
        "ARRIVED",
        "DELIVERED",
    ]
    assert tracked.history[-1].notes == "dry and whole"
    assert tracked.booking == client.get(booking.ref)
    # The library comes to the same booking from the same events.
    assert tracked.booking.replay(tracked.history) == tracked.booking


def test_what_the_client_reads_is_what_the_library_holds(server):
    store = f"sqlite:///{server.folder}/aircargo.db"
    with Client(f"http://127.0.0.1:{server.port}") as client, aircargo.open(store) as cargo:
        chosen = client.routes.search("DEL", "BLR", TOMORROW).transit[0]
        ref = client.book("DEL", "BLR", pieces=1, weight_kg=40, flights=chosen).ref
        for act in ("depart", "arrive", None):
            # Who asked and by which request is the store's alone to know.
            def known(event):
                return (
                    event.seq,
                    event.type,
                    event.previous,
                    event.status,
                    event.created_at,
                    event.location,
                    event.flight_id,
                    event.flight_number,
                    event.off_plan,
                    event.notes,
                )

            mine, theirs = client.track(ref), cargo.track(ref)
            assert mine.booking == theirs.booking
            assert [*map(known, mine.history)] == [*map(known, theirs.history)]
            if act is not None:
                client.act(ref, act)


def test_refusals_are_those_of_the_library(client):
    with pytest.raises(aircargo.NotFoundError) as missing:
        client.get("ACB99999999")
    assert missing.value.code == "not_found"
    with pytest.raises(aircargo.InvalidInputError) as wrong:
        client.book("DEL", "DEL", pieces=1, weight_kg=1)
    assert wrong.value.code == "invalid_request"
    booking = client.book("DEL", "BLR", pieces=1, weight_kg=1)
    with pytest.raises(aircargo.ConflictError) as early:
        client.deliver(booking.ref)
    assert early.value.code == "illegal_transition"
    with pytest.raises(aircargo.ConflictError) as late:
        client.depart(booking.ref, if_revision=7)
    assert late.value.code == "precondition_failed"


def test_a_key_makes_twice_once(client):
    one = client.book("DEL", "BLR", pieces=1, weight_kg=1, idempotency_key="order-1")
    assert client.book("DEL", "BLR", pieces=1, weight_kg=1, idempotency_key="order-1") == one
    with pytest.raises(aircargo.InvalidInputError) as other:
        client.book("DEL", "BLR", pieces=2, weight_kg=1, idempotency_key="order-1")
    assert other.value.code == "idempotency_mismatch"


def test_many_at_once_and_all_of_them_page_by_page(client):
    before = len([*client.bookings(origin="FRA")])
    new = {"origin": "FRA", "destination": "JFK", "pieces": 1, "weight_kg": 40}
    booked = client.book_many([new] * 1200 + [new | {"pieces": 0}], return_exceptions=True)
    assert isinstance(booked.pop(), aircargo.InvalidInputError)
    refs = [booking.ref for booking in booked]
    assert len({*refs}) == 1200
    listed = [booking.ref for booking in client.bookings(origin="FRA", page_size=500)]
    assert len(listed) == before + 1200
    assert {*refs} <= {*listed}
    assert {booking.status for booking in client.depart_many(refs[:5])} == {"DEPARTED"}
    with pytest.raises(aircargo.BatchError):
        client.depart_many(refs[:6])
    assert client.list(origin="FRA", page_size=1).next_cursor


def test_routes_are_those_that_the_library_finds(client):
    day = TOMORROW.isoformat()
    schedule = aircargo.Schedule([*client.flights.list(page_size=1000)])
    for options in (
        {},
        {"max_stops": 2, "limit": 5},
        {"order": "duration"},
        {"via": ["BOM", "DXB"]},
        {"airlines": ["LH"]},
    ):
        mine, theirs = schedule.search("DEL", "FRA", day, **options), client.routes.search("DEL", "FRA", day, **options)
        assert [*mine] == [*theirs]
        assert mine.direct_total == theirs.direct_total
    assert client.routes.search("DEL", "XXX", day).reason == "unknown_airport"


def test_flights_are_listed_and_imported(client, tmp_path):
    file = tmp_path / "flights.csv"
    file.write_text(
        "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n"
        f"ZZ1,Test Air,DEL,BLR,{TOMORROW}T06:00:00Z,{TOMORROW}T09:00:00Z\n"
        f"ZZ2,Test Air,DEL,BLR,{TOMORROW}T09:00:00Z,{TOMORROW}T06:00:00Z\n"
    )
    report = client.flights.import_csv(file)
    assert (report.lines, report.imported, report.bad, report.bad_lines[0][0]) == (2, 1, 1, 3)
    flight = next(f for f in client.flights.list(origin="DEL", destination="BLR", day=TOMORROW) if f.number == "ZZ1")
    assert client.flights.get(flight.id) == flight
    with pytest.raises(aircargo.InvalidInputError):
        client.flights.import_csv(file, strict=True)


def test_events_are_followed_over_a_restart(tmp_path):
    got = []
    with Server(folder=tmp_path) as server:
        with Client(f"http://127.0.0.1:{server.port}") as client:
            ref = client.book("DEL", "BLR", pieces=1, weight_kg=1).ref
            following = client.events_of(ref)
            got.append(next(following))
            client.depart(ref)
            got.append(next(following))
            following.close()
        last = got[-1].id
    with Server(folder=tmp_path) as server, Client(f"http://127.0.0.1:{server.port}") as client:
        client.arrive(ref)
        following = client.events_of(ref, after=last)
        got.append(next(following))
        following.close()
    assert [(each.event.seq, each.event.type) for each in got] == [(1, "BOOKED"), (2, "DEPARTED"), (3, "ARRIVED")]
    assert {each.ref for each in got} == {ref}


def test_a_follower_of_all_is_woken_by_what_another_does(server, client):
    seen, begun = [], threading.Event()

    def follow():
        with Client(f"http://127.0.0.1:{server.port}") as other:
            # From the beginning of the log: then it does not matter who is first.
            for each in other.events(origin="SIN", after="0"):
                seen.append(each)
                begun.set()
                if each.event.type == "CANCELLED":
                    return

    thread = threading.Thread(target=follow)
    thread.start()
    ref = client.book("SIN", "SYD", pieces=1, weight_kg=1).ref
    assert begun.wait(60)
    client.cancel(ref)
    thread.join(60)
    assert [each.event.type for each in seen] == ["BOOKED", "CANCELLED"]


def test_many_coroutines_share_a_client(server):
    async def main():
        async with AsyncClient(f"http://127.0.0.1:{server.port}") as client:
            booked = await asyncio.gather(*[client.book("DEL", "BLR", pieces=n, weight_kg=1) for n in range(1, 51)])
            departed = await asyncio.gather(*[client.depart(booking.ref) for booking in booked])
            found = await client.routes.search("DEL", "BLR", TOMORROW)
            listed = [booking.ref async for booking in client.bookings(status="DEPARTED", page_size=20)]
            return booked, departed, found, listed

    booked, departed, found, listed = asyncio.run(main())
    assert sorted(booking.pieces for booking in booked) == [*range(1, 51)]
    assert {booking.ref for booking in departed} <= {*listed}
    assert len(found) > 0


def test_accounts_tokens_and_keys(tmp_path):
    with Server(folder=tmp_path, env=GUARDED) as server:
        url = f"http://127.0.0.1:{server.port}"
        with Client(url) as stranger:
            with pytest.raises(UnauthenticatedError):
                stranger.list()
            assert stranger.register("ada", "a good long one")["role"] == "agent"
        with Client(url, name="ada", password="a good long one") as ada:
            assert ada.me() == {"name": "ada", "role": "agent"}
            assert ada.book("DEL", "BLR", pieces=1, weight_kg=1).revision == 1
            (tmp_path / "none.csv").write_text("flight_number\n")
            with pytest.raises(ForbiddenError):
                ada.flights.import_csv(tmp_path / "none.csv")
            key = ada.request("POST", "/api/v1/api-keys", json={"name": "dock"})["key"]
            with Client(url, api_key=key) as dock:
                assert dock.me()["name"] == "ada"
            refresh = ada._session.refresh
            ada.log_out()
            with Client(url, token="nonsense", refresh_token=refresh) as late:
                with pytest.raises(UnauthenticatedError):
                    late.me()
            assert ada.me()["name"] == "ada", "the password logs in anew"
        with Client(url, name="ada", password="another") as wrong:
            with pytest.raises(UnauthenticatedError):
                wrong.me()


def test_an_expired_token_is_not_noticed(tmp_path):
    # Tokens that live for a second: the server says when one has expired, and nobody waits for that here.
    with Server("--token-time", 1, folder=tmp_path, env=GUARDED) as server:
        url = f"http://127.0.0.1:{server.port}"
        assert (
            run(
                "user", "add", "grace", "--store", server.store, env={"AIRCARGO_PASSWORD": "a good long one"}
            ).returncode
            == 0
        )
        with Client(url, name="grace", password="a good long one") as grace:
            grace.me()
            session = grace._session
            first = session.access
            session.access = first[:-4] + "AAAA"  # refused, as an expired one is
            assert grace.me()["name"] == "grace"
            assert session.access != first[:-4] + "AAAA"


def test_a_limit_is_waited_for(tmp_path):
    env = {"AIRCARGO_AUTH": "off", "AIRCARGO_RATE_LIMIT": "2/s"}
    with Server(folder=tmp_path, env=env) as server, Client(f"http://127.0.0.1:{server.port}") as client:
        for _ in range(6):
            client.list()
        with pytest.raises(aircargo.UnavailableError) as refused:
            with Client(f"http://127.0.0.1:{server.port}", retry=aircargo.client.Retry(attempts=1)) as hasty:
                for _ in range(6):
                    hasty.list()
        assert refused.value.code == "rate_limited"


def test_health_is_told(client):
    assert client.health()["status"] == "healthy"
