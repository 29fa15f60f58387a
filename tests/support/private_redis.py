"""A Redis of one's own: on a free port of 127.0.0.1, with nothing on disk, gone with the process that made it.

    with PrivateRedis() as redis:
        redis.ask("SET", "key", "value")
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from urllib.parse import quote

from private_server import PATIENCE, reserve_port, wait_until


class RedisMissing(unittest.SkipTest):
    """Redis is not installed. Raised in a unittest, it marks the test as skipped."""


class PrivateRedis:
    """A running server. Use it in a `with`, or call `stop`. It goes with the thread that started it, so start it
    again from one that lives as long as it is needed."""

    def __init__(self, settings=None):
        """`settings` are those of redis.conf; a list is for one that takes several words."""
        if shutil.which("redis-server") is None:
            raise RedisMissing("Redis is not installed (Debian package redis-server)")
        self.settings = {"save": "", "appendonly": "no", **(settings or {})}
        self.process = None
        self._reservation, self.port = reserve_port()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def url(self, database=0):
        password = self.settings.get("requirepass")
        return f"redis://{f':{quote(password)}@' if password else ''}127.0.0.1:{self.port}/{database}"

    def start(self):
        """Starts it, once more after `kill`: empty, on the same port. It answers when this returns."""
        settings = {"bind": "127.0.0.1", "port": self.port, "dir": tempfile.gettempdir(), **self.settings}
        words = []
        for name, value in settings.items():
            words += [f"--{name}", *(value if isinstance(value, list) else [str(value)])]
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", "redis-server", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,  # the terminal's Ctrl-C is for the test
        )
        wait_until(self._answers_or_ended, "Redis answers")
        if self.process.poll() is not None:
            raise AssertionError(f"Redis ended at once: {' '.join(words)}")

    def kill(self):
        """kill -9: all that it held is gone."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def pause(self):
        """Connections stay open, and nobody answers. It stands still when this returns."""
        self._signal(signal.SIGSTOP, os.WSTOPPED)

    def resume(self):
        self._signal(signal.SIGCONT, os.WCONTINUED)

    def flush(self):
        self.ask("FLUSHALL")

    def stop(self):
        """Ends it if it still runs and gives its port back."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self._reservation.close()

    def ask(self, *words):
        """The first line of what it answers, such as `+OK` or `:1`."""
        commands = [["AUTH", self.settings["requirepass"]]] if "requirepass" in self.settings else []
        commands.append(words)
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            with connection.makefile("rb") as answers:
                for command in commands:
                    parts = [f"*{len(command)}", *(part for word in command for part in (f"${len(word)}", word))]
                    connection.sendall("".join(f"{part}\r\n" for part in parts).encode("ascii"))
                    answer = answers.readline()
        return answer.decode().rstrip()

    def _answers_or_ended(self):
        try:
            return bool(self.ask("PING"))
        except OSError:
            return self.process.poll() is not None

    def _signal(self, number, until):
        self.process.send_signal(number)
        os.waitid(os.P_PID, self.process.pid, until | os.WNOWAIT)
