#!/usr/bin/python3
"""Checks the format of all C++ files with clang-format 14; exits 77, loudly, where that is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("include", "src", "tests", "examples", "benchmarks", "cmake")
SKIPPED = 77


def main():
    formatter = shutil.which("clang-format-14")
    if formatter is None:
        print("SKIPPED: clang-format-14 is not installed, so no format was checked")
        return SKIPPED
    files = [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.[ch]pp"))
    ]
    wrong = subprocess.run([formatter, "--dry-run", "-Werror", *files], cwd=ROOT, check=False).returncode
    print(f"format of {len(files)} files: {'mend it with ./dev fmt' if wrong else 'good'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
