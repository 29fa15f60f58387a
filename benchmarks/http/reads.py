#!/usr/bin/env python3
"""What a read of a booking costs the server, with login and limits on, beside nginx answering as many bytes.

    reads.py PROGRAM [--rounds N] [--seconds S]

wrk keeps 64 connections busy, each program has one thread to serve with, and they take turns. Counted is the time on a
processor (user and system, all threads of the program) by the requests that were answered. A second part compares reads
with and without 50 listeners to the stream of events, while bookings change. Needs nginx and wrk; all of it stays on
this machine and in a folder that goes away.
"""

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 64
LISTENERS = 50
CHANGES_A_SECOND = 17  # the peak of the asked day
MUCH = "1000000/s"     # counted, and never too many

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log {log};
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000000;
    default_type application/json;
    server {{ listen 127.0.0.1:{port}; location / {{ return 200 '{body}'; }} }}
}}
"""


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Load:
    """Of one program: what wrk did to it and what that cost."""

    def __init__(self, name, pid, url, token=None):
        self.name, self.pid, self.url = name, pid, url
        self.headers = ["-H", f"Authorization: Bearer {token}"] if token else []
        self.costs, self.rates = [], []

    def run(self, seconds):
        before = processor_seconds(self.pid)
        told = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *self.headers, self.url],
            check=True, stdout=subprocess.PIPE, text=True).stdout
        spent = processor_seconds(self.pid) - before
        if "Non-2xx" in told or "Socket errors" in told:
            raise SystemExit(f"{self.name}: not all were answered:\n{told}")
        requests = int(re.search(r"(\d+) requests in", told)[1])
        self.costs.append(spent / requests * 1e6)
        self.rates.append(requests / seconds)

    def __str__(self):
        rounds = ", ".join(f"{cost:.2f}" for cost in self.costs)
        return (f"{statistics.median(self.costs):8.2f} us a request, {statistics.median(self.rates):8,.0f} a second"
                f"  {self.name}  ({rounds})")


def in_turns(loads, arguments, around=contextlib.nullcontext):
    """All of them once in each round, after a round that is not counted."""
    for number in range(arguments.rounds + 1):
        for load in loads:
            with around(load):
                load.run(arguments.seconds)
            if number == 0:
                load.costs.clear()
                load.rates.clear()
    for load in loads:
        print(load)


def ratio(of, to):
    return statistics.median(a / b for a, b in zip(of.costs, to.costs))


@contextlib.contextmanager
def serving(log_level):
    """A server with a booking, and somebody who has logged in."""
    from harness import Server  # pylint: disable=import-outside-toplevel
    flags = ["--threads", 1, "--log-level", log_level, "--rate-limit", MUCH, "--login-rate-limit", "off",
             "--max-streams-per-caller", LISTENERS]
    with Server(*flags, env={}) as server, server.client() as client:
        me = {"name": "bench", "password": "only for this run"}
        assert client.post("/api/v1/auth/register", me).status == 201
        token = client.post("/api/v1/auth/login", me).json["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        booked = {"origin": "DEL", "destination": "BLR", "pieces": 3, "weight_kg": 120}
        path = client.post("/api/v1/bookings", booked, headers).headers["Location"]
        assert client.get(path, headers).status == 200
        yield server, path, token


def size_of_answer(server, path, token):
    """All bytes of it, head and body."""
    from harness import RawConnection  # pylint: disable=import-outside-toplevel
    raw = RawConnection(server.port)
    raw.send(f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n".encode())
    answer = raw.read_all()
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return len(answer.replace(b"Connection: close\r\n", b""))


@contextlib.contextmanager
def nginx(folder, port, size, log):
    """Answering with `size` bytes in all."""
    head = len("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
               "Content-Type: application/json\r\nContent-Length: 500\r\nConnection: keep-alive\r\n\r\n")
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, port=port, log=log, body="x" * (size - head)), encoding="utf-8")
    master = subprocess.Popen(["nginx", "-e", folder / "error.log", "-c", settings])
    try:
        children = Path(f"/proc/{master.pid}/task/{master.pid}/children")
        while not (workers := children.read_text(encoding="ascii").split()):
            assert master.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
        yield int(workers[0])
    finally:
        master.terminate()
        master.wait()


def free_port():
    import socket  # pylint: disable=import-outside-toplevel
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def beside_nginx(arguments, log_level):
    with serving(log_level) as (server, path, token), tempfile.TemporaryDirectory() as folder:
        size = size_of_answer(server, path, token)
        port = free_port()
        log = f"{folder}/access.log" if log_level == "info" else "off"
        with nginx(Path(folder), port, size, log) as worker:
            print(f"{size} bytes an answer, {'a line of log each' if log_level == 'info' else 'no log'}:")
            ours = Load("aircargo-server", server.process.pid, f"http://127.0.0.1:{server.port}{path}", token)
            theirs = Load("nginx, return 200", worker, f"http://127.0.0.1:{port}/")
            in_turns([ours, theirs], arguments)
            print(f"{ratio(ours, theirs):8.2f} times nginx")


class Changes(threading.Thread):
    """Books at a steady pace until it is told to stop."""

    def __init__(self, server, token):
        super().__init__()
        self.client, self.headers = server.client(), {"Authorization": f"Bearer {token}"}
        self.done = threading.Event()

    def run(self):
        booked = {"origin": "DEL", "destination": "BLR", "pieces": 3, "weight_kg": 120}
        while not self.done.wait(1 / CHANGES_A_SECOND):
            assert self.client.post("/api/v1/bookings", booked, self.headers).status == 201

    def stop(self):
        self.done.set()
        self.join()
        self.client.close()


class Listeners(threading.Thread):
    """Read all that the streams of one token say."""

    def __init__(self, server, token):
        super().__init__()
        from harness import RawConnection  # pylint: disable=import-outside-toplevel
        self.connections = [RawConnection(server.port) for _ in range(LISTENERS)]
        for each in self.connections:
            each.send(f"GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.heard = 0

    def run(self):
        import selectors  # pylint: disable=import-outside-toplevel
        with selectors.DefaultSelector() as selector:
            for each in self.connections:
                selector.register(each.socket, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select():
                    data = key.fileobj.recv(65536)
                    self.heard += data.count(b"data: ")
                    if not data:
                        selector.unregister(key.fileobj)

    def stop(self):
        import socket  # pylint: disable=import-outside-toplevel
        for each in self.connections:
            each.socket.shutdown(socket.SHUT_RDWR)
        self.join()
        for each in self.connections:
            each.socket.close()


def beside_listeners(arguments):
    with serving("warn") as (server, path, token):
        url = f"http://127.0.0.1:{server.port}{path}"
        alone, heard = (Load(name, server.process.pid, url, token)
                        for name in ("alone", f"with {LISTENERS} listeners"))
        told = []

        @contextlib.contextmanager
        def around(load):
            changes = Changes(server, token)
            listeners = Listeners(server, token) if load is heard else None
            changes.start()
            if listeners:
                listeners.start()
            try:
                yield
            finally:
                changes.stop()
                if listeners:
                    listeners.stop()
                    told.append(listeners.heard)

        print(f"reads while {CHANGES_A_SECOND} bookings a second are made:")
        in_turns([alone, heard], arguments, around)
        least = LISTENERS * CHANGES_A_SECOND * arguments.seconds / 2
        assert min(told) > least, f"the listeners heard too little: {told}"
        print(f"{(ratio(heard, alone) - 1) * 100:8.1f} % more a request with {LISTENERS} listeners"
              f" ({statistics.median(told):,.0f} events told a round)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=3)
    arguments = parser.parse_args()
    os.environ["AIRCARGO_SERVER"] = arguments.program
    sys.path.insert(0, str(ROOT / "tests" / "server"))
    for log_level in ("warn", "info"):
        beside_nginx(arguments, log_level)
    beside_listeners(arguments)


if __name__ == "__main__":
    main()
