"""Many bookings, and many acts, in one request each."""

import threading
import unittest

from harness import NEW_BOOKING, STORE, Server, wait_until

BOOKINGS = "/api/v1/bookings"
BATCH = f"{BOOKINGS}/batch"
STATUS = f"{BATCH}/status"


class BatchCase:
    """The cases; run below on each store."""

    store = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(store=cls.store)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = self.server.client()
        self.addCleanup(self.client.close)

    def send(self, path, entries, headers=None):
        answer = self.client.post(path, {"entries": entries}, headers)
        self.assertEqual(answer.status, 207, answer)
        results = answer.json["results"]
        self.assertEqual(len(results), len(entries))
        for result in results:
            self.assertEqual(set(result), {"status", "booking" if result["status"] < 400 else "problem"})
            if result["status"] >= 400:
                self.assertEqual(result["problem"]["status"], result["status"])
                self.assertEqual(result["problem"]["request_id"], answer.headers["X-Request-ID"])
        return results

    def statuses(self, path, entries, headers=None):
        return [r["status"] for r in self.send(path, entries, headers)]

    def booked(self, count):
        return [r["booking"]["ref_id"] for r in self.send(BATCH, [NEW_BOOKING] * count)]

    def assert_refused(self, path, body, field, words="", headers=None):
        answer = self.client.post(path, body, headers)
        self.assertEqual(answer.status, 400, answer)
        self.assertEqual([e["field"] for e in answer.json["errors"]], [field])
        self.assertIn(words, answer.json["detail"])

    # ----------------------------------------------------------------------------------------- creating

    def test_creates_in_order(self):
        results = self.send(BATCH, [{**NEW_BOOKING, "pieces": n, "notes": f"number {n}"} for n in range(1, 21)])
        self.assertEqual([r["status"] for r in results], [201] * 20)
        self.assertEqual([r["booking"]["pieces"] for r in results], list(range(1, 21)))
        self.assertEqual(len({r["booking"]["ref_id"] for r in results}), 20)
        for n in (0, 19):
            booking = results[n]["booking"]
            self.assertEqual(self.client.get(f"{BOOKINGS}/{booking['ref_id']}").json, booking)
            events = self.client.get(f"{BOOKINGS}/{booking['ref_id']}/history").json["events"]
            self.assertEqual([e["notes"] for e in events], [f"number {n + 1}"])

    def test_a_bad_entry_does_not_touch_its_neighbours(self):
        bad = [
            ({**NEW_BOOKING, "origin": "X"}, "entries[0].origin", "invalid_airport_code"),
            ({**NEW_BOOKING, "weight_kg": 2.5}, "entries[1].weight_kg", "invalid_request"),
            ({**NEW_BOOKING, "colour": "red"}, "entries[2].colour", "invalid_request"),
            ({"origin": "DEL", "pieces": 1, "weight_kg": 1}, "entries[3].destination", "invalid_request"),
            (7, "entries[4]", "invalid_request"), (None, "entries[5]", "invalid_request"),
            ([], "entries[6]", "invalid_request"),
        ]
        results = self.send(BATCH, [entry for entry, _, _ in bad] + [NEW_BOOKING])
        self.assertEqual([r["status"] for r in results], [400] * 7 + [201])
        for result, (_, field, code) in zip(results, bad):
            self.assertIn((field, code), [(e["field"], e["code"]) for e in result["problem"]["errors"]])

        # What the service refuses, beside what the reader refuses.
        results = self.send(BATCH, [{**NEW_BOOKING, "destination": "DEL"}, NEW_BOOKING,
                                    {**NEW_BOOKING, "flight_ids": [987654321]}, NEW_BOOKING])
        self.assertEqual([r["status"] for r in results], [400, 201, 400, 201])

    def test_what_is_wrong_with_an_entry_is_bounded(self):
        result = self.send(BATCH, [{f"x{n}": 1 for n in range(50)}])[0]
        self.assertEqual(len(result["problem"]["errors"]), 5)

    def test_takes_one_to_a_thousand(self):
        self.assertEqual(self.statuses(BATCH, [NEW_BOOKING]), [201])
        self.assertEqual(self.statuses(BATCH, [NEW_BOOKING] * 1000), [201] * 1000)
        for entries in ([], [NEW_BOOKING] * 1001, {}, "x", 1):
            for path in (BATCH, STATUS):
                self.assert_refused(path, {"entries": entries}, "entries", "a list of 1 to 1000 objects")
        for path in (BATCH, STATUS):
            self.assert_refused(path, {}, "entries", "required")
            self.assert_refused(path, {"entries": None}, "entries", "required")
            self.assert_refused(path, None, "entries", "required")
            self.assert_refused(path, {"entries": [NEW_BOOKING], "more": 1}, "more")
            self.assert_refused(path, {"entries": [{}]}, "If-Match", "if_revision", {"If-Match": '"1"'})
            self.assert_refused(path, {"entries": [{}]}, "Idempotency-Key", "", {"Idempotency-Key": "x" * 256})
        listed = self.client.post(BATCH, [NEW_BOOKING])
        self.assertEqual((listed.status, listed.json["code"]), (400, "invalid_json"))

    # ------------------------------------------------------------------------------------------- acting

    def test_acts_in_order(self):
        refs = self.booked(3)
        results = self.send(STATUS, [{"ref_id": ref, "act": act, "notes": act} for act in ("depart", "arrive")
                                     for ref in refs])
        self.assertEqual([r["status"] for r in results], [200] * 6)
        self.assertEqual([r["booking"]["status"] for r in results], ["DEPARTED"] * 3 + ["ARRIVED"] * 3)
        self.assertEqual([r["booking"]["ref_id"] for r in results], refs * 2)

        # A whole life in one request: equal references are worked off in order.
        ref = self.booked(1)[0]
        life = [{"ref_id": ref, "act": act} for act in ("depart", "arrive", "deliver", "cancel")]
        results = self.send(STATUS, life)
        self.assertEqual([r["status"] for r in results], [200, 200, 200, 409])
        self.assertEqual([r["booking"]["revision"] for r in results[:3]], [2, 3, 4])
        events = self.client.get(f"{BOOKINGS}/{ref}/history").json["events"]
        self.assertEqual([e["event_type"] for e in events], ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED"])

    def test_refused_acts_stand_alone(self):
        ref, other = self.booked(2)
        results = self.send(STATUS, [
            {"ref_id": ref, "act": "deliver"},
            {"ref_id": "ACB99999999999999999", "act": "depart"},
            {"ref_id": "nothing", "act": "depart"},
            {"ref_id": ref, "act": "fly"},
            {"ref_id": ref},
            {"ref_id": ref, "act": "depart", "if_revision": 7},
            {"ref_id": ref, "act": "cancel", "location": "DEL"},
            {"ref_id": ref, "act": "depart", "location": "BOM"},
            {"ref_id": ref, "act": "depart", "if_revision": 1, "location": "DEL"},
            {"ref_id": other, "act": "cancel", "notes": "no longer wanted"},
        ])
        self.assertEqual([r["status"] for r in results], [409, 404, 400, 400, 400, 412, 400, 409, 200, 200])
        codes = [r["problem"]["code"] for r in results[:8]]
        self.assertEqual(codes, ["illegal_transition", "not_found", "invalid_booking_ref", "invalid_request",
                                 "invalid_request", "precondition_failed", "invalid_request", "off_plan"])
        self.assertEqual([results[n]["problem"]["errors"][0]["field"] for n in (2, 3, 4, 6)],
                         ["entries[2].ref_id", "entries[3].act", "entries[4].act", "entries[6].location"])
        self.assertEqual(results[9]["booking"]["status"], "CANCELLED")
        off_plan = self.send(STATUS, [{"ref_id": ref, "act": "arrive", "location": "BOM", "off_plan": True}])[0]
        self.assertTrue(off_plan["booking"]["misrouted"])

    # --------------------------------------------------------------------------------------- idempotency

    def test_the_same_request_answers_the_same(self):
        key = {"Idempotency-Key": "batch-1"}
        entries = [{**NEW_BOOKING, "pieces": n} for n in (1, 2, 3)]
        first = self.send(BATCH, entries, key)
        self.assertEqual(self.send(BATCH, entries, key), first)
        self.assertEqual([r["status"] for r in first], [201] * 3)
        refs = [r["booking"]["ref_id"] for r in first]
        acts = [{"ref_id": ref, "act": "depart"} for ref in refs]
        departed = self.send(STATUS, acts, key)
        self.assertEqual([r["status"] for r in departed], [200] * 3)
        self.assertEqual(self.send(STATUS, acts, key), departed)
        self.assertEqual(self.send(BATCH, entries, key), first, "as it was answered then")
        self.assertEqual(self.statuses(STATUS, acts), [409] * 3, "without the key it is another request")

    def test_each_entry_has_a_key_of_its_own(self):
        key = {"Idempotency-Key": "batch-2"}
        entries = [{**NEW_BOOKING, "pieces": n} for n in (1, 2, 3)]
        first = self.send(BATCH, entries, key)
        # Another entry in the second place is another request under the same key; the others are as before.
        changed = self.send(BATCH, [entries[0], {**NEW_BOOKING, "pieces": 9}, entries[2], NEW_BOOKING], key)
        self.assertEqual([r["status"] for r in changed], [201, 422, 201, 201])
        self.assertEqual([changed[0], changed[2]], [first[0], first[2]])
        self.assertEqual(changed[1]["problem"]["code"], "idempotency_mismatch")
        # What was refused before is not remembered, as for a request of its own.
        mended = self.send(BATCH, [{**NEW_BOOKING, "pieces": 0}], {"Idempotency-Key": "batch-3"})
        self.assertEqual(mended[0]["status"], 400)
        self.assertEqual(self.statuses(BATCH, [NEW_BOOKING], {"Idempotency-Key": "batch-3"}), [201])
        # Two equal entries are two bookings.
        twins = self.send(BATCH, [NEW_BOOKING, NEW_BOOKING], {"Idempotency-Key": "batch-4"})
        self.assertNotEqual(twins[0]["booking"]["ref_id"], twins[1]["booking"]["ref_id"])

    def test_many_batches_at_once(self):
        """Six clients, each with its own bookings and all with one that they share."""
        shared = self.booked(1)[0]
        results, errors = [], []

        def work(number):
            try:
                with self.server.client() as client:
                    made = client.post(BATCH, {"entries": [NEW_BOOKING] * 40}).json["results"]
                    refs = [r["booking"]["ref_id"] for r in made]
                    entries = [{"ref_id": ref, "act": act} for ref in refs for act in ("depart", "arrive", "deliver")]
                    entries.insert(number * 7, {"ref_id": shared, "act": "depart"})
                    results.append([r["status"] for r in client.post(STATUS, {"entries": entries}).json["results"]])
            except Exception as failure:  # noqa: BLE001
                errors.append(failure)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        self.assertEqual([len(r) for r in results], [121] * 6)
        self.assertEqual(sorted(s for r in results for s in r if s != 200), [409] * 5, "one departed it")


if STORE == "sqlite":  # else it was tested on memory already
    class BatchesOnMemory(BatchCase, unittest.TestCase):
        store = "memory:"


class BatchesOnDisk(BatchCase, unittest.TestCase):
    """A store of its own; see harness.Server."""

    def test_goes_on_after_a_crash(self):
        """Kill it amid batches; sent again with the same keys, every entry is there once."""
        with Server() as server:
            stop = threading.Event()
            sent = []

            def work(number):
                with server.client() as client:
                    while not stop.is_set():
                        key = f"crash-{number}-{len(sent)}"
                        sent.append((key, len(sent) % 5 + 1))
                        try:
                            client.post(BATCH, {"entries": [NEW_BOOKING] * (sent[-1][1] * 20)},
                                        {"Idempotency-Key": key})
                        except OSError:
                            return

            thread = threading.Thread(target=work, args=(1,))
            thread.start()
            with server.client() as client:
                wait_until(lambda: client.get(f"{BOOKINGS}?page_size=1").json["total"] >= 300, "there are some")
            server.kill()
            stop.set()
            thread.join()
            server.start()
            with server.client() as client:
                refs = []
                for key, twenties in sent:
                    answer = client.post(BATCH, {"entries": [NEW_BOOKING] * (twenties * 20)}, {"Idempotency-Key": key})
                    results = answer.json["results"]
                    self.assertEqual([r["status"] for r in results], [201] * (twenties * 20))
                    refs += [r["booking"]["ref_id"] for r in results]
                self.assertEqual(len(set(refs)), len(refs))
                total = client.get(f"{BOOKINGS}?page_size=1").json["total"]
                self.assertEqual(total, len(refs), "every entry once")


if __name__ == "__main__":
    unittest.main()
