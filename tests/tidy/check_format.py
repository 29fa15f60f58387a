#!/usr/bin/python3
"""Checks the format of all C++ files with clang-format 14; exits 77, loudly, where that is missing."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("include", "src", "bindings", "tests", "examples", "benchmarks", "cmake")
SKIPPED = 77


def main():
    formatter = shutil.which("clang-format-14")
    if formatter is None:
        print("SKIPPED: clang-format-14 is not installed, so no format was checked")
        return SKIPPED
    files = [
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.[ch]pp"))
    ]
    checked = subprocess.run(
        [formatter, "--dry-run", "-Werror", *files],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )
    first_place = {}
    for path, line in re.findall(r"^(.+?):(\d+):\d+: error:", checked.stderr, re.MULTILINE):
        first_place.setdefault(path, line)
    for path, line in first_place.items():
        print(f"{path}:{line}: is not formatted from here on")
    if checked.returncode != 0 and not first_place:
        print(checked.stderr)
    print(f"format of {len(files)} files: {'mend it with ./dev fmt' if checked.returncode else 'good'}")
    return 1 if checked.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
