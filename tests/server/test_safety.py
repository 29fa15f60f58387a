"""The server does not start when that would not be safe, and says which setting it is and what to do."""

import shutil
import sqlite3
import subprocess
import tempfile
import unittest
from contextlib import closing
from pathlib import Path

from harness import PATIENCE, PROGRAM, STORE, Server, environment, run, sql, store_in

SECRET = "0123456789 abcdefghijklmnopqrstuvwxyz"
EVERYWHERE = ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"]
WEAK = ["x" * 64, "password" * 4, "01" * 32, "changeme" * 5, "0123456789abcdef" * 2, "kJ8zQ2vX9mLp4Rt" * 3,
        "a-string-secret-at-least-256-bits-long", "qwertyuiopasdfghjklzxcvbnm123456", "My-Super-Secret-Key-For-Production-2026",
        "your_jwt_secret_goes_here_0123456789", "REPLACE with output of openssl rand"]


class Safety(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.store = store_in(self.folder)

    def refused(self, *flags, env=None, status=1):
        done = run("serve", "--store", self.store, *flags, env=env)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done)
        self.assertRegex(done.stderr, r"^aircargo-server: .+\n$")
        return done.stderr

    def starts(self, *flags, env=None):
        """Until it serves; then it is told to stop."""
        with subprocess.Popen([PROGRAM, "serve", "--store", self.store, *flags], env={**environment(), **(env or {})},
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            try:
                return any(line.startswith(b"listening on ") for line in process.stdout)
            finally:
                process.terminate()
                process.wait(PATIENCE)

    def test_others_do_not_come_in_without_logging_in(self):
        for address in EVERYWHERE:
            for flags, env in ((["--auth", "off"], {}), ([], {"AIRCARGO_AUTH": "off"}),
                               (["--auth", "off", "--demo-schedule"], {"AIRCARGO_JWT_SECRET": SECRET})):
                said = self.refused("--listen", address, *flags, env=env)
                for words in ("AIRCARGO_AUTH", "AIRCARGO_LISTEN", "127.0.0.1"):
                    self.assertIn(words, said)
        self.assertFalse((self.folder / "aircargo.db").exists(), "the store was not touched")
        self.assertTrue(self.starts("--listen", "127.0.0.1:0", "--auth", "off"))

    def test_others_have_logins_that_outlive_the_server(self):
        for address in EVERYWHERE:
            said = self.refused("--listen", address)
            for words in ("AIRCARGO_JWT_SECRET", "AIRCARGO_JWT_KEY_FILE", "openssl rand"):
                self.assertIn(words, said)
        self.assertTrue(self.starts("--listen", "0.0.0.0:0", env={"AIRCARGO_JWT_SECRET": SECRET}))
        self.assertTrue(self.starts("--listen", "0.0.0.0:0", "--demo-schedule"), "a demonstration")
        self.assertTrue(self.starts("--listen", "127.0.0.1:0"))

    def test_registration_that_is_open_to_others_is_said(self):
        def warned(address, *flags, **env):
            with subprocess.Popen([PROGRAM, "serve", "--store", self.store, "--listen", address, *flags],
                                  env={**environment(), "AIRCARGO_JWT_SECRET": SECRET, **env}, cwd=self.folder,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                said = next(line for line in process.stdout if line.startswith(("WARNING", "listening")))
                process.terminate()
                _, log = process.communicate(timeout=PATIENCE)
            self.assertEqual("auth.registration_open" in log, "--registration" in said, log)
            return "--registration" in said
        self.assertTrue(warned("0.0.0.0:0"))
        self.assertFalse(warned("127.0.0.1:0"))
        self.assertFalse(warned("0.0.0.0:0", "--demo-schedule"), "a demonstration")
        for closed in ("off", "viewer"):
            self.assertFalse(warned("0.0.0.0:0", AIRCARGO_REGISTRATION=closed))

    def test_a_weak_key_is_refused_everywhere(self):
        for name in ("JWT_SECRET", "JWT_OLD_SECRET"):
            for weak in (*WEAK, SECRET[:31]):
                with self.subTest(name=name, weak=weak):
                    env = {"AIRCARGO_JWT_SECRET": SECRET, f"AIRCARGO_{name}": weak}
                    said = self.refused("--listen", "127.0.0.1:0", env=env, status=2)
                    self.assertIn(f"AIRCARGO_{name}", said)
                    self.assertIn("openssl rand", said)
                    self.assertNotIn(weak, said)
        for strong in [["rand", "-hex", "16"], ["rand", "-base64", "32"], ["rand", "-hex", "32"]] * 5:
            key = subprocess.run(["openssl", *strong], capture_output=True, text=True, check=True, timeout=PATIENCE)
            done = run("--print-config", env={"AIRCARGO_JWT_SECRET": key.stdout.strip()})
            self.assertEqual(done.returncode, 0, done)

    def test_a_schema_of_yesterday_is_migrated_or_refused(self):
        said = self.refused("--no-migrate", "--listen", "127.0.0.1:0")
        self.assertIn("schema version 0", said)
        for words in ("--no-migrate", "AIRCARGO_MIGRATE", "aircargo-server migrate"):
            self.assertIn(words, said)
        self.assertEqual(run("migrate", "--store", self.store).returncode, 0)
        self.assertTrue(self.starts("--no-migrate", "--listen", "127.0.0.1:0"))

    def test_a_schema_of_tomorrow_is_refused(self):
        with Server(store=self.store):
            pass
        if STORE == "postgres":
            sql(self.store, "INSERT INTO schema_migrations (version, name) VALUES (1000, 'of tomorrow')")
        else:
            sql(self.store, "PRAGMA user_version = 1000")
        for flags in ([], ["--no-migrate"]):
            said = self.refused("--listen", "127.0.0.1:0", *flags)
            self.assertIn("schema version 1000", said)
            self.assertIn("newer program", said)

    if STORE == "sqlite":  # the store is a file
        def test_the_file_of_another_program_is_left_alone(self):
            with closing(sqlite3.connect(self.folder / "aircargo.db")) as others:
                others.executescript("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)")
            before = (self.folder / "aircargo.db").read_bytes()
            self.assertIn("another program", self.refused("--listen", "127.0.0.1:0"))
            self.assertEqual((self.folder / "aircargo.db").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
