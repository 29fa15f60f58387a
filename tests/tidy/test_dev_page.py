"""./dev page: builds the page of examples/web once, anew when it has changed, and says why where it can not.

Node and npm are stand-ins of this test: what they are asked for is written down, and they fail when told to.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PATIENCE = 60
NODE = """#!/bin/sh
case "$2" in
    *versions.node*) exit "${NODE_IS_OLD:-0}" ;;
    *) [ -d node_modules ] && [ ! -e "$FAILING/packages" ] ;;
esac
"""
NPM = """#!/bin/sh
echo "$* in $(pwd)" >> "$ASKED"
case "$*" in
    *ci*) [ ! -e "$FAILING/ci" ] && mkdir -p node_modules ;;
    "run build") [ ! -e "$FAILING/build" ] && mkdir -p out && cat page.txt ../../docs/openapi.json > out/index.html ;;
    *) exit 1 ;;
esac
"""


class Page(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.tree = self.folder / "tree"
        self.web = self.tree / "examples/web"
        self.web.mkdir(parents=True)
        shutil.copy(SOURCE / "dev", self.tree)
        for name, text in (("package.json", "{}"), ("package-lock.json", "{}"), ("page.txt", "page "), (".gitignore", "ignored\n")):
            (self.web / name).write_text(text)
        (self.tree / "docs").mkdir()
        (self.tree / "docs/openapi.json").write_text("api")
        tools, self.failing = self.folder / "tools", self.folder / "failing"
        self.failing.mkdir()
        tools.mkdir()
        for name, text in (("node", NODE), ("npm", NPM)):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        self.asked = self.folder / "asked"
        self.asked.touch()
        self.env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "ASKED": str(self.asked),
                    "FAILING": str(self.failing), "GIT_CEILING_DIRECTORIES": str(self.folder)}
        self.out = self.tree / "build/web/out/index.html"

    def build(self, **env):
        done = subprocess.run([self.tree / "dev", "page"], env={**self.env, **env}, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        asked = [line.split(" in ")[0].split()[:2] for line in self.asked.read_text().splitlines()]
        self.asked.write_text("")
        return done, [" ".join(words) for words in asked]

    def assert_builds(self, text, asked, **env):
        done, asked_now = self.build(**env)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.out.read_text(), text)
        self.assertEqual(asked_now, asked)

    def assert_fails(self, words, **env):
        done, _ = self.build(**env)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(words, done.stdout)
        self.assertIn("WITHOUT the web page", done.stdout)
        self.assertFalse(self.out.exists(), "nothing old is served for it")

    def test_it_is_built_once_and_when_it_has_changed(self):
        self.assert_builds("page api", ["ci --ignore-scripts", "run build"])
        self.assert_builds("page api", [])
        (self.web / "page.txt").write_text("other ")
        self.assert_builds("other api", ["run build"])
        (self.tree / "docs/openapi.json").write_text("API")
        self.assert_builds("other API", ["run build"])
        (self.web / "package-lock.json").write_text("{ }")
        self.assert_builds("other API", ["ci --ignore-scripts", "run build"])
        (self.web / "new.txt").write_text("new")
        self.assert_builds("other API", ["run build"])
        (self.web / "new.txt").unlink()
        self.assert_builds("other API", ["run build"])

    def test_in_a_checkout_what_git_ignores_makes_no_difference(self):
        subprocess.run(["git", "init", "--quiet", self.tree], env=self.env, check=True, timeout=PATIENCE)
        self.assert_builds("page api", ["ci --ignore-scripts", "run build"])
        (self.web / "ignored").write_text("x")
        self.assert_builds("page api", [])
        self.assertFalse((self.web / "node_modules").exists(), "nothing is left among the sources")
        self.assertFalse((self.web / "out").exists())

    def test_a_failure_is_said_and_tried_again_the_next_time(self):
        (self.failing / "ci").touch()
        self.assert_fails("npm packages of examples/web can not be had")
        (self.failing / "ci").unlink()
        (self.failing / "packages").touch()
        self.assert_fails("npm packages of examples/web can not be had")
        (self.failing / "packages").unlink()
        (self.failing / "build").touch()
        self.assert_fails("could not be built")
        (self.failing / "build").unlink()
        self.assert_builds("page api", ["run build"])
        (self.web / "page.txt").write_text("other ")
        (self.failing / "build").touch()
        self.assert_fails("could not be built")

    def test_packages_that_are_not_whole_are_fetched_once_more(self):
        (self.failing / "packages").touch()
        done, asked = self.build()
        self.assertEqual((done.returncode, asked), (1, ["ci --ignore-scripts"] * 2), done.stdout)

    def test_node_that_is_too_old(self):
        (self.web / "node").mkdir()
        for name in ("package.json", "package-lock.json"):
            (self.web / "node" / name).write_text("{}")
        self.assert_fails("needs Node 20.9 or newer", NODE_IS_OLD="1")


if __name__ == "__main__":
    unittest.main()
