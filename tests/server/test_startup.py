"""What the log says about what the server works with, and about a store that goes away."""

import unittest

from harness import Server, log_line, wait_until
from private_postgres import PrivatePostgres
from private_redis import PrivateRedis

SECRET = "hush-hush"


def events(server, name):
    """The lines of this name so far; the last line may be on its way."""
    whole = server.log().rpartition("\n")[0]
    return [line for line in map(log_line, whole.splitlines()) if line["event"] == name]


def wait_for(server, name, count=1):
    wait_until(lambda: len(events(server, name)) >= count, f"{name} is said")
    return events(server, name)[-1]


class Settings(unittest.TestCase):
    def settings_of(self, server):
        wait_for(server, "server.started")
        return {name: events(server, f"server.{name}")[0] for name in ("store", "cache", "locks", "limits", "auth")}

    def test_as_it_comes(self):
        with Server() as server:
            said = self.settings_of(server)
        self.assertEqual((said["store"]["kind"], said["store"]["place"]), ("sqlite", f"{server.folder}/aircargo.db"))
        self.assertGreaterEqual(int(said["store"]["schema"]), 4)
        self.assertEqual((said["cache"]["kind"], said["locks"]["kind"]), ("memory", "local"))
        self.assertEqual((said["limits"]["by_address"], said["auth"]["kind"]), ("off", "off"))

    def test_with_all_that_there_is(self):
        with PrivatePostgres() as postgres, PrivateRedis({"requirepass": SECRET}) as redis:
            postgres.sql(f"CREATE ROLE keeper LOGIN SUPERUSER PASSWORD '{SECRET}'")
            store = postgres.url().replace("aircargo@", f"keeper:{SECRET}@")
            at = redis.url()
            env = {"AIRCARGO_RATE_LIMIT": "60/min", "AIRCARGO_LOGIN_RATE_LIMIT": "5/s,burst=20",
                   "AIRCARGO_JWT_SECRET": f"{SECRET} 0123456789 abcdefgh {SECRET}", "AIRCARGO_TRUSTED_PROXIES": "10.0.0.0/8,::1"}
            with Server("--cache", at, "--lock", at, store=store, env=env) as server:
                said = self.settings_of(server)
                log = server.log()
        self.assertNotIn(SECRET, log)
        self.assertIn(f"127.0.0.1:{postgres.port}/", said["store"]["place"])
        for part in ("cache", "locks", "limits"):
            self.assertIn(f"127.0.0.1:{redis.port}", said[part]["place"])
            self.assertEqual(said[part]["kind"], "redis")
        self.assertEqual(said["limits"]["by_address"], "1 in 1000 ms, 60 at once")
        self.assertEqual(said["limits"]["of_logins"], "1 in 200 ms, 20 at once")
        self.assertEqual(said["limits"]["trusted_proxies"], "2")
        self.assertEqual((said["auth"]["kind"], said["auth"]["algorithm"], said["auth"]["keys_drawn"]),
                         ("required", "HS256", "no"))


class Away(unittest.TestCase):
    def test_a_store_that_goes_and_comes_back(self):
        with PrivatePostgres() as postgres, Server(store=postgres.url()) as server:
            for count in (1, 2):
                postgres.shut_down("immediate")
                gone = wait_for(server, "store.away", count)
                self.assertEqual(gone["level"], "warning")
                self.assertIn(f":{postgres.port}/", gone["place"])
                postgres.start()
                wait_for(server, "store.back", count)
            self.assertEqual([len(events(server, f"store.{what}")) for what in ("away", "back")], [2, 2])
            with server.client() as client:
                client.book()

    def test_the_replica_of_lists(self):
        with PrivatePostgres() as primary, primary.standby() as replica:
            with Server("--store-list-url", replica.url(), store=primary.url()) as server:
                replica.shut_down("immediate")
                self.assertIn(f":{replica.port}/", wait_for(server, "replica.away")["place"])
                replica.start()
                wait_for(server, "replica.back")
                self.assertEqual(events(server, "store.away"), [])

    def test_a_store_that_is_a_replica_is_warned_of(self):
        with PrivatePostgres() as primary:
            with Server(store=primary.url()):
                pass  # the schema is there, and the replica gets it
            with primary.standby(synchronous=True) as replica, Server(store=replica.url()) as server:
                self.assertIn("replica", wait_for(server, "store.away")["detail"])
                with server.client() as client:
                    self.assertEqual(client.get("/api/v1/bookings").status, 200)
                    self.assertEqual(client.post("/api/v1/bookings", {}).status, 400)
                replica.promote()
                wait_for(server, "store.back")
                with server.client() as client:
                    client.book()


if __name__ == "__main__":
    unittest.main()
