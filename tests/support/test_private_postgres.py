"""A private PostgreSQL does what its methods say, and leaves nothing behind whatever ends it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from private_postgres import PATIENCE, PostgresFailed, PrivatePostgres, programs_folder, state_of, wait_until

PROGRAM = Path(__file__).with_name("private_postgres.py")


class InAFolder(unittest.TestCase):
    """Each case has an empty folder for its servers, and at its end nothing is left in it or runs there."""

    def setUp(self):
        programs_folder()  # skips where PostgreSQL is missing
        self.parent = tempfile.mkdtemp(prefix="aircargo-")
        os.chmod(self.parent, 0o755)  # the server may run as another user
        self.addCleanup(os.rmdir, self.parent)
        self.addCleanup(self.nothing_is_left)

    def nothing_is_left(self):
        wait_until(lambda: not os.listdir(self.parent), "the folder is gone")
        wait_until(lambda: not processes_that_mention(self.parent), "the processes are gone")

    def server(self, **settings):
        return PrivatePostgres(settings, parent_folder=self.parent)

    def program(self, *words, **how):
        return subprocess.Popen(
            [sys.executable, PROGRAM, "--folder", self.parent, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how)


def processes_that_mention(text):
    """Those whose command line or data folder has this text."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            places = (process / "cmdline").read_bytes().decode(errors="replace") + os.readlink(process / "cwd")
        except OSError:
            continue
        if text in places:
            found.append(process.name)
    return found


def is_refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


class TheServer(InAFolder):
    def test_runs_sql_with_the_settings_asked_for(self):
        with self.server(fsync="on", application_name="it's") as postgres:
            self.assertEqual(postgres.sql("SHOW fsync; SHOW synchronous_commit; SHOW application_name"), "on\non\npsql")
            self.assertEqual(postgres.sql("SELECT setting FROM pg_settings WHERE name = 'max_connections'"), "100")
            self.assertEqual(postgres.sql("SELECT 1, NULL, 'a b' UNION ALL SELECT 2, 3, ''"), "1||a b\n2|3|")

    def test_tells_what_psql_refused(self):
        with self.server() as postgres, self.assertRaisesRegex(PostgresFailed, 'column "nonsense" does not exist'):
            postgres.sql("SELECT nonsense")

    def test_tells_why_it_does_not_start(self):
        with self.assertRaisesRegex(PostgresFailed, 'unrecognized configuration parameter "nonsense"'):
            self.server(nonsense="1")

    def test_kill_and_start_keep_what_was_committed_and_the_port(self):
        with self.server() as postgres:
            port, backends = postgres.port, postgres.backend_pids()
            postgres.sql("CREATE TABLE t (i int); INSERT INTO t VALUES (1)")
            postgres.kill()
            self.assertTrue(is_refused(port))
            self.assertGreater(len(backends), 3)
            wait_until(lambda: all(state_of(pid) in (None, "Z") for pid in backends), "its backends are gone")
            postgres.start()
            self.assertEqual(postgres.port, port)
            self.assertEqual(postgres.sql("SELECT i FROM t"), "1")

    def test_shut_down_and_start_in_every_mode(self):
        with self.server() as postgres:
            for mode in ("smart", "fast", "immediate"):
                postgres.shut_down(mode)
                self.assertTrue(is_refused(postgres.port))
                postgres.start()
                self.assertEqual(postgres.sql("SELECT 1"), "1")

    def test_lives_on_when_the_thread_that_started_it_ends(self):
        with self.server() as postgres:
            postgres.kill()
            thread = threading.Thread(target=postgres.start)
            thread.start()
            thread.join()
            self.assertEqual(postgres.sql("SELECT 1"), "1")
            self.assertNotIn("received", postgres.log())  # a signal

    def test_pause_keeps_a_connection_waiting_and_resume_answers_it(self):
        with self.server() as postgres:
            postgres.pause()
            asking = subprocess.Popen(
                [postgres.programs / "psql", "-XAtq", "-d", postgres.url(), "-c", "SELECT 'late'"],
                stdout=subprocess.PIPE, text=True)
            states = {state_of(pid) for pid in [postgres.postmaster.pid, *postgres.backend_pids()]}
            self.assertEqual(states, {"T"})
            self.assertIsNone(asking.poll())
            postgres.resume()
            answer, _ = asking.communicate(timeout=PATIENCE)
            self.assertEqual(answer, "late\n")

    def test_ends_while_paused(self):
        for end in (PrivatePostgres.kill, PrivatePostgres.stop):
            with self.server() as postgres:
                postgres.pause()
                end(postgres)

    def test_leaves_no_shared_memory_after_a_kill(self):
        with self.server() as postgres:
            segment = (postgres.data / "postmaster.pid").read_text().splitlines()[6].split()[1]
            self.assertIn(f" {segment} ", Path("/proc/sysvipc/shm").read_text())
            postgres.kill()
        self.assertNotIn(f" {segment} ", Path("/proc/sysvipc/shm").read_text())


class AStandby(InAFolder):
    def test_has_each_commit_when_it_is_synchronous_and_takes_over(self):
        with self.server() as primary:
            primary.sql("CREATE TABLE t (i int)")
            with primary.standby("second", synchronous=True) as standby:
                primary.sql("SET synchronous_commit = remote_apply; INSERT INTO t VALUES (1)")
                self.assertEqual(standby.sql("SELECT i FROM t"), "1")
                with self.assertRaisesRegex(PostgresFailed, "read-only transaction"):
                    standby.sql("INSERT INTO t VALUES (2)")
                primary.sql("INSERT INTO t VALUES (2)")
                primary.kill()
                standby.promote()
                standby.sql("INSERT INTO t VALUES (3)")
                self.assertEqual(standby.sql("SELECT i FROM t ORDER BY i"), "1\n2\n3")

    def test_follows_without_holding_commits_up_when_it_is_asynchronous(self):
        with self.server() as primary:
            primary.sql("CREATE TABLE t (i int)")
            with primary.standby() as standby:
                standby.pause()
                primary.sql("INSERT INTO t VALUES (1)")
                standby.resume()
                wait_until(lambda: standby.sql("SELECT i FROM t") == "1", "the row has come over")

    def test_keeps_a_synchronous_commit_waiting_while_it_is_paused(self):
        with self.server() as primary, primary.standby(synchronous=True) as standby:
            standby.pause()
            commit = subprocess.Popen([primary.programs / "psql", "-XAtq", "-d", primary.url(), "-c", "CREATE TABLE t ()"])
            wait_until(lambda: primary.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1",
                       "the commit waits for the standby")
            standby.resume()
            self.assertEqual(commit.wait(PATIENCE), 0)


class TheProgram(InAFolder):
    def test_tells_the_url_and_ends_with_its_input(self):
        with self.program("--set", "work_mem=1MB") as program:
            url = program.stdout.readline().strip()
            psql = [programs_folder() / "psql", "-XAtq", "-d", url, "-c", "SHOW work_mem"]
            self.assertEqual(subprocess.check_output(psql, text=True), "1MB\n")
            program.stdin.close()
            self.assertEqual(program.wait(PATIENCE), 0)

    def test_ends_by_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.program() as program:
                program.stdout.readline()
                program.send_signal(number)
                self.assertEqual(program.wait(PATIENCE), 128 + number)
                self.nothing_is_left()

    def test_leaves_nothing_when_it_is_killed(self):
        with self.program() as program:
            program.stdout.readline()
            program.kill()

    def test_leaves_nothing_when_it_is_killed_before_the_server_runs(self):
        with self.program() as program:
            wait_until(lambda: os.listdir(self.parent), "it has its folder")
            program.kill()

    def test_leaves_nothing_when_its_parent_is_killed(self):
        words = [sys.executable, str(PROGRAM), "--folder", self.parent]
        parent = subprocess.Popen(
            [sys.executable, "-c", "import subprocess, sys, signal\n"
             "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
             "signal.pause()", *words],
            stdout=subprocess.PIPE, text=True)
        with parent:
            parent.stdout.readline()
            parent.kill()

    def test_runs_a_command_beside_it_and_passes_its_exit_status_on(self):
        with self.program("--", "sh", "-c", "echo $AIRCARGO_TEST_POSTGRES; exit 3") as program:
            url, _ = program.communicate(timeout=PATIENCE)
            self.assertRegex(url, r"^postgresql://aircargo@127\.0\.0\.1:\d+/postgres\n$")
            self.assertEqual(program.returncode, 3)

    def test_a_command_ends_with_it(self):
        with self.program("--", "sh", "-c", "echo $$; exec cat") as program:
            pid = int(program.stdout.readline())
            program.terminate()
            self.assertEqual(program.wait(PATIENCE), 128 + signal.SIGTERM)
            self.assertIsNone(state_of(pid))

    def test_runs_an_optional_command_without_a_server_that_does_not_start(self):
        words = ["--optional", "--set", "nonsense=1", "--variable", "SERVER", "--", "sh", "-c", "echo [$SERVER]; exit 3"]
        with self.program(*words, stderr=subprocess.PIPE) as program:
            output, errors = program.communicate(timeout=PATIENCE)
            self.assertEqual((output, program.returncode), ("[]\n", 3))
            self.assertIn("skipped: PostgreSQL", errors)


if __name__ == "__main__":
    unittest.main()
