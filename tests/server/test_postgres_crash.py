"""PostgreSQL and the server are killed under load, again and again: nothing that was acknowledged is lost, nothing
is done twice, and callers see nothing but 503 for a moment.

AIRCARGO_CRASH_ROUNDS says how often; 5 when it is not set, each kind of blow once.
"""

import os
import random
import signal
import unittest

from harness import Server, wait_until
from load import CLIENTS, Ledger, Load
from private_postgres import READY, PrivatePostgres, send_all

ROUNDS = int(os.environ.get("AIRCARGO_CRASH_ROUNDS", "5"))
ON_A_DISK = {"fsync": "on", "full_page_writes": "on"}
LONGEST_RETURN = 2.0   # seconds from "accepting connections" to writes of all clients
LONGEST_ANSWER = 25.0  # seconds that any request takes, also when PostgreSQL says nothing for 15

BACKENDS = "FROM pg_stat_activity WHERE application_name = 'aircargo'"


class PostgresCrash(unittest.TestCase):
    def test_kills_under_load(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose = random.Random(seed)
        blows = [self.kill_a_backend, self.end_connections, self.kill_postgres, self.kill_postgres_for_a_while,
                 self.kill_server]
        ledger = Ledger()
        self.returns, self.slowest, self.unavailable = [], 0.0, 0
        with PrivatePostgres(ON_A_DISK) as self.postgres:
            with Server("--log-level", "warn", store=self.postgres.url()) as self.server:
                for number in range(ROUNDS):
                    if number % len(blows) == 0:
                        choose.shuffle(blows)
                    blow = blows[number % len(blows)]
                    with self.subTest(round=number, blow=blow.__name__):
                        self.strike(blow, Load(self.server, ledger, seed + number, outages=True, keyed=0.4), choose)
                ledger.check(self, self.server)
                self.assertNotIn('"level":"error"', self.server.log())
        print(f"{ROUNDS} kills, {ledger.acknowledged()} changes acknowledged and none lost or doubled, "
              f"{len(ledger.replies)} of them with a key; {self.unavailable} answers 503, slowest answer "
              f"{self.slowest:.2f} s; writes were back {max(self.returns, default=0):.2f} s after PostgreSQL at worst")

    def strike(self, blow, load, choose):
        with load:
            load.wait_for(choose.randrange(30, 300))  # any moment is as good to die at
            if blow(load, choose):
                seconds = load.seconds_until_more()
                self.returns.append(seconds)
                load.wait_for(load.count + 100)
        print(f"{blow.__name__}: {load.count} changes, 503: {dict(load.unavailable)}, slowest {load.slowest:.2f} s"
              + (f", back after {self.returns[-1]:.2f} s" if blow != self.kill_server else ""))
        self.slowest = max(self.slowest, load.slowest)
        self.unavailable += sum(load.unavailable.values())
        self.assertEqual(load.odd, [])
        self.assertLess(load.slowest, LONGEST_ANSWER)
        if blow == self.kill_server:
            self.server.start()
        else:
            self.assertEqual(load.cut, 0)
            self.assertLess(self.returns[-1], LONGEST_RETURN)

    def test_a_frozen_postgresql(self):
        """It takes what is sent and says nothing, as when its machine hangs or the network swallows all."""
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        ledger = Ledger()
        with PrivatePostgres() as postgres, Server("--log-level", "warn", store=postgres.url()) as server:
            with Load(server, ledger, seed, outages=True, keyed=0.4) as load, server.client() as client:
                load.wait_for(100)
                postgres.pause()
                self.assertEqual(client.get("/health").status, 503)
                load.wait_until(lambda: load.unavailable.total() > CLIENTS)
                postgres.resume()
                seconds = load.seconds_until_more()
                load.wait_for(load.count + 100)
            self.assertEqual((load.odd, load.cut), ([], 0))
            ledger.check(self, server)
        print(f"503: {dict(load.unavailable)}, slowest answer {load.slowest:.2f} s, back after {seconds:.2f} s")
        self.assertLess(load.slowest, LONGEST_ANSWER)
        self.assertLess(seconds, LONGEST_RETURN)

    # ------------------------------------------------------- the blows; whether the server's clients go on then

    def kill_a_backend(self, _, choose):
        """Then PostgreSQL ends all others too, and recovers as from a crash."""
        starts = self.postgres.log().encode().count(READY)
        pids = self.postgres.sql(f"SELECT pid {BACKENDS}").split()
        os.kill(int(choose.choice(pids)), signal.SIGKILL)
        wait_until(lambda: self.postgres.log().encode().count(READY) > starts, "PostgreSQL has recovered")
        return True

    def end_connections(self, *_):
        self.postgres.sql(f"SELECT pg_terminate_backend(pid) {BACKENDS}")
        return True

    def kill_postgres(self, *_):
        self.postgres.kill()
        self.postgres.start()
        return True

    def kill_postgres_for_a_while(self, load, _):
        """All of its processes at once, so that some commit is on the disk and nobody was told; and until the
        server has given up to find out what became of it."""
        send_all([*self.postgres.backend_pids(), self.postgres.postmaster.pid], signal.SIGKILL)
        self.postgres.kill()  # waits until they are gone
        load.wait_until(lambda: load.unavailable["commit_unknown"] or load.unavailable.total() > 6000)
        self.postgres.start()
        return True

    def kill_server(self, *_):
        self.server.kill()
        return False


if __name__ == "__main__":
    unittest.main()
