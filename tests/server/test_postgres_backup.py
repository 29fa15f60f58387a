"""docs/backup-postgresql.md: its commands, run while a server takes changes, lose nothing that was acknowledged before
the dump, or before the moment to go back to."""

import random
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import PATIENCE, Server
from load import Ledger, Load
from pages import Page
from private_postgres import PrivatePostgres
from private_server import reserve_port


def revisions(told):
    return sum(acknowledged for _, acknowledged in told.bookings.values())


class Backup(unittest.TestCase):
    def setUp(self):
        self.seed = random.randrange(2**32)
        print(f"seed {self.seed}")
        self.ledger = Ledger()
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def page(self, postgres):
        return Page("docs/backup-postgresql.md", self.folder, [postgres.programs])

    def serve(self, store):
        return Server("--log-level", "warn", store=store)

    def test_a_dump(self):
        with PrivatePostgres() as postgres:
            postgres.sql("CREATE DATABASE aircargo")
            page = self.page(postgres)
            names = {"DATABASE": postgres.url(database="aircargo"), "BACKUP": self.folder / "aircargo.dump",
                     "SERVER": postgres.url(), "NEW_NAME": "restored", "NEW_DATABASE": postgres.url(database="restored")}
            with self.serve(names["DATABASE"]) as server, Load(server, self.ledger, self.seed, keyed=0.4) as load:
                load.wait_for(500)
                told = self.ledger.so_far()
                during = load.count
                page.run("dump", names)
                during = load.count - during
                load.wait_for(load.count + 500)
                after = self.ledger.so_far()
            self.assertEqual((load.odd, load.cut), ([], 0))
            self.assertIn(", 0 differences", page.run("restore-dump", names))
            with self.serve(names["NEW_DATABASE"]) as server:
                restored = self.ledger.check_restored(self, server, told)
                with server.client() as client:
                    client.book()
        print(f"{revisions(told)} changes before the dump, {during} during it, {revisions(after)} in all, "
              f"{sum(restored.values())} restored")
        self.assertGreater(during, 0, "clients waited for the dump")
        self.assertLess(sum(restored.values()), revisions(after), "it is the store of before")

    def check_archived_again(self, postgres, archive, as_postgres):
        """PostgreSQL may ask for a file a second time; a different one of that name must not take its place."""
        first = min(p.name for p in archive.iterdir() if not p.name.endswith(".part"))
        command = postgres.sql("SHOW archive_command").replace("%f", first)
        (copy := self.folder / "wal").write_bytes((archive / first).read_bytes())
        self.folder.chmod(0o755)
        def archived():
            return subprocess.run([*as_postgres, "sh", "-c", command.replace("%p", str(copy))], check=False, timeout=PATIENCE)
        self.assertEqual(archived().returncode, 0, "the same again")
        copy.write_bytes(b"of another server")
        self.assertNotEqual(archived().returncode, 0)
        self.assertNotEqual((archive / first).read_bytes(), copy.read_bytes())

    def test_back_to_any_moment(self):
        kept, port = reserve_port()
        self.addCleanup(kept.close)
        with PrivatePostgres({"wal_level": "replica", "max_wal_senders": "4"}) as postgres:
            page = self.page(postgres)
            names = {"SERVER": postgres.url(), "NEW_PORT": port,
                     "NEW_DATABASE": postgres.url().replace(f":{postgres.port}/", f":{port}/"),
                     "ARCHIVE": postgres.folder / "archive", "BASE": postgres.folder / "base",
                     "NEW_DATA": postgres.folder / "new"}
            as_postgres = postgres.as_user([])
            for name in ("ARCHIVE", "NEW_DATA"):
                subprocess.run([*as_postgres, "mkdir", "-m", "700", names[name]], check=True, timeout=PATIENCE)
            page.run("archive", names, as_postgres)
            postgres.shut_down()
            postgres.start()
            with self.serve(postgres.url()) as server, Load(server, self.ledger, self.seed, keyed=0.4) as load:
                load.wait_for(200)
                page.run("base", names, as_postgres)
                load.wait_for(load.count + 500)
                told = self.ledger.so_far()
                names["MOMENT"] = postgres.sql("SELECT clock_timestamp()")
                asked = {number: booking.asked for number, booking in self.ledger.bookings.copy().items()}
                load.wait_for(load.count + 500)
                after = self.ledger.so_far()
            self.assertEqual((load.odd, load.cut), ([], 0))
            page.run("last-wal", names, as_postgres)
            self.check_archived_again(postgres, names["ARCHIVE"], as_postgres)
            stop = ["pg_ctl", "--pgdata", names["NEW_DATA"], "--mode=immediate", "--wait", "stop"]
            try:
                page.run("restore-moment", names, as_postgres)
                self.assertIn(", 0 differences", page.run("check-moment", names))
                with self.serve(names["NEW_DATABASE"]) as server:
                    restored = self.ledger.check_restored(self, server, told)
                    with server.client() as client:
                        client.book()
            finally:
                subprocess.run([*as_postgres, postgres.programs / stop[0], *stop[1:]], check=False, timeout=PATIENCE,
                               capture_output=True)
        for number, revision in restored.items():
            self.assertLessEqual(revision, asked.get(number, 0), "asked for after the moment")
        print(f"{revisions(told)} changes before the moment, {revisions(after)} in all, "
              f"{sum(restored.values())} restored")
        self.assertLess(sum(restored.values()), revisions(after))


if __name__ == "__main__":
    unittest.main()
