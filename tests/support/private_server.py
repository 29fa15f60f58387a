"""What the servers of one's own have in common: a port that stays theirs, and a look at their processes."""

import os
import socket
import time
from pathlib import Path

PATIENCE = 120  # seconds; only a broken server takes that long, even on a busy machine


def reserve_port():
    """A socket that keeps a free port of 127.0.0.1, also while the server is down. It does not listen, so
    clients are refused and the server may listen there, as it asks for SO_REUSEADDR too; nobody who asks
    for any free port gets this one."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    return kept, kept.getsockname()[1]


def children_of(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def state_of(pid):
    """As ps shows it: T stands still, Z has ended and waits for its parent to ask. None has no process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return None


def send_all(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def wait_until(condition, what):
    """Asks again until a condition of another process holds, which can not be waited on otherwise."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(0.005)
