"""Lists, flights and route searches as programs read them: filters, orders, links."""

import re
import unittest
from urllib.parse import parse_qs, urlsplit

from harness import STORE, Server

BOOKINGS = "/api/v1/bookings"


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
        self.assert_refused(f"{BOOKINGS}?page=0", "page", "an integer from 1 to 1000000000")

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
