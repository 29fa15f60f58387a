#!/usr/bin/python3
"""Runs pytest on the Python package that was built, in the environment that ./dev test makes for it.

usage: run.py FOLDER_OF_THE_PACKAGE [argument of pytest]...      exits 77, loudly, where the environment is missing
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
PYTHON = SOURCE / "build/tools/python/bin/python"
SKIPPED = 77


def main():
    if not PYTHON.exists():
        print(f"SKIPPED: {PYTHON.relative_to(SOURCE)} is missing, so the Python package was not tested")
        return SKIPPED
    environment = os.environ | {"PYTHONPATH": sys.argv[1], "AIRCARGO_SOURCE": str(SOURCE)}
    arguments = sys.argv[2:]
    if not any(Path(argument).exists() for argument in arguments):
        arguments.append(HERE)  # only options: of all tests
    command = [PYTHON, "-m", "pytest", "-c", HERE / "pytest.ini", "--rootdir", HERE, *arguments]
    return subprocess.run(command, cwd=SOURCE, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
