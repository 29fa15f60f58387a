"""Clients that tell apart what became of a request: answered in full, its connection refused, closed without a byte of
an answer, or cut in the middle of one."""

import json
import socket

from harness import PATIENCE


def request(method, path, body=None, key=None):
    content = "" if body is None else json.dumps(body)
    fields = f"Idempotency-Key: {key}\r\n" if key else ""
    return (f"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{fields}"
            f"Content-Length: {len(content)}\r\n\r\n{content}").encode()


class Unanswered(Exception):
    """The connection ended; `got` is what of the answer had arrived."""

    def __init__(self, got, why):
        super().__init__(f"{why!r} after {bytes(got)!r}")
        self.got = bytes(got)


class Visitor:
    """Keeps one connection for as long as the server does, or takes a new one for each request."""

    def __init__(self, keeps):
        self.keeps = keeps
        self.socket = None

    def ask(self, port, method, path, body=None, key=None):
        """The status and the JSON. Raises ConnectionRefusedError, or Unanswered if it was connected."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        got = bytearray()
        try:
            self.socket.sendall(request(method, path, body, key))
            status, closes, answer = self._read(got)
        except OSError as failed:
            self.close()
            raise Unanswered(got, failed) from failed
        if closes or not self.keeps:
            self.close()
        return status, answer

    def _read(self, got):
        while b"\r\n\r\n" not in got:
            self._more(got)
        head, _, rest = bytes(got).partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        size = int(fields[b"content-length"])
        while len(got) < len(head) + 4 + size:
            self._more(got)
        return int(head[9:12]), fields.get(b"connection") == b"close", json.loads(bytes(got)[len(head) + 4:])

    def _more(self, got):
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("closed")
        got += more

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None
