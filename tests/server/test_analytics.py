"""Numbers about bookings, beside the same numbers added up from the lists."""

import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from harness import NEW_BOOKING, STORE, Server, day, sql

BOOKINGS = "/api/v1/bookings"
ANALYTICS = "/api/v1/analytics"
LANES = [("DEL", "BLR"), ("BLR", "DEL"), ("FRA", "JFK"), ("SIN", "SYD")]


class AnalyticsCase:
    """The cases; run below on each store."""

    store = None

    def setUp(self):
        self.server = Server(store=self.store)
        self.addCleanup(self.server.stop)
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def given_bookings(self):
        entries = [{**NEW_BOOKING, "origin": o, "destination": d, "weight_kg": 10 + n}
                   for n in range(40) for o, d in LANES[: 1 + n % 4]]
        made = self.client.post(f"{BOOKINGS}/batch", {"entries": entries}).json["results"]
        refs = [r["booking"]["ref_id"] for r in made]
        acts = [{"ref_id": ref, "act": act} for n, ref in enumerate(refs)
                for act in ("depart", "arrive", "deliver")[: n % 4]]
        acts += [{"ref_id": ref, "act": "cancel"} for n, ref in enumerate(refs) if n % 12 == 0]
        results = self.client.post(f"{BOOKINGS}/batch/status", {"entries": acts}).json["results"]
        self.assertEqual({r["status"] for r in results}, {200})

    def added_up(self, days):
        """What the numbers are by the list of all bookings."""
        listed = self.client.get(f"{BOOKINGS}?page_size=1000").json["items"]
        listed = [b for b in listed if b["created_at"][:10] in days]
        lanes = Counter((b["origin"], b["destination"]) for b in listed)
        weights = Counter()
        for b in listed:
            weights[b["origin"], b["destination"]] += b["weight_kg"]
        return {
            "bookings": len(listed),
            "weight_kg": sum(b["weight_kg"] for b in listed),
            "by_day": [{"day": d, "bookings": sum(b["created_at"][:10] == d for b in listed),
                        "weight_kg": sum(b["weight_kg"] for b in listed if b["created_at"][:10] == d)} for d in days],
            "popular_routes": [{"origin": o, "destination": d, "bookings": n, "weight_kg": weights[o, d]}
                               for (o, d), n in sorted(lanes.items(), key=lambda lane: (-lane[1], lane[0]))],
            "by_status": {s: sum(b["status"] == s for b in listed)
                          for s in ("BOOKED", "DEPARTED", "ARRIVED", "DELIVERED", "CANCELLED")},
        }

    def test_numbers_are_those_of_the_list(self):
        self.given_bookings()
        days = [day(n) for n in range(-29, 1)]
        answer = self.client.get(ANALYTICS)
        self.assertEqual(answer.status, 200, answer)
        told = answer.json
        self.assertEqual((told["from"], told["to"]), (days[0], days[-1]), "the last 30 days")
        wanted = self.added_up(days)
        self.assertEqual({name: told[name] for name in wanted}, wanted)
        arrived = wanted["by_status"]["ARRIVED"] + wanted["by_status"]["DELIVERED"]
        self.assertEqual(told["transit"], {"arrived": arrived, "read": arrived, "mean_minutes": 0})
        self.assertRegex(told["as_of"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

        none = self.client.get(f"{ANALYTICS}?from={day(-40)}&to={day(-35)}").json
        self.assertEqual((none["bookings"], none["popular_routes"]), (0, []))
        self.assertEqual([d["day"] for d in none["by_day"]], [day(n) for n in range(-40, -34)])
        self.assertEqual(none["transit"], {"arrived": 0, "read": 0})

    def test_is_remembered_for_a_while(self):
        self.client.book()
        first = self.client.get(ANALYTICS)
        self.client.book()
        again = self.client.get(ANALYTICS)
        self.assertEqual(again.json, first.json)
        self.assertEqual(again.json["bookings"], 1)
        other = self.client.get(f"{ANALYTICS}?from={day(-5)}&to={day(0)}").json
        self.assertEqual(other["bookings"], 2)

        tag = first.headers["ETag"]
        same = self.client.get(ANALYTICS, {"If-None-Match": tag})
        self.assertEqual((same.status, same.raw, same.headers["ETag"]), (304, b"", tag))
        head = self.client.call("HEAD", ANALYTICS)
        self.assertEqual((head.status, head.raw, head.headers["ETag"]), (200, b"", tag))
        self.assertEqual(head.headers["Content-Length"], first.headers["Content-Length"])

    def test_many_may_ask_at_once(self):
        self.given_bookings()

        def ask(number):
            with self.server.client() as client:
                return client.get(f"{ANALYTICS}?from={day(-number % 3)}&to={day(2)}")

        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(ask, range(36)))
        self.assertEqual({a.status for a in answers}, {200})
        for span in range(3):
            self.assertEqual(len({a.raw for a in answers[span::3]}), 1, "worked out once")

    def test_refusals(self):
        for query, field in (("from=yesterday", "from"), ("to=2026-02-30", "to"), ("from=", "from"),
                             (f"from={day(-92)}&to={day(0)}", "from"), (f"from={day(1)}&to={day(0)}", "to"),
                             (f"from={day(2)}", "to"), (f"to={day(-400)}&from={day(0)}", "to"), ("days=3", "days"),
                             ("from=0001-01-01", "from")):
            answer = self.client.get(f"{ANALYTICS}?{query}")
            self.assertEqual(answer.status, 400, f"{query}: {answer}")
            self.assertIn(field, [e["field"] for e in answer.json["errors"]], answer)
        self.assertEqual(self.client.get(f"{ANALYTICS}?from={day(-91)}&to={day(0)}").status, 200, "92 days")
        self.assertEqual(self.client.get(f"{ANALYTICS}?from={day(0)}&to={day(0)}").status, 200, "one day")


if STORE == "sqlite":  # else it was tested on memory already
    class AnalyticsOnMemory(AnalyticsCase, unittest.TestCase):
        store = "memory:"


class AnalyticsOnDisk(AnalyticsCase, unittest.TestCase):
    """A store of its own; see harness.Server."""

    def test_numbers_of_other_days(self):
        self.given_bookings()
        shift = ("created_at - 86400 * (id % 7)" if STORE == "sqlite"
                 else "created_at - (id % 7) * interval '1 day'")
        sql(self.server.store, f"UPDATE bookings SET created_at = {shift}")
        days = [day(n) for n in range(-4, -1)]
        told = self.client.get(f"{ANALYTICS}?from={days[0]}&to={days[-1]}").json
        wanted = self.added_up(days)
        self.assertTrue(all(d["bookings"] > 5 for d in wanted["by_day"]))
        self.assertEqual({name: told[name] for name in wanted}, wanted)


if __name__ == "__main__":
    unittest.main()
