"""SIGTERM under load: every request that was taken in is answered in full, then the program ends with 0."""

import http.client
import signal
import threading
import unittest

from harness import NEW_BOOKING, RawConnection, Server, wait_until

CLIENTS = 32


class Drain(unittest.TestCase):
    def test_no_accepted_request_is_cut(self):
        with Server("--log-level", "warn") as server:
            acknowledged, unanswered, cut = [], [], []
            enough = threading.Event()

            def load(number):
                """Books until the server is gone; each booking is known by its number of pieces and its weight."""
                with server.client() as client:
                    for count in range(1, 100_000):
                        order = {**NEW_BOOKING, "pieces": number + 1, "weight_kg": count}
                        try:
                            answer = client.post("/api/v1/bookings", order)
                        except http.client.IncompleteRead as partial:
                            cut.append(str(partial))
                            return
                        except (OSError, http.client.HTTPException):
                            unanswered.append((number + 1, count))
                            return
                        if answer.status != 201:
                            cut.append(str(answer))
                            return
                        acknowledged.append((answer.json["pieces"], answer.json["weight_kg"]))
                        if len(acknowledged) > 500:
                            enough.set()

            threads = [threading.Thread(target=load, args=(n,)) for n in range(CLIENTS)]
            for thread in threads:
                thread.start()
            self.assertTrue(enough.wait(60))
            server.signal(signal.SIGTERM)
            for thread in threads:
                thread.join()
            self.assertEqual(server.wait(), 0)
            self.assertEqual(cut, [])
            self.assertIn(", 0 differences", server.verify().stdout)

            server.start()  # what is in the store is what was answered, neither less nor more
            stored = self.stored(server)
            self.assertEqual(stored, set(acknowledged))
            print(f"{len(acknowledged)} answered, {len(unanswered)} refused at the door, none of them stored")

    def stored(self, server):
        found, cursor = set(), ""
        with server.client() as client:
            while cursor is not None:
                page = client.get("/api/v1/bookings?page_size=1000" + (f"&cursor={cursor}" if cursor else "")).json
                found |= {(b["pieces"], b["weight_kg"]) for b in page["items"]}
                cursor = page["next_cursor"]
        return found

    def test_idle_connections_end_and_a_request_under_way_is_finished(self):
        with Server() as server:
            idle, amid = RawConnection(server.port), RawConnection(server.port)
            body = b'{"origin":"DEL","destination":"BLR","pieces":5,"weight_kg":120}'
            idle.send(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual(idle.read_answer().status, 200)
            amid.send(b"POST /api/v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                      b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
            self.assertEqual(amid.read_answer().status, 100)  # so the server has taken it in

            server.signal(signal.SIGTERM)
            self.assertEqual(idle.read_all(), b"")
            amid.send(body)
            answer = amid.read_answer()
            self.assertEqual((answer.status, answer.headers["Connection"]), (201, "close"))
            self.assertEqual(server.wait(), 0)
            idle.close()
            amid.close()

    def test_a_second_signal_ends_at_once(self):
        with Server() as server:
            with RawConnection(server.port) as amid:
                amid.send(b"GET /health HTTP/1.1\r\n")  # never finished
                with server.client() as client:
                    self.assertEqual(client.get("/health").status, 200)
                server.signal(signal.SIGTERM)
                wait_until(lambda: "server.draining" in server.log(), "it drains")
                server.signal(signal.SIGTERM)
                self.assertEqual(server.wait(), -signal.SIGTERM)

    def test_it_ends_though_a_client_hangs(self):
        with Server("--header-time", 1) as server, RawConnection(server.port) as amid:
            amid.send(b"GET /health HTTP/1.1\r\n")
            with server.client() as client:
                self.assertEqual(client.get("/health").status, 200)
            server.signal(signal.SIGINT)
            self.assertEqual(amid.read_answer().status, 408)
            amid.close()
            self.assertEqual(server.wait(), 0)


if __name__ == "__main__":
    unittest.main()
