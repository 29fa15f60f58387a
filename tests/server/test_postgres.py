"""What a server on PostgreSQL does beyond other stores: roles, schemas, a second server, a replica, an outage.

The API itself is tested on PostgreSQL by the other tests, see harness.STORE.
"""

import os
import shutil
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import NEW_BOOKING, Server, day, log_line, run, wait_until
from private_postgres import PrivatePostgres

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
NEWEST_SCHEMA = len(list((SOURCE / "src/postgres/migrations").glob("*.sql")))
BOOKINGS = "/api/v1/bookings"
FLIGHTS = (
    "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n"
    f"AI101,Air India,DEL,BOM,{day(1)}T06:00:00Z,{day(1)}T08:10:00Z\n"
    f"AI204,Air India,BOM,BLR,{day(1)}T10:10:00Z,{day(1)}T11:55:00Z\n"
)


class Postgres(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = PrivatePostgres()
        cls.addClassCleanup(cls.postgres.stop)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.database = self.folder.name
        self.postgres.sql(f'CREATE DATABASE "{self.database}"')
        self.store = self.postgres.url(database=self.database)

    def sql(self, text):
        return self.postgres.sql(text, self.database)

    def import_flights(self, text=FLIGHTS):
        path = self.folder / "flights.csv"
        path.write_text(text, encoding="utf-8")
        done = run("import-flights", path, "--store", self.store)
        self.assertEqual(done.returncode, 0, done)

    def routes(self, client):
        body = {"origin": "DEL", "destination": "BLR", "departure_date": day(1), "zone": "utc"}
        found = client.post("/api/v1/routes/search", body).json
        return [[f["flight_number"] for f in r["flights"]] for r in found["direct"] + found["transit"]]

    # ------------------------------------------------------------------------------------- schema and roles

    def test_migrate_grants_a_role_what_it_needs(self):
        unknown = run("migrate", "--grant", "clerk", "--store", self.store)
        self.assertEqual((unknown.returncode, unknown.stdout), (1, f"the schema is at version {NEWEST_SCHEMA}\n"))
        self.assertIn("no role clerk", unknown.stderr)
        self.sql("CREATE ROLE clerk LOGIN")
        self.addCleanup(self.sql, "DROP OWNED BY clerk; DROP ROLE clerk")
        granted = run("migrate", "--grant", "clerk", "--store", self.store)
        self.assertEqual(granted.returncode, 0, granted)
        self.assertIn("granted to clerk: ", granted.stdout)
        self.import_flights()

        with Server(store=self.postgres.url("clerk", self.database), demo=True) as server, server.client() as client:
            key = {"Idempotency-Key": "once"}
            path, _ = client.book()
            for act in ("depart", "arrive", "deliver"):
                self.assertEqual(client.post(f"{path}/{act}", headers=key if act == "depart" else None).status, 200)
            self.assertEqual(client.post(f"{path}/depart", headers=key).json["revision"], 2)
            self.assertEqual(len(client.get(f"{path}/history").json["events"]), 4)
            self.assertIn(["AI101", "AI204"], self.routes(client))
            self.assertEqual(server.verify().returncode, 0)

    def test_a_role_without_rights_is_told_so_and_nothing_more(self):
        self.assertEqual(run("migrate", "--store", self.store).returncode, 0)
        self.sql("CREATE ROLE guest LOGIN")
        self.addCleanup(self.sql, "DROP ROLE guest")
        refused = run("serve", "--store", self.postgres.url("guest", self.database))
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, r"^aircargo-server: .*permission denied.*\n$")

    def test_stores_without_roles_say_so(self):
        done = run("migrate", "--grant", "clerk", "--store", "memory:")
        self.assertEqual((done.returncode, done.stderr), (1, "aircargo-server: this store has no roles\n"))

    def test_a_newer_schema_is_refused_and_an_older_one_if_wanted(self):
        for flags, variables in ((["--no-migrate"], {}), ([], {"AIRCARGO_MIGRATE": "off"})):
            old = run("serve", "--store", self.store, *flags, env=variables)
            self.assertEqual(old.returncode, 1)
            self.assertIn(f"schema version 0, this program needs {NEWEST_SCHEMA}; migrate it first", old.stderr)
        self.assertEqual(run("migrate", "--no-migrate", "--store", self.store).returncode, 0, "it was asked for")
        with Server("--no-migrate", store=self.store) as server, server.client() as client:
            client.book()

        self.sql("INSERT INTO schema_migrations (version, name) VALUES (1000, 'of tomorrow')")
        for command in ("serve", "migrate", "verify"):
            newer = run(command, "--store", self.store)
            self.assertEqual((newer.returncode, newer.stdout), (1, ""))
            self.assertRegex(newer.stderr, "^aircargo-server: the database has schema version 1000, .*newer program\n$")

    def test_more_connections_than_postgresql_allows(self):
        refused = run("serve", "--store", self.store, "--store-connections", "500")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("max_connections", refused.stderr)
        with Server("--store-connections", "1", store=self.store, demo=True) as server, server.client() as client:
            path, _ = client.book()
            self.assertEqual(client.post(f"{path}/depart").status, 200)
            self.assertEqual(client.get(BOOKINGS).json["total"], 1)

    def test_a_password_is_told_nowhere(self):
        self.sql("CREATE ROLE keeper LOGIN SUPERUSER PASSWORD 'hush-hush'")
        self.addCleanup(self.sql, "DROP OWNED BY keeper; DROP ROLE keeper")
        store = self.store.replace("aircargo@", "keeper:hush-hush@")
        with Server("--log-level", "debug", store=store, demo=True) as server, server.client() as client:
            path, _ = client.book()
            client.post(f"{path}/depart")
            told = [client.get("/health/detailed").raw.decode(), server.log(), str(server.verify())[len(store):]]
        wrong = self.store.replace("aircargo@", "nobody:hush-hush@")
        told += [run(*command, "--store", wrong).stderr for command in (["serve"], ["migrate", "--grant", "x"])]
        for text in told:
            self.assertNotIn("hush", text.replace(store, "").replace(wrong, ""))
        self.assertIn("nobody", told[-1])

    # ---------------------------------------------------------------------------------------- several servers

    def test_two_servers_start_on_an_empty_database_at_once(self):
        with ThreadPoolExecutor() as pool:
            starts = [pool.submit(Server, store=self.store, demo=True) for _ in range(2)]
        one, other = [start.result() for start in starts]
        with one, other, one.client() as left, other.client() as right:
            path, booked = left.book()
            self.assertEqual(right.get(path).json, booked.json)
            schedules = [c.get("/health/detailed").json["schedule"] for c in (left, right)]
            self.assertEqual(schedules[0]["flights"], schedules[1]["flights"])
            self.assertGreater(schedules[0]["flights"], 1000)

    def test_locks_in_the_store(self):
        with Server("--lock", "postgresql", store=self.store) as one, \
                Server("--lock", "postgresql", store=self.store) as other, \
                one.client() as left, other.client() as right:
            self.assertEqual(left.get("/health/detailed").json["lock"]["kind"], "postgresql")
            path, _ = left.book()
            for act, by in (("depart", left), ("arrive", right), ("deliver", left)):
                self.assertEqual(by.post(f"{path}/{act}").status, 200)

    def test_a_change_of_one_server_is_seen_by_the_other(self):
        with Server(store=self.store) as one, Server(store=self.store) as other:
            with one.client() as left, other.client() as right:
                path, _ = left.book()
                for act, by, seen_by in (("depart", left, right), ("arrive", right, left), ("deliver", left, right)):
                    done = by.post(f"{path}/{act}")
                    self.assertEqual(done.status, 200, done)
                    self.assertEqual(seen_by.get(path).json, done.json)
                    self.assertEqual(len(seen_by.get(f"{path}/history").json["events"]), done.json["revision"])

                self.assertEqual((self.routes(left), self.routes(right)), ([], []))
                self.import_flights()
                for client in (left, right):
                    wait_until(lambda c=client: self.routes(c) == [["AI101", "AI204"]], "the import is seen")
                self.import_flights(FLIGHTS.replace("T11:55", "T12:55").replace("AI101", "AI103"))
                for client in (left, right):
                    wait_until(lambda c=client: len(self.routes(c)) == 2, "the change is seen")

    # ---------------------------------------------------------------------------------------------- outages

    def test_health_follows_the_store(self):
        with PrivatePostgres() as postgres, Server("--log-level", "warn", store=postgres.url()) as server:
            with server.client() as client:
                path, _ = client.book()
                for _ in range(2):
                    postgres.kill()
                    for target in ("/health", "/health/detailed", path, f"{path}/history", BOOKINGS):
                        answer = client.get(target)
                        self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "1"), answer)
                        self.assertNotIn(str(postgres.port), str(answer))
                    detailed = client.get("/health/detailed").json
                    self.assertEqual(detailed["store"], {"kind": "postgres", "status": "unhealthy"})
                    for _ in range(200):
                        client.get(path)
                    refused = client.post(BOOKINGS, NEW_BOOKING)
                    self.assertEqual((refused.status, refused.json["code"]), (503, "backend_down"))
                    postgres.start()
                    wait_until(lambda: client.get("/health").status == 200, "it is healthy again")
                    self.assertEqual(client.get(path).status, 200)
                    client.book()
                self.assertIn("unavailable", server.log())
                self.assertLess(server.log().count("\n"), 50, "one line a second, not one a request")

    def test_a_booking_that_another_program_holds(self):
        with PrivatePostgres({"max_prepared_transactions": "1"}) as postgres:
            with Server("--log-level", "warn", store=postgres.url()) as server, server.client() as client:
                (held, _), (free, _) = client.book(), client.book()
                ref = held.rsplit("/", 1)[1]
                postgres.sql(f"BEGIN; UPDATE bookings SET pieces = pieces WHERE ref_id = '{ref}';"
                             " PREPARE TRANSACTION 'held'")
                with ThreadPoolExecutor() as pool:
                    waiting = pool.submit(self.depart, server, held)
                    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    wait_until(lambda: postgres.sql(waits) == "1", "it waits for the booking")
                    others = [client.post(f"{free}/depart"), client.get(held), client.get(BOOKINGS)]
                    self.assertEqual([a.status for a in others], [200, 200, 200])
                    answer = waiting.result()
                self.assertEqual((answer.status, answer.json["code"]), (503, "timed_out"))
                postgres.sql("ROLLBACK PREPARED 'held'")
                again = self.depart(server, held)
                self.assertEqual((again.status, again.json["revision"]), (200, 2))

    def depart(self, server, path):
        with server.client() as client:
            return client.post(f"{path}/depart", headers={"Idempotency-Key": "again"})

    def test_a_server_does_not_start_without_its_store(self):
        with PrivatePostgres() as postgres:
            postgres.shut_down()
            refused = run("serve", "--listen", "127.0.0.1:0", "--store", postgres.url())
            self.assertEqual(refused.returncode, 1)
            self.assertRegex(refused.stderr, r"^aircargo-server: PostgreSQL can not be reached: .+\n$")

    def test_an_outage_makes_the_schedule_stale_once(self):
        """Though there is a demo schedule, which has its next day to be published only tomorrow."""
        def lines(event):
            return [line for line in map(log_line, server.log().splitlines()) if line["event"] == event]

        def seconds_of_outage():
            """One line of the log each, while somebody asks."""
            self.assertEqual(client.get(BOOKINGS).status, 503)
            return sum(line["code"] == "backend_down" for line in lines("unavailable"))

        with PrivatePostgres() as postgres, Server(store=postgres.url(), demo=True) as server, server.client() as client:
            postgres.shut_down("immediate")
            wait_until(lambda: seconds_of_outage() >= 6, "three looks at the schedule or more")
            self.assertEqual(len(lines("schedule.stale")), 1)
            postgres.start()

    def test_lists_come_from_the_replica_and_without_it_from_the_store(self):
        with PrivatePostgres() as primary, primary.standby() as replica:
            with Server("--store-list-url", replica.url(), store=primary.url()) as server, server.client() as client:
                def total():
                    answer = client.get(BOOKINGS)
                    self.assertEqual(answer.status, 200, answer)
                    return answer.json["total"]

                path, _ = client.book()
                written = primary.sql("SELECT pg_current_wal_lsn()")
                wait_until(lambda: replica.sql(f"SELECT pg_last_wal_replay_lsn() >= '{written}'") == "t", "it is there")
                replica.sql("SELECT pg_wal_replay_pause()")
                wait_until(lambda: replica.sql("SELECT pg_get_wal_replay_pause_state()") == "paused", "it pauses")
                client.book()
                self.assertEqual(total(), 1, "so it is the replica that is asked")
                self.assertEqual(client.post(f"{path}/depart").json["revision"], 2)
                self.assertEqual(client.get(path).json["revision"], 2, "a booking is never old")

                replica.shut_down("immediate")
                self.assertEqual(total(), 2)
                replica.start()

                def replica_is_asked():
                    total()
                    asking = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aircargo'"
                    return replica.sql(asking) != "0"

                wait_until(replica_is_asked, "the replica is asked again")


if __name__ == "__main__":
    unittest.main()
