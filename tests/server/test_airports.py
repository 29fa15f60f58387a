"""GET /api/v1/airports: what people type finds the airport that they mean."""

import os
import unittest
from pathlib import Path

from harness import Server

PATH = "/api/v1/airports"


class Airports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(env={"AIRCARGO_RATE_LIMIT": "off"})
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def codes(self, query):
        answer = self.client.get(f"{PATH}?{query}")
        self.assertEqual(answer.status, 200, answer)
        return [a["code"] for a in answer.json["items"]]

    def test_an_airport(self):
        answer = self.client.get(f"{PATH}?search=del&limit=1")
        self.assertEqual(answer.status, 200)
        (delhi,) = answer.json["items"]
        self.assertEqual((delhi["code"], delhi["country"], delhi["time_zone"]), ("DEL", "IN", "Asia/Kolkata"))
        self.assertIn("Delhi", delhi["city"])
        self.assertIn("Indira Gandhi", delhi["name"])
        self.assertAlmostEqual(delhi["latitude"], 28.57, places=1)
        self.assertAlmostEqual(delhi["longitude"], 77.1, places=1)

    def test_search(self):
        self.assertEqual(self.codes("search=BLR")[0], "BLR")
        self.assertEqual(self.codes("search=krakow")[0], "KRK")
        self.assertEqual(self.codes("search=S%C3%A3o%20Paulo%20guarulhos"), ["GRU"])
        self.assertEqual(self.codes("search=o%27hare")[0], "ORD")
        self.assertIn("LHR", self.codes("search=london"))
        self.assertEqual(self.codes("search=no+such+place"), [])
        self.assertEqual(self.codes("search=%3Cscript%3E"), [])
        self.assertTrue(all(code.startswith("FR") for code in self.codes("search=fr&limit=3")))

    def test_codes(self):
        self.assertEqual(self.codes("codes=JFK,del,BLR"), ["BLR", "DEL", "JFK"])
        self.assertEqual(self.codes("codes=QQQ"), [])
        self.assertEqual(self.codes("codes=JFK,DEL&search=york"), ["JFK"])
        many = self.codes("limit=500")
        self.assertEqual((len(many), many), (500, sorted(many)))
        self.assertEqual(self.codes("codes=" + ",".join(many)), many, "all that are named, without a limit")
        self.assertEqual(len(self.codes("")), 20)

    def test_bad_parameters(self):
        for query, field in (("limit=0", "limit"), ("limit=501", "limit"), ("limit=x", "limit"), ("codes=", "codes"),
                             ("codes=DEL,", "codes"), ("codes=D1L", "codes"), ("codes=" + ",".join(["DEL"] * 501), "codes"),
                             ("search=" + "x" * 65, "search"), ("colour=red", "colour")):
            answer = self.client.get(f"{PATH}?{query}")
            self.assertEqual((answer.status, [e["field"] for e in answer.json["errors"]]), (400, [field]), query)

    def test_a_browser_keeps_it(self):
        answer = self.client.get(f"{PATH}?search=de")
        self.assertEqual(answer.headers["Cache-Control"], "public, max-age=3600")
        again = self.client.get(f"{PATH}?search=de", {"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status, again.raw), (304, b""))

    def test_typing_is_not_counted_among_requests(self):
        with Server(env={"AIRCARGO_RATE_LIMIT": "2/min"}) as server, server.client() as client:
            for _ in range(20):
                self.assertEqual(client.get(f"{PATH}?search=de").status, 200)
            self.assertEqual(client.get("/api/v1/routes?origin=DEL&destination=BLR&departure_date=2026-12-01").status, 200)

    def cpu_seconds(self):
        """That the server has taken so far; other programs that are busy do not count."""
        fields = Path(f"/proc/{self.server.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_it_costs_little(self):
        self.codes("search=a")  # makes the words ready
        searches = ("a", "lon", "new%20york", "international%20airport", "zzz") * 40
        before = self.cpu_seconds()
        for text in searches:
            self.codes(f"search={text}&limit=10")
        each = (self.cpu_seconds() - before) / len(searches)
        print(f"a search takes {1000 * each:.2f} ms of a core")
        self.assertLess(each, 0.02)


if __name__ == "__main__":
    unittest.main()
