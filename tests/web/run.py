#!/usr/bin/python3
"""Checks the web page, in the copy of examples/web that ./dev test makes and fetches the packages for.

usage: run.py check                  npm run check: generated types, type check, lint, unit tests
       run.py browser [FILE]...      all tests of this folder in Chromium against the real server, AIRCARGO_SERVER,
                                     or those in the files

Exits 77, loudly, where Node, its packages or Chromium could not be had.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
TREE = SOURCE / "build/web/tree/examples/web"
OUT = SOURCE / "build/web/out"
SKIPPED = 77


def environment():
    """With the Node that ./dev fetched in front, where that of the machine was too old."""
    modules = SOURCE / "build/tools/node/node_modules"
    folders = [*modules.glob("node-linux-*/bin"), *modules.glob(".bin")]
    path = os.pathsep.join([*map(str, folders), os.environ["PATH"]])
    return os.environ | {"PATH": path, "CI": "1", "NEXT_TELEMETRY_DISABLED": "1",
                         "AIRCARGO_WEB_PACKAGES": str(TREE), "AIRCARGO_WEB_OUT": str(OUT)}


def find(program):
    return shutil.which(program, path=environment()["PATH"])


def run(program, *arguments, folder):
    return subprocess.run([find(program), *arguments], cwd=folder, env=environment(), check=False).returncode


def missing(what):
    """What can not be had here, or None."""
    if not find("npm") or not (TREE / "installed.cksum").exists():
        return "Node 20.9 or newer with the npm packages of examples/web (./dev page says why)"
    return None if what == "check" or find("chromium") else "Debian's chromium"


def main():
    what, *files = sys.argv[1:]
    if lacking := missing(what):
        print(f"SKIPPED: the web page was not tested, for want of {lacking}")
        return SKIPPED
    if what == "check":
        return run("npm", "run", "check", folder=TREE)
    if not (OUT / "index.html").exists():
        print("the page could not be built, so there is nothing to open; see ./dev page")
        return 1
    tests = files or sorted(map(str, HERE.glob("*.test.mjs")))
    return run("node", "--test", "--test-concurrency=1", *tests, folder=SOURCE)


if __name__ == "__main__":
    sys.exit(main())
