"""What the server tests share: the program under test, an HTTP client, raw connections.

AIRCARGO_SERVER names the program. Each server listens on a free port, keeps its files in a temporary
directory of its own, and is ended by its own pid. With AIRCARGO_TEST_STORE=postgres its store is a database
of a PostgreSQL that this process starts for all of its servers, else an SQLite file in that directory.
"""

import atexit
import functools
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))
from private_postgres import PrivatePostgres  # noqa: E402
from private_server import wait_until  # noqa: E402, F401

PROGRAM = os.path.abspath(os.environ.get("AIRCARGO_SERVER", "build/ci/bin/aircargo-server"))
STORE = os.environ.get("AIRCARGO_TEST_STORE", "sqlite")
PATIENCE = 60  # seconds; only a broken server takes that long, even on a busy machine

NEW_BOOKING = {"origin": "DEL", "destination": "BLR", "pieces": 5, "weight_kg": 120}


failures_of_threads = []  # what the threads of the tests raised, which Python only prints


def keep_failure(failed):
    failures_of_threads.append(f"{failed.thread.name}: {failed.exc_type.__name__}: {failed.exc_value}")
    threading.__excepthook__(failed)


threading.excepthook = keep_failure


def assert_no_thread_failed():
    failures = failures_of_threads[:]
    failures_of_threads.clear()
    if failures:
        raise AssertionError("threads of the test failed:\n" + "\n".join(failures))


def environment():
    """This process's, without settings that somebody exported for a server of their own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AIRCARGO_", "PG"))}


@functools.cache
def shared_postgres():
    """The one that all stores of this process are in."""
    postgres = PrivatePostgres()
    atexit.register(postgres.stop)
    return postgres


@functools.cache
def store_in(folder):
    """The store that belongs to a folder: in it, or a database of its name."""
    if STORE == "sqlite":
        return f"sqlite:{folder / 'aircargo.db'}"
    shared_postgres().sql(f'CREATE DATABASE "{folder.name}"')
    return shared_postgres().url(database=folder.name)


def sql(store, statements):
    """Runs statements in a store that `store_in` made, past the program."""
    if store.startswith("sqlite:"):
        with closing(sqlite3.connect(store.removeprefix("sqlite:"))) as database:
            database.executescript(statements)
    else:
        shared_postgres().sql(statements, store.rsplit("/", 1)[1])


def run(*arguments, env=None):
    """Runs a command of the program to its end."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        env={**environment(), **(env or {})}, cwd=tempfile.gettempdir(),
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )


# What would be in the way of tests of something else; raw requests call the server `a` or `x`.
OPEN = {"AIRCARGO_RATE_LIMIT": "off", "AIRCARGO_AUTH": "off", "AIRCARGO_HOSTS": "a,x"}


# libpq itself prints what PostgreSQL says to a connection that is being made, before we can give it a receiver.
PRINTED_BY_LIBPQ = "WARNING:  terminating connection due to immediate shutdown command"


def log_line(text):
    """One line of the log, which must be a JSON object in plain ASCII with no name twice."""
    def once(pairs):
        assert len(pairs) == len(dict(pairs)), f"a name twice: {text}"
        return dict(pairs)
    assert text.isascii() and text.isprintable(), repr(text)
    try:
        line = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError:
        raise AssertionError(f"a line of the log that is not JSON: {text!r}") from None
    assert isinstance(line, dict) and {"time", "level", "event"} <= line.keys(), text
    return line


def is_about_being_open(line):
    """Whether a line of the log only says that OPEN leaves the door open."""
    return log_line(line)["event"] == "auth.off"


class Server:
    """A running server, open to all but for what `env` says. Use it in a `with`, or call `stop`."""

    def __init__(self, *flags, store=None, folder=None, demo=False, env=None):
        self.own_folder = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="aircargo-test-"))
        self.store = store or store_in(self.folder)
        self.flags = [*map(str, flags), *(["--demo-schedule"] if demo else [])]
        self.env = OPEN if env is None else env
        self.process = None
        self.killed = False
        self.port = None
        self.start_seconds = None
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        began = time.monotonic()
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--store", self.store, *self.flags],
                env={**environment(), **self.env}, cwd=self.folder, stdout=subprocess.PIPE, stderr=log,
            )
        for line in self.process.stdout:
            if re.match(rb"listening on https?://127\.0\.0\.1:", line):
                self.port = int(line.rsplit(b":", 1)[1])
                self.start_seconds = time.monotonic() - began
                return
        raise AssertionError(f"the server did not start:\n{self.log()}")

    def log(self):
        """What it said so far on stderr, but for what libpq prints."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace").replace(PRINTED_BY_LIBPQ + "\n", "")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """The exit status once it has ended."""
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return status

    def kill(self):
        """kill -9, as a crash would."""
        self.killed = True
        self.signal(signal.SIGKILL)
        return self.wait()

    def stop(self):
        """Ends it if it still runs, which must go well, and leaves nothing behind. No thread may have failed either."""
        try:
            if self.process is not None:
                self.end()
            assert_no_thread_failed()
        finally:
            if self.own_folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    def end(self):
        running = self.process.poll() is None
        if running:
            self.signal(signal.SIGTERM)
        try:
            status = self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end:\n{self.log()}") from None
        if running and status != 0:
            raise AssertionError(f"the server ended with {status}:\n{self.log()}")
        if running and not self.killed:  # which may cut a line
            for line in self.log().splitlines():
                log_line(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def client(self):
        return Client(self.port)

    def verify(self):
        """What `aircargo-server verify` says about the store."""
        return run("verify", "--store", self.store)


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    raw: bytes

    @property
    def json(self):
        return json.loads(self.raw)

    def __str__(self):
        return f"{self.status} {self.raw[:400]!r}"


class Client:
    """One keep-alive connection; opens again after the server closed it."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def call(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except BaseException:
            self.connection.close()
            raise

    def get(self, path, headers=None):
        return self.call("GET", path, headers=headers)

    def post(self, path, body=None, headers=None):
        return self.call("POST", path, body, headers)

    def delete(self, path, body=None, headers=None):
        return self.call("DELETE", path, body, headers)

    def book(self, **changes):
        """A new booking's path and the answer that made it."""
        answer = self.post("/api/v1/bookings", {**NEW_BOOKING, **changes})
        assert answer.status == 201, str(answer)
        return answer.headers["Location"], answer

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class RawConnection:
    """Bytes over a socket, for what no client library would send."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each send leaves by itself
        self.rest = b""

    def send(self, data):
        """Sends as much as the server takes: it may close halfway through."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def end_of_sending(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def read_all(self):
        """Everything until the server closes."""
        data, self.rest = self.rest, b""
        while True:
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                return data
            if not more:
                return data
            data += more

    def read_answer(self, head=False):
        """One answer, or None when the server closed instead."""
        while b"\r\n\r\n" not in self.rest:
            more = self.socket.recv(65536)
            if not more:
                return None
            self.rest += more
        header, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = header.decode("ascii").split("\r\n")
        fields = http.client.HTTPMessage()
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            fields[name] = value
        status = int(lines[0].split(" ")[1])
        size = 0 if head or status < 200 else int(fields.get("Content-Length", 0))
        while len(self.rest) < size:
            more = self.socket.recv(65536)
            if not more:
                return None
            self.rest += more
        body, self.rest = self.rest[:size], self.rest[size:]
        return Answer(status, fields, body)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def day(offset):
    """The UTC day `offset` days from today."""
    return (datetime.now(timezone.utc) + timedelta(days=offset)).date().isoformat()
