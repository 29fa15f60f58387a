"""Clients in several processes that pull at the same bookings through several servers, and the record of what they
asked and were told, for the checker in linearizable.py."""

import json
import multiprocessing
import random
import re
import socket
import threading
import time
import zlib
from collections import defaultdict

from harness import NEW_BOOKING, PATIENCE, wait_until
from linearizable import DONE, NOTHING, REFUSED, UNKNOWN, Event, Operation, stale_reads, violations

PROCESSES, THREADS = 4, 16
BOOKINGS = 50  # at a time
ACTS = ["depart", "arrive", "deliver", "cancel"]
FINAL = {b"DELIVERED", b"CANCELLED"}
# 409 of those who have changed nothing, for another reason than the booking's state
CERTAIN = {"stale_revision", "lock_busy", "lock_unavailable"}

REVISION = re.compile(rb'"revision":(\d+)')
STATUS = re.compile(rb'"status":"([A-Z]+)"')


class Connection:
    """HTTP on one socket that stays open."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, method, path, body=b""):
        """The status and the body."""
        kind = b"Content-Type: application/json\r\n" if body else b""
        self.socket.sendall(b"%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s"
                            % (method, path, kind, len(body), body))
        data = self.socket.recv(65536)
        while b"\r\n\r\n" not in data:
            data += self._more()
        header, rest = data.split(b"\r\n\r\n", 1)
        size = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", header).group(1))
        while len(rest) < size:
            rest += self._more()
        return int(header[9:12]), rest

    def _more(self):
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("closed within an answer")
        return more


class Slots:
    """The bookings that all pull at, as numbers that the processes share: the digits of a reference behind a 1."""

    def __init__(self):
        self.numbers = multiprocessing.RawArray("q", BOOKINGS)

    def path(self, slot):
        number = self.numbers[slot]
        return b"/api/v1/bookings/ACB" + str(number)[1:].encode() if number else None

    def put(self, slot, ref):
        self.numbers[slot] = int("1" + ref.removeprefix("ACB"))


class Client:
    """One of the crowd; `record` has (path, operation) for each answer."""

    def __init__(self, name, ports, slots, choose):
        self.name, self.slots, self.choose = name, slots, choose
        self.connections = [Connection(port) for port in ports]
        self.record, self.odd = [], []
        self.number = 0

    def close(self):
        for connection in self.connections:
            connection.socket.close()

    def step(self):
        slot = self.choose.randrange(BOOKINGS)
        path = self.slots.path(slot)
        what = self.choose.random()
        if path is None:
            self.book(slot)
        elif what < 0.4:
            self.read(slot, path)
        elif what < 0.6:
            self.history(path)
        else:
            self.act(slot, path, self.choose.choices(ACTS, [3, 3, 3, 1])[0])

    def ask(self, method, path, body=b""):
        asked = time.monotonic_ns()
        status, answer = self.choose.choice(self.connections).call(method, path, body)
        return asked, time.monotonic_ns(), status, answer

    def note(self):
        self.number += 1
        return f"{self.name}-{self.number}"

    def book(self, slot):
        note = self.note()
        order = json.dumps({**NEW_BOOKING, "notes": note}).encode()
        asked, answered, status, answer = self.ask(b"POST", b"/api/v1/bookings", order)
        if status == 201:
            ref = json.loads(answer)["ref_id"]
            path = b"/api/v1/bookings/" + ref.encode()
            self.record.append((path, Operation(asked, answered, DONE, "book", 1, zlib.crc32(answer), note)))
            self.slots.put(slot, ref)
        elif status != 503:
            self.odd.append((status, answer))

    def read(self, slot, path):
        asked, answered, status, answer = self.ask(b"GET", path)
        if status != 200:
            return self.fail(path, asked, answered, status, answer)
        revision = int(REVISION.search(answer).group(1))
        self.record.append((path, Operation(asked, answered, DONE, None, revision, zlib.crc32(answer))))
        # The finished ones are asked for a while longer.
        if STATUS.search(answer).group(1) in FINAL and self.choose.random() < 0.1 and self.slots.path(slot) == path:
            self.book(slot)

    def history(self, path):
        asked, answered, status, answer = self.ask(b"GET", path + b"/history")
        if status != 200:
            return self.fail(path, asked, answered, status, answer)
        revision = answer.count(b'"seq":')
        state = ("history", zlib.crc32(answer))
        self.record.append((path, Operation(asked, answered, DONE, None, revision, state)))

    def act(self, slot, path, act):
        note = self.note()
        body = b'{"notes":"%s"}' % note.encode()
        if act == "cancel":
            asked, answered, status, answer = self.ask(b"DELETE", path, body)
        else:
            asked, answered, status, answer = self.ask(b"POST", path + b"/" + act.encode(), body)
        if status != 200:
            return self.fail(path, asked, answered, status, answer, act, note)
        revision = int(REVISION.search(answer).group(1))
        self.record.append((path, Operation(asked, answered, DONE, act, revision, zlib.crc32(answer), note)))

    def fail(self, path, asked, answered, status, answer, act=None, note=None):
        code = json.loads(answer)["code"]
        if act and (status, code) == (409, "illegal_transition"):
            outcome = REFUSED
        elif act and status == 409 and code in CERTAIN:
            outcome = NOTHING
        elif status == 503:
            outcome = UNKNOWN if act else NOTHING
        else:
            return self.odd.append((status, answer))
        self.record.append((path, Operation(asked, answered, outcome, act, note=note, state=code)))


class Crowd:
    """PROCESSES times THREADS clients, while the `with` lasts. A quarter of them keeps to each of two servers."""

    def __init__(self, servers, seed):
        self.ports = [server.port for server in servers]
        self.seed = seed
        self.slots = Slots()
        self.ending = multiprocessing.Event()
        self.counts = multiprocessing.RawArray("q", PROCESSES * THREADS)  # each has its own
        self.operations = defaultdict(list)  # by path
        self.odd = []

    def count(self):
        return sum(self.counts)

    def wait_for(self, count):
        """Until so many answers more have come."""
        until = self.count() + count
        wait_until(lambda: self.count() >= until, f"{count} answers have come")

    def __enter__(self):
        context = multiprocessing.get_context("fork")
        self.pipes, self.processes = [], []
        for number in range(PROCESSES):
            ours, theirs = context.Pipe(False)
            process = context.Process(target=self._run, args=(number, theirs))
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)
        return self

    def __exit__(self, *_):
        self.ending.set()
        for pipe, process in zip(self.pipes, self.processes):
            record, odd = pipe.recv() if pipe.poll(PATIENCE) else ([], ["a process did not end"])
            for path, operation in record:
                self.operations[path].append(operation)
            self.odd += odd
            pipe.close()
            process.join(PATIENCE)

    def _run(self, process, pipe):
        clients = []

        def live(number):
            choose = random.Random(self.seed * PROCESSES * THREADS + number)
            ports = [self.ports, self.ports, self.ports[:1], self.ports[1:]][number % 4]
            client = Client(f"c{number}", ports, self.slots, choose)
            clients.append(client)
            try:
                while not self.ending.is_set():
                    client.step()
                    self.counts[number] += 1
            except (OSError, AttributeError, ValueError, KeyError) as wrong:
                client.odd.append(repr(wrong))
            finally:
                client.close()

        threads = [threading.Thread(target=live, args=(process * THREADS + n,)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pipe.send(([entry for client in clients for entry in client.record],
                   [odd for client in clients for odd in client.odd]))

    def findings(self, client):
        """Violations, each with its booking, and how many reads were stale. `client` asks for the histories."""
        found, stale = [], 0
        for path, operations in self.operations.items():
            asked = time.monotonic_ns()
            answer = client.get(f"{path.decode()}/history")
            told = answer.json["events"]
            events = [Event(event["status"], event["notes"]) for event in told]
            last = Operation(asked, time.monotonic_ns(), DONE, None, len(events), ("history", zlib.crc32(answer.raw)))
            found += [(path.decode(), sentence) for sentence in violations(events, [*operations, last])]
            stale += stale_reads([*operations, last])
        return found, stale

    def summary(self):
        done = [o for operations in self.operations.values() for o in operations]
        codes = defaultdict(int)
        for each in done:
            if each.outcome != DONE:
                codes[each.state] += 1
        acts = sum(o.outcome == DONE and o.act is not None for o in done)
        reads = sum(o.outcome == DONE and o.act is None for o in done)
        return (f"{len(done)} operations on {len(self.operations)} bookings: {reads} reads, {acts} changes, "
                f"{dict(codes)}")
