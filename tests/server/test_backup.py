"""docs/backup-sqlite.md: its commands, run while a server takes changes, lose nothing that was acknowledged before."""

import os
import random
import shutil
import tempfile
import unittest
from pathlib import Path

from harness import Server, wait_until
from load import Ledger, Load
from pages import Page
from test_webhooks import PATH, QUICK, Receiver


class Backup(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.page = Page("docs/backup-sqlite.md", self.folder)
        self.names = {"STORE": self.folder / "aircargo.db", "BACKUP": self.folder / "backup.db"}

    def server(self, **settings):
        return Server("--log-level", "warn", folder=self.folder, store=f"sqlite:{self.names['STORE']}", **settings)

    def test_the_page(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        ledger = Ledger()
        with self.server() as server, Load(server, ledger, seed, keyed=0.4) as load:
            load.wait_for(500)
            told = ledger.so_far()
            during = load.count
            self.page.run("backup", self.names)
            during = load.count - during
            self.assertIn(", 0 differences", self.page.run("check", self.names))
            load.wait_for(load.count + 500)
            after = ledger.so_far()
        self.assertEqual((load.odd, load.cut), ([], 0))
        # The backup belongs to whoever made it, the store to the server's user.
        os.chmod(self.names["STORE"], 0o640)
        if os.geteuid() == 0:
            os.chown(self.names["STORE"], 12345, 12346)
        before = self.names["STORE"].stat()
        self.assertIn(", 0 differences", self.page.run("restore", self.names))
        for path in self.folder.glob("aircargo.db*"):
            now = path.stat()
            self.assertEqual((now.st_uid, now.st_gid), (before.st_uid, before.st_gid), path)
        self.assertEqual(self.names["STORE"].stat().st_mode, before.st_mode)
        self.assertEqual(self.page.left, set(), "every block was run")
        with self.server() as server:
            restored = ledger.check_restored(self, server, told)
            with server.client() as client:
                client.book()
        revisions = lambda t: sum(acknowledged for _, acknowledged in t.bookings.values())  # noqa: E731
        print(f"{revisions(told)} changes before the backup, {during} during it, {revisions(after)} in all, "
              f"{sum(restored.values())} restored")
        self.assertGreater(during, 0, "clients waited for the backup")
        self.assertLess(sum(restored.values()), revisions(after), "it is the store of before")
        self.assertTrue((self.folder / "aircargo.db.before-restore").exists())

    def test_webhooks_tell_what_happens_after_a_restore_from_what_was_lost(self):
        with Receiver() as receiver:
            with self.server(env=QUICK) as server, server.client() as client:
                hook = client.post(PATH, {"url": receiver.url}).json
                client.book()
                receiver.next()
                pending = f"{PATH}/{hook['id']}/deliveries?state=pending"
                wait_until(lambda: not client.get(pending).json["items"], "that nothing is on its way")
                self.page.run("backup", self.names)
                client.book()
                lost = receiver.next()["headers"]["webhook-id"]
            self.page.run("restore", self.names)
            with self.server(env=QUICK) as server, server.client() as client:
                client.book()
                new = receiver.next()["headers"]["webhook-id"]
        self.assertEqual(new.partition("-")[0], lost.partition("-")[0], "it is in the same place")
        self.assertNotEqual(new, lost)

    def test_a_backup_is_not_written_over(self):
        with self.server():
            self.page.run("backup", self.names)
            (self.folder / "backup.db.part").write_text("of another backup that runs")
            with self.assertRaises(AssertionError):
                self.page.run("backup", self.names)


if __name__ == "__main__":
    unittest.main()
