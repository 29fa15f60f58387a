#!/usr/bin/env python3
"""A PostgreSQL server of one's own: in a temporary folder, on a free port, gone without a trace at the end.

In Python:
    with PrivatePostgres({"fsync": "on"}) as postgres:
        postgres.sql("CREATE TABLE t (i int)")

As a program: prints one line with the server's URL and ends when its standard input does, or runs a command
that finds the URL in AIRCARGO_TEST_POSTGRES and passes its exit status on:
    private_postgres.py [--set NAME=VALUE]... [--folder PARENT]
    private_postgres.py [--set NAME=VALUE]... [--folder PARENT] -- COMMAND...

Exits 77 where PostgreSQL is not installed. Needs Linux, for what becomes of the server when its parent is killed.
"""

import argparse
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from urllib.parse import quote

from private_server import PATIENCE, children_of, reserve_port, send_all, state_of, wait_until

SUPERUSER = "aircargo"
MISSING = 77  # the exit status that ctest takes for "skipped"

# A killed process loses nothing that it has written, so tests that kill need no fsync. One that
# measures, or is about the disk, sets it.
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}

# Shared memory in files of the data folder, so that it goes with the folder after a kill.
ALWAYS = {"dynamic_shared_memory_type": "mmap", "logging_collector": "off"}

# Runs beside each server until nothing holds the other end of its input: not the process that made the
# server, not the server, none of its backends. Only then is nothing left that could write into the folder.
# A killed postmaster leaves one segment of System V memory, which its postmaster.pid names.
SWEEPER = """
cat
segment=$(awk 'NR == 7 { print $2 }' "$1/data/postmaster.pid") && [ -n "$segment" ] && ipcrm -m "$segment"
rm -rf -- "$1"
"""

# What its log says when it has come so far.
READY = b"ready to accept"  # "connections", or of a standby "read-only connections"
STREAMING = b"started streaming WAL"

SHUTDOWN = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class PostgresMissing(unittest.SkipTest):
    """PostgreSQL is not installed. Raised in a unittest, it marks the test as skipped."""


class PostgresFailed(AssertionError):
    """The server did something that it should not have; the text has its log."""


class PrivatePostgres:
    """A running server. Use it in a `with`, or call `stop`. Not for several threads at a time."""

    def __init__(self, settings=None, *, parent_folder=None, locale="C.UTF-8", fill=None):
        """`settings` go over FOR_TESTS. `fill(server)` makes the data folder, by default an empty one."""
        self.settings = {**FOR_TESTS, **(settings or {})}
        self.programs = programs_folder()
        self.user = user_of_the_server()
        self.postmaster = None
        self._reservation, self.port = reserve_port()
        self.folder = Path(parent_folder or tempfile.gettempdir(), f"aircargo-pg-{secrets.token_hex(8)}")
        self.data = self.folder / "data"
        self._guard, self._sweeper = start_sweeper(self.folder)  # before there is anything to sweep
        try:
            self.folder.mkdir(0o700)
            if self.user is not None:
                shutil.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            (fill or (lambda server: server._initdb(locale)))(self)
            self._configure()
            self.start()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None and issubclass(kind, Exception):
            print(f"the end of PostgreSQL's log:\n{self.log_end()}", file=sys.stderr)
        self.stop()

    # ------------------------------------------------------------------------------------------ how to reach it

    def url(self, user=SUPERUSER, database="postgres"):
        """For a connection by TCP."""
        return f"postgresql://{quote(user)}@127.0.0.1:{self.port}/{quote(database)}"

    def socket_url(self, user=SUPERUSER, database="postgres"):
        """For a connection by the unix socket, which only the server's own user and root can reach."""
        folder = quote(str(self.folder), safe="")
        return f"postgresql://{quote(user)}@/{quote(database)}?host={folder}&port={self.port}"

    def sql(self, text, database="postgres"):
        """What psql prints for these statements: a line for each row, columns apart by `|`."""
        psql = subprocess.run(
            [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.socket_url(database=database)],
            input=text, capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=False,
        )
        if psql.returncode != 0:
            raise PostgresFailed(f"psql refused {text!r}:\n{psql.stderr}")
        return psql.stdout.rstrip("\n")

    def log(self):
        path = self.folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def log_end(self, lines=50):
        return "\n".join(self.log().splitlines()[-lines:])

    # --------------------------------------------------------------------------------------- its life and death

    def start(self):
        """Starts it, once more after `kill` or `shut_down`: the same data, the same port."""
        self.postmaster = Postmaster(
            self.as_user([self.programs / "postgres", "-D", self.data]), self.folder, self._guard)
        if not self.postmaster.wait_for(READY):
            raise PostgresFailed(f"PostgreSQL did not start:\n{self.log_end()}")

    def kill(self):
        """kill -9 of the postmaster, as a crash would. Its backends notice, and are gone too when this returns."""
        self._end_by(signal.SIGKILL)

    def shut_down(self, mode="fast"):
        """Ends it (`smart`, `fast` or `immediate`, as pg_ctl calls them) and keeps its data for `start`."""
        self._end_by(SHUTDOWN[mode])

    def stop(self, mode="immediate"):
        """Ends it if it still runs and leaves nothing behind."""
        try:
            if self.postmaster is not None:
                self._end_by(SHUTDOWN[mode])
        finally:
            if self._guard is not None:
                os.close(self._guard)
                self._guard = None
                self._reservation.close()
                self._sweeper.wait(PATIENCE)

    def backend_pids(self):
        """All processes of the server but the postmaster: those of the clients and its own helpers."""
        return [] if self.postmaster is None else children_of(self.postmaster.pid)

    def pause(self):
        """Freezes all of its processes: connections stay open, and nobody answers."""
        os.kill(self.postmaster.pid, signal.SIGSTOP)
        # Once it stands still it makes no new ones.
        os.waitid(os.P_PID, self.postmaster.pid, os.WSTOPPED | os.WNOWAIT)
        backends = self.backend_pids()
        send_all(backends, signal.SIGSTOP)
        wait_until(lambda: all(state_of(pid) in ("T", "Z", None) for pid in backends), "all stand still")

    def resume(self):
        send_all([*self.backend_pids(), self.postmaster.pid], signal.SIGCONT)

    def _end_by(self, number):
        if self.postmaster is None:
            return
        backends = self.backend_pids()
        self.postmaster.send(number)
        send_all([*backends, self.postmaster.pid], signal.SIGCONT)  # what is paused can not end
        if not self.postmaster.wait_until_gone(PATIENCE):
            send_all([*self.backend_pids(), *backends, self.postmaster.pid], signal.SIGKILL)
            raise PostgresFailed(f"PostgreSQL did not end:\n{self.log_end()}")
        self.postmaster = None

    # --------------------------------------------------------------------------------------------- its replicas

    def standby(self, name="standby", *, synchronous=False, settings=None):
        """A replica that streams from this server, a PrivatePostgres too. With `synchronous`, no commit here
        is acknowledged before the replica has it."""
        if synchronous:
            # Before the copy is taken: its checkpoint comes after every process has read the setting.
            self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'; SELECT pg_reload_conf()")
        replica = PrivatePostgres(
            {**self.settings, **(settings or {})},
            parent_folder=self.folder.parent,
            fill=lambda server: server._copy(self, name),
        )
        try:
            replica._wait_until_it_streams(self, name, "sync" if synchronous else "async")
        except BaseException:
            replica.stop()
            raise
        return replica

    def promote(self):
        """Makes a standby take writes; it does when this returns."""
        if self.sql(f"SELECT pg_promote(true, {PATIENCE})") != "t":
            raise PostgresFailed(f"the standby was not promoted:\n{self.log_end()}")

    def _copy(self, primary, name):
        self._run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "--no-sync",
                  "-d", f"{primary.url()}?application_name={quote(name)}")
        (self.data / "postgresql.auto.conf").write_text(
            "".join(
                line for line in (self.data / "postgresql.auto.conf").read_text().splitlines(keepends=True)
                if not line.startswith("synchronous_standby_names")  # it has no replica of its own
            )
        )

    def _wait_until_it_streams(self, primary, name, sync_state):
        if not self.postmaster.wait_for(STREAMING):
            raise PostgresFailed(f"the standby ended:\n{self.log_end()}")
        wait_until(
            lambda: primary.sql(f"SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'"
                                f" AND application_name = '{name}'") == sync_state,
            f"the standby is {sync_state}",
        )

    # ------------------------------------------------------------------------------------------ how it is made

    def _initdb(self, locale):
        self._run("initdb", "-D", self.data, "-N", "-A", "trust", "-E", "UTF8", f"--locale={locale}",
                  "-U", SUPERUSER, "--no-instructions")

    def _configure(self):
        """Settings in the file, not on the command line, so that ALTER SYSTEM can change them."""
        settings = {
            **ALWAYS,
            **self.settings,
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
        }
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            for name, value in settings.items():
                quoted = str(value).replace("'", "''")
                file.write(f"{name} = '{quoted}'\n")

    def _run(self, program, *arguments):
        done = subprocess.run(
            self.as_user([self.programs / program, *arguments]),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=self.folder, env=environment(), pass_fds=[self._guard], timeout=PATIENCE, check=False,
        )
        if done.returncode != 0:
            raise PostgresFailed(f"{program} failed:\n{done.stdout}")

    def as_user(self, command):
        """The command as the server's user, and gone when its parent is. The kernel forgets the latter when the
        user changes, so both are left to one program that knows the order."""
        change = []
        if self.user is not None:
            change = [f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"]
        return ["setpriv", *change, "--pdeathsig", "QUIT", "--", *map(str, command)]


class Postmaster:
    """One run of the server. Its log is read from a pipe that all of its processes hold, so the end of the pipe
    is the end of the last of them."""

    def __init__(self, command, folder, guard):
        self.process = None
        self._command, self._folder, self._guard = command, folder, guard
        self._changed = threading.Condition()
        self._seen = set()  # of READY and STREAMING
        self._gone = False
        self._broken = None
        # The thread that starts a process is what the kernel calls its parent: it must live as long.
        threading.Thread(target=self._watch, daemon=True).start()
        with self._changed:
            self._changed.wait_for(lambda: self.process or self._broken)
        if self._broken:
            raise self._broken

    @property
    def pid(self):
        return self.process.pid

    def send(self, number):
        self.process.send_signal(number)

    def wait_for(self, mark):
        """Whether its log says so, now or before it ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._gone or mark in self._seen, PATIENCE)
            return mark in self._seen

    def wait_until_gone(self, seconds):
        with self._changed:
            return self._changed.wait_for(lambda: self._gone, seconds)

    def _watch(self):
        try:
            process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                cwd=self._folder, env=environment(), pass_fds=[self._guard],
                start_new_session=True,  # the terminal's Ctrl-C is for the test
            )
        except OSError as error:
            self._tell(broken=error)
            return
        self._tell(process=process)
        with process.stderr, open(self._folder / "log", "ab", buffering=0) as log:
            for line in process.stderr:
                log.write(line)
                self._tell(seen={mark for mark in (READY, STREAMING) if mark in line})
        process.wait()
        self._tell(gone=True)

    def _tell(self, *, process=None, broken=None, seen=frozenset(), gone=False):
        with self._changed:
            self.process = process or self.process
            self._broken = broken or self._broken
            self._seen |= seen
            self._gone = gone
            self._changed.notify_all()


def programs_folder():
    """Of the newest PostgreSQL that is installed."""
    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "postgres").exists()]
    on_path = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    folders = sorted(folders, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0)) or on_path
    if not folders:
        raise PostgresMissing("PostgreSQL is not installed (Debian package postgresql)")
    return folders[-1]


def user_of_the_server():
    """None for the user of this process. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def environment():
    """This process's, without what PostgreSQL's programs would take as settings."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**mine, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def start_sweeper(folder):
    """The end of the pipe that keeps the sweeper waiting, and the sweeper."""
    awaited, guard = os.pipe()
    try:
        sweeper = subprocess.Popen(
            ["sh", "-c", SWEEPER, "sweeper", folder],
            stdin=awaited, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
        )
    except BaseException:
        os.close(guard)
        raise
    finally:
        os.close(awaited)
    return guard, sweeper


# ---------------------------------------------------------------------------------------------- as a program


def run_beside(command, variables):
    """The command's exit status, as a shell tells it. Signals are passed on, and their number is the status."""
    child, numbers = None, []

    def pass_on(number, _):
        numbers.append(number)
        if child is not None:
            child.terminate()

    handle_signals(pass_on)
    try:
        child = subprocess.Popen(command, env={**os.environ, **variables})
    except OSError as error:
        print(error, file=sys.stderr)
        return 127
    if numbers:
        child.terminate()
    status = child.wait()
    handle_signals(signal.SIG_IGN)
    if numbers:
        return 128 + numbers[0]
    return status if status >= 0 else 128 - status


def end(number, _):
    """Leaves every `with` on its way out; once is enough."""
    handle_signals(signal.SIG_IGN)
    sys.exit(128 + number)


def handle_signals(handler):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def arguments_of(words):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s [options] [-- COMMAND...]")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the server")
    parser.add_argument("--folder", metavar="PARENT", help="where to make its folder; short, as sockets need")
    parser.add_argument("--locale", default="C.UTF-8", help="of its databases (default: %(default)s)")
    parser.add_argument("--socket", action="store_true", help="tell the URL of its unix socket, not of its port")
    parser.add_argument("--variable", default="AIRCARGO_TEST_POSTGRES", metavar="NAME",
                        help="where the command finds the URL (default: %(default)s)")
    parser.add_argument("--optional", action="store_true",
                        help="run the command without a server where there is none, and say so")
    own, command = words, []
    if "--" in words:
        own, command = words[:words.index("--")], words[words.index("--") + 1:]
    arguments = parser.parse_args(own)
    if arguments.optional and not command:
        parser.error("--optional needs a command")
    if not all("=" in setting for setting in arguments.set):
        parser.error("--set takes NAME=VALUE")
    return arguments, command


def serve(arguments, command, server):
    url = server.socket_url() if arguments.socket else server.url()
    if command:
        return run_beside(command, {arguments.variable: url})
    print(url, flush=True)
    sys.stdin.buffer.read()
    return 0


def main():
    arguments, command = arguments_of(sys.argv[1:])
    handle_signals(end)
    try:
        server = PrivatePostgres(
            dict(setting.split("=", 1) for setting in arguments.set),
            parent_folder=arguments.folder, locale=arguments.locale)
    except (PostgresMissing, PostgresFailed) as error:
        print(f"skipped: PostgreSQL: {error}" if arguments.optional else error, file=sys.stderr)
        if arguments.optional:
            return run_beside(command, {})
        return MISSING if isinstance(error, PostgresMissing) else 1
    with server:
        return serve(arguments, command, server)


if __name__ == "__main__":
    sys.exit(main())
