"""The commands beside `serve`, and settings that do not fit."""

import gzip
import re
import shutil
import socket
import tempfile
import unittest
from pathlib import Path

from harness import Server, day, run, sql, store_in, wait_until

HEADER = "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n"
GOOD = [
    f"AI101,Air India,DEL,BOM,{day(1)}T06:00:00Z,{day(1)}T08:10:00Z\n",
    f"AI204,Air India,BOM,BLR,{day(1)}T10:10:00Z,{day(1)}T11:55:00Z\n",
    f'6E5,"IndiGo, cargo",DEL,BLR,{day(1)}T07:00:00Z,{day(1)}T09:45:00Z\n',
]
BAD = [
    f"AI102,Air India,DEL,DEL,{day(1)}T06:00:00Z,{day(1)}T08:10:00Z\n",
    f"AI103,Air India,DEL,BOM,{day(1)}T08:10:00Z,{day(1)}T06:00:00Z\n",
    "too,few,fields\n",
]


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.store = store_in(self.folder)

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    def flights(self):
        with Server(store=self.store) as server, server.client() as client:
            return client.get("/health/detailed").json["schedule"]["flights"]

    def make_store(self):
        self.assertEqual(run("migrate", "--store", self.store).returncode, 0)

    # -------------------------------------------------------------------------------------------- import

    def test_import_makes_no_store_of_a_mistyped_path(self):
        mistyped = f"sqlite:{self.folder / 'aircrago.db'}"
        done = run("import-flights", self.write("flights.csv", HEADER + GOOD[0]), "--store", mistyped)
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, r"^aircargo-server: there is no file .+ aircargo-server migrate\n$")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["flights.csv"])

    def test_import_plain_and_gzip(self):
        self.make_store()
        for name in ("flights.csv", "flights.csv.gz"):
            done = run("import-flights", self.write(name, HEADER + "".join(GOOD)), "--store", self.store)
            self.assertEqual((done.returncode, done.stdout.split(", ")[:3]),
                             (0, ["3 lines read", "3 flights imported", "0 bad lines"]), done)
        with Server(store=self.store) as server, server.client() as client:
            body = {"origin": "DEL", "destination": "BLR", "departure_date": day(1), "zone": "utc"}
            found = client.post("/api/v1/routes/search", body).json
            self.assertEqual([r["flights"][0]["flight_number"] for r in found["direct"]], ["6E5"])
            self.assertEqual(found["direct"][0]["flights"][0]["airline_name"], "IndiGo, cargo")
            self.assertEqual([r["connection_minutes"] for r in found["transit"]], [120])

    def test_import_names_bad_lines_and_takes_the_others(self):
        self.make_store()
        path = self.write("flights.csv", HEADER + GOOD[0] + BAD[0] + GOOD[1] + BAD[1] + BAD[2])
        done = run("import-flights", path, "--store", self.store)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(re.findall(rf"{re.escape(str(path))}:(\d+): \S", done.stderr), ["3", "5", "6"])
        self.assertIn("2 flights imported, 3 bad lines", done.stdout)
        self.assertEqual(self.flights(), 2)

    def test_strict_import_takes_all_or_nothing(self):
        self.make_store()
        bad = self.write("bad.csv", HEADER + GOOD[0] + BAD[0])
        done = run("import-flights", bad, "--strict", "--store", self.store)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{bad}:3: ", done.stderr)
        self.assertIn("nothing was imported", done.stdout)
        self.assertEqual(self.flights(), 0)
        good = self.write("good.csv", HEADER + GOOD[0])
        self.assertEqual(run("import-flights", good, "--strict", "--store", self.store).returncode, 0)
        self.assertEqual(self.flights(), 1)

    def test_import_of_what_is_no_schedule(self):
        self.make_store()
        whole = gzip.compress((HEADER + "".join(GOOD) * 1000).encode())
        cut = self.folder / "cut.csv.gz"
        cut.write_bytes(whole[: len(whole) // 2])
        for path in (self.folder / "missing.csv", self.write("empty.csv", ""),
                     self.write("columns.csv", "flight_number,origin\nAI1,DEL\n"), cut, self.folder):
            with self.subTest(path=path.name):
                done = run("import-flights", path, "--store", self.store)
                self.assertEqual(done.returncode, 1, done)
                self.assertRegex(done.stderr.strip().splitlines()[-1], r"^aircargo-server: .{10,}")
        self.assertEqual(self.flights(), 0)
        self.assertEqual(run("import-flights").returncode, 2)

    def test_a_running_server_sees_an_import(self):
        with Server(store=self.store) as server, server.client() as client:
            before = client.get("/health/detailed").json["schedule"]
            self.assertEqual(before["flights"], 0)
            done = run("import-flights", self.write("flights.csv", HEADER + GOOD[2]), "--store", self.store)
            self.assertEqual(done.returncode, 0, done)
            wait_until(lambda: client.get("/health/detailed").json["schedule"]["flights"] == 1, "it is loaded")

    # ---------------------------------------------------------------------------------- migrate and verify

    def test_migrate(self):
        for _ in range(2):
            done = run("migrate", "--store", self.store)
            self.assertEqual(done.returncode, 0, done)
            self.assertRegex(done.stdout, r"^the schema is at version \d+\n$")
        self.assertEqual(run("migrate", "--store", "memory:").returncode, 0)

    def test_verify_makes_no_file(self):
        missing = run("verify", "--store", f"sqlite:{self.folder / 'a.db'}")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("there is no file", missing.stderr)
        self.assertFalse((self.folder / "a.db").exists())

    def test_verify(self):
        with Server(store=self.store) as server, server.client() as client:
            path, _ = client.book()
            client.post(f"{path}/depart")
            ref = path.rsplit("/", 1)[1]
        done = run("verify", "--store", self.store)
        self.assertEqual((done.returncode, done.stdout), (0, "1 bookings, 2 events, 0 differences\n"))
        sql(self.store, "UPDATE bookings SET status = 'ARRIVED'")
        done = run("verify", "--store", self.store)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(f"{ref}: ", done.stdout)
        self.assertIn(", 1 differences", done.stdout)

    # ------------------------------------------------------------------------------------------- settings

    def test_bad_settings_give_one_sentence(self):
        at = "postgresql://u:secret"
        for flags, words in ((["--store", "oracle://u:secret@h/db"], "memory:, sqlite:PATH or postgresql://"),
                             (["--store", "host=h password=secret"], "postgresql://"),
                             (["--store", f"{at}@secret@h/db"], "%40"), (["--store", f"{at}/secret@h/db"], "%2F"),
                             ([f"{at}@h/db"], "u:***@h/db"), (["--store-connections", "4"], "PostgreSQL only"),
                             (["--store", f"{at}@h/db", "--store-connections", "1001"], "1 to 1000"),
                             (["--store-list-url", f"{at}@h/db"], "PostgreSQL only"),
                             (["--store", f"{at}@h/db", "--store-list-url", "sqlite:x"], "--store-list-url"),
                             (["--store", "sqlite:"], "sqlite:PATH"), (["--store", ""], "--store"),
                             (["--cache", "file:"], "memory:, off, redis://"), (["--lock", "file:"], "local, off"),
                             (["--lock", "postgresql"], "the store is not"),
                             (["--log-level", "loud"], "debug, info"), (["--listen", "8080"], "ADDRESS:PORT"),
                             (["--listen", "127.0.0.1:99999"], "ADDRESS:PORT"), (["--listen", "::1:80"], "[::1]"),
                             (["--threads", "-1"], "threads"), (["--threads", "1000"], "--threads"),
                             (["--threads", "two"], "threads"), (["--nonsense"], "--nonsense"),
                             (["--store-connections", "-1"], "--store-connections"),
                             (["--max-connections", "-1"], "--max-connections"),
                             (["--store", f"{at}@h/db?secret=1"], "--store (AIRCARGO_STORE)"),
                             (["--store", f"{at}@[::1/db"], "--store (AIRCARGO_STORE)"),
                             (["--store", f"{at}@h/db", "--store-list-url", f"{at}@h/db?secret=1"],
                              "--store-list-url (AIRCARGO_STORE_LIST_URL)"),
                             (["--cache", "redis://u:secret@h:port"], "--cache (AIRCARGO_CACHE)"),
                             (["--lock", "redis://u:secret@h/x"], "--lock (AIRCARGO_LOCK)"),
                             (["--limiter", "redis://u:secret@h/x"], "--limiter (AIRCARGO_LIMITER)"),
                             (["paint"], "paint"), (["--header-time", "0"], "--header-time"),
                             (["--idle-time", "3601"], "--idle-time")):
            with self.subTest(flags=flags):
                done = run(*flags)
                self.assertEqual(done.returncode, 2, done)
                self.assertRegex(done.stderr, r"^aircargo-server: .+\n$")
                self.assertIn(words, done.stderr)
                self.assertNotIn("secret", done.stderr)

    def test_settings_from_the_environment(self):
        done = run(env={"AIRCARGO_STORE": "oracle:"})
        self.assertEqual((done.returncode, "AIRCARGO_STORE" in done.stderr), (2, True))
        done = run("migrate", "--store", self.store, env={"AIRCARGO_STORE": "oracle:"})
        self.assertEqual(done.returncode, 0, "the flag wins")
        done = run("migrate", env={"AIRCARGO_STORE": self.store})
        self.assertEqual(done.returncode, 0)

    def test_an_address_in_use_is_said(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = run("--listen", f"127.0.0.1:{port}", "--store", "memory:")
        self.assertEqual(done.returncode, 1)
        self.assertIn("can not listen on 127.0.0.1", done.stderr)
        with Server(store="memory:") as server:
            done = run("--listen", f"127.0.0.1:{server.port}", "--store", "memory:")
        self.assertEqual(done.returncode, 1, "two servers must not share a port unnoticed")

    def test_a_store_that_can_not_be_opened_is_said(self):
        done = run("serve", "--listen", "127.0.0.1:0", "--store", "sqlite:/nonexistent/folder/a.db")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^aircargo-server: .+\n$")
        self.assertIn("/nonexistent/folder/a.db", done.stderr)

    def test_version_and_help(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^aircargo-server \d+\.\d+\.\d+\n$")
        text = run("--help").stdout
        for word in ("serve", "import-flights", "migrate", "verify", "--listen", "AIRCARGO_STORE"):
            self.assertIn(word, text)

    def test_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6) as probe:
                probe.bind(("::1", 0))
        except OSError:
            return  # a machine without IPv6 has nothing to show
        done = run("--listen", "[::1]:0", "--store", "sqlite:/nonexistent/x")
        self.assertNotIn("ADDRESS:PORT", done.stderr)


if __name__ == "__main__":
    unittest.main()
