"""Schemathesis against the running server: what its description allows and forbids, and all answers checked.

Every finding is a bug of the server or of the description. AIRCARGO_SCHEMATHESIS_CASES asks for at least so many
cases, each round with other data; without it there is one small round, always the same.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import PATIENCE, Server, environment, run

SOURCE = Path(os.environ.get("AIRCARGO_SOURCE", Path(__file__).resolve().parents[2]))
SCHEMATHESIS = SOURCE / "build/tools/api/bin/schemathesis"
CASES = int(os.environ.get("AIRCARGO_SCHEMATHESIS_CASES", "0"))
EXAMPLES_OF_A_ROUND = 100 if CASES else 8  # of each operation, in each phase
MANY_ROUNDS = 50
PHASES = "examples,coverage,fuzzing" + (",stateful" if CASES else "")


@unittest.skipUnless(SCHEMATHESIS.exists(), f"there is no {SCHEMATHESIS}: ./dev test installs it")
class Schemathesis(unittest.TestCase):
    def setUp(self):
        self.server = Server(*self.flags(), demo=True, env={"AIRCARGO_RATE_LIMIT": "off", "AIRCARGO_LOGIN_RATE_LIMIT": "off"})
        self.addCleanup(self.server.stop)
        self.token = self.log_in()
        self.folder = Path(tempfile.mkdtemp(prefix="aircargo-schemathesis-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for file in ("schemathesis.toml", "hooks.py"):
            shutil.copy(Path(__file__).parent / "schemathesis" / file, self.folder)

    @staticmethod
    def flags():
        return ["--log-level", "warn", "--token-time", 86400]

    def log_in(self):
        """As an administrator, who may do everything that a role is needed for."""
        password = "only for this test"
        made = run("user", "add", "schemathesis", "--role", "admin", "--store", self.server.store,
                   env={"AIRCARGO_PASSWORD": password})
        self.assertEqual(made.returncode, 0, made)
        with self.server.client() as client:
            answer = client.post("/api/v1/auth/login", {"name": "schemathesis", "password": password})
        self.assertEqual(answer.status, 200, answer)
        return answer.json["access_token"]

    def round(self, seed):
        """One run; the number of cases."""
        report = self.folder / "report.json"
        done = subprocess.run(
            [SCHEMATHESIS, "--no-color", "--config-file", "schemathesis.toml", "run",
             f"http://127.0.0.1:{self.server.port}/openapi.json", "--phases", PHASES, "--seed", str(seed),
             "--max-examples", str(EXAMPLES_OF_A_ROUND), "--report", "json", "--report-json-path", report],
            cwd=self.folder, env={**environment(), "PYTHONDONTWRITEBYTECODE": "1", "TOKEN": self.token},
            capture_output=True, text=True, timeout=30 * PATIENCE, check=False,
        )
        self.assertEqual(done.returncode, 0, f"seed {seed}:\n{done.stdout}{done.stderr}\n{self.server.log()[-2000:]}")
        cases = json.loads(report.read_text(encoding="utf-8"))["test_cases"]["generated"]
        print(f"seed {seed}: {cases} cases")
        return cases

    def test_the_server_keeps_to_its_description(self):
        cases = 0
        for seed in range(1, MANY_ROUNDS + 1):
            cases += self.round(seed)
            if cases >= CASES:
                break
        self.assertGreaterEqual(cases, max(CASES, 200))


if __name__ == "__main__":
    unittest.main()
