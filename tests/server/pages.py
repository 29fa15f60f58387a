"""Pages of the documentation whose commands are run as they stand there."""

import os
import re
import subprocess
from pathlib import Path

from harness import PATIENCE, PROGRAM, environment

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))


class Page:
    """A page with blocks that begin with ```sh NAME. They are run by bash, which stops at the first failure."""

    def __init__(self, path, folder, extra_path=()):
        text = (SOURCE / path).read_text(encoding="utf-8")
        found = re.findall(r"^```sh ([a-z-]+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        self.blocks = dict(found)
        assert len(found) == len(self.blocks) > 0, "a name twice, or none"
        self.left = set(self.blocks)
        programs = Path(folder) / "bin"
        programs.mkdir(exist_ok=True)
        if not (programs / "aircargo-server").exists():
            (programs / "aircargo-server").symlink_to(PROGRAM)
        self.path = os.pathsep.join([str(programs), *map(str, extra_path), os.environ["PATH"]])

    def run(self, name, names, as_user=()):
        """What it prints. `as_user` is what comes before the shell."""
        self.left.discard(name)
        done = subprocess.run(
            [*as_user, "bash", "-euo", "pipefail", "-c", self.blocks[name]],
            env={**environment(), **{key: str(value) for key, value in names.items()}, "PATH": self.path},
            cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3 * PATIENCE, check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}\n{done.stderr}"
        return done.stdout
