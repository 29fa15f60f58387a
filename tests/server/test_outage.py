"""The store can not write for a while: changes are refused with 503, reads go on, and all is well afterwards."""

import sqlite3
import threading
import unittest

from harness import Server


class Outage(unittest.TestCase):
    def test_a_store_that_another_program_holds(self):
        with Server("--log-level", "warn") as server, server.client() as client:
            path, _ = client.book()
            other = sqlite3.connect(server.folder / "aircargo.db", isolation_level=None)
            self.addCleanup(other.close)
            other.execute("BEGIN IMMEDIATE")

            answers = []

            def depart():
                with server.client() as waiting:
                    answers.append(waiting.post(f"{path}/depart", headers={"Idempotency-Key": "again"}))

            waiting = threading.Thread(target=depart)
            waiting.start()
            while waiting.is_alive():
                self.assertEqual(client.get(path).json["status"], "BOOKED")
                self.assertEqual(client.get("/api/v1/bookings").json["total"], 1)
                self.assertEqual(client.get("/health/detailed").status, 200)
                waiting.join(0.2)
            (answer,) = answers
            self.assertEqual((answer.status, answer.json["code"]), (503, "timed_out"), answer)
            self.assertEqual(answer.headers["Retry-After"], "1")
            self.assertNotIn("database", answer.json["detail"])  # the driver's words

            other.execute("ROLLBACK")
            again = client.post(f"{path}/depart", headers={"Idempotency-Key": "again"})
            self.assertEqual((again.status, again.json["revision"]), (200, 2))


if __name__ == "__main__":
    unittest.main()
