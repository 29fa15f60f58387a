"""kill -9 under load, again and again: nothing that was acknowledged is lost, no history is illegal.

AIRCARGO_CRASH_ROUNDS says how often; 5 when it is not set.
"""

import os
import random
import unittest

from harness import Server
from load import Ledger, Load

ROUNDS = int(os.environ.get("AIRCARGO_CRASH_ROUNDS", "5"))


class Crash(unittest.TestCase):
    def test_kill_9_under_load(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose = random.Random(seed)
        ledger, slowest = Ledger(), 0.0
        with Server("--log-level", "warn") as server:
            for number in range(ROUNDS):
                with self.subTest(round=number):
                    with Load(server, ledger, seed + number, keyed=0.3) as load:
                        load.wait_for(choose.randrange(100, 400))  # any moment is as good to die at
                        server.kill()
                    self.assertEqual(load.odd, [])
                    verified = server.verify()
                    self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
                    self.assertIn(", 0 differences", verified.stdout)
                    server.start()
                    slowest = max(slowest, server.start_seconds)
                    ledger.check(self, server)
        print(f"{ROUNDS} kills, {ledger.acknowledged()} acknowledged changes, none lost; slowest start {slowest:.3f} s")
        self.assertLess(slowest, 1.0)


if __name__ == "__main__":
    unittest.main()
