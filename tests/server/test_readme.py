"""What README.md prints is what works: the curl session as it stands, and the quickstart's source."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from harness import PATIENCE, Server, environment

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

    def test_session_books_moves_tracks_and_cancels(self):
        with Server(demo=True) as server:
            session = block("sh").replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
            ran = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", session],
                env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False,
            )
        said = ran.stdout
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertRegex(said, r'"direct":\[\{"flights":\[\{"id":\d+')
        self.assertRegex(said, r'"transit":\[\{"flights":\[\{"id":\d+')
        for status in ("BOOKED", "DEPARTED", "ARRIVED", "DELIVERED", "CANCELLED"):
            self.assertIn(f'"status":"{status}"', said)
        self.assertIn('"notes":"dry and whole"', said)
        self.assertIn('"total":2', said)
        self.assertNotIn('"code"', said, "something was refused")


if __name__ == "__main__":
    unittest.main()
