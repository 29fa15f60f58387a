"""What README.md prints is what works: the curl session as it stands, and the quickstart's source."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from harness import PATIENCE, STORE, Server, environment
from private_redis import PrivateRedis

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
README = (SOURCE / "README.md").read_text(encoding="utf-8")


def block(language):
    """The first code block in this language."""
    return re.search(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL).group(1)


class Readme(unittest.TestCase):
    def test_shows_the_quickstart_as_it_is(self):
        source = (SOURCE / "examples/quickstart/main.cpp").read_text(encoding="utf-8")
        self.assertEqual(block("cpp"), source)
        self.assertLessEqual(len(source.splitlines()), 25)

    def run_session(self, settings):
        """With the server's defaults but for these; what it prints."""
        with Server(demo=True, env=settings) as server:
            session = block("sh").replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
            ran = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", session],
                env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False,
            )
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def test_session_registers_books_moves_tracks_and_cancels(self):
        if STORE == "sqlite":
            said = self.run_session({})
        else:
            with PrivateRedis() as redis:
                said = self.run_session({"AIRCARGO_CACHE": redis.url(), "AIRCARGO_LOCK": redis.url()})
        self.assertRegex(said, r'"direct":\[\{"flights":\[\{"id":\d+')
        self.assertRegex(said, r'"transit":\[\{"flights":\[\{"id":\d+')
        for status in ("BOOKED", "DEPARTED", "ARRIVED", "DELIVERED", "CANCELLED"):
            self.assertIn(f'"status":"{status}"', said)
        self.assertIn('"notes":"dry and whole"', said)
        self.assertIn('"total":2', said)
        self.assertNotIn('"code"', said, "something was refused")


if __name__ == "__main__":
    unittest.main()
