"""PostgreSQL's disk fills up under load: changes are refused with 503, and once there is space again all goes on,
without a restart of the server. Needs root, for small disks in memory.

What PostgreSQL 15 does: where rows have no space, it refuses what would need a new page, and goes on by itself.
Where its log (WAL) has no space, it ends, since it can not even write how to recover; it has to be started again.
"""

import os
import random
import shutil
import subprocess
import tempfile
import unittest
from contextlib import contextmanager, suppress
from pathlib import Path

from harness import PATIENCE, Server
from load import Ledger, Load
from private_postgres import SUPERUSER, PostgresFailed, PrivatePostgres

SETTINGS = {"fsync": "on", "full_page_writes": "on", "min_wal_size": "32MB", "max_wal_size": "64MB"}
LONGEST_RETURN = 2.0
LONGEST_ANSWER = 15.0


@contextmanager
def small_disk(megabytes):
    """A folder that is a file system of its own."""
    folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "aircargo-test", folder],
            capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            raise unittest.SkipTest(f"no small disk could be mounted: {mounted.stderr.strip()}")
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)
    finally:
        folder.rmdir()


def fill(folder):
    """Takes all space that is left. \\return the file that has it"""
    path = folder / "filler"
    with open(path, "wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(4096)):
            pass
    return path


def folder_of_server(server, path):
    path.mkdir(mode=0o700)
    if server.user is not None:
        shutil.chown(path, server.user.pw_uid, server.user.pw_gid)
    return path


def make(*, data=None, wal=None):
    """Makes a server with its rows or its log in a folder of another disk; its own log stays on this one."""

    def fill_server(server):
        apart = []
        if data is not None:
            server.data.symlink_to(folder_of_server(server, data / "data"))
        if wal is not None:
            apart = ["-X", folder_of_server(server, wal / "wal")]
        server._run("initdb", "-D", server.data, *apart, "-N", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                    "-U", SUPERUSER, "--no-instructions")

    return PrivatePostgres(SETTINGS, fill=fill_server)


@unittest.skipUnless(os.geteuid() == 0, "only root can mount a small disk")
class DiskFull(unittest.TestCase):
    def setUp(self):
        self.seed = random.randrange(2**32)
        print(f"seed {self.seed}")
        self.ledger = Ledger()

    def check(self, server, load, seconds):
        self.assertEqual((load.odd, load.cut), ([], 0))
        self.ledger.check(self, server)
        print(f"{load.count} changes, none lost; 503: {dict(load.unavailable)}, slowest answer {load.slowest:.2f} s, "
              f"writes were back after {seconds:.2f} s")
        self.assertLess(load.slowest, LONGEST_ANSWER)
        self.assertLess(seconds, LONGEST_RETURN)

    def test_no_space_for_rows(self):
        with small_disk(100) as disk, small_disk(200) as disk_of_wal, make(data=disk, wal=disk_of_wal) as postgres:
            with Server("--log-level", "warn", store=postgres.url()) as server, server.client() as client:
                with Load(server, self.ledger, self.seed, outages=True, keyed=0.4) as load:
                    load.wait_for(200)
                    filler = fill(disk)
                    load.wait_until(lambda: load.unavailable.total() > 500)
                    path = next(booking.path for booking in self.ledger.bookings.values() if booking.path)
                    for target in ("/health", path, f"{path}/history", "/api/v1/bookings?page_size=1000"):
                        self.assertEqual(client.get(target).status, 200, target)
                    filler.unlink()
                    seconds = load.seconds_until_more()
                    load.wait_for(load.count + 200)
                self.assertEqual(set(load.unavailable), {"backend_down"})
                self.check(server, load, seconds)
                self.assertEqual(postgres.log().count("ready to accept"), 1, "PostgreSQL went on by itself")

    def test_no_space_for_the_log(self):
        with small_disk(70) as disk, make(wal=disk) as postgres:
            with Server("--log-level", "warn", store=postgres.url()) as server:
                with Load(server, self.ledger, self.seed, outages=True, keyed=0.4) as load:
                    load.wait_for(200)
                    filler = fill(disk)
                    with suppress(PostgresFailed):
                        for _ in range(8):  # more than it has set aside
                            postgres.sql("SELECT pg_switch_wal()")
                    self.assertTrue(postgres.postmaster.wait_until_gone(PATIENCE))
                    load.wait_until(lambda: load.unavailable.total() > 500)
                    filler.unlink()
                    postgres.kill()  # of which nothing is left
                    postgres.start()
                    seconds = load.seconds_until_more()
                    load.wait_for(load.count + 200)
                self.check(server, load, seconds)
                self.assertIn("PANIC:  could not write to file", postgres.log())


if __name__ == "__main__":
    unittest.main()
