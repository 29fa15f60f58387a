"""Lists, flights and route searches as programs read them: filters, orders, links."""

import re
import unittest
from urllib.parse import parse_qs, urlencode, urlsplit

from harness import STORE, Server, day

BOOKINGS = "/api/v1/bookings"
FLIGHTS = "/api/v1/flights"
ROUTES = "/api/v1/routes"


def links(answer):
    """The targets of the Link field, by relation."""
    return {rel: url for url, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers["Link"] or "")}


class ReadingCase:
    """The cases; run below on each store."""

    store = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(store=cls.store, demo=True)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def refs(self, query):
        answer = self.client.get(f"{BOOKINGS}?{query}")
        self.assertEqual(answer.status, 200, answer)
        return [b["ref_id"] for b in answer.json["items"]]

    def assert_refused(self, path, field, words=""):
        answer = self.client.get(path)
        self.assertEqual(answer.status, 400, f"{path}: {answer}")
        self.assertIn(field, [e["field"] for e in answer.json["errors"]], f"{path}: {answer}")
        self.assertIn(words, answer.json["detail"])

    def follow(self, path, relation="next", most=50):
        """The answers from this page on, one link after the other."""
        pages = []
        while path:
            pages.append(self.client.get(path))
            self.assertEqual(pages[-1].status, 200, pages[-1])
            self.assertLess(len(pages), most)
            path = links(pages[-1]).get(relation)
        return pages

    # ------------------------------------------------------------------------------------------- lists

    def test_sort(self):
        lane = "origin=SIN&destination=SYD"
        made = [self.client.book(origin="SIN", destination="SYD")[1].json["ref_id"] for _ in range(5)]
        self.assertEqual(self.refs(lane), made[::-1])
        self.assertEqual(self.refs(f"{lane}&sort=-created_at"), made[::-1])
        self.assertEqual(self.refs(f"{lane}&sort=created_at"), made)
        self.assertEqual(self.refs(f"{lane}&sort=ref_id"), sorted(made))
        for sort in ("created", "-ref_id", "", "ref_id,created_at", "weight_kg"):
            self.assert_refused(f"{BOOKINGS}?sort={sort}", "sort", "-created_at, created_at or ref_id")

    def test_reference_prefix(self):
        made = [self.client.book()[1].json["ref_id"] for _ in range(12)]
        for ref in (made[0], made[1].lower()):
            self.assertEqual(self.refs(f"ref_prefix={ref}"), [ref.upper()])
        beginning = made[0][:4]
        found = self.refs(f"ref_prefix={beginning}&page_size=1000")
        self.assertEqual(found, sorted(found))
        self.assertTrue(all(ref.startswith(beginning) for ref in found))
        self.assertEqual([r for r in found if r in made], sorted(r for r in made if r.startswith(beginning)))
        self.client.delete(f"{BOOKINGS}/{made[0]}")
        self.assertIn(made[0], self.refs(f"ref_prefix={beginning}&status=CANCELLED"))
        self.assertNotIn(made[0], self.refs(f"ref_prefix={beginning}&status=BOOKED"))

        for prefix in ("", "A", "ACB", "ACBx", "12", "ACB1%25", "ACB123456789012345678"):
            self.assert_refused(f"{BOOKINGS}?ref_prefix={prefix}", "ref_prefix")
        self.assert_refused(f"{BOOKINGS}?ref_prefix=ACB1&sort=created_at", "sort", "ref_id")

    def test_limits_of_pages_are_named(self):
        for size in ("0", "1001", "-1", "x", "1.0", "", "99999999999999999999"):
            self.assert_refused(f"{BOOKINGS}?page_size={size}", "page_size", "an integer from 1 to 1000")
        for page in ("0", "100002"):
            self.assert_refused(f"{BOOKINGS}?page={page}&page_size=1", "page", "an integer from 1 to 100001")
        self.assertEqual(self.client.get(f"{BOOKINGS}?page=101&page_size=1000").status, 200)
        self.assert_refused(f"{BOOKINGS}?page=102&page_size=1000", "page", "go on by cursor")

    def test_links_lead_through_all_pages(self):
        lane = f"{BOOKINGS}?origin=NRT&destination=ICN"
        made = [self.client.book(origin="NRT", destination="ICN")[1].json["ref_id"] for _ in range(7)]
        for sort, wanted in (("-created_at", made[::-1]), ("created_at", made), ("ref_id", sorted(made))):
            pages = self.follow(f"{lane}&sort={sort}&page_size=3")
            self.assertEqual([len(p.json["items"]) for p in pages], [3, 3, 1])
            self.assertEqual([b["ref_id"] for p in pages for b in p.json["items"]], wanted)
            for page in pages:
                first = links(page)["first"]
                self.assertEqual(first, f"/api/v1/bookings?origin=NRT&destination=ICN&sort={sort}&page_size=3")
                self.assertEqual(self.client.get(first).json["items"], pages[0].json["items"])

        third = self.client.get(f"{lane}&page_size=3&page=3")
        self.assertEqual(set(links(third)), {"prev", "first"})
        back = self.follow(f"{lane}&page_size=3&page=3", "prev")
        self.assertEqual([p.json["page"] for p in back], [3, 2, 1])
        self.assertEqual([b["ref_id"] for p in back[::-1] for b in p.json["items"]], made[::-1])
        self.assertNotIn("page", parse_qs(urlsplit(links(back[0])["first"]).query))
        self.assertEqual(links(self.client.get(BOOKINGS))["first"], BOOKINGS)

    def test_links_keep_what_was_asked_for_and_nothing_else(self):
        asked = "created_from=2020-01-01T00:00:00Z&status=%42OOKED&page_size=1"
        self.client.book()
        self.client.book()
        url = links(self.client.get(f"{BOOKINGS}?{asked}"))["next"]
        self.assertRegex(url, r"^/api/v1/bookings\?created_from=2020-01-01T00%3A00%3A00Z&status=BOOKED&page_size=1"
                              r"&cursor=\d+-\d+$")
        # The header of a refusal, or of another route, has none.
        self.assertIsNone(self.client.get(f"{BOOKINGS}?page=0").headers["Link"])

    def test_a_cursor_belongs_to_its_order_and_to_no_filter(self):
        made = [self.client.book(origin="CDG", destination="YUL")[1].json["ref_id"] for _ in range(4)]
        cursors = {sort: self.client.get(f"{BOOKINGS}?sort={sort}&page_size=1").json["next_cursor"]
                   for sort in ("-created_at", "created_at", "ref_id")}
        for made_for, cursor in cursors.items():
            for sort in cursors:
                if sort == made_for:
                    self.assertEqual(self.client.get(f"{BOOKINGS}?sort={sort}&cursor={cursor}").status, 200)
                else:
                    self.assert_refused(f"{BOOKINGS}?sort={sort}&cursor={cursor}", "cursor", "in this order")
        # With other filters it is a place in the order, no more: what matches behind it.
        place = self.client.get(f"{BOOKINGS}?origin=CDG&page_size=2").json["next_cursor"]
        self.assertEqual(self.refs(f"destination=YUL&cursor={place}"), made[1::-1])
        self.assertEqual(self.refs(f"status=DELIVERED&origin=CDG&cursor={place}"), [])

    # ------------------------------------------------------------------------------------------ routes

    def test_routes_by_address_are_those_of_the_search(self):
        for asked in (
            {},
            {"max_stops": 0}, {"max_stops": 2, "limit": 5}, {"order": "duration", "zone": "utc"},
            {"via": ["BOM", "HYD"], "limit": 7}, {"avoid": ["BOM"], "airlines": ["AI", "6E"]},
            {"earliest_departure": f"{day(2)}T06:00:00Z", "latest_arrival": f"{day(3)}T06:00:00Z"},
            {"longest_minutes": 600, "min_connection_minutes": 60},
            {"through_flights": True, "collapse_codeshares": False},
        ):
            body = {"origin": "DEL", "destination": "BLR", "departure_date": day(2), **asked}
            query = urlencode({name: self.as_text(value) for name, value in body.items()})
            by_address = self.client.get(f"{ROUTES}?{query}")
            self.assertEqual(by_address.status, 200, by_address)
            self.assertEqual(by_address.json, self.client.post(f"{ROUTES}/search", body).json, asked)

        first = self.client.get(f"{ROUTES}?origin=DEL&destination=BLR&departure_date={day(2)}&limit=1").json
        second = self.client.get(f"{ROUTES}?origin=DEL&destination=BLR&departure_date={day(2)}&limit=1"
                                 f"&cursor={first['next_cursor']}").json
        self.assertNotEqual(first["transit"], second["transit"])

    @staticmethod
    def as_text(value):
        if isinstance(value, list):
            return ",".join(value)
        return str(value).lower() if isinstance(value, bool) else value

    def test_route_refusals_are_those_of_the_search(self):
        good = {"origin": "DEL", "destination": "BLR", "departure_date": day(2)}
        for wrong in ({"origin": "D"}, {"origin": "BLR"}, {"departure_date": "tomorrow"}, {"max_stops": 4},
                      {"max_stops": -1}, {"limit": 0}, {"limit": 1001}, {"order": "price"}, {"zone": "local"},
                      {"via": ["X"]}, {"airlines": ["AIR"]}, {"cursor": "zz"}, {"longest_minutes": 0},
                      {"earliest_departure": "now"}):
            body = {**good, **wrong}
            query = urlencode({name: self.as_text(value) for name, value in body.items()})
            by_address = self.client.get(f"{ROUTES}?{query}").json
            by_body = self.client.post(f"{ROUTES}/search", body).json
            for problem in (by_address, by_body):
                del problem["request_id"]
            self.assertEqual(by_address, by_body)
            self.assertEqual(by_address["status"], 400)
        asked = f"{ROUTES}?origin=DEL&destination=BLR&departure_date={day(2)}"
        for name, text, words in (
            ("max_stops", "two", "an integer from 0 to 3"), ("max_stops", "1.0", "an integer"),
            ("max_stops", "", "an integer"), ("max_stops", "99999999999999999999", "an integer"),
            ("through_flights", "1", "true or false"), ("via", "DEL,,BOM", "airport code"), ("via", ",", "airport code"),
            ("via", ",".join(["BOM"] * 11), "at most 10"), ("colour", "red", "not a parameter"),
            ("origin", "DEL", "twice"),
        ):
            self.assert_refused(f"{asked}&{name}={text}", name, words)
        for name in good:
            self.assert_refused(f"{ROUTES}?" + urlencode({n: v for n, v in good.items() if n != name}), name,
                                "required")

    def test_routes_and_flights_have_the_tag_of_the_schedule(self):
        for path in (f"{ROUTES}?origin=DEL&destination=BLR&departure_date={day(2)}", f"{FLIGHTS}?page_size=3"):
            whole = self.client.get(path)
            tag = whole.headers["ETag"]
            self.assertRegex(tag, r'^W/"[\d-]+"$')
            head = self.client.call("HEAD", path)
            self.assertEqual((head.status, head.raw, head.headers["ETag"]), (200, b"", tag))
            self.assertEqual(head.headers["Content-Length"], whole.headers["Content-Length"])
            for sent in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
                same = self.client.get(path, {"If-None-Match": sent})
                self.assertEqual((same.status, same.raw, same.headers["ETag"]), (304, b"", tag))
            self.assertEqual(self.client.get(path, {"If-None-Match": 'W/"other"'}).status, 200)

    # ----------------------------------------------------------------------------------------- flights

    def test_flights_of_a_day(self):
        path = f"{FLIGHTS}?origin=DEL&destination=BOM&departure_date={day(3)}&page_size=1000"
        answer = self.client.get(path)
        flights = answer.json["items"]
        self.assertGreater(len(flights), 3)
        self.assertIsNone(answer.json["next_cursor"])
        self.assertEqual(set(flights[0]), {"id", "flight_number", "airline_name", "origin", "destination",
                                           "departure_datetime", "arrival_datetime"})
        times = [f["departure_datetime"] for f in flights]
        self.assertEqual(times, sorted(times))
        searched = self.client.get(f"{ROUTES}?origin=DEL&destination=BOM&departure_date={day(3)}"
                                   "&max_stops=0&order=departure&limit=1000").json["direct"]
        self.assertEqual(sorted(f["id"] for f in flights), sorted(i["flights"][0]["id"] for i in searched))

        sydney = f"{FLIGHTS}?origin=SYD&departure_date={day(3)}&page_size=1000"
        in_utc = self.client.get(f"{sydney}&zone=utc").json["items"]
        self.assertTrue(in_utc and all(f["departure_datetime"].startswith(day(3)) for f in in_utc))
        local = self.client.get(sydney).json["items"]
        self.assertTrue(any(f["departure_datetime"].startswith(day(2)) for f in local), "Sydney is ahead of UTC")
        self.assertEqual(self.client.get(f"{sydney}&zone=origin").json["items"], local)
        window = f"departure_from={times[1]}&departure_to={times[-1]}"
        within = self.client.get(f"{FLIGHTS}?origin=DEL&destination=BOM&{window}").json["items"]
        self.assertEqual([f["id"] for f in within],
                         [f["id"] for f in flights if times[1] <= f["departure_datetime"] < times[-1]])

    def test_flights_by_number_and_by_pages(self):
        wanted = self.client.get(f"{FLIGHTS}?origin=DEL&page_size=1").json["items"][0]
        number = wanted["flight_number"]
        pages = self.follow(f"{FLIGHTS}?flight_number={number.lower()}&page_size=3")
        found = [f for p in pages for f in p.json["items"]]
        self.assertGreater(len(found), 10, "one a day for four weeks")
        self.assertEqual({f["flight_number"] for f in found}, {number})
        self.assertEqual(len({f["id"] for f in found}), len(found))

        lane = f"{FLIGHTS}?origin=DEL&destination=BOM&departure_date={day(1)}"
        whole = self.client.get(lane).json["items"]
        pages = self.follow(f"{lane}&page_size=2")
        self.assertEqual([f for p in pages for f in p.json["items"]], whole)
        self.assertEqual(links(pages[-1])["first"], f"{lane}&page_size=2")

    def test_flight_refusals(self):
        for query, field in (("origin=X", "origin"), ("flight_number=1", "flight_number"), ("page_size=0", "page_size"),
                             ("page_size=1001", "page_size"), ("departure_date=2026-02-30", "departure_date"),
                             ("zone=utc", "zone"), (f"zone=origin&departure_date={day(1)}", "zone"),
                             ("cursor=x", "cursor"), ("cursor=", "cursor"), ("cursor=1-AI101", "cursor"),
                             ("cursor=1-AI101-x", "cursor"), ("departure_from=now", "departure_from"),
                             ("page=2", "page")):
            self.assert_refused(f"{FLIGHTS}?{query}", field)

    def test_one_flight(self):
        listed = self.client.get(f"{FLIGHTS}?page_size=1").json["items"][0]
        path = f"{FLIGHTS}/{listed['id']}"
        answer = self.client.get(path)
        self.assertEqual((answer.status, answer.json), (200, listed))
        tag = answer.headers["ETag"]
        self.assertEqual(self.client.get(path, {"If-None-Match": tag}).status, 304)
        self.assertEqual(self.client.call("HEAD", path).headers["ETag"], tag)
        nobody = self.client.get(f"{FLIGHTS}/999999999")
        self.assertEqual((nobody.status, nobody.json["code"]), (404, "not_found"))
        for wrong in ("0", "-1", "x", "1.0", "99999999999999999999"):
            self.assert_refused(f"{FLIGHTS}/{wrong}", "id")

    # ------------------------------------------------------------------------------------------ import

    def send(self, lines, query="", kind="text/csv"):
        header = "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime"
        return self.client.post(f"{FLIGHTS}/import{query}", "\n".join([header, *lines]),
                                {"Content-Type": kind} if kind else {})

    def test_import(self):
        lines = [f"ZZ{n},Test Air,DEL,BOM,{day(5)}T{n:02}:10:00Z,{day(5)}T{n + 2:02}:20:00Z" for n in range(1, 6)]
        tag = self.client.get(FLIGHTS).headers["ETag"]
        answer = self.send(lines)
        self.assertEqual((answer.status, answer.json), (200, {"lines": 5, "imported": 5, "bad": 0, "bad_lines": []}))
        found = self.client.get(f"{FLIGHTS}?flight_number=ZZ3&departure_date={day(5)}")
        self.assertEqual([f["airline_name"] for f in found.json["items"]], ["Test Air"], "seen at once")
        self.assertNotEqual(found.headers["ETag"], tag)
        again = self.send(lines, kind="text/csv; charset=utf-8")
        self.assertEqual(again.json["imported"], 5)
        same = self.client.get(f"{FLIGHTS}?flight_number=ZZ3&departure_date={day(5)}")
        self.assertEqual((same.json, same.headers["ETag"]), (found.json, found.headers["ETag"]), "nothing changed")

    def test_import_reports_bad_lines(self):
        good = f"ZZ11,Test Air,DEL,BLR,{day(6)}T01:10:00Z,{day(6)}T04:20:00Z"
        bad = ["x", good.replace("DEL", "QQQ"), good.replace("T04:20", "T01:05"), "ZZ11,\"\u00e9,DEL,BLR,a,b"]
        answer = self.send([good.replace("ZZ11", "ZZ12"), *bad])
        self.assertEqual({**answer.json, "bad_lines": []}, {"lines": 5, "imported": 1, "bad": 4, "bad_lines": []})
        self.assertEqual([b["line"] for b in answer.json["bad_lines"]], [3, 4, 5, 6])
        self.assertIn("airport", answer.json["bad_lines"][1]["reason"])

        refused = self.send([good, *bad], "?strict=true")
        self.assertEqual((refused.status, refused.json["code"]), (400, "invalid_request"))
        self.assertIn("4 of 5 lines are bad", refused.json["detail"])
        self.assertEqual([e["field"] for e in refused.json["errors"]], [f"lines[{n}]" for n in (3, 4, 5, 6)])
        self.assertEqual(self.client.get(f"{FLIGHTS}?flight_number=ZZ11").json["items"], [])
        self.assertEqual(self.send([good], "?strict=true").json["imported"], 1)

    def test_import_takes_only_csv(self):
        for kind in ("application/json", "text/plain", "application/gzip", "text/csvx", ""):
            self.assertEqual(self.send(["x"], kind=kind).status, 415, kind)
        zipped = self.client.post(f"{FLIGHTS}/import", b"x", {"Content-Type": "text/csv", "Content-Encoding": "gzip"})
        self.assertEqual(zipped.status, 415)
        self.assertIn("text/csv", zipped.json["detail"])
        self.assertEqual(self.client.post(BOOKINGS, "{}", {"Content-Type": "text/csv"}).status, 415)
        for body in ("", "a,b,c\n1,2,3", "\0", "x" * 70_000, "\xff\xfe".encode("latin-1")):
            refused = self.client.post(f"{FLIGHTS}/import", body, {"Content-Type": "text/csv"})
            self.assertEqual((refused.status, refused.json["code"]), (400, "invalid_request"))
        self.assert_import_refused("?strict=1", "strict")
        large = self.client.post(f"{FLIGHTS}/import", "x" * (1024 * 1024 + 1), {"Content-Type": "text/csv"})
        self.assertEqual(large.status, 413)

    def assert_import_refused(self, query, field):
        answer = self.send([], query)
        self.assertEqual((answer.status, [e["field"] for e in answer.json["errors"]]), (400, [field]))

    # ----------------------------------------------------------------------------------------- history

    def test_a_history_has_the_tag_of_its_booking(self):
        path, made = self.client.book()
        first = self.client.get(f"{path}/history")
        self.assertEqual(first.headers["ETag"], made.headers["ETag"])
        same = self.client.get(f"{path}/history", {"If-None-Match": first.headers["ETag"]})
        self.assertEqual((same.status, same.raw, same.headers["ETag"]), (304, b"", '"1"'))
        self.client.post(f"{path}/depart")
        moved = self.client.get(f"{path}/history", {"If-None-Match": first.headers["ETag"]})
        self.assertEqual((moved.status, moved.headers["ETag"], len(moved.json["events"])), (200, '"2"', 2))
        head = self.client.call("HEAD", f"{path}/history")
        self.assertEqual((head.status, head.raw, head.headers["ETag"]), (200, b"", '"2"'))

    # -------------------------------------------------------------------------------------------- HEAD

    def test_head(self):
        self.client.book()
        path = f"{BOOKINGS}?page_size=1"
        whole = self.client.get(path)
        head = self.client.call("HEAD", path)
        self.assertEqual((head.status, head.raw), (200, b""))
        for name in ("Content-Type", "Content-Length", "Link"):
            self.assertEqual(head.headers[name], whole.headers[name])


if STORE == "sqlite":  # else it was tested on memory already
    class ReadingOnMemory(ReadingCase, unittest.TestCase):
        store = "memory:"


class ReadingOnDisk(ReadingCase, unittest.TestCase):
    """A store of its own; see harness.Server."""


if __name__ == "__main__":
    unittest.main()
