"""The API as its users meet it: the session of the README, then every refusal."""

import re
import unittest

from harness import NEW_BOOKING, STORE, RawConnection, Server, day, sql

BOOKINGS = "/api/v1/bookings"
SEARCH = "/api/v1/routes/search"
NOBODY = f"{BOOKINGS}/ACB99999999999999999"  # 17 digits: drawn after 10^17 bookings


class ApiCase:
    """The cases; run below on each store."""

    store = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(store=cls.store, demo=True)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    # ------------------------------------------------------------------------------------------ helpers

    def assert_problem(self, answer, status, code, words=""):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        problem = answer.json
        self.assertEqual(problem["code"], code, answer)
        self.assertEqual(problem["status"], status)
        self.assertEqual(problem["request_id"], answer.headers["X-Request-ID"])
        self.assertTrue(problem["title"] and problem["type"])
        self.assertIn(words, problem["detail"])
        return problem

    def act(self, path, act, body=None, headers=None):
        return self.client.post(f"{path}/{act}", body, headers)

    def search(self, **changes):
        body = {"origin": "DEL", "destination": "BLR", "departure_date": day(2), **changes}
        return self.client.post(SEARCH, body)

    def transit_route(self):
        """A real itinerary of two flights."""
        found = self.search(limit=1).json["transit"][0]
        return found["transit_airport"], found["flights"]

    def statuses(self, path):
        events = self.client.get(f"{path}/history").json["events"]
        self.assertEqual([e["seq"] for e in events], list(range(1, len(events) + 1)))
        return [e["status"] for e in events]

    # -------------------------------------------------------------------------------------- the session

    def test_session_of_the_readme(self):
        path, created = self.client.book(notes="keep dry – 易碎品")
        booking = created.json
        self.assertRegex(booking["ref_id"], r"^ACB\d{5,}$")
        self.assertEqual(path, f"{BOOKINGS}/{booking['ref_id']}")
        self.assertEqual(created.headers["ETag"], '"1"')
        self.assertEqual(
            {k: booking[k] for k in ("origin", "destination", "pieces", "weight_kg", "status", "location",
                                     "flight_ids", "revision")},
            {**NEW_BOOKING, "status": "BOOKED", "location": "DEL", "flight_ids": [], "revision": 1},
        )
        self.assertEqual(booking["next_activity"], {"act": "depart", "location": "DEL"})
        self.assertEqual(self.client.get(path).json, booking)

        departed = self.act(path, "depart").json
        self.assertEqual(departed["status"], "DEPARTED")
        self.assertNotIn("location", departed)
        self.assertEqual(self.act(path, "arrive").json["location"], "BLR")
        delivered = self.act(path, "deliver", {"notes": "at door 4"})
        self.assertEqual((delivered.json["status"], delivered.headers["ETag"]), ("DELIVERED", '"4"'))

        history = self.client.get(f"{path}/history").json
        self.assertEqual((history["ref_id"], history["status"]), (booking["ref_id"], "DELIVERED"))
        events = history["events"]
        self.assertEqual([e["event_type"] for e in events], ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED"])
        self.assertEqual([e["location"] for e in events], ["DEL", "DEL", "BLR", "BLR"])
        self.assertEqual((events[0]["notes"], events[3]["notes"]), ("keep dry – 易碎品", "at door 4"))
        self.assertTrue(all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", e["created_at"]) for e in events))

        listed = self.client.get(f"{BOOKINGS}?page_size=1").json
        self.assertGreaterEqual(listed["total"], 1)

        other, _ = self.client.book()
        cancelled = self.client.delete(other)
        self.assertEqual((cancelled.status, cancelled.json["status"]), (200, "CANCELLED"))
        self.assertNotIn("next_activity", cancelled.json)

    def test_legs_with_a_transfer(self):
        hub, flights = self.transit_route()
        path, created = self.client.book(flight_ids=[f["id"] for f in flights])
        self.assertEqual([leg["flight_number"] for leg in created.json["legs"]],
                         [f["flight_number"] for f in flights])
        self.assertEqual(created.json["next_activity"]["flight_id"], flights[0]["id"])
        self.assertEqual(created.json["next_activity"]["scheduled_at"], flights[0]["departure_datetime"])

        self.assertEqual(self.act(path, "depart").json["status"], "DEPARTED")
        at_hub = self.act(path, "arrive", {"location": hub}).json
        self.assertEqual((at_hub["status"], at_hub["location"]), ("DEPARTED", hub))
        self.assertEqual(at_hub["next_activity"]["flight_id"], flights[1]["id"])
        again = self.act(path, "arrive", {"location": hub})
        self.assert_problem(again, 409, "illegal_transition", hub)
        onward = self.act(path, "depart", {"location": hub, "flight_id": flights[1]["id"]}).json
        self.assertNotIn("location", onward)
        self.assert_problem(self.act(path, "depart"), 409, "illegal_transition", "transfer")
        self.assertEqual(self.act(path, "arrive").json["status"], "ARRIVED")
        done = self.act(path, "deliver").json
        self.assertNotIn("misrouted", done)

        events = self.client.get(f"{path}/history").json["events"]
        self.assertEqual([e.get("flight_id") for e in events],
                         [None, flights[0]["id"], flights[0]["id"], flights[1]["id"], flights[1]["id"], None])

    def test_what_is_off_plan_is_recorded_only_when_said_so(self):
        path, _ = self.client.book()
        self.assert_problem(self.act(path, "depart", {"location": "BOM"}), 409, "off_plan", "off_plan")
        self.assertEqual(self.statuses(path), ["BOOKED"])
        departed = self.act(path, "depart", {"location": "BOM", "off_plan": True})
        self.assertEqual((departed.status, departed.json["misrouted"]), (200, True))
        event = self.client.get(f"{path}/history").json["events"][1]
        self.assertEqual((event["location"], event["off_plan"]), ("BOM", True))

    # ----------------------------------------------------------------------------------------- refusals

    def test_every_pair_of_status_and_act(self):
        ways = {
            "BOOKED": [], "DEPARTED": ["depart"], "ARRIVED": ["depart", "arrive"],
            "DELIVERED": ["depart", "arrive", "deliver"], "CANCELLED": ["cancel"],
        }
        allowed = {("BOOKED", "depart"): "DEPARTED", ("BOOKED", "cancel"): "CANCELLED",
                   ("DEPARTED", "arrive"): "ARRIVED", ("DEPARTED", "cancel"): "CANCELLED",
                   ("ARRIVED", "deliver"): "DELIVERED"}

        def do(path, act):
            return self.client.delete(path) if act == "cancel" else self.act(path, act)

        for status, way in ways.items():
            for act in ("depart", "arrive", "deliver", "cancel"):
                with self.subTest(status=status, act=act):
                    path, _ = self.client.book()
                    for step in way:
                        self.assertEqual(do(path, step).status, 200)
                    before = self.statuses(path)
                    answer = do(path, act)
                    if (status, act) in allowed:
                        self.assertEqual((answer.status, answer.json["status"]), (200, allowed[status, act]))
                    else:
                        problem = self.assert_problem(answer, 409, "illegal_transition", status)
                        self.assertIn(path.rsplit("/", 1)[1], problem["detail"])
                        self.assertEqual(self.statuses(path), before)

    def test_fields_of_a_new_booking(self):
        def refused(body):
            answer = self.client.post(BOOKINGS, body)
            self.assertEqual(answer.status, 400, answer)
            return answer.json

        cases = [
            ("origin", "DE", "invalid_airport_code"), ("origin", "D3L", "invalid_airport_code"),
            ("origin", 5, "invalid_request"), ("origin", "é" * 100, "invalid_airport_code"),
            ("destination", "", "invalid_airport_code"), ("destination", ["BLR"], "invalid_request"),
            ("pieces", 0, "invalid_request"), ("pieces", -1, "invalid_request"),
            ("pieces", 2.9, "invalid_request"), ("pieces", 2.0, "invalid_request"),
            ("pieces", True, "invalid_request"), ("pieces", "5", "invalid_request"),
            ("pieces", 4294967297, "invalid_request"), ("pieces", 10**30, "invalid_request"),
            ("weight_kg", 0, "invalid_request"), ("weight_kg", 1_000_001, "invalid_request"),
            ("weight_kg", 1.5, "invalid_request"), ("weight_kg", {}, "invalid_request"),
            ("flight_ids", 5, "invalid_request"), ("flight_ids", [1.5], "invalid_request"),
            ("flight_ids", [0], "invalid_request"), ("flight_ids", [True], "invalid_request"),
            ("flight_ids", [2**63], "invalid_request"), ("flight_ids", list(range(1, 10)), "invalid_request"),
            ("notes", 5, "invalid_request"), ("notes", "x" * 2001, "invalid_request"),
            ("notes", "a\0b", "invalid_json"),
            ("status", "DELIVERED", "invalid_request"), ("role", "admin", "invalid_request"),
            ("ref_id", "ACB12345", "invalid_request"), ("revision", 7, "invalid_request"),
            ("x" * 5000, 1, "invalid_request"),
        ]
        for field, value, code in cases:
            with self.subTest(field=field[:20], value=str(value)[:40]):
                problem = refused({**NEW_BOOKING, field: value})
                self.assertEqual(problem["code"], code)
                if code != "invalid_json" and len(field) < 20:
                    self.assertEqual([e["field"] for e in problem["errors"]], [field])
                    self.assertIn(field, problem["detail"])
        for field in NEW_BOOKING:
            with self.subTest(missing=field):
                problem = refused({k: v for k, v in NEW_BOOKING.items() if k != field})
                self.assertEqual([e["field"] for e in problem["errors"]], [field])
        with self.subTest("all at once"):
            problem = refused({"origin": "?", "pieces": "many", "colour": "red"})
            self.assertEqual({e["field"] for e in problem["errors"]},
                             {"origin", "pieces", "colour", "destination", "weight_kg"})
        self.assertEqual(refused({**NEW_BOOKING, "destination": "DEL"})["code"], "invalid_request")
        self.assertEqual(refused(b'{"pieces":1e3}')["errors"][0]["field"], "pieces")
        lower = self.client.post(BOOKINGS, {**NEW_BOOKING, "origin": "del"})
        self.assertEqual((lower.status, lower.json["origin"]), (201, "DEL"))

    def test_flights_of_a_new_booking(self):
        _, flights = self.transit_route()
        unknown = self.client.post(BOOKINGS, {**NEW_BOOKING, "flight_ids": [2**60]})
        self.assert_problem(unknown, 400, "invalid_request", str(2**60))
        backwards = self.client.post(BOOKINGS, {**NEW_BOOKING, "flight_ids": [f["id"] for f in flights[::-1]]})
        self.assert_problem(backwards, 400, "invalid_request")
        half = self.client.post(BOOKINGS, {**NEW_BOOKING, "flight_ids": [flights[0]["id"]]})
        self.assert_problem(half, 400, "invalid_request", "BLR")

    def test_json_that_is_none(self):
        for body in (b"{", b"[]", b'"text"', b"nonsense", b"{}{}", b'{"pieces":1,"pieces":2}', b'{"a":NaN}',
                     b'{"notes":"\xff\xfe"}', b'{"notes":"\xc0\x80"}', b'{"notes":"\\ud800"}', b"{'a':1}",
                     b'{"a":' * 33 + b"1" + b"}" * 33, b"[" * 100_000, b'{"a":1e999}', b"\0{}"):
            with self.subTest(body=body[:30]):
                self.assert_problem(self.client.post(BOOKINGS, body), 400, "invalid_json", "the body")
        self.assert_problem(self.client.post(BOOKINGS), 400, "invalid_request", "4 fields are wrong")

    def test_content_types(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
            with self.subTest(kind=kind):
                answer = self.client.post(BOOKINGS, NEW_BOOKING, {"Content-Type": kind})
                self.assert_problem(answer, 415, "unsupported_media_type")
        gzip = self.client.post(BOOKINGS, NEW_BOOKING, {"Content-Encoding": "gzip"})
        self.assert_problem(gzip, 415, "unsupported_media_type")
        for kind in ("application/json; charset=utf-8", "Application/JSON"):
            self.assertEqual(self.client.post(BOOKINGS, NEW_BOOKING, {"Content-Type": kind}).status, 201)

    def test_references(self):
        for ref in ("ACB1234", "XYZ12345", "ACB12345x", "ACB" + "1" * 18, "12345", "ACB%C3%A9%C3%A9"):
            for method, tail in (("GET", ""), ("GET", "/history"), ("POST", "/depart"), ("DELETE", "")):
                with self.subTest(ref=ref, tail=tail):
                    answer = self.client.call(method, f"{BOOKINGS}/{ref}{tail}")
                    self.assert_problem(answer, 400, "invalid_booking_ref")
        for method, tail in (("GET", ""), ("GET", "/history"), ("POST", "/depart"), ("POST", "/arrive"),
                             ("POST", "/deliver"), ("DELETE", "")):
            with self.subTest(tail=tail):
                self.assert_problem(self.client.call(method, NOBODY + tail), 404, "not_found",
                                    NOBODY.rsplit("/", 1)[1])
        path, _ = self.client.book()
        self.assertEqual(self.client.get(path.replace("ACB", "acb")).status, 200)

    def test_fields_of_an_act(self):
        path, _ = self.client.book()
        for body, field in (({"location": "X"}, "location"), ({"flight_id": "7"}, "flight_id"),
                            ({"off_plan": 1}, "off_plan"), ({"notes": []}, "notes"),
                            ({"actor": "me"}, "actor"), ({"status": "DELIVERED"}, "status")):
            with self.subTest(body=body):
                answer = self.act(path, "depart", body)
                self.assertEqual(answer.status, 400, answer)
                self.assertEqual(answer.json["errors"][0]["field"], field)
        answer = self.client.delete(path, {"location": "DEL"})
        self.assertEqual(answer.json["errors"][0]["field"], "location")
        wrong_flight = self.transit_route()[1][1]["id"]
        answer = self.act(path, "depart", {"location": "DEL", "flight_id": wrong_flight})
        self.assert_problem(answer, 400, "invalid_request", "DEL")
        self.assert_problem(self.act(path, "depart", {"flight_id": 2**60}), 400, "invalid_request")
        self.assertEqual(self.statuses(path), ["BOOKED"])
        noted = self.client.delete(path, {"notes": "shipper called"})
        self.assertEqual(noted.json["status"], "CANCELLED")

    def test_paths_and_methods(self):
        self.assert_problem(self.client.get("/nothing"), 404, "no_such_path")
        self.assert_problem(self.client.get("/api/v1/bookings/"), 404, "no_such_path")
        self.assert_problem(self.client.get(f"{NOBODY}/depart/again"), 404, "no_such_path")
        for method, path, allowed in (("PUT", BOOKINGS, "POST, GET, HEAD"), ("POST", "/health", "GET, HEAD"),
                                      ("PATCH", NOBODY, "GET, HEAD, DELETE"), ("GET", SEARCH, "POST"),
                                      ("OPTIONS", SEARCH, "POST"), ("GET", f"{NOBODY}/depart", "POST")):
            with self.subTest(method=method, path=path):
                answer = self.client.call(method, path)
                self.assert_problem(answer, 405, "method_not_allowed")
                self.assertEqual(answer.headers["Allow"], allowed)
        self.assert_problem(self.client.get("/health?x=1"), 400, "invalid_request", "x")
        self.assert_problem(self.client.call("GET", "/health", {"a": 1}), 400, "bad_request", "no body")

    # --------------------------------------------------------------------------------- header conditions

    def test_names_that_nobody_knows_are_repeated_whole_or_not_at_all(self):
        for name, repeated in ((64 * "a", 64 * "a"), (62 * "a" + "%C3%A9", 62 * "a" + "é"),
                               (63 * "a" + "%C3%A9", "(a long name)"), (70 * "a", "(a long name)")):
            with self.subTest(name):
                answer = self.client.get(f"/health?{name}=1")
                self.assert_problem(answer, 400, "invalid_request", f"{repeated}: is not a parameter of this route")

    def test_if_match(self):
        path, _ = self.client.book()
        self.assert_problem(self.act(path, "depart", headers={"If-Match": '"7"'}), 412, "precondition_failed")
        self.assert_problem(self.act(path, "depart", headers={"If-Match": '"abc"'}), 412, "precondition_failed")
        self.assert_problem(self.act(path, "depart", headers={"If-Match": 'W/"1"'}), 412, "precondition_failed")
        for tag in ("1", '"1', '"1", "2"', ""):
            self.assert_problem(self.act(path, "depart", headers={"If-Match": tag}), 400, "invalid_request")
        self.assertEqual(self.statuses(path), ["BOOKED"])
        self.assertEqual(self.act(path, "depart", headers={"If-Match": '"1"'}).status, 200)
        self.assert_problem(self.client.delete(path, headers={"If-Match": '"1"'}), 412, "precondition_failed")
        self.assertEqual(self.act(path, "arrive", headers={"If-Match": "*"}).status, 200)

    def test_if_none_match(self):
        path, created = self.client.book()
        tag = created.headers["ETag"]
        for value in (tag, "*", f'"9", {tag}', f"W/{tag}"):
            with self.subTest(value=value):
                answer = self.client.get(path, {"If-None-Match": value})
                self.assertEqual((answer.status, answer.raw, answer.headers["ETag"]), (304, b"", tag))
        self.assertEqual(self.client.get(path, {"If-None-Match": '"9"'}).status, 200)
        self.act(path, "depart")
        changed = self.client.get(path, {"If-None-Match": tag})
        self.assertEqual((changed.status, changed.headers["ETag"]), (200, '"2"'))

    def test_idempotency_key(self):
        key = {"Idempotency-Key": f"order-{id(self)}"}
        first = self.client.post(BOOKINGS, NEW_BOOKING, key)
        same = self.client.post(BOOKINGS, dict(reversed(NEW_BOOKING.items())), key)
        self.assertEqual((first.status, same.status), (201, 201))
        self.assertEqual(same.json, first.json)
        self.assertEqual(same.headers["Location"], first.headers["Location"])
        other = self.client.post(BOOKINGS, {**NEW_BOOKING, "pieces": 6}, key)
        self.assert_problem(other, 422, "idempotency_mismatch", key["Idempotency-Key"])

        path = first.headers["Location"]
        departed = self.act(path, "depart", headers=key)  # another route: another key
        self.assertEqual(self.act(path, "depart", headers=key).json, departed.json)
        self.assertEqual(self.act(path, "arrive").status, 200)
        self.assertEqual(self.act(path, "depart", headers=key).json, departed.json)  # the first answer still
        self.assertEqual(self.statuses(path), ["BOOKED", "DEPARTED", "ARRIVED"])
        elsewhere, _ = self.client.book()
        self.assert_problem(self.act(elsewhere, "depart", headers=key), 422, "idempotency_mismatch")
        cancelled = self.client.delete(elsewhere, headers=key)
        self.assertEqual(self.client.delete(elsewhere, headers=key).json, cancelled.json)
        self.assert_problem(self.client.delete(elsewhere), 409, "illegal_transition")

        for bad in ("", "x" * 256, "caf\u00e9"):
            with self.subTest(key=bad[:10]):
                answer = self.client.post(BOOKINGS, NEW_BOOKING, {"Idempotency-Key": bad.encode("latin-1")})
                self.assert_problem(answer, 400, "invalid_request", "Idempotency-Key")

    def test_a_refused_request_does_not_use_its_key_up(self):
        key = {"Idempotency-Key": f"retry-{id(self)}"}
        self.assertEqual(self.client.post(BOOKINGS, {**NEW_BOOKING, "pieces": 0}, key).status, 400)
        self.assertEqual(self.client.post(BOOKINGS, NEW_BOOKING, key).status, 201)

    def test_request_id(self):
        self.assertEqual(self.client.get("/health", {"X-Request-ID": "my-id_1.2"}).headers["X-Request-ID"], "my-id_1.2")
        for bad in ("", "a b", "x" * 65, 'a"b'):
            with self.subTest(bad=bad[:8]):
                self.assertRegex(self.client.get("/health", {"X-Request-ID": bad}).headers["X-Request-ID"],
                                 r"^[0-9a-f]{16}$")

    # --------------------------------------------------------------------------------------------- lists

    def test_list_pages_by_number_and_by_cursor(self):
        paths = [self.client.book(origin="LHR", destination="JFK")[0] for _ in range(7)]
        refs = [p.rsplit("/", 1)[1] for p in reversed(paths)]
        base = f"{BOOKINGS}?origin=LHR&destination=jfk"

        first = self.client.get(f"{base}&page_size=3").json
        self.assertEqual([b["ref_id"] for b in first["items"]], refs[:3])
        self.assertEqual((first["page"], first["page_size"], first["total"]), (1, 3, 7))
        self.assertIs(first["total_exact"], True)
        third = self.client.get(f"{base}&page_size=3&page=3").json
        self.assertEqual([b["ref_id"] for b in third["items"]], refs[6:])
        self.assertIsNone(third["next_cursor"])
        self.assertEqual(self.client.get(f"{base}&page=9").json["items"], [])

        seen, cursor = [b["ref_id"] for b in first["items"]], first["next_cursor"]
        self.client.book(origin="LHR", destination="JFK")  # does not shift what comes behind the cursor
        while cursor:
            page = self.client.get(f"{base}&page_size=3&cursor={cursor}").json
            self.assertNotIn("page", page)
            seen += [b["ref_id"] for b in page["items"]]
            cursor = page["next_cursor"]
        self.assertEqual(seen, refs)

    def test_list_filters(self):
        path, created = self.client.book(origin="SIN", destination="SYD")
        self.client.book(origin="SIN", destination="SYD")
        self.act(path, "depart")
        base = f"{BOOKINGS}?origin=SIN"
        self.assertEqual(self.client.get(f"{base}&status=DEPARTED").json["total"], 1)
        self.assertEqual(self.client.get(f"{base}&status=ARRIVED").json["total"], 0)
        at = created.json["created_at"]
        self.assertEqual(self.client.get(f"{base}&created_from={at}").json["total"], 2)
        self.assertEqual(self.client.get(f"{base}&created_to={at}").json["total"], 0)
        self.assertEqual(self.client.get(f"{base}&created_to=2999-01-01T00:00:00%2B05:30").json["total"], 2)

    def test_list_refusals(self):
        for query, field in (("page=0", "page"), ("page=x", "page"), ("page=-1", "page"), ("page=1.0", "page"),
                             ("page_size=0", "page_size"), ("page_size=1001", "page_size"),
                             ("status=booked", "status"), ("origin=XX", "origin"),
                             ("created_from=2026-01-01", "created_from"), ("created_to=", "created_to"),
                             ("limit=5", "limit"), ("user=admin", "user"), ("page=1&page=2", "page"),
                             ("cursor=", "cursor"), ("cursor=5&page=2", "cursor")):
            with self.subTest(query=query):
                answer = self.client.get(f"{BOOKINGS}?{query}")
                self.assertEqual(answer.status, 400, answer)
                self.assertEqual([e["field"] for e in answer.json["errors"]], [field])
        for cursor in ("abc", "5", "-1", "1-0", "01-1", "9" * 30, "9" * 30 + "-1", "%F0%9F%98%80"):
            self.assert_problem(self.client.get(f"{BOOKINGS}?cursor={cursor}"), 400, "invalid_request")

    # -------------------------------------------------------------------------------------------- routes

    def test_search_on_the_demo_schedule(self):
        answer = self.search(limit=1000)
        self.assertEqual(answer.status, 200, answer)
        found = answer.json
        self.assertEqual((found["origin"], found["destination"], found["departure_date"]), ("DEL", "BLR", day(2)))
        self.assertGreater(found["direct_total"], 0)
        self.assertGreater(found["transit_total"], 0)
        self.assertEqual((len(found["direct"]), len(found["transit"])), (found["direct_total"], found["transit_total"]))
        self.assertIsNone(found["next_cursor"])
        self.assertNotIn("reason", found)
        for route in found["direct"]:
            (flight,) = route["flights"]
            self.assertEqual((flight["origin"], flight["destination"]), ("DEL", "BLR"))
        for route in found["transit"]:
            first, second = route["flights"]
            self.assertEqual((first["origin"], first["destination"]), ("DEL", route["transit_airport"]))
            self.assertEqual((second["origin"], second["destination"]), (route["transit_airport"], "BLR"))
            self.assertGreaterEqual(route["connection_minutes"], 120)
            self.assertGreater(route["duration_minutes"], route["connection_minutes"])
        for routes in (found["direct"], found["transit"]):
            arrivals = [r["flights"][-1]["arrival_datetime"] for r in routes]
            self.assertEqual(arrivals, sorted(arrivals))
        direct_only = self.search(max_stops=0).json
        self.assertEqual((direct_only["transit"], direct_only["transit_total"]), ([], 0))

    def test_search_by_the_day_at_the_origin_or_utc(self):
        local = self.search(max_stops=0, limit=1000).json
        utc = self.search(max_stops=0, limit=1000, zone="utc").json
        self.assertEqual((local["zone"], utc["zone"]), ("origin", "utc"))
        self.assertTrue(all(r["flights"][0]["departure_datetime"].startswith(day(2)) for r in utc["direct"]))
        self.assertNotEqual([r["flights"][0]["id"] for r in local["direct"]],
                            [r["flights"][0]["id"] for r in utc["direct"]])

    def pages_of(self, limit, **changes):
        """The itineraries of all pages, and how many pages there were."""
        direct, transit, cursor, pages = [], [], None, 0
        while pages == 0 or cursor:
            page = self.search(limit=limit, **changes, **({"cursor": cursor} if cursor else {})).json
            direct += page["direct"]
            transit += page["transit"]
            cursor, pages = page["next_cursor"], pages + 1
        return direct, transit, pages

    def test_search_pages(self):
        for changes in ({}, {"order": "departure"}, {"order": "duration"},
                        {"origin": "BOM", "destination": "LHR", "max_stops": 2, "order": "duration",
                         "longest_minutes": 1500, "min_connection_minutes": 60},
                        {"origin": "BOM", "destination": "LHR", "max_stops": 3, "order": "departure",
                         "longest_minutes": 2000}):
            with self.subTest(changes=changes):
                whole = self.search(limit=1000, **changes).json
                self.assertIsNone(whole["next_cursor"])
                direct, transit, pages = self.pages_of(3 if not changes else 17, **changes)
                self.assertGreater(pages, 1)
                self.assertEqual((direct, transit), (whole["direct"], whole["transit"]))

    def test_a_cursor_belongs_to_its_order(self):
        for order in ("arrival", "departure", "duration"):
            cursor = self.search(limit=1, order=order).json["next_cursor"]
            self.assertEqual(self.search(limit=1, order=order, cursor=cursor).status, 200)
            for other in {"arrival", "departure", "duration"} - {order}:
                refused = self.search(limit=1, order=other, cursor=cursor)
                self.assert_problem(refused, 400, "invalid_request")
                self.assertEqual(refused.json["errors"][0]["field"], "cursor")
                self.assertIn(order, refused.json["errors"][0]["detail"])

    def test_search_orders(self):
        keys = {"arrival": lambda r: r["flights"][-1]["arrival_datetime"],
                "departure": lambda r: r["flights"][0]["departure_datetime"],
                "duration": lambda r: r["duration_minutes"]}
        found = {order: self.search(order=order, limit=1000).json for order in keys}
        for order, key in keys.items():
            for name in ("direct", "transit"):
                listed = found[order][name]
                self.assertEqual([key(r) for r in listed], sorted(key(r) for r in listed))
                self.assertCountEqual(listed, found["arrival"][name])

    def test_search_with_more_stops(self):
        one = self.search(origin="BOM", destination="LHR", limit=1000).json
        more = self.search(origin="BOM", destination="LHR", max_stops=3, limit=1000).json
        self.assertNotIn("transit_total", more)  # those with more stops are not counted
        self.assertEqual(more["direct"], one["direct"])
        self.assertGreater({len(r["flights"]) for r in more["transit"]}, {2})
        for route in more["transit"]:
            flights = route["flights"]
            self.assertLessEqual(len(flights), 4)
            stops = [f["destination"] for f in flights[:-1]]
            self.assertEqual([f["origin"] for f in flights[1:]], stops)
            self.assertEqual(len({"BOM", "LHR", *stops}), len(stops) + 2)
            self.assertEqual(route["transit_airport"], stops[0])
            self.assertGreaterEqual(route["connection_minutes"], 120)
            if len(flights) == 2:
                self.assertIn(route, one["transit"])
                self.assertEqual(set(route), {"flights", "transit_airport", "connection_minutes",
                                              "duration_minutes"})
            else:
                self.assertEqual(route["transit_airports"], stops)
                self.assertEqual(len(route["transit_minutes"]), len(stops))
                self.assertEqual(route["transit_minutes"][0], route["connection_minutes"])
                self.assertGreaterEqual(min(route["transit_minutes"]), 120)

    def test_search_choices(self):
        whole = self.search(limit=1000).json
        transit = whole["transit"]
        hub = transit[0]["transit_airport"]
        through = self.search(limit=1000, via=[hub]).json
        self.assertEqual(through["direct"], [])
        self.assertEqual(through["transit"], [r for r in transit if r["transit_airport"] == hub])
        around = self.search(limit=1000, avoid=[hub.lower()]).json
        self.assertEqual(around["direct"], whole["direct"])
        self.assertEqual(around["transit"], [r for r in transit if r["transit_airport"] != hub])

        airline = whole["direct"][0]["flights"][0]["flight_number"][:2]
        flown = self.search(limit=1000, airlines=[airline.lower(), "ZZ"]).json
        for name in ("direct", "transit"):
            self.assertEqual(flown[name], [r for r in whole[name] if all(
                f["flight_number"].startswith(airline) for f in r["flights"])])

        middle = transit[len(transit) // 2]
        start = middle["flights"][0]["departure_datetime"]
        end = middle["flights"][-1]["arrival_datetime"]
        longest = middle["duration_minutes"]
        chosen = self.search(limit=1000, earliest_departure=start, latest_arrival=end,
                             longest_minutes=longest).json
        self.assertEqual(chosen["transit"], [
            r for r in transit if r["flights"][0]["departure_datetime"] >= start
            and r["flights"][-1]["arrival_datetime"] <= end and r["duration_minutes"] <= longest])

        patient = self.search(limit=1000, min_connection_minutes=300).json
        self.assertEqual(patient["transit"], [r for r in transit if r["connection_minutes"] >= 300])
        hasty = self.search(limit=1000, min_connection_minutes=0).json
        self.assertGreater(hasty["transit_total"], whole["transit_total"])
        plain = self.search(limit=1000, through_flights=False, collapse_codeshares=False, via=None).json
        self.assertEqual(plain, whole)
        both = self.search(limit=1000, through_flights=True, collapse_codeshares=True)
        self.assertEqual(both.status, 200)

    def test_search_that_finds_nothing_says_why(self):
        for changes, reason in (({"destination": "QQQ"}, "unknown_airport"),
                                ({"departure_date": "2001-01-01"}, "outside_schedule"),
                                ({"airlines": ["QQ"]}, "filtered_out"),
                                ({"via": ["QQQ"], "max_stops": 3}, "filtered_out")):
            found = self.search(**changes)
            self.assertEqual(found.status, 200, found)
            self.assertEqual((found.json["direct"], found.json["transit"], found.json["reason"]), ([], [], reason))
            self.assertRegex(found.json["detail"], "^[a-z].{20,}")

    def test_search_refusals(self):
        for changes, field in (({"origin": "DELHI"}, "origin"), ({"destination": "DEL"}, "destination"),
                               ({"departure_date": "2026-02-30"}, "departure_date"),
                               ({"departure_date": "tomorrow"}, "departure_date"),
                               ({"departure_date": 20261201}, "departure_date"),
                               ({"max_stops": 4}, "max_stops"), ({"max_stops": -1}, "max_stops"),
                               ({"order": "cost"}, "order"), ({"order": 1}, "order"),
                               ({"via": "BOM"}, "via"), ({"via": ["BOM", 1]}, "via"), ({"via": ["B"]}, "via"),
                               ({"via": ["BOM"] * 11}, "via"), ({"avoid": ["BOM"] * 11}, "avoid"),
                               ({"avoid": [None]}, "avoid"), ({"avoid": {}}, "avoid"),
                               ({"airlines": ["AI"] * 21}, "airlines"), ({"airlines": ["AIR"]}, "airlines"),
                               ({"airlines": ["12"]}, "airlines"), ({"airlines": ["A"]}, "airlines"),
                               ({"airlines": ["é"]}, "airlines"), ({"airlines": [""]}, "airlines"),
                               ({"earliest_departure": "2026-12-01"}, "earliest_departure"),
                               ({"latest_arrival": "noon"}, "latest_arrival"),
                               ({"longest_minutes": 0}, "longest_minutes"),
                               ({"longest_minutes": 60.5}, "longest_minutes"),
                               ({"min_connection_minutes": -1}, "min_connection_minutes"),
                               ({"min_connection_minutes": 2881}, "min_connection_minutes"),
                               ({"through_flights": 1}, "through_flights"),
                               ({"collapse_codeshares": "yes"}, "collapse_codeshares"),
                               ({"limit": 0}, "limit"), ({"limit": 1001}, "limit"), ({"limit": 5.0}, "limit"),
                               ({"zone": "Asia/Kolkata"}, "zone"), ({"price": 1}, "price"),
                               ({"cursor": "zz"}, "cursor"), ({"cursor": ""}, "cursor"),
                               ({"cursor": "31" * 200}, "cursor"), ({"cursor": "x" * 600}, "cursor"),
                               ({"cursor": 1}, "cursor")):
            with self.subTest(changes=changes):
                answer = self.search(**changes)
                self.assertEqual(answer.status, 400, answer)
                self.assertEqual([e["field"] for e in answer.json["errors"]], [field])
        for date in ("0000-01-01", "9999-12-31"):
            self.assertEqual(self.search(departure_date=date).status, 200)

    # ------------------------------------------------------------------------------------ health and HTTP

    def test_health(self):
        self.assertEqual(self.client.get("/health").json, {"status": "healthy"})
        detailed = self.client.get("/health/detailed").json
        self.assertEqual((detailed["status"], detailed["store"]["status"]), ("healthy", "healthy"))
        self.assertGreater(detailed["schedule"]["flights"], 1000)
        self.assertGreaterEqual(detailed["schedule"]["version"], 1)
        self.assertEqual(set(detailed["funnels"]["writes"]),
                         {"requests", "batches", "mean_batch", "refused", "retries"})
        self.assertNotIn(str(self.server.folder), str(detailed))

    def test_head_is_get_without_the_body(self):
        path, _ = self.client.book()
        for target in ("/health", path, BOOKINGS, "/nothing"):
            with self.subTest(target=target):
                full, head = self.client.get(target), self.client.call("HEAD", target)
                self.assertEqual((head.status, head.raw), (full.status, b""))
                self.assertEqual(head.headers["Content-Length"], str(len(full.raw)))
                self.assertEqual(head.headers["ETag"], full.headers["ETag"])

    def test_pipelined_requests_are_answered_in_order(self):
        path, _ = self.client.book()
        with RawConnection(self.server.port) as raw:
            steps = ["depart", "arrive", "deliver", "depart"]
            raw.send(b"".join(f"POST {path}/{s} HTTP/1.1\r\nHost: x\r\nX-Request-ID: {s}-{i}\r\n\r\n".encode()
                              for i, s in enumerate(steps)) + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            answers = [raw.read_answer() for _ in steps]
            self.assertEqual([a.status for a in answers], [200, 200, 200, 409])
            self.assertEqual([a.headers["X-Request-ID"] for a in answers], [f"{s}-{i}" for i, s in enumerate(steps)])
            self.assertEqual(raw.read_answer().json, {"status": "healthy"})


if STORE == "sqlite":  # else it was tested on memory already
    class ApiOnMemory(ApiCase, unittest.TestCase):
        store = "memory:"


class ApiOnDisk(ApiCase, unittest.TestCase):
    """A store of its own; see harness.Server."""


class ManyBookings(unittest.TestCase):
    """More than a list counts."""

    def test_list_counts_to_ten_thousand(self):
        with Server() as server, server.client() as client:
            client.book()
            for copies, told in ((9_999, (10_000, True)), (1, (10_000, False))):
                self.copy_booking(server.store, copies)
                listed = client.get(f"{BOOKINGS}?page_size=1").json
                self.assertEqual((listed["total"], listed["total_exact"]), told)

    def copy_booking(self, store, times):
        of_store = "weight_grams, leg_count" if STORE == "sqlite" else "weight_kg, flight_ids"
        columns = (f"origin, destination, pieces, {of_store}, status, location, next_leg, misrouted, created_at,"
                   " updated_at, revision")
        sql(store, f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})"
                   f" INSERT INTO bookings (ref_id, {columns})"
                   f" SELECT 'ACB' || (900000000 + {times} + i), {columns} FROM n, bookings WHERE bookings.id = 1")


if __name__ == "__main__":
    unittest.main()
